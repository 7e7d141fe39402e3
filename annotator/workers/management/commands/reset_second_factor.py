"""`manage.py reset_second_factor NAME`: for who has lost their authenticator app."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from annotator.accounts import services
from annotator.accounts.selectors import account_named
from annotator.core import clock
from annotator.core.commands import SiteCommand
from annotator.core.errors import NotFound


class Command(SiteCommand):
    help = (
        "Switches the second factor of an account off, with its recovery codes: its password alone "
        "signs in again. Its sessions end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = account_named(options["username"])
        except NotFound as error:
            raise CommandError(error.message) from error
        services.reset_second_factor(user, by=None, now=clock.now())
        self.stdout.write(f"{user.username} can sign in with the password alone.")
