"""`python manage.py create_user NAME`: the site's first people, made by whoever runs it."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from annotator.accounts.identities import connect
from annotator.accounts.models import Role
from annotator.accounts.openid import Profile
from annotator.accounts.services import NewUser, create_user
from annotator.core.commands import SiteCommand
from annotator.core.errors import TriptychError
from annotator.core.reasons import sentence
from annotator.projects.members import add_member


class Command(SiteCommand):
    help = (
        "Makes a person who can sign in. The first one needs --lead, to make projects; everybody "
        "else is better invited on the site. The password is asked for, never an argument."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--display-name", default="")
        parser.add_argument("--lead", action="store_true", help="may create projects")
        parser.add_argument("--project", type=int, help="the number of a project to join")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.ANNOTATOR, help="in that project"
        )
        parser.add_argument(
            "--subject",
            help="their `sub` of the OpenID provider: they come by it, without a password",
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="read it from the first line of stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        subject = options["subject"]
        if subject and not settings.OIDC_ISSUER:
            raise CommandError("--subject needs OIDC_ISSUER.")
        password = None if subject else _password(from_stdin=options["password_stdin"])
        new = NewUser(options["username"], password, options["display_name"])
        try:
            with transaction.atomic():
                user = create_user(new, can_create_projects=options["lead"])
                if subject:
                    connect(user, Profile(settings.OIDC_ISSUER, subject))
                if options["project"] is not None:
                    add_member(project_id=options["project"], user=user, role=Role(options["role"]))
        except TriptychError as error:
            refused = [f"{field}: {sentence(reason)}" for field, reason in error.fields.items()]
            raise CommandError("\n".join([error.message, *refused])) from error
        self.stdout.write(f"{user.username} can sign in now.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("These were two different passwords.")
    return password
