"""An image and yes or no to each flag, as more than half of those say who judged it."""

from collections.abc import Iterator, Sequence

from annotator.exports.dsdl.language import Struct
from annotator.exports.dsdl.samples import (
    MEDIUM,
    UID,
    Job,
    Names,
    Sample,
    Shape,
    flag_name,
    kinds_of,
)
from annotator.exports.formats.types import Questions
from annotator.exports.rows import Answer, ItemRow
from annotator.questions.types import Piece, QuestionSpec


def _fits(questions: Questions) -> bool:
    kinds = kinds_of(questions)
    return kinds["flags"] > 0 and not kinds.keys() - {"pick", "flags"}


def _structs(names: Names) -> Sequence[Struct]:
    flags = dict.fromkeys(names.flag_fields.values(), "Bool")
    fields = {**UID, "media": MEDIUM, "people": "Int", "picks": "Int", **flags}
    return (Struct("BinarySample", ("gdom",), fields, tuple(flags)),)


def _samples(job: Job, item: ItemRow) -> Iterator[Sample]:
    for image in item.images:
        flags: dict[str, bool] = {}
        people: set[int] = set()
        for question in job.shard.questions:
            judged = _judged(item, question, image.letter)
            people |= {answer.said.annotator_id for answer, _ in judged}
            for option in question.options if judged else ():
                yes = sum(any(p.choice == option for p in pieces) for _, pieces in judged)
                flags[job.names.flag_fields[flag_name(question, option)]] = 2 * yes > len(judged)
        if people:
            yield {
                **job.head(item),
                "media": job.medium(image),
                "people": len(people),
                "picks": _picks(job, item, image.letter),
                **flags,
            }


def _judged(
    item: ItemRow, question: QuestionSpec, letter: str
) -> list[tuple[Answer, Sequence[Piece]]]:
    """Who said anything of this image's flags, with what they said."""
    if question.kind != "flags":
        return []
    said = (
        (answer, [p for p in answer.pieces.get(question.key, ()) if p.letter == letter])
        for answer in item.standing
    )
    return [(answer, pieces) for answer, pieces in said if pieces]


def _picks(job: Job, item: ItemRow, letter: str) -> int:
    return sum(
        piece.choice == letter
        for question in job.shard.questions
        if question.kind == "pick"
        for answer in item.standing
        for piece in answer.pieces.get(question.key, ())
    )


BINARY = Shape(
    "BinarySample",
    _fits,
    _structs,
    _samples,
    rule="a flag is true if more than half of those say so who judged this image",
    fields={"people": "who judged this image's flags", "picks": "who picked it as the best"},
)
