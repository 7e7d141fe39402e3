"""The bytes of an upload: a file for each chunk that came, put together when they are taken in.

Files lie in the bucket or in UPLOAD_ROOT (core/places.py). One is there before its row, and its row
goes before it; what no row names is collected a day later.
"""

import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from annotator.core import places
from annotator.core.errors import StaleState, TooLarge
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.core.storage import FileStore
from annotator.ingest.models import UploadPart
from annotator.projects import batches
from annotator.projects.models import Batch

GIB = 1024**3
KEEP = timedelta(hours=24)
OURS = re.compile(r"\d+(-\d{20}-[0-9a-f]{32}(\..+\.part)?)?")


def keep(batch: Batch, *, offset: int, data: bytes) -> int:
    """Stores a chunk, then notes it; the batch's new offset. Raises StaleState, TooLarge.

    Of two writers at one offset the database takes one; the other's file is removed.
    """
    files, end = _files_of(batch), offset + len(data)
    name = f"{batch.pk}-{offset:020d}-{uuid.uuid4().hex}"
    try:
        files.save(name, ContentFile(data))
    except OSError as error:
        raise TooLarge(Reason(Code.CHUNK_NOT_STORED, error=error.strerror or "")) from error
    try:
        with transaction.atomic():
            batches.receive(batch, offset=offset, end=end)
            UploadPart.objects.create(batch=batch, offset=offset, bytes=len(data), name=name)
    except StaleState:
        files.delete(name)
        raise
    return end


def reason_to_wait(batch: Batch) -> Reason | None:
    """Why this machine can't take the upload in, though another may; None if it can."""
    if not places.reaches(Files.UPLOADS, batch.place):
        return Reason(Code.UPLOAD_ELSEWHERE)
    return no_room(batch.size)


def no_room(size: int) -> Reason | None:
    """What is to be said where a copy of the upload would leave too little of this disk."""
    root = places.root(Files.UPLOADS)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free - size >= settings.MIN_FREE_BYTES:
        return None
    sizes = {"free": free, "size": size, "kept": settings.MIN_FREE_BYTES}
    return Reason(Code.WORKER_DISK_TOO_FULL, **{name: gib(of) for name, of in sizes.items()})


def gib(size: int) -> float:
    """Bytes in GiB, as reasons say them."""
    return round(size / GIB, 1)


@contextmanager
def assembled(batch: Batch, check: Callable[[], None]) -> Iterator[Path]:
    """The whole upload as a file of this machine, until the block ends.

    `check` is called with each block. Raises FileNotFoundError where bytes are missing.
    """
    root = places.root(Files.UPLOADS)
    for left in root.glob(f".{batch.pk}-*"):
        left.unlink(missing_ok=True)  # of a worker that was killed
    with tempfile.NamedTemporaryFile(dir=root, prefix=f".{batch.pk}-", delete=False) as whole:
        try:
            _assemble(batch, whole, check)
            yield Path(whole.name)
        finally:
            Path(whole.name).unlink(missing_ok=True)


def _assemble(batch: Batch, out: IO[bytes], check: Callable[[], None]) -> None:
    files = _files_of(batch)
    for part in UploadPart.objects.filter(batch=batch):
        if part.offset != out.tell():
            break
        for block in files.read(part.name, 0, part.bytes):
            check()
            out.write(block)
    if out.tell() != batch.size:
        raise FileNotFoundError(f"upload {batch.pk} ends at {out.tell()} of {batch.size} bytes")
    out.flush()


def drop(batch: Batch) -> None:
    """Forgets the bytes of an upload. Those that lie elsewhere are collected there."""
    parts = UploadPart.objects.filter(batch=batch)
    names = list(parts.values_list("name", flat=True))
    parts.delete()
    if places.reaches(Files.UPLOADS, batch.place):
        files = _files_of(batch)
        for name in names:
            files.delete(name)


def collect(now: datetime) -> None:
    """Removes files that no row has named for a day, and whole ones that a killed worker left."""
    files = places.store(Files.UPLOADS, places.here(Files.UPLOADS))
    found = {name for name in _listed(files) if OURS.fullmatch(name)}
    named = set(UploadPart.objects.values_list("name", flat=True))
    for name in found - named:
        if files.get_modified_time(name) < now - KEEP:
            files.delete(name)
    for left in places.root(Files.UPLOADS).glob(".[0-9]*-*"):
        if left.stat().st_mtime < (now - KEEP).timestamp():
            left.unlink(missing_ok=True)


def _listed(files: FileStore) -> list[str]:
    try:
        return files.listdir("")[1]
    except FileNotFoundError:
        return []


def _files_of(batch: Batch) -> FileStore:
    return places.store(Files.UPLOADS, batch.place)
