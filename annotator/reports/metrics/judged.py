"""What people said, dimension by dimension, as numbers to hold metrics against.

A dimension is a question, or one flag of a question that offers several, or one skill of a
checklist's rows. What its number is:

rating      an image's mean of (rating - lowest) / (highest - lowest), without "not applicable"
ranking     minus an image's mean rank within its item
best_worst  the same; those between the best and the worst share the mean rank there
marks       minus the mean number of marks that a person set on the image
words       minus the mean number of words that a person marked (items of one image alone)
flags       the share of people who set the flag
pick        the share of people who picked the image
checklist   the mean over people of the share of yes among the rows answered yes or no, of all or of
            one skill
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
from django.db.models import Value
from numpy.typing import NDArray

from annotator.annotations.selectors import accepted_answers, counting_pieces
from annotator.consensus.models import Consensus
from annotator.items.grouping import Grouping
from annotator.items.models import LETTERS, Item, ItemImage, MetaOf
from annotator.items.overlaps import ALONE
from annotator.items.selectors import Entry, skills_of
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import Kind, PieceType, QuestionSpec, amount_of
from annotator.reports.reading import every_row
from scoring.arrays import Floats, Ints
from scoring.designs import weights
from scoring.prompts import normal_form
from scoring.statistics.ranks import midranks

MOST = len(LETTERS)
Flags = NDArray[np.bool_]


class HumanUnit(StrEnum):
    """What one human number is of."""

    IMAGE = "image"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that people judged. ``key`` is the question's, or question.flag, question.skill.

    The first of a checklist's ``options`` is "", for all of its skills.
    """

    key: str
    title: str
    kind: str
    question: int
    question_key: str
    options: tuple[str, ...] = ()
    option: int = 0
    lowest: int = 0
    highest: int = 1
    parents: tuple[str, ...] = ()

    def implied(self, option: str) -> tuple[str, ...]:
        """An option and those above it in the tree."""
        asked = QuestionSpec(
            self.question_key, self.kind, options=self.options, parents=self.parents
        )
        return tuple(asked.implied([option]))

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
    With a grouping by a key of images `generators` are generators at one value of it; by one of
    items ``group`` (items,) numbers the values, which are `groups`.
    Where rounds were drawn, ``drawn_in`` (items,) is an item's round, 0 of an upload, and
    ``weight`` (items,) how many pairs it speaks for. Where any were put to one person each,
    ``single`` (items,) says which.
    """

    items: Sequence[UUID]
    images: Sequence[UUID]
    generators: Sequence[str]
    places: Ints
    prompt: Ints
    generator: Ints
    prompt_of: Ints
    item_of: Ints
    groups: Sequence[str] = ()
    group: Ints | None = None
    drawn_in: Ints | None = None
    weight: Floats | None = None
    single: Flags | None = None

    def single_among(self, items: Ints) -> int:
        """How many of the items of these numbers were put to one person each."""
        return 0 if self.single is None else int(self.single[np.unique(items)].sum())


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
    """In the questions' order (2 queries, one more a checklist).

    Comments have no number, and reasons none of an image.
    """
    found: list[Dimension] = []
    for question in questions_of(project.pk):
        kind = KINDS[question.kind]
        if kind.level is None or (kind.has_options and kind.unit == "item"):
            continue
        title = question.title or question.key
        titles = _options_of(project, question)
        options = list(titles)
        for place, option in enumerate(options):
            several = len(options) > 1 and option != ""
            found.append(
                Dimension(
                    key=f"{question.key}.{option}" if several else question.key,
                    title=f"{title}: {titles[option]}" if several else title,
                    kind=question.kind,
                    question=question.pk,
                    question_key=question.key,
                    options=tuple(options),
                    option=place,
                    lowest=question.scale_min or 0,
                    highest=question.scale_max or 1,
                    parents=tuple(row.parent for row in question.options.all())
                    if kind.tree
                    else (),
                )
            )
    return found


def _options_of(project: Project, question: Question) -> dict[str, str]:
    """What a question has a number of each of, with its title: flags, skills, or "", the whole."""
    kind = KINDS[question.kind]
    if kind.has_options:
        return {row.key: row.title or row.key for row in question.options.all()}
    skills = skills_of(project) if kind.needs_checklist else []
    return {"": "", **{skill: skill for skill in skills}}


def shown_of(project: Project, by: Grouping | None = None) -> JudgedImages:
    """The settled items with their images (1 query)."""
    entry: Entry | Value = Value("")
    if by is not None:
        entry = Entry("image__meta" if by.of is MetaOf.IMAGE else "item__meta", by.key)
    settled = Consensus.objects.filter(project=project).values("item_id")
    rows = ItemImage.objects.filter(item_id__in=settled).order_by("item_id", "place")
    columns = every_row(
        rows.values_list(
            "item_id", "place", "image_id", "image__generator", "item__prompt",
            "item__batch__round", "item__selection_probability", "item__overlap", entry,
        )
    )  # fmt: skip
    items: dict[UUID, int] = {}
    images: dict[UUID, int] = {}
    generators: dict[str, int] = {}
    prompts: dict[str, int] = {}
    groups: dict[str, int] = {}
    of_image, of_item = (by is not None and by.of is each for each in (MetaOf.IMAGE, MetaOf.ITEM))
    prompt, generator, item_of, at = array("q"), array("q"), array("q"), array("q")
    group, drawn_in, chance = array("q"), array("q"), array("d")
    single = array("q")
    for item_id, place, image_id, made_by, text, number, likely, overlap, value in columns:
        item = items.setdefault(item_id, len(items))
        if item == len(prompt):
            prompt.append(prompts.setdefault(normal_form(text) or f"\0{item}", len(prompts)))
            drawn_in.append(number or 0)
            chance.append(likely or 1.0)
            single.append(overlap == ALONE)
            if of_item:
                group.append(groups.setdefault(value or "", len(groups)))
        image = images.setdefault(image_id, len(images))
        if image == len(generator):
            name = by.label(made_by, value) if by is not None and of_image else made_by
            generator.append(generators.setdefault(name, len(generators)))
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
        groups=list(groups),
        group=_ints(group) if of_item else None,
        drawn_in=_ints(drawn_in) if any(drawn_in) else None,
        weight=weights(np.array(chance), _ints(drawn_in), max(drawn_in)) if any(drawn_in) else None,
        single=_ints(single) > 0 if any(single) else None,
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

    def within(self, items: Flags) -> "Pieces":
        """Those about the items that are chosen, (items,)."""
        there = items[self.item]
        return Pieces(self.item[there], self.person[there], self.place[there], self.code[there])


def pieces_of(project: Project, dimension: Dimension, shown: JudgedImages) -> Pieces:
    """Everything that was said to the dimension's question, all its flags alike (1 query).

    Answers to items that aren't settled are passed over here: a further condition would cost the
    database more than reading those few.
    """
    # A link says nothing more of its word.
    rows = counting_pieces(accepted_answers()).exclude(type=PieceType.LINK)
    rows = rows.filter(question_id=dimension.question)
    columns = every_row(
        rows.values_list(
            "annotation__item_id", "annotation__annotator_id", "type", "letter", "choice", "number"
        )
    )
    numbers = {item_id: number for number, item_id in enumerate(shown.items)}
    letters = {letter: place for place, letter in enumerate(LETTERS)} | {"": -1}
    skills = _skills(project, dimension)
    reading, _ = _arithmetic(KINDS[dimension.kind])
    code_of = reading(dimension.options)
    implied = {option: dimension.implied(option) for option in dimension.options}
    items, people, places, codes = array("q"), array("q"), array("q"), array("d")
    for item_id, person, piece, letter, choice, number in columns:
        if item_id not in numbers:
            continue
        for name in implied.get(choice, (choice,)):
            code = code_of(piece, name, number)
            if code is None:
                continue
            items.append(numbers[item_id])
            people.append(person)
            places.append(letters[letter])
            codes.append(code + 2 * skills[item_id][number or 0] if skills else code)
    return Pieces(_ints(items), _ints(people), _ints(places), np.array(codes, np.float64))


def _skills(project: Project, dimension: Dimension) -> dict[UUID, list[int]]:
    """Item → of each row of its checklist the place of its skill in `options` (1 query)."""
    if not KINDS[dimension.kind].needs_checklist:
        return {}
    places = {option: place for place, option in enumerate(dimension.options)}
    rows = Item.objects.filter(project=project).exclude(checklist=[]).order_by()
    return {
        item_id: [places.get(row["kind"], 0) for row in checklist]
        for item_id, checklist in every_row(rows.values_list("pk", "checklist"))
    }


_Code = Callable[[str, str, int | None], float | None]
_SIDES = {"a": 1.0, "b": -1.0, "tie": 0.0, "both_bad": 0.0}


def _number(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: amount_of(kind, number)


def _something(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: 0.0 if kind == PieceType.NOTHING else 1.0


def _flag(options: Sequence[str]) -> _Code:
    places = {option: float(place) for place, option in enumerate(options)}
    return lambda kind, choice, number: places.get(choice, -1.0)


def _yes(options: Sequence[str]) -> _Code:
    return lambda kind, choice, number: {"yes": 1.0, "no": 0.0}.get(choice)


def _letter(options: Sequence[str]) -> _Code:
    places = {letter: float(place) for place, letter in enumerate(LETTERS)}
    return lambda kind, choice, number: places.get(choice)


def _side(options: Sequence[str]) -> _Code:
    """1 for a, -1 for b; where sides are graded, by how many steps."""
    return lambda kind, choice, number: (
        None if choice not in _SIDES else _SIDES[choice] * (1 if number is None else number)
    )


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
    if KINDS[dimension.kind].level == "interval":
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


def _shares(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    """Of an item's only image; who was sure of no row (of the skill) says nothing.

    A code is 1 for yes, and 2 more for each place of its row's skill.
    """
    skill, yes = np.divmod(pieces.code, 2)
    mine = np.flatnonzero((skill == dimension.option) | (dimension.option == 0))
    _, first, of, n = np.unique(
        answers_in(pieces)[mine], return_index=True, return_inverse=True, return_counts=True
    )
    item = pieces.item[mine][first]
    share = np.bincount(of.reshape(-1), yes[mine], len(first)) / n
    return item, pieces.person[mine][first], shown.places[item, 0], share


def _flags(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> _Votes:
    this = (pieces.code == dimension.option).astype(np.float64)
    as_counts = Pieces(pieces.item, pieces.person, pieces.place, this)
    item, person, unit, vote = _counts(dimension, as_counts, shown)
    # Several regions may have one flaw, or flaws with one above them.
    return item, person, unit, np.minimum(-vote, 1.0)


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
    if kind.unit == "row":
        return _yes, _shares
    return _something, _words if kind.unit == "word" else _counts
