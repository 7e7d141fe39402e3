"""What people say together about an item, question by question, in columns of fixed types.

Lists about images are in the order of the item's letters, lists about words in that of its tokens.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa

from annotator.exports.rows import ItemRow
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

Said = Sequence[Sequence[Piece]]
PEOPLE = ("people", pa.int32())
POINT = pa.struct([("x", pa.float64()), ("y", pa.float64())])


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of question is put together: `kind` of the column, its value, and in words."""

    kind: Callable[[QuestionSpec], pa.DataType]
    value: Callable[[Said, QuestionSpec, ItemRow], dict[str, Any]]
    meaning: str


def columns_of(questions: Sequence[QuestionSpec]) -> pa.DataType:
    """A struct with a field a question, each null where nobody answered."""
    return pa.struct([(question.key, WAYS[question.kind].kind(question)) for question in questions])


def meanings_of(questions: Sequence[QuestionSpec]) -> dict[str, str]:
    """The same fields in words."""
    return {f"answers.{q.key}": f"people: how many; {WAYS[q.kind].meaning}" for q in questions}


def together(item: ItemRow, questions: Sequence[QuestionSpec]) -> dict[str, Any]:
    """A value a question, None where nobody answered."""
    return {question.key: _value(item, question) for question in questions}


def _value(item: ItemRow, question: QuestionSpec) -> dict[str, Any] | None:
    said = [a.pieces[question.key] for a in item.standing if a.pieces.get(question.key)]
    if not said:
        return None
    return {"people": len(said), **WAYS[question.kind].value(said, question, item)}


def _typed(*columns: tuple[str, pa.DataType]) -> Callable[[QuestionSpec], pa.DataType]:
    return lambda _: pa.struct([PEOPLE, *columns])


def _letters(item: ItemRow) -> list[str]:
    return [image.letter for image in item.images]


def _preference(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    votes = preference_consensus([cast(Choice, pieces[0].choice) for pieces in said])
    return {
        "votes": dict(votes.counts),
        "majority": votes.majority,
        "shares": list(votes.soft) if votes.soft else None,
        "margin": votes.margin,
    }


def _ranking(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    found = ranking_consensus(
        [KINDS["ranking"].dump(pieces, question, item.spec)["tiers"] for pieces in said]
    )
    places = {letter: place for place, tier in enumerate(found.tiers, 1) for letter in tier}
    letters = _letters(item)
    return {
        "mean_ranks": [found.mean_ranks[letter] for letter in letters],
        "ranks": [places[letter] for letter in letters],
    }


def _rating(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    return {"means": [_mean(said, letter) for letter in _letters(item)]}


def _mean(said: Said, letter: str) -> float | None:
    given = [
        p.number for pieces in said for p in pieces if p.letter == letter and p.number is not None
    ]
    return sum(given) / len(given) if given else None


def _marks(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    return {"marks": [_points(said, letter) for letter in _letters(item)]}


def _points(said: Said, letter: str) -> list[dict[str, float | None]]:
    pieces = (piece for one in said for piece in one if piece.letter == letter)
    return [{"x": piece.x, "y": piece.y} for piece in pieces if piece.x is not None]


def _words(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    marked = [[piece.number for piece in one if piece.number is not None] for one in said]
    return {"shares": list(word_shares(marked, len(item.tokens)))}


def _flags(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    return {"votes": [_votes(said, letter, question) for letter in _letters(item)]}


def _votes(said: Said, letter: str, question: QuestionSpec) -> dict[str, int]:
    pieces = [[piece for piece in one if piece.letter == letter] for one in said]
    counts = Counter(piece.choice for one in pieces for piece in one)
    asked = {"people": sum(bool(one) for one in pieces)}
    return {**asked, **{f"flag_{name}": counts[name] for name in question.options}}


def _flags_kind(question: QuestionSpec) -> pa.DataType:
    flags = [(f"flag_{name}", pa.int32()) for name in question.options]
    return pa.struct([PEOPLE, ("votes", pa.list_(pa.struct([PEOPLE, *flags])))])


def _pick(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    picked = [pieces[0].choice for pieces in said]
    counts = Counter(picked)
    return {"votes": [counts[x] for x in _letters(item)], "majority": majority(picked)}


def _comment(said: Said, question: QuestionSpec, item: ItemRow) -> dict[str, Any]:
    return {"texts": [piece.text for one in said for piece in one if piece.text]}


NUMBERS, COUNTS = pa.list_(pa.float64()), pa.list_(pa.int32())
WAYS: Mapping[str, Way] = {
    "preference": Way(
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
    "ranking": Way(
        _typed(("mean_ranks", NUMBERS), ("ranks", COUNTS)),
        _ranking,
        "mean_ranks: an image, 1 is best; ranks: their order as whole numbers",
    ),
    "rating": Way(
        _typed(("means", NUMBERS)), _rating, "means: an image, on the question's own scale"
    ),
    "marks": Way(
        _typed(("marks", pa.list_(pa.list_(POINT)))),
        _marks,
        "marks: an image, everybody's points as fractions from the top left corner",
    ),
    "words": Way(_typed(("shares", NUMBERS)), _words, "shares: of people who marked each token"),
    "flags": Way(
        _flags_kind, _flags, "votes: an image, people who judged it and who set each flag_*"
    ),
    "pick": Way(
        _typed(("votes", COUNTS), ("majority", pa.string())),
        _pick,
        "votes: an image; majority: the letter of more than half, or null",
    ),
    "comment": Way(_typed(("texts", pa.list_(pa.string()))), _comment, "texts: everybody's"),
}
