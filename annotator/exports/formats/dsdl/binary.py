"""An image and yes or no to each flag, as more than half of those say who judged it."""

from collections.abc import Iterator, Sequence

from annotator.exports.aggregate.votes import Questions, answered, of_kinds
from annotator.exports.formats.dsdl.language import Struct
from annotator.exports.formats.dsdl.layout import (
    MEDIUM,
    UID,
    Layout,
    Names,
    Sample,
    Sampling,
    figures_of,
    flag_name,
    kinds_of,
)
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.types import Piece, QuestionSpec


def _fits(questions: Questions) -> bool:
    kinds = kinds_of(questions)
    return kinds["flags"] > 0 and not kinds.keys() - {"pick", "flags"}


def _structs(names: Names) -> Sequence[Struct]:
    flags = dict.fromkeys(names.flag_fields.values(), "Bool")
    fields = {**UID, "media": MEDIUM, "people": "Int", "picks": "Int", **flags}
    return (Struct("BinarySample", ("gdom",), fields, tuple(flags)),)


def _samples(sampling: Sampling, item: ExportedItem) -> Iterator[Sample]:
    for image in item.images:
        flags: dict[str, bool] = {}
        people: set[int] = set()
        for question in sampling.shard.questions:
            judged = _judged(item, question, image.letter)
            people |= {annotation.annotator_id for annotation, _ in judged}
            for option in question.options if judged else ():
                yes = sum(any(p.choice == option for p in pieces) for _, pieces in judged)
                flags[sampling.names.flag_fields[flag_name(question, option)]] = 2 * yes > len(
                    judged
                )
        if people:
            fields = {
                **sampling.head(item),
                "media": sampling.medium(image),
                "people": len(people),
                "picks": _picks(sampling, item, image.letter),
                **flags,
            }
            yield Sample(fields, figures_of([image]))


def _judged(
    item: ExportedItem, question: QuestionSpec, letter: str
) -> list[tuple[ExportedAnnotation, Sequence[Piece]]]:
    """Who answers anything of this image's flags, with what they answers."""
    if question.kind != "flags":
        return []
    answers = (
        (one, [piece for piece in one.pieces[question.key] if piece.letter == letter])
        for one in answered(item, question)
    )
    return [(one, pieces) for one, pieces in answers if pieces]


def _picks(sampling: Sampling, item: ExportedItem, letter: str) -> int:
    return sum(
        piece.choice == letter
        for question in of_kinds(sampling.shard.questions, ("pick",))
        for annotation in answered(item, question)
        for piece in annotation.pieces[question.key]
    )


BINARY = Layout(
    "BinarySample",
    _fits,
    _structs,
    _samples,
    rule="a flag is true if more than half of those say so who judged this image",
    fields={"people": "who judged this image's flags", "picks": "who picked it as the best"},
)
