"""`manage.py verify [PROJECT]`: checks every invariant, prints each with its violations."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.projects.models import Project


class Command(BaseCommand):
    help = (
        "Checks what must be true of the database and the files, prints each promise with its "
        "count of violations, and exits with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?", type=int, help="number; without: every project")

    def handle(self, *_args: Any, **options: Any) -> None:
        project_id = options["project"]
        if project_id is not None and not Project.objects.filter(pk=project_id).exists():
            raise CommandError(f"There is no project {project_id}.")
        scope = Scope(now=timezone.now(), project_id=project_id)
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
