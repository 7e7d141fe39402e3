"""How much there is: of one project for its page, of everything for the monitoring."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.consensus.models import Consensus
from annotator.items.models import Item
from annotator.measurements.models import Measurement, SetMeasurement
from annotator.projects.models import Batch
from annotator.rewards.models import RewardHead


@dataclass(frozen=True, slots=True)
class ProjectCounts:
    """Items of a project that are in work or done, and how many of them are settled."""

    items: int = 0
    settled: int = 0


def counts_of(project_ids: Collection[int]) -> dict[int, ProjectCounts]:
    """Counts by project; 2 queries, 0 for no projects."""
    if not project_ids:
        return {}
    found = []
    for rows in (Item.objects.filter(excluded_at=None), Consensus.objects.all()):
        counted = rows.filter(project_id__in=project_ids).values_list("project_id")
        found.append(dict(counted.annotate(n=Count("pk"))))
    items, settled = found
    return {pk: ProjectCounts(items.get(pk, 0), settled.get(pk, 0)) for pk in project_ids}


def counts_by_state() -> dict[str, dict[str, int]]:
    """What the monitoring watches here: kind of row → state → how many (5 queries)."""
    kinds = {
        "assignments": Assignment,
        "batches": Batch,
        "measurements": Measurement,
        "set_measurements": SetMeasurement,
        "reward_heads": RewardHead,
    }
    return {
        kind: dict(model._default_manager.values_list("state").annotate(n=Count("pk")))
        for kind, model in kinds.items()
    }


def annotations_total() -> int:
    """Every annotation ever stored, revisions and extras included (1 query)."""
    return Annotation.objects.count()
