"""Whether this site can do its work, part by part, each with a reason to act on."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, transaction

from annotator.core import places
from annotator.core.broker import BROKER_ERRORS
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.core.storage import StorageAway
from annotator.ops import heartbeat
from annotator.ops.models import Heartbeat

# The round is every 5 s, workers are called every 15 s; what lives is never this late.
SILENT_AFTER_SECONDS = 60
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the site: whether it works, and how one can tell."""

    name: str
    ok: bool
    reason: Reason


def checks(now: datetime) -> list[Check]:
    """Every check, in the order in which one would look; none raises."""
    duties: tuple[tuple[str, Callable[[datetime], Reason]], ...] = (
        ("database", _database),
        ("broker", _broker),
        ("beat", _beat),
        ("worker", _worker),
        ("storage", _storage),
        ("shared", _shared),
        ("space", _space),
    )
    return [_try(name, duty, now) for name, duty in duties]


class _Failing(Exception):
    """What a check has found."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


def _try(name: str, duty: Callable[[datetime], Reason], now: datetime) -> Check:
    try:
        return Check(name, ok=True, reason=duty(now))
    except _Failing as found:
        return Check(name, ok=False, reason=found.reason)


def _database(now: datetime) -> Reason:
    """A write that is committed, so that it reaches the disk, and leaves nothing behind."""
    name = f"ready-{uuid.uuid4().hex}"
    try:
        with transaction.atomic():
            heartbeat.beat(name, now)
            Heartbeat.objects.filter(name=name).delete()
    except Error as error:
        raise _Failing(Reason(Code.DATABASE_TAKES_NO_WRITES)) from error
    return Reason(Code.DATABASE_WORKS)


def _broker(now: datetime) -> Reason:
    """Opens a connection as whoever enqueues does, with short timeouts."""
    options = {"socket_timeout": 2, "socket_connect_timeout": 2}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    except BROKER_ERRORS as error:
        raise _Failing(Reason(Code.BROKER_SILENT)) from error
    return Reason(Code.BROKER_WORKS)


def _beat(now: datetime) -> Reason:
    age = _ages(now).get(heartbeat.SWEEP)
    if age is None:
        raise _Failing(Reason(Code.BEAT_NEVER_RAN))
    if age > SILENT_AFTER_SECONDS:
        raise _Failing(Reason(Code.BEAT_SILENT, seconds=round(age)))
    return Reason(Code.BEAT_HEARD, seconds=round(max(age, 0)))


def _worker(now: datetime) -> Reason:
    """The worker that answered last: one is enough to go on with."""
    age = min((age for name, age in _ages(now).items() if "@" in name), default=None)
    if age is None:
        raise _Failing(Reason(Code.WORKER_NEVER_RAN))
    if age > SILENT_AFTER_SECONDS:
        raise _Failing(Reason(Code.WORKER_SILENT, seconds=round(age)))
    return Reason(Code.WORKER_HEARD, seconds=round(max(age, 0)))


def _ages(now: datetime) -> dict[str, float]:
    try:
        return heartbeat.ages(now)
    except Error as error:
        raise _Failing(Reason(Code.WORKER_UNKNOWN)) from error


def _storage(now: datetime) -> Reason:
    try:
        name = default_storage.save(f"health/{uuid.uuid4()}", ContentFile(b"ok"))
        default_storage.delete(name)
    except OSError as error:
        raise _Failing(Reason(Code.STORAGE_TAKES_NO_FILES, error=error.strerror or "")) from error
    except StorageAway as error:
        raise _Failing(Reason(Code.BUCKET_AWAY, bucket=settings.S3_BUCKET)) from error
    return Reason(Code.STORAGE_WORKS)


def _shared(now: datetime) -> Reason:
    """What other machines of this site can see; a site of one machine needs no bucket."""
    if all(places.is_shared(files) for files in Files):
        return Reason(Code.SHARED_BY_BUCKET, bucket=settings.S3_BUCKET)
    return Reason(Code.KEPT_IN_FOLDERS)


def _space(now: datetime) -> Reason:
    free = min(shutil.disk_usage(_standing(root)).free for root in _roots())
    if free < settings.MIN_FREE_BYTES:
        needed = round(settings.MIN_FREE_BYTES / GIB, 1)
        raise _Failing(Reason(Code.SPACE_SHORT, free=round(free / GIB, 1), needed=needed))
    return Reason(Code.SPACE_FREE, free=round(free / GIB))


def _roots() -> tuple[Path, ...]:
    """Where this machine writes; images only where there is no bucket."""
    made = tuple(places.root(files) for files in Files)
    return made if settings.S3_BUCKET else (Path(settings.MEDIA_ROOT), *made)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return next(path for path in (folder, *folder.parents) if path.exists())
