"""Comparison items out of single images of one prompt. Pure: chance comes in by the door."""

import re
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from random import Random

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason

MOST_PAIRS = 10_000
"""For one prompt; beyond it the rule is refused for that prompt."""


class Way(Enum):
    """Which of the possible pairs are made."""

    ALL = "all"
    RING = "ring"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class PairRule:
    """`most` is RANDOM's K: how many pairs of each prompt, at most."""

    way: Way
    most: int = 0


class BadRule(Invalid):
    """A rule that can't be read."""

    def __init__(self, text: str) -> None:
        super().__init__(Reason(Code.PAIRS_UNREADABLE, rule=text, max=MOST_PAIRS))


def pair_rule(text: str) -> PairRule | None:
    """Reads "", "all", "ring" or "random:K"; raises BadRule."""
    if not text:
        return None
    if text in (Way.ALL.value, Way.RING.value):
        return PairRule(Way(text))
    match = re.fullmatch(r"random:([1-9]\d{0,4})", text)
    if match is None or int(match[1]) > MOST_PAIRS:
        raise BadRule(text)
    return PairRule(Way.RANDOM, int(match[1]))


def pair_count(count: int, rule: PairRule) -> int:
    """How many pairs `rule` makes of `count` images of one prompt."""
    possible = count * (count - 1) // 2
    if rule.way is Way.RING:
        return count if count > 2 else possible
    return min(rule.most, possible) if rule.way is Way.RANDOM else possible


def chance_of_pair(count: int, rule: PairRule) -> float:
    """How likely `rule` is to make any one pair of `count` images: all are equally likely."""
    return pair_count(count, rule) / (count * (count - 1) // 2)


def pairs_of(count: int, rule: PairRule, rng: Random) -> list[tuple[int, int]]:
    """Pairs of positions below `count`, none twice; which of the two is a is drawn for each.

    `ring` puts the images into a drawn circle and takes neighbours: everything is compared, with
    everything else through others, at the cost of one pair an image.
    """
    if rule.way is Way.RING:
        circle = rng.sample(range(count), count)
        pairs = [(circle[i - 1], circle[i]) for i in range(count)][: pair_count(count, rule)]
    elif rule.way is Way.ALL:
        pairs = list(combinations(range(count), 2))
    else:
        possible = count * (count - 1) // 2
        drawn = sorted(rng.sample(range(possible), pair_count(count, rule)))
        pairs = [_pair_at(index) for index in drawn]
    return [pair if rng.random() < 0.5 else (pair[1], pair[0]) for pair in pairs]


def _pair_at(index: int) -> tuple[int, int]:
    """The index-th of (0, 1), (0, 2), (1, 2), (0, 3) …"""
    second = int((1 + (1 + 8 * index) ** 0.5) / 2)
    while second * (second - 1) // 2 > index:
        second -= 1
    while (second + 1) * second // 2 <= index:
        second += 1
    return index - second * (second - 1) // 2, second
