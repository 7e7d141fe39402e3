"""`manage.py deactivate NAME [--activate]`: closes an account, or opens it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.selectors import account_named
from annotator.core import clock
from annotator.core.commands import SiteCommand
from annotator.core.errors import NotFound


class Command(SiteCommand):
    help = (
        "Closes an account: nobody signs in to it any more, its sessions and tokens end, and what "
        "its person holds goes back to the queues. Their answers stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--activate", action="store_true", help="opens it again instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = account_named(options["username"])
        except NotFound as error:
            raise CommandError(error.message) from error
        if options["activate"]:
            services.activate(user)
            self.stdout.write(f"{user.username} can sign in again.")
        else:
            pipeline.deactivate(user, by=None, now=clock.now())
            self.stdout.write(f"{user.username} can't sign in any more.")
