"""A project asks otherwise: what is begun stays with what it was asked, the rest is asked anew."""

from collections.abc import Sequence

from annotator.assignments.selectors import begun_slots
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.selectors import items_outside
from annotator.items.services import keep_version
from annotator.projects.models import Project
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.templates import bounds_of
from annotator.questions.kinds import KINDS


def is_begun(project: Project) -> bool:
    """Whether somebody has answered an item of the project, or has one on their desk (1 query)."""
    return begun_slots(project).exists()


def refuse_misfits(project: Project, questions: Sequence[QuestionDraft]) -> None:
    """Raises Invalid where items that would be asked these were not made for them (1 query)."""
    kinds = {draft.kind.name for draft in questions}
    bounds = bounds_of(project.template, kinds)
    unfit = items_outside(
        project,
        bounds,
        needs_prompt=any(KINDS[kind].needs_words for kind in kinds),
        needs_checklist=any(KINDS[kind].needs_checklist for kind in kinds),
        begun=begun_slots(project),
    )
    if unfit:
        raise Invalid(fields={"questions": Reason(Code.QUESTIONS_MISFIT_ITEMS, count=unfit)})


def keep_begun(project: Project, *, asked: int) -> None:
    """What is begun is answered to its end by the version that it was begun with."""
    keep_version(project, begun_slots(project), asked=asked)
