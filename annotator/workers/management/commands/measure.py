"""`manage.py measure PROJECT [--metric NAME …] [--sets] [--reference NAME]`: here and now."""

import uuid
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from annotator.core.commands import SiteCommand
from annotator.core.errors import Invalid, NotFound
from annotator.core.reasons import Reason, sentence
from annotator.measurements import choices, requests, selectors, sets
from annotator.measurements.measuring import measure_slice
from annotator.measurements.models import Queue, Reference
from annotator.measurements.set_table import SetRow, measured_sets, waiting_sets
from annotator.projects.models import Project
from annotator.projects.selectors import project_called
from annotator.workers.measure import measure_set
from scoring import catalog
from scoring.catalog import Grain, Need, UnknownMetric


class Command(SiteCommand):
    help = (
        "Measures every image of a project that lacks a value; with --sets also its generators' "
        "sets. Workers that run may help: what one has taken, no other does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's number or its exact name")
        parser.add_argument(
            "--metric",
            action="append",
            default=[],
            help="only this one (may be given again); else those that the project has chosen",
        )
        parser.add_argument(
            "--sets", action="store_true", help="also FID and its like, of each generator"
        )
        parser.add_argument(
            "--reference", help="the reference set's number or name; else the only one there is"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            project = project_called(options["project"])
            _must_be_measurable(options["metric"])
            requests.request_of_project(project, options["metric"])
            self._measure(project)
            if options["sets"]:
                self._measure_sets(project, options["metric"], options["reference"])
        except (NotFound, UnknownMetric, Invalid) as error:
            raise CommandError(str(error)) from error
        progress = selectors.progress_of(project)
        self.stdout.write(
            f"{progress.done:,} of {progress.total:,} images measured, {progress.failed:,} with a "
            "value that failed."
        )

    def _measure(self, project: Project) -> None:
        columns = (TextColumn("images"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True) as bars:
            bar = bars.add_task("images", total=selectors.progress_of(project).total)
            for queue in Queue:
                while measure_slice(queue, token=uuid.uuid4().hex, project_id=project.pk):
                    now = selectors.progress_of(project)
                    bars.update(bar, completed=now.done + now.failed, total=now.total)

    def _measure_sets(self, project: Project, named: Sequence[str], reference: str | None) -> None:
        asked = named or choices.chosen_of(project).chosen
        names = [name for name in asked if catalog.metric(name).grain is Grain.SET]
        if not names:
            raise CommandError("No metric of sets is chosen; name one with --metric.")
        needed = any(Need.REFERENCE in catalog.metric(name).needs for name in names)
        sets.request_sets(project, names, _reference(project, reference) if needed else None)
        self._measure(project)
        columns = (TextColumn("sets"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, transient=True) as bars:
            for set_id in bars.track(waiting_sets(project)):
                measure_set(set_id)
        for row in measured_sets(project).results:
            self.stdout.write(_line(row))


def _must_be_measurable(named: Sequence[str]) -> None:
    """Says why not, before anything is begun."""
    for name in named:
        if reasons := catalog.unavailable(name, settings.WEIGHTS_ROOT):
            raise CommandError(f"{name} can't be measured here: {_text(reasons)}")


def _text(reasons: Sequence[Reason]) -> str:
    return " ".join(map(sentence, reasons))


def _reference(project: Project, name: str | None) -> Reference:
    rows = Reference.objects.filter(project=project)
    if name:
        by_number = rows.filter(pk=int(name)) if name.isdecimal() else rows.none()
        found = list(by_number) or list(rows.filter(name=name))
    else:
        found = list(rows[:2])
    if len(found) != 1:
        there_are = ", ".join(f"{row.pk} “{row.name}”" for row in rows) or "none"
        raise CommandError(f"Name the reference set with --reference; there are: {there_are}.")
    return found[0]


def _line(row: SetRow) -> str:
    of = row.generator or "(no generator named)"
    against = f" against “{row.reference.name}”" if row.reference else ""
    reasons = _text(row.reasons)
    if row.value is None:
        return f"{row.label} of {of}{against}: {row.state} {reasons}".rstrip()
    return f"{row.label} of {of}{against}: {row.value:.6g}, n = {row.n:,} {reasons}".rstrip()
