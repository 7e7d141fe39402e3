"""What a project asks: read once by each process, and kept until the project asks otherwise.

A project's `version` moves with its questions, in the same transaction, and every request reads the
project's row anyway (whether one is its member is never kept). So what is kept is never older than
that row; nothing has to be told to other processes.
"""

from dataclasses import dataclass
from functools import lru_cache

from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.types import QuestionSpec

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The questions in order, as rows with their options and as their kinds take them."""

    questions: tuple[Question, ...]
    specs: tuple[QuestionSpec, ...]


def asked_of(project: Project) -> AskedQuestions:
    """The questions of a project whose row was read in this request (2 queries or none)."""
    return _kept(project.pk, project.seed, project.version)


# The seed is the project's own for ever; its number may come again in a database put back.
@lru_cache(MOST_KEPT)
def _kept(project_id: int, seed: str, version: int) -> AskedQuestions:
    questions = tuple(questions_of(project_id))
    return AskedQuestions(questions, tuple(map(spec_of, questions)))
