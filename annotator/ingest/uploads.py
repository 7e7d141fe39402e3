"""What can be done with an upload: begin it, continue it, put it away.

Resumable as in tus 1.0: a chunk says where it continues; where that is not the place, it is
refused with the right one and nothing has changed. Bytes are stored before the row says so.
"""

import shutil
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max

from annotator.accounts.models import User
from annotator.core import places
from annotator.core.errors import (
    Conflict,
    Invalid,
    KeyReused,
    OffsetMismatch,
    StaleState,
    TooLarge,
)
from annotator.core.idempotency import check_key
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.ingest import parts
from annotator.ingest.elsewhere import check_address
from annotator.ingest.manifest import PAIR, number_of_images
from annotator.ingest.models import UploadPart
from annotator.ingest.names import BadName
from annotator.ingest.pairing import BadRule, pair_rule
from annotator.ingest.roots import configured
from annotator.ingest.sources import kind_of
from annotator.projects import batches
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import image_bounds, unfinished_uploads

# The upload itself, its images stored anew, and as much again for all else.
ROOM_FOR_EACH_BYTE = 3
MAX_OPEN_UPLOADS = 20


def begin_upload(
    *,
    project: Project,
    user: User,
    name: str,
    filename: str,
    size: int,
    pairs: str,
    step: int | None = None,
    key: str = "",
) -> Batch:
    """A batch that waits for its bytes; of `filename` the last part counts.

    With a `key` that was sent before it is the batch of then, however far it has come. Raises
    Invalid, TooLarge, Conflict; KeyReused where the key stood for another upload.
    """
    filename = filename.replace("\\", "/").rpartition("/")[2]
    if before := _announced(
        project, user, key, filename=filename, size=size, pairs=pairs, step=step
    ):
        return before
    if not kind_of(filename):
        raise Invalid(fields={"filename": Reason(Code.UPLOAD_KIND)})
    _check_pairs(project, pairs)
    if size > settings.UPLOAD_MAX_BYTES:
        limit = parts.gib(settings.UPLOAD_MAX_BYTES)
        raise TooLarge(Reason(Code.UPLOAD_TOO_LARGE, gib=parts.gib(size), max=limit))
    unfinished = unfinished_uploads(user)
    if unfinished >= MAX_OPEN_UPLOADS:
        raise Conflict(Reason(Code.TOO_MANY_UPLOADS, count=unfinished))
    check_room(size)
    refuse_if_archived(project)
    try:
        return batches.announce(
            project=project,
            user=user,
            name=name or filename,
            filename=filename,
            size=size,
            pairs=pairs,
            place=places.here(Files.UPLOADS),
            step=step,
            key=key,
        )
    except IntegrityError:
        # Another try of the same was quicker.
        if before := _announced(
            project, user, key, filename=filename, size=size, pairs=pairs, step=step
        ):
            return before
        raise


def begin_at(
    *,
    project: Project,
    user: User,
    name: str,
    address: str,
    pairs: str,
    step: int | None = None,
    key: str = "",
) -> Batch:
    """A batch of a dataset that lies at an address; nothing is uploaded.

    Of `key` and of what is raised see begin_upload.
    """
    if before := _announced(project, user, key, filename=address, pairs=pairs, step=step):
        return before
    try:
        check_address(address, configured(), hub=settings.HUB_DATASETS)
    except BadName as bad:
        raise Invalid(fields={"address": bad.reason}) from bad
    _check_pairs(project, pairs)
    refuse_if_archived(project)
    try:
        return batches.begin_elsewhere(
            project=project,
            user=user,
            name=name or address.rstrip("/").rpartition("/")[2],
            address=address,
            pairs=pairs,
            step=step,
            key=key,
        )
    except IntegrityError:
        # Another try of the same was quicker.
        if before := _announced(project, user, key, filename=address, pairs=pairs, step=step):
            return before
        raise


def _announced(project: Project, user: User, key: str, **sent: object) -> Batch | None:
    """What was announced by the key, if anything was. Raises Invalid for a key that is none.

    Raises KeyReused where it is not what is sent.
    """
    if key:
        check_key(key)
    before = batches.announced(project=project, user=user, key=key)
    if before is None:
        return None
    same = all(getattr(before, name) == value for name, value in sent.items())
    if not same or before.state == BatchState.DELETING:
        raise KeyReused
    return before


def _check_pairs(project: Project, pairs: str) -> None:
    try:
        rule = pair_rule(pairs)
    except BadRule as bad:
        raise Invalid(fields={"pairs": bad.reason}) from bad
    bounds = image_bounds(project)
    if rule is not None and not bounds.fewest <= PAIR <= bounds.most:
        images = number_of_images(bounds.fewest, bounds.most)
        raise Invalid(fields={"pairs": Reason(Code.PAIRS_DO_NOT_FIT, images=images)})


def check_room(size: int) -> None:
    """Refuses what would fill the disk: databases do not survive that well. Raises TooLarge."""
    if places.is_shared(Files.UPLOADS):
        return  # whoever takes it in looks at its own disk
    root = places.root(Files.UPLOADS)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free < max(settings.MIN_FREE_BYTES, ROOM_FOR_EACH_BYTE * size):
        raise TooLarge(
            Reason(
                Code.DISK_TOO_FULL,
                free=parts.gib(free),
                size=parts.gib(size),
                kept=parts.gib(settings.MIN_FREE_BYTES),
                times=ROOM_FOR_EACH_BYTE,
            )
        )


def receive(batch: Batch, *, offset: int, data: bytes) -> int:
    """Adds a chunk; returns the new offset. The last byte requests the ingest.

    Raises OffsetMismatch (nothing changed), Invalid (empty or more than announced), Conflict (its
    other bytes lie where this machine can't see them; an archived project).
    """
    if not data:
        raise Invalid(Reason(Code.CHUNK_EMPTY))
    refuse_if_archived(batch.project)
    batch.refresh_from_db()
    if batch.state != BatchState.UPLOADING or offset != batch.offset:
        raise _mismatch(batch)
    end = offset + len(data)
    if end > batch.size:
        raise Invalid(Reason(Code.CHUNK_BEYOND_END, end=end, size=batch.size))
    if not places.reaches(Files.UPLOADS, batch.place):
        raise Conflict(Reason(Code.UPLOAD_ELSEWHERE))
    try:
        return parts.keep(batch, offset=offset, data=data)
    except StaleState:
        batch.refresh_from_db()
        raise _mismatch(batch) from None


def _mismatch(batch: Batch) -> OffsetMismatch:
    return OffsetMismatch(Reason(Code.OFFSET_MISMATCH, offset=batch.offset))


def drop_abandoned(now: datetime) -> None:
    """Ends uploads that nobody has continued for a day; removes bytes that no batch waits for."""
    limit = now - parts.KEEP
    newest = Max("received_at")
    going_on = UploadPart.objects.order_by().values("batch").annotate(at=newest)
    young = going_on.filter(at__gte=limit).values("batch")
    for batch in Batch.objects.filter(state=BatchState.UPLOADING, created_at__lt=limit).exclude(
        pk__in=young
    ):
        batches.fail(batch, reason=Reason(Code.UPLOAD_NOT_FINISHED), now=now)
    for batch in Batch.objects.filter(
        state__in=(BatchState.DONE, BatchState.FAILED), pk__in=UploadPart.objects.values("batch")
    ):
        parts.drop(batch)
    parts.collect(now)
