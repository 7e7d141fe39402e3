"""`manage.py simulate PROJECT`: simulated people answer what is open, and review what waits."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.progress import Progress

from annotator.accounts.models import Role
from annotator.assignments.selectors import open_queue
from annotator.core.commands import SiteCommand
from annotator.core.errors import NotFound
from annotator.projects.selectors import project_called
from annotator.reviews.models import AcceptOrReject
from demo import dataset
from demo.known import Planted, by_file, how_many_known
from demo.people import NAMES, REVIEWER, annotators
from demo.simulation import Simulation, counted, hire
from demo.truth import load_truths


class Command(SiteCommand):
    help = (
        "Simulated annotators of known reliability answer a project's open items, through the same "
        "moves as people do. Their accounts say that they are simulated, and nobody can sign in to "
        "them. What they go by is the truth of the demo's own images, or of a truth file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's number or its exact name")
        parser.add_argument("--annotators", type=int, default=3, help=f"1 to {len(NAMES)}")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--reliability", type=float, help="0 (guesses) to 1 (sees all), for all of them"
        )
        parser.add_argument("--items", type=int, help="until each has answered so many")
        parser.add_argument("--truth", type=Path, help="the truth.jsonl of other drawn images")
        parser.add_argument(
            "--review", action="store_true", help="a simulated reviewer looks at what waits, too"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            project = project_called(options["project"])
        except NotFound as error:
            raise CommandError(error.message) from error
        reliability = options["reliability"]
        if reliability is not None and not 0 <= reliability <= 1:
            raise CommandError("--reliability goes from 0 to 1.")
        if not 1 <= options["annotators"] <= len(NAMES):
            raise CommandError(f"--annotators goes from 1 to {len(NAMES)}.")
        planted = self._planted(options["truth"])
        known = how_many_known(project.pk, planted)
        if known:
            self.stdout.write(f"The truth of {known:,} images is known.")
        else:
            self.stdout.write(
                "Nothing is known of these images: the simulated people agree on hidden "
                "qualities that are drawn of the seed."
            )
        simulation = Simulation(project, options["seed"], timezone.now, planted)
        people = annotators(options["annotators"], reliability)
        workers = hire(project, people, Role.ANNOTATOR)
        total = open_queue(project).count()
        if options["items"] is not None:
            total = min(total, options["items"] * len(workers))
        with Progress(transient=True) as bars:
            bar = bars.add_task("answers", total=total)
            answered = counted(
                simulation.annotate(workers, items=options["items"]), lambda: bars.advance(bar)
            )
        self.stdout.write(f"{answered:,} answers by {len(workers)} simulated annotators.")
        if options["review"]:
            (reviewer,) = hire(project, [REVIEWER], Role.REVIEWER)
            outcomes = list(simulation.review(reviewer))
            rejected = outcomes.count(AcceptOrReject.REJECT)
            self.stdout.write(f"{len(outcomes):,} reviews, {rejected:,} with a rejection.")

    def _planted(self, path: Path | None) -> Planted:
        try:
            more = load_truths(path) if path else []
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} can't be read: {error}") from error
        return by_file([*dataset.truths(), *more])
