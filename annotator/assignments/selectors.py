"""What the queue can be asked."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import cast

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.accounts.models import Role, User
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
from annotator.core.errors import NotFound
from annotator.core.statements import Statement, columns, instance, instances
from annotator.items.models import Image, Item, ItemImage
from annotator.items.selectors import ShownItem, image_by_id, shown_item
from annotator.projects.models import Batch, Membership, Project, ProjectState
from annotator.projects.selectors import refuse_unless, roles_of, waits_for_training

# The cause of what goes back with a batch.
RETURNED = "return"


class ClaimStatus(models.TextChoices):
    """What there is for a person besides what they hold."""

    WORK = "work"
    ALL_RESERVED = "all_reserved"
    NONE_FOR_YOU = "none_for_you"
    DONE = "done"
    # A lead has paused this person.
    PAUSED = "paused"
    # This person has not passed the project's training yet.
    TRAINING_REQUIRED = "training_required"
    # A lead has stopped the project for a time, or for good.
    PROJECT_PAUSED = "project_paused"
    PROJECT_ARCHIVED = "project_archived"


# What there is for anybody in a project that gives out no work.
IDLE: Mapping[str, ClaimStatus] = {
    ProjectState.PAUSED: ClaimStatus.PROJECT_PAUSED,
    ProjectState.ARCHIVED: ClaimStatus.PROJECT_ARCHIVED,
}


@dataclass(frozen=True, slots=True)
class NextWork:
    """Whether there is work for a person; `next_free_at` while others hold all that is left.

    `note`: what a lead who has paused them wants them to know.
    """

    status: ClaimStatus
    next_free_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item is laid out: drawn by the server and kept."""

    order: list[str] = field(metadata={"help": "Letters from left to right."})


@dataclass(frozen=True, slots=True)
class AssignmentShape:
    """One item that an annotator holds."""

    id: uuid.UUID
    lease_expires_at: datetime | None
    item: ShownItem
    shown: Shown
    asked: int = field(metadata={"help": "Which version of the project's questions it is for."})


@dataclass(frozen=True, slots=True)
class PausedWork:
    """A project in which a lead has paused this person, and what they wrote to them."""

    project: int
    note: str


@dataclass(frozen=True, slots=True)
class HeldLeases:
    """Which leases live on, and until when the first of them does; where there is nothing to do."""

    held: list[uuid.UUID]
    lease_expires_at: datetime | None
    paused: list[PausedWork]


# How far "about N left for you" is counted; beyond it the answer is "at least".
REMAINING_LIMIT = 100

# Of a slot `s`: its item is one that the person has never had, skipped or reviewed; or had, and was
# given back.
NEVER_THEIRS = """
    NOT EXISTS (SELECT 1 FROM assignments_assignment had
                WHERE had.item_id = s.item_id AND had.annotator_id = %(annotator)s
                  AND NOT had.given_back)
    AND NOT EXISTS (SELECT 1 FROM assignments_exclusion kept
                    WHERE kept.item_id = s.item_id AND kept.annotator_id = %(annotator)s)
"""
FIRST_TO_EXPIRE = Statement(
    """
    SELECT {slot} FROM assignments_assignment s
    WHERE s.project_id = %(project)s AND s.state = 'claimed'
      AND s.annotator_id <> %(annotator)s AND {never_theirs}
    ORDER BY s.lease_expires_at LIMIT 1
    """,
    slot=columns(Assignment, "s"),
    never_theirs=NEVER_THEIRS,
)
# What is open still for whoever walks on from their cursor. Whether it is much is one row of an
# index, far ahead; only when it is not, items are counted.
AHEAD = """
    SELECT s.{column} FROM assignments_assignment s
    WHERE s.project_id = %(project)s AND s.state = 'open' AND s.position > (
        SELECT coalesce(max(c.position), 0) FROM assignments_cursor c
        WHERE c.project_id = %(project)s AND c.annotator_id = %(annotator)s)
"""
MUCH_AHEAD = AHEAD.format(column="position") + "ORDER BY s.position LIMIT 1 OFFSET %(much)s"
# Counted where they are few, so each can be looked at: what was skipped, or answered late, comes
# back behind the cursor's place and is nothing for this person.
ITEMS_AHEAD = Statement(
    "SELECT count(DISTINCT item_id) FROM ({ahead} AND {never_theirs}) still_open",
    ahead=AHEAD.format(column="item_id"),
    never_theirs=NEVER_THEIRS,
)
PAUSED = Statement(
    """
    SELECT c.pause_note FROM assignments_cursor c
    WHERE c.project_id = %(project)s AND c.annotator_id = %(annotator)s
      AND c.paused_at IS NOT NULL
    """
)
# The same as ITEMS_AHEAD of several projects at once. Slots of one item stand side by side, so
# `most` slots, overlap times REMAINING_LIMIT, are of so many items at least; of fewer each is
# looked at, as there.
AHEAD_OF_EACH = Statement(
    """
    SELECT p.id, (
        SELECT CASE WHEN count(*) < %(most)s
            THEN count(DISTINCT CASE WHEN still_open.theirs THEN still_open.item_id END)
            ELSE count(DISTINCT still_open.item_id) END
        FROM (
            SELECT s.item_id, ({never_theirs}) AS theirs FROM assignments_assignment s
            WHERE s.project_id = p.id AND s.state = 'open' AND s.position > (
                SELECT coalesce(max(c.position), 0) FROM assignments_cursor c
                WHERE c.project_id = p.id AND c.annotator_id = %(annotator)s)
            ORDER BY s.position LIMIT %(most)s) still_open)
    FROM projects_project p JOIN projects_membership m ON m.project_id = p.id
    WHERE m.user_id = %(annotator)s AND m.role = 'annotator' AND p.state <> 'deleting'
    """,
    never_theirs=NEVER_THEIRS,
)
OF_PERSON = Statement(
    """
    SELECT {slot}, {item}, {project}, m.role FROM assignments_assignment a
    JOIN items_item i ON i.id = a.item_id
    JOIN projects_project p ON p.id = a.project_id
    JOIN projects_membership m ON m.project_id = p.id AND m.user_id = %(annotator)s
    WHERE a.id = %(assignment)s AND p.state <> 'deleting'
      AND (a.annotator_id = %(annotator)s OR EXISTS (
        SELECT 1 FROM assignments_event e WHERE e.assignment_id = a.id
        AND e.annotator_id = %(annotator)s AND e.to_state = 'claimed'))
    """,
    slot=columns(Assignment, "a"),
    item=columns(Item, "i"),
    project=columns(Project, "p"),
)
# Of the item's own slots: it never waits for an extra vote.
LIVE_STATES = Statement(
    """
    SELECT a.state FROM assignments_assignment a JOIN items_item i ON i.id = a.item_id
    WHERE a.item_id = %(item)s AND a.state <> 'rejected' AND NOT a.extra_vote
      AND i.excluded_at IS NULL ORDER BY a.slot
    """
)
FOR_REVIEW = Statement(
    """
    SELECT count(*) FROM assignments_assignment a JOIN items_item i ON i.id = a.item_id
    WHERE a.item_id = %(item)s AND i.excluded_at IS NULL
      AND (a.state = 'submitted' OR a.state IN ('open', 'claimed') AND NOT a.extra_vote)
    GROUP BY a.item_id HAVING max(a.state) = 'submitted' AND min(a.state) = 'submitted'
    """
)


# Who is there: a member with an account that is open, and not paused.
CREW = """
    SELECT m.user_id FROM projects_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.project_id = %(project)s AND m.role = 'annotator' AND u.is_active
      AND NOT EXISTS (SELECT 1 FROM assignments_cursor c
                      WHERE c.project_id = m.project_id AND c.annotator_id = m.user_id
                        AND c.paused_at IS NOT NULL)
"""
CREW_OF = Statement(CREW)
CREW_SIZE = Statement("SELECT count(*) FROM ({crew}) crew", crew=CREW)
# An item whose own slots are as many as the crew, or fewer, can lack people only if more of them
# than the crew has to spare have left it (skipped, reviewed, had rejected), or by its extra votes.
IN_DOUBT = """
    SELECT item_id FROM (
        SELECT item_id FROM assignments_exclusion
        WHERE annotator_id IN (SELECT user_id FROM crew)
        UNION ALL
        SELECT item_id FROM assignments_assignment
        WHERE project_id = %(project)s AND state = 'rejected' AND NOT given_back
    ) leaving GROUP BY item_id HAVING count(*) > (SELECT count(*) FROM crew) - %(overlap)s
    UNION
    SELECT item_id FROM assignments_assignment
    WHERE project_id = %(project)s AND extra_vote
"""
# Items with more open slots than there are people in the crew who may take one, and by how many.
STRANDED = """
    WITH crew AS ({crew}), {in_doubt} still_open AS (
        SELECT item_id, count(*) AS slots FROM assignments_assignment
        WHERE project_id = %(project)s AND state = 'open' AND {among} GROUP BY item_id
    ), had AS (
        SELECT item_id, annotator_id FROM assignments_assignment
        WHERE project_id = %(project)s AND NOT given_back AND {among}
          AND annotator_id IN (SELECT user_id FROM crew)
        UNION
        SELECT item_id, annotator_id FROM assignments_exclusion
        WHERE annotator_id IN (SELECT user_id FROM crew) AND {among}
    )
    SELECT count(*), coalesce(sum(few.slots - few.people), 0) FROM (
        SELECT o.slots, (SELECT count(*) FROM crew) - count(had.annotator_id) AS people
        FROM still_open o LEFT JOIN had ON had.item_id = o.item_id GROUP BY o.item_id, o.slots
    ) few WHERE few.slots > few.people
"""
STRANDED_AMONG_ALL = Statement(STRANDED, crew=CREW, in_doubt="", among="TRUE")
STRANDED_AMONG_FEW = Statement(
    STRANDED,
    crew=CREW,
    in_doubt=f"in_doubt AS MATERIALIZED ({IN_DOUBT}),",
    among="item_id IN (SELECT item_id FROM in_doubt)",
)


@dataclass(frozen=True, slots=True)
class Stranded:
    """Items that those who are there can't finish, and how many of their slots nobody may take.

    There is who is a member, has an account that is open, and is not paused.
    """

    items: int
    slots: int


def stranded_in(project: Project) -> Stranded:
    """See Stranded (2 queries, which look at every slot, but only at the people of few items)."""
    [(crew,)] = CREW_SIZE.rows(project=project.pk)
    if crew < project.overlap:
        [(items, slots)] = STRANDED_AMONG_ALL.rows(project=project.pk)
    else:
        [(items, slots)] = STRANDED_AMONG_FEW.rows(project=project.pk, overlap=project.overlap)
    return Stranded(int(items), int(slots))


UNANSWERED = Q(
    state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED, AssignmentState.WITHDRAWN],
    position__gt=CALLED_OFF,
)


def who_are_left(project: Project, item_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """item id → how many annotators of the project may still be given it (3 queries)."""
    rows = Membership.objects.filter(project=project, role=Role.ANNOTATOR)
    return _left_of(set(rows.values_list("user_id", flat=True)), item_ids)


def _left_of(people: set[int], item_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """item id → how many of these people have not had it (2 queries)."""
    gone: dict[uuid.UUID, set[int]] = {pk: set() for pk in item_ids}
    for seen in (Assignment.objects.filter(given_back=False), Exclusion.objects.all()):
        found = seen.filter(item__in=item_ids, annotator__in=people)
        for item_id, annotator_id in found.values_list("item_id", "annotator_id"):
            gone[item_id].add(annotator_id)
    return {pk: len(people - had) for pk, had in gone.items()}


def rejected_for_nobody(batch: Batch) -> list[Assignment]:
    """Rejected answers of a batch in whose open place nobody who is there may answer (4 queries).

    There is who is a member, has an account that is open, and is not paused. The authors are among
    them: they could have their items again.
    """
    crew = {pk for (pk,) in CREW_OF.rows(project=batch.project_id)}
    rows = Assignment.objects.filter(
        item__batch=batch, item__excluded_at__isnull=True, extra_vote=False
    )
    here = rows.filter(state=AssignmentState.OPEN, position__gte=0)
    place = here.filter(item=OuterRef("item"), slot=OuterRef("slot"))
    gone = rows.filter(state=AssignmentState.REJECTED, given_back=False, annotator__in=crew)
    rejected = list(gone.filter(Exists(place)).order_by("position", "slot"))
    left = _left_of(crew, {row.item_id for row in rejected})
    places = Counter(here.filter(item__in=left).values_list("item_id", flat=True))
    return [row for row in rejected if places[row.item_id] > left[row.item_id]]


def open_queue(project: Project) -> QuerySet[Assignment]:
    """The project's open slots in the order in which they are given out."""
    return Assignment.objects.filter(project=project, state=AssignmentState.OPEN).order_by(
        "position", "slot"
    )


def held(annotator: User, project: Project | None = None) -> QuerySet[Assignment]:
    """What this person holds now, oldest first."""
    rows = Assignment.objects.filter(annotator=annotator, state=AssignmentState.CLAIMED)
    if project is not None:
        rows = rows.filter(project=project)
    return rows.order_by("claimed_at", "position")


def paused_in(project: Project) -> dict[int, Cursor]:
    """annotator id → their place in the queue, of those who are paused (1 query)."""
    rows = Cursor.objects.filter(project=project, paused_at__isnull=False)
    return {row.annotator_id: row for row in rows}


def held_in(project: Project) -> dict[int, int]:
    """annotator id → how many items they hold now (1 query)."""
    rows = Assignment.objects.filter(project=project, state=AssignmentState.CLAIMED)
    return dict(rows.values_list("annotator_id").annotate(n=models.Count("pk")))


def begun_slots(project: Project) -> QuerySet[Assignment]:
    """Slots that somebody has answered or has on their desk, for a query about their items."""
    open_ones = [AssignmentState.OPEN, AssignmentState.WITHDRAWN]
    return Assignment.objects.filter(project=project).exclude(state__in=open_ones)


def was_given_any(annotator_id: int, project: Project) -> bool:
    """Whether this person holds or has answered anything in the project (1 query)."""
    return Assignment.objects.filter(annotator_id=annotator_id, project=project).exists()


def next_expiry(project: Project, annotator: User) -> datetime | None:
    """When the first slot that others hold, and this person could take, may come free."""
    found = FIRST_TO_EXPIRE.row(project=project.pk, annotator=annotator.pk)
    return instance(Assignment, found).lease_expires_at if found else None


def next_work(annotator: User, project: Project, held: Sequence[Assignment]) -> NextWork:
    """What there is for a person who holds these, when they have just claimed (4 queries at most).

    With nothing to hold: others hold what is left, or what is left is not for them, or all is done.
    """
    if held:
        return NextWork(ClaimStatus.WORK)
    if project.state in IDLE:
        return NextWork(IDLE[project.state])
    if waits_for_training(annotator, project):
        return NextWork(ClaimStatus.TRAINING_REQUIRED)
    if paused := PAUSED.row(project=project.pk, annotator=annotator.pk):
        return NextWork(ClaimStatus.PAUSED, note=paused[0])
    free_at = next_expiry(project, annotator)
    if free_at is not None:
        return NextWork(ClaimStatus.ALL_RESERVED, free_at)
    left = anything_left(project)
    return NextWork(ClaimStatus.NONE_FOR_YOU if left else ClaimStatus.DONE)


def assignment_shape(
    row: Assignment, places: Sequence[ItemImage], project: Project
) -> AssignmentShape:
    """An assignment with its item, as its annotator is shown it."""
    return AssignmentShape(
        id=row.pk,
        lease_expires_at=row.lease_expires_at,
        item=shown_item(row.item, places),
        shown=Shown(list(row.shown_order)),
        asked=row.item.asked or project.asked,
    )


SHOWN_HELD = Statement(
    """
    SELECT {slot}, {item}, {place}, {image} FROM assignments_assignment a
    JOIN items_item i ON i.id = a.item_id
    JOIN items_itemimage p ON p.item_id = i.id
    JOIN items_image m ON m.id = p.image_id
    WHERE a.annotator_id = %(annotator)s AND a.project_id = %(project)s AND a.state = 'claimed'
    ORDER BY a.position >= %(front)s, a.claimed_at, a.position, a.id, p.place
    """,
    slot=columns(Assignment, "a"),
    item=columns(Item, "i"),
    place=columns(ItemImage, "p"),
    image=columns(Image, "m"),
)


def shown_held(annotator: User, project: Project) -> list[AssignmentShape]:
    """What this person holds now with its images: what somebody waits for, then the oldest first
    (1 query).
    """
    rows = SHOWN_HELD.rows(annotator=annotator.pk, project=project.pk, front=FRONT)
    read = (instances(row, Assignment, Item, ItemImage, Image) for row in rows)
    shapes = []
    for _, group in groupby(read, key=lambda row: row[0].pk):
        places = []
        for slot, item, place, image in group:
            slot.item, place.image = item, image
            places.append(place)
        shapes.append(assignment_shape(slot, places, project))
    return shapes


def held_of(annotator: User, rows: Sequence[Assignment]) -> HeldLeases:
    """These leases of a person in short, and where they are paused (1 query)."""
    leases = [row.lease_expires_at for row in rows if row.lease_expires_at]
    stopped = Cursor.objects.filter(annotator=annotator, paused_at__isnull=False)
    paused = stopped.order_by("project").values_list("project", "pause_note")
    return HeldLeases(
        held=[row.pk for row in rows],
        lease_expires_at=min(leases, default=None),
        paused=[PausedWork(project, note) for project, note in paused],
    )


def anything_left(project: Project) -> bool:
    """Whether the project has a slot that is not answered yet (2 queries at most).

    One a state: each has its own partial index, which holds no answered slots.
    """
    rows = Assignment.objects.filter(project=project)
    return (
        rows.filter(state=AssignmentState.OPEN).exists()
        or rows.filter(state=AssignmentState.CLAIMED).exists()
    )


def is_work_left(project: Project) -> bool:
    """Whether an item that counts waits for an answer of its own (2 queries at most)."""
    own = Assignment.objects.filter(
        project=project, extra_vote=False, item__excluded_at__isnull=True
    )
    return (
        own.filter(state=AssignmentState.OPEN).exists()
        or own.filter(state=AssignmentState.CLAIMED).exists()
    )


def much_ahead(project: Project) -> int:
    """So many slots are of REMAINING_LIMIT items at least, for each has `overlap` at most."""
    return REMAINING_LIMIT * project.overlap - 1


def remaining_for(annotator: User, project: Project) -> int:
    """Items still ahead of this person, where they are few, counted up to REMAINING_LIMIT."""
    [(items,)] = ITEMS_AHEAD.rows(project=project.pk, annotator=annotator.pk)
    return min(int(items), REMAINING_LIMIT)


def ahead_of(annotator: User, projects: Collection[Project]) -> dict[int, int]:
    """Project → items still ahead of this person, counted up to REMAINING_LIMIT (1 query)."""
    if not projects:
        return {}
    most = REMAINING_LIMIT * max(project.overlap for project in projects)
    found = dict(AHEAD_OF_EACH.rows(annotator=annotator.pk, most=most))
    return {row.pk: min(int(found.get(row.pk, 0)), REMAINING_LIMIT) for row in projects}


def assignment_for(annotator: User, assignment_id: uuid.UUID) -> Assignment:
    """The assignment with its item and project, if it is or ever was this person's.

    NotFound for others' and for who is no member any more, RoleRequired for who annotates no more.
    """
    found = OF_PERSON.rows(assignment=assignment_id, annotator=annotator.pk)
    refuse_unless(Role.ANNOTATOR, {role for *_, role in found})
    row, row_item, row_project = instances(found[0], Assignment, Item, Project)
    row.item, row.project = row_item, row_project
    return cast(Assignment, row)


def answered_in(batch_id: int, annotator_id: int | None = None) -> QuerySet[Assignment]:
    """Slots of a batch with an answer that counts, or waits to; of one annotator or of all.

    Those of items that a lead has excluded count nowhere.
    """
    rows = Assignment.objects.filter(
        item__batch=batch_id,
        item__excluded_at=None,
        state__in=[AssignmentState.SUBMITTED, AssignmentState.ACCEPTED],
    )
    return rows if annotator_id is None else rows.filter(annotator=annotator_id)


def answered_in_batch(batch_id: int) -> dict[uuid.UUID, int]:
    """item id → how many of its own slots hold an answer; items without any are absent (1 query).

    Also of excluded items.
    """
    held = [AssignmentState.SUBMITTED, AssignmentState.ACCEPTED]
    rows = Assignment.objects.filter(
        item__batch=batch_id, item__source=None, extra_vote=False, state__in=held
    )
    return dict(rows.order_by().values_list("item").annotate(n=models.Count("pk")))


def unanswered_in(batch_id: int) -> QuerySet[Assignment]:
    """Slots of a batch that wait for an annotator, or are with one."""
    return Assignment.objects.filter(
        item__batch=batch_id,
        item__source=None,
        state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED],
    )


def stopped_in(batch_id: int) -> QuerySet[Assignment]:
    """Slots of a batch that were rejected so often that they wait for a lead."""
    return Assignment.objects.filter(
        item__batch=batch_id, state=AssignmentState.OPEN, position__lt=0
    )


def copies_among(item_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the items that are copies (1 query)."""
    rows = Item.with_copies.filter(pk__in=item_ids, source__isnull=False)
    return set(rows.values_list("pk", flat=True))


def slots_of(item_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """item id → its last slot (1 query)."""
    rows = Assignment.objects.filter(item__in=item_ids).order_by().values_list("item")
    return dict(rows.annotate(last=models.Max("slot")))


def is_rejected_too_often(assignment: Assignment) -> bool:
    """Whether its slot has as many rejected answers as the project allows it (2 queries at most).

    Those that went back with a return are not counted.
    """
    most = Project.objects.values_list("most_rejections", flat=True).get(pk=assignment.project_id)
    if not most:
        return False
    rejected = Assignment.objects.filter(
        item_id=assignment.item_id, slot=assignment.slot, state=AssignmentState.REJECTED
    )
    returned = Event.objects.filter(assignment=OuterRef("pk"), cause=RETURNED)
    return rejected.exclude(Exists(returned)).count() >= most


def pairs_opened(batch: Batch) -> int:
    """How many items of two images of a batch have their slots."""
    first = Assignment.objects.filter(item__batch=batch, slot=0, shown_order__in=("ab", "ba"))
    return first.exclude(state=AssignmentState.REJECTED).count()


def live_states(item_id: uuid.UUID) -> list[str]:
    """The states of the rows that hold this item's own slots now; none of an excluded item."""
    return [state for (state,) in LIVE_STATES.rows(item=item_id)]


def is_for_review(item_id: uuid.UUID) -> bool:
    """Whether all its own slots are answered, and an answer, own or extra, has no verdict yet."""
    return FOR_REVIEW.row(item=item_id) is not None


def image_for(user: User, image_id: uuid.UUID) -> Image:
    """The image, for a reviewer or manager of its project, or who was given an item with it.

    NotFound for absent and not yours alike (2 to 5 queries).
    """
    image = image_by_id(image_id)
    roles = roles_of(user, image.project_id)
    if roles & {Role.REVIEWER, Role.MANAGER}:
        return image
    if Role.ANNOTATOR in roles and _was_given(user, image_id):
        return image
    raise NotFound


def _was_given(annotator: User, image_id: uuid.UUID) -> bool:
    """Whether an item with this image is or was given to this person, or shown in training."""
    in_training = Exclusion.objects.filter(annotator=annotator, reason=ExclusionReason.TRAINING)
    return (
        Assignment.objects.filter(annotator=annotator, item__places__image_id=image_id).exists()
        or in_training.filter(item__places__image_id=image_id).exists()
        or Event.objects.filter(
            annotator=annotator, assignment__item__places__image_id=image_id
        ).exists()
    )


def expired(now: datetime) -> QuerySet[Assignment]:
    """Claims whose lease has run out."""
    return Assignment.objects.filter(state=AssignmentState.CLAIMED, lease_expires_at__lt=now)
