"""The sign of life of the processes that nobody talks to."""

from datetime import datetime

from annotator.ops.models import Heartbeat

SWEEP = "sweep"


def beat(name: str, now: datetime) -> None:
    """Notes that `name` is alive: the sweep at each round (so a worker and its clock both run)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def ages(now: datetime) -> dict[str, float]:
    """Name → seconds since its last beat."""
    return {row.name: (now - row.at).total_seconds() for row in Heartbeat.objects.order_by("name")}
