"""What a project or a batch holds, and so what would go with it if it were deleted."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, Sum

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.exports.models import Export
from annotator.items.models import Image, Item
from annotator.jobs.models import LIVE
from annotator.projects.models import Batch, BatchState, Membership, Project
from annotator.reviews.models import Verdict


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of a project or a batch."""

    batches: int
    items: int
    settled: int
    images: int
    image_bytes: int = field(metadata={"help": "Of the stored images, without thumbnails."})
    answers: int = field(metadata={"help": "Of people, changed ones once."})
    verdicts: int = field(metadata={"help": "Of reviewers."})
    held: int = field(metadata={"help": "Items that people are at just now."})
    exports: int
    members: int = field(metadata={"help": "People in the project; of a batch: 0."})
    in_the_way: int = field(
        metadata={"help": "Uploads and exports that are being made: these have to end first."}
    )


def holdings_of_project(project: Project) -> Holdings:
    """What there is of a project (10 queries)."""
    exports = Export.objects.filter(project=project)
    batches = Batch.objects.filter(project=project).exclude(state=BatchState.DELETING)
    return _holdings(
        Item.objects.filter(project=project),
        Image.objects.filter(project=project),
        batches=batches,
        exports=exports,
        members=_people(project),
        live=exports,
    )


def holdings_of_batch(batch: Batch) -> Holdings:
    """What there is of a batch (8 queries). Exports that were made of it stay as they are."""
    return _holdings(
        Item.objects.filter(batch=batch),
        Image.objects.filter(batch=batch),
        batches=Batch.objects.filter(pk=batch.pk),
        exports=Export.objects.none(),
        members=0,
        live=Export.objects.filter(project_id=batch.project_id),
    )


def counts_of_holdings(holdings: Holdings) -> dict[str, int]:
    """What is kept of them when they have gone."""
    names = ("batches", "items", "images", "answers", "verdicts", "exports")
    return {name: getattr(holdings, name) for name in names}


def _holdings(
    items: QuerySet[Item],
    images: QuerySet[Image],
    *,
    batches: QuerySet[Batch],
    exports: QuerySet[Export],
    members: int,
    live: QuerySet[Export],
) -> Holdings:
    stored = images.aggregate(n=Count("pk"), bytes=Sum("bytes"))
    reading = batches.aggregate(n=Count("pk"), live=Count("pk", filter=Q(state__in=LIVE)))
    answers = Annotation.objects.filter(item__in=items.order_by(), revision=1)
    held = Assignment.objects.filter(item__in=items.order_by(), state=AssignmentState.CLAIMED)
    return Holdings(
        batches=reading["n"],
        items=items.count(),
        settled=Consensus.objects.filter(item__in=items.order_by()).count(),
        images=stored["n"],
        image_bytes=stored["bytes"] or 0,
        answers=answers.count(),
        verdicts=Verdict.objects.filter(annotation__item__in=items.order_by()).count(),
        held=held.count(),
        exports=exports.count(),
        members=members,
        in_the_way=reading["live"] + live.filter(state__in=LIVE).count(),
    )


def _people(project: Project) -> int:
    return Membership.objects.filter(project=project).values("user").distinct().count()
