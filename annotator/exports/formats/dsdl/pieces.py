"""Any other project's items: their images, and everybody's answers piece by piece."""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.exports.formats.dsdl.language import Struct
from annotator.exports.formats.dsdl.layout import (
    MEDIUM,
    UID,
    Fields,
    Layout,
    Names,
    Sample,
    Sampling,
    figures_of,
)
from annotator.exports.read.items import ExportedItem
from annotator.questions.types import Piece, PieceType


def _structs(names: Names) -> Sequence[Struct]:
    optional = {
        "letter": "Str",
        "choice": "Str",
        "number": "Num",
        "point": "Coord",
        "text": "Str",
    }
    piece = {"dimension": "Label[dom=$ddom]", "annotator": "Str", "kind": "Str", **optional}
    fields = {
        **UID,
        "tokens": "List[etype=Str]",
        "images": f"List[etype={MEDIUM}]",
        "pieces": "List[etype=AnswerPiece[ddom=$ddom]]",
    }
    return (
        Struct("AnswerPiece", ("ddom",), piece, tuple(optional)),
        Struct("JudgedSample", ("gdom", "ddom"), fields),
    )


def _samples(sampling: Sampling, item: ExportedItem) -> Iterator[Sample]:
    size = {image.letter: (image.width, image.height) for image in item.images}
    pieces = [
        {
            "dimension": sampling.names.questions[question.key],
            "annotator": sampling.person(annotation),
            **_piece(piece, size.get(piece.letter, (1, 1))),
        }
        for annotation in item.counting
        for question in sampling.shard.questions
        for piece in annotation.pieces.get(question.key, ())
    ]
    if pieces:
        fields = {
            **sampling.head(item),
            "tokens": list(item.tokens),
            "images": [sampling.medium(image) for image in item.images],
            "pieces": pieces,
        }
        yield Sample(fields, figures_of(item.images))


def _piece(piece: Piece, size: tuple[int, int]) -> Fields:
    # To a reader a number is one, whole or not.
    kind = PieceType.NUMBER if piece.type == PieceType.HALF else piece.type
    found: dict[str, Any] = {"kind": str(kind)}
    found |= {
        name: value
        for name, value in (
            ("letter", piece.letter),
            ("choice", piece.choice),
            ("text", piece.text),
        )
        if value
    }
    if piece.amount is not None:
        found["number"] = piece.amount
    if piece.x is not None and piece.y is not None:
        found["point"] = [piece.x * size[0], piece.y * size[1]]
    return found


PIECES = Layout(
    "JudgedSample",
    bool,
    _structs,
    _samples,
    rule="none: everybody's answers",
    fields={
        "pieces": "an answer's parts: a point, a number, a choice, a text, or kind nothing",
        "number": "a rating on its own scale; a place in a ranking, or a word's index, from 0",
        "letter": "which image: a is the first of images",
    },
)
