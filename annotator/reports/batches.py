"""Batches as a lead's pages show them: with what came of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from annotator.core.reasons import Reason
from annotator.ingest.models import Problem, RecognisedDataset
from annotator.ingest.selectors import datasets_of, problems_of
from annotator.items.models import Item
from annotator.items.overlaps import singles_in
from annotator.items.selectors import judged_images
from annotator.measurements.selectors import MeasuringProgress, progress_by_batch
from annotator.projects.models import Batch, BatchState, BatchVerdict, Project
from annotator.projects.people import Person, person_of
from annotator.projects.selectors import batches_of as rows_of
from annotator.reviews.models import Review

PROBLEMS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the taking in of a batch is."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ProblemShape:
    """A row or file that was not taken."""

    line: int | None = field(metadata={"help": "Of the manifest."})
    file: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DatasetShape:
    """What an upload was recognised as."""

    layout: str = field(metadata={"help": "A published layout; empty: a manifest with votes."})
    rows: int
    votes: int = field(metadata={"help": "Of imported judges, each of a person."})


@dataclass(frozen=True, slots=True)
class BatchShape:
    """A batch in a list: everything but its problems."""

    id: int
    project: int
    name: str
    filename: str
    step: int | None = field(metadata={"help": "Of the training run that made its images."})
    state: BatchState
    error: Reason | None = field(metadata={"help": "Why it failed, or what it waits for."})
    progress: BatchProgress = field(metadata={"help": "Rows of the manifest gone through."})
    dataset: DatasetShape | None = field(
        metadata={"help": "Null: a manifest of ours without votes, or not read yet."}
    )
    images: int = field(metadata={"help": "Stored, references apart."})
    images_named: int | None = field(
        metadata={"help": "Images that the manifest names at sources, to be fetched; else null."}
    )
    items: int
    single: int = field(
        metadata={"help": "Items that take one person each, where the project asks more."}
    )
    sampled: int = field(metadata={"help": "Items drawn for review."})
    problem_count: int
    measured: MeasuringProgress
    created_at: datetime
    created_by: Person
    verdict: BatchVerdict
    verdict_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchWithProblems(BatchShape):
    """One batch, with up to 200 of its problems."""

    problems: list[ProblemShape]
    problems_next: int | None = field(
        metadata={"help": "For `problems_after`; null: there are no more."}
    )


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Judged images, items, those of one person each, items drawn for review, rows not taken."""

    images: int
    items: int
    single: int
    sampled: int
    problems: int
    measured: MeasuringProgress
    dataset: DatasetShape | None


def batches_of(project: Project) -> list[BatchShape]:
    """The project's batches, the newest first (8 queries, and 2 where one is not finished)."""
    return _shapes(list(rows_of(project)))


def batch_with_problems(batch: Batch, *, after: int = 0) -> BatchWithProblems:
    """One batch with the problems that follow the one numbered `after`."""
    found = list(problems_of(batch, after=after)[: PROBLEMS_AT_ONCE + 1])
    shown = found[:PROBLEMS_AT_ONCE]
    (shape,) = _shapes([batch])
    return BatchWithProblems(
        **{name: getattr(shape, name) for name in BatchShape.__dataclass_fields__},
        problems=[ProblemShape(row.line, row.file, row.reason) for row in shown],
        problems_next=shown[-1].pk if len(found) > len(shown) else None,
    )


def _shapes(batches: Sequence[Batch]) -> list[BatchShape]:
    counts = batch_counts(batches)
    return [_shape(batch, counts[batch.pk]) for batch in batches]


def _shape(batch: Batch, counts: BatchCounts) -> BatchShape:
    return BatchShape(
        id=batch.pk,
        project=batch.project_id,
        name=batch.name,
        filename=batch.filename,
        step=batch.step,
        state=BatchState(batch.state),
        error=batch.reason,
        progress=BatchProgress(batch.done_count, batch.total_count),
        dataset=counts.dataset,
        images=counts.images,
        images_named=batch.images_named,
        items=counts.items,
        single=counts.single,
        sampled=counts.sampled,
        problem_count=counts.problems,
        measured=counts.measured,
        created_at=batch.created_at,
        created_by=person_of(batch.created_by),
        verdict=BatchVerdict(batch.verdict),
        verdict_at=batch.verdict_at,
    )


def batch_counts(batches: Sequence[Batch]) -> dict[int, BatchCounts]:
    """Counts by batch; 6 queries, and 2 where one is not finished; 0 for no batches."""
    if not batches:
        return {}
    everyone = [batch.pk for batch in batches]
    unfinished = [batch.pk for batch in batches if batch.item_count is None]
    images = judged_images(unfinished)
    items = _counted(Item.objects.all(), unfinished)
    single = singles_in([batch.pk for batch in batches if batch.round is not None])
    sampled = _counted(Review.objects.all(), everyone)
    problems = _counted(Problem.objects.order_by(), everyone)
    known = {batch.pk: (batch.image_count, batch.item_count) for batch in batches}
    images |= {pk: count for pk, (count, _) in known.items() if count is not None}
    items |= {pk: count for pk, (_, count) in known.items() if count is not None}
    measured = progress_by_batch(everyone, images)
    datasets = datasets_of(everyone)
    return {
        pk: BatchCounts(
            images=images.get(pk, 0),
            items=items.get(pk, 0),
            single=single.get(pk, 0),
            sampled=sampled.get(pk, 0),
            problems=problems.get(pk, 0),
            measured=measured[pk],
            dataset=_dataset(datasets.get(pk)),
        )
        for pk in everyone
    }


def _dataset(row: RecognisedDataset | None) -> DatasetShape | None:
    return None if row is None else DatasetShape(row.layout, row.rows, row.votes)


def _counted(rows: QuerySet[Any], batch_ids: Collection[int]) -> dict[int, int]:
    if not batch_ids:
        return {}
    found = rows.filter(batch_id__in=batch_ids).values_list("batch_id")
    return dict(found.annotate(n=Count("pk")))
