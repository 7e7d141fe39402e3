"""Projects as their members see them: with their questions, and how far they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import Role, User
from annotator.projects.models import Project, ProjectState, Question, Template
from annotator.projects.selectors import (
    QuestionShape,
    question_shape,
    questions_by_project,
    roles_of,
)
from annotator.projects.selectors import projects_of as rows_of
from annotator.reports.counts import ProjectCounts, counts_of

COUNTING_ROLES = {Role.REVIEWER, Role.MANAGER}


@dataclass(frozen=True, slots=True)
class ProjectShape:
    """A project as one of its members may see it."""

    id: int
    name: str
    template: Template
    state: ProjectState = field(
        metadata={"help": "paused: nobody is given work; archived: to be read alone."}
    )
    questions: list[QuestionShape]
    asked: int = field(metadata={"help": "Which version of its questions it asks now."})
    former_questions: list[QuestionShape] = field(
        metadata={"help": "Those that it asks no more; items that were begun by then keep them."}
    )
    overlap: int = field(metadata={"help": "Accepted annotations that an item needs."})
    review_rate: float = field(metadata={"help": "Share of a batch's items reviewed, 0 to 1."})
    guideline: str
    lease_seconds: int = field(metadata={"help": "How long an item may be held."})
    review_floor: int = field(
        metadata={"help": "Answers reviewed of each annotator in a batch; 0: by the rate alone."}
    )
    accept_reviewed: int | None = field(metadata={"help": "null: all that is drawn."})
    accept_allowed: int | None = field(metadata={"help": "null: by the plan."})
    signs_off: bool = field(
        metadata={"help": "A batch was signed off here once: exports take signed-off ones."}
    )
    show_verdicts: bool
    image_by_image: bool
    most_rejections: int
    ask_again_from: float
    second_share: float
    answers_first: bool
    training_required: bool
    training_pass: float
    imported_votes: bool = field(metadata={"help": "Exports count what imported judges said, too."})
    roles: list[Role]
    items: int | None = field(metadata={"help": "null for annotators."})
    settled: int | None = field(metadata={"help": "null for annotators."})
    created_at: datetime


def project_of(user: User, project: Project) -> ProjectShape:
    """The project for one of its members (5 queries)."""
    (shape,) = _shapes([(project, roles_of(user, project.pk))])
    return shape


def projects_of(user: User) -> list[ProjectShape]:
    """The projects that this person is a member of, by name (5 queries)."""
    return _shapes(rows_of(user))


def _shapes(mine: Sequence[tuple[Project, Collection[str]]]) -> list[ProjectShape]:
    questions = questions_by_project([project.pk for project, _ in mine])
    counts = counts_of([project.pk for project, roles in mine if COUNTING_ROLES & {*roles}])
    return [
        _shape(project, roles, questions[project.pk], counts.get(project.pk))
        for project, roles in mine
    ]


def _shape(
    project: Project,
    roles: Collection[str],
    questions: Sequence[Question],
    counts: ProjectCounts | None,
) -> ProjectShape:
    return ProjectShape(
        id=project.pk,
        name=project.name,
        template=Template(project.template),
        state=ProjectState(project.state),
        questions=[question_shape(one) for one in questions if one.until is None],
        asked=project.asked,
        former_questions=[question_shape(one) for one in questions if one.until is not None],
        overlap=project.overlap,
        review_rate=project.review_rate,
        guideline=project.guideline,
        lease_seconds=project.lease_seconds,
        review_floor=project.review_floor,
        accept_reviewed=project.accept_reviewed,
        accept_allowed=project.accept_allowed,
        signs_off=project.signs_off,
        show_verdicts=project.show_verdicts,
        image_by_image=project.image_by_image,
        most_rejections=project.most_rejections,
        ask_again_from=project.ask_again_from,
        second_share=project.second_share,
        answers_first=project.answers_first,
        training_required=project.training_required,
        training_pass=project.training_pass,
        imported_votes=project.imported_votes,
        roles=[Role(role) for role in sorted(roles)],
        items=None if counts is None else counts.items,
        settled=None if counts is None else counts.settled,
        created_at=project.created_at,
    )
