"""What people said, dimension by dimension, as numbers to hold metrics against.

A dimension is a question, or one flag of a question that offers several. What its number is:

rating      an image's mean of (rating - lowest) / (highest - lowest)
ranking     minus an image's mean rank within its item
marks       minus the mean number of marks that a person set on the image
words       minus the mean number of words that a person marked (items of one image alone)
flags       the share of people who set the flag
pick        the share of people who picked the image
preference  of an item: share that prefer a minus share that prefer b; ties and "both bad" count
            as half to each, "not sure" is left out

Only accepted answers to settled items count. Everything is columns of numbers: a hundred thousand
images are some tens of megabytes.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import numpy as np

from annotator.annotations.selectors import accepted_answers, counting_pieces
from annotator.consensus.models import Consensus
from annotator.items.models import LETTERS, ItemImage
from annotator.projects.models import Project
from annotator.projects.selectors import questions_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import Kind, PieceType
from annotator.reports.reading import every_row
from scoring.arrays import Floats, Ints
from scoring.prompts import normal_form
from scoring.statistics.ranks import midranks

MOST = len(LETTERS)


class HumanUnit(StrEnum):
    """What one human number is of."""

    IMAGE = "image"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that people judged. ``key`` is the question's, or question.flag."""

    key: str
    title: str
    kind: str
    question: int
    question_key: str
    options: tuple[str, ...] = ()
    option: int = 0
    lowest: int = 0
    highest: int = 1

    @property
    def human_unit(self) -> HumanUnit:
        """What one human number is of."""
        return HumanUnit.PAIR if self.of_pairs else HumanUnit.IMAGE

    @property
    def of_pairs(self) -> bool:
        """Its numbers belong to items of two images, not to images."""
        return KINDS[self.kind].sides


@dataclass(frozen=True, slots=True)
class JudgedImages:
    """The settled items and their images, numbered in the order of ids.

    ``places`` (items, 9) holds the number of each letter's image, -1 where there is none.
    ``prompt`` (items,) numbers the prompts in their normal form; items without one are each a
    prompt of their own.
    ``generator``, ``prompt_of`` and ``item_of`` are (images,); of an image that several items show
    the latter two are those of the first.
    """

    items: Sequence[UUID]
    images: Sequence[UUID]
    generators: Sequence[str]
    places: Ints
    prompt: Ints
    generator: Ints
    prompt_of: Ints
    item_of: Ints


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said in one dimension: a row a vote, and the mean of each unit.

    A unit is an image, or an item where the dimension is of pairs. ``unit``, ``item``, ``person``
    and ``vote`` are (votes,); ``mean`` is (units,), NaN where nobody said anything.
    """

    dimension: Dimension
    unit: Ints
    item: Ints
    person: Ints
    vote: Floats
    mean: Floats


def dimensions_of(project: Project) -> list[Dimension]:
    """In the questions' order (2 queries). Comments have no number."""
    found: list[Dimension] = []
    for question in questions_of(project.pk):
        kind = KINDS[question.kind]
        if kind.level is None:
            continue
        title = question.title or question.key
        options = [row.key for row in question.options.all()] if kind.has_options else [""]
        titles = [row.title or row.key for row in question.options.all()]
        for place, option in enumerate(options):
            several = len(options) > 1
            found.append(
                Dimension(
                    key=f"{question.key}.{option}" if several else question.key,
                    title=f"{title}: {titles[place]}" if several else title,
                    kind=question.kind,
                    question=question.pk,
                    question_key=question.key,
                    options=tuple(options),
                    option=place,
                    lowest=question.scale_min or 0,
                    highest=question.scale_max or 1,
                )
            )
    return found


def shown_of(project: Project) -> JudgedImages:
    """The settled items with their images (1 query)."""
    settled = Consensus.objects.filter(project=project).values("item_id")
    rows = ItemImage.objects.filter(item_id__in=settled).order_by("item_id", "place")
    columns = every_row(
        rows.values_list("item_id", "place", "image_id", "image__generator", "item__prompt")
    )
    items: dict[UUID, int] = {}
    images: dict[UUID, int] = {}
    generators: dict[str, int] = {}
    prompts: dict[str, int] = {}
    prompt, generator, item_of, at = array("q"), array("q"), array("q"), array("q")
    for item_id, place, image_id, made_by, text in columns:
        item = items.setdefault(item_id, len(items))
        if item == len(prompt):
            prompt.append(prompts.setdefault(normal_form(text) or f"\0{item}", len(prompts)))
        image = images.setdefault(image_id, len(images))
        if image == len(generator):
            generator.append(generators.setdefault(made_by, len(generators)))
            item_of.append(item)
        at.extend((item, place, image))
    places = np.full((len(items), MOST), -1, np.int64)
    cells = _ints(at).reshape(-1, 3)
    places[cells[:, 0], cells[:, 1]] = cells[:, 2]
    return JudgedImages(
        items=list(items),
        images=list(images),
        generators=list(generators),
        places=places,
        prompt=_ints(prompt),
        generator=_ints(generator),
        prompt_of=_ints(prompt)[_ints(item_of)],
        item_of=_ints(item_of),
    )


def _ints(numbers: "array[int]") -> Ints:
    return np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Pieces:
    """One question's typed pieces, (pieces,) each; ``place`` is -1 for what is about the item.

    ``code`` is the number that a piece says, by its question's kind.
    """

    item: Ints
    person: Ints
    place: Ints
    code: Floats


def pieces_of(project: Project, dimension: Dimension, shown: JudgedImages) -> Pieces:
    """Everything that was said to the dimension's question, all its flags alike (1 query).

    Answers to items that aren't settled are passed over here: a further condition would cost the
    database more than reading those few.
    """
    rows = counting_pieces(accepted_answers()).filter(question_id=dimension.question)
    columns = every_row(
        rows.values_list(
            "annotation__item_id", "annotation__annotator_id", "type", "letter", "choice", "number"
        )
    )
    numbers = {item_id: number for number, item_id in enumerate(shown.items)}
    letters = {letter: place for place, letter in enumerate(LETTERS)} | {"": -1}
    reading, _ = _arithmetic(KINDS[dimension.kind])
    code_of = reading(dimension.options)
    items, people, places, codes = array("q"), array("q"), array("q"), array("d")
    for item_id, person, piece, letter, choice, number in columns:
        code = code_of(piece, choice, number)
        if code is None or item_id not in numbers:
            continue
        items.append(numbers[item_id])
        people.append(person)
        places.append(letters[letter])
        codes.append(code)
    return Pieces(_ints(items), _ints(people), _ints(places), np.array(codes, np.float64))


_Code = Callable[[str, str, int | None], float | None]
_SIDES = {"a": 1.0, "b": -1.0, "tie": 0.0, "both_bad": 0.0}


def _number(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: None if number is None else float(number)


def _something(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: 0.0 if kind == PieceType.NOTHING else 1.0


def _flag(options: Sequence[str]) -> _Code:
    places = {option: float(place) for place, option in enumerate(options)}
    return lambda kind, choice, number: places.get(choice, -1.0)


def _letter(options: Sequence[str]) -> _Code:
    places = {letter: float(place) for place, letter in enumerate(LETTERS)}
    return lambda kind, choice, number: places.get(choice)


def _side(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: _SIDES.get(choice)


def judged(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> Judged:
    """The pieces as votes on units, and the units' means."""
    _, votes_of = _arithmetic(KINDS[dimension.kind])
    item, person, unit, vote = votes_of(dimension, pieces, shown)
    there = unit >= 0
    item, person, unit, vote = item[there], person[there], unit[there], vote[there]
    size = len(shown.items if dimension.of_pairs else shown.images)
    # Sums of whole or half numbers are exact, so equal means are equal floats: ties stay ties.
    totals, n = np.bincount(unit, vote, size), np.bincount(unit, minlength=size)
    mean = np.full(size, np.nan)
    np.divide(totals, n, out=mean, where=n > 0)
    if KINDS[dimension.kind].has_scale:
        mean = (mean - dimension.lowest) / (dimension.highest - dimension.lowest)
    return Judged(dimension, unit, item, person, vote, mean)


_Votes = tuple[Ints, Ints, Ints, Floats]
_VotesOf = Callable[[Dimension, Pieces, JudgedImages], _Votes]


def _ratings(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    return pieces.item, pieces.person, shown.places[pieces.item, pieces.place], pieces.code


def _ranks(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    answer = answers_in(pieces)
    item, person, unit, _ = _ratings(dimension, pieces, shown)
    return item, person, unit, -midranks(pieces.code, answer)


def _counts(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    answer = answers_in(pieces)
    _, first, of = np.unique(answer * MOST + pieces.place, return_index=True, return_inverse=True)
    item = pieces.item[first]
    unit = shown.places[item, np.maximum(pieces.place[first], 0)]
    vote = -np.bincount(of.reshape(-1), pieces.code, len(first)).astype(np.float64)
    return item, pieces.person[first], unit, vote


def _words(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    item, person, unit, vote = _counts(dimension, pieces, shown)
    alone = (shown.places[item] >= 0).sum(axis=1) == 1
    return item, person, np.where(alone, unit, -1), vote


def _flags(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    this = (pieces.code == dimension.option).astype(np.float64)
    as_counts = Pieces(pieces.item, pieces.person, pieces.place, this)
    item, person, unit, vote = _counts(dimension, as_counts, shown)
    return item, person, unit, -vote


def _picks(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    row, place = np.nonzero(shown.places[pieces.item] >= 0)
    item = pieces.item[row]
    picked = (place == pieces.code[row]).astype(np.float64)
    return item, pieces.person[row], shown.places[item, place], picked


def _sides(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    return pieces.item, pieces.person, pieces.item, pieces.code


def answers_in(pieces: Pieces) -> Ints:
    """A number for each answer: one person answers an item once."""
    people = np.unique(pieces.person, return_inverse=True)[1].reshape(-1)
    return pieces.item * (int(people.max(initial=0)) + 1) + people


def _arithmetic(kind: Kind) -> tuple[Callable[[Sequence[str]], _Code], _VotesOf]:
    """What number a piece is, and how pieces become votes: by what the kind says of itself."""
    if kind.sides:
        return _side, _sides
    if kind.picks:
        return _letter, _picks
    if kind.level == "ordinal":
        return _number, _ranks
    if kind.level == "interval":
        return _number, _ratings
    if kind.has_options:
        return _flag, _flags
    return _something, _words if kind.unit == "word" else _counts
