"""What can be done with slots: open, claim, renew, give back, lapse, submit, judge.

Every change of state goes through `move` or through one bulk UPDATE guarded by the state that it
starts from, and leaves an Event. A slot that opens again gets a new place at the queue's end, in
microseconds of the clock, so that whoever walks the queue forward meets it.
"""

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotator.accounts.models import User
from annotator.assignments import selectors
from annotator.assignments.models import (
    CALLED_OFF,
    FRONT,
    Assignment,
    AssignmentState,
    Cursor,
    Event,
    Exclusion,
    ExclusionReason,
)
from annotator.assignments.sides import balanced_pair_orders, shown_orders
from annotator.core import copying
from annotator.core.errors import Conflict, StaleState
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement, columns, insert, instance
from annotator.core.states import move, move_through
from annotator.items.models import Item
from annotator.projects.models import Project

EXPIRED_AT_ONCE = 500
STOPPED = -1
OPEN_SLOT = ("id", "item_id", "project_id", "slot", "state", "position", "shown_order")


class Move(NamedTuple):
    """One change of a slot's state, why, and by whom (None: by the site)."""

    before: str
    after: str
    cause: str
    actor_id: int | None = None


CURSOR = Statement(
    """
    SELECT {cursor} FROM assignments_cursor c
    WHERE c.annotator_id = %(annotator)s AND c.project_id = %(project)s FOR UPDATE
    """,
    cursor=columns(Cursor, "c"),
)
# The item first, as everywhere: a row of the slot is only there to be locked when it has been.
ITEM_AND_SLOT = Statement(
    """
    WITH item AS MATERIALIZED (
        SELECT i.id FROM items_item i WHERE i.id = %(item)s FOR NO KEY UPDATE)
    SELECT {slot} FROM item JOIN assignments_assignment a ON a.item_id = item.id
    WHERE a.id = %(assignment)s FOR NO KEY UPDATE OF a
    """,
    slot=columns(Assignment, "a"),
)


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """An item about to get its slots, with the letters of its images.

    `overlap`: how many, where that is not the project's number.
    """

    item_id: uuid.UUID
    letters: str
    overlap: int | None = None


def queue_position(now: datetime) -> int:
    """The instant as a place in the queue: microseconds since 1970."""
    return round(now.timestamp() * 1_000_000)


def front_position(deadline: datetime) -> int:
    """A place in front of the queue: what has to be answered sooner is given out sooner."""
    return round(deadline.timestamp() * 1_000)


def open_slots(
    plans: Sequence[SlotPlan],
    *,
    project: Project,
    first_position: int,
    rng: random.Random,
    pairs_before: int = 0,
) -> None:
    """Gives each item its open slots, in this order in the queue. Safe to repeat.

    `pairs_before`: how many pairs of the batch have theirs, for the sides' balance.
    """
    opened = AssignmentState.OPEN.value
    slots_of = {plan.item_id: plan.overlap or project.overlap for plan in plans}
    pairs = [plan.item_id for plan in plans if len(plan.letters) == 2]
    orders = dict(
        zip(
            pairs,
            balanced_pair_orders([slots_of[pk] for pk in pairs], rng=rng, before=pairs_before),
            strict=True,
        )
    )
    rows: list[tuple[object, ...]] = []
    for place, plan in enumerate(plans):
        shown = orders.get(plan.item_id) or shown_orders(
            plan.letters, overlap=slots_of[plan.item_id], rng=rng
        )
        rows.extend(
            (uuid.uuid4(), plan.item_id, project.pk, slot, opened, first_position + place, order)
            for slot, order in enumerate(shown)
        )
    copying.add_missing(Assignment, OPEN_SLOT, rows)


def lock_cursor(annotator: User, project: Project) -> Cursor:
    """The person's place in the project's queue, locked: their parallel claims take turns."""
    of = {"annotator": annotator.pk, "project": project.pk}
    found = CURSOR.row(**of)
    if found is None:
        Cursor.objects.bulk_create(
            [Cursor(annotator=annotator, project=project)], ignore_conflicts=True
        )
        found = CURSOR.row(**of)
    return instance(Cursor, cast(Sequence[Any], found))


def _locking(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    # SQLite has one writer at a time (IMMEDIATE), so there is nothing to skip.
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def record(
    rows: Iterable[Assignment],
    *,
    annotator_id: int | None,
    moves: Sequence[Move],
    now: datetime,
    reason: str = "",
) -> None:
    """Writes down what has become of these slots, one event a move."""
    insert(
        Event(
            assignment_id=row.pk,
            annotator_id=annotator_id,
            actor_id=move.actor_id,
            from_state=move.before,
            to_state=move.after,
            cause=move.cause,
            reason=reason,
            at=now,
        )
        for row in rows
        for move in moves
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
def pause(*, annotator: User, project: Project, note: str, now: datetime) -> int:
    """Gives a person nothing more; what they hold goes back. Returns how many items that were.

    Under the cursor's lock, which their claims take too: none of them slips through.
    """
    cursor = lock_cursor(annotator, project)
    Cursor.objects.filter(pk=cursor.pk).update(paused_at=cursor.paused_at or now, pause_note=note)
    return release_all(annotator=annotator, project=project, cause="paused", now=now)


@transaction.atomic
def resume(*, annotator: User, project: Project) -> bool:
    """Gives a person work again; whether they were paused at all."""
    rows = Cursor.objects.filter(annotator=annotator, project=project, paused_at__isnull=False)
    return bool(rows.update(paused_at=None, pause_note=""))


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
    """claimed → open, behind everything in the queue, each at a position of its own.

    What stood in front of the queue stands there again.
    """
    for position, row in enumerate(rows, queue_position(now)):
        holder_id = row.annotator_id
        move(
            row,
            AssignmentState.OPEN,
            annotator=None,
            lease_expires_at=None,
            claimed_at=None,
            position=row.position if 0 <= row.position < FRONT else position,
        )
        record(
            [row],
            annotator_id=holder_id,
            moves=[Move(AssignmentState.CLAIMED, AssignmentState.OPEN, cause, actor_id)],
            now=now,
        )
    # What is given once more is drawn for one person: it waits for nobody else.
    extra = [row for row in rows if row.extra_vote]
    copies = selectors.copies_among({row.item_id for row in extra}) if extra else set()
    given = [row for row in extra if row.item_id in copies]
    _withdraw(given, cause=EXCLUDED, actor_id=actor_id, now=now)


def lock(assignment: Assignment) -> Assignment:
    """Re-reads a slot and keeps it and its item as they are until the transaction ends.

    A lapse and the next person's claim may be one commit: who only looked before would still find
    the slot claimed, and take it from whoever holds it now.
    """
    found = ITEM_AND_SLOT.row(assignment=assignment.pk, item=assignment.item_id)
    if found is None:
        raise StaleState
    fresh = instance(Assignment, found)
    assignment.state, assignment.claimed_at = fresh.state, fresh.claimed_at
    assignment.annotator_id = fresh.annotator_id
    return assignment


def take_for_late_answer(assignment: Assignment, annotator: User) -> Assignment | None:
    """The slot for an answer whose own slot lapsed: the person's other one of the same item, which
    a late answer found before or a claim has given them since; else an open one. None when all are
    taken or theirs was rejected.

    The cursor's lock keeps the same person's claim from taking the item in the same moment. Whoever
    has since reviewed the item has seen what others said of it, and gets none.
    """
    lock_cursor(annotator, assignment.project)
    reviewed = Exclusion.objects.filter(
        item_id=assignment.item_id, annotator=annotator, reason=ExclusionReason.REVIEWED
    )
    if reviewed.exists():
        return None
    rows = Assignment.objects.filter(item_id=assignment.item_id)
    theirs = (
        rows.filter(annotator=annotator, given_back=False).select_for_update(no_key=True).first()
    )
    if theirs is not None:
        return None if theirs.state == AssignmentState.REJECTED else theirs
    in_queue = rows.filter(state=AssignmentState.OPEN, position__gte=0)
    return _locking(in_queue.order_by("slot")).first()


def submit(assignment: Assignment, *, annotator: User, now: datetime) -> Assignment:
    """claimed → submitted; from open for a late answer, from accepted for a changed one."""
    before, to = assignment.state, AssignmentState.SUBMITTED
    move(assignment, to, annotator=annotator, submitted_at=now, lease_expires_at=None)
    _judged(assignment, [_submission(before, annotator)], now=now)
    return assignment


def submit_unsampled(assignment: Assignment, *, annotator: User, now: datetime) -> Assignment:
    """claimed → submitted → accepted at once, for no reviewer looks at it."""
    before = assignment.state
    move_through(
        assignment,
        AssignmentState.SUBMITTED,
        AssignmentState.ACCEPTED,
        annotator=annotator,
        submitted_at=now,
        lease_expires_at=None,
    )
    _judged(assignment, [_submission(before, annotator), ACCEPTED_AT_ONCE], now=now)
    return assignment


ACCEPTED_AT_ONCE = Move(AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, "not sampled")
SUBMITTED_BECAUSE = {AssignmentState.CLAIMED: "submit", AssignmentState.OPEN: "late submit"}


def _submission(before: str, annotator: User) -> Move:
    cause = SUBMITTED_BECAUSE.get(AssignmentState(before), "revised")
    return Move(before, AssignmentState.SUBMITTED, cause, annotator.pk)


def accept(assignment: Assignment, *, actor_id: int, now: datetime) -> Assignment:
    """submitted → accepted."""
    before = assignment.state
    move(assignment, AssignmentState.ACCEPTED)
    _judged(assignment, [Move(before, assignment.state, "verdict", actor_id)], now=now)
    return assignment


def reject(
    assignment: Assignment,
    *,
    actor_id: int,
    now: datetime,
    cause: str = "verdict",
    reason: str = "",
) -> Assignment:
    """submitted or accepted → rejected; opens the slot anew, for somebody else.

    Of an excluded item nothing opens: the new row is withdrawn. Where the project has slots wait
    for a lead after so many rejections, nobody is given it.
    """
    before = assignment.state
    move(assignment, AssignmentState.REJECTED)
    moved = Move(before, assignment.state, cause, actor_id)
    _judged(assignment, [moved], now=now, reason=reason)
    is_stopped = selectors.is_rejected_too_often(assignment)
    anew = Assignment.objects.create(
        item_id=assignment.item_id,
        project_id=assignment.project_id,
        slot=assignment.slot,
        extra_vote=assignment.extra_vote,
        position=STOPPED if is_stopped else queue_position(now),
        shown_order=assignment.shown_order,
    )
    if Item.objects.filter(pk=assignment.item_id, excluded_at__isnull=False).exists():
        _withdraw([anew], cause=EXCLUDED, actor_id=actor_id, now=now)
    return anew


def submit_again(assignment: Assignment, *, actor_id: int, now: datetime) -> Assignment:
    """accepted or rejected → submitted: a verdict on it is taken back.

    Conflict once somebody was given the place of a rejected one.
    """
    before = assignment.state
    if before == AssignmentState.REJECTED:
        _close_again(assignment)
    move(assignment, AssignmentState.SUBMITTED, given_back=False)
    _judged(assignment, [Move(before, assignment.state, "verdict undone", actor_id)], now=now)
    return assignment


def _close_again(assignment: Assignment) -> None:
    rows = Assignment.objects.filter(
        item_id=assignment.item_id, slot=assignment.slot, state=AssignmentState.OPEN
    )
    held = Event.objects.filter(assignment=OuterRef("pk"))
    untouched = _locking(rows.filter(~Exists(held))).first()
    if untouched is None:
        raise Conflict(Reason(Code.UNDO_TOO_LATE))
    untouched.delete()


def reopen_stopped(batch_id: int, *, now: datetime) -> int:
    """Gives slots that wait for a lead a place in the queue; how many they are."""
    rows = selectors.stopped_in(batch_id).select_for_update(of=("self",))
    stopped = list(rows.order_by("pk"))
    for position, row in enumerate(stopped, queue_position(now)):
        Assignment.objects.filter(pk=row.pk, state=AssignmentState.OPEN).update(position=position)
    return len(stopped)


def give_back(rejected: Sequence[Assignment], *, now: datetime) -> None:
    """Lets the authors of rejected answers have their items again: each place goes to the end of
    the queue, where they come past it.
    """
    for position, row in enumerate(rejected, queue_position(now)):
        Assignment.objects.filter(pk=row.pk, state=AssignmentState.REJECTED).update(given_back=True)
        Assignment.objects.filter(
            item_id=row.item_id, slot=row.slot, state=AssignmentState.OPEN, position__gte=0
        ).update(position=position)


def _judged(
    assignment: Assignment, moves: Sequence[Move], *, now: datetime, reason: str = ""
) -> None:
    annotator_id = assignment.annotator_id
    record([assignment], annotator_id=annotator_id, moves=moves, now=now, reason=reason)


EXCLUDED = "excluded"


def withdraw_slots(item: Item, *, actor: User | None, now: datetime) -> list[User]:
    """Takes an item out of the queue: what is held is given back, and nobody gets it.

    Returns who held it. `actor`: None for the site itself. A claim that takes one of the slots at
    this moment is waited for.
    """
    live = Assignment.objects.filter(item=item).select_for_update(of=("self",)).order_by("slot")
    return _take_out(list(live), cause=EXCLUDED, actor=actor, now=now)


def call_off_extra(item: Item, *, actor: User, now: datetime) -> list[User]:
    """Takes the item's unanswered extra vote out of the queue for good; returns who held it.

    Raises Conflict where there is none.
    """
    live = Assignment.objects.filter(selectors.UNANSWERED, item=item, extra_vote=True)
    rows = list(live.select_for_update(of=("self",)).order_by("slot"))
    if not rows:
        raise Conflict(Reason(Code.EXTRA_VOTE_NOT_PENDING))
    holders = _take_out(rows, cause="called off", actor=actor, now=now)
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(position=CALLED_OFF)
    return holders


def _take_out(
    rows: Sequence[Assignment], *, cause: str, actor: User | None, now: datetime
) -> list[User]:
    """Of these slots: what is held is given back, what is open is withdrawn; who held some."""
    held = [row for row in rows if row.state == AssignmentState.CLAIMED]
    holders = User.objects.in_bulk([row.annotator_id for row in held if row.annotator_id])
    actor_id = None if actor is None else actor.pk
    _reopen(held, cause=cause, actor_id=actor_id, now=now)
    waiting = [row for row in rows if row.state == AssignmentState.OPEN]
    _withdraw(waiting, cause=cause, actor_id=actor_id, now=now)
    return list(holders.values())


def _withdraw(
    rows: Sequence[Assignment], *, cause: str, actor_id: int | None, now: datetime
) -> None:
    for row in rows:
        move(row, AssignmentState.WITHDRAWN)
    moved = Move(AssignmentState.OPEN, AssignmentState.WITHDRAWN, cause, actor_id)
    record(rows, annotator_id=None, moves=[moved], now=now)


def put_back_slots(item: Item, *, actor: User, now: datetime) -> int:
    """withdrawn → open, at the queue's end; returns how many."""
    withdrawn = Assignment.objects.filter(item=item, state=AssignmentState.WITHDRAWN)
    rows = list(withdrawn.exclude(position=CALLED_OFF).order_by("slot"))
    for row in rows:
        move(row, AssignmentState.OPEN, position=queue_position(now))
    moved = Move(AssignmentState.WITHDRAWN, AssignmentState.OPEN, "included", actor.pk)
    record(rows, annotator_id=None, moves=[moved], now=now)
    return len(rows)


def open_extra(items: Sequence[Item], *, project: Project, now: datetime) -> None:
    """A slot over and above its own for each item, at the queue's end (2 queries).

    It shows the order that the item's slots have shown least; among those a keyed draw chooses.
    """
    rows = Assignment.objects.filter(item__in=items).exclude(state=AssignmentState.REJECTED)
    shown: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    last: Counter[uuid.UUID] = Counter()
    for item_id, slot, order in rows.values_list("item_id", "slot", "shown_order"):
        shown[item_id][order] += 1
        last[item_id] = max(last[item_id], slot)
    Assignment.objects.bulk_create(
        Assignment(
            item=item,
            project=project,
            slot=last[item.pk] + 1,
            extra_vote=True,
            position=position,
            shown_order=_least_shown(shown[item.pk], f"{project.seed}:{item.pk}:{last[item.pk]}"),
        )
        for position, item in enumerate(items, queue_position(now))
    )


def _least_shown(shown: Counter[str], key: str) -> str:
    letters = sorted(next(iter(shown)))
    rng = random.Random(key)  # noqa: S311 - keyed by a secret
    orders = shown_orders(letters, overlap=len(letters), rng=rng)
    return min(orders, key=lambda order: shown[order])


def exclude(item: Item, person: User, *, reason: ExclusionReason, now: datetime) -> None:
    """Keeps an item from a person (they have seen what others said of it)."""
    Exclusion.objects.get_or_create(
        item=item, annotator=person, defaults={"reason": reason, "at": now}
    )
