"""What can be done with annotations: add one. Nothing is ever changed or thrown away."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.db import IntegrityError

from annotator.accounts.models import User
from annotator.annotations.models import KEY_ONCE, Annotation, AnnotationPiece
from annotator.assignments.models import Assignment
from annotator.core.errors import KeyReused
from annotator.core.idempotency import check_key
from annotator.core.statements import Statement, columns, insert, instance
from annotator.projects.models import Question
from annotator.questions.types import Piece


@dataclass(frozen=True, slots=True)
class View:
    """How it looked to the annotator; None where the browser did not say."""

    viewport_width: int | None = None
    viewport_height: int | None = None
    device_pixel_ratio: float | None = None
    zoomed: bool | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One answer as it came: `key` is the Idempotency-Key, `active_ms` milliseconds at work.

    `only_first`: it is no revision, whatever its author has answered meanwhile elsewhere.
    `asked`: by which version of the project's questions; None: by that of the item.

    Raises Invalid for a key that is missing, too short to be unique or too long to be kept.
    """

    key: str
    answers: Mapping[str, Any]
    active_ms: int | None = None
    view: View = View()
    only_first: bool = False
    asked: int | None = None

    def __post_init__(self) -> None:
        check_key(self.key)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same content gives the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(assignment_id: uuid.UUID, submission: Submission) -> str:
    """SHA-256 of all that was sent, to tell a replay from another body under the same key."""
    whole = [str(assignment_id), submission.answers, submission.active_ms, asdict(submission.view)]
    # Taken before the answers are checked, so they may hold half a surrogate pair.
    return hashlib.sha256(canonical(whole).encode("utf-8", "surrogatepass")).hexdigest()


OF_KEY = Statement(
    """
    SELECT {annotation} FROM annotations_annotation n
    WHERE n.annotator_id = %(annotator)s AND n.idempotency_key = %(key)s
    """,
    annotation=columns(Annotation, "n"),
)


def replay_of(
    annotator: User, assignment_id: uuid.UUID, submission: Submission
) -> Annotation | None:
    """The annotation of this key, None if there is none; KeyReused if another body made it."""
    found = OF_KEY.row(annotator=annotator.pk, key=submission.key)
    earlier = instance(Annotation, found) if found else None
    if earlier is not None and earlier.fingerprint != fingerprint(assignment_id, submission):
        raise KeyReused
    return earlier


def add_annotation(
    *,
    assignment: Assignment,
    sent_to: Assignment,
    annotator: User,
    submission: Submission,
    pieces: Mapping[str, Sequence[Piece]],
    questions: Sequence[Question],
    now: datetime,
    replaces: Annotation | None = None,
    counted: bool,
) -> Annotation:
    """Stores an answer with its typed pieces; `replaces` is the revision that it supersedes.

    `sent_to` is the assignment that the browser named and showed, which differs from `assignment`
    when a late answer found another slot of the item. Raises KeyReused where another item's answer
    takes the key in the same moment.
    """
    if replaces is not None:
        Annotation.objects.filter(pk=replaces.pk).update(current=False)
    annotation = Annotation(
        assignment=assignment,
        item_id=assignment.item_id,
        annotator=annotator,
        revision=replaces.revision + 1 if replaces else 1,
        counted=counted,
        idempotency_key=submission.key,
        fingerprint=fingerprint(sent_to.pk, submission),
        sha256=hashlib.sha256(canonical(submission.answers).encode()).hexdigest(),
        shown_order=sent_to.shown_order,
        active_ms=submission.active_ms,
        **asdict(submission.view),
        # An extra's slot is by now somebody else's, and so is the time of its claim.
        claimed_at=assignment.claimed_at if assignment.annotator_id == annotator.pk else None,
        submitted_at=now,
        first_submitted_at=replaces.first_submitted_at if replaces else now,
    )
    parts = [
        AnnotationPiece(annotation=annotation, question=question, **msgspec.structs.asdict(piece))
        for question in questions
        for piece in pieces.get(question.key, ())
    ]
    try:
        insert([annotation, *parts])
    except IntegrityError as error:
        if _is_of_the_key(error):
            raise KeyReused from error
        raise
    return annotation


def _is_of_the_key(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name == KEY_ONCE
