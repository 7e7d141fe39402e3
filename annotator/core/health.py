"""Whether this site can do its work, each part in words that its keeper can act on."""

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
from django.db import DatabaseError, transaction
from kombu.exceptions import KombuError, OperationalError

from annotator.core import heartbeat

# The sweep beats every 5 s; a busy worker may be late, a dead one is never this late.
SILENT_AFTER_SECONDS = 60
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the site: whether it works, and a sentence about it."""

    name: str
    ok: bool
    message: str


def checks(now: datetime) -> list[Check]:
    """Every check, in the order in which a keeper would look; none raises."""
    duties: tuple[tuple[str, Callable[[datetime], str]], ...] = (
        ("database", _database),
        ("broker", _broker),
        ("worker", _worker),
        ("storage", _storage),
        ("space", _space),
    )
    return [_try(name, duty, now) for name, duty in duties]


class Unwell(Exception):
    """A check's own finding; the message is its sentence."""


def _try(name: str, duty: Callable[[datetime], str], now: datetime) -> Check:
    try:
        return Check(name, ok=True, message=duty(now))
    except Unwell as finding:
        return Check(name, ok=False, message=str(finding))


def _database(now: datetime) -> str:
    """A write that is taken back, so that a full or read-only database is noticed."""
    try:
        with transaction.atomic():
            heartbeat.beat("readiness", now)
            transaction.set_rollback(True)
    except DatabaseError as error:
        raise Unwell("The database takes no writes.") from error
    return "The database answers and takes writes."


def _broker(now: datetime) -> str:
    """Opens a connection as the bell does, with short patience."""
    options = {"socket_timeout": 2, "socket_connect_timeout": 2}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    except (KombuError, OperationalError, OSError) as error:
        raise Unwell("The broker does not answer; jobs wait until it does.") from error
    return "The broker answers."


def _worker(now: datetime) -> str:
    try:
        age = heartbeat.ages(now).get(heartbeat.SWEEP)
    except DatabaseError as error:
        raise Unwell("Without a database nobody knows whether a worker runs.") from error
    if age is None:
        raise Unwell("No worker has run yet. Start one: uploads and exports wait for it.")
    if age > SILENT_AFTER_SECONDS:
        raise Unwell(f"The worker or its clock has been silent for {age:.0f} s. Start it again.")
    return f"The worker was last heard {max(age, 0):.0f} s ago."


def _storage(now: datetime) -> str:
    try:
        name = default_storage.save(f"health/{uuid.uuid4()}", ContentFile(b"ok"))
        default_storage.delete(name)
    except OSError as error:
        raise Unwell(f"The image storage takes no files ({error.strerror}).") from error
    return "The image storage takes files."


def _space(now: datetime) -> str:
    free = min(shutil.disk_usage(_standing(root)).free for root in _roots())
    if free < settings.MIN_FREE_BYTES:
        raise Unwell(
            f"Only {free / GIB:.1f} GiB are free; {settings.MIN_FREE_BYTES / GIB:.1f} GiB are "
            "needed for uploads and exports."
        )
    return f"{free / GIB:.0f} GiB are free."


def _roots() -> tuple[Path, ...]:
    return (Path(settings.MEDIA_ROOT), Path(settings.UPLOAD_ROOT), Path(settings.EXPORT_ROOT))


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return next(path for path in (folder, *folder.parents) if path.exists())
