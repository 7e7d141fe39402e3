"""Promises of jobs and files: nothing hangs, nothing is lost, nothing lies about."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Count, F, Max, Model, OuterRef, Q, QuerySet, Subquery

from annotator.audit.scope import Invariant, Scope, Violations
from annotator.exports.models import Export
from annotator.exports.selectors import not_whole
from annotator.ingest.models import PlannedItem, UploadPart
from annotator.items.models import FOLDERS, Image, Item, ItemImage, MetaKey, MetaOf
from annotator.items.selectors import image_count, item_count
from annotator.jobs.models import LIVE, JobState
from annotator.measurements.models import Measurement, SetMeasurement
from annotator.pipeline.events import OF_ITEMS
from annotator.projects.models import Batch, BatchState, Project, ProjectState, Removal
from annotator.reports.models import StoredReport
from annotator.rewards.models import RewardHead
from annotator.webhooks.models import Webhook

# A job whose worker died is enqueued again by the next sweep; this is ample time for one.
SWEEP_GRACE = timedelta(seconds=90)
# An image is stored before its row; an ingest that was cut off is repeated within this time.
COLLECTOR_AGE = timedelta(hours=1)
BLOCK = 1 << 20
JOBS: tuple[type[Model], ...] = (
    Batch, Export, Measurement, SetMeasurement, RewardHead, Removal, StoredReport,
)  # fmt: skip


def _jobs(scope: Scope, condition: Q) -> list[str]:
    return [
        f"{model.__name__.lower()} {row.pk}"
        for model in JOBS
        for row in scope.within(model._default_manager.filter(condition), "project_id")
    ]


def _hanging(scope: Scope) -> list[str]:
    return _jobs(scope, Q(state=JobState.RUNNING, held_until__lt=scope.now - SWEEP_GRACE))


def _unexplained(scope: Scope) -> list[str]:
    # The database itself sees to it that a failed measurement has its reasons.
    batches = Batch.objects.filter(state=JobState.FAILED, error__isnull=True)
    exports = Export.objects.filter(state=JobState.FAILED, error="")
    return [
        *(f"batch {row.pk}" for row in scope.within(batches)),
        *(f"export {row.pk}" for row in scope.within(exports)),
    ]


def _miscounted_batches(scope: Scope) -> list[str]:
    """Finished batches whose rows are not as many as was noted."""
    batches = scope.within(Batch.objects.filter(state=BatchState.DONE, item_count__isnull=False))
    return [
        f"batch {batch.pk}"
        for batch in batches
        if (batch.image_count, batch.item_count) != (image_count(batch), item_count(batch))
    ]


def _half_gone(scope: Scope) -> list[str]:
    """What is for nobody there any more and nobody takes away; what is gone and is there still."""
    under_way = Removal.objects.exclude(state=JobState.DONE)
    gone = Removal.objects.filter(state=JobState.DONE)
    of_projects, of_batches = Q(batch_id__isnull=True), Q(batch_id__isnull=False)
    projects, batches = scope.within(Project.objects.all(), "pk"), scope.within(Batch.objects.all())
    left = [
        projects.filter(state=ProjectState.DELETING).exclude(
            pk__in=under_way.filter(of_projects).values("project_id")
        ),
        projects.filter(pk__in=gone.filter(of_projects).values("project_id")),
        batches.filter(state=BatchState.DELETING).exclude(
            pk__in=under_way.filter(of_batches).values("batch_id")
        ),
        batches.filter(pk__in=gone.filter(of_batches).values("batch_id")),
    ]
    return [f"{type(row).__name__.lower()} {row.pk}" for rows in left for row in rows]


def _gaps(scope: Scope) -> Violations:
    places = ItemImage.objects.filter(item=OuterRef("pk")).order_by().values("item")
    rows = Item.with_copies.annotate(
        images=Subquery(places.annotate(n=Count("pk")).values("n")),
        last=Subquery(places.annotate(n=Max("place")).values("n")),
    )
    return scope.within(rows.filter(Q(images__isnull=True) | ~Q(images=F("last") + 1)))


def _foreign_images(scope: Scope) -> Violations:
    rows = ItemImage.in_any_role.exclude(image__project=F("item__project"))
    return scope.within(rows, "item__project")


def _unlisted_keys(scope: Scope) -> list[str]:
    """Keys of what came with images and items that a lead could not choose."""
    wrong: set[tuple[int, MetaOf, str]] = set()
    kinds: tuple[tuple[MetaOf, QuerySet[Image] | QuerySet[Item]], ...] = (
        (MetaOf.IMAGE, Image.objects.all()), (MetaOf.ITEM, Item.objects.all()),
    )  # fmt: skip
    listed = set(MetaKey.objects.values_list("batch_id", "of", "key"))
    for of, rows in kinds:
        held = scope.within(rows.exclude(meta={})).values_list("batch_id", "meta")
        for batch, meta in held.iterator():
            wrong.update((batch, of, key) for key in meta if (batch, of, key) not in listed)
    return [f"{key} of an {of} of batch {batch}" for batch, of, key in sorted(wrong)]


def _damaged(scope: Scope) -> list[str]:
    """Images whose file is gone or has other bytes than were recorded; reads every file."""
    seen = set()
    wrong = []
    for image in scope.within(Image.objects.all()).iterator():
        if image.path in seen:
            continue
        seen.add(image.path)
        if not default_storage.exists(image.path):
            wrong.append(f"{image.path} is missing")
        elif _sha256(image.path) != image.sha256:
            wrong.append(f"{image.path} has other bytes")
        if not default_storage.exists(image.thumbnail_path):
            wrong.append(f"{image.thumbnail_path} is missing")
    return wrong


def _sha256(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _uploads_with_gaps(scope: Scope) -> list[str]:
    """Uploads that are not taken in, whose parts do not come to what was acknowledged."""
    waiting = Batch.objects.filter(state__in=(BatchState.UPLOADING, *LIVE)).exclude(place="")
    return [f"batch {batch.pk}" for batch in scope.within(waiting) if not _is_without_gap(batch)]


def _is_without_gap(batch: Batch) -> bool:
    end = 0
    parts = UploadPart.objects.filter(batch=batch).order_by("offset")
    for offset, size in parts.values_list("offset", "bytes"):
        if offset != end:
            return False
        end += size
    return end == batch.offset


def _left_planned(scope: Scope) -> Violations:
    return scope.within(PlannedItem.objects.exclude(batch__state__in=LIVE), "batch__project")


def _incomplete_exports(scope: Scope) -> list[str]:
    """Files of finished exports that are gone or have another length than was recorded.

    Those of another machine's folder can't be seen from here.
    """
    exports = Export.objects.filter(state=JobState.DONE)
    return [
        f"{name} of export {export.pk}"
        for export in scope.within(exports)
        for name in not_whole(export)
    ]


def _stray(scope: Scope) -> list[str]:
    """Files of images that no row names, unless they are younger than the collector's age."""
    projects = Project.objects.all()
    if scope.project_id is not None:
        projects = projects.filter(pk=scope.project_id)
    wrong = []
    for project in projects:
        known = set()
        for image in Image.objects.filter(project=project).iterator():
            known.update(image.all_paths)
        for kind in FOLDERS:
            wrong += [
                f"{name} belongs to no image"
                for name in _files(f"projects/{project.pk}/{kind}")
                if name not in known
                and default_storage.get_modified_time(name) < scope.now - COLLECTOR_AGE
            ]
    return wrong


def _files(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, names = default_storage.listdir(folder)
    for name in names:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _files(f"{folder}/{name}")


def _unfollowed(scope: Scope) -> list[str]:
    """Projects that forget their webhooks when an item is settled, or ask in vain."""
    asked = {
        project
        for project, events in Webhook.objects.filter(is_active=True).values_list(
            "project_id", "events"
        )
        if OF_ITEMS & set(events)
    }
    projects = scope.within(Project.objects.all(), "pk")
    return [f"project {row.pk}" for row in projects if row.follows_items is not (row.pk in asked)]


INVARIANTS = (
    Invariant("jobs-end", "No job is held 90 seconds after its worker's lease.", _hanging),
    Invariant("jobs-explain", "Every job that failed says why.", _unexplained),
    Invariant("deletions-end", "What is deleted is gone, or a job is to take it away.", _half_gone),
    Invariant(
        "uploads-whole", "An upload's parts come to what was acknowledged.", _uploads_with_gaps
    ),
    Invariant(
        "batches-counted", "A finished batch has as many rows as was noted.", _miscounted_batches
    ),
    Invariant("webhooks-followed", "A project knows whether items are told of.", _unfollowed),
    Invariant("planned-taken", "A batch that has ended plans no more items.", _left_planned),
    Invariant("images-lettered", "An item's images are lettered without a gap.", _gaps),
    Invariant("images-home", "An item's images belong to its project.", _foreign_images),
    Invariant("meta-listed", "Every key that came with an upload is listed.", _unlisted_keys),
    Invariant("images-there", "Every image's file is there, byte for byte.", _damaged),
    Invariant("images-named", "Every image's file belongs to an image.", _stray),
    Invariant("exports-there", "Every file of a finished export is whole.", _incomplete_exports),
)
