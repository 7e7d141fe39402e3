"""`manage.py measure PROJECT [--metric NAME …]`: automatic metrics, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from annotator.core.errors import NotFound
from annotator.measurements import selectors, services
from annotator.projects.models import Project
from annotator.projects.selectors import project_called
from annotator.workers.measure import measure_claimed
from scoring.catalog import UnknownMetric


class Command(BaseCommand):
    help = (
        "Measures every image of a project that lacks a value. Workers that run may help: what one "
        "has taken, no other does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's number or its exact name")
        parser.add_argument(
            "--metric", action="append", default=[], help="only this one (may be given again)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            project = project_called(options["project"])
            services.request_measuring_of(project, options["metric"])
        except (NotFound, UnknownMetric) as error:
            raise CommandError(str(error)) from error
        self._measure(project)
        progress = selectors.progress_of(project)
        self.stdout.write(
            f"{progress.done:,} of {progress.total:,} images measured, {progress.failed:,} with a "
            "value that failed."
        )

    def _measure(self, project: Project) -> None:
        columns = (TextColumn("images"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True) as bars:
            bar = bars.add_task("images", total=selectors.progress_of(project).total)
            for chunk_id in services.waiting_chunks(project):
                chunk = services.claim_chunk(chunk_id, now=timezone.now())
                if chunk is not None:
                    measure_claimed(chunk)
                now = selectors.progress_of(project)
                bars.update(bar, completed=now.done + now.failed, total=now.total)
