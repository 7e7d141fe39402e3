"""A lead's list of items: searched, filtered, and in pages by key, whatever the project's size."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.lookups import GreaterThan, LessThan

from annotator.accounts.models import Role
from annotator.annotations.models import Annotation
from annotator.assignments.models import CALLED_OFF, Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, Item, ItemImage
from annotator.items.selectors import places_of, thumbnail_url
from annotator.jobs.models import JobState
from annotator.measurements.choices import chosen_of
from annotator.measurements.models import Measurement
from annotator.projects.models import Membership, Project
from annotator.reports.people import names_of
from annotator.reviews.models import Review

PAGE = 50
BEGUN = (AssignmentState.CLAIMED, AssignmentState.SUBMITTED, AssignmentState.ACCEPTED)


class ItemState(StrEnum):
    """How far an item is. Open: nobody has begun. Excluded goes before all others."""

    OPEN = "open"
    IN_WORK = "in_work"
    WAITING = "waiting"
    SETTLED = "settled"
    EXCLUDED = "excluded"


class ItemOrder(StrEnum):
    """Newest upload first, oldest first, or the widest disagreement first (settled items alone)."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items, all of it together; what is None or empty asks for nothing."""

    search: str = ""
    batch: int | None = None
    state: ItemState | None = None
    sampled: bool | None = None
    generator: str = ""
    annotator: int | None = None
    disagreement: float | None = None
    metric: str = ""
    metric_min: float | None = None
    metric_max: float | None = None


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


def choices_of(project: Project) -> ItemChoices:
    """See ItemChoices (3 queries and those of names)."""
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
    )


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An image of a listed item, as a lead may know it."""

    letter: str
    generator: str
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item in short."""

    id: uuid.UUID
    key: str = field(metadata={"help": "The uploader's name for it."})
    prompt: str
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
    """The items after the cursor, PAGE of them (at most 8 queries). Raises Invalid for a cursor."""
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
    if cursor:
        last = rows.model.objects.filter(project=project, pk=_uuid(cursor)).first()
        if last is None:
            raise _unknown()
        compare = GreaterThan if ascending else LessThan
        after = _together(Value(last.batch_id), Value(last.key))
        rows = rows.filter(compare(_together(F("batch"), F("key")), after))
    ordered = rows.order_by("batch", "key") if ascending else rows.order_by("-batch", "-key")
    return list(ordered[: PAGE + 1])


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


def widest(project: Project, which: ItemFilter) -> QuerySet[Consensus]:
    """What settled items say together, those first on which people differ most."""
    rows = Consensus.objects.filter(project=project, disagreement__isnull=False)
    if which != ItemFilter():
        rows = rows.filter(item__in=matching(project, which))
    return rows.order_by("-disagreement", "-item")


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


def matching(project: Project, which: ItemFilter) -> QuerySet[Item]:
    """The items of a project that a filter lets through, in no order."""
    rows = Item.objects.filter(project=project)
    if which.search:
        rows = rows.filter(Mentions(F("prompt"), Value(_pattern(which.search))))
    if which.batch is not None:
        rows = rows.filter(batch=which.batch)
    if which.state is not None:
        rows = _in_state(rows, which.state)
    if which.sampled is not None:
        drawn = Exists(Review.objects.filter(item=OuterRef("pk")))
        rows = rows.filter(drawn if which.sampled else ~drawn)
    if which.generator:
        made = ItemImage.objects.filter(item=OuterRef("pk"), image__generator=which.generator)
        # Batches without it are passed over as a whole.
        images = Image.objects.filter(project=project, generator=which.generator)
        batches = set(images.values_list("batch_id", flat=True).distinct())
        rows = rows.filter(Exists(made), batch__in=batches)
    if which.annotator is not None:
        own = Annotation.objects.filter(item=OuterRef("pk"), annotator=which.annotator)
        rows = rows.filter(Exists(own))
    if which.disagreement is not None:
        rows = rows.filter(Exists(_consensus(disagreement__gte=which.disagreement)))
    if which.metric:
        rows = rows.filter(Exists(_measured(which)))
    return rows


class Mentions(Func):
    """Whether a text matches a pattern, whatever the case.

    On the column itself, for which PostgreSQL keeps statistics; Django's own is of upper(column).
    """

    template = "%(expressions)s ESCAPE '!'"
    arg_joiner = " ILIKE "
    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """SQLite's LIKE is of any case."""
        return self.as_sql(compiler, connection, arg_joiner=" LIKE ", **more)


def _pattern(part: str) -> str:
    for special in "!%_":
        part = part.replace(special, f"!{special}")
    return f"%{part}%"


def _consensus(**fields: object) -> QuerySet[Consensus]:
    return Consensus.objects.filter(item=OuterRef("pk"), **fields)


def _measured(which: ItemFilter) -> QuerySet[Measurement]:
    """Values of the metric of any of the item's images, between the bounds."""
    rows = Measurement.objects.filter(
        image__places__item=OuterRef("pk"), metric=which.metric, current=True, state=JobState.DONE
    )
    if which.metric_min is not None:
        rows = rows.filter(value__gte=which.metric_min)
    if which.metric_max is not None:
        rows = rows.filter(value__lte=which.metric_max)
    return rows


def _in_state(rows: QuerySet[Item], state: ItemState) -> QuerySet[Item]:
    if state is ItemState.EXCLUDED:
        return rows.filter(excluded_at__isnull=False)
    rows = rows.filter(excluded_at__isnull=True)
    waiting = Exists(Review.objects.filter(item=OuterRef("pk"), waiting=True))
    if state is ItemState.WAITING:
        return rows.filter(waiting)
    if state is ItemState.SETTLED:
        return rows.filter(Exists(_consensus()), ~waiting)
    begun = Exists(Assignment.objects.filter(item=OuterRef("pk"), state__in=BEGUN))
    if state is ItemState.OPEN:
        return rows.filter(~begun)
    return rows.filter(begun, ~Exists(_consensus()), ~waiting)


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
            batch=item.batch_id,
            batch_name=item.batch.name,
            images=[
                ListedImage(place.letter, place.image.generator, thumbnail_url(place.image_id))
                for place in places[item.pk]
            ],
            state=standing.state_of(item),
            sampled=item.pk in standing.reviews,
            answers=standing.answers_of(item),
            overlap=project.overlap,
            extra_votes=standing.extra_votes_of(item),
            overridden=consensus is not None and consensus.override_id is not None,
            disagreement=consensus.disagreement if consensus else None,
            settled_at=consensus.settled_at if consensus else None,
        )
        for item in items
        for consensus in [standing.consensus.get(item.pk)]
    ]
