"""Which items a lead's list asks for, as conditions on items or on rows that have one."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import NegatedExpression

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.items.models import Image, Item, ItemImage, MetaOf
from annotator.items.selectors import holding, meta_keys
from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from annotator.reviews.models import Review

# So many rows are named one by one: to walk all items for them would take longer.
FEW = 2000
BEGUN = (AssignmentState.CLAIMED, AssignmentState.SUBMITTED, AssignmentState.ACCEPTED)


class ItemState(StrEnum):
    """How far an item is. Open: nobody has begun. Excluded goes before all others."""

    OPEN = "open"
    IN_WORK = "in_work"
    WAITING = "waiting"
    SETTLED = "settled"
    EXCLUDED = "excluded"


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
    meta: str = ""
    meta_value: str = ""


Condition: TypeAlias = "Q | Exists | NegatedExpression[Any]"


def matching(project: Project, which: ItemFilter) -> QuerySet[Item]:
    """The items of a project that a filter lets through, in no order."""
    return Item.objects.filter(*_conditions(project, which), project=project)


def widest(project: Project, which: ItemFilter) -> QuerySet[Consensus]:
    """What settled items say together, those first on which people differ most.

    The conditions stand on these rows themselves: PostgreSQL walks the index of disagreement until
    it has a page. Asked for the consensus of matching items, it finds all of those first.
    """
    rows = Consensus.objects.filter(project=project, disagreement__isnull=False)
    if which.state is ItemState.IN_WORK:
        return rows.none()
    if which.disagreement is not None:
        rows = rows.filter(disagreement__gte=which.disagreement)
    rest = replace(which, disagreement=None)
    if rest != ItemFilter():
        rows = rows.filter(*_conditions(project, rest, "item__"), item__source=None)
    return rows.order_by("-disagreement", "-item")


def _conditions(project: Project, which: ItemFilter, at: str = "") -> list[Condition]:
    """What the filter asks of rows whose item is at this path: all of it has to hold."""
    found: list[Condition] = []
    item = OuterRef(f"{at}pk")
    if which.search:
        found.append(Q(Mentions(F(f"{at}prompt"), Value(_pattern(which.search)))))
    if which.batch is not None:
        found.append(Q(**{f"{at}batch": which.batch}))
    if which.state is not None:
        found += _in_state(project, which.state, at)
    if which.sampled is not None:
        drawn = Exists(Review.objects.filter(item=item))
        found.append(drawn if which.sampled else ~drawn)
    if which.generator:
        made = ItemImage.objects.filter(item=item, image__generator=which.generator)
        # Batches without it are passed over as a whole.
        images = Image.objects.filter(project=project, generator=which.generator)
        found += [Exists(made), _of_their_batches(project, images, at)]
    if which.annotator is not None:
        own = Annotation.objects.filter(item=item, annotator=which.annotator)
        found.append(Exists(own))
    if which.disagreement is not None:
        wide = Consensus.objects.filter(item=item, disagreement__gte=which.disagreement)
        found.append(Exists(wide))
    if which.metric:
        found.append(Exists(ItemImage.objects.filter(_measured(which), item=item)))
    if which.meta:
        found.append(_with_meta(project, which, at))
    return found


def _of_their_batches(project: Project, images: QuerySet[Image], at: str) -> Q:
    """Items of these images' batches, and of rounds, which show those of others (1 query)."""
    rounds = Batch.objects.filter(project=project, round__isnull=False).order_by()
    found = images.order_by().values_list("batch_id", flat=True)
    return Q(**{f"{at}batch__in": set(found.union(rounds.values_list("pk", flat=True)))})


def _with_meta(project: Project, which: ItemFilter, at: str) -> Q:
    """Items with the key (and value) themselves, or of which an image has it (2 queries, or 3).

    Of few images the items are named: walking all items to find them would take seconds. Of many
    the walk soon has a page, and batches without any are passed over.
    """
    keys = meta_keys(project)
    own = Q(**{f"{at}pk__in": []})
    if which.meta in keys[MetaOf.ITEM]:
        own = holding(which.meta, which.meta_value, f"{at}meta")
    if which.meta not in keys[MetaOf.IMAGE]:
        return own
    images = Image.objects.filter(holding(which.meta, which.meta_value), project=project)
    found = list(images.values_list("pk", flat=True)[: FEW + 1])
    if len(found) <= FEW:
        places = ItemImage.objects.filter(image__in=found).values_list("item_id", flat=True)
        return own | Q(**{f"{at}pk__in": set(places)})
    of_item = ItemImage.objects.filter(item=OuterRef(f"{at}pk"))
    return own | Q(Exists(of_item.filter(image__in=images)), _of_their_batches(project, images, at))


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


def _measured(which: ItemFilter) -> Exists:
    """Whether the image in a place has a value of the metric between the bounds."""
    rows = Measurement.objects.filter(
        image=OuterRef("image"), metric=which.metric, current=True, state=JobState.DONE
    )
    if which.metric_min is not None:
        rows = rows.filter(value__gte=which.metric_min)
    if which.metric_max is not None:
        rows = rows.filter(value__lte=which.metric_max)
    return Exists(rows)


def _with_open_slots(project: Project, at: str) -> list[Condition]:
    """The items with an open slot, if they are few; nothing, where they are many (1 query).

    In a project that is nearly done every item would be walked to find that few are open.
    """
    slots = Assignment.objects.filter(project=project, state=AssignmentState.OPEN)
    found = list(slots.values_list("item_id", flat=True)[: FEW + 1])
    return [Q(**{f"{at}pk__in": set(found)})] if len(found) <= FEW else []


def _in_state(project: Project, state: ItemState, at: str) -> list[Condition]:
    excluded = f"{at}excluded_at__isnull"
    if state is ItemState.EXCLUDED:
        return [Q(**{excluded: False})]
    item = OuterRef(f"{at}pk")
    taken_in = Q(**{excluded: True})
    waiting = Exists(Review.objects.filter(item=item, waiting=True))
    if state is ItemState.WAITING:
        return [taken_in, waiting]
    settled = Exists(Consensus.objects.filter(item=item))
    if state is ItemState.SETTLED:
        return [taken_in, settled, ~waiting]
    begun = Exists(Assignment.objects.filter(item=item, state__in=BEGUN))
    if state is ItemState.OPEN:
        return [taken_in, ~begun, *_with_open_slots(project, at)]
    return [taken_in, begun, ~settled, ~waiting]
