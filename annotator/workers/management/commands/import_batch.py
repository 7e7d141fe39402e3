"""`manage.py import_batch PROJECT PATH`: what an upload does, here and now.

Images that a manifest names at sources of the site are left to workers, or fetched with --fetch.
"""

import time
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from annotator import jobs
from annotator.core import clock
from annotator.core.commands import SiteCommand
from annotator.core.errors import NotFound
from annotator.core.reasons import Code, Reason, sentence
from annotator.ingest.pairing import BadRule, pair_rule
from annotator.ingest.refusals import SourceAway
from annotator.ingest.roots import is_address
from annotator.ingest.selectors import planned_count, problems_of
from annotator.ingest.services import Opener, give_up, open_address_here, open_here
from annotator.items import selectors as items
from annotator.projects import batches
from annotator.projects.models import Batch
from annotator.projects.selectors import project_called
from annotator.workers.ingest import take_in, take_in_planned

MOST_SHOWN = 200


def _step(text: str) -> int:
    step = int(text)
    if not 0 <= step <= batches.LARGEST_STEP:
        raise ArgumentTypeError(f"a training step is a number from 0 to {batches.LARGEST_STEP:,}")
    return step


class Command(SiteCommand):
    help = (
        "Takes in a folder, a zip or a manifest (.jsonl, .csv, .parquet; its images lie beside "
        "it, or at sources of the site), or a dataset by its address, as a new batch of a project. "
        "Exits with 1 when nothing could be taken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's number or its exact name")
        parser.add_argument(
            "path", help="or an address: SOURCE://PATH, s3://BUCKET/PATH, hf://datasets/OWNER/NAME"
        )
        parser.add_argument(
            "--pairs", default="", help="make pairs of each prompt's images: all, ring or random:K"
        )
        parser.add_argument(
            "--fetch",
            action="store_true",
            help="fetch images at sources of the site here and now; else workers do",
        )
        parser.add_argument("--name", default="", help="the batch's name (else the path's)")
        parser.add_argument(
            "--step", type=_step, help="the training step whose images these are, 0 or more"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        given = str(options["path"])
        path = Path(given)
        elsewhere = is_address(given)
        try:
            project = project_called(options["project"])
            pair_rule(options["pairs"])
        except (NotFound, BadRule) as error:
            raise CommandError(str(error)) from error
        if not elsewhere and not path.exists():
            raise CommandError(f"There is no {path}.")
        batch = batches.begin_here(
            project=project,
            user=project.created_by,
            name=options["name"] or path.resolve().name,
            filename=given if elsewhere else path.resolve().name,
            size=path.stat().st_size if path.is_file() else 0,
            pairs=options["pairs"],
            step=options["step"],
            now=clock.now(),
        )
        started = time.monotonic()
        opener = partial(open_address_here, given) if elsewhere else partial(open_here, path)
        self._take_in(batch, opener, fetch=options["fetch"])
        self._say_what_became_of(batch, time.monotonic() - started)

    def _take_in(self, batch: Batch, opener: Opener, *, fetch: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), transient=True) as bars:
            bar = bars.add_task("rows", total=None)
            try:
                with jobs.hold(batch) as held:
                    planned = take_in(
                        held,
                        opener,
                        lambda done, total: bars.update(bar, completed=done, total=total),
                    )
                    if planned and fetch:
                        take_in_planned(held)
                    elif planned:
                        batches.leave_to_workers(held)
            except SourceAway as away:
                give_up(batch, away.reason)
            except KeyboardInterrupt:
                if not batch.is_planned:  # else workers go on, and people may have begun
                    give_up(batch, Reason(Code.INTERRUPTED))
                raise

    def _say_what_became_of(self, batch: Batch, seconds: float) -> None:
        problems = problems_of(batch)
        for problem in problems[:MOST_SHOWN]:
            line = f"line {problem.line}: " if problem.line else ""
            file = f"{problem.file}: " if problem.file else ""
            self.stderr.write(f"{line}{file}{sentence(problem.reason)}")
        count = problems.count()
        if count > MOST_SHOWN:
            self.stderr.write(f"… and {count - MOST_SHOWN:,} more")
        batch.refresh_from_db()
        if batch.reason is not None:
            raise CommandError(sentence(batch.reason))
        planned = planned_count(batch)
        if planned:
            self.stdout.write(
                f"Batch {batch.pk}: {planned:,} items in {seconds:,.1f} s "
                f"({planned / max(seconds, 0.001):,.1f} items/s), {count:,} problems; workers "
                f"fetch their {batch.images_named or 0:,} images."
            )
            return
        made = items.item_count(batch)
        self.stdout.write(
            f"Batch {batch.pk}: {made:,} items of {items.image_count(batch):,} images in "
            f"{seconds:,.1f} s ({made / max(seconds, 0.001):,.1f} items/s), {count:,} problems."
        )
