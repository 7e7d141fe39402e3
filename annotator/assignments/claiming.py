"""How a claim takes slots; see docs/adr/0003 for the walk and 0023 for its statements."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from annotator.accounts.models import User
from annotator.assignments.models import FRONT, Assignment, AssignmentState, Cursor
from annotator.assignments.selectors import NEVER_THEIRS, slots_of
from annotator.assignments.services import Move, expire, lock_cursor, queue_position, record
from annotator.core.statements import Statement, columns, insert, instance
from annotator.items.models import Item
from annotator.projects.models import Project, ProjectState
from annotator.projects.selectors import waits_for_training

# A whole look through the queue (see claim) is made at most this often for one person.
SEARCH_EVERY = timedelta(seconds=60)
# A slot's position is the instant at which its opening began; it may be committed this much later.
UNCOMMITTED = timedelta(seconds=5)
# What anybody may hold, however little is left; more of it is shared out.
ALWAYS_HELD = 5
# A lease that has so much of it left is not renewed: every renewal is a write.
FRESH = 0.9

HELD = Statement(
    """
    SELECT {assignment} FROM assignments_assignment a
    WHERE a.annotator_id = %(annotator)s AND a.project_id = %(project)s AND a.state = 'claimed'
    ORDER BY a.claimed_at, a.position
    """,
    assignment=columns(Assignment, "a"),
)
RENEW = Statement(
    """
    UPDATE assignments_assignment SET lease_expires_at = %(lease)s
    WHERE annotator_id = %(annotator)s AND project_id = %(project)s AND state = 'claimed'
    """
)
# One at a time: locking a surplus would make others walk past items that they should get. At
# `start` itself too: slots that opened in the same instant share a position. An extra vote waits
# for the item's own places: else whose answer was given back to them could take the extra, and
# their own place would need somebody else.
FIRST_OPEN = """
    SELECT s.id FROM assignments_assignment s
    WHERE s.project_id = %(project)s AND s.state = 'open' AND {there}
      AND NOT (s.extra_vote AND EXISTS (
          SELECT 1 FROM assignments_assignment own
          WHERE own.item_id = s.item_id AND own.state = 'open' AND NOT own.extra_vote))
      AND {never_theirs}
    ORDER BY s.position, s.slot LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED
"""
# What somebody waits for stands in front of the queue, wherever a cursor is (ADR 76).
TAKE = Statement(
    """
    UPDATE assignments_assignment AS a
    SET state = 'claimed', annotator_id = %(annotator)s, lease_expires_at = %(lease)s,
        claimed_at = %(now)s
    WHERE a.state = 'open' AND a.id = coalesce(({in_front}), ({behind}))
    RETURNING {assignment}
    """,
    in_front=FIRST_OPEN.format(
        there="s.position >= 0 AND s.position < %(front)s", never_theirs=NEVER_THEIRS
    ),
    behind=FIRST_OPEN.format(there="s.position >= %(start)s", never_theirs=NEVER_THEIRS),
    assignment=columns(Assignment),
)
# Open slots ahead, as far as there are enough for everybody to hold the most; and among how many.
AHEAD_AND_PEOPLE = Statement(
    """
    SELECT count(*), (SELECT count(*) FROM {people}) FROM (
        SELECT 1 FROM assignments_assignment s
        WHERE s.project_id = %(project)s AND s.state = 'open' AND s.position >= %(start)s
        ORDER BY s.position LIMIT %(most)s * (SELECT count(*) FROM {people})) ahead
    """,
    people="projects_membership WHERE project_id = %(project)s AND role = 'annotator'",
)
WALK_ON = Statement(
    """
    UPDATE assignments_cursor SET position = %(position)s, searched_at = %(searched_at)s
    WHERE id = %(cursor)s
    """
)


@dataclass(frozen=True, slots=True)
class CopyToGive:
    """A copy of an item that a claim gives in the place of an open slot."""

    item_id: uuid.UUID
    shown_order: str


# Of so many slots wanted, from this place in the queue on: the copies to give instead of some.
DrawCopies = Callable[[int, int], Sequence[CopyToGive]]


@transaction.atomic
def claim(
    *,
    annotator: User,
    project: Project,
    count: int,
    draw_copies: DrawCopies | None = None,
    now: datetime,
) -> list[Assignment]:
    """Tops up what this person holds in this project to `count`, and returns all of it.

    What is held already comes first, its lease renewed, so that a reload loses nothing. New slots
    are taken walking forward from the person's cursor over an index of open slots alone: the cost
    depends neither on the project's size nor on how far the person has come. The cursor's row is
    locked meanwhile, so one person's parallel claims take turns; two persons never wait for each
    other (SKIP LOCKED). Passing by a row that somebody holds locked could leave it behind when he
    gives up, so whoever finds nothing ahead looks through the whole queue, at most once a minute,
    and walks on from there. Who is paused, or has yet to pass the training, keeps what they hold
    and is given nothing, as is everybody in a project that is paused or archived. Near a project's
    end nobody holds more than their share: colleagues are not left without work. `draw_copies`
    mixes copies in (ADR 34).
    """
    cursor = lock_cursor(annotator, project)
    mine = _held(annotator, project, now=now)
    missing = min(count, settings.MAX_HELD) - len(mine)
    gives_out = project.state == ProjectState.ACTIVE and cursor.paused_at is None
    if missing > 0 and gives_out and count > ALWAYS_HELD:
        missing = min(missing, _share(project, cursor) - len(mine))
    if missing <= 0 or not gives_out or waits_for_training(annotator, project):
        return mine
    copies = draw_copies(missing, cursor.position) if draw_copies else ()
    missing -= len(copies)
    if not missing:
        return mine + _give(copies, annotator, project, among=[cursor.position], now=now)
    taken = _take(annotator, project, missing, start=cursor.position, now=now)
    if not taken and _search_is_due(cursor, now):
        expire(now, project=project)
        taken = _take(annotator, project, missing, start=0, now=now)
        cursor.searched_at = now
    walked = [row.position for row in taken if row.position >= FRONT]
    if walked:
        cursor.position = walked[-1]
    elif not taken:
        # All that is open now was looked at and is not for them: the next walk starts behind it,
        # save for what opens in this moment and isn't committed yet.
        cursor.position = max(cursor.position, queue_position(now - UNCOMMITTED))
    WALK_ON.touch(cursor=cursor.pk, position=cursor.position, searched_at=cursor.searched_at)
    among = walked or [cursor.position]
    return mine + taken + _give(copies, annotator, project, among=among, now=now)


def _search_is_due(cursor: Cursor, now: datetime) -> bool:
    return cursor.searched_at is None or now - cursor.searched_at > SEARCH_EVERY


def _share(project: Project, cursor: Cursor) -> int:
    """How many a person may hold, of what is ahead of them and for everybody."""
    of = {"project": project.pk, "start": cursor.position, "most": settings.MAX_HELD}
    [(ahead, people)] = AHEAD_AND_PEOPLE.rows(**of)
    return max(ALWAYS_HELD, int(ahead) // max(int(people), 1))


def _held(annotator: User, project: Project, *, now: datetime) -> list[Assignment]:
    """What this person holds, with leases that are as good as new."""
    of = {"annotator": annotator.pk, "project": project.pk}
    rows = [instance(Assignment, row) for row in HELD.rows(**of)]
    whole = timedelta(seconds=project.lease_seconds)
    if any(row.lease_expires_at < now + whole * FRESH for row in rows if row.lease_expires_at):
        RENEW.touch(**of, lease=now + whole)
        for row in rows:
            row.lease_expires_at = now + whole
    return rows


def _give(
    copies: Sequence[CopyToGive],
    annotator: User,
    project: Project,
    *,
    among: Sequence[int],
    now: datetime,
) -> list[Assignment]:
    """A slot of its own for each copy, claimed, at one of these places in what is held.

    A copy that another claim is at in this moment is passed by.
    """
    if not copies:
        return []
    rows = Item.with_copies.filter(pk__in=[copy.item_id for copy in copies])
    free = set(
        rows.order_by("pk")
        .select_for_update(no_key=True, skip_locked=True)
        .values_list("pk", flat=True)
    )
    taken = slots_of(free)
    given = [
        Assignment(
            item_id=copy.item_id,
            project=project,
            slot=max(taken.get(copy.item_id, -1) + 1, project.overlap),
            extra_vote=True,
            state=AssignmentState.CLAIMED,
            annotator=annotator,
            position=among[copy.item_id.int % len(among)],
            shown_order=copy.shown_order,
            claimed_at=now,
            lease_expires_at=now + timedelta(seconds=project.lease_seconds),
        )
        for copy in copies
        if copy.item_id in free
    ]
    insert(given)
    claimed = Move(AssignmentState.OPEN, AssignmentState.CLAIMED, "claim", annotator.pk)
    record(given, annotator_id=annotator.pk, moves=[claimed], now=now)
    return given


def _take(
    annotator: User, project: Project, most: int, *, start: int, now: datetime
) -> list[Assignment]:
    """Hands up to `most` open slots of different items over: those in front of the queue, then
    those that stand at `start` or behind it.
    """
    lease = now + timedelta(seconds=project.lease_seconds)
    of = {"annotator": annotator.pk, "project": project.pk, "lease": lease, "now": now}
    taken: list[Assignment] = []
    while len(taken) < most and (found := TAKE.row(**of, start=start, front=FRONT)):
        taken.append(instance(Assignment, found))
        start = max(start, taken[-1].position)
    claimed = Move(AssignmentState.OPEN, AssignmentState.CLAIMED, "claim", annotator.pk)
    record(taken, annotator_id=annotator.pk, moves=[claimed], now=now)
    return taken
