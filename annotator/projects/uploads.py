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
from annotator.core import bell
from annotator.core.errors import Conflict, Invalid, OffsetMismatch, StaleState, TooLarge
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.projects.models import Batch, BatchState, Project

GIB = 1024**3
MIN_FREE_BYTES = 2 * GIB
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
    """A batch that waits for its bytes. Raises TooLarge, Conflict."""
    if size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(
            f"The upload has {size / GIB:,.1f} GiB; the limit is "
            f"{settings.UPLOAD_MAX_BYTES / GIB:,.1f} GiB. Send it in several batches.",
            fields={"size": settings.UPLOAD_MAX_BYTES},
        )
    open_now = Batch.objects.filter(created_by=user, state=BatchState.UPLOADING).count()
    if open_now >= MAX_OPEN_UPLOADS:
        raise Conflict(f"You have {open_now} unfinished uploads; finish some of them first.")
    check_room(size)
    return Batch.objects.create(
        project=project, name=name, filename=filename, size=size, pairs=pairs, created_by=user
    )


def check_room(size: int) -> None:
    """Refuses what would fill the disk: databases do not survive that well. Raises TooLarge."""
    root = Path(settings.UPLOAD_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free < max(MIN_FREE_BYTES, ROOM_FOR_EACH_BYTE * size):
        raise TooLarge(
            f"The server has {free / GIB:,.1f} GiB free, too little for an upload of "
            f"{size / GIB:,.1f} GiB (it keeps {MIN_FREE_BYTES / GIB:.0f} GiB, and takes "
            f"{ROOM_FOR_EACH_BYTE} times the upload). Make room and try again."
        )


def receive(batch: Batch, *, offset: int, data: bytes) -> int:
    """Adds a chunk; returns the new offset. The last byte requests the ingest.

    Raises OffsetMismatch (nothing changed), Invalid (empty or more than announced), Conflict (the
    same upload is being written by somebody else).
    """
    if not data:
        raise Invalid("The chunk is empty.")
    with _alone_with(upload_path(batch)) as descriptor:
        batch.refresh_from_db()
        if batch.state != BatchState.UPLOADING or offset != batch.offset:
            raise OffsetMismatch(Reason(Code.OFFSET_MISMATCH, offset=batch.offset))
        end = offset + len(data)
        if end > batch.size:
            raise Invalid(
                f"The chunk ends at byte {end:,}; the upload was announced with {batch.size:,}.",
                fields={"offset": batch.offset},
            )
        _write(descriptor, data, offset)
        _note(batch, offset, end)
    return end


@transaction.atomic
def _note(batch: Batch, offset: int, end: int) -> None:
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.UPLOADING, offset=offset)
    if not waiting.update(offset=end):
        raise StaleState
    batch.offset = end
    if end == batch.size:
        move(batch, BatchState.REQUESTED)
        bell.ring("annotator.workers.ingest.ingest_batch", batch.pk)


@contextmanager
def _alone_with(path: Path) -> Iterator[int]:
    """The file, open for writing by nobody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("Another chunk of this upload is being written.") from error
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
        raise TooLarge(f"The server can't store the chunk: {error.strerror}.") from error


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
            move(batch, BatchState.FAILED, error="The upload was not finished.", finished_at=now)
