"""How alike reviewers judge: second verdicts on drawn answers beside the first ones.

The first verdict is as it was when the second was given: what a lead made of it later is no
agreement of reviewers. An item is a cluster, if several of its answers were drawn.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from annotator.projects.models import Project
from annotator.reports.items import NamedPerson
from annotator.reports.people import names_of
from annotator.reviews import second
from annotator.reviews.models import AcceptOrReject, SecondReview, Verdict
from scoring.gwet import gwet_ac1
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.proportions import wilson_interval

LISTED = 100


@dataclass(frozen=True, slots=True)
class VerdictPair:
    """How often a first verdict met a second one."""

    first: AcceptOrReject
    second: AcceptOrReject
    count: int


@dataclass(frozen=True, slots=True)
class ReviewerDisagreement:
    """An answer on which two reviewers said different things."""

    review: int
    annotation: UUID
    item: UUID
    prompt: str
    batch: int
    batch_name: str
    annotator: NamedPerson
    first: AcceptOrReject
    first_by: NamedPerson
    second: AcceptOrReject
    second_by: NamedPerson
    second_reason: str
    at: datetime
    stands: AcceptOrReject | None = field(metadata={"help": "The verdict in force now."})
    settled_at: datetime | None
    settled_by: NamedPerson | None


@dataclass(frozen=True, slots=True)
class ReviewerAgreement:
    """Reviewers beside each other; `share`: of reviewed answers that are drawn."""

    share: float
    reviewed: int
    drawn: int
    judged: int
    agreed: int
    agreement: float | None
    interval: Interval | None = field(metadata={"help": "Wilson's at 95 %."})
    ac1: Estimate = field(
        metadata={"help": "Gwet's AC1: corrected for chance, also where nearly all is accepted."}
    )
    pairs: list[VerdictPair]
    open: int = field(metadata={"help": "Disagreements that no lead has settled."})
    disagreements: list[ReviewerDisagreement] = field(
        metadata={"help": "At most 100, those to be settled first."}
    )


def reviewer_agreement(project: Project) -> ReviewerAgreement:
    """Second verdicts beside first ones, and where they differ (8 queries)."""
    judged = SecondReview.objects.filter(project=project, at__isnull=False)
    rows = list(judged.order_by("pk").values_list("review_id", "first_value", "value"))
    agreed = sum(first == other for _, first, other in rows)
    met = judged.order_by().values_list("first_value", "value").annotate(n=Count("pk"))
    counts = {(first, other): n for first, other, n in met}
    differ = second.disagreements(project)
    listed = differ.select_related("review__item", "review__batch", "annotation")[:LISTED]
    return ReviewerAgreement(
        share=project.second_share,
        reviewed=Verdict.objects.filter(review__project=project).count(),
        drawn=SecondReview.objects.filter(project=project).count(),
        judged=len(rows),
        agreed=agreed,
        agreement=agreed / len(rows) if rows else None,
        interval=wilson_interval(agreed, len(rows)) if rows else None,
        ac1=gwet_ac1(
            [(first, other) for _, first, other in rows],
            categories=AcceptOrReject.values,
            clusters=[review for review, _, _ in rows],
        ),
        pairs=[
            VerdictPair(first, other, counts.get((first.value, other.value), 0))
            for first in AcceptOrReject
            for other in AcceptOrReject
        ],
        open=differ.filter(settled_at=None).count(),
        disagreements=_listed(list(listed)),
    )


def _listed(rows: list[SecondReview]) -> list[ReviewerDisagreement]:
    ids = {pk for row in rows for pk in _people_of(row) if pk is not None}
    names = {pk: NamedPerson(pk, name) for pk, name in names_of(list(ids)).items()}
    answers = [row.annotation_id for row in rows]
    found = Verdict.objects.filter(annotation__in=answers).values_list("annotation_id", "value")
    stands = {pk: AcceptOrReject(value) for pk, value in found}
    return [
        ReviewerDisagreement(
            review=row.review_id,
            annotation=row.annotation_id,
            item=row.review.item_id,
            prompt=row.review.item.prompt,
            batch=row.review.batch_id,
            batch_name=row.review.batch.name,
            annotator=names[row.annotation.annotator_id],
            first=AcceptOrReject(row.first_value),
            first_by=names[row.first_reviewer_id],
            second=AcceptOrReject(row.value),
            second_by=names[row.reviewer_id],
            second_reason=row.reason,
            at=row.at,
            stands=stands.get(row.annotation_id),
            settled_at=row.settled_at,
            settled_by=None if row.settled_by_id is None else names[row.settled_by_id],
        )
        for row in rows
        if row.first_reviewer_id and row.reviewer_id and row.at
    ]


def _people_of(row: SecondReview) -> tuple[int | None, ...]:
    annotator = row.annotation.annotator_id
    return annotator, row.first_reviewer_id, row.reviewer_id, row.settled_by_id
