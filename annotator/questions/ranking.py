"""All images of an item from best to worst, ties allowed."""

from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
    MOST_IMAGES,
    AnswerInvalid,
    Answers,
    ImageBounds,
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
from scoring.votes import ranking_consensus, tiers_to_ranks


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"tiers": [["b"], ["a", "d"], ["c"]]}: best first, every letter once, no empty tier."""
    tiers = reading.listed(reading.content(raw, "tiers", question), "tiers", question)
    places: dict[str, int] = {}
    for place, tier in enumerate(tiers):
        if not reading.listed(tier, f"tiers.{place}", question):
            raise AnswerInvalid(question, Reason(Code.ANSWER_EMPTY_TIER, place=place + 1))
        for value in tier:
            letter = reading.one_of(value, item.letters, question)
            if letter in places:
                raise AnswerInvalid(question, Reason(Code.ANSWER_RANKED_TWICE, image=letter))
            places[letter] = place
    missing = [letter for letter in item.letters if letter not in places]
    if missing:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_RANKED, image=missing[0]))
    return tuple(
        Piece(PieceType.TIER, letter=letter, number=place)
        for letter, place in sorted(places.items())
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"tiers": …}; letters within a tier in the alphabet's order."""
    return {"tiers": _tiers(pieces)}


def _tiers(pieces: Sequence[Piece]) -> list[list[str]]:
    """Letters by place, best first."""
    tiers: dict[int, list[str]] = {}
    for piece in pieces:
        tiers.setdefault(piece.number or 0, []).append(piece.letter)
    return [sorted(tiers[place]) for place in sorted(tiers)]


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Each image's rank, 1 the best; tied images share the mean of their places."""
    ranks = tiers_to_ranks(_tiers(pieces))
    return tuple(Vote(Unit(letter), ranks[letter]) for letter in sorted(ranks))


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """Where the image stands between first and last; nothing for an image alone."""
    ranks = tiers_to_ranks(_tiers(pieces))
    others = len(ranks) - 1
    return {"place_share": (len(ranks) - ranks[letter]) / others} if others else {}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Each image's mean rank, and the images in that order."""
    found = ranking_consensus([_tiers(pieces) for pieces in answers])
    places = {letter: place for place, tier in enumerate(found.tiers, 1) for letter in tier}
    return {
        "mean_ranks": [found.mean_ranks[letter] for letter in item.letters],
        "ranks": [places[letter] for letter in item.letters],
    }


KIND = Kind(
    name="ranking",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.TIER}),
    level="ordinal",
    unit="image",
    columns=lambda question: {"place_share": "1 first, 0 last of its item, ties shared"},
    numbers=numbers,
    together=Together(
        lambda question: {"mean_ranks": [float], "ranks": [int]},
        together,
        "mean_ranks: an image, 1 is best; ranks: their order as whole numbers",
    ),
    images=ImageBounds(2, MOST_IMAGES),
)
