"""All images of an item from best to worst, ties allowed."""

from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import AnswerInvalid, Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import ranking_consensus


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"tiers": [["b"], ["a", "d"], ["c"]]}: best first, every letter once, no empty tier."""
    tiers = reading.listed(reading.content(raw, "tiers", question), "tiers", question)
    places: dict[str, int] = {}
    for place, tier in enumerate(tiers):
        if not reading.listed(tier, f"tier {place + 1}", question):
            raise AnswerInvalid(question, f"tier {place + 1} is empty.")
        for value in tier:
            letter = reading.one_of(value, item.letters, question)
            if letter in places:
                raise AnswerInvalid(question, f"image {letter} is ranked twice.")
            places[letter] = place
    missing = [letter for letter in item.letters if letter not in places]
    if missing:
        raise AnswerInvalid(question, f"image {missing[0]} is not ranked.")
    return tuple(
        Piece("tier", letter=letter, number=place) for letter, place in sorted(places.items())
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


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Each image's mean "rank" (1 is best), and "over_c": so many ranked it strictly above c.

    Only pairs that more than half rank the same way, with mean ranks that differ, are there.
    """
    rankings = [_tiers(pieces) for pieces in answers if pieces]
    if not rankings:
        return ()
    together = ranking_consensus(rankings)
    n = len(rankings)
    ranks = tuple(
        Found(key="rank", letter=letter, votes=n, of=n, value=rank, decided=True)
        for letter, rank in sorted(together.mean_ranks.items())
    )
    pairs = tuple(
        Found(
            key=f"over_{pair.worse}",
            letter=pair.better,
            votes=pair.agree,
            of=pair.n,
            decided=True,
        )
        for pair in together.pairs
    )
    return ranks + pairs
