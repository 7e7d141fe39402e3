"""What is the matter with an image, of a list of things that can be."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import AnswerInvalid, Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import flag_majority


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
        raise AnswerInvalid(question, f"it is about one image, the one of “{question.about}”.")
    return [letter for letter in item.letters if letter in named]


def _on_image(names: Any, letter: str, question: QuestionSpec) -> list[Piece]:
    found = [
        reading.one_of(name, question.options, question)
        for name in reading.listed(names, f"image {letter}", question)
    ]
    if len(set(found)) < len(found):
        raise AnswerInvalid(question, f"image {letter} has the same flag twice.")
    if not found:
        return [Piece("nothing", letter=letter)]
    in_order = sorted(found, key=question.options.index)
    return [
        Piece("flag", letter=letter, ordinal=place, choice=name)
        for place, name in enumerate(in_order)
    ]


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"flags": …}, flags in the question's order."""
    flags: dict[str, list[str]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.letter, piece.ordinal)):
        names = flags.setdefault(piece.letter, [])
        if piece.kind == "flag":
            names.append(piece.choice)
    return {"flags": flags}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Votes of each flag that has some, and of "nothing", `of` those who judged that image.

    Decided if more than half of **all** who answered say so: where people picked different images,
    one voice about an image that only one picked decides nothing.
    """
    given = [pieces for pieces in answers if pieces]
    if not given:
        return ()
    return tuple(found for letter in item.letters for found in _of_image(given, letter))


def _of_image(given: Sequence[Sequence[Piece]], letter: str) -> list[Found]:
    people = [[piece for piece in pieces if piece.letter == letter] for pieces in given]
    # "nothing" is a vote like any other.
    votes = [{piece.choice or piece.kind for piece in pieces} for pieces in people]
    decided = flag_majority(votes)
    counts = Counter(name for person in votes for name in person)
    judged = sum(bool(person) for person in people)
    return [
        Found(key=name, letter=letter, votes=count, of=judged, decided=name in decided)
        for name, count in sorted(counts.items())
    ]
