"""What a project asks: read once by each process, and kept until the project asks otherwise.

A project's `version` moves with its questions, in the same transaction, and every request reads the
project's row anyway (whether one is its member is never kept). So what is kept is never older than
that row; nothing has to be told to other processes.
"""

from dataclasses import dataclass
from functools import lru_cache

from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_asked, spec_of
from annotator.questions.types import QuestionSpec

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The questions in order, as rows with their options and as their kinds take them."""

    questions: tuple[Question, ...]
    specs: tuple[QuestionSpec, ...]


def asked_of(project: Project, asked: int | None = None) -> AskedQuestions:
    """What a version of a project's questions asks; None: the newest (2 queries or none).

    The project's row was read in this request.
    """
    return _kept(project.pk, project.seed, project.version, asked or project.asked)


# The seed is the project's own for ever; its number may come again in a database put back.
@lru_cache(MOST_KEPT)
def _kept(project_id: int, seed: str, version: int, asked: int) -> AskedQuestions:
    questions = tuple(questions_asked(project_id, asked))
    return AskedQuestions(questions, tuple(map(spec_of, questions)))
