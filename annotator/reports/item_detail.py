"""One item with everything that is known of it, for a lead. An annotator must never see it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotator.accounts.models import User
from annotator.actions.selectors import actions_on
from annotator.actions.services import Verb
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import answers_of
from annotator.assignments.models import CALLED_OFF, Assignment, AssignmentState, Event
from annotator.assignments.selectors import Shown
from annotator.consensus.models import Consensus, Finding, Override
from annotator.items.models import Item
from annotator.items.overlaps import overlap_of
from annotator.items.selectors import (
    ImageBeside,
    design_of,
    file_url,
    images_beside,
    item_spec,
    judged,
    places_in_any_role,
    texts_of,
    thumbnail_url,
)
from annotator.projects.models import BatchVerdict
from annotator.projects.selectors import questions_of
from annotator.questions.types import ChecklistRow, ItemSpec
from annotator.reports.imported import ImportedAnswer, imported_answers
from annotator.reports.item_filter import ItemState
from annotator.reports.items import NamedPerson, standing_of
from annotator.reviews.models import AcceptOrReject, Review, ReviewerAnswer, SecondReview, Verdict

# A reopened answer is among the events of its slot.
ON_ITEM = (
    Verb.EXTRA_VOTE_ASKED,
    Verb.EXTRA_VOTE_CALLED_OFF,
    Verb.ITEM_EXCLUDED,
    Verb.ITEM_INCLUDED,
    Verb.OVERRIDE_GIVEN,
    Verb.OVERRIDE_WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class DetailedImage:
    """An image of the item as a lead may know it."""

    id: uuid.UUID
    letter: str
    generator: str
    source_name: str
    meta: dict[str, str] = field(metadata={"help": "What came with it, each value as text."})
    url: str
    thumbnail_url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ExcludedItem:
    """Who keeps the item out, since when and why."""

    by: NamedPerson
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GivenVerdictShape:
    """A reviewer's verdict on an answer."""

    value: AcceptOrReject
    reason: str
    reviewer: NamedPerson
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a reviewer would have answered; `corrects`: the rejected answer that it is about.

    Without one it was given before any answer was seen. It counts nowhere.
    """

    reviewer: NamedPerson
    at: datetime
    corrects: uuid.UUID | None
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DetailedAnswer:
    """One answer, also a superseded, rejected or late one; see `state`, `current`, `counted`."""

    id: uuid.UUID
    annotator: NamedPerson
    slot: int
    extra_vote: bool
    state: AssignmentState = field(metadata={"help": "Of its slot."})
    revision: int
    current: bool = field(metadata={"help": "False: its author changed it later."})
    counted: bool = field(
        metadata={"help": "False: it came when the slot had gone to somebody else."}
    )
    stands: bool = field(metadata={"help": "It counts: it can be reopened."})
    answers: dict[str, Any]
    shown: Shown
    active_ms: int | None
    claimed_at: datetime | None
    first_submitted_at: datetime
    submitted_at: datetime
    verdict: GivenVerdictShape | None
    second_verdict: GivenVerdictShape | None = field(
        metadata={"help": "Of a second reviewer who did not see the first verdict."}
    )


@dataclass(frozen=True, slots=True)
class DetailedSlot:
    """A place of the item for an annotator, as it is now."""

    slot: int
    extra_vote: bool
    state: AssignmentState
    annotator: NamedPerson | None
    shown: Shown
    lease_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """One change of a slot's state: whose it was, by whom, why."""

    at: datetime
    slot: int
    from_state: AssignmentState
    to_state: AssignmentState
    cause: str
    reason: str
    annotator: NamedPerson | None
    actor: NamedPerson | None


@dataclass(frozen=True, slots=True)
class ItemAction:
    """What a lead did to the item as a whole, as the audit tells it."""

    at: datetime
    verb: str = field(metadata={"choices": ON_ITEM})
    by: NamedPerson | None
    reason: str = field(metadata={"help": "Empty where none is asked for."})


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One thing that is the item's consensus; see the export of `annotations` for the keys."""

    question: str
    letter: str
    key: str
    votes: int
    of: int
    value: float | None
    decided: bool


@dataclass(frozen=True, slots=True)
class ItemOverride:
    """A lead's own answers, in the place of what people say together."""

    by: NamedPerson
    at: datetime
    reason: str
    answers: dict[str, Any]
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemConsensus:
    """What the item is said to be; of `annotations` accepted answers, or of a lead's override."""

    annotations: int
    settled_at: datetime
    disagreement: float | None
    overridden: bool
    findings: list[ItemFinding]


@dataclass(frozen=True, slots=True)
class DetailedItem:
    """An item with everything that is known of it."""

    id: uuid.UUID
    key: str
    asked: int = field(metadata={"help": "Which version of the questions it is for."})
    prompt: str
    meta: dict[str, str] = field(metadata={"help": "What came with it, each value as text."})
    design: str = field(
        metadata={"help": "The rule by which the site drew the pair; empty: the upload listed it."}
    )
    selection_probability: float | None = field(
        metadata={"help": "How likely the rule was to draw it."}
    )
    overlap: int = field(metadata={"help": "How many people it has, extra votes apart."})
    tokens: list[str]
    checklist: list[ChecklistRow]
    batch: int
    batch_name: str
    batch_verdict: BatchVerdict = field(metadata={"help": "Signed off: no move is taken."})
    state: ItemState
    sampled: bool
    review: int | None = field(metadata={"help": "Its review, if it was drawn."})
    excluded: ExcludedItem | None
    images: list[DetailedImage]
    beside: list[ImageBeside]
    slots: list[DetailedSlot]
    answers: list[DetailedAnswer]
    imported: list[ImportedAnswer]
    consensus: ItemConsensus | None
    overrides: list[ItemOverride] = field(metadata={"help": "Newest first, withdrawn ones too."})
    reviewer_answers: list[KeptAnswer]
    history: list[ItemEvent] = field(metadata={"help": "Of its slots, oldest first."})
    actions: list[ItemAction] = field(metadata={"help": "Of the item as a whole, oldest first."})


def detail_of(item: Item) -> DetailedItem:
    """The item with everything (18 queries, however many answers)."""
    return _Reading(item).detail()


def _person(user: User) -> NamedPerson:
    return NamedPerson(user.pk, user.display_name or user.username)


def _person_or_none(user: User | None) -> NamedPerson | None:
    return None if user is None else _person(user)


class _Reading:
    """One item's rows, read once."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.shown = places_in_any_role([item.pk])[item.pk]
        self.places = judged(self.shown)
        self.questions = questions_of(item.project_id)
        self.standing = standing_of([item.pk])
        self.slots = list(
            Assignment.objects.filter(item=item)
            .select_related("annotator")
            .order_by("slot", "position")
        )

    def detail(self) -> DetailedItem:
        item = self.item
        return DetailedItem(
            id=item.pk,
            key=item.key,
            asked=item.asked or item.project.asked,
            prompt=item.prompt,
            meta=texts_of(item.meta),
            design=design_of(item, item.batch),
            selection_probability=item.selection_probability,
            overlap=overlap_of(item, item.project),
            tokens=item.tokens,
            checklist=list(item.rows),
            batch=item.batch_id,
            batch_name=item.batch.name,
            batch_verdict=BatchVerdict(item.batch.verdict),
            state=self.standing.state_of(item),
            sampled=item.pk in self.standing.reviews,
            review=Review.objects.filter(item=item).values_list("pk", flat=True).first(),
            excluded=self.excluded(),
            images=self.images(),
            beside=images_beside(self.shown),
            slots=[self.slot(row) for row in self.slots if _is_live(row)],
            answers=self.answers(),
            imported=imported_answers(item, self.questions, self.spec()),
            consensus=self.consensus(),
            overrides=self.overrides(),
            reviewer_answers=self.reviewer_answers(),
            history=self.history(),
            actions=self.actions(),
        )

    def spec(self) -> ItemSpec:
        return item_spec(self.item, (place.letter for place in self.places))

    def excluded(self) -> ExcludedItem | None:
        item = self.item
        if item.excluded_at is None or item.excluded_by is None:
            return None
        return ExcludedItem(_person(item.excluded_by), item.excluded_at, item.excluded_reason)

    def images(self) -> list[DetailedImage]:
        return [
            DetailedImage(
                id=place.image_id,
                letter=place.letter,
                generator=place.image.generator,
                source_name=place.image.source_name,
                meta=texts_of(place.image.meta),
                url=file_url(place.image_id),
                thumbnail_url=thumbnail_url(place.image_id),
                width=place.image.width,
                height=place.image.height,
            )
            for place in self.places
        ]

    def slot(self, row: Assignment) -> DetailedSlot:
        return DetailedSlot(
            slot=row.slot,
            extra_vote=row.extra_vote,
            state=AssignmentState(row.state),
            annotator=_person_or_none(row.annotator),
            shown=Shown(list(row.shown_order)),
            lease_expires_at=row.lease_expires_at,
        )

    def answers(self) -> list[DetailedAnswer]:
        rows = list(
            Annotation.objects.filter(item=self.item)
            .select_related("annotator", "assignment")
            .order_by("assignment__slot", "first_submitted_at", "revision", "pk")
        )
        spec = item_spec(self.item, (place.letter for place in self.places))
        given = answers_of(rows, self.questions, spec)
        verdicts = Verdict.objects.filter(annotation__item=self.item).select_related("reviewer")
        by_answer = {row.annotation_id: _verdict(row) for row in verdicts}
        seconds = SecondReview.objects.filter(annotation__item=self.item, at__isnull=False)
        again = {row.annotation_id: _second(row) for row in seconds.select_related("reviewer")}
        return [
            self.answer(row, given[row.pk], by_answer.get(row.pk), again.get(row.pk))
            for row in rows
        ]

    def reviewer_answers(self) -> list[KeptAnswer]:
        rows = ReviewerAnswer.objects.filter(review__item=self.item).select_related("reviewer")
        return [
            KeptAnswer(_person(row.reviewer), row.at, row.annotation_id, row.answers)
            for row in rows.order_by("pk")
        ]

    def answer(
        self,
        row: Annotation,
        answers: dict[str, Any],
        verdict: GivenVerdictShape | None,
        second: GivenVerdictShape | None,
    ) -> DetailedAnswer:
        slot = row.assignment
        return DetailedAnswer(
            id=row.pk,
            annotator=_person(row.annotator),
            slot=slot.slot,
            extra_vote=slot.extra_vote,
            state=AssignmentState(slot.state),
            revision=row.revision,
            current=row.current,
            counted=row.counted,
            stands=row.current and row.counted and slot.state != AssignmentState.REJECTED,
            answers=answers,
            shown=Shown(list(row.shown_order)),
            active_ms=row.active_ms,
            claimed_at=row.claimed_at,
            first_submitted_at=row.first_submitted_at,
            submitted_at=row.submitted_at,
            verdict=verdict,
            second_verdict=second,
        )

    def consensus(self) -> ItemConsensus | None:
        row: Consensus | None = self.standing.consensus.get(self.item.pk)
        if row is None:
            return None
        keys = {question.pk: question.key for question in self.questions}
        order = {question.pk: place for place, question in enumerate(self.questions)}
        found = sorted(
            Finding.objects.filter(consensus=row),
            key=lambda each: (order[each.question_id], each.letter, each.key),
        )
        return ItemConsensus(
            annotations=row.annotations,
            settled_at=row.settled_at,
            disagreement=row.disagreement,
            overridden=row.override_id is not None,
            findings=[
                ItemFinding(
                    question=keys[each.question_id],
                    letter=each.letter,
                    key=each.key,
                    votes=each.votes,
                    of=each.of,
                    value=each.value,
                    decided=each.decided,
                )
                for each in found
            ],
        )

    def overrides(self) -> list[ItemOverride]:
        rows = Override.objects.filter(item=self.item).select_related("by").order_by("-pk")
        return [
            ItemOverride(_person(row.by), row.at, row.reason, row.answers, row.withdrawn_at)
            for row in rows
        ]

    def history(self) -> list[ItemEvent]:
        slots = {row.pk: row.slot for row in self.slots}
        rows = Event.objects.filter(assignment__in=list(slots)).select_related("annotator", "actor")
        return [
            ItemEvent(
                at=row.at,
                slot=slots[row.assignment_id],
                from_state=AssignmentState(row.from_state),
                to_state=AssignmentState(row.to_state),
                cause=row.cause,
                reason=row.reason,
                annotator=_person_or_none(row.annotator),
                actor=_person_or_none(row.actor),
            )
            for row in rows.order_by("pk")
        ]

    def actions(self) -> list[ItemAction]:
        rows = actions_on(f"item:{self.item.pk}").filter(verb__in=ON_ITEM)
        return [
            ItemAction(row.at, row.verb, _person_or_none(row.actor), row.details.get("reason", ""))
            for row in rows
        ]


def _is_live(row: Assignment) -> bool:
    if row.state == AssignmentState.WITHDRAWN:
        return row.position != CALLED_OFF
    return row.state != AssignmentState.REJECTED


def _second(row: SecondReview) -> GivenVerdictShape | None:
    if row.reviewer is None or row.at is None:
        return None
    return GivenVerdictShape(AcceptOrReject(row.value), row.reason, _person(row.reviewer), row.at)


def _verdict(row: Verdict) -> GivenVerdictShape:
    return GivenVerdictShape(AcceptOrReject(row.value), row.reason, _person(row.reviewer), row.at)
