"""PostgreSQL and Redis of our own, to be killed and emptied; and the environment that names them.

Nothing here is Django's: settings read the environment once, when it stands.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from servers import postgres, redis


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers that a site stands on."""

    database: postgres.Private
    broker: redis.Private


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Servers that run and an environment for a site on them; gone at the end."""
    standing = Ground(postgres.Private(), redis.Private())
    with tempfile.TemporaryDirectory(prefix="triptych-faults-") as data:
        try:
            os.environ.update(
                _environment(standing.database.start(), standing.broker.start(), data)
            )
            yield standing
        finally:
            standing.broker.stop()
            standing.database.stop()


def _environment(database: str, broker: str, data: str) -> dict[str, str]:
    """Leases and limits stay the site's own, so that the times are what people would meet."""
    return {
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "TRIPTYCH_DATA": data,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "annotator.config.settings",
    }
