"""What can be done with slots: open, claim, renew, give back, lapse, submit, judge.

Every change of state goes through `move` or through one bulk UPDATE guarded by the state that it
starts from, and leaves an Event. A slot that opens again gets a new place at the queue's end, in
microseconds of the clock, so that whoever walks the queue forward meets it.
"""

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.assignments import selectors
from annotator.assignments.models import (
    Assignment,
    AssignmentState,
    Cursor,
    Event,
    Exclusion,
    ExclusionReason,
)
from annotator.assignments.sides import balanced_pair_orders, shown_orders
from annotator.core import copying
from annotator.core.errors import StaleState
from annotator.core.states import move
from annotator.items.models import Item
from annotator.projects.models import Project

# A whole look through the queue (see claim) is made at most this often for one person.
SEARCH_EVERY = timedelta(seconds=60)
EXPIRED_AT_ONCE = 500
OPEN_SLOT = ("id", "item_id", "project_id", "slot", "state", "position", "shown_order")
# A slot's position is the instant at which its opening began; it may be committed this much later.
UNCOMMITTED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """An item about to get its slots, with the letters of its images."""

    item_id: uuid.UUID
    letters: str


def queue_position(now: datetime) -> int:
    """The instant as a place in the queue: microseconds since 1970."""
    return round(now.timestamp() * 1_000_000)


def open_slots(
    plans: Sequence[SlotPlan], *, project: Project, first_position: int, rng: random.Random
) -> None:
    """Gives each item `overlap` open slots, in this order in the queue. Safe to repeat."""
    opened = AssignmentState.OPEN.value
    pairs = [plan for plan in plans if len(plan.letters) == 2]
    orders = dict(
        zip(
            (plan.item_id for plan in pairs),
            balanced_pair_orders(len(pairs), overlap=project.overlap, rng=rng),
            strict=True,
        )
    )
    rows: list[tuple[object, ...]] = []
    for place, plan in enumerate(plans):
        shown = orders.get(plan.item_id) or shown_orders(
            plan.letters, overlap=project.overlap, rng=rng
        )
        rows.extend(
            (uuid.uuid4(), plan.item_id, project.pk, slot, opened, first_position + place, order)
            for slot, order in enumerate(shown)
        )
    copying.add_missing(Assignment, OPEN_SLOT, rows)


@transaction.atomic
def claim(*, annotator: User, project: Project, count: int, now: datetime) -> list[Assignment]:
    """Tops up what this person holds in this project to `count`, and returns all of it.

    What is held already comes first, its lease renewed, so that a reload loses nothing. New slots
    are taken walking forward from the person's cursor over an index of open slots alone: the cost
    depends neither on the project's size nor on how far the person has come. The cursor's row is
    locked meanwhile, so one person's parallel claims take turns; two persons never wait for each
    other (SKIP LOCKED). Passing by a row that somebody holds locked could leave it behind when he
    gives up, so whoever finds nothing ahead looks through the whole queue, at most once a minute,
    and walks on from there.
    """
    cursor = _locked_cursor(annotator, project)
    mine = list(selectors.held(annotator, project).select_related("item"))
    missing = min(count, settings.MAX_HELD) - len(mine)
    lease = now + timedelta(seconds=project.lease_seconds)
    taken = _take(annotator, project, missing, start=cursor.position)
    if not taken and missing > 0 and _search_is_due(cursor, now):
        expire(now, project=project)
        taken = _take(annotator, project, missing, start=0)
        cursor.searched_at = now
    if taken:
        cursor.position = taken[-1].position
    elif missing > 0:
        # All that is open now was looked at and is not for them: the next walk starts behind it,
        # save for what opens in this moment and isn't committed yet.
        cursor.position = max(cursor.position, queue_position(now - UNCOMMITTED))
    cursor.save(update_fields=["position", "searched_at"])
    _give(taken, annotator=annotator, lease=lease, now=now)
    if mine:
        selectors.held(annotator, project).order_by().update(lease_expires_at=lease)
        for row in mine:
            row.lease_expires_at = lease
    return mine + taken


def _search_is_due(cursor: Cursor, now: datetime) -> bool:
    return cursor.searched_at is None or now - cursor.searched_at > SEARCH_EVERY


def _locked_cursor(annotator: User, project: Project) -> Cursor:
    locked = Cursor.objects.select_for_update().filter(annotator=annotator, project=project)
    cursor = locked.first()
    if cursor is None:
        Cursor.objects.bulk_create(
            [Cursor(annotator=annotator, project=project)], ignore_conflicts=True
        )
        cursor = locked.get()
    return cursor


def _take(annotator: User, project: Project, most: int, *, start: int) -> list[Assignment]:
    """Locks up to `most` open slots of different items that stand at `start` or behind it.

    One at a time: locking a surplus would make others walk past items that they should get. At
    `start` itself too: slots that opened in the same instant share a position.
    """
    taken: list[Assignment] = []
    for _ in range(max(most, 0)):
        ahead = selectors.open_queue(project).filter(position__gte=start)
        if taken:
            ahead = ahead.exclude(item__in=[row.item_id for row in taken])
        queue = selectors.eligible(ahead, annotator)
        row = _locking(queue.select_related("item")).first()
        if row is None:
            break
        start = row.position
        taken.append(row)
    return taken


def _locking(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    # SQLite has one writer at a time (IMMEDIATE), so there is nothing to skip.
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _give(rows: Sequence[Assignment], *, annotator: User, lease: datetime, now: datetime) -> None:
    if not rows:
        return
    stamps = {
        "state": AssignmentState.CLAIMED,
        "annotator": annotator,
        "lease_expires_at": lease,
        "claimed_at": now,
    }
    touched = Assignment.objects.filter(
        pk__in=[row.pk for row in rows], state=AssignmentState.OPEN
    ).update(**stamps)
    if touched != len(rows):
        raise StaleState
    for row in rows:
        for name, value in stamps.items():
            setattr(row, name, value)
    _record(
        rows,
        annotator_id=annotator.pk,
        actor_id=annotator.pk,
        from_state=AssignmentState.OPEN,
        to_state=AssignmentState.CLAIMED,
        cause="claim",
        now=now,
    )


def _record(
    rows: Iterable[Assignment],
    *,
    annotator_id: int | None,
    actor_id: int | None,
    from_state: str,
    to_state: str,
    cause: str,
    now: datetime,
) -> None:
    Event.objects.bulk_create(
        Event(
            assignment=row,
            annotator_id=annotator_id,
            actor_id=actor_id,
            from_state=from_state,
            to_state=to_state,
            cause=cause,
            at=now,
        )
        for row in rows
    )


def renew(*, annotator: User, now: datetime) -> list[Assignment]:
    """Lengthens every lease of this person by their projects' lease; returns what they hold."""
    rows = list(selectors.held(annotator).select_related("project"))
    for seconds in {row.project.lease_seconds for row in rows}:
        until = now + timedelta(seconds=seconds)
        ids = [row.pk for row in rows if row.project.lease_seconds == seconds]
        Assignment.objects.filter(
            pk__in=ids, annotator=annotator, state=AssignmentState.CLAIMED
        ).update(lease_expires_at=until)
        for row in rows:
            if row.project.lease_seconds == seconds:
                row.lease_expires_at = until
    return rows


@transaction.atomic
def release(
    assignment: Assignment, *, reason: ExclusionReason, annotator: User, now: datetime
) -> None:
    """Gives a claimed slot back; its holder does not get the item again."""
    Exclusion.objects.get_or_create(
        item_id=assignment.item_id, annotator=annotator, defaults={"reason": reason, "at": now}
    )
    _reopen([assignment], cause=reason, actor_id=annotator.pk, now=now)


@transaction.atomic
def release_all(
    *, annotator: User, cause: str, now: datetime, project: Project | None = None
) -> int:
    """Gives back all that a person holds, in a project or everywhere; returns how many."""
    rows = list(selectors.held(annotator, project).select_for_update())
    _reopen(rows, cause=cause, actor_id=None, now=now)
    return len(rows)


@transaction.atomic
def expire(now: datetime, *, project: Project | None = None) -> int:
    """Opens slots whose lease has run out; returns how many. Called by the sweep."""
    rows = selectors.expired(now)
    if project is not None:
        rows = rows.filter(project=project)
    lapsed = list(_locking(rows.order_by("lease_expires_at"))[:EXPIRED_AT_ONCE])
    _reopen(lapsed, cause="lease lapsed", actor_id=None, now=now)
    return len(lapsed)


def _reopen(rows: Sequence[Assignment], *, cause: str, actor_id: int | None, now: datetime) -> None:
    """claimed → open, behind everything in the queue, each at a position of its own."""
    for position, row in enumerate(rows, queue_position(now)):
        holder_id = row.annotator_id
        move(
            row,
            AssignmentState.OPEN,
            annotator=None,
            lease_expires_at=None,
            claimed_at=None,
            position=position,
        )
        _record(
            [row],
            annotator_id=holder_id,
            actor_id=actor_id,
            from_state=AssignmentState.CLAIMED,
            to_state=AssignmentState.OPEN,
            cause=cause,
            now=now,
        )


def lock(assignment: Assignment) -> Assignment:
    """Re-reads a slot and keeps it as it is until the transaction ends.

    A lapse and the next person's claim may be one commit: who only looked before would still find
    the slot claimed, and take it from whoever holds it now.
    """
    assignment.refresh_from_db(
        fields=["state", "annotator", "claimed_at"],
        from_queryset=Assignment.objects.select_for_update(no_key=True),
    )
    return assignment


def take_for_late_answer(assignment: Assignment, annotator: User) -> Assignment | None:
    """The slot for an answer whose own slot lapsed: the person's other one of the same item, which
    a late answer found before or a claim has given them since; else an open one. None when all are
    taken or theirs was rejected.

    The cursor's lock keeps the same person's claim from taking the item in the same moment. Whoever
    has since reviewed the item has seen what others said of it, and gets none.
    """
    _locked_cursor(annotator, assignment.project)
    reviewed = Exclusion.objects.filter(
        item_id=assignment.item_id, annotator=annotator, reason=ExclusionReason.REVIEWED
    )
    if reviewed.exists():
        return None
    rows = Assignment.objects.filter(item_id=assignment.item_id)
    theirs = rows.filter(annotator=annotator).select_for_update(no_key=True).first()
    if theirs is not None:
        return None if theirs.state == AssignmentState.REJECTED else theirs
    return _locking(rows.filter(state=AssignmentState.OPEN).order_by("slot")).first()


def submit(assignment: Assignment, *, annotator: User, now: datetime) -> Assignment:
    """claimed → submitted; from open for a late answer, from accepted for a changed one."""
    before = assignment.state
    move(
        assignment,
        AssignmentState.SUBMITTED,
        annotator=annotator,
        submitted_at=now,
        lease_expires_at=None,
    )
    cause = {AssignmentState.CLAIMED.value: "submit", AssignmentState.OPEN.value: "late submit"}
    _judged(assignment, before, actor_id=annotator.pk, cause=cause.get(before, "revised"), now=now)
    return assignment


def accept(assignment: Assignment, *, actor_id: int | None, now: datetime) -> Assignment:
    """submitted → accepted."""
    before = assignment.state
    move(assignment, AssignmentState.ACCEPTED)
    cause = "not sampled" if actor_id is None else "verdict"
    _judged(assignment, before, actor_id=actor_id, cause=cause, now=now)
    return assignment


def reject(assignment: Assignment, *, actor_id: int, now: datetime) -> Assignment:
    """submitted or accepted → rejected; opens the slot anew, for somebody else."""
    before = assignment.state
    move(assignment, AssignmentState.REJECTED)
    _judged(assignment, before, actor_id=actor_id, cause="verdict", now=now)
    return Assignment.objects.create(
        item_id=assignment.item_id,
        project_id=assignment.project_id,
        slot=assignment.slot,
        position=queue_position(now),
        shown_order=assignment.shown_order,
    )


def _judged(
    assignment: Assignment, before: str, *, actor_id: int | None, cause: str, now: datetime
) -> None:
    _record(
        [assignment],
        annotator_id=assignment.annotator_id,
        actor_id=actor_id,
        from_state=before,
        to_state=assignment.state,
        cause=cause,
        now=now,
    )


def exclude(item: Item, person: User, *, reason: ExclusionReason, now: datetime) -> None:
    """Keeps an item from a person (they have seen what others said of it)."""
    Exclusion.objects.get_or_create(
        item=item, annotator=person, defaults={"reason": reason, "at": now}
    )
