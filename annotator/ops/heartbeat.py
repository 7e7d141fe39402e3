"""The signs of life of the processes that nobody talks to.

The round of `manage.py beat` notes its own, and those of the workers that answer when it calls.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from annotator.ops.models import Heartbeat

SWEEP = "sweep"
# When workers were last called, over a broker that works; a worker's name is "worker@host".
CALL = "call"
FORGOTTEN_AFTER = timedelta(days=1)


def beat(name: str, now: datetime) -> None:
    """Notes that `name` is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def heard(workers: Iterable[str], now: datetime) -> None:
    """Notes that these workers have answered a call; forgets those long gone."""
    for name in workers:
        beat(name, now)
    beat(CALL, now)
    gone = Heartbeat.objects.filter(name__contains="@", at__lt=now - FORGOTTEN_AFTER)
    gone.delete()


def forget() -> None:
    """Forgets all signs of life: those of a backup are of processes of then."""
    Heartbeat.objects.all().delete()


def ages(now: datetime) -> dict[str, float]:
    """Name → seconds since its last beat."""
    return {row.name: (now - row.at).total_seconds() for row in Heartbeat.objects.order_by("name")}


def silence(now: datetime, host: str) -> dict[str, float]:
    """Process of this host → for how many seconds it has been silent.

    A worker's silence ends with the last call: where the broker is away, nobody hears anybody.
    """
    found = ages(now)
    called = found.pop(CALL, None)
    silent = {"beat": found[SWEEP]} if SWEEP in found else {}
    for name, age in found.items():
        process, _, where = name.partition("@")
        if where == host and called is not None:
            silent[process] = age - called
    return silent
