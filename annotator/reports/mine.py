"""Everybody's own projects, as their first page lists them: how far each is, what waits for me."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count

from annotator.accounts.models import Role, User
from annotator.assignments.selectors import REMAINING_LIMIT, ahead_of
from annotator.projects.models import ProjectState, Template
from annotator.projects.selectors import projects_of
from annotator.reports.counts import counts_of
from annotator.reports.projects import COUNTING_ROLES
from annotator.reviews.models import Review


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project of mine, with what there is to do in it."""

    id: int
    name: str
    template: Template
    state: ProjectState
    roles: list[Role]
    items: int | None = field(metadata={"help": "null for annotators."})
    settled: int | None = field(metadata={"help": "null for annotators."})
    reviews_waiting: int | None = field(
        metadata={"help": "Items that wait for a reviewer; null for who reviews nothing."}
    )
    left_for_you: int | None = field(
        metadata={"help": "Items still ahead of the caller; null for who annotates nothing."}
    )
    left_is_capped: bool = field(metadata={"help": "There are at least that many."})


@dataclass(frozen=True, slots=True)
class ListedProjects:
    """The projects that one is in, by name."""

    projects: list[ListedProject]
    archived: int = field(metadata={"help": "How many are archived, listed or not."})


def listed_projects(user: User, *, archived: bool) -> ListedProjects:
    """The person's projects, those that are archived only when asked for (5 queries)."""
    mine = projects_of(user)
    away = [project for project, _ in mine if project.state == ProjectState.ARCHIVED]
    shown = [(project, roles) for project, roles in mine if archived or project not in away]
    counting = [project.pk for project, roles in shown if COUNTING_ROLES & {*roles}]
    counts, waiting = counts_of(counting), _reviews_waiting(counting)
    ahead = ahead_of(user, [project for project, roles in shown if Role.ANNOTATOR in roles])
    projects = []
    for project, roles in shown:
        found = counts.get(project.pk)
        left = ahead.get(project.pk)
        projects.append(
            ListedProject(
                id=project.pk,
                name=project.name,
                template=Template(project.template),
                state=ProjectState(project.state),
                roles=roles,
                items=None if found is None else found.items,
                settled=None if found is None else found.settled,
                reviews_waiting=None if found is None else waiting.get(project.pk, 0),
                left_for_you=left,
                left_is_capped=left is not None and left >= REMAINING_LIMIT,
            )
        )
    return ListedProjects(projects, len(away))


def _reviews_waiting(project_ids: Collection[int]) -> dict[int, int]:
    """Of those that have any (1 query)."""
    if not project_ids:
        return {}
    rows = Review.objects.filter(project_id__in=project_ids, waiting=True).order_by()
    return dict(rows.values_list("project_id").annotate(n=Count("pk")))
