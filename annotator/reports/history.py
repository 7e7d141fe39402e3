"""An annotator's own answers, and which of them did not stand."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import revisable_until
from annotator.items.selectors import places_of, thumbnail_url
from annotator.projects.models import Project
from annotator.reviews.models import AcceptOrReject, RejectionCode, ReturnedAnswer, Verdict

HISTORY = 200


@dataclass(frozen=True, slots=True)
class MyRejection:
    """Why an answer of one's own was rejected; not by whom."""

    reason: str
    code: RejectionCode | None = field(metadata={"help": "null: it went back with a return."})
    at: datetime


@dataclass(frozen=True, slots=True)
class MyAnnotation:
    """One of one's own answers."""

    assignment: uuid.UUID
    at: datetime
    revisable_until: datetime
    prompt: str
    thumbnail_urls: list[str]
    rejected: MyRejection | None = field(
        metadata={"help": "Always null where the project does not show verdicts."}
    )


def history(annotator: User, project: Project) -> list[MyAnnotation]:
    """This person's last HISTORY annotations in the project, the newest first (4 queries)."""
    rows = Annotation.objects.filter(
        annotator=annotator, assignment__project=project, current=True
    ).select_related("item")
    newest = list(rows.order_by("-submitted_at")[:HISTORY])
    places = places_of({row.item_id for row in newest})
    rejected = _rejected({row.pk for row in newest}) if project.show_verdicts else {}
    return [
        MyAnnotation(
            assignment=row.assignment_id,
            at=row.submitted_at,
            revisable_until=revisable_until(row),
            prompt=row.item.prompt,
            thumbnail_urls=[thumbnail_url(place.image_id) for place in places[row.item_id]],
            rejected=rejected.get(row.pk),
        )
        for row in newest
    ]


def _rejected(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, MyRejection]:
    returned = ReturnedAnswer.objects.filter(annotation__in=ids).values_list(
        "annotation_id", "batch_return__reason", "batch_return__at"
    )
    found = {pk: MyRejection(reason, None, at) for pk, reason, at in returned}
    verdicts = Verdict.objects.filter(annotation__in=ids, value=AcceptOrReject.REJECT)
    for row in verdicts:
        code = RejectionCode(row.code) if row.code else RejectionCode.OTHER
        found[row.annotation_id] = MyRejection(row.reason, code, row.at)
    return found
