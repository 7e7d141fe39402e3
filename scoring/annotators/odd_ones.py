"""Who sides with somebody against a third, more often than how odd each of them is makes them.

Of three answers of which just two are alike, one is the odd one out. Hard items, and misleading
ones, make more of these splits and hardly change who is odd: of people who judge alone, k with the
chance w_k / (w_i + w_j + w_k), where w is how odd each is otherwise (Luce 1959). Where one copies
the other it is always the third. So a split tells much more than agreement, most of which is owed
to items about which all agree.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, expit, logit

from scoring.annotators.answers import Answers
from scoring.arrays import Floats, Ints

# Of a small crew two who are far better than the others side as if one copied.
FEWEST_PEOPLE = 10
FEWEST_SPLITS = 8
# Everybody is as odd as others in so many splits before any is seen.
PRIOR = 4.0
ROUNDS = 40
# Where a pair's log odds may lie, in standard errors, and how likely they do.
BELIEFS = np.linspace(-3.0, 3.0, 61)
WEIGHTS = np.exp(-(BELIEFS**2) / 2) / np.exp(-(BELIEFS**2) / 2).sum()
# Pairs differ at least so much in their log odds, for reasons of their own (taste, habits).
LEAST_SPREAD = 0.3
# Splits of a pair that stands out so far do not say how odd the two are otherwise.
FAR = 2.5


@dataclass(frozen=True, slots=True)
class _Splits:
    """A row a split: its three people in order, the pair that each of them is not in, and a one
    for whoever is odd; a question counts a ``weight`` of an item.
    """

    who: Ints
    pair: Ints
    is_odd: Floats
    weight: float

    def by_person(self, value: Floats, people: int) -> Floats:
        return self._sums(self.who, value, people)

    def by_pair(self, value: Floats, pairs: int) -> Floats:
        return self._sums(self.pair, value, pairs)

    def _sums(self, of: Ints, value: Floats, size: int) -> Floats:
        return self.weight * np.bincount(of.reshape(-1), value.reshape(-1), size).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Sided:
    """(pairs,): how many splits they share, and in how many the third is odd."""

    n: Floats
    x: Floats


def siding(answers: Answers, signature: Ints, one: Ints, other: Ints) -> Floats:
    """(pairs,): the chance of two people who judge alone to side so often against a third.

    ``one`` < ``other``, sorted; NaN of a small crew, and where they share few splits.
    """
    splits = _splits(answers, signature, one * answers.people + other)
    p = np.full(len(one), np.nan)
    if answers.people < FEWEST_PEOPLE or not len(splits.who):
        return p
    k = len(one)
    sided = _Sided(splits.by_pair(np.ones_like(splits.is_odd), k), splits.by_pair(splits.is_odd, k))
    expected, error2 = _expected(splits, _odds(splits, sided, answers.people), one, other)
    tested = np.flatnonzero(sided.n >= FEWEST_SPLITS)
    error = np.sqrt(error2 + _spread2(sided, expected, error2))[tested]
    share = expit(logit(expected[tested])[:, None] + BELIEFS * error[:, None])
    # As if all questions of an item were one: how far they hang together is not known.
    n, more = np.ceil(sided.n[tested]), np.floor(sided.x[tested] + 1e-9) - 1.0
    whole = n.astype(np.int64)  # numbers of draws, as the function wants them
    p[tested] = np.where(more < 0, 1.0, bdtrc(more[:, None], whole[:, None], share) @ WEIGHTS)
    return p


def _splits(answers: Answers, signature: Ints, keys: Ints) -> _Splits:
    """Of each item the first three answers, where just two are alike."""
    order = np.lexsort((answers.at, answers.item))
    item = answers.item[order]
    third = np.flatnonzero(np.arange(len(item)) - np.searchsorted(item, item) == 2)
    first = order[third[:, None] - np.array([2, 1, 0])]
    first = np.take_along_axis(first, np.argsort(answers.annotator[first], axis=1), axis=1)
    people = answers.annotator[first]
    pairs = [people[:, a] * answers.people + people[:, b] for a, b in ((1, 2), (0, 2), (0, 1))]
    signs = signature[:, first]
    others_alike = signs[:, :, [1, 0, 0]] == signs[:, :, [2, 2, 1]]
    question, split = np.nonzero(others_alike.sum(axis=2) == 1)
    return _Splits(
        people[split],
        np.searchsorted(keys, np.stack(pairs, axis=1)[split]),
        others_alike[question, split].astype(np.float64),
        1 / max(1, len(signature)),
    )


def _odds(splits: _Splits, sided: _Sided, people: int) -> Floats:
    """(people,): how odd each is, 1 as others are; without the pairs that stand out."""
    fits: Floats = np.ones((len(splits.who), 1))
    for _ in range(2):
        odds = _fitted(splits, fits, people)
        share = odds[splits.who] / odds[splits.who].sum(axis=1, keepdims=True)
        above = sided.x - splits.by_pair(share, len(sided.n))
        error = np.sqrt(splits.by_pair(share * (1 - share), len(sided.n)))
        far = (above > FAR * error) & (sided.n >= FEWEST_SPLITS)
        stands_out = far[splits.pair].any(axis=1, keepdims=True)
        fits = np.where(stands_out, 0.0, 1.0)
    return odds


def _fitted(splits: _Splits, fits: Floats, people: int) -> Floats:
    """Steps of minorization-maximization (Hunter 2004), halved."""
    above = PRIOR + splits.by_person(splits.is_odd * fits, people)
    odds = np.ones(people)
    for _ in range(ROUNDS):
        each = fits / odds[splits.who].sum(axis=1, keepdims=True) * np.ones(3)
        odds = (odds + above / (PRIOR + splits.by_person(each, people))) / 2
    return odds


def _expected(splits: _Splits, odds: Floats, one: Ints, other: Ints) -> tuple[Floats, Floats]:
    """(pairs,): how often the third is odd, by what each of the two is without the other, and the
    squared error of its log odds.
    """
    k, people, third = len(one), len(odds), odds[splits.who]
    each = np.ones(3) / third.sum(axis=1, keepdims=True)
    above, below = splits.by_person(splits.is_odd, people), splits.by_person(each, people)
    both, error2 = np.zeros(k), np.zeros(k)
    # In the row of a pair without the first, the second or the third: where its two stand.
    for who, place in ((one, [1, 0, 0]), (other, [2, 2, 1])):
        seen = PRIOR + above[who] - splits.by_pair(splits.is_odd[:, place], k)
        mine = seen / (PRIOR + below[who] - splits.by_pair(each, k))
        both += mine
        error2 += mine**2 / seen
    total = splits.by_pair(third / (third + both[splits.pair]), k)
    n = np.maximum(splits.by_pair(np.ones_like(third), k), 1e-9)
    return np.clip(total / n, 0.02, 0.95), error2 / both**2


def _spread2(sided: _Sided, expected: Floats, error2: Floats) -> float:
    """How much pairs differ besides, by the moments of all but the few that side most."""
    seen = np.flatnonzero(sided.n >= 3)
    information = (sided.n * expected * (1 - expected))[seen]
    above = (sided.x - sided.n * expected)[seen]
    usual = np.argsort(-above / np.sqrt(information), kind="stable")[max(1, len(seen) // 50) :]
    beyond = above**2 - information - information**2 * error2[seen]
    found = beyond[usual].sum() / max(float((information[usual] ** 2).sum()), 1e-9)
    return max(LEAST_SPREAD**2, float(found))
