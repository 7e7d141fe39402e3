"""What a lead makes of a whole batch: draws more reviews, signs it off, sends it back.

Each act is one transaction, set by set, however many items there are; each can be looked at before
(`…_effect`), by the same questions. The batch is locked first, then its items, so that nobody
answers or reviews anything of it meanwhile. Every act is noted in the audit.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.annotations.models import Annotation
from annotator.assignments import many
from annotator.assignments.models import Assignment
from annotator.assignments.selectors import RETURNED, answered_in, unanswered_in
from annotator.consensus import services as consensus
from annotator.consensus.models import Consensus
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import lock_items, spec_of_item
from annotator.pipeline import events
from annotator.projects import batches
from annotator.projects.models import Batch, BatchState, BatchVerdict, Membership, Project
from annotator.projects.selectors import questions_asked
from annotator.reports import services as reports
from annotator.reviews import services as reviewing
from annotator.reviews.acceptance import AcceptanceRule, RuleOutcome, rule_for, sample_counts
from annotator.reviews.further import FurtherDraw, further_draw
from annotator.reviews.models import Review
from annotator.webhooks.models import WebhookEvent


@dataclass(frozen=True, slots=True)
class SignOffEffect:
    """A batch as it is signed off, or would be."""

    refusal: Reason | None = field(metadata={"help": "Why it can't be signed off now."})
    items: int
    settled: int
    answers: int
    sampled: int
    reviewed: int
    rejected: int
    rule: AcceptanceRule
    outcome: RuleOutcome
    needs_reason: bool = field(
        metadata={"help": "The rule does not say that it passes: whoever signs says why."}
    )


@dataclass(frozen=True, slots=True)
class ReturnEffect:
    """What goes back with a return, or would."""

    refusal: Reason | None = field(metadata={"help": "Why nothing can go back now."})
    answers: int = field(metadata={"help": "They become rejected, and stay to be read."})
    items: int
    consensuses: int = field(metadata={"help": "Withdrawn until the items are answered again."})
    slots: int = field(metadata={"help": "Opened anew."})
    reviews: int = field(metadata={"help": "Sampled items that wait for a reviewer again then."})
    stuck: int = field(
        metadata={"help": "Of the slots, those that none of the project's annotators may take."}
    )


@dataclass(frozen=True, slots=True)
class DrawEffect:
    """What is drawn for review besides, or would be."""

    refusal: Reason | None
    items: int = field(metadata={"help": "Drawn besides."})
    for_rate: int = field(metadata={"help": "Of these, by the project's present review rate."})
    for_floor: int = field(metadata={"help": "Of these, for annotators of whom too few were."})
    consensuses: int = field(metadata={"help": "Withdrawn until the items are reviewed."})
    sampled: int = field(metadata={"help": "Items of the batch drawn for review then."})


def sign_off_effect(batch: Batch) -> SignOffEffect:
    """A batch as it would be signed off now (12 queries)."""
    counts = sample_counts([batch.pk])[batch.pk]
    rule = rule_for(batch.project, counts.answers)
    outcome = counts.outcome(rule)
    return SignOffEffect(
        refusal=_refusal_to_sign(batch),
        items=Item.objects.filter(batch=batch, excluded_at__isnull=True).count(),
        settled=Consensus.objects.filter(item__batch=batch).count(),
        answers=answered_in(batch.pk).count(),
        sampled=counts.sampled,
        reviewed=counts.reviewed,
        rejected=counts.rejected,
        rule=rule,
        outcome=outcome,
        needs_reason=outcome is not RuleOutcome.PASSES,
    )


def _refusal_to_sign(batch: Batch) -> Reason | None:
    if batch.verdict == BatchVerdict.SIGNED_OFF:
        return Reason(Code.BATCH_SIGNED_OFF)
    if batch.state != BatchState.DONE:
        return Reason(Code.BATCH_NOT_DONE)
    unanswered = unanswered_in(batch.pk).count()
    if unanswered:
        return Reason(Code.BATCH_UNANSWERED, count=unanswered)
    waiting = Review.objects.filter(batch=batch, waiting=True).count()
    if waiting:
        return Reason(Code.BATCH_UNREVIEWED, count=waiting)
    floor = batch.project.review_floor
    short = further_draw(batch, rate=0, floor=floor).short if floor else 0
    if short:
        return Reason(Code.FLOOR_NOT_REACHED, count=short, floor=floor)
    return None


@transaction.atomic
def sign_off(batch: Batch, *, by: User, reason: str = "", now: datetime) -> SignOffEffect:
    """Says that a batch is good to use: exports take it, and nothing of it changes any more.

    Conflict where answers or reviews are still to come; Invalid without a reason where the rule
    does not say that it passes.
    """
    locked = batches.lock(batch.pk)
    lock_items(Item.objects.filter(batch=locked))
    effect = sign_off_effect(locked)
    if effect.refusal:
        raise Conflict(effect.refusal)
    given = reviewing.reason_given(reason) if effect.needs_reason or reason.strip() else ""
    batches.give_verdict(locked, BatchVerdict.SIGNED_OFF, by=by, now=now)
    record(
        Verb.BATCH_SIGNED_OFF,
        by=by,
        now=now,
        project_id=locked.project_id,
        target=f"batch:{locked.pk}",
        reason=given,
        outcome=str(effect.outcome),
        items=effect.items,
        reviewed=effect.reviewed,
        rejected=effect.rejected,
        needed=effect.rule.reviewed,
        allowed=effect.rule.allowed,
    )
    events.batch_judged(locked, WebhookEvent.BATCH_SIGNED_OFF, reason=given, now=now)
    reports.outdate(locked.project_id)
    return effect


@transaction.atomic
def withdraw_sign_off(batch: Batch, *, by: User, reason: str, now: datetime) -> Batch:
    """Takes a sign-off back, and why: exports leave the batch, it can be reviewed and returned."""
    locked = batches.lock(batch.pk)
    if locked.verdict != BatchVerdict.SIGNED_OFF:
        raise Conflict(Reason(Code.BATCH_NOT_SIGNED_OFF))
    given = reviewing.reason_given(reason)
    batches.give_verdict(locked, BatchVerdict.OPEN, by=by, now=now)
    record(
        Verb.SIGN_OFF_WITHDRAWN,
        by=by,
        now=now,
        project_id=locked.project_id,
        target=f"batch:{locked.pk}",
        reason=given,
    )
    reports.outdate(locked.project_id)
    return locked


def return_effect(batch: Batch, *, annotator: User | None, to_authors: bool) -> ReturnEffect:
    """What would go back: one annotator's answers, or all (6 queries)."""
    annotator_id = annotator.pk if annotator else None
    rows = answered_in(batch.pk, annotator_id)
    answers = rows.count()
    here = rows.filter(item=OuterRef("item"))
    return ReturnEffect(
        refusal=_refusal_to_return(batch, answers),
        answers=answers,
        items=rows.order_by().values("item").distinct().count(),
        consensuses=Consensus.objects.filter(Exists(here), item__batch=batch).count(),
        slots=answers,
        reviews=Review.objects.filter(Exists(here), batch=batch).count(),
        stuck=_stuck(batch, annotator_id, to_authors=to_authors),
    )


def _refusal_to_return(batch: Batch, answers: int) -> Reason | None:
    if batch.verdict == BatchVerdict.SIGNED_OFF:
        return Reason(Code.BATCH_SIGNED_OFF)
    if not answers:
        return Reason(Code.NOTHING_TO_RETURN)
    return None


def _stuck(batch: Batch, annotator_id: int | None, *, to_authors: bool) -> int:
    """Of the slots that a return opens, those that nobody of the project may take."""
    people = set(
        Membership.objects.filter(
            project=batch.project_id, role=Role.ANNOTATOR, user__is_active=True
        ).values_list("user_id", flat=True)
    )
    going = answered_in(batch.pk, annotator_id)
    had = Assignment.objects.filter(
        item__in=going.values("item"), annotator__in=people, given_back=False
    )
    busy = Counter(had.values_list("item_id", flat=True))
    opened: Counter[uuid.UUID] = Counter()
    for item, author in going.values_list("item_id", "annotator_id"):
        opened[item] += 1
        if to_authors and author in people:
            busy[item] -= 1
    return sum(max(0, slots + busy[item] - len(people)) for item, slots in opened.items())


@transaction.atomic
def return_batch(
    batch: Batch, *, annotator: User | None, to_authors: bool, reason: str, by: User, now: datetime
) -> ReturnEffect:
    """Sends a batch back, or one annotator's share of it: their answers are rejected with the
    lead's reason and every slot opens anew, for others or (`to_authors`) for the same people too.

    Conflict for a signed-off batch, and where there is nothing to send back.
    """
    locked = batches.lock(batch.pk)
    annotator_id = annotator.pk if annotator else None
    going = answered_in(locked.pk, annotator_id)
    lock_items(Item.objects.filter(Exists(going.filter(item=OuterRef("pk"))), batch=locked))
    effect = return_effect(locked, annotator=annotator, to_authors=to_authors)
    if effect.refusal:
        raise Conflict(effect.refusal)
    answers = Annotation.objects.filter(counted=True, current=True, assignment__in=going)
    reviewing.send_back(
        locked, answers, annotator=annotator, to_authors=to_authors, reason=reason, by=by, now=now
    )
    gone = many.reject_all(going, actor_id=by.pk, cause=RETURNED, to_authors=to_authors, now=now)
    consensus.unsettle_unfinished(locked.pk)
    _settle_without({slot.item_id for slot in gone if slot.extra_vote}, locked.project, now=now)
    reviewing.set_waiting_in(locked.pk)
    batches.give_verdict(locked, BatchVerdict.RETURNED, by=by, now=now)
    record(
        Verb.BATCH_RETURNED,
        by=by,
        now=now,
        project_id=locked.project_id,
        target=f"batch:{locked.pk}",
        reason=reason.strip(),
        annotator=annotator.username if annotator else None,
        to_authors=to_authors,
        answers=effect.answers,
        items=effect.items,
        consensuses=effect.consensuses,
    )
    events.batch_judged(locked, WebhookEvent.BATCH_RETURNED, reason=reason.strip(), now=now)
    reports.outdate(locked.project_id)
    return effect


def _settle_without(item_ids: set[uuid.UUID], project: Project, *, now: datetime) -> None:
    """Items that have lost an extra vote and nothing else are settled by what is left."""
    for item in Item.objects.filter(pk__in=item_ids).order_by("pk"):
        consensus.unsettle(item)
        questions = questions_asked(item.project_id, item.asked)
        pipeline.settle_if_full(item, spec_of_item(item), questions, project=project, now=now)


def draw_effect(batch: Batch) -> DrawEffect:
    """What the project's present rate and floor would draw of a batch besides (7 queries)."""
    return _draw_effect(batch, _further(batch))


def _further(batch: Batch) -> FurtherDraw:
    project = batch.project
    return further_draw(batch, rate=project.review_rate, floor=project.review_floor)


def _draw_effect(batch: Batch, plan: FurtherDraw) -> DrawEffect:
    for_floor = sum(extra for _, extra in plan.items.values())
    drawn = Review.objects.filter(batch=batch).count()
    return DrawEffect(
        refusal=_refusal_to_draw(batch, plan),
        items=len(plan.items),
        for_rate=len(plan.items) - for_floor,
        for_floor=for_floor,
        consensuses=Consensus.objects.filter(item__in=list(plan.items)).count(),
        sampled=drawn + len(plan.items),
    )


def _refusal_to_draw(batch: Batch, plan: FurtherDraw) -> Reason | None:
    if batch.verdict == BatchVerdict.SIGNED_OFF:
        return Reason(Code.BATCH_SIGNED_OFF)
    if batch.state != BatchState.DONE:
        return Reason(Code.BATCH_NOT_DONE)
    if not plan.items:
        return Reason(Code.NOTHING_TO_DRAW)
    return None


@transaction.atomic
def draw_more(batch: Batch, *, by: User, now: datetime) -> DrawEffect:
    """Draws of a batch what the project's present rate and floor ask for besides.

    What was accepted at once is looked at after all: its consensus goes until that is done.
    """
    locked = batches.lock(batch.pk)
    lock_items(Item.objects.filter(batch=locked))
    plan = _further(locked)
    effect = _draw_effect(locked, plan)
    if effect.refusal:
        raise Conflict(effect.refusal)
    reviewing.draw_further(locked, plan)
    unseen = Assignment.objects.filter(item__in=list(plan.items), state="accepted")
    many.submit_all(unseen, actor_id=by.pk, cause="drawn for review", now=now)
    consensus.unsettle_unfinished(locked.pk)
    reviewing.set_waiting_in(locked.pk)
    record(
        Verb.REVIEWS_DRAWN,
        by=by,
        now=now,
        project_id=locked.project_id,
        target=f"batch:{locked.pk}",
        items=effect.items,
        for_floor=effect.for_floor,
        rate=locked.project.review_rate,
        floor=locked.project.review_floor,
    )
    reports.outdate(locked.project_id)
    return effect


def annotator_of(batch: Batch, user_id: int | None) -> User | None:
    """Who has answered something in a batch; None for all. Invalid for anybody else."""
    if user_id is None:
        return None
    answered = Assignment.objects.filter(item__batch=batch, annotator=OuterRef("pk"))
    found = User.objects.filter(Exists(answered), pk=user_id).first()
    if found is None:
        raise Invalid(fields={"annotator_id": Reason(Code.NOT_OF_THIS_BATCH)})
    return found
