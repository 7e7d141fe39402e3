"""A site put back from its backup: checked first, then files, then the database as one change."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.db import connection

from annotator.core import clock, places
from annotator.core.places import Files
from annotator.ops import dumps, heartbeat
from annotator.ops.kept import (
    EXPORTS,
    STORED,
    UPLOADS,
    BackupError,
    KeptFile,
    Manifest,
    look_at,
    names_in,
    names_stored,
    read_manifest,
    storage,
)
from annotator.ops.models import Heartbeat

SAY_EVERY = 500
# Beat has ended if it has been silent for so many of its rounds.
ROUNDS_MISSED = 3
NAMED = 20

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a restore did."""

    manifest: Manifest
    written: int
    removed: int


def check(folder: Path, say: Say) -> Manifest:
    """Reads a whole backup; raises BackupError, which names what is missing or damaged."""
    manifest = read_manifest(folder)
    say(f"Checking {len(manifest.files):,} files …")
    wrong = []
    for name, file in manifest.files.items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif look_at(path) != file:
            wrong.append(f"{name} has other bytes than were written")
    if wrong:
        more = f"\n… and {len(wrong) - NAMED:,} more" if len(wrong) > NAMED else ""
        listed = "\n".join(wrong[:NAMED])
        raise BackupError(f"The backup is damaged; nothing was restored.\n{listed}{more}")
    return manifest


def site_word() -> str:
    """What has to be said before this site's data is replaced: its database's name."""
    return Path(str(connection.settings_dict["NAME"])).stem


def refuse_unfit(manifest: Manifest) -> None:
    """Raises BackupError for a backup that this site can't read, and where a program is missing."""
    if manifest.engine != dumps.engine():
        raise BackupError(
            f"The backup is of a {manifest.engine} database, this site has {dumps.engine()}. "
            "Set DATABASE_URL to one of that kind."
        )
    unknown = dumps.unknown_migrations(manifest.migrations)
    if unknown:
        raise BackupError(
            f"The backup was made by a newer version of Triptych: {', '.join(unknown[:3])} is "
            "not known here. Restore with that version or a newer one."
        )
    dumps.need_programs()


def refuse_at_work() -> None:
    """Raises BackupError while the site's processes run.

    They would write between the rows and files that are put back, and what they store in that time
    would be removed as the old site's.
    """
    found = dumps.other_sessions() if dumps.engine() == dumps.POSTGRES else _last_round()
    if found:
        raise BackupError(
            f"The site is at work: {found}. Stop its web, worker, scorer and beat processes, and "
            "give the command again. Nothing was changed."
        )


def _last_round() -> str:
    """What beat did just now, in words; "" where it is silent. SQLite can't say who is there."""
    if Heartbeat._meta.db_table not in connection.introspection.table_names():
        return ""
    age = heartbeat.ages(clock.now()).get(heartbeat.SWEEP)
    if age is None or age > ROUNDS_MISSED * settings.SWEEP_SECONDS:
        return ""
    return f"its beat did a round {age:.0f} s ago"


def what_would_be_lost(manifest: Manifest) -> str:
    """What this site holds that the restore would remove, in words; "" for an empty one."""
    tables = dumps.tables_with_rows()
    if tables:
        return f"the database has rows in {len(tables)} tables ({', '.join(tables[:3])} …)"
    others = set(names_stored()) - manifest.below(STORED).keys()
    if others:
        return f"the storage holds {len(others):,} files that the backup does not have"
    return ""


def put_back(folder: Path, manifest: Manifest, say: Say) -> PutBack:
    """Makes the site what the backup says. Raises BackupError.

    Stored files come first: their names are hashes, they harm nothing if the database then fails.
    """
    say("Stored files …")
    written = _store(folder, manifest.below(STORED), say)
    say("Database …")
    dumps.load(folder / manifest.database)
    call_command("migrate", interactive=False, verbosity=0)
    say("Unfinished uploads and exports …")
    written += _leave(Files.UPLOADS, folder / UPLOADS, manifest.below(UPLOADS))
    written += _leave(Files.EXPORTS, folder / EXPORTS, manifest.below(EXPORTS))
    return PutBack(manifest, written, _remove_others(manifest))


def _store(folder: Path, files: dict[str, KeptFile], say: Say) -> int:
    written = 0
    for name, file in files.items():
        if _is_stored(name, file):
            continue
        with (folder / STORED / name).open("rb") as stream:
            storage().save(name, File(stream))
        written += 1
        if written % SAY_EVERY == 0:
            say(f"{written:,} files put back …")
    return written


def _is_stored(name: str, file: KeptFile) -> bool:
    """Whether the very bytes are there already."""
    if not storage().exists(name) or storage().size(name) != file.bytes:
        return False
    with storage().open(name) as stream:
        return _sha256(stream) == file.sha256


def _sha256(stream: "File[Any]") -> str:
    digest = hashlib.sha256()
    for block in stream.chunks():
        digest.update(block)
    return digest.hexdigest()


def _leave(kind: Files, source: Path, files: dict[str, KeptFile]) -> int:
    target = places.store(kind, places.here(kind))
    for name in files:
        with (source / name).open("rb") as stream:
            target.save(name, File(stream))
    return len(files)


def _remove_others(manifest: Manifest) -> int:
    """Stored files and uploads' bytes of what the site was before; nothing names them now."""
    removed = 0
    for name in set(names_stored()) - manifest.below(STORED).keys():
        storage().delete(name)
        removed += 1
    uploads = places.store(Files.UPLOADS, places.here(Files.UPLOADS))
    for name in set(names_in(uploads)) - manifest.below(UPLOADS).keys():
        uploads.delete(name)
        removed += 1
    return removed
