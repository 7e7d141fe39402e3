"""All kinds of question by name, and the reading of whole answers. A new kind is one more line."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.questions import (
    best_worst,
    checklist,
    comment,
    flags,
    graded,
    label,
    marks,
    pick,
    preference,
    ranking,
    rating,
    reading,
    reasons,
    regions,
    words,
)
from annotator.questions.types import (
    ITEM,
    AnswerInvalid,
    ItemSpec,
    Kind,
    Piece,
    PieceType,
    QuestionSpec,
    Vote,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        preference.KIND,
        graded.KIND,
        ranking.KIND,
        best_worst.KIND,
        rating.KIND,
        marks.KIND,
        regions.KIND,
        words.KIND,
        flags.KIND,
        reasons.KIND,
        label.KIND,
        checklist.KIND,
        pick.KIND,
        comment.KIND,
    )
}


class AnswersInvalid(Invalid):
    """Answers that can't be taken; `fields` maps each question's key to its reason."""

    code = Code.ANSWER_INVALID

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        super().__init__(Reason(Code.ANSWER_INVALID), fields=reasons)


def parse_answers(
    raw: Any, questions: Sequence[QuestionSpec], item: ItemSpec
) -> dict[str, tuple[Piece, ...]]:
    """question key → typed pieces, in the questions' order; unanswered optional ones are absent.

    Raises AnswersInvalid with every reason at once: unknown keys, missing answers, wrong content.
    """
    if not isinstance(raw, dict):
        raise Invalid(Reason(Code.ANSWERS_NOT_AN_OBJECT))
    known = {question.key for question in questions}
    reasons = {
        reading.shown(key).strip("'\""): Reason(Code.NO_SUCH_QUESTION)
        for key in raw
        if key not in known
    }
    found: dict[str, tuple[Piece, ...]] = {}
    for question in questions:
        if question.key in raw:
            try:
                found[question.key] = KINDS[question.kind].parse(raw[question.key], question, item)
            except AnswerInvalid as error:
                reasons[question.key] = error.why
        elif question.required and (not question.about or question.about in raw):
            reasons[question.key] = Reason(Code.NOT_ANSWERED)
    reasons |= _beside_the_pick(found, questions, reasons)
    reasons |= _loose_links(found, questions, reasons)
    if reasons:
        raise AnswersInvalid(reasons)
    return found


def _beside_the_pick(
    found: Mapping[str, tuple[Piece, ...]],
    questions: Sequence[QuestionSpec],
    reasons: Mapping[str, Reason],
) -> dict[str, Reason]:
    """Answers about the picked image that are about another one, or about none."""
    wrong: dict[str, Reason] = {}
    for question in questions:
        if not question.about or question.key not in found or question.about in reasons:
            continue
        picked = {piece.choice for piece in found.get(question.about, ())}
        if {piece.letter for piece in found[question.key]} != picked:
            wrong[question.key] = Reason(Code.ANSWER_OF_ANOTHER_IMAGE, about=question.about)
    return wrong


def _loose_links(
    found: Mapping[str, tuple[Piece, ...]],
    questions: Sequence[QuestionSpec],
    reasons: Mapping[str, Reason],
) -> dict[str, Reason]:
    """Answers that are linked to a place that the answer to its question does not name."""
    return {
        key: Reason(
            Code.ANSWER_LINK_TO_NO_PLACE,
            question=link.choice,
            image=link.letter,
            place=int(link.text),
        )
        for key, pieces in found.items()
        for link in pieces
        if link.choice not in reasons and not _leads_somewhere(link, found, questions)
    }


def _leads_somewhere(
    piece: Piece, found: Mapping[str, tuple[Piece, ...]], questions: Sequence[QuestionSpec]
) -> bool:
    """False for a link alone, whose question names no such place."""
    if piece.type != PieceType.LINK:
        return True
    kinds = (KINDS[question.kind] for question in questions if question.key == piece.choice)
    return any(
        kind.places and int(piece.text) < kind.places(found.get(piece.choice, ()), piece.letter)
        for kind in kinds
    )


def without_loose_links(
    found: Mapping[str, tuple[Piece, ...]], questions: Sequence[QuestionSpec]
) -> dict[str, tuple[Piece, ...]]:
    """The answers without links to what is not answered here: of an import some may be left out."""
    return {
        key: tuple(piece for piece in pieces if _leads_somewhere(piece, found, questions))
        for key, pieces in found.items()
    }


def dump_answers(
    pieces: Mapping[str, Sequence[Piece]], questions: Sequence[QuestionSpec], item: ItemSpec
) -> dict[str, Any]:
    """The answers as in the outside contract, in the questions' order."""
    return {
        question.key: KINDS[question.kind].dump(pieces[question.key], question, item)
        for question in questions
        if pieces.get(question.key)
    }


def says_something(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> bool:
    """Whether other answers can be held against this one: not a comment, nor "not sure"."""
    kind = KINDS[question.kind]
    values = {vote.value for vote in kind.votes(pieces, question, item)}
    if kind.level == "ordinal":
        return len(values) > 1
    if unsure_of(pieces, question) and True not in values:
        return False
    return kind.level is not None and bool(values - kind.abstentions)


def relettered(
    pieces: Sequence[Piece], question: QuestionSpec, letters: Mapping[str, str]
) -> tuple[Piece, ...]:
    """The same answer where the item's images have other letters: old letter → new letter."""
    kind = KINDS[question.kind]
    names_images = kind.sides or kind.picks
    moved = (
        msgspec.structs.replace(
            piece,
            letter=letters.get(piece.letter, piece.letter),
            choice=letters.get(piece.choice, piece.choice) if names_images else piece.choice,
        )
        for piece in pieces
    )
    return tuple(sorted(moved, key=lambda piece: (piece.letter, piece.type, piece.ordinal)))


def kinds_where(fits: Callable[[Kind], bool]) -> list[str]:
    """The names of the kinds of which this is true, for queries."""
    return [kind.name for kind in KINDS.values() if fits(kind)]


def compared(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """What is compared with other people's: the votes, or the grade where there is one."""
    if pieces and (grade := KINDS[question.kind].grade):
        return (Vote(ITEM, float(grade(pieces[0], question))),)
    return votes_of(pieces, question, item)


def unsure_of(pieces: Sequence[Piece], question: QuestionSpec) -> Collection[str]:
    """The keys of the units of which one answer says that it is not sure."""
    unsure = KINDS[question.kind].unsure
    return unsure(pieces) if unsure else ()


def votes_of(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """What one answer says, unit by unit; nothing for a question that it passed over."""
    return KINDS[question.kind].votes(pieces, question, item) if pieces else ()
