"""Words of the prompt that the image misses or shows wrongly."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
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
    Unit,
    Vote,
)
from scoring.votes import word_shares

LINKS_MAX = 200
# More than any question has places on an image, and as long as a question's key may be.
MARK_MAX, KEY_MAX = 9_999, 50


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"tokens": [2, 5]}: indices into item.tokens, each once; an empty list says "none".

    With `spans` it is {"spans": [[2, 4], [7, 7]]} instead: the first and the last word of each.
    Where the question has `unsure`, "unsure": [7] beside says of word 7 that it may be misaligned
    or not; where it has `links`, [{"token": 2, "question": "flaw", "image": "a", "mark": 0}] ties
    a word that the answer names to a place that the answer to another question names. That there is
    such a place is checked where all answers are together (kinds.parse_answers).
    """
    main = "spans" if question.spans else "tokens"
    more = [name for name in ("unsure", "links") if getattr(question, name)]
    told = {**{name: [] for name in more}, **raw} if isinstance(raw, dict) else raw
    found = reading.contents(told, (main, *more), question)
    words = [
        *(_spans if question.spans else _tokens)(found[main], question, item),
        *_unsure(found.get("unsure", []), question, item),
    ]
    reading.once([word.number for word in words], more[0] if question.unsure else main, question)
    in_order = sorted(words, key=lambda word: word.number or 0)
    numbered = [msgspec.structs.replace(word, ordinal=at) for at, word in enumerate(in_order)]
    named = {word.number for word in words}
    links = _links(found.get("links", []), named, question, item)
    return (*(numbered or (Piece(PieceType.NOTHING),)), *links)


def _tokens(raw: Any, question: QuestionSpec, item: ItemSpec) -> list[Piece]:
    tokens = _places(reading.listed(raw, "tokens", question), "tokens", question, item)
    return [Piece(PieceType.TOKEN, number=token) for token in tokens]


def _unsure(raw: Any, question: QuestionSpec, item: ItemSpec) -> list[Piece]:
    tokens = _places(reading.listed(raw, "unsure", question), "unsure", question, item)
    return [Piece(PieceType.UNSURE, number=token) for token in tokens]


def _spans(raw: Any, question: QuestionSpec, item: ItemSpec) -> list[Piece]:
    """Word by word, so that a word is one wherever words are counted."""
    pieces = []
    for place, span in enumerate(reading.listed(raw, "spans", question)):
        where = f"spans.{place}"
        if not isinstance(span, list) or len(span) != 2:
            raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_SPAN, where=where))
        first, last = (_places([end], where, question, item)[0] for end in span)
        if first > last:
            raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_SPAN, where=where))
        pieces.append(Piece(PieceType.START, number=first))
        pieces += [Piece(PieceType.TOKEN, number=token) for token in range(first + 1, last + 1)]
    return pieces


def _places(values: list[Any], where: str, question: QuestionSpec, item: ItemSpec) -> list[int]:
    """Indices into the item's tokens, each once."""
    last = len(item.tokens) - 1
    if values and last < 0:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NO_WORDS))
    tokens = [reading.whole(value, 0, last, where, question) for value in values]
    reading.once(tokens, where, question)
    return tokens


def _links(
    raw: Any, named: Collection[int | None], question: QuestionSpec, item: ItemSpec
) -> list[Piece]:
    values = reading.listed(raw, "links", question)
    if len(values) > LINKS_MAX:
        raise AnswerInvalid(
            question, Reason(Code.ANSWER_TOO_MANY_LINKS, n=len(values), most=LINKS_MAX)
        )
    links = sorted(
        _link(value, f"links.{place}", named, question, item) for place, value in enumerate(values)
    )
    reading.once(links, "links", question)
    return [
        Piece(PieceType.LINK, letter=image, ordinal=at, choice=key, number=token, text=str(mark))
        for at, (image, token, key, mark) in enumerate(links)
    ]


def _link(
    value: Any, where: str, named: Collection[int | None], question: QuestionSpec, item: ItemSpec
) -> tuple[str, int, str, int]:
    found = reading.contents(value, ("token", "question", "image", "mark"), question)
    token = reading.whole(found["token"], 0, len(item.tokens) - 1, f"{where}.token", question)
    if token not in named:
        raise AnswerInvalid(question, Reason(Code.ANSWER_LINK_OF_NO_WORD, where=where, token=token))
    image = reading.one_of(found["image"], item.letters, question)
    mark = reading.whole(found["mark"], 0, MARK_MAX, f"{where}.mark", question)
    key = found["question"]
    if not isinstance(key, str) or not 0 < len(key) <= KEY_MAX:
        raise AnswerInvalid(
            question,
            Reason(
                Code.ANSWER_LINK_TO_NO_PLACE, question=reading.shown(key), image=image, place=mark
            ),
        )
    return image, token, key, mark


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"tokens": [2, 5]} or {"spans": …}, in the prompt's order; with what else it has."""
    told: dict[str, Any] = (
        {"spans": spans(pieces)} if question.spans else {"tokens": sorted(misaligned(pieces))}
    )
    told |= {"unsure": sorted(unsure(pieces))} if question.unsure else {}
    return told | ({"links": links(pieces)} if question.links else {})


def misaligned(pieces: Iterable[Piece]) -> set[int]:
    """The indices of the words that an answer calls misaligned."""
    return _of_types({PieceType.TOKEN, PieceType.START}, pieces)


def unsure(pieces: Iterable[Piece]) -> set[int]:
    """The indices of those that it is not sure of."""
    return _of_types({PieceType.UNSURE}, pieces)


def _of_types(types: Collection[str], pieces: Iterable[Piece]) -> set[int]:
    return {one.number for one in pieces if one.type in types and one.number is not None}


def spans(pieces: Sequence[Piece]) -> list[list[int]]:
    """The first and the last word of each span, in the prompt's order; neighbours stay two."""
    starts = _of_types({PieceType.START}, pieces)
    found: list[list[int]] = []
    for token in sorted(misaligned(pieces)):
        if token in starts or not found:
            found.append([token, token])
        else:
            found[-1][1] = token
    return found


def links(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """Which word belongs to which place on an image, word by word."""
    found = sorted(
        (one.number or 0, one.letter, one.choice, int(one.text))
        for one in pieces
        if one.type == PieceType.LINK
    )
    return [
        {"token": token, "question": key, "image": image, "mark": mark}
        for token, image, key, mark in found
    ]


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each word was marked; nothing of a word of which the answer is not sure."""
    marked, open_ = misaligned(pieces), unsure(pieces)
    return tuple(
        Vote(Unit(key=str(token)), token in marked)
        for token in range(len(item.tokens))
        if token not in open_
    )


def columns(question: QuestionSpec) -> Mapping[str, str]:
    """The shares of the prompt's words."""
    share = {"misaligned_share": "mean share of the prompt's words"}
    return share | ({"unsure_share": "mean share of words not sure of"} if question.unsure else {})


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The share of the prompt's words that was marked, and that was not sure of."""
    if not item.tokens:
        return {}
    found = {"misaligned_share": len(misaligned(pieces)) / len(item.tokens)}
    return found | (
        {"unsure_share": len(unsure(pieces)) / len(item.tokens)} if question.unsure else {}
    )


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """The share of people who marked each word, of those who were sure of it."""
    shares = word_shares(
        [misaligned(pieces) for pieces in answers],
        len(item.tokens),
        [unsure(pieces) for pieces in answers],
    )
    return {"shares": list(shares)}


KIND = Kind(
    name="words",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset(
        {
            PieceType.TOKEN,
            PieceType.START,
            PieceType.UNSURE,
            PieceType.LINK,
            PieceType.NOTHING,
        }
    ),
    level="nominal",
    unit="word",
    columns=columns,
    numbers=numbers,
    together=Together(
        lambda question: {"shares": [float]},
        together,
        "shares: of people who marked each token, of those who were sure; 0.5 where nobody was",
    ),
    needs_words=True,
    unsure=lambda pieces: {str(token) for token in unsure(pieces)},
)
