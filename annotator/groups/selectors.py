"""What groups can be asked, on somebody's behalf, and which of them are to be looked at."""

from datetime import datetime

from django.db.models import Q, QuerySet

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound
from annotator.groups.models import CandidateGroup, GroupState
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import project_for


def groups_of(project: Project) -> QuerySet[CandidateGroup]:
    """A project's groups, the newest first, without those that are being deleted."""
    rows = CandidateGroup.objects.filter(project=project).exclude(batch__state=BatchState.DELETING)
    return rows.select_related("batch").order_by("-id")


def group_for(user: User, group_id: int) -> CandidateGroup:
    """A group of a project that this person manages. NotFound for absent and not theirs alike."""
    group = CandidateGroup.objects.filter(pk=group_id).select_related("batch", "project").first()
    if group is None or group.batch.state == BatchState.DELETING:
        raise NotFound
    project_for(user, group.project_id, Role.MANAGER)
    return group


def group_of_batch(batch: Batch) -> CandidateGroup | None:
    """The group that a batch is, if it is one (1 query)."""
    return CandidateGroup.objects.filter(batch=batch).first()


def waiting_groups(now: datetime) -> QuerySet[CandidateGroup]:
    """Those that may have to be ended, the oldest first: whose images are read, or whose time is
    up.
    """
    read = Q(batch__state__in=[BatchState.DONE, BatchState.FAILED])
    rows = CandidateGroup.objects.filter(read | Q(deadline__lte=now), state=GroupState.WAITING)
    return rows.select_related("batch", "project").order_by("id")
