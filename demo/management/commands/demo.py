"""`manage.py demo`: a site to look at: people, projects, images, and a part of the answers."""

import time
from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management import call_command

from annotator.accounts.models import Role, User
from annotator.core.commands import SiteCommand
from demo.filling import Filling, join_all
from demo.logins import SEATS, Login, seated
from scoring.weights.files import REGISTRY


class Command(SiteCommand):
    help = (
        "Fills the site with demo projects: drawn images with planted flaws, partly judged by "
        "simulated people. Makes a lead, three annotators and a reviewer with passwords of their "
        "own. Safe to repeat: what is there stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fill-only", action="store_true", help="don't print the logins (they are in the file)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        kept = settings.DATA_DIR / "demo-logins.txt"
        logins = seated(kept)
        lead = User.objects.get(username=SEATS[0].username)
        self._bring_weights()
        projects = Filling(lead, self.stdout.write).fill()
        for seat in SEATS:
            join_all(projects, User.objects.get(username=seat.username), seat.role)
        self.stdout.write(f"The demo stands ({time.monotonic() - started:.0f} s).")
        if not options["fill_only"]:
            self._show(logins, str(kept))

    def _bring_weights(self) -> None:
        """The weights that an installed package carries, so that sets can be measured."""
        for weights in REGISTRY.values():
            if all(file.package and find_spec(file.package) for file in weights.files):
                call_command("weights", "fetch", weights.name, stdout=self.stdout)

    def _show(self, logins: list[Login], kept: str) -> None:
        self.stdout.write(f"\nSign in as (also in {kept}):\n")
        for login in logins:
            role = "lead" if login.role == Role.MANAGER else login.role
            self.stdout.write(f"  {role:<10} {login.username:<12} {login.password}")
        self.stdout.write("")
