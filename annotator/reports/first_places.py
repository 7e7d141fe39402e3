"""Who is first by each question, how sure that is, and what it may take until it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

import numpy as np
from django.db.models import Avg, Count

from annotator.annotations.models import Annotation
from annotator.core.reasons import Code, Reason
from annotator.items.overlaps import mean_overlap
from annotator.items.selectors import copies_in
from annotator.projects.models import Project
from annotator.reports.boards.sides import votes_by_question
from annotator.reports.metrics.judged import Dimension, JudgedImages, shown_of
from annotator.reports.progress import Day, FinishForecast, answers_per_day, finish_of
from scoring.arrays import Floats
from scoring.designs import posterior
from scoring.forecast import WINDOW_DAYS
from scoring.stopping import first_place, foretold

PAIR = 2
FEWEST_TIMED = 20
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """How long people have worked on an answer in the last four weeks, time away taken off."""

    seconds: float | None = field(metadata={"help": "On the mean."})
    answers: int = field(metadata={"help": "That it is the mean of."})
    reason: Reason | None = field(metadata={"help": "Why there is none."})


@dataclass(frozen=True, slots=True)
class Range:
    """What is foretold: `likely`, if what votes say stays; null: too much to say.

    Eight of ten of the truths that are possible by these votes lie from `fewest` to `most`.
    """

    fewest: float | None
    likely: float | None
    most: float | None

    def times(self, factor: float) -> "Range":
        """Of another unit."""
        told = (self.fewest, self.likely, self.most)
        return Range(*(None if each is None else each * factor for each in told))


@dataclass(frozen=True, slots=True)
class FirstShape:
    """Who is first by one question, and how sure that is.

    Each settled item counts as one look, however many people it had: people are alike about one
    pair. So both numbers err on the side of asking on.
    """

    question: str
    title: str
    generator: str
    probability: float = field(metadata={"help": "That no other generator is better."})
    settled: bool = field(
        metadata={"help": "At 95 % against all others, however often somebody has looked."}
    )
    items: int = field(metadata={"help": "Settled so far."})
    more_items: int | None = field(
        metadata={"help": "It may take so many more, drawn like these; null: too close to say."}
    )
    more: Range = field(metadata={"help": "The same in items, with how few and how many."})
    answers: Range = field(
        metadata={"help": "The same in answers: as many an item as items have on the mean so far."}
    )
    hours: Range | None = field(
        metadata={"help": "The same in hours of people's work; null: their pace is not known."}
    )
    finish: FinishForecast | None = field(
        metadata={"help": "When the likely answers are there; null: none to come, or not said."}
    )


def pace_of(project: Project, *, now: datetime) -> Pace:
    """Of answers that stand, copies apart (1 query)."""
    rows = Annotation.objects.filter(
        assignment__project=project,
        current=True,
        counted=True,
        active_ms__isnull=False,
        first_submitted_at__gte=now - timedelta(days=WINDOW_DAYS),
    ).exclude(item__in=copies_in(project))
    found = rows.aggregate(mean=Avg("active_ms"), n=Count("pk"))
    if found["n"] < FEWEST_TIMED:
        few = Reason(Code.ROUND_FEW_TIMES, count=found["n"], least=FEWEST_TIMED)
        return Pace(None, found["n"], few)
    return Pace(float(found["mean"]) / 1000, found["n"], None)


def first_places(
    project: Project, sided: Sequence[Dimension], pace: Pace, *, now: datetime
) -> list[FirstShape]:
    """A row a question that anything has been settled about."""
    shown, days = shown_of(project), answers_per_day(project)
    people = mean_overlap(project)
    found = []
    for dimension in sided:
        names, won = won_of(project, dimension, shown)
        if len(names) >= PAIR and round(won.sum()):
            found.append(_first(dimension, names, won, people, pace, days, now))
    return found


def _first(
    dimension: Dimension,
    names: Sequence[str],
    won: Floats,
    people: float,
    pace: Pace,
    days: Sequence[Day],
    now: datetime,
) -> FirstShape:
    known, items = posterior(won), round(won.sum())
    first, times = first_place(known), foretold(known)
    more = Range(
        *(
            None if each is None else ceil(each * items)
            for each in (times.fewest, times.likely, times.most)
        )
    )
    answers = more.times(people)
    likely = None if more.likely is None else round(more.likely)
    return FirstShape(
        question=dimension.question_key,
        title=dimension.title,
        generator=names[first.best],
        probability=first.probability,
        settled=first.settled,
        items=items,
        more_items=likely,
        more=more,
        answers=answers,
        hours=None if pace.seconds is None else answers.times(pace.seconds / HOUR),
        finish=finish_of(days, round(likely * people), now) if likely else None,
    )


def won_of(project: Project, dimension: Dimension, shown: JudgedImages) -> tuple[list[str], Floats]:
    """Generators by name and an (n, n) table of settled items won, a share by each vote (1 query).

    An item counts once in all; ties and "both bad" are half to each.
    """
    numbers = {item: number for number, item in enumerate(shown.items)}
    votes = votes_by_question(project, [dimension.question], numbers)[dimension.question]
    names = sorted(set(shown.generators))
    rank = np.array([names.index(name) for name in shown.generators], np.int64)
    won = np.zeros((len(names), len(names)))
    if not len(votes.item):
        return names, won
    a, b = rank[shown.generator[shown.places[votes.item, :PAIR]]].T
    counts = votes.counts
    for_a = counts[:, 0] + counts[:, 4] + (counts[:, 2] + counts[:, 5]) / 2
    total = counts.sum(axis=1)
    told = (total > 0) & (a != b)
    share = for_a[told] / total[told]
    np.add.at(won, (a[told], b[told]), share)
    np.add.at(won, (b[told], a[told]), 1 - share)
    return names, won
