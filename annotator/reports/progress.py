"""How far a project is, and when it may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.assignments.selectors import Stranded, stranded_in
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import copies_in
from annotator.projects.models import Project
from annotator.reports.counts import counts_of
from annotator.reports.people import AnnotatorWork
from annotator.reviews.models import AcceptOrReject, Verdict
from annotator.reviews.selectors import counts
from scoring import forecast as forecasting
from scoring.forecast import NoForecast

DAYS = 366
# However much is sent back, some of what is answered stays.
LEAST_KEPT = 0.1
NO_FORECAST: Mapping[NoForecast, Code] = {
    NoForecast.NOTHING_OPEN: Code.FORECAST_NOTHING_OPEN,
    NoForecast.FEW_DAYS: Code.FORECAST_FEW_DAYS,
    NoForecast.TOO_FAR: Code.FORECAST_TOO_FAR,
}


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots by state. Accepted: by a reviewer, or at once where no review was drawn."""

    open: int = 0
    claimed: int = 0
    submitted: int = 0
    accepted: int = 0
    rejected: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class ReviewsReport:
    """Items drawn, waiting for a reviewer, done; answers that reviewers sent back."""

    sampled: int
    waiting: int
    done: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Day:
    """Answers first given on one day (of the site's time zone)."""

    date: date
    annotations: int


@dataclass(frozen=True, slots=True)
class FinishForecast:
    """The days between which the last answer will come, at the pace of the last four weeks.

    Weekdays without work stay so; days are drawn from those seen: scoring/forecast.py.
    """

    earliest: date | None
    likely: date | None
    latest: date | None
    level: float = field(metadata={"help": "How many of the simulated futures end within."})
    remaining: int = field(
        metadata={"help": "Answers still to come, those among them that will be sent back."}
    )
    working_days: int = field(metadata={"help": "Days with answers that it is made from."})
    reason: Reason | None = field(metadata={"help": "Why there is none."})
    needing: int = field(
        metadata={
            "help": "Items with an open slot that no annotator who is there may take: they had the "
            "item, skipped it, are paused, or are too few. The days are without these."
        }
    )


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """How far a project is."""

    items: int = field(metadata={"help": "Excluded ones apart."})
    excluded: int
    settled: int
    slots: Slots
    reviews: ReviewsReport
    per_day: list[Day]
    annotators: list[AnnotatorWork] = field(metadata={"help": "Empty for reviewers."})
    forecast: FinishForecast


def progress_of(
    project: Project, *, now: datetime, annotators: list[AnnotatorWork]
) -> ProgressReport:
    """The project's progress at an instant (11 queries, whatever its size)."""
    totals = counts_of([project.pk])[project.pk]
    by_state = dict(
        Assignment.objects.filter(project=project)
        .exclude(item__in=copies_in(project))
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    slots = Slots(**by_state)
    days = answers_per_day(project)
    reviews = counts(project)
    rejected = Verdict.objects.filter(review__project=project, value=AcceptOrReject.REJECT)
    return ProgressReport(
        items=totals.items,
        excluded=Item.objects.filter(project=project, excluded_at__isnull=False).count(),
        settled=totals.settled,
        slots=slots,
        reviews=ReviewsReport(reviews.sampled, reviews.waiting, reviews.done, rejected.count()),
        per_day=days,
        annotators=annotators,
        forecast=_forecast(slots, days, stranded_in(project), now),
    )


def answers_per_day(project: Project) -> list[Day]:
    """The last DAYS days with any answer, oldest first; revisions don't count again."""
    rows = (
        Annotation.objects.filter(assignment__project=project, revision=1)
        .exclude(item__in=copies_in(project))
        .annotate(day=TruncDate("submitted_at"))
        .values_list("day")
        .annotate(n=Count("pk"))
        .order_by("-day")[:DAYS]
    )
    return [Day(day, n) for day, n in reversed(list(rows))]


def _forecast(
    slots: Slots, days: Sequence[Day], stranded: Stranded, now: datetime
) -> FinishForecast:
    """When the open slots, and those that will be opened again, will have been filled.

    For those that nobody may take there is no day.
    """
    answered = slots.submitted + slots.accepted + slots.rejected
    kept = 1 - slots.rejected / answered if answered else 1.0
    able = slots.open + slots.claimed - stranded.slots
    remaining = ceil(able / max(kept, LEAST_KEPT))
    nobody = stranded.items > 0 and not able
    return finish_of(days, remaining, now, needing=stranded.items, nobody=nobody)


def finish_of(
    days: Sequence[Day], remaining: int, now: datetime, *, needing: int = 0, nobody: bool = False
) -> FinishForecast:
    """When so many answers more will be there, at the pace of these days.

    `nobody`: all that is open waits for people who aren't there.
    """
    today = timezone.localtime(now).date()
    found = forecasting.forecast(
        {day.date: day.annotations for day in days}, remaining=remaining, today=today
    )
    if isinstance(found, forecasting.Forecast):
        return FinishForecast(
            found.earliest, found.likely, found.latest, forecasting.LEVEL, remaining,
            found.working_days, None, needing,
        )  # fmt: skip
    first = today - timedelta(days=forecasting.WINDOW_DAYS)
    worked = sum(first <= day.date < today for day in days)
    if nobody:
        reason = Reason(Code.FORECAST_NOBODY_LEFT, count=needing)
    else:
        reason = Reason(NO_FORECAST[found], count=worked)
    return FinishForecast(None, None, None, forecasting.LEVEL, remaining, worked, reason, needing)
