"""A batch's QC: what reviewers found in the sample, and what that says of the rest."""

from dataclasses import dataclass

from django.db.models import Count, Q

from annotator.annotations.models import Annotation
from annotator.assignments.models import AssignmentState
from annotator.projects.models import Batch
from annotator.reports.people import names_of
from annotator.reviews.models import Decision, Review, Verdict
from scoring.statistics.proportions import wilson_interval


@dataclass(frozen=True, slots=True)
class Findings:
    """Answers, those a reviewer judged, those rejected.

    `error_rate` is rejected / reviewed, `interval` Wilson's at 95 %; None where nothing is
    reviewed. With nothing rejected the interval still says how much may be wrong: 0 of 20 allows
    up to 16 %.
    """

    answers: int
    reviewed: int
    rejected: int
    error_rate: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class AnnotatorFindings:
    """The same of one annotator."""

    id: int
    name: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class BatchQc:
    """`sampled` items were drawn, `waiting` of them wait for a reviewer, `done` have verdicts."""

    sampled: int
    waiting: int
    done: int
    whole: Findings
    annotators: list[AnnotatorFindings]


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
        AnnotatorFindings(pk, names[pk], _findings(n, *judged.get(pk, (0, 0))))
        for pk, n in answers.items()
    ]
    people.sort(key=lambda row: (-(row.findings.error_rate or 0), -row.findings.reviewed, row.id))
    reviewed = sum(row.findings.reviewed for row in people)
    rejected = sum(row.findings.rejected for row in people)
    return BatchQc(
        sampled=sample["drawn"],
        waiting=sample["waits"],
        done=sample["judged"],
        whole=_findings(sum(answers.values()), reviewed, rejected),
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
        .annotate(n=Count("pk"), rejected=Count("pk", filter=Q(decision=Decision.REJECT)))
    )
    return {pk: (n, rejected) for pk, n, rejected in rows}


def _findings(answers: int, reviewed: int, rejected: int) -> Findings:
    return Findings(
        answers=answers,
        reviewed=reviewed,
        rejected=rejected,
        error_rate=rejected / reviewed if reviewed else None,
        interval=wilson_interval(rejected, reviewed),
    )
