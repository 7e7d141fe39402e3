"""What projects can be asked, on somebody's behalf."""

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound, RoleRequired
from annotator.projects.models import Batch, Membership, Project, Question
from annotator.questions.types import QuestionSpec

# A manager may do all that a reviewer may. Only an annotator annotates.
IMPLIED: dict[str, frozenset[str]] = {
    Role.ANNOTATOR: frozenset({Role.ANNOTATOR}),
    Role.REVIEWER: frozenset({Role.REVIEWER, Role.MANAGER}),
    Role.MANAGER: frozenset({Role.MANAGER}),
}


def roles_of(user: User, project_id: int) -> frozenset[str]:
    """The roles that a person holds in a project; empty: not a member."""
    rows = Membership.objects.filter(user=user, project_id=project_id)
    return frozenset(rows.values_list("role", flat=True))


def project_for(user: User, project_id: int, role: Role | None = None) -> Project:
    """The project, if this person is a member and (when named) has the role or one that implies it.

    Raises NotFound for absent and not yours alike, RoleRequired for members without the role.
    """
    roles = roles_of(user, project_id)
    if not roles:
        raise NotFound
    if role is not None and not roles & IMPLIED[role]:
        raise RoleRequired
    return Project.objects.get(pk=project_id)


def batch_for(user: User, batch_id: int, role: Role = Role.MANAGER) -> Batch:
    """The batch with its project, for a member with the role; NotFound, RoleRequired as above."""
    batch = Batch.objects.select_related("project").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    project_for(user, batch.project_id, role)
    return batch


def spec_of(question: Question) -> QuestionSpec:
    """The question as its type's file takes it."""
    return QuestionSpec(
        key=question.key,
        kind=question.kind,
        required=question.required,
        scale_min=question.scale_min,
        scale_max=question.scale_max,
        per_image=question.per_image,
        about=question.about,
        options=tuple(option.key for option in question.options.all()),
    )


def questions_of(project_id: int) -> list[Question]:
    """The project's questions in order, with their options (2 queries)."""
    return list(Question.objects.filter(project_id=project_id).prefetch_related("options"))
