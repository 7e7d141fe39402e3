"""`python manage.py create_token NAME`: a token for somebody's programs, made on the machine."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from annotator.accounts import services
from annotator.accounts.models import TokenScope
from annotator.accounts.selectors import account_named
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.commands import SiteCommand
from annotator.core.errors import TriptychError
from annotator.projects.selectors import project_for


class Command(SiteCommand):
    help = (
        "Makes a token that programs act by in somebody's name, and prints it, this once. It opens "
        "what that person may do, and no more than its scope."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what it is for")
        parser.add_argument(
            "--scope", choices=TokenScope.values, default=TokenScope.WRITE,
            help="read: it changes nothing",
        )  # fmt: skip
        parser.add_argument("--project", type=int, help="the number of the one project it is for")
        parser.add_argument("--days", type=int, default=90, help="valid for so many (1 to 366)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= services.MAX_TOKEN_DAYS:
            raise CommandError(f"--days is a number from 1 to {services.MAX_TOKEN_DAYS}.")
        now = clock.now()
        try:
            with transaction.atomic():
                user = account_named(options["username"])
                if options["project"] is not None:
                    project_for(user, options["project"])
                token, secret = services.make_token(
                    user,
                    name=options["name"],
                    expires_in=timedelta(days=options["days"]),
                    scope=TokenScope(options["scope"]),
                    project_id=options["project"],
                    now=now,
                )
                record(
                    Verb.TOKEN_MADE, by=None, now=now, target=f"token:{token.pk}",
                    name=token.name, person=user.username,
                )  # fmt: skip
        except TriptychError as error:
            raise CommandError(error.message) from error
        self.stdout.write(secret)
