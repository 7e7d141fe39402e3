"""What can be done with an upload: begin it, continue it, put it away.

Resumable as in tus 1.0: a chunk says where it continues; where that is not the place, it is
refused with the right one and nothing has changed. Bytes are on the disk before the row says so.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotator.accounts.models import User
from annotator.core.errors import Conflict, Invalid, OffsetMismatch, TooLarge
from annotator.core.reasons import Code, Reason
from annotator.ingest.manifest import PAIR, number_of_images
from annotator.ingest.pairing import BadRule, pair_rule
from annotator.ingest.sources import kind_of
from annotator.projects import batches
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import image_bounds, unfinished_uploads

GIB = 1024**3
# The upload itself, its images stored anew, and as much again for all else.
ROOM_FOR_EACH_BYTE = 3
MAX_OPEN_UPLOADS = 20
KEEP_HOURS = 24


def upload_path(batch: Batch) -> Path:
    """Where the bytes of an upload are kept until they are taken in."""
    return Path(settings.UPLOAD_ROOT) / str(batch.pk)


def begin_upload(
    *, project: Project, user: User, name: str, filename: str, size: int, pairs: str
) -> Batch:
    """A batch that waits for its bytes; of `filename` the last part counts.

    Raises Invalid, TooLarge, Conflict.
    """
    filename = filename.replace("\\", "/").rpartition("/")[2]
    if not kind_of(filename):
        raise Invalid(fields={"filename": Reason(Code.UPLOAD_KIND)})
    _check_pairs(project, pairs)
    if size > settings.UPLOAD_MAX_BYTES:
        limit = _gib(settings.UPLOAD_MAX_BYTES)
        raise TooLarge(Reason(Code.UPLOAD_TOO_LARGE, gib=_gib(size), max=limit))
    unfinished = unfinished_uploads(user)
    if unfinished >= MAX_OPEN_UPLOADS:
        raise Conflict(Reason(Code.TOO_MANY_UPLOADS, count=unfinished))
    check_room(size)
    return batches.announce(
        project=project, user=user, name=name or filename, filename=filename, size=size, pairs=pairs
    )


def _check_pairs(project: Project, pairs: str) -> None:
    try:
        rule = pair_rule(pairs)
    except BadRule as bad:
        raise Invalid(fields={"pairs": bad.reason}) from bad
    bounds = image_bounds(project)
    if rule is not None and not bounds.fewest <= PAIR <= bounds.most:
        images = number_of_images(bounds.fewest, bounds.most)
        raise Invalid(fields={"pairs": Reason(Code.PAIRS_DO_NOT_FIT, images=images)})


def _gib(size: int) -> float:
    return round(size / GIB, 1)


def check_room(size: int) -> None:
    """Refuses what would fill the disk: databases do not survive that well. Raises TooLarge."""
    root = Path(settings.UPLOAD_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free < max(settings.MIN_FREE_BYTES, ROOM_FOR_EACH_BYTE * size):
        raise TooLarge(
            Reason(
                Code.DISK_TOO_FULL,
                free=_gib(free),
                size=_gib(size),
                kept=_gib(settings.MIN_FREE_BYTES),
                times=ROOM_FOR_EACH_BYTE,
            )
        )


def receive(batch: Batch, *, offset: int, data: bytes) -> int:
    """Adds a chunk; returns the new offset. The last byte requests the ingest.

    Raises OffsetMismatch (nothing changed), Invalid (empty or more than announced), Conflict (the
    same upload is being written by somebody else).
    """
    if not data:
        raise Invalid(Reason(Code.CHUNK_EMPTY))
    with _alone_with(upload_path(batch)) as descriptor:
        batch.refresh_from_db()
        if batch.state != BatchState.UPLOADING or offset != batch.offset:
            raise OffsetMismatch(Reason(Code.OFFSET_MISMATCH, offset=batch.offset))
        end = offset + len(data)
        if end > batch.size:
            raise Invalid(Reason(Code.CHUNK_BEYOND_END, end=end, size=batch.size))
        _write(descriptor, data, offset)
        with transaction.atomic():
            batches.receive(batch, offset=offset, end=end)
    return end


@contextmanager
def _alone_with(path: Path) -> Iterator[int]:
    """The file, open for writing by nobody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(Reason(Code.UPLOAD_BUSY)) from error
        yield descriptor
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    try:
        while view:
            written = os.pwrite(descriptor, view, offset)
            view, offset = view[written:], offset + written
        os.fsync(descriptor)
    except OSError as error:
        raise TooLarge(Reason(Code.CHUNK_NOT_STORED, error=error.strerror or "")) from error


def drop_upload(batch: Batch) -> None:
    """Removes the bytes of an upload that is taken in."""
    upload_path(batch).unlink(missing_ok=True)


def drop_abandoned(now: datetime) -> int:
    """Ends uploads that nobody has continued for a day, and removes bytes no batch waits for."""
    root = Path(settings.UPLOAD_ROOT)
    limit = (now - timedelta(hours=KEEP_HOURS)).timestamp()
    dropped = 0
    for path in root.iterdir() if root.is_dir() else ():
        if not path.is_file() or path.stat().st_mtime > limit:
            continue
        batch = Batch.objects.filter(pk=path.name).first() if path.name.isdigit() else None
        if batch is not None and batch.state in (BatchState.REQUESTED, BatchState.RUNNING):
            continue
        path.unlink(missing_ok=True)
        dropped += 1
    _end_forgotten(now)
    return dropped


def _end_forgotten(now: datetime) -> None:
    """Uploads of which no byte has been left for a day."""
    old = Batch.objects.filter(
        state=BatchState.UPLOADING, created_at__lt=now - timedelta(hours=KEEP_HOURS)
    )
    for batch in old:
        if not upload_path(batch).exists():
            batches.fail(batch, reason=Reason(Code.UPLOAD_NOT_FINISHED), now=now)
