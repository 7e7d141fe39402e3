"""Many slots at once: a share of a batch that goes back, items that are drawn for review after all.

Whoever calls holds the items locked, so that what is read here is what is changed.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.assignments.services import OPEN_SLOT, queue_position
from annotator.core import copying
from annotator.core.errors import StaleState

EVENT = ("assignment_id", "annotator_id", "actor_id", "from_state", "to_state", "cause", "at")


class AnsweredSlot(NamedTuple):
    """The columns of a slot that holds an answer."""

    id: uuid.UUID
    item_id: uuid.UUID
    project_id: int
    slot: int
    state: str
    annotator_id: int
    shown_order: str
    extra_vote: bool


def reject_all(
    rows: QuerySet[Assignment], *, actor_id: int, cause: str, to_authors: bool, now: datetime
) -> list[AnsweredSlot]:
    """submitted or accepted → rejected, each slot open anew, in the order of the queue before.

    `to_authors`: they may have their items again. Returns what the slots were.
    """
    slots = _read(rows)
    if rows.update(state=AssignmentState.REJECTED, given_back=to_authors) != len(slots):
        raise StaleState
    _record(slots, AssignmentState.REJECTED, actor_id=actor_id, cause=cause, now=now)
    copying.add(Assignment, (*OPEN_SLOT, "extra_vote"), _opened(slots, now))
    return slots


def submit_all(
    rows: QuerySet[Assignment], *, actor_id: int, cause: str, now: datetime
) -> list[AnsweredSlot]:
    """accepted → submitted: a reviewer is to look at answers that counted at once."""
    slots = _read(rows)
    if rows.update(state=AssignmentState.SUBMITTED) != len(slots):
        raise StaleState
    _record(slots, AssignmentState.SUBMITTED, actor_id=actor_id, cause=cause, now=now)
    return slots


def _read(rows: QuerySet[Assignment]) -> list[AnsweredSlot]:
    found = rows.order_by("position", "slot").values_list(*AnsweredSlot._fields)
    return [AnsweredSlot(*row) for row in found]


def _opened(slots: Sequence[AnsweredSlot], now: datetime) -> Iterator[tuple[object, ...]]:
    opened = AssignmentState.OPEN.value
    for position, row in enumerate(slots, queue_position(now)):
        yield (
            uuid.uuid4(), row.item_id, row.project_id, row.slot, opened, position, row.shown_order,
            row.extra_vote,
        )  # fmt: skip


def _record(
    slots: Sequence[AnsweredSlot], after: str, *, actor_id: int, cause: str, now: datetime
) -> None:
    to = str(AssignmentState(after).value)
    rows = ((row.id, row.annotator_id, actor_id, row.state, to, cause, now) for row in slots)
    copying.add(Event, EVENT, rows)
