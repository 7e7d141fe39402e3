"""How far a project is, and when it may be done."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min
from django.db.models.functions import TruncDate

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.items.models import Item
from annotator.projects.models import Project
from annotator.reports.counts import counts_of
from annotator.reports.people import AnnotatorWork
from annotator.reviews.models import AcceptOrReject, Verdict
from annotator.reviews.selectors import counts

DAYS = 366
RATE_OVER = timedelta(days=7)
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots by state."""

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
class ProgressReport:
    """How far a project is."""

    items: int = field(metadata={"help": "Excluded ones apart."})
    excluded: int
    settled: int
    slots: Slots
    reviews: ReviewsReport
    per_day: list[Day]
    annotators: list[AnnotatorWork] = field(metadata={"help": "Empty for reviewers."})
    finish_estimate: datetime | None


def progress_of(
    project: Project, *, now: datetime, annotators: list[AnnotatorWork]
) -> ProgressReport:
    """The project's progress at an instant (10 queries, whatever its size)."""
    totals = counts_of([project.pk])[project.pk]
    by_state = dict(
        Assignment.objects.filter(project=project).values_list("state").annotate(n=Count("pk"))
    )
    slots = Slots(**by_state)
    reviews = counts(project)
    rejected = Verdict.objects.filter(review__project=project, value=AcceptOrReject.REJECT)
    return ProgressReport(
        items=totals.items,
        excluded=Item.objects.filter(project=project, excluded_at__isnull=False).count(),
        settled=totals.settled,
        slots=slots,
        reviews=ReviewsReport(reviews.sampled, reviews.waiting, reviews.done, rejected.count()),
        per_day=_per_day(project),
        annotators=annotators,
        finish_estimate=_finish_estimate(project, slots.open + slots.claimed, now),
    )


def _per_day(project: Project) -> list[Day]:
    """The last DAYS days with any answer, oldest first; revisions don't count again."""
    rows = (
        Annotation.objects.filter(assignment__project=project, revision=1)
        .annotate(day=TruncDate("submitted_at"))
        .values_list("day")
        .annotate(n=Count("pk"))
        .order_by("-day")[:DAYS]
    )
    return [Day(day, n) for day, n in reversed(list(rows))]


def _finish_estimate(project: Project, remaining: int, now: datetime) -> datetime | None:
    """When the open slots are filled at the last week's pace; None if none are, or nobody works.

    The pace is taken over the time since the week's first answer, an hour at least.
    """
    recent = Assignment.objects.filter(
        project=project, submitted_at__gt=now - RATE_OVER, submitted_at__lte=now
    ).aggregate(n=Count("pk"), first=Min("submitted_at"))
    if not remaining or not recent["n"]:
        return None
    worked: timedelta = max(now - recent["first"], SHORTEST)
    share: float = remaining / recent["n"]
    return now + worked * share
