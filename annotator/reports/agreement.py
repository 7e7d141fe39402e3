"""How alike the annotators of an item answer, question by question: Krippendorff's alpha.

What is compared, and at which level, depends on the question's type:

preference, pick   the choice, nominal; "not sure" is no choice
rating             each image's number, interval, as its consensus is a mean
ranking            each image's rank, ordinal
words              each word marked or not, nominal
flags              each flag of each image set or not, nominal
marks              each image marked at all or not, nominal (heatmaps compare where)
comment            is not compared

Intervals are a bootstrap over items, an item's words and images staying together. At most ITEMS
items take part, so that the page answers at any size: those with the smallest ids, which are
random numbers and tell nothing of the item.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from annotator.annotations.models import PartKind
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Kind, Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import ItemSpec, Piece, QuestionSpec
from annotator.reports.standing import standing_answers, standing_parts
from scoring.agreement import Level, krippendorff_alpha
from scoring.statistics.estimate import Estimate
from scoring.votes import tiers_to_ranks

ITEMS = 2000
RESAMPLES = 200

Person = Sequence[Piece]
Values = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha of one question; `estimate.n` counts items. `level` is "" where nothing is compared."""

    question: str
    kind: str
    level: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Report:
    """`sampled`: there are more items than took part."""

    questions: list[Agreement]
    sampled: bool


def agreement_of(project: Project) -> Report:
    """Every question's agreement (5 queries)."""
    rows = questions_of(project.pk)
    questions = [spec_of(row) for row in rows]
    keys = {row.pk: row.key for row in rows}
    specs, sampled = _drawn(project)
    said = _said(project, list(specs), keys)
    return Report(
        [_agreement(question, specs, said[question.key]) for question in questions], sampled
    )


def _drawn(project: Project) -> tuple[dict[UUID, ItemSpec], bool]:
    """The items that take part, with their letters and words, and whether others don't."""
    answered = standing_answers(project).order_by().values("item_id")
    rows = list(Item.objects.filter(pk__in=answered).order_by("pk")[: ITEMS + 1])
    places = places_of(row.pk for row in rows[:ITEMS])
    specs = {
        row.pk: item_spec(row, (place.letter for place in places.get(row.pk, ())))
        for row in rows[:ITEMS]
    }
    return specs, len(rows) > ITEMS


_Answers = Mapping[UUID, Mapping[UUID, Person]]


def _said(
    project: Project, item_ids: Sequence[UUID], keys: Mapping[int, str]
) -> Mapping[str, _Answers]:
    """question key → item → annotation → its pieces."""
    found: dict[str, dict[UUID, dict[UUID, list[Piece]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    rows = standing_parts(project).filter(annotation__item__in=item_ids)
    columns = rows.values_list(
        "question_id", "annotation__item_id", "annotation_id", "kind", "letter", "choice", "number"
    )
    for question_id, item_id, annotation_id, kind, letter, choice, number in columns.iterator():
        piece = Piece(kind=kind, letter=letter, choice=choice, number=number)
        found[keys[question_id]][item_id][annotation_id].append(piece)
    return found


def _agreement(question: QuestionSpec, specs: Mapping[UUID, ItemSpec], said: _Answers) -> Agreement:
    compared = COMPARED.get(question.kind)
    if compared is None:
        undefined = Estimate(None, 0, undefined=Reason(Code.NOT_COMPARED))
        return Agreement(question.key, question.kind, "", undefined)
    level, units_of = compared
    units: list[Values] = []
    clusters: list[UUID] = []
    for pk in sorted(said):
        for unit in units_of(list(said[pk].values()), question, specs[pk]):
            units.append(unit)
            clusters.append(pk)
    estimate = krippendorff_alpha(units, level=level, clusters=clusters, resamples=RESAMPLES)
    return Agreement(question.key, question.kind, level, estimate)


def _choices(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    yield tuple(None if p[0].choice == "unsure" else p[0].choice for p in people)


def _ratings(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    numbers = [{piece.letter: piece.number for piece in person} for person in people]
    for letter in sorted({letter for person in numbers for letter in person}):
        yield tuple(person.get(letter) for person in numbers)


def _ranks(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    ranks = [
        tiers_to_ranks(KINDS["ranking"].dump(person, question, item)["tiers"]) for person in people
    ]
    for letter in item.letters:
        yield tuple(person.get(letter) for person in ranks)


def _words(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    marked = [{piece.number for piece in person} for person in people]
    for token in range(len(item.tokens)):
        yield tuple(token in person for person in marked)


def _flags(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    """A person who said nothing of an image (they picked another) is absent from its units."""
    for letter in item.letters:
        judges = [person for person in people if any(piece.letter == letter for piece in person)]
        for option in question.options:
            yield tuple(
                any(p.letter == letter and p.choice == option for p in person) for person in judges
            )


def _marked(people: Sequence[Person], question: QuestionSpec, item: ItemSpec) -> Iterator[Values]:
    for letter in item.letters:
        yield tuple(
            any(p.letter == letter and p.kind == PartKind.POINT for p in person)
            for person in people
        )


_UnitsOf = Callable[[Sequence[Person], QuestionSpec, ItemSpec], Iterator[Values]]

COMPARED: Mapping[str, tuple[Level, _UnitsOf]] = {
    Kind.PREFERENCE: ("nominal", _choices),
    Kind.PICK: ("nominal", _choices),
    Kind.RATING: ("interval", _ratings),
    Kind.RANKING: ("ordinal", _ranks),
    Kind.WORDS: ("nominal", _words),
    Kind.FLAGS: ("nominal", _flags),
    Kind.MARKS: ("nominal", _marked),
}
