"""A batch's QC: what reviewers found in the sample, and what that says of the rest."""

from dataclasses import dataclass

from django.db.models import Count, Q

from annotator.annotations.models import Annotation
from annotator.assignments.models import AssignmentState
from annotator.projects.models import Batch
from annotator.reports.people import names_of
from annotator.reviews.models import AcceptOrReject, Review, Verdict
from scoring.statistics.estimate import Interval
from scoring.statistics.proportions import wilson_interval


@dataclass(frozen=True, slots=True)
class AnnotatorQc:
    """One annotator's answers, reviewed ones, rejected ones."""

    id: int
    name: str
    answers: int
    reviewed: int
    rejected: int
    error_rate: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class BatchQc:
    """A batch's QC: items drawn, waiting for a reviewer, with verdicts; all answers' errors."""

    sampled: int
    waiting: int
    done: int
    answers: int
    reviewed: int
    rejected: int
    error_rate: float | None
    interval: Interval | None
    annotators: list[AnnotatorQc]


def qc_of(batch: Batch) -> BatchQc:
    """The batch's QC report, the annotators with the most errors first (4 queries)."""
    sample = Review.objects.filter(batch=batch).aggregate(
        drawn=Count("pk", distinct=True),
        waits=Count("pk", filter=Q(waiting=True), distinct=True),
        judged=Count("pk", filter=Q(waiting=False, verdicts__isnull=False), distinct=True),
    )
    answers = _answers(batch)
    judged = _judged(batch)
    names = names_of(list(answers))
    people = [
        AnnotatorQc(pk, names[pk], *_errors(n, *judged.get(pk, (0, 0))))
        for pk, n in answers.items()
    ]
    people.sort(key=lambda row: (-(row.error_rate or 0), -row.reviewed, row.id))
    reviewed = sum(row.reviewed for row in people)
    rejected = sum(row.rejected for row in people)
    return BatchQc(
        sample["drawn"],
        sample["waits"],
        sample["judged"],
        *_errors(sum(answers.values()), reviewed, rejected),
        annotators=people,
    )


def _answers(batch: Batch) -> dict[int, int]:
    """annotator → answers given, rejected ones too, extras and earlier revisions not."""
    rows = Annotation.objects.filter(
        item__batch=batch,
        counted=True,
        current=True,
        assignment__state__in=[
            AssignmentState.SUBMITTED,
            AssignmentState.ACCEPTED,
            AssignmentState.REJECTED,
        ],
    )
    return dict(rows.values_list("annotator_id").annotate(n=Count("pk")))


def _judged(batch: Batch) -> dict[int, tuple[int, int]]:
    """annotator → (reviewed, rejected)."""
    rows = (
        Verdict.objects.filter(review__batch=batch, annotation__current=True)
        .values_list("annotation__annotator_id")
        .annotate(n=Count("pk"), rejected=Count("pk", filter=Q(value=AcceptOrReject.REJECT)))
    )
    return {pk: (n, rejected) for pk, n, rejected in rows}


def _errors(
    answers: int, reviewed: int, rejected: int
) -> tuple[int, int, int, float | None, Interval | None]:
    """Answers, reviewed, rejected, rejected / reviewed, and Wilson's interval of it at 95 %.

    With nothing rejected the interval still says how much may be wrong: 0 of 20 allows up to 16 %.
    """
    rate = rejected / reviewed if reviewed else None
    return answers, reviewed, rejected, rate, wilson_interval(rejected, reviewed)
