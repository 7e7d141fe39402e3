"""Whether annotators prefer a side: where an image stood should not matter."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.db.models.functions import Substr

from annotator.annotations.selectors import WhichAnswers, counting_pieces, first_answers
from annotator.projects.models import Project, Question
from annotator.questions.kinds import kinds_where
from scoring.statistics.proportions import fair_coin_p, wilson_interval


@dataclass(frozen=True, slots=True)
class SideBias:
    """First answers that preferred the image shown left, of all n that preferred either.

    `interval` is Wilson's at 95 %; `p` the exact two-sided chance of a split at least this uneven
    if sides didn't matter, in (0, 1]. None for n = 0.
    """

    question: str
    left: int
    right: int
    n: int
    left_share: float | None
    interval: tuple[float, float] | None
    p: float | None = field(metadata={"help": "Exact, two-sided, against one half."})


@dataclass(frozen=True, slots=True)
class BiasReport:
    """Whether sides mattered, question by question."""

    questions: list[SideBias]
    answers: WhichAnswers = WhichAnswers.FIRST


def side_bias_of(project: Project) -> list[SideBias]:
    """One row a question between two sides, in the questions' order (2 queries)."""
    kinds = kinds_where(lambda kind: kind.sides)
    answers = first_answers().filter(assignment__project=project)
    chosen = counting_pieces(answers).filter(question__kind__in=kinds, choice__in=["a", "b"])
    counted = (
        chosen.annotate(leftmost=Substr("annotation__shown_order", 1, 1))
        .values_list("question_id")
        .annotate(left=Count("pk", filter=Q(choice=F("leftmost"))), n=Count("pk"))
    )
    found = {question_id: (left, n) for question_id, left, n in counted}
    questions = Question.objects.filter(project=project, kind__in=kinds).order_by("position")
    return [_side_bias(question.key, *found.get(question.pk, (0, 0))) for question in questions]


def _side_bias(question: str, left: int, n: int) -> SideBias:
    return SideBias(
        question=question,
        left=left,
        right=n - left,
        n=n,
        left_share=left / n if n else None,
        interval=wilson_interval(left, n),
        p=fair_coin_p(left, n),
    )
