"""The database as one file: taken at one instant while people work, and put back as one change."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from annotator.ops.kept import BackupError, blocks_of

POSTGRES, SQLITE = "postgresql", "sqlite"
PACKAGE = "the package postgresql-client of Debian and Ubuntu, postgresql of Fedora and Homebrew"
# Tables that fill themselves: a site with nothing else in them is empty.
FILLS_ITSELF = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "ops_heartbeat"}
)
LOCK_SECONDS = 30
# Sessions of the site's own role but ours; those of others (monitoring, backups) are no site.
OTHER_SESSIONS = """
    SELECT count(*), coalesce(string_agg(DISTINCT host(client_addr), ', '), '')
    FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
      AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# Those of the schema that belong to no extension, each with its arguments.
OUR_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was in the database at the instant of its copy."""

    migrations: list[str]
    counts: dict[str, int]


def engine() -> str:
    """Which of the two databases this site stands on."""
    return connection.vendor


def dump_name() -> str:
    """What the database's file is called in a backup."""
    return "database.dump" if engine() == POSTGRES else "database.sqlite3"


def dump(path: Path) -> Snapshot:
    """Copies the database as it is at one instant; nobody waits for it. Raises BackupError."""
    return _dump_postgres(path) if engine() == POSTGRES else _dump_sqlite(path)


def load(path: Path) -> None:
    """Puts the database back, all of it or nothing: what it held before is gone."""
    if engine() == POSTGRES:
        _load_postgres(path)
    else:
        _load_sqlite(path)


def tables_with_rows() -> list[str]:
    """Tables in which people's work, or what was made of it, stands."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - FILLS_ITSELF
        filled = []
        for table in sorted(tables):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                filled.append(table)
    return filled


def other_sessions() -> str:
    """Who else is connected to the PostgreSQL database, in words; "" for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(OTHER_SESSIONS)
        count, hosts = cursor.fetchone()
    if not count:
        return ""
    sessions = "1 session is" if count == 1 else f"{count} sessions are"
    return f"{sessions} open in its database" + (f", from {hosts}" if hosts else "")


def unknown_migrations(applied: Iterable[str]) -> list[str]:
    """Those that this version of the code does not have."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    return sorted(set(applied) - {f"{app}.{name}" for app, name in known})


def need_programs() -> None:
    """Says in words what is missing on the PATH, before anything is begun. Raises BackupError."""
    if engine() == POSTGRES:
        for name in ("pg_dump", "pg_restore", "psql"):
            _program(name)


def _dump_postgres(path: Path) -> Snapshot:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (instant,) = cursor.fetchone()
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            (counts[table],) = cursor.fetchone()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
        options = ("--format=custom", f"--snapshot={instant}", "--file", str(path))
        done = subprocess.run(
            [_program("pg_dump"), *options, *_whereabouts()],
            env=_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise BackupError(f"pg_dump could not copy the database: {done.stderr.strip()}")
    return Snapshot(migrations, counts)


def _dump_sqlite(path: Path) -> Snapshot:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        # One file, without the log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        rows = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        counts = {
            table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            for (table,) in sorted(rows)
        }
        migrations = [
            f"{app}.{name}"
            for app, name in copy.execute(
                "SELECT app, name FROM django_migrations ORDER BY app, name"
            )
        ]
    return Snapshot(migrations, counts)


def _load_postgres(path: Path) -> None:
    """The present tables go and the dump's come in one transaction.

    Committed only when pg_restore has ended well: a dump that breaks off leaves all as it was.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(OUR_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
    drops = "".join(
        f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE;\n" for table in tables
    )
    # Of triggers, which have gone with their tables.
    drops += "".join(f"DROP FUNCTION IF EXISTS {name} CASCADE;\n" for name in functions)
    connection.close()
    read = subprocess.Popen(
        [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    write = subprocess.Popen(
        [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, *_whereabouts()],
        env=_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    first = f"BEGIN;\nSET lock_timeout = '{LOCK_SECONDS}s';\n{drops}"
    _pass_on(first.encode(), read, write)
    unread = read.communicate()[1]
    refused = _end(write, b"COMMIT;\n" if read.returncode == 0 else b"")
    if write.returncode != 0:
        raise BackupError(
            "The database could not be put back, and is as it was before. Stop the site's web, "
            f"worker and beat processes first. psql says: {_words(refused)}"
        )
    if read.returncode != 0:
        raise BackupError(
            f"The database's copy can't be read, and the database is as it was: {_words(unread)}"
        )


def _pass_on(
    first: bytes, read: "subprocess.Popen[bytes]", write: "subprocess.Popen[bytes]"
) -> None:
    source, target = cast("IO[bytes]", read.stdout), cast("IO[bytes]", write.stdin)
    try:
        target.write(first)
        for block in blocks_of(source):
            target.write(block)
        target.flush()
    except BrokenPipeError:
        source.close()  # psql has ended, and says why
        read.stdout = None


def _end(process: "subprocess.Popen[bytes]", last: bytes) -> bytes:
    """Sends the last words; what the program complained of."""
    return process.communicate(last)[1]


def _words(output: bytes) -> str:
    return output.decode(errors="replace").strip()


def _load_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as source:
        source.backup(connection.connection)
    connection.close()


def _whereabouts() -> list[str]:
    """Where the database is, in the options that all programs of PostgreSQL share."""
    words, _ = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return [str(word) for word in words[1:]]


def _environment() -> dict[str, str]:
    _, env = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(env or {})}


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupError(
            f"{name} is not on the PATH. It comes with {PACKAGE}; take the server's version or "
            "a newer one."
        )
    return path
