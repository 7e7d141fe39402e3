"""`manage.py verify [PROJECT]`: checks every invariant, prints each with its violations."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.core import clock
from annotator.core.commands import SiteCommand
from annotator.core.errors import NotFound
from annotator.projects.selectors import project_called


class Command(SiteCommand):
    help = (
        "Checks what must be true of the database and the files, prints each promise with its "
        "count of violations, and exits with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "project", nargs="?", help="its number or exact name; without: every project"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        scope = Scope(clock.now(), self._project_id(options["project"]))
        total = 0
        for invariant in INVARIANTS:
            outcome = check(invariant, scope)
            total += outcome.violations
            self.stdout.write(
                f"{outcome.violations:>7,}  {invariant.name:<16}  {invariant.sentence}"
            )
            for example in outcome.examples:
                self.stdout.write(f"         e.g. {example}")
        if total:
            self.stdout.write(f"{total:,} violations.")
            sys.exit(1)
        self.stdout.write(f"All {len(INVARIANTS)} promises hold.")

    def _project_id(self, name: str | None) -> int | None:
        if name is None:
            return None
        try:
            return project_called(name).pk
        except NotFound as error:
            raise CommandError(error.message) from error
