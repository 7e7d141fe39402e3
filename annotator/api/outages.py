"""Whether an error says that database or bucket is away or full: it passes, we are not wrong."""

import sqlite3

import psycopg
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError

from annotator.core.reasons import Code, Reason
from annotator.core.storage import StorageAway

# https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL, READ_ONLY = "53100", "25006"
SQLITE_TAKES_NO_WRITES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}


def reason_of_outage(error: BaseException | None) -> Reason | None:
    """Why this request can't be served at the moment; None: it is no outage."""
    if isinstance(error, StorageAway):
        return Reason(Code.BUCKET_AWAY, bucket=settings.S3_BUCKET)
    if isinstance(error, OperationalError | InternalError):
        return _reason_of(error.__cause__)
    return Reason(Code.DATABASE_AWAY) if isinstance(error, InterfaceError) else None


def _reason_of(cause: BaseException | None) -> Reason | None:
    if isinstance(cause, sqlite3.Error):
        # The low byte is the kind; the rest says more of it.
        kind = cause.sqlite_errorcode & 0xFF
        if kind == sqlite3.SQLITE_ERROR:  # no such table, a query that can't be read
            return None
        full = kind in SQLITE_TAKES_NO_WRITES
        return Reason(Code.DATABASE_TAKES_NO_WRITES if full else Code.DATABASE_AWAY)
    if isinstance(cause, psycopg.Error) and cause.sqlstate in {DISK_FULL, READ_ONLY}:
        return Reason(Code.DATABASE_TAKES_NO_WRITES)
    return Reason(Code.DATABASE_AWAY) if isinstance(cause, psycopg.OperationalError) else None
