"""What can be done with a group: keep what was asked for, and end it."""

from datetime import datetime, timedelta

from annotator.accounts.models import User
from annotator.core.states import move
from annotator.groups.models import CandidateGroup, GroupState
from annotator.groups.packing import NewGroup
from annotator.projects.models import Batch


def add_group(
    batch: Batch, new: NewGroup, *, items: int, least: int, most: int, by: User, now: datetime
) -> CandidateGroup:
    """The group that a batch is; its time runs from now."""
    return CandidateGroup.objects.create(
        project_id=batch.project_id,
        batch=batch,
        prompt=new.prompt,
        names=list(new.names) or [""] * len(new.images),
        items=items,
        least=least,
        most=most,
        deadline=now + timedelta(seconds=new.seconds),
        created_at=now,
        created_by=by,
    )


def end_group(group: CandidateGroup, state: GroupState, *, now: datetime) -> CandidateGroup:
    """waiting → over. StaleState for one that has been ended meanwhile."""
    return move(group, state, ended_at=now)
