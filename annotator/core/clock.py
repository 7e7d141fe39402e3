"""The time by the database's clock, so that a host whose own clock is wrong ends nobody's lease.

Asked once a minute, and counted on between by what no setting of a clock moves.
"""

import math
import time
from datetime import datetime, timedelta

from django.db import Error, connection
from django.utils import timezone

RESYNC_SECONDS = 60.0
# A database that is away is left alone for so long.
ASK_AGAIN_SECONDS = 5.0


class _Clock:
    """The database's time at one moment of this process's monotonic clock."""

    def __init__(self) -> None:
        self.time: datetime | None = None
        self.at = 0.0
        self.tried_at = -math.inf

    def now(self) -> datetime:
        if self._is_due(time.monotonic()):
            self.sync()
        since = timedelta(seconds=time.monotonic() - self.at)
        return timezone.now() if self.time is None else self.time + since

    def _is_due(self, now: float) -> bool:
        is_old = self.time is None or now - self.at >= RESYNC_SECONDS
        return is_old and now - self.tried_at >= ASK_AGAIN_SECONDS

    def sync(self) -> None:
        """Asks the database; where it is away, what it said last goes on counting."""
        if connection.vendor != "postgresql":
            return  # the database is a file, and has this host's clock
        self.tried_at = time.monotonic()
        try:
            with connection.cursor() as cursor:
                before = time.monotonic()
                cursor.execute("SELECT clock_timestamp()")
                self.time = cursor.fetchone()[0]
                self.at = (before + time.monotonic()) / 2
        except Error:
            return


_clock = _Clock()


def now() -> datetime:
    """The present time, aware, by the database's clock; by this host's for SQLite."""
    return _clock.now()


def sync() -> None:
    """Asks the database for the time now, not first when the minute is over."""
    _clock.sync()
