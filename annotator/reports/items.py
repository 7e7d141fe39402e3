"""A lead's list of items: searched, filtered, and in pages by key, whatever the project's size."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    F,
    Func,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.lookups import LessThan

from annotator.accounts.models import Role
from annotator.assignments.models import CALLED_OFF, Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, Item, MetaOf
from annotator.items.overlaps import overlap_of
from annotator.items.selectors import meta_keys, places_of, texts_of, thumbnail_url
from annotator.measurements.choices import chosen_of
from annotator.projects.models import Membership, Project
from annotator.reports.item_filter import BEGUN, ItemFilter, ItemState, matching, widest
from annotator.reports.people import names_of
from annotator.reviews.models import Review

PAGE = 50


class ItemOrder(StrEnum):
    """Newest upload first, oldest first, or the widest disagreement first (settled items alone)."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ItemChoices:
    """What the list can be filtered by, in a project."""

    generators: list[str]
    annotators: list[NamedPerson]
    metrics: list[str] = field(metadata={"help": "Those that it measures."})
    image_meta: list[str] = field(metadata={"help": "Keys that came with images."})
    item_meta: list[str] = field(metadata={"help": "Keys that came with items: `category` …"})


def choices_of(project: Project) -> ItemChoices:
    """See ItemChoices (4 queries and those of names)."""
    keys = meta_keys(project)
    images = Image.objects.filter(project=project)
    generators = images.order_by("generator").values_list("generator", flat=True).distinct()
    held = Membership.objects.filter(project=project, role=Role.ANNOTATOR)
    names = names_of(list(held.values_list("user_id", flat=True)))
    return ItemChoices(
        generators=[name for name in generators if name],
        annotators=[
            NamedPerson(pk, name) for pk, name in sorted(names.items(), key=lambda one: one[1])
        ],
        metrics=chosen_of(project).chosen,
        image_meta=keys[MetaOf.IMAGE],
        item_meta=keys[MetaOf.ITEM],
    )


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An image of a listed item, as a lead may know it."""

    letter: str
    generator: str
    thumbnail_url: str
    meta: dict[str, str] = field(metadata={"help": "What came with it, each value as text."})


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item in short."""

    id: uuid.UUID
    key: str = field(metadata={"help": "The uploader's name for it."})
    prompt: str
    meta: dict[str, str] = field(metadata={"help": "What came with it, each value as text."})
    batch: int
    batch_name: str
    images: list[ListedImage]
    state: ItemState
    sampled: bool
    answers: int = field(metadata={"help": "Answers that stand, extra votes among them."})
    overlap: int
    extra_votes: int = field(metadata={"help": "Votes asked over and above the overlap."})
    overridden: bool
    disagreement: float | None = field(
        metadata={"help": "0 all the same, 1 nothing alike; null: not settled."}
    )
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of items; `next` is the cursor of the following one."""

    results: list[ListedItem]
    next: str | None


def page_of_items(
    project: Project, which: ItemFilter, *, order: ItemOrder = ItemOrder.NEWEST, cursor: str = ""
) -> ItemPage:
    """The items after the cursor, PAGE of them (at most 10 queries). Raises Invalid."""
    if order is ItemOrder.DISAGREEMENT:
        found = _widest(project, which, cursor)
    else:
        found = _by_upload(project, which, cursor, ascending=order is ItemOrder.OLDEST)
    page = found[:PAGE]
    listed = _listed(page, project)
    more = len(found) > PAGE
    return ItemPage(listed, _cursor(listed[-1], order) if more else None)


def _by_upload(
    project: Project, which: ItemFilter, cursor: str, *, ascending: bool
) -> Sequence[Item]:
    rows = matching(project, which).select_related("batch")
    ordered = rows.order_by("batch", "key") if ascending else rows.order_by("-batch", "-key")
    if not cursor:
        return list(ordered[: PAGE + 1])
    last = Item.objects.filter(project=project, pk=_uuid(cursor)).first()
    if last is None:
        raise _unknown()
    # First what is left of its batch: of (batch, key) as one PostgreSQL expects a row or none, and
    # looks into every item that is left for each of the filters.
    compare = "gt" if ascending else "lt"
    found = list(ordered.filter(batch=last.batch_id, **{f"key__{compare}": last.key})[: PAGE + 1])
    if len(found) <= PAGE:
        found += ordered.filter(**{f"batch__{compare}": last.batch_id})[: PAGE + 1 - len(found)]
    return found


def _widest(project: Project, which: ItemFilter, cursor: str) -> Sequence[Item]:
    rows = widest(project, which).select_related("item__batch")
    if cursor:
        number, _, name = cursor.partition("_")
        try:
            disagreement = float(number)
        except ValueError as error:
            raise _unknown() from error
        columns = _together(F("disagreement"), F("item"))
        item_id = Value(_uuid(name), output_field=UUIDField())
        rows = rows.filter(LessThan(columns, _together(Value(disagreement), item_id)))
    return [row.item for row in rows[: PAGE + 1]]


def _together(*parts: Any) -> Func:
    """Columns or values compared as one, so that an index finds where the page begins."""
    return Func(*parts, template="(%(expressions)s)", output_field=TextField())


def _cursor(last: ListedItem, order: ItemOrder) -> str:
    if order is ItemOrder.DISAGREEMENT:
        return f"{last.disagreement!r}_{last.id}"
    return str(last.id)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise _unknown() from error


def _unknown() -> Invalid:
    return Invalid(fields={"cursor": Reason(Code.CURSOR_UNKNOWN)})


@dataclass(frozen=True, slots=True)
class ItemStandings:
    """Where items stand: what decides their state, read at once for many (3 queries)."""

    slots: dict[uuid.UUID, Counter[tuple[str, bool]]]
    reviews: dict[uuid.UUID, bool]
    consensus: dict[uuid.UUID, Consensus]

    def state_of(self, item: Item) -> ItemState:
        """The item's state."""
        if item.excluded_at is not None:
            return ItemState.EXCLUDED
        if self.reviews.get(item.pk):
            return ItemState.WAITING
        if item.pk in self.consensus:
            return ItemState.SETTLED
        begun = any(state in BEGUN for state, _ in self.slots[item.pk])
        return ItemState.IN_WORK if begun else ItemState.OPEN

    def answers_of(self, item: Item) -> int:
        """How many answers of it stand."""
        counts = self.slots[item.pk].items()
        return sum(
            n
            for (state, _), n in counts
            if state in {AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}
        )

    def extra_votes_of(self, item: Item) -> int:
        """How many votes were asked over and above the overlap."""
        return sum(n for (_, extra), n in self.slots[item.pk].items() if extra)


def standing_of(item_ids: Sequence[uuid.UUID]) -> ItemStandings:
    """Where these items stand (3 queries)."""
    slots: dict[uuid.UUID, Counter[tuple[str, bool]]] = defaultdict(Counter)
    live = Assignment.objects.filter(item__in=item_ids).exclude(state=AssignmentState.REJECTED)
    live = live.exclude(state=AssignmentState.WITHDRAWN, position=CALLED_OFF)
    for item_id, state, extra in live.values_list("item_id", "state", "extra_vote"):
        slots[item_id][state, extra] += 1
    return ItemStandings(
        slots=slots,
        reviews=dict(Review.objects.filter(item__in=item_ids).values_list("item_id", "waiting")),
        consensus={row.item_id: row for row in Consensus.objects.filter(item__in=item_ids)},
    )


def _listed(items: Sequence[Item], project: Project) -> list[ListedItem]:
    ids = [item.pk for item in items]
    places, standing = places_of(ids), standing_of(ids)
    return [
        ListedItem(
            id=item.pk,
            key=item.key,
            prompt=item.prompt,
            meta=texts_of(item.meta),
            batch=item.batch_id,
            batch_name=item.batch.name,
            images=[
                ListedImage(
                    place.letter,
                    place.image.generator,
                    thumbnail_url(place.image_id),
                    texts_of(place.image.meta),
                )
                for place in places[item.pk]
            ],
            state=standing.state_of(item),
            sampled=item.pk in standing.reviews,
            answers=standing.answers_of(item),
            overlap=overlap_of(item, project),
            extra_votes=standing.extra_votes_of(item),
            overridden=consensus is not None and consensus.override_id is not None,
            disagreement=consensus.disagreement if consensus else None,
            settled_at=consensus.settled_at if consensus else None,
        )
        for item in items
        for consensus in [standing.consensus.get(item.pk)]
    ]
