"""How alike the annotators of an item answer, question by question: alpha, and other measures.

Compared are the first answers, before any review: the number tells how alike people judge, not how
much was reviewed. A vote is what an answer says of one unit, at the level of the question's kind;
who can't say does not vote. Intervals are a bootstrap over items, an item's units
staying together. At most ITEMS items take part, so that the page answers at any size: those with
the smallest ids, which are random numbers and tell nothing of the item.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from annotator.annotations.selectors import WhichAnswers, counting_pieces, first_answers
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import item_spec, places_of
from annotator.judges.selectors import ImportedCounts, imported_counts
from annotator.projects.models import Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS, compared
from annotator.questions.types import ItemSpec, Piece, PieceType, QuestionSpec, Unit
from annotator.reports.further import FurtherMeasure, JudgedUnit, Value, further_measures
from annotator.reports.places import DrawnRegions, MarkedPlaces, drawn_regions, marked_places
from scoring.agreement import Level, krippendorff_alpha
from scoring.statistics.estimate import Estimate

ITEMS = 2000
RESAMPLES = 200

Person = Sequence[Piece]


class _Given(NamedTuple):
    """Which answer it is, and whose."""

    annotation: UUID
    annotator: int


# Item → answer → its pieces.
_Answers = Mapping[UUID, Mapping[_Given, Person]]


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """Krippendorff's alpha of one question, and the measures that papers quote beside it."""

    id: str
    type: str
    level: str = field(metadata={"help": "nominal, ordinal or interval; empty: not compared."})
    n: int = field(metadata={"help": "Items with two answers or more."})
    alpha: float | None
    interval: tuple[float, float] | None
    no_interval: Reason | None = field(metadata={"help": "Why alpha has no interval."})
    undefined: Reason | None = field(metadata={"help": "Why there is no alpha."})
    not_applicable: float | None = field(
        metadata={"help": "Share of ratings that say the question does not apply; null: no choice."}
    )
    further: list[FurtherMeasure] = field(metadata={"help": "By other measures, of its kind."})
    places: MarkedPlaces | None = field(metadata={"help": "Of questions that ask for points."})
    regions: DrawnRegions | None = field(metadata={"help": "Of questions that ask for regions."})


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Agreement, question by question."""

    questions: list[QuestionAgreement]
    sampled: bool = field(metadata={"help": "Of a random sample of the items."})
    imported: list[ImportedCounts] = field(
        metadata={"help": "What imported judges said, which is in none of these numbers."}
    )
    answers: WhichAnswers = WhichAnswers.FIRST


@dataclass(frozen=True, slots=True)
class AgreementOfGroup:
    """Agreement among some of the answers: how many they are, and each question's."""

    answers: int
    questions: list[QuestionAgreement]


def agreement_of(project: Project) -> AgreementReport:
    """Every question's agreement (6 queries)."""
    rows = questions_of(project.pk)
    questions = [spec_of(row) for row in rows]
    keys = {row.pk: row.key for row in rows}
    specs, sampled = _drawn(project)
    answers = _answers(list(specs), keys)
    return AgreementReport(
        [_agreement(question, specs, answers[question.key]) for question in questions],
        sampled,
        imported_counts(project),
    )


def agreement_by(
    project: Project, group_of: Callable[[int, datetime], int]
) -> tuple[dict[int, AgreementOfGroup], bool]:
    """Agreement within each group of the first answers, and whether of a sample (6 queries).

    `group_of` tells an answer's group by its author's id and the instant at which it was given.
    """
    rows = questions_of(project.pk)
    specs, sampled = _drawn(project)
    answers = _answers(list(specs), {row.pk: row.key for row in rows})
    given = first_answers().filter(item__in=list(specs)).order_by()
    groups: dict[int, set[UUID]] = defaultdict(set)
    for pk, annotator, at in given.values_list("pk", "annotator_id", "submitted_at"):
        groups[group_of(annotator, at)].add(pk)
    found = {
        group: AgreementOfGroup(
            len(members),
            [_agreement(spec_of(row), specs, _within(answers[row.key], members)) for row in rows],
        )
        for group, members in groups.items()
    }
    return found, sampled


def _within(answers: _Answers, members: Collection[UUID]) -> _Answers:
    """The answers of these annotations alone."""
    return {
        item: {given: pieces for given, pieces in people.items() if given.annotation in members}
        for item, people in answers.items()
    }


def _drawn(project: Project) -> tuple[dict[UUID, ItemSpec], bool]:
    """The items that take part, with their letters and words, and whether others don't."""
    answered = first_answers().filter(item__project=project).order_by().values("item_id")
    rows = list(Item.objects.filter(pk__in=answered).order_by("pk")[: ITEMS + 1])
    places = places_of(row.pk for row in rows[:ITEMS])
    specs = {
        row.pk: item_spec(
            row,
            (place.letter for place in places.get(row.pk, ())),
            ((place.image.width, place.image.height) for place in places.get(row.pk, ())),
        )
        for row in rows[:ITEMS]
    }
    return specs, len(rows) > ITEMS


def _answers(item_ids: Sequence[UUID], keys: Mapping[int, str]) -> Mapping[str, _Answers]:
    """question key → item → answer → its pieces."""
    found: dict[str, dict[UUID, dict[_Given, list[Piece]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    rows = counting_pieces(first_answers().filter(item__in=item_ids))
    columns = rows.values_list(
        "question_id",
        "annotation__item_id",
        "annotation_id",
        "annotation__annotator_id",
        "type",
        "letter",
        "choice",
        "number",
        "x",
        "y",
        "text",
    )
    for (
        question_id,
        item_id,
        annotation_id,
        annotator_id,
        kind,
        letter,
        choice,
        number,
        x,
        y,
        text,
    ) in columns.iterator():
        piece = Piece(type=kind, letter=letter, choice=choice, number=number, x=x, y=y, text=text)
        found[keys[question_id]][item_id][_Given(annotation_id, annotator_id)].append(piece)
    return found


def _agreement(
    question: QuestionSpec, specs: Mapping[UUID, ItemSpec], answers: _Answers
) -> QuestionAgreement:
    kind = KINDS[question.kind]
    level = kind.compared_as
    units = [] if level is None else list(_units(question, specs, answers))
    estimate = _alpha(level, units)
    return QuestionAgreement(
        id=question.key,
        type=question.kind,
        level=level or "",
        n=estimate.n,
        alpha=estimate.value,
        interval=estimate.interval,
        no_interval=estimate.no_interval,
        undefined=estimate.undefined,
        not_applicable=_not_applicable(question, answers),
        further=further_measures(question, units),
        places=marked_places(specs, answers) if PieceType.POINT in kind.pieces else None,
        regions=drawn_regions(specs, answers) if PieceType.REGION in kind.pieces else None,
    )


def _not_applicable(question: QuestionSpec, answers: _Answers) -> float | None:
    """Of all ratings, where it may be said: they are no values, alpha goes without them."""
    types = [
        piece.type for people in answers.values() for pieces in people.values() for piece in pieces
    ]
    if not question.na or not types:
        return None
    return types.count(PieceType.NOTHING) / len(types)


def _alpha(level: Level | None, units: Sequence[JudgedUnit]) -> Estimate:
    if level is None:
        return Estimate(None, 0, undefined=Reason(Code.NOT_COMPARED))
    values, items = [unit.values for unit in units], [unit.item for unit in units]
    return krippendorff_alpha(values, level=level, clusters=items, resamples=RESAMPLES)


def _units(
    question: QuestionSpec, specs: Mapping[UUID, ItemSpec], answers: _Answers
) -> Iterator[JudgedUnit]:
    """What people say of each unit, for all units that any of them speaks of, item by item."""
    abstentions = KINDS[question.kind].abstentions
    for pk in sorted(answers):
        found: dict[Unit, list[tuple[int, Value]]] = defaultdict(list)
        for given, pieces in answers[pk].items():
            for unit, value in compared(pieces, question, specs[pk]):
                if value not in abstentions:
                    found[unit].append((given.annotator, value))
        for votes in found.values():
            yield JudgedUnit(pk, votes)
