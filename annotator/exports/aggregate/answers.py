"""What people say together about an item, question by question, in columns of fixed types.

Lists about images are in the order of the item's letters, lists about words in that of its tokens.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa

from annotator.exports.aggregate.votes import answered
from annotator.exports.read.items import ExportedItem
from annotator.questions.kinds import KINDS
from annotator.questions.types import Piece, QuestionSpec
from scoring.votes import (
    CHOICES,
    Choice,
    majority,
    preference_consensus,
    ranking_consensus,
    word_shares,
)

Answers = Sequence[Sequence[Piece]]
"""Everybody's pieces of one question, of those who answered it."""
PEOPLE = ("people", pa.int32())
POINT = pa.struct([("x", pa.float64()), ("y", pa.float64())])


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """How a kind of question is put together: the column's type, its value, and in words."""

    type: Callable[[QuestionSpec], pa.DataType]
    value: Callable[[Answers, QuestionSpec, ExportedItem], dict[str, Any]]
    meaning: str


def columns_of(questions: Sequence[QuestionSpec]) -> pa.DataType:
    """A struct with a field a question, each null where nobody answered."""
    return pa.struct([(question.key, _column(question).type(question)) for question in questions])


def meanings_of(questions: Sequence[QuestionSpec]) -> dict[str, str]:
    """The same fields in words."""
    return {f"answers.{q.key}": f"people: how many; {_column(q).meaning}" for q in questions}


def answers_of(item: ExportedItem, questions: Sequence[QuestionSpec]) -> dict[str, Any]:
    """A value a question, None where nobody answered."""
    return {question.key: _value(item, question) for question in questions}


def _value(item: ExportedItem, question: QuestionSpec) -> dict[str, Any] | None:
    answers = [one.pieces[question.key] for one in answered(item, question)]
    if not answers:
        return None
    return {"people": len(answers), **_column(question).value(answers, question, item)}


def _column(question: QuestionSpec) -> AnswerColumn:
    return OF_KIND.get(question.kind, MEAN_NUMBERS)


def _typed(*columns: tuple[str, pa.DataType]) -> Callable[[QuestionSpec], pa.DataType]:
    return lambda _: pa.struct([PEOPLE, *columns])


def _letters(item: ExportedItem) -> list[str]:
    return [image.letter for image in item.images]


def _preference(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    votes = preference_consensus([cast(Choice, pieces[0].choice) for pieces in answers])
    return {
        "votes": dict(votes.counts),
        "majority": votes.majority,
        "shares": list(votes.soft) if votes.soft else None,
        "margin": votes.margin,
    }


def _ranking(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    dump = KINDS["ranking"].dump
    found = ranking_consensus([dump(one, question, item.spec)["tiers"] for one in answers])
    places = {letter: place for place, tier in enumerate(found.tiers, 1) for letter in tier}
    letters = _letters(item)
    return {
        "mean_ranks": [found.mean_ranks[letter] for letter in letters],
        "ranks": [places[letter] for letter in letters],
    }


def _rating(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    return {"means": [_mean(answers, letter) for letter in _letters(item)]}


def _mean(answers: Answers, letter: str) -> float | None:
    given = [
        p.number
        for pieces in answers
        for p in pieces
        if p.letter == letter and p.number is not None
    ]
    return sum(given) / len(given) if given else None


def _marks(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    return {"marks": [_points(answers, letter) for letter in _letters(item)]}


def _points(answers: Answers, letter: str) -> list[dict[str, float | None]]:
    pieces = (piece for one in answers for piece in one if piece.letter == letter)
    return [{"x": piece.x, "y": piece.y} for piece in pieces if piece.x is not None]


def _words(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    marked = [[piece.number for piece in one if piece.number is not None] for one in answers]
    return {"shares": list(word_shares(marked, len(item.tokens)))}


def _flags(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    return {"votes": [_votes(answers, letter, question) for letter in _letters(item)]}


def _votes(answers: Answers, letter: str, question: QuestionSpec) -> dict[str, int]:
    pieces = [[piece for piece in one if piece.letter == letter] for one in answers]
    counts = Counter(piece.choice for one in pieces for piece in one)
    asked = {"people": sum(bool(one) for one in pieces)}
    return {**asked, **{f"flag_{name}": counts[name] for name in question.options}}


def _flags_type(question: QuestionSpec) -> pa.DataType:
    flags = [(f"flag_{name}", pa.int32()) for name in question.options]
    return pa.struct([PEOPLE, ("votes", pa.list_(pa.struct([PEOPLE, *flags])))])


def _pick(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    picked = [pieces[0].choice for pieces in answers]
    counts = Counter(picked)
    return {"votes": [counts[x] for x in _letters(item)], "majority": majority(picked)}


def _comment(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    return {"texts": [piece.text for one in answers for piece in one if piece.text]}


NUMBERS, COUNTS = pa.list_(pa.float64()), pa.list_(pa.int32())
OF_KIND: Mapping[str, AnswerColumn] = {
    "preference": AnswerColumn(
        _typed(
            ("votes", pa.struct([(choice, pa.int32()) for choice in CHOICES])),
            ("majority", pa.string()),
            ("shares", NUMBERS),
            ("margin", pa.float64()),
        ),
        _preference,
        "votes; majority: what more than half said, or null; shares of a and b, ties half to each; "
        "margin: |a - b| / people",
    ),
    "ranking": AnswerColumn(
        _typed(("mean_ranks", NUMBERS), ("ranks", COUNTS)),
        _ranking,
        "mean_ranks: an image, 1 is best; ranks: their order as whole numbers",
    ),
    "rating": AnswerColumn(
        _typed(("means", NUMBERS)), _rating, "means: an image, on the question's own scale"
    ),
    "marks": AnswerColumn(
        _typed(("marks", pa.list_(pa.list_(POINT)))),
        _marks,
        "marks: an image, everybody's points as fractions from the top left corner",
    ),
    "words": AnswerColumn(
        _typed(("shares", NUMBERS)), _words, "shares: of people who marked each token"
    ),
    "flags": AnswerColumn(
        _flags_type, _flags, "votes: an image, people who judged it and who set each flag_*"
    ),
    "pick": AnswerColumn(
        _typed(("votes", COUNTS), ("majority", pa.string())),
        _pick,
        "votes: an image; majority: the letter of more than half, or null",
    ),
    "comment": AnswerColumn(
        _typed(("texts", pa.list_(pa.string()))), _comment, "texts: everybody's"
    ),
}


def _mean_numbers(answers: Answers, question: QuestionSpec, item: ExportedItem) -> dict[str, Any]:
    """The mean of each number that the kind gives an image in tables."""
    kind = KINDS[question.kind]
    found: dict[str, list[float | None]] = {name: [] for name in kind.columns(question)}
    for letter in _letters(item):
        numbers = [kind.numbers(one, question, item.spec, letter) for one in answers]
        for name, means in found.items():
            given = [one[name] for one in numbers if name in one]
            means.append(sum(given) / len(given) if given else None)
    return found


def _mean_numbers_type(question: QuestionSpec) -> pa.DataType:
    return pa.struct(
        [PEOPLE, *((name, NUMBERS) for name in KINDS[question.kind].columns(question))]
    )


MEAN_NUMBERS = AnswerColumn(_mean_numbers_type, _mean_numbers, "of each image the mean")
