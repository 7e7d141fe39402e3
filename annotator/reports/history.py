"""An annotator's own answers, page by page, and which of them did not stand."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import revisable_until
from annotator.core.errors import NotFound
from annotator.items.selectors import places_of, thumbnail_url
from annotator.projects.models import Project
from annotator.reviews.models import AcceptOrReject, RejectionCode, ReturnedAnswer, Verdict

PAGE = 200


@dataclass(frozen=True, slots=True)
class MyRejection:
    """Why an answer of one's own was rejected; not by whom."""

    reason: str
    code: RejectionCode | None = field(metadata={"help": "null: it went back with a return."})
    at: datetime


@dataclass(frozen=True, slots=True)
class MyAnnotation:
    """One of one's own answers."""

    id: uuid.UUID = field(metadata={"help": "For `before`: the page of older answers."})
    assignment: uuid.UUID
    at: datetime
    sha256: str = field(metadata={"help": "As in its receipt."})
    counted: bool = field(metadata={"help": "As in its receipt."})
    revisable_until: datetime
    prompt: str
    thumbnail_urls: list[str]
    rejected: MyRejection | None = field(
        metadata={"help": "Always null where the project does not show verdicts."}
    )


def history(
    annotator: User, project: Project, *, before: uuid.UUID | None = None, limit: int = PAGE
) -> list[MyAnnotation]:
    """A page of this person's answers in the project, the newest first (4 queries; 5 `before`).

    `before`: older ones than this of their answers; NotFound if it is none of theirs. What changes
    a rejected answer is kept beside it, and here stands in its place.
    """
    mine = Annotation.objects.filter(annotator=annotator, item__project=project, current=True)
    changed = mine.filter(
        assignment=OuterRef("assignment"), submitted_at__gt=OuterRef("submitted_at")
    )
    # As annotations.selectors.came_in_time.
    in_time = Annotation.objects.filter(
        assignment=OuterRef("assignment"), annotator=annotator, counted=True
    )
    rows = mine.filter(~Exists(changed)).annotate(in_time=Exists(in_time)).select_related("item")
    if before is not None:
        last = Annotation.objects.filter(annotator=annotator, pk=before).first()
        if last is None:
            raise NotFound
        at = Q(submitted_at=last.submitted_at, pk__lt=last.pk)
        rows = rows.filter(Q(submitted_at__lt=last.submitted_at) | at)
    page = list(rows.order_by("-submitted_at", "-pk")[:limit])
    places = places_of({row.item_id for row in page})
    rejected: dict[uuid.UUID, MyRejection] = {}
    if project.show_verdicts:
        rejected = _rejected(annotator, {row.assignment_id for row in page})
    return [
        MyAnnotation(
            id=row.pk,
            assignment=row.assignment_id,
            at=row.submitted_at,
            sha256=row.sha256,
            counted=row.in_time,
            revisable_until=revisable_until(row),
            prompt=row.item.prompt,
            thumbnail_urls=[thumbnail_url(place.image_id) for place in places[row.item_id]],
            rejected=rejected.get(row.assignment_id),
        )
        for row in page
    ]


def _rejected(annotator: User, assignments: Collection[uuid.UUID]) -> dict[uuid.UUID, MyRejection]:
    own = {"annotation__assignment__in": assignments, "annotation__annotator": annotator}
    returned = ReturnedAnswer.objects.filter(**own).values_list(
        "annotation__assignment", "batch_return__reason", "batch_return__at"
    )
    found = {pk: MyRejection(reason, None, at) for pk, reason, at in returned}
    verdicts = Verdict.objects.filter(value=AcceptOrReject.REJECT, annotation__current=True, **own)
    for row in verdicts.select_related("annotation"):
        code = RejectionCode(row.code) if row.code else RejectionCode.OTHER
        found[row.annotation.assignment_id] = MyRejection(row.reason, code, row.at)
    return found
