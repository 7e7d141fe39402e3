"""How often each generator's images were preferred, dimension by dimension.

The unit is the settled item, not the vote: three votes on one item are not three independent
looks, and intervals over votes come out too narrow. An item is a win for the side that more than
half of everybody preferred; tie, both bad and no majority are ties; items that most could not judge
are skipped.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Count, F, FilteredRelation, Q

from annotator.consensus.models import Finding
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project, Question
from annotator.questions.kinds import kinds_where
from scoring.arrays import Floats
from scoring.ranking import NotComparable, Strengths, bradley_terry
from scoring.statistics.proportions import wilson_interval
from scoring.votes import as_choice, share_of_a

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """One generator in one dimension.

    `win_rate` is wins / n, `interval` Wilson's at 95 %; n = wins + losses + ties, in settled items.
    `strength` is Bradley-Terry's θ with ties as half wins (natural logarithm, mean 0), `elo` the
    same as points around 1000; None where generators can't be compared.
    """

    generator: str
    wins: int
    losses: int
    ties: int
    win_rate: float | None
    interval: tuple[float, float] | None
    n: int
    strength: float | None
    elo: float | None


@dataclass(frozen=True, slots=True)
class Board:
    """A dimension: best first. `not_comparable` says why there are no strengths."""

    question: str
    generators: list[Standing]
    not_comparable: Reason | None


@dataclass(frozen=True, slots=True)
class LeaderboardReport:
    """Generators, dimension by dimension."""

    dimensions: list[Board]


@dataclass(slots=True)
class _Tally:
    """wins[(x, y)]: how often x beat y; ties[(x, y)] with x < y."""

    wins: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    ties: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


def leaderboard_of(project: Project, *, question: int | None = None) -> list[Board]:
    """A board a question between two sides, or of one, in the questions' order (3 queries)."""
    kinds = kinds_where(lambda kind: kind.sides)
    asked = Question.objects.filter(project=project, kind__in=kinds).order_by("position")
    questions = list(asked if question is None else asked.filter(pk=question))
    tallies = _tallies(questions)
    return [_board(question.key, tallies[question.pk]) for question in questions]


def _tallies(questions: Sequence[Question]) -> Mapping[int, _Tally]:
    rows = (
        Finding.objects.filter(question__in=questions)
        .annotate(
            first=FilteredRelation(
                "consensus__item__places", condition=Q(consensus__item__places__place=0)
            ),
            second=FilteredRelation(
                "consensus__item__places", condition=Q(consensus__item__places__place=1)
            ),
        )
        .annotate(a=F("first__image__generator"), b=F("second__image__generator"))
    )
    asked = rows.values_list("question_id", "a", "b").annotate(
        n=Count("consensus_id", distinct=True)
    )
    decided = (
        rows.filter(decided=True)
        .values_list("question_id", "a", "b", "key")
        .annotate(n=Count("pk"))
    )
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for question_id, a, b, n in asked.order_by():
        if a != b:
            tallies[question_id].ties[_sorted(a, b)] += n
    for question_id, a, b, key, n in decided.order_by():
        share = share_of_a(as_choice(key))
        if a == b or share == EVEN:
            continue
        tally = tallies[question_id]
        tally.ties[_sorted(a, b)] -= n
        if share is not None:
            tally.wins[(a, b) if share > EVEN else (b, a)] += n
    return tallies


def _sorted(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _board(question: str, tally: _Tally) -> Board:
    names = sorted({name for pair in (*tally.wins, *tally.ties) for name in pair})
    if not names:
        return Board(question, [], Reason(Code.NOTHING_SETTLED))
    wins, ties = np.zeros((2, len(names), len(names)))
    for (winner, loser), n in tally.wins.items():
        wins[names.index(winner), names.index(loser)] = n
    for (x, y), n in tally.ties.items():
        i, j = names.index(x), names.index(y)
        ties[i, j] = ties[j, i] = n
    fitted = bradley_terry(wins, ties)
    rows = [_standing(names, i, wins, ties, fitted) for i in range(len(names))]
    rows.sort(key=lambda row: (-(row.wins + row.ties / 2) / max(row.n, 1), row.generator))
    return Board(question, rows, fitted.reason if isinstance(fitted, NotComparable) else None)


def _standing(
    names: Sequence[str],
    i: int,
    wins: Floats,
    ties: Floats,
    fitted: Strengths | NotComparable,
) -> Standing:
    won, lost, tied = int(wins[i].sum()), int(wins[:, i].sum()), int(ties[i].sum())
    n = won + lost + tied
    strengths = fitted if isinstance(fitted, Strengths) else None
    return Standing(
        generator=names[i],
        wins=won,
        losses=lost,
        ties=tied,
        win_rate=won / n if n else None,
        interval=wilson_interval(won, n),
        n=n,
        strength=strengths.theta[i] if strengths else None,
        elo=strengths.elo()[i] if strengths else None,
    )
