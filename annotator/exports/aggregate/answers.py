"""What people say together about an item, question by question, in columns of fixed types."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from annotator.exports.aggregate.votes import answered
from annotator.exports.read.items import ExportedItem
from annotator.questions.kinds import KINDS
from annotator.questions.types import Answers, ItemSpec, PieceType, QuestionSpec, Together
from annotator.questions.words import links

LINKS = {"links": [{"token": int, "question": str, "image": str, "place": int}]}
LINKS_MEANING = (
    "; links: everybody's, to the mark or region `place` (from 0) of the image's list in `question`"
)
PLACES = {PieceType.POINT, PieceType.REGION}
TYPES = {int: pa.int32(), float: pa.float64(), str: pa.string()}


def columns_of(questions: Sequence[QuestionSpec]) -> pa.DataType:
    """A struct with a field a question, each null where nobody answered."""
    return pa.struct(
        [
            (q.key, _type({"people": int, **_together(q).columns(q), **(LINKS if q.links else {})}))
            for q in questions
        ]
    )


def meanings_of(questions: Sequence[QuestionSpec]) -> dict[str, str]:
    """The same fields in words."""
    return {
        f"answers.{q.key}": f"people: how many; {_together(q).meaning}"
        + (LINKS_MEANING if q.links else "")
        for q in questions
    }


def answers_of(item: ExportedItem, questions: Sequence[QuestionSpec]) -> dict[str, Any]:
    """A value a question, None where nobody answered."""
    return {question.key: _value(item, question) for question in questions}


def _value(item: ExportedItem, question: QuestionSpec) -> dict[str, Any] | None:
    answers = [one.pieces[question.key] for one in answered(item, question)]
    if not answers:
        return None
    return {
        "people": len(answers),
        **_together(question).value(answers, question, item.spec),
        **({"links": _links(item, question)} if question.links else {}),
    }


def _links(item: ExportedItem, question: QuestionSpec) -> list[dict[str, Any]]:
    """Everybody's, to where the place stands among everybody's on that image."""
    found: list[dict[str, Any]] = []
    before: Counter[tuple[str, str]] = Counter()
    for one in item.counting:
        found += (
            {
                "token": link["token"],
                "question": link["question"],
                "image": link["image"],
                "place": before[link["question"], link["image"]] + link["mark"],
            }
            for link in links(one.pieces.get(question.key, ()))
        )
        for key, pieces in one.pieces.items():
            before.update((key, piece.letter) for piece in pieces if piece.type in PLACES)
    return found


def _type(shape: Any) -> pa.DataType:
    """The columns' type as questions.types.Together writes it, for Arrow."""
    if isinstance(shape, Mapping):
        return pa.struct([(name, _type(each)) for name, each in shape.items()])
    if isinstance(shape, list):
        return pa.list_(_type(shape[0]))
    return TYPES[shape]


def _together(question: QuestionSpec) -> Together:
    return KINDS[question.kind].together or MEAN_NUMBERS


def _mean_numbers(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    kind = KINDS[question.kind]
    found: dict[str, list[float | None]] = {name: [] for name in kind.columns(question)}
    for letter in item.letters:
        numbers = [kind.numbers(one, question, item, letter) for one in answers]
        for name, means in found.items():
            given = [one[name] for one in numbers if name in one]
            means.append(sum(given) / len(given) if given else None)
    return found


MEAN_NUMBERS = Together(
    lambda question: {name: [float] for name in KINDS[question.kind].columns(question)},
    _mean_numbers,
    "of each image the mean",
)
