"""Beside Krippendorff's alpha, the measures of agreement that papers quote of such a question.

They are made of the same votes as alpha. Names are compared by Fleiss' kappa, numbers by the
one-way intraclass correlation (annotators differ by item) and, on a scale of grades, by quadratic
weighted kappa, rankings by Kendall's W.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.concordance import kendall_w
from scoring.kappa import fleiss_kappa, quadratic_kappa
from scoring.statistics.estimate import Estimate
from scoring.statistics.intraclass import one_way

Value = str | bool | float


class MeasureName(StrEnum):
    """A measure of agreement."""

    FLEISS_KAPPA = "fleiss_kappa"
    ICC = "icc_1_1"
    QUADRATIC_KAPPA = "quadratic_kappa"
    KENDALL_W = "kendall_w"


@dataclass(frozen=True, slots=True)
class FurtherMeasure:
    """Agreement by another measure than alpha, of the same answers.

    `fleiss_kappa`: Fleiss' kappa. `icc_1_1`: the intraclass correlation ICC(1,1) of one person's
    rating. `quadratic_kappa`: the mean over pairs of people of quadratic weighted kappa.
    `kendall_w`: the mean over items of Kendall's W, which chance brings to 1 / people. `n` of the
    estimate counts units: what each vote is about, of rankings the items.
    """

    name: MeasureName
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class JudgedUnit:
    """What people say of one unit of an item, each a pair of the annotator's id and their vote."""

    item: UUID
    votes: Sequence[tuple[int, Value]]

    @property
    def values(self) -> list[Value]:
        return [value for _, value in self.votes]


def further_measures(question: QuestionSpec, units: Sequence[JudgedUnit]) -> list[FurtherMeasure]:
    """Those of the question's kind; none of answers that can't be compared.

    `units` are in the order of their items.
    """
    measured: Iterator[tuple[MeasureName, Estimate]] = iter(())
    kind = KINDS[question.kind]
    match kind.level:
        case _ if kind.grade:
            measured = _of_numbers(question, units)
        case "nominal":
            measured = _of_names(units)
        case "interval":
            measured = _of_numbers(question, units)
        case "ordinal":
            measured = _of_rankings(units)
    return [FurtherMeasure(name, estimate) for name, estimate in measured]


def _of_names(units: Sequence[JudgedUnit]) -> Iterator[tuple[MeasureName, Estimate]]:
    values, items = [unit.values for unit in units], [unit.item for unit in units]
    yield MeasureName.FLEISS_KAPPA, fleiss_kappa(values, clusters=items)


def _of_numbers(
    question: QuestionSpec, units: Sequence[JudgedUnit]
) -> Iterator[tuple[MeasureName, Estimate]]:
    items = {pk: place for place, pk in enumerate(dict.fromkeys(unit.item for unit in units))}
    rows = [
        (place, float(value), items[unit.item])
        for place, unit in enumerate(units)
        for value in unit.values
    ]
    about, values, clusters = zip(*rows, strict=True) if rows else ((), (), ())
    yield MeasureName.ICC, one_way(about, values, clusters).single
    if grades := KINDS[question.kind].grades(question):
        people: list[Mapping[Hashable, Hashable]] = [dict(unit.votes) for unit in units]
        kappa = quadratic_kappa(people, labels=grades, clusters=[unit.item for unit in units])
        yield MeasureName.QUADRATIC_KAPPA, kappa


def _of_rankings(units: Sequence[JudgedUnit]) -> Iterator[tuple[MeasureName, Estimate]]:
    rankings = [_rankings(list(of)) for _, of in groupby(units, key=lambda unit: unit.item)]
    yield MeasureName.KENDALL_W, kendall_w(rankings)


def _rankings(units: Sequence[JudgedUnit]) -> list[list[float]]:
    """Of an item's images the ranks that each person gave them all."""
    images = [dict(unit.votes) for unit in units]
    people = [person for person in images[0] if all(person in image for image in images)]
    return [[float(image[person]) for image in images] for person in people]
