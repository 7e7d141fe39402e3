"""What is the matter with an image, of a list of things that can be."""

from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.options import option_counts, option_votes, options_named
from annotator.questions.types import (
    AnswerInvalid,
    Answers,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Vote,
)


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"flags": {"a": ["limbs"], "b": []}}: every image is named, an empty list says "none".

    A question about the image that another one picked names that image alone; that it is the
    picked one is checked where all answers are together (kinds.parse_answers).
    """
    letters: Sequence[str] = item.letters
    if question.about:
        letters = _the_only_letter(raw, question, item)
    flags = reading.by_letter(raw, "flags", question, letters)
    return tuple(
        piece for letter, names in flags.items() for piece in _on_image(names, letter, question)
    )


def _the_only_letter(raw: Any, question: QuestionSpec, item: ItemSpec) -> list[str]:
    named = reading.content(raw, "flags", question)
    if not isinstance(named, dict) or len(named) != 1:
        raise AnswerInvalid(question, Reason(Code.ANSWER_ABOUT_ONE_IMAGE, about=question.about))
    return [letter for letter in item.letters if letter in named]


def _on_image(names: Any, letter: str, question: QuestionSpec) -> list[Piece]:
    found = options_named(names, f"flags.{letter}", question)
    if not found:
        return [Piece(PieceType.NOTHING, letter=letter)]
    return [
        Piece(PieceType.FLAG, letter=letter, ordinal=place, choice=name)
        for place, name in enumerate(found)
    ]


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"flags": …}, flags in the question's order."""
    return {"flags": _flags(pieces)}


def _told(pieces: Sequence[Piece], question: QuestionSpec) -> dict[str, set[str]]:
    """Of each image the flags that were set, and those above them in the tree."""
    return {letter: question.implied(names) for letter, names in _flags(pieces).items()}


def _flags(pieces: Sequence[Piece]) -> dict[str, list[str]]:
    flags: dict[str, list[str]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.letter, piece.ordinal)):
        names = flags.setdefault(piece.letter, [])
        if piece.type == PieceType.FLAG:
            names.append(piece.choice)
    return flags


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each flag, or one below it, was set, of the images that were asked about."""
    return option_votes(_told(pieces, question), question)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """Whether each flag was set on the image; nothing where it was not asked about."""
    names = _told(pieces, question).get(letter)
    return {} if names is None else {name: float(name in names) for name in question.options}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people judged each image, and how many set each flag."""
    people = [_told(pieces, question) for pieces in answers]
    return {"votes": [option_counts(people, letter, question, "flag_") for letter in item.letters]}


KIND = Kind(
    name="flags",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.FLAG, PieceType.NOTHING}),
    level="nominal",
    unit="image",
    columns=lambda question: dict.fromkeys(question.options, "share of people who said so"),
    numbers=numbers,
    together=Together(
        lambda question: {
            "votes": [{"people": int, **{f"flag_{name}": int for name in question.options}}]
        },
        together,
        "votes: an image, people who judged it and who set each flag_*",
    ),
    has_options=True,
    tree=True,
    about_a_pick=True,
)
