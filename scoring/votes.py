"""Several people's answers about one item, to what they say together: the rules of consensus.

Every rule works for any number of people and is stated for three, the default overlap. A majority
is **more than half of everyone asked** (2 of 3, 2 of 2, 3 of 4): with an even number nothing is
decided by order or by chance.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Literal, TypeVar

Side = Literal["a", "b"]
Choice = Literal["a", "b", "tie", "both_bad", "unsure"]
CHOICES: tuple[Choice, ...] = ("a", "b", "tie", "both_bad", "unsure")
Answer = TypeVar("Answer", bound=Hashable)


def more_than_half(n: int, of: int) -> bool:
    """Whether n of so many are a majority; half of an even number is none."""
    return 2 * n > of


# One person's word decides nothing where several were asked.
JUDGES = 2


def judges_needed(asked: int) -> int:
    """How many people must have judged for anything to be decided, of so many that were asked."""
    return min(JUDGES, asked)


def majority(votes: Iterable[Answer]) -> Answer | None:
    """The answer that more than half gave; None where there is none (or nobody voted)."""
    counts = Counter(votes)
    total = counts.total()
    return next((answer for answer, n in counts.items() if more_than_half(n, total)), None)


# Preferences


def as_choice(text: str) -> Choice:
    """The choice of this name. Raises ValueError for one that does not exist."""
    choice = _BY_NAME.get(text)
    if choice is None:
        raise ValueError(f"{text!r} is no choice of a preference")
    return choice


_BY_NAME: Mapping[str, Choice] = {choice: choice for choice in CHOICES}
_SHARE_OF_A: Mapping[Choice, float] = {"a": 1.0, "b": 0.0, "tie": 0.5}


def share_of_a(choice: Choice, *, both_bad_is_even: bool = True) -> float | None:
    """What a choice gives to a, the rest to b; None for one that says nothing of either.

    A tie is half to each, and so is ``both_bad`` where it counts as even: neither is better.
    ``unsure`` says nothing.
    """
    if choice == "both_bad" and both_bad_is_even:
        return _SHARE_OF_A["tie"]
    return _SHARE_OF_A.get(choice)


@dataclass(frozen=True, slots=True)
class PreferenceConsensus:
    """``counts`` holds all five choices; ``margin`` is |a - b| / n of everybody asked, in [0, 1].

    ``winner`` is the side that more than half of everybody preferred, else None; ``majority`` is
    the choice of more than half, whichever it is. ``soft`` is (share of a, share of b), a tie half
    to each, summing to 1; None where nobody could judge. ``judges``: how many could say something,
    all but the unsure.
    """

    counts: Mapping[Choice, int]
    winner: Side | None
    majority: Choice | None
    margin: float
    soft: tuple[float, float] | None
    judges: int

    @property
    def decided(self) -> bool:
        return self.winner is not None


def preference_consensus(votes: Sequence[Choice]) -> PreferenceConsensus:
    """Majority of a, b, tie, both_bad and unsure.

    For the soft target ``both_bad`` counts as a tie and ``unsure`` is left out (``share_of_a``).
    Raises ValueError for no votes or a choice that does not exist.
    """
    return _preference_consensus(tuple(votes))


@lru_cache
def _preference_consensus(votes: tuple[Choice, ...]) -> PreferenceConsensus:
    # Three people have 125 ways to choose, and an export asks a million times.
    if not votes:
        raise ValueError("no votes, no consensus")
    counter = Counter(as_choice(vote) for vote in votes)
    shares = [share for vote in votes if (share := share_of_a(vote)) is not None]
    top = majority(votes)
    return PreferenceConsensus(
        counts=MappingProxyType({choice: counter[choice] for choice in CHOICES}),
        winner=top if top == "a" or top == "b" else None,
        majority=top,
        margin=abs(counter["a"] - counter["b"]) / len(votes),
        soft=_soft(shares) if shares else None,
        judges=len(votes) - counter["unsure"],
    )


def _soft(shares: Sequence[float]) -> tuple[float, float]:
    # Halves are exact, so both sums are.
    return sum(shares) / len(shares), sum(1 - share for share in shares) / len(shares)


@dataclass(frozen=True, slots=True)
class GradedVote:
    """A side and how much better it is, in (0, 1]; a tie has strength 0."""

    choice: Choice
    strength: float

    @property
    def share_of_a(self) -> float:
        """What it gives to a, the rest to b: 1 for "a, much better", 0 for "b, much better"."""
        return (1 + self.strength * {"a": 1, "b": -1}.get(self.choice, 0)) / 2


def graded_consensus(votes: Sequence[GradedVote]) -> PreferenceConsensus:
    """The side by majority, how much better it is by the mean strength.

    ``soft`` is the mean of everybody's ``share_of_a``, ``margin`` how far its two shares are apart,
    in [0, 1]. Raises ValueError for no votes.
    """
    sides = preference_consensus([vote.choice for vote in votes])
    share = math.fsum(vote.share_of_a for vote in votes) / len(votes)
    return replace(sides, soft=(share, 1 - share), margin=abs(2 * share - 1))


# Words


def word_shares(
    marked: Sequence[Collection[int]],
    token_count: int,
    unsure: Sequence[Collection[int]] = (),
) -> tuple[float, ...]:
    """For each token the share of people who marked it, of those who were sure of it, in [0, 1].

    ``unsure``: the tokens of which each person was not sure; of a token of which nobody was, the
    share is 0.5. Raises ValueError for nobody, or an index that is no token.
    """
    if not marked:
        raise ValueError("no votes, no consensus")
    outside = sorted(
        {i for person in [*marked, *unsure] for i in person if not 0 <= i < token_count}
    )
    if outside:
        raise ValueError(f"there is no token {outside[0]}: the prompt has {token_count}")
    yes = Counter(i for person in marked for i in set(person))
    open_ = Counter(i for person in unsure for i in set(person))
    sure = [len(marked) - open_[i] for i in range(token_count)]
    return tuple(yes[i] / n if n else 0.5 for i, n in enumerate(sure))


# Ratings


@dataclass(frozen=True, slots=True)
class RatingConsensus:
    """``mean`` and ``maxdiff`` (largest minus smallest) on the unit scale, [0, 1]; n people."""

    mean: float
    maxdiff: float
    n: int


def rating_to_unit(rating: float, *, maximum: int, minimum: int = 1) -> float:
    """(s - 1) / (max - 1) for a scale that starts at 1. Raises ValueError outside the scale."""
    if maximum <= minimum:
        raise ValueError(f"a scale from {minimum} to {maximum} has no length")
    if not minimum <= rating <= maximum:
        raise ValueError(f"{rating} lies outside the scale from {minimum} to {maximum}")
    return (rating - minimum) / (maximum - minimum)


def rating_consensus(
    ratings: Sequence[float], *, maximum: int, minimum: int = 1
) -> RatingConsensus:
    """Mean of the ratings on the unit scale (RichHF-18K). Raises ValueError for none."""
    if not ratings:
        raise ValueError("no votes, no consensus")
    units = [rating_to_unit(r, maximum=maximum, minimum=minimum) for r in ratings]
    return RatingConsensus(sum(units) / len(units), max(units) - min(units), len(units))


# Rankings

Tiers = Sequence[Collection[str]]
"""Best first; letters in one tier are tied. ``[["b"], ["a", "d"], ["c"]]``."""


@dataclass(frozen=True, slots=True)
class RankedPair:
    """``better`` before ``worse``: ``agree`` of ``n`` people ranked them so, strictly."""

    better: str
    worse: str
    agree: int
    n: int


@dataclass(frozen=True, slots=True)
class RankingConsensus:
    """``mean_ranks``: 1 is best; ``tiers``: letters by mean rank, equal ones together."""

    mean_ranks: Mapping[str, float]
    tiers: tuple[tuple[str, ...], ...]
    pairs: tuple[RankedPair, ...]


def tiers_to_ranks(tiers: Tiers) -> dict[str, float]:
    """Each letter's rank, 1 the best; tied letters share the mean of the places they fill.

    Raises ValueError for a letter that appears twice or an empty tier.
    """
    ranks: dict[str, float] = {}
    place = 1
    for tier in tiers:
        if not tier:
            raise ValueError("a tier of a ranking is empty")
        for letter in tier:
            if letter in ranks:
                raise ValueError(f"{letter} is ranked twice")
            ranks[letter] = place + (len(tier) - 1) / 2
        place += len(tier)
    return ranks


def ranking_consensus(rankings: Sequence[Tiers]) -> RankingConsensus:
    """``rank_consensus`` of rankings as tiers. Raises ValueError for what is no ranking."""
    return rank_consensus([tiers_to_ranks(tiers) for tiers in rankings])


def rank_consensus(people: Sequence[Mapping[str, float]]) -> RankingConsensus:
    """Mean ranks of several people's ranks of letters, and the pairs that they decide.

    A pair is decided if the mean ranks differ and more than half rank it strictly that way.
    Raises ValueError for none, or ranks of different letters.
    """
    if not people:
        raise ValueError("no votes, no consensus")
    letters = sorted(people[0])
    if any(sorted(person) != letters for person in people):
        raise ValueError("the rankings are not of the same images")
    means = {letter: sum(p[letter] for p in people) / len(people) for letter in letters}
    levels = sorted(set(means.values()))
    tiers = tuple(tuple(x for x in letters if means[x] == level) for level in levels)
    pairs = (_ranked_pair(x, y, means, people) for x, y in combinations(letters, 2))
    return RankingConsensus(means, tiers, tuple(pair for pair in pairs if pair is not None))


def _ranked_pair(
    x: str, y: str, means: Mapping[str, float], people: Sequence[Mapping[str, float]]
) -> RankedPair | None:
    if means[x] == means[y]:
        return None
    better, worse = (x, y) if means[x] < means[y] else (y, x)
    agree = sum(person[better] < person[worse] for person in people)
    if not more_than_half(agree, len(people)):
        return None
    return RankedPair(better, worse, agree, len(people))
