"""What a lead does with one item against the flow: reopen, ask again, exclude, override.

Each is one transaction with the item locked first, and leaves an Action. Of a signed-off batch
nothing changes: Conflict, unless the sign-off is withdrawn before. A preview is the same
transaction, rolled back: what it tells is what would happen.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.actions import services as actions
from annotator.actions.services import Verb
from annotator.annotations import selectors as annotations
from annotator.assignments import services as assigning
from annotator.assignments.models import Assignment, AssignmentState, ExclusionReason
from annotator.assignments.selectors import UNANSWERED, who_are_left
from annotator.consensus import services as consensus
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.items import services as storing
from annotator.items.models import Item
from annotator.items.overlaps import overlap_at
from annotator.items.selectors import item_for, spec_of_item
from annotator.pipeline import events
from annotator.pipeline.asking_again import MOST_EXTRA_VOTES
from annotator.projects import batches
from annotator.projects.asked import asked_of
from annotator.projects.models import BatchVerdict, Membership, Project
from annotator.projects.selectors import project_for, questions_asked
from annotator.questions.kinds import parse_answers
from annotator.reports import services as reports
from annotator.reports.item_filter import ItemFilter, ItemState, widest
from annotator.reports.items import standing_of
from annotator.reviews.selectors import review_of
from annotator.reviews.services import LONGEST_REASON, SHORTEST_REASON

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ItemEffect:
    """What a move does to an item; of a preview, what it would do."""

    preview: bool
    before: ItemState
    after: ItemState
    settled_before: bool
    settled_after: bool
    overridden: bool = field(metadata={"help": "The consensus is now a lead's."})
    opened: int = field(
        metadata={"help": "Slots that somebody can take now, and could not before."}
    )
    given_back_by: list[str] = field(metadata={"help": "Who held it and gives it back."})
    annotators_left: int = field(
        metadata={"help": "Annotators of the project who have not had this item."}
    )


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item of which an extra vote is asked."""

    id: uuid.UUID
    prompt: str
    disagreement: float


@dataclass(frozen=True, slots=True)
class ExtraVotes:
    """Extra votes asked at once, widest disagreement first; of a preview, those that would be."""

    preview: bool
    items: list[AskedItem]
    nobody_left: int = field(
        metadata={"help": "Of these items: how many every annotator of the project has had."}
    )
    widest: float | None = field(
        metadata={"help": "Where none is so wide: the widest disagreement that can be asked of."}
    )


Act = Callable[[Item], list[User] | None]
"""A move on a locked item; returns who has to give it back."""


def reopen(
    user: User,
    item_id: uuid.UUID,
    annotation_id: uuid.UUID,
    *,
    reason: str,
    preview: bool,
    now: datetime,
) -> ItemEffect:
    """Rejects an answer that stands: the consensus goes, the slot opens anew for somebody else.

    Raises NotFound, RoleRequired, Invalid for a reason too short or too long, Conflict.
    """
    why = checked_reason(reason)

    def act(item: Item) -> None:
        _refuse_excluded(item)
        answer = annotations.current_of_item(item.pk).filter(pk=annotation_id).first()
        if answer is None:
            raise Conflict(Reason(Code.NOT_REOPENABLE))
        consensus.unsettle(item)
        assigning.reject(answer.assignment, actor_id=user.pk, now=now, cause="reopened", reason=why)
        _follow(item, now)
        _record(Verb.SLOT_REOPENED, item, user, now, annotation=str(answer.pk), reason=why)

    return _done(user, item_id, act, preview=preview, now=now)


def ask_extra_vote(user: User, item_id: uuid.UUID, *, preview: bool, now: datetime) -> ItemEffect:
    """Opens a slot over and above the item's own; what is settled stays so until it is answered.

    Raises NotFound, RoleRequired, Conflict where it is not settled or one is asked already.
    """

    def act(item: Item) -> None:
        _refuse_unless_settled(item)
        if Assignment.objects.filter(UNANSWERED, item=item, extra_vote=True).exists():
            raise Conflict(Reason(Code.EXTRA_VOTE_PENDING))
        assigning.open_extra([item], project=item.project, now=now)
        _record(Verb.EXTRA_VOTE_ASKED, item, user, now)

    return _done(user, item_id, act, preview=preview, now=now)


def call_off_extra_vote(
    user: User, item_id: uuid.UUID, *, preview: bool, now: datetime
) -> ItemEffect:
    """Undoes `ask_extra_vote` before it is answered; who holds it gives it back.

    Raises NotFound, RoleRequired, Conflict where none is asked.
    """

    def act(item: Item) -> list[User]:
        _refuse_excluded(item)
        holders = assigning.call_off_extra(item, actor=user, now=now)
        _follow(item, now)
        _record(Verb.EXTRA_VOTE_CALLED_OFF, item, user, now)
        return holders

    return _done(user, item_id, act, preview=preview, now=now)


def exclude(
    user: User, item_id: uuid.UUID, *, reason: str, preview: bool, now: datetime
) -> ItemEffect:
    """Takes an item out of work, reports and exports; its answers stay. Raises as `reopen`."""
    why = checked_reason(reason)

    def act(item: Item) -> list[User]:
        _refuse_excluded(item)
        storing.exclude(item, by=user, reason=why, now=now)
        holders = assigning.withdraw_slots(item, actor=user, now=now)
        consensus.unsettle(item)
        _follow(item, now)
        _record(Verb.ITEM_EXCLUDED, item, user, now, reason=why)
        return holders

    return _done(user, item_id, act, preview=preview, now=now)


def include(user: User, item_id: uuid.UUID, *, preview: bool, now: datetime) -> ItemEffect:
    """Undoes `exclude`: what was open opens, what was settled is settled again."""

    def act(item: Item) -> None:
        if item.excluded_at is None:
            raise Conflict(Reason(Code.ITEM_NOT_EXCLUDED))
        storing.include(item)
        assigning.put_back_slots(item, actor=user, now=now)
        _follow(item, now)
        _record(Verb.ITEM_INCLUDED, item, user, now)

    return _done(user, item_id, act, preview=preview, now=now)


def override(
    user: User,
    item_id: uuid.UUID,
    answers: Mapping[str, Any],
    *,
    reason: str,
    preview: bool,
    now: datetime,
) -> ItemEffect:
    """Puts a lead's own answers in the place of the consensus; nobody's annotation is touched.

    Raises as `reopen`, and AnswersInvalid.
    """
    why = checked_reason(reason)

    def act(item: Item) -> None:
        _refuse_unless_settled(item)
        parse_answers(answers, asked_of(item.project, item.asked).specs, spec_of_item(item))
        consensus.add_override(item, by=user, answers=answers, reason=why, now=now)
        _follow(item, now)
        _record(Verb.OVERRIDE_GIVEN, item, user, now, answers=answers, reason=why)

    return _done(user, item_id, act, preview=preview, now=now)


def withdraw_override(
    user: User, item_id: uuid.UUID, *, preview: bool, now: datetime
) -> ItemEffect:
    """Ends an override: what people say together counts again."""

    def act(item: Item) -> None:
        consensus.withdraw_override(item, now=now)
        _follow(item, now)
        _record(Verb.OVERRIDE_WITHDRAWN, item, user, now)

    return _done(user, item_id, act, preview=preview, now=now)


@transaction.atomic
def ask_extra_votes(
    user: User, project_id: int, *, count: int, least: float, preview: bool, now: datetime
) -> ExtraVotes:
    """An extra vote each for the `count` items on which people differ most, `least` at the least.

    Not for overridden ones, nor of signed-off batches, nor where one is asked already or
    MOST_EXTRA_VOTES were.
    """
    project = project_for(user, project_id, Role.MANAGER)
    chosen = _most_disputed(project, count, least)
    # In the order of their ids, so that two leads who do it at once take turns.
    list(Item.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk"))
    still = _most_disputed(project, count, least)
    found = {pk: at for pk, at in still.items() if pk in chosen}
    items = Item.objects.select_related("project").in_bulk(list(found))
    asked = [AskedItem(pk, items[pk].prompt, at) for pk, at in found.items()]
    wide = {} if asked else _most_disputed(project, 1, 0)
    left = who_are_left(project, list(found))
    assigning.open_extra([items[pk] for pk in found], project=project, now=now)
    if asked:
        actions.record(
            Verb.EXTRA_VOTES_ASKED,
            by=user,
            now=now,
            project_id=project.pk,
            count=len(asked),
            least=asked[-1].disagreement,
            items=[str(one.id) for one in asked],
        )
    reports.outdate(project.pk)
    if preview:
        transaction.set_rollback(True)
    nobody_left = sum(not n for n in left.values())
    return ExtraVotes(preview, asked, nobody_left, next(iter(wide.values()), None))


def _most_disputed(project: Project, count: int, least: float) -> dict[uuid.UUID, float]:
    extra = Assignment.objects.filter(item=OuterRef("item"), extra_vote=True)
    most = extra.filter(slot__gte=overlap_at("item__") + MOST_EXTRA_VOTES - 1)
    rows = widest(project, ItemFilter()).filter(
        ~Exists(extra.filter(UNANSWERED)),
        ~Exists(most.exclude(state=AssignmentState.REJECTED)),
        ~Q(item__batch__verdict=BatchVerdict.SIGNED_OFF),
        override=None,
        disagreement__gte=least,
        disagreement__gt=0,
    )
    return {
        item_id: disagreement
        for item_id, disagreement in rows.values_list("item_id", "disagreement")[:count]
        if disagreement is not None
    }


def checked_reason(reason: str) -> str:
    """The reason without blanks around it; Invalid for one that is too short or too long."""
    why = reason.strip()
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        bounds = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Invalid(fields={"reason": Reason(Code.REJECT_REASON_LENGTH, **bounds)})
    return why


@transaction.atomic
def _done(user: User, item_id: uuid.UUID, act: Act, *, preview: bool, now: datetime) -> ItemEffect:
    """Makes a move on the locked item, and tells it by what it was before and is after."""
    named = item_for(user, item_id, Role.MANAGER)
    item = Item.objects.select_for_update(no_key=True).get(pk=item_id)
    item.project = named.project
    batches.refuse_if_signed_off(item.batch_id)
    refuse_who_holds(user, item)
    before = standing_of([item.pk])
    state, open_before = before.state_of(item), _open(item)
    holders = act(item) or []
    keep_from(user, item, now=now)
    after = standing_of([item.pk])
    made = after.consensus.get(item.pk)
    effect = ItemEffect(
        preview=preview,
        before=state,
        after=after.state_of(item),
        settled_before=item.pk in before.consensus,
        settled_after=made is not None,
        overridden=made is not None and made.override_id is not None,
        opened=max(0, _open(item) - open_before),
        given_back_by=sorted(holder.username for holder in holders),
        annotators_left=who_are_left(item.project, [item.pk])[item.pk],
    )
    reports.outdate(item.project_id)
    if preview:
        transaction.set_rollback(True)
    return effect


def _follow(item: Item, now: datetime) -> None:
    """What comes of a move: the review waits or not, the item is settled or not."""
    review = review_of(item.pk)
    if review is not None:
        pipeline.queue_review(review)
    questions = questions_asked(item.project_id, item.asked)
    spec, project = spec_of_item(item), item.project
    settled = pipeline.settle_if_full(item, spec, questions, project=project, now=now)
    # A settled item that counts has asked by itself whether it was the last one.
    if not settled or item.excluded_at is not None:
        events.tell_if_done(project, now=now)


def _record(verb: Verb, item: Item, user: User, now: datetime, **details: object) -> None:
    actions.record(
        verb, by=user, now=now, project_id=item.project_id, target=f"item:{item.pk}", **details
    )


def _refuse_excluded(item: Item) -> None:
    if item.excluded_at is not None:
        raise Conflict(Reason(Code.ITEM_EXCLUDED))


def _refuse_unless_settled(item: Item) -> None:
    _refuse_excluded(item)
    if item.pk not in standing_of([item.pk]).consensus:
        raise Conflict(Reason(Code.ITEM_NOT_SETTLED))


def _open(item: Item) -> int:
    return Assignment.objects.filter(item=item, state=AssignmentState.OPEN).count()


def refuse_who_holds(user: User, item: Item) -> None:
    """Conflict for a lead who annotates too and has the item before them: they'd see answers."""
    held = Assignment.objects.filter(item=item, annotator=user, state=AssignmentState.CLAIMED)
    if held.exists():
        raise Conflict(Reason(Code.ITEM_HELD_BY_YOU))


def keep_from(user: User, item: Item, *, now: datetime) -> None:
    """A lead who annotates too has seen what others answered: the item is not given to them."""
    annotates = Membership.objects.filter(
        user=user, project=item.project_id, role=Role.ANNOTATOR
    ).exists()
    if annotates and not Assignment.objects.filter(item=item, annotator=user).exists():
        assigning.exclude(item, user, reason=ExclusionReason.REVIEWED, now=now)


def look(user: User, item: Item, *, now: datetime) -> None:
    """Before a lead is shown what others answered. Raises Conflict as `refuse_who_holds`."""
    refuse_who_holds(user, item)
    keep_from(user, item, now=now)
