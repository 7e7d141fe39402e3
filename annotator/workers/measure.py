"""Measures images, a slice at a time, and what is made of that: sets, reward models.

The only tasks that may load torch.
"""

import logging
import uuid
from typing import Any

from celery import Task, shared_task
from django.conf import settings

from annotator import jobs
from annotator.core import clock
from annotator.core.errors import StaleState
from annotator.measurements import queue, set_work, sets
from annotator.measurements.measuring import measure_slice
from annotator.measurements.models import Queue, SetMeasurement
from annotator.rewards import services as rewards
from annotator.rewards import work as rewarding
from annotator.rewards.models import RewardHead

log = logging.getLogger(__name__)

jobs.register(SetMeasurement, work=set_work.measure, give_up=sets.give_up)
jobs.register(RewardHead, work=rewarding.work, give_up=rewards.give_up)


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_pixels",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def measure_pixels(self: "Task[Any, Any]", project_id: int | None = None) -> None:
    """Measures some images by arithmetic, of one project where it is named."""
    _measure(self, Queue.CPU, project_id)


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_by_networks",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def measure_by_networks(self: "Task[Any, Any]", project_id: int | None = None) -> None:
    """Measures some images by networks; its queue is served where the GPU is."""
    _measure(self, Queue.GPU, project_id)


def _measure(task: "Task[Any, Any]", name: Queue, project_id: int | None) -> None:
    """Measures a slice under the message's own id, and sends for the next."""
    token = task.request.id or uuid.uuid4().hex
    if (task.request.delivery_info or {}).get("redelivered"):
        # The broker brings a message again when its worker died of it.
        queue.put_back_of(token, clock.now())
    try:
        if measure_slice(name, token=token, project_id=project_id):
            queue.wake(name, project_id)
    except StaleState:
        log.warning("Another worker has taken over a slice.")


@shared_task(
    name=SetMeasurement.TASK,
    # It runs no network, but may stream a million images' features.
    time_limit=4 * settings.MEASURE_MAX_SECONDS,
)
def measure_set(set_id: int) -> None:
    """Measures one set, if it waits for that and its features are there."""
    jobs.run(SetMeasurement, set_id)


@shared_task(
    name=RewardHead.TASK,
    # It waits for features as a set does, and fits minutes for tens of thousands of pairs.
    time_limit=4 * settings.MEASURE_MAX_SECONDS,
)
def train_reward_head(head_id: int) -> None:
    """Trains one reward model, if it waits for that and its features are there."""
    jobs.run(RewardHead, head_id)
