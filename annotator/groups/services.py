"""What can be done with a group: keep what was asked for, and end it."""

from datetime import datetime, timedelta

from annotator.accounts.models import User
from annotator.core.states import move
from annotator.groups.models import Group, GroupState
from annotator.groups.packing import NewGroup
from annotator.projects.models import Batch


def add_group(
    batch: Batch, new: NewGroup, *, items: int, least: int, most: int, by: User, now: datetime
) -> Group:
    """The group that a batch is; its time runs from now."""
    return Group.objects.create(
        project_id=batch.project_id,
        batch=batch,
        prompt=new.prompt,
        names=list(new.names) or [""] * len(new.images),
        step=new.step,
        items=items,
        least=least,
        most=most,
        deadline=now + timedelta(seconds=new.seconds),
        created_at=now,
        created_by=by,
    )


def end_group(group: Group, state: GroupState, *, now: datetime) -> Group:
    """waiting → over. StaleState for one that has been ended meanwhile."""
    return move(group, state, ended_at=now)
