"""What measurements can be asked. For managers only: the door sees to that."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isinf

from django.db.models import BooleanField, Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from annotator.core.reasons import Code, Reason, from_json
from annotator.items.models import Image
from annotator.items.selectors import file_url, judged_images, thumbnail_url
from annotator.jobs.models import IS_LIVE, JobState
from annotator.measurements.choices import require_measured, without_weights
from annotator.measurements.duplicates import near_duplicates
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from scoring import catalog
from scoring.reasons import Code as ScoringCode

# What is wrong with the image itself, not with a metric of it.
OF_THE_IMAGE = frozenset({Code.WORKER_DIED.value, ScoringCode.IMAGE_UNREADABLE.value})

# Whether anything was ever asked of a batch: the first image tells, as a rule. OFFSET keeps
# PostgreSQL from turning it into a join of all images with all measurements.
ASKED = """EXISTS (
    SELECT 1 FROM items_image i WHERE i.batch_id = projects_batch.id AND EXISTS (
        SELECT 1 FROM measurements_measurement m WHERE m.image_id = i.id LIMIT 1 OFFSET 0
    ) LIMIT 1 OFFSET 0)"""


@dataclass(frozen=True, slots=True)
class MeasuringProgress:
    """How far the measuring is, in images: through, asked for, and with something that failed."""

    done: int = 0
    total: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """One value, or why there is none; beside a value, what to know of it."""

    metric: str
    version: str
    value: float | None = field(metadata={"help": "Null where there is none, or it is infinite."})
    infinite: bool = field(metadata={"help": "It is above every number: JSON has no word for it."})
    text: str = field(metadata={"help": "What is no number: a hash."})
    state: JobState
    reasons: list[Reason]
    device: str
    dtype: str
    weights: str = field(metadata={"help": "SHA-256; empty for a metric that has none."})


@dataclass(frozen=True, slots=True)
class MeasuredImage:
    """An image as a manager sees it."""

    id: uuid.UUID
    url: str
    thumbnail_url: str
    generator: str
    prompt: str
    width: int
    height: int
    problem: Reason | None = field(metadata={"help": "Why the image could not be measured."})


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """An image with its values."""

    image: MeasuredImage
    values: list[MeasuredValue]
    near_duplicates: list[uuid.UUID] = field(
        metadata={"help": "Images of the project that nearly look the same."}
    )


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """A page of images."""

    progress: MeasuringProgress
    next: str | None = field(metadata={"help": "Cursor of the next page."})
    results: list[MeasuredRow]


def progress_by_batch(
    batch_ids: Collection[int], images: Mapping[int, int]
) -> dict[int, MeasuringProgress]:
    """Batch id → how far its measuring is, of so many judged images each (3 queries).

    What waits for weights that are not here is not waited for.
    """
    if not batch_ids:
        return {}
    measured = Measurement.objects.filter(image__batch__in=batch_ids).order_by()
    live = measured.filter(IS_LIVE, image__is_reference=False)
    left = _images_by_batch(live.exclude(metric__in=without_weights()))
    failed = _images_by_batch(measured.filter(state=JobState.FAILED))
    asked = _asked(batch_ids)
    totals = {pk: count for pk, count in images.items() if pk in asked}
    return {
        pk: _progress(totals.get(pk, 0), left.get(pk, 0), failed.get(pk, 0)) for pk in batch_ids
    }


def _progress(total: int, left: int, failed: int) -> MeasuringProgress:
    return MeasuringProgress(max(0, total - left - failed), total, failed)


def _images_by_batch(rows: QuerySet[Measurement]) -> dict[int, int]:
    counted = rows.values_list("image__batch").annotate(n=Count("image", distinct=True))
    return dict(counted)


def _asked(batch_ids: Collection[int]) -> set[int]:
    """The batches of which anything was ever asked."""
    asked = RawSQL(ASKED, [], BooleanField())  # noqa: S611 - nothing is put into it
    batches = Batch.objects.filter(asked, pk__in=batch_ids)
    return set(batches.values_list("pk", flat=True))


def progress_of(project: Project) -> MeasuringProgress:
    """The same of all batches of a project (4 queries, and 1 where one is not finished)."""
    noted = dict(Batch.objects.filter(project=project).values_list("pk", "image_count"))
    unfinished = [pk for pk, count in noted.items() if count is None]
    images = {pk: count or 0 for pk, count in noted.items()} | judged_images(unfinished)
    each = progress_by_batch(images.keys(), images).values()
    return MeasuringProgress(
        done=sum(one.done for one in each),
        total=sum(one.total for one in each),
        failed=sum(one.failed for one in each),
    )


def measured_page(project: Project, *, after: str, count: int, metric: str = "") -> MeasuredPage:
    """Judged images after the image `after`, with their current values (7 queries).

    With a metric: only images that have it, and only it. Raises Invalid for one that there is not.
    """
    images = _measured_images(project, after=after, count=count + 1, metric=metric)
    page = images[:count]
    duplicates = near_duplicates(page)
    return MeasuredPage(
        progress=progress_of(project),
        next=str(page[-1].pk) if len(images) > count else None,
        results=[
            MeasuredRow(_image(image), _values(image), duplicates.get(image.pk, []))
            for image in page
        ],
    )


def _measured_images(project: Project, *, after: str, count: int, metric: str) -> Sequence[Image]:
    ended = Q(current=True, state=JobState.DONE) | Q(state=JobState.FAILED)
    rows = Measurement.objects.filter(ended).order_by("metric")
    images = Image.objects.filter(project=project, is_reference=False).order_by("pk")
    if metric:
        require_measured(metric)
        rows = rows.filter(metric=metric)
        images = images.filter(Exists(rows.filter(image=OuterRef("pk"), current=True)))
    if after:
        images = images.filter(pk__gt=after)
    return list(images.prefetch_related(Prefetch("measurements", queryset=rows))[:count])


def _image(image: Image) -> MeasuredImage:
    return MeasuredImage(
        id=image.pk,
        url=file_url(image.pk),
        thumbnail_url=thumbnail_url(image.pk),
        generator=image.generator,
        prompt=image.prompt,
        width=image.width,
        height=image.height,
        problem=next((why for row in image.measurements.all() if (why := _problem(row))), None),
    )


def _problem(row: Measurement) -> Reason | None:
    """What a failure says of the image itself: it can't be read, or networks see nothing in it."""
    if row.state != JobState.FAILED:
        return None
    reason = from_json(row.reasons[0])
    of_network = catalog.find(row.metric) is None
    return reason if of_network or reason.code in OF_THE_IMAGE else None


def _values(image: Image) -> list[MeasuredValue]:
    return [
        MeasuredValue(
            metric=row.metric,
            version=row.version,
            value=row.value if row.value is not None and isfinite(row.value) else None,
            infinite=row.value is not None and isinf(row.value),
            text=row.text,
            state=JobState(row.state),
            reasons=[from_json(reason) for reason in row.reasons],
            device=row.device,
            dtype=row.dtype,
            weights=row.weights,
        )
        for row in image.measurements.all()
        if row.current
    ]
