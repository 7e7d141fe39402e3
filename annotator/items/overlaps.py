"""How many people an item has: as many as its project asks for, if it has no number of its own."""

from collections.abc import Collection

from django.db.models import Avg, Count, F
from django.db.models.functions import Coalesce

from annotator.items.models import Item
from annotator.projects.models import Project

# A round for evaluation puts its items to one person each, and this share to all.
ALONE = 1
SHARE_OF_ALL = 1 / 5


def overlap_of(item: Item, project: Project) -> int:
    """Accepted annotations that the item needs; `project` is its own."""
    return project.overlap if item.overlap is None else item.overlap


def overlap_at(item: str = "") -> Coalesce:
    """The same in a query; `item`: the way to the item, "item__" of a slot."""
    return Coalesce(F(f"{item}overlap"), F(f"{item}project__overlap"))


def mean_overlap(project: Project) -> float:
    """How many people an item of the project has on the mean, excluded ones apart (1 query)."""
    rows = Item.objects.filter(project=project, excluded_at=None)
    found = rows.aggregate(mean=Avg(overlap_at()))["mean"]
    return project.overlap if found is None else float(found)


def singles_in(batch_ids: Collection[int]) -> dict[int, int]:
    """Batch → how many of its items take one person each, where their project asks more.

    1 query, 0 for no batches.
    """
    if not batch_ids:
        return {}
    rows = Item.objects.filter(batch__in=batch_ids, overlap=ALONE).values_list("batch_id")
    return dict(rows.annotate(n=Count("pk")))
