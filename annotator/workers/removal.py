"""Takes projects and batches away that their leads have deleted."""

from celery import shared_task

from annotator import jobs
from annotator.pipeline.removal import take_away
from annotator.projects import removals
from annotator.projects.models import Removal


@shared_task(name=Removal.TASK)
def remove(removal_id: int) -> None:
    """Takes one away, if it waits for that; what others wait for may have its turn between."""
    jobs.run(Removal, removal_id)


jobs.register(Removal, work=take_away, give_up=removals.fail)
