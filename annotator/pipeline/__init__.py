"""The story: every move that touches more than one room, in the order in which it happens.

upload → items and slots (open_batch) → claim → submit → review → consensus (settle).
Each function is one transaction. Rows are locked item first, then whatever hangs on it, so two
people who finish an item in the same moment take turns, and one of them settles it.

What is not on that road has modules of its own: what leads do with items (`interventions`), whole
batches (`batch_verdicts`), verdicts (`verdict_changes`) and annotators (`standing`), how reviewers
look a second time (`second_looks`) and answer themselves (`own_answers`), what a training loop asks
(`candidate_groups`), and how a project is copied (`duplicating`) or taken away (`holdings`,
`removal`).
"""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction

from annotator.accounts import identities
from annotator.accounts import services as accounts
from annotator.accounts.groups import Given, given_by
from annotator.accounts.models import Role, User
from annotator.accounts.openid import Profile
from annotator.accounts.services import NewUser
from annotator.actions.services import Verb, record
from annotator.annotations import selectors as annotations
from annotator.annotations.models import Annotation
from annotator.annotations.services import Submission, add_annotation, replay_of
from annotator.assignments import claiming
from annotator.assignments import selectors as assignments
from annotator.assignments import services as assigning
from annotator.assignments.models import Assignment, AssignmentState, ExclusionReason
from annotator.assignments.services import SlotPlan
from annotator.consensus import services as consensus
from annotator.core.errors import (
    AlreadyAnswered,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    StaleState,
)
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement
from annotator.gold import services as golds
from annotator.gold.drawing import drawing_for
from annotator.ingest.known import forget_known, known_of
from annotator.items.models import LETTERS, Image, ImageRole, Item
from annotator.items.selectors import image_count, item_count, item_spec, places_of
from annotator.items.services import copy_of
from annotator.measurements import requests as measuring
from annotator.pipeline import candidate_groups, events, own_answers, second_looks
from annotator.pipeline.asking_again import ask_again
from annotator.projects import batches, members
from annotator.projects.asked import asked_of
from annotator.projects.models import (
    Batch,
    Invitation,
    Membership,
    Project,
    ProjectState,
    Question,
)
from annotator.projects.people import accounts_known_to, invitation_of
from annotator.projects.selectors import project_for, questions_asked
from annotator.questions.kinds import parse_answers
from annotator.questions.types import ItemSpec
from annotator.reviews import selectors as reviews
from annotator.reviews import services as reviewing
from annotator.reviews.models import AcceptOrReject, Review
from annotator.reviews.selectors import EVERY_REVIEW, ReviewChoice
from annotator.reviews.services import GivenVerdict

OPEN_AT_ONCE = 5000
PAIR = 2


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of an answer; `replayed`: this very call had been answered before."""

    annotation: Annotation
    project: Project
    replayed: bool


class RevisionClosed(Conflict):
    """The time in which an author may change an answer is over."""

    code = Code.REVISION_CLOSED


def open_batch(batch: Batch, *, now: datetime, tick: Callable[[], None] = lambda: None) -> Batch:
    """Puts the items of an ingested batch to people: draws its reviews, opens its slots.

    The order in the queue, the sides and the draw all come of the project's secret seed, so that
    running again after a crash gives the same. The draw stands before the first slot is open.
    `tick` is called before each stretch of slots; what it raises ends the opening.
    """
    project = batch.project
    plans = _slot_plans(batch)
    order = sorted(plans)
    rng = random.Random(f"{project.seed}:{batch.pk}")  # noqa: S311 - keyed by a secret
    rng.shuffle(order)
    reviewing.draw_reviews(order, batch=batch, rate=project.review_rate, secret=project.seed)
    first = candidate_groups.first_position(batch, now=now)
    for start in range(0, len(order), OPEN_AT_ONCE):
        tick()
        assigning.open_slots(
            [plans[pk] for pk in order[start : start + OPEN_AT_ONCE]],
            project=project,
            first_position=first + start,
            rng=rng,
        )
    tick()
    make_known_gold(batch, now=now)
    return finish_batch(batch, now=now)


def finish_batch(batch: Batch, *, now: datetime) -> Batch:
    """Ends a batch whose items are all with people."""
    measuring.request_of_batch(batch)
    with transaction.atomic():
        batches.finish(batch, images=image_count(batch), items=item_count(batch), now=now)
        events.batch_done(batch, now=now)
    candidate_groups.end_of_batch(batch, now=now)
    return batch


@transaction.atomic
def make_known_gold(batch: Batch, *, now: datetime) -> None:
    """Makes gold of a batch's items whose answers its manifest has named."""
    known = known_of(batch)
    if not known:
        return
    golds.make_known(known, questions_asked(batch.project_id), by=batch.created_by, now=now)
    forget_known(batch)
    record(
        Verb.GOLD_MADE, by=batch.created_by, now=now, project_id=batch.project_id,
        target=f"batch:{batch.pk}", count=len(known),
    )  # fmt: skip


class Opening:
    """Puts a batch to people stretch by stretch, as its images come; for the worker that holds it.

    The review draw is exact after each stretch, and no slot is open before its item is drawn, or
    not: what turns out broken was never among those drawn from.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._items = item_count(batch)
        self._pairs = assignments.pairs_opened(batch)
        self._stretches = 0

    def open(self, items: Sequence[tuple[Item, Sequence[Image]]], *, now: datetime) -> None:
        """Draws a stretch's reviews, opens its slots; in the transaction that makes its items."""
        make_known_gold(self._batch, now=now)
        if not items:
            return
        batch, project = self._batch, self._batch.project
        plans = [SlotPlan(item.pk, LETTERS[: len(images)]) for item, images in items]
        reviewing.draw_more_reviews(
            [plan.item_id for plan in plans],
            batch=batch,
            before=self._items,
            rate=project.review_rate,
            secret=project.seed,
        )
        first, _ = items[0]
        assigning.open_slots(
            plans,
            project=project,
            first_position=assigning.queue_position(now),
            rng=random.Random(f"{project.seed}:{batch.pk}:{first.key}"),  # noqa: S311
            pairs_before=self._pairs,
        )
        self._items += len(plans)
        self._pairs += sum(len(plan.letters) == PAIR for plan in plans)

    def measure(self) -> None:
        """Asks for measurements each time that the stretches have doubled: it looks at them all."""
        self._stretches += 1
        if self._stretches & (self._stretches - 1) == 0:
            measuring.request_of_batch(self._batch)


def _slot_plans(batch: Batch) -> dict[uuid.UUID, SlotPlan]:
    images: dict[uuid.UUID, int] = {}
    overlaps: dict[uuid.UUID, int | None] = {}
    items = Item.objects.filter(batch=batch, places__role=ImageRole.CANDIDATE)
    rows = items.values_list("pk", "places__place", "overlap")
    for pk, place, overlap in rows.iterator():
        images[pk] = max(images.get(pk, 0), (place or 0) + 1)
        overlaps[pk] = overlap
    return {pk: SlotPlan(pk, LETTERS[:n], overlaps[pk]) for pk, n in images.items()}


def claim(user: User, project_id: int, *, count: int, now: datetime) -> list[Assignment]:
    """What the annotator holds, topped up to `count`; see assignments.services.claim."""
    project = project_for(user, project_id, Role.ANNOTATOR)
    return top_up(user, project, count=count, now=now)


def top_up(user: User, project: Project, *, count: int, now: datetime) -> list[Assignment]:
    """The same for somebody whom this request has found to be an annotator of the project."""
    drawing = drawing_for(user, project, copy_of=partial(copy_of, now=now), now=now)
    return claiming.claim(
        annotator=user, project=project, count=count, draw_copies=drawing, now=now
    )


@transaction.atomic
def release(user: User, assignment_id: uuid.UUID, reason: ExclusionReason, now: datetime) -> None:
    """Skips: the slot goes to somebody else."""
    assignment = assigning.lock(assignments.assignment_for(user, assignment_id))
    if assignment.annotator_id != user.pk:
        raise StaleState
    assigning.release(assignment, reason=reason, annotator=user, now=now)


@transaction.atomic
def submit(
    user: User, assignment_id: uuid.UUID, submission: Submission, *, now: datetime
) -> Submitted:
    """Takes an answer: once, whatever the network did, and never throws one away.

    A replay gives the first receipt again. A claimed slot is filled; a lapsed one too, if the item
    still has a free place for this person; else the answer is kept as an extra (counted = False).
    The author's second answer within the time for it is a revision. Raises NotFound, AnswerInvalid,
    KeyReused, RevisionClosed, and AlreadyAnswered for what would be a revision and is sent as a
    first answer.
    """
    named = assignments.assignment_for(user, assignment_id)
    item = assigning.lock(named).item
    standing = _standing(named, user, submission)
    earlier = replay_of(user, assignment_id, submission) if standing.sent_before else None
    if earlier is not None:
        return Submitted(earlier, named.project, replayed=True)
    version = item.asked or named.project.asked
    asked = asked_of(named.project, submission.asked or version)
    spec = item_spec(item, sorted(named.shown_order))
    pieces = parse_answers(submission.answers, asked.specs, spec)
    # To other questions than the item's own it is kept, and can't count with the item's others.
    own = submission.asked in {None, version}
    slot = _slot_for(named, user) if own else None
    replaces = _to_revise(slot, item, submission, now)
    review = reviews.review_of(item.pk) if standing.drawn else None
    if slot is not None and replaces is None:
        answer = assigning.submit if review else assigning.submit_unsampled
        slot = answer(slot, annotator=user, now=now)
    annotation = add_annotation(
        assignment=slot or named,
        sent_to=named,
        annotator=user,
        submission=submission,
        pieces=pieces,
        questions=asked.questions,
        now=now,
        replaces=replaces,
        counted=slot is not None,
    )
    if slot is not None and item.source_id is not None:
        golds.note(
            annotation,
            item,
            replaces=replaces,
            pieces=pieces,
            spec=spec,
            questions=asked.questions,
            now=now,
        )
    if slot is not None and review is None and (slot is not named or standing.others_are_done):
        settle_if_full(item, spec, asked.questions, project=named.project, now=now)
    if slot is not None and review is not None:
        _look_again(item, review, slot, user, now=now)
    return Submitted(annotation, named.project, replayed=False)


STANDING = Statement(
    """
    SELECT EXISTS (SELECT 1 FROM annotations_annotation
                   WHERE annotator_id = %(annotator)s AND idempotency_key = %(key)s),
           EXISTS (SELECT 1 FROM reviews_review WHERE item_id = %(item)s),
           NOT EXISTS (SELECT 1 FROM assignments_assignment WHERE item_id = %(item)s
                       AND id <> %(slot)s AND NOT extra_vote
                       AND state NOT IN ('accepted', 'rejected'))
    """
)


class ItemStanding(NamedTuple):
    """How an item stands that is locked for an answer."""

    sent_before: bool
    drawn: bool
    # All the item's own slots but the one that the answer was sent to are accepted.
    others_are_done: bool


def _standing(named: Assignment, user: User, submission: Submission) -> ItemStanding:
    [found] = STANDING.rows(
        annotator=user.pk, key=submission.key, item=named.item_id, slot=named.pk
    )
    return ItemStanding(*found)


def _slot_for(named: Assignment, user: User) -> Assignment | None:
    """The slot that an answer fills or revises; None: it is an extra."""
    if named.annotator_id == user.pk:
        return None if named.state == AssignmentState.REJECTED else named
    return assigning.take_for_late_answer(named, user)


def _to_revise(
    slot: Assignment | None, item: Item, submission: Submission, now: datetime
) -> Annotation | None:
    """The answer that a slot holds already, while its author may change it."""
    if slot is None or slot.state in {AssignmentState.OPEN, AssignmentState.CLAIMED}:
        return None
    standing = annotations.current_of_assignment(slot.pk)
    if standing is not None:
        if submission.only_first:
            raise AlreadyAnswered
        if now > annotations.revisable_until(standing):
            raise RevisionClosed
        batches.refuse_if_signed_off(item.batch_id)
    return standing


def _look_again(item: Item, review: Review, slot: Assignment, user: User, *, now: datetime) -> None:
    """A sampled item goes to the reviewers when all have answered, and again for a new answer."""
    if slot.state == AssignmentState.ACCEPTED:
        assigning.submit(slot, annotator=user, now=now)
        consensus.unsettle(item)
    queue_review(review)


def queue_review(review: Review) -> None:
    """A review waits when every slot is answered and an answer has no verdict yet."""
    reviewing.set_waiting(review, assignments.is_for_review(review.item_id))


def settle_if_full(
    item: Item,
    spec: ItemSpec,
    questions: Sequence[Question],
    *,
    project: Project,
    now: datetime,
) -> bool:
    """Writes the consensus down when all the item's own slots are accepted (see live_states), and
    says whether they were.
    """
    if set(assignments.live_states(item.pk)) != {AssignmentState.ACCEPTED}:
        return False
    current = [
        row
        for row in annotations.current_of_item(item.pk)
        if row.assignment.state == AssignmentState.ACCEPTED
    ]
    settled = consensus.settle(item, annotations=current, questions=questions, spec=spec, now=now)
    events.item_settled(item, settled, project, now=now)
    ask_again(item, settled, project, now=now)
    return True


@transaction.atomic
def claim_reviews(
    user: User,
    project_id: int,
    *,
    count: int = 1,
    chosen: ReviewChoice = EVERY_REVIEW,
    now: datetime,
) -> list[Review]:
    """The next reviews, held for this reviewer for a while; none when none waits.

    Whoever looks at it sees the answers, so the item is not given to them any more, whether they
    then judge it or not.
    """
    project = project_for(user, project_id, Role.REVIEWER)
    if project.state != ProjectState.ACTIVE:
        return []
    taken = reviewing.take(reviewer=user, project=project, count=count, chosen=chosen, now=now)
    for review in taken:
        assigning.exclude(review.item, user, reason=ExclusionReason.REVIEWED, now=now)
    return taken


@transaction.atomic
def review(
    user: User, review_id: int, verdicts: Mapping[uuid.UUID, GivenVerdict], *, now: datetime
) -> Review:
    """Takes a reviewer's verdicts: accepted ones count, each rejected one opens its slot anew.

    Whoever reviewed has seen the answers, so the item is not given to them any more. Raises
    NotFound (also for the reviewer's own work), RoleRequired, Invalid, StaleState.
    """
    looked_at = reviews.review_for(user, review_id)
    project = project_for(user, looked_at.project_id, Role.REVIEWER)
    item = Item.objects.select_for_update(no_key=True).get(pk=looked_at.item_id)
    if not reviews.has_answered(looked_at, user):
        raise Conflict(Reason(Code.ANSWER_FIRST))
    seconds = second_looks.judge(looked_at, user, verdicts, now=now)
    verdicts = {pk: given for pk, given in verdicts.items() if pk not in seconds}
    if seconds and not verdicts:
        return looked_at
    batches.refuse_if_signed_off(looked_at.batch_id)
    current = {row.pk: row for row in annotations.current_of_item(item.pk)}
    unknown = set(verdicts) - set(current)
    if unknown or not verdicts:
        raise Invalid(
            Reason(Code.NO_VERDICT),
            fields={str(pk): Reason(Code.NOT_OF_THIS_REVIEW) for pk in unknown},
        )
    for annotation_id, given in verdicts.items():
        _give_verdict(looked_at, current[annotation_id], given, user, now=now)
    assigning.exclude(item, user, reason=ExclusionReason.REVIEWED, now=now)
    queue_review(looked_at)
    spec = item_spec(item, (place.letter for place in places_of([item.pk])[item.pk]))
    questions = questions_asked(item.project_id, item.asked)
    settle_if_full(item, spec, questions, project=project, now=now)
    return looked_at


def _give_verdict(
    looked_at: Review, annotation: Annotation, given: GivenVerdict, user: User, *, now: datetime
) -> None:
    reviewing.give_verdict(
        review=looked_at, annotation=annotation, reviewer=user, given=given, now=now
    )
    if given.value == AcceptOrReject.ACCEPT:
        assigning.accept(annotation.assignment, actor_id=user.pk, now=now)
    else:
        assigning.reject(annotation.assignment, actor_id=user.pk, now=now)
    if given.answers is not None:
        own_answers.keep(looked_at, user, given.answers, corrects=annotation, now=now)


@transaction.atomic
def invite(
    project: Project,
    *,
    role: Role,
    expires_in: timedelta,
    notes: Sequence[str],
    by: User,
    now: datetime,
) -> list[tuple[Invitation, str]]:
    """An invitation with its secret for each note, all or none."""
    return [
        members.invite(
            by=by, project=project, role=role, expires_in=expires_in, now=now, note=note.strip()
        )
        for note in notes
    ]


@transaction.atomic
def join_project(user: User, secret: str, *, now: datetime) -> Membership:
    """Uses up an invitation; NotFound unless it is good, Conflict for a role that one has."""
    invitation = members.use_invitation(secret, by=user, now=now)
    record(
        Verb.MEMBER_JOINED, by=user, now=now, project_id=invitation.project_id,
        target=f"user:{user.pk}", person=user.username, role=invitation.role,
        invitation=invitation.pk,
    )  # fmt: skip
    return members.add_member(
        project_id=invitation.project_id, user=user, role=Role(invitation.role)
    )


@transaction.atomic
def add_known_person(
    project: Project, person_id: int, *, role: Role, by: User, now: datetime
) -> Membership:
    """Gives a role to somebody of the manager's projects; they need no link.

    NotFound for anybody else, Conflict for a role that they have.
    """
    user = accounts_known_to(by).filter(pk=person_id).first()
    if user is None:
        raise NotFound
    record(
        Verb.MEMBER_ADDED, by=by, now=now, project_id=project.pk, target=f"user:{user.pk}",
        person=user.username, role=role,
    )  # fmt: skip
    return members.add_member(project_id=project.pk, user=user, role=role)


@transaction.atomic
def join_as_new_user(new: NewUser, secret: str, *, now: datetime) -> User:
    """Makes an account by an invitation, with a password."""
    accounts.refuse_unless_passwords()
    invitation_of(secret, now=now)
    user = accounts.create_user(new)
    record(Verb.ACCOUNT_CREATED, by=user, now=now, target=f"user:{user.pk}", person=user.username)
    join_project(user, secret, now=now)
    return user


@transaction.atomic
def leave_project(membership: Membership, *, by: User | None = None, now: datetime) -> None:
    """Ends a membership; what its person holds as an annotator goes back to the queue."""
    members.remove_member(membership, by=by, now=now)
    if membership.role == Role.ANNOTATOR:
        assigning.release_all(
            annotator=membership.user, project=membership.project, cause="left", now=now
        )


def arrive(profile: Profile, *, now: datetime) -> User:
    """The account of who comes by the OpenID provider, with what their groups give them now.

    Forbidden for whom none of their groups lets in, once what groups gave is taken back; for a
    closed account; for who has none where none is made.
    """
    given = given_by(profile.groups)
    with transaction.atomic():
        user = identities.account_of(profile)
        if user is None and given.admitted:
            user = identities.create_account(profile)
            record(
                Verb.ACCOUNT_CREATED, by=user, now=now, target=f"user:{user.pk}",
                person=user.username, way="provider",
            )  # fmt: skip
        if user is not None:
            _follow_groups(user, given, now=now)
    if user is None or not given.admitted:
        raise Forbidden(Reason(Code.NO_GROUP))
    if not user.is_active:
        raise Forbidden(Reason(Code.ACCOUNT_CLOSED))
    return user


def _follow_groups(user: User, given: Given, *, now: datetime) -> None:
    accounts.follow_groups(user, lead=given.lead)
    for taken in members.follow_groups(user, given.roles):
        if taken.role == Role.ANNOTATOR:
            assigning.release_all(annotator=user, project=taken.project, cause="left", now=now)


@transaction.atomic
def deactivate(user: User, *, by: User | None, now: datetime) -> User:
    """Closes an account; what its person holds goes back to the queues, what they said stays.

    Their invitations that nobody has used end too: they would be a way back in.

    `by`: the lead who asks for it, None on the command line. Conflict for one's own account, so
    that the site keeps a lead.
    """
    if by == user:
        raise Conflict(Reason(Code.ACCOUNT_IS_YOURS))
    accounts.deactivate(user, now=now)
    assigning.release_all(annotator=user, cause="deactivated", now=now)
    reviewing.let_go(user)
    members.revoke_invitations_by(user)
    record(Verb.ACCOUNT_CLOSED, by=by, now=now, target=f"user:{user.pk}", person=user.username)
    return user
