"""The best and the worst of an item's images; the others lie between them, in no order."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
    BEST,
    BETWEEN,
    MOST_IMAGES,
    WORST,
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
from scoring.votes import tiers_to_ranks

FEWEST = 3


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"best": "b", "worst": "c"}: two images of the item; of the others nothing is said."""
    if len(item.letters) < FEWEST:
        raise AnswerInvalid(question, Reason(Code.ANSWER_TOO_FEW_IMAGES, min=FEWEST))
    found = reading.contents(raw, ("best", "worst"), question)
    best, worst = (reading.one_of(found[end], item.letters, question) for end in found)
    if best == worst:
        raise AnswerInvalid(question, Reason(Code.ANSWER_BEST_IS_WORST, image=best))
    tiers = {best: BEST, worst: WORST}
    return tuple(
        Piece(PieceType.TIER, letter=letter, number=tiers.get(letter, BETWEEN))
        for letter in sorted(item.letters)
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"best": "b", "worst": "c"}."""
    ends = _ends(pieces)
    return {"best": ends[BEST], "worst": ends[WORST]}


def _ends(pieces: Sequence[Piece]) -> Mapping[int, str]:
    return {piece.number: piece.letter for piece in pieces if piece.number is not None}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Each image's rank: 1 the best, of k the worst is k, the others share the mean between."""
    tiers: list[list[str]] = [[], [], []]
    for piece in pieces:
        tiers[piece.number or BEST].append(piece.letter)
    ranks = tiers_to_ranks(tiers)
    return tuple(Vote(Unit(letter), ranks[letter]) for letter in sorted(ranks))


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """Whether it was the best, and whether it was the worst."""
    ends = _ends(pieces)
    return {
        "best_share": float(ends[BEST] == letter),
        "worst_share": float(ends[WORST] == letter),
    }


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people found each image the best, and how many the worst."""
    people = [_ends(pieces) for pieces in answers]
    best, worst = ([ends[end] for ends in people] for end in (BEST, WORST))
    return {
        "best": [best.count(letter) for letter in item.letters],
        "worst": [worst.count(letter) for letter in item.letters],
        "scores": [
            (best.count(letter) - worst.count(letter)) / len(people) for letter in item.letters
        ],
    }


KIND = Kind(
    name="best_worst",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.TIER}),
    level="ordinal",
    unit="image",
    columns=lambda question: {
        "best_share": "share of people who found it the best",
        "worst_share": "share of people who found it the worst",
    },
    numbers=numbers,
    together=Together(
        lambda question: {"best": [int], "worst": [int], "scores": [float]},
        together,
        "best, worst: an image, people who chose it; scores: their difference by all people",
    ),
    images=ImageBounds(FEWEST, MOST_IMAGES),
    ends_alone=True,
)
