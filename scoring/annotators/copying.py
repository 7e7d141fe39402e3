"""Who answers like somebody else, more than both being good would make them.

Between two people who judge on their own, agreement over chance is the product of one number each
(κ_ij = d_i · d_j: Dalvi, Dasgupta, Kumar & Rastogi 2013, doi:10.1145/2488388.2488414). So a
person's number is learnt from all others, and a pair that agrees far above its product, and far
more often than the best pairs do, shares more than the truth; or it is two people who are far
better than all others, which a look at their answers tells. At least four people are needed: of
three, any agreement fits.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import bdtrc

from scoring.annotators.answers import Answers
from scoring.annotators.holm import holm
from scoring.annotators.intervals import wilson
from scoring.annotators.odd_ones import siding
from scoring.arrays import Floats, Ints

# So many items both have answered.
SHARED = 30
FEWEST_PEOPLE = 4
ROUNDS = 60
# Where a person's number may lie, in standard errors, and how likely it does.
BELIEFS = np.linspace(-3.0, 3.0, 61)
WEIGHTS = np.exp(-(BELIEFS**2) / 2) / np.exp(-(BELIEFS**2) / 2).sum()
LEAST_SPREAD = 0.1
# Nobody is so good that two of them may be expected to agree always.
MOST_EXPECTED = 0.98
# Two who agree so often with all others that they may well agree with each other are not tested.
UNLIKELY = 0.1
FAR = 3.0
BEST = 40
# Who answers second in so large a share may copy.
LATER = 0.8


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of people who share SHARED items; ``later`` of them is the one who answers second.

    ``after``: the share of the shared items in which ``later`` does. ``p``: the chance of so much
    agreement, or of so much siding, by two who judge alone, corrected for all pairs and both tests.
    """

    later: Ints
    earlier: Ints
    shared: Ints
    alike: Floats
    expected: Floats
    after: Floats
    p: Floats


def pairs_of(answers: Answers, signature: Ints) -> Pairs:
    """``signature`` (questions, answers): equal where two answers say the same to a question.

    What two people say alike is counted question by question and their mean taken: of several
    questions who is good agrees in all far more often than a product of one number each says.
    """
    one, other, shared, alike, second = _counted(answers, signature)
    chance = _chance(answers, signature, one, other)
    both = _expected(one, other, shared, alike / np.maximum(shared, 1), chance, answers.people)
    expected = both[:, len(BELIEFS) // 2]
    best = _best(shared, alike, expected)
    tested = np.flatnonzero((shared >= SHARED) & np.isfinite(expected))
    # As if all questions of an item were one: how far they hang together is not known.
    n, more = shared[tested], np.maximum(np.floor(alike[tested]) - 1.0, 0.0)
    alone = bdtrc(more[:, None], n[:, None], both[tested]) @ WEIGHTS
    p = bdtrc(more, n, best[tested])
    p = np.where((alone < UNLIKELY) & (alike[tested] > 0), p, 1.0)
    after = second[tested] / np.maximum(shared[tested], 1)
    swap = after < 0.5
    after = np.where(swap, 1 - after, after)
    sided = siding(answers, signature, one, other)[tested]
    sided[after < LATER] = np.nan
    return Pairs(
        later=np.where(swap, one[tested], other[tested]),
        earlier=np.where(swap, other[tested], one[tested]),
        shared=shared[tested],
        alike=alike[tested],
        expected=np.minimum(best, expected)[tested],
        after=after,
        p=np.minimum(1.0, 2 * np.fmin(holm(p), _holm_of_known(sided))),
    )


def _holm_of_known(p: Floats) -> Floats:
    """Corrected for as many tests as were made; NaN stays."""
    found = p.copy()
    found[np.isfinite(p)] = holm(p[np.isfinite(p)])
    return found


def _counted(answers: Answers, signature: Ints) -> tuple[Ints, Ints, Ints, Floats, Ints]:
    """(one, other, shared, alike, how often the other came second) of each pair of people."""
    order = np.lexsort((answers.annotator, answers.item))
    item, who = answers.item[order], answers.annotator[order]
    same_as, at = signature[:, order], answers.at[order]
    keys: list[Ints] = []
    alike: list[Floats] = []
    second: list[Ints] = []
    apart = 1
    while apart < len(item):
        both = np.flatnonzero(item[:-apart] == item[apart:])
        if not len(both):
            break
        keys.append(who[both] * answers.people + who[both + apart])
        alike.append((same_as[:, both] == same_as[:, both + apart]).mean(axis=0))
        second.append((at[both + apart] > at[both]).astype(np.int64))
        apart += 1
    if not keys:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing, np.zeros(0), nothing
    pair, place = np.unique(np.concatenate(keys), return_inverse=True)
    k = len(pair)
    return (
        pair // answers.people,
        pair % answers.people,
        np.bincount(place, minlength=k),
        np.bincount(place, np.concatenate(alike), minlength=k).astype(np.float64),
        np.bincount(place, np.concatenate(second), minlength=k).astype(np.int64),
    )


def _chance(answers: Answers, signature: Ints, one: Ints, other: Ints) -> Floats:
    """How often two would agree who only had each their own habits."""
    by_question = [_chance_in(answers, one_question, one, other) for one_question in signature]
    found: Floats = np.minimum(np.mean(by_question, axis=0), 0.999)
    return found


def _chance_in(answers: Answers, signature: Ints, one: Ints, other: Ints) -> Floats:
    kinds, label = np.unique(signature, return_inverse=True)
    given = answers.count().astype(np.float64)
    weights = 1 / np.maximum(given, 1)[answers.annotator]
    habits = sparse.csr_array(
        (weights, (answers.annotator, label.reshape(-1))), shape=(answers.people, len(kinds))
    )
    found: Floats = np.asarray(habits[one].multiply(habits[other]).sum(axis=1)).reshape(-1)
    return found


def _best(shared: Ints, alike: Floats, expected: Floats) -> Floats:
    """(pairs,): how often the best pairs agree, besides this one: the upper end of their share.

    The best are the third of all pairs that are expected to agree most, 40 at most: of many people
    a third is a crowd, in which the best are not to be seen. 1 where there are none.
    """
    found = np.ones(len(shared))
    order = np.argsort(-expected, kind="stable")[: max(2, min(BEST, -(-len(shared) // 3)))]
    among = np.zeros(len(shared), bool)
    among[order] = True
    n = shared[among].sum() - np.where(among, shared, 0)
    k = alike[among].sum() - np.where(among, alike, 0)
    for place in np.flatnonzero(n > 0):
        found[place] = wilson(float(k[place] / n[place]), float(n[place]))[1]
    return found


def _expected(
    one: Ints, other: Ints, shared: Ints, share: Floats, chance: Floats, people: int
) -> Floats:
    """(pairs, beliefs): how often these two would agree by what each has in common with all others.

    What is not known of the two widens it: people's numbers are spread around a middle, and who
    gives the same answers as somebody is mistaken for as good or as bad along with them.
    """
    kappa = (share - chance) / (1 - chance)
    fits = np.ones(len(one), bool)
    both = np.full((len(one), len(BELIEFS)), np.nan)
    if people < FEWEST_PEOPLE or not len(one):
        return both
    for _ in range(3):
        d = np.full(people, 0.6)
        for _ in range(ROUNDS):
            above, below, _, _ = _sums(one, other, shared, kappa, fits, d, people)
            d = (d + np.clip(above / np.maximum(below, 1e-9), 0.0, 1.0)) / 2
        both = chance[:, None] + (1 - chance[:, None]) * (
            _believed(one, other, shared, kappa, fits, d, people)
        )
        both = np.minimum(MOST_EXPECTED, both)
        expected = both[:, len(BELIEFS) // 2]
        error = np.sqrt(expected * (1 - expected) / np.maximum(shared, 1))
        fits = ~(share - expected > FAR * np.maximum(error, 1e-9))
    return both


def _sums(
    one: Ints, other: Ints, shared: Ints, kappa: Floats, fits: Floats, d: Floats, people: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """(above, below) of each person's least squares, and each pair's weight and its d's product.

    A κ near one is known better: its variance falls with 1 - κ².
    """
    product = np.minimum(0.95, d[one] * d[other])
    weight = np.where(fits, shared / (1 - product**2), 0.0)
    above: Floats = np.bincount(one, weight * kappa * d[other], minlength=people).astype(float)
    above += np.bincount(other, weight * kappa * d[one], minlength=people)
    below: Floats = np.bincount(one, weight * d[other] ** 2, minlength=people).astype(float)
    below += np.bincount(other, weight * d[one] ** 2, minlength=people)
    return above, below, weight, product


def _believed(
    one: Ints, other: Ints, shared: Ints, kappa: Floats, fits: Floats, d: Floats, people: int
) -> Floats:
    """(pairs, beliefs): the product of both numbers, each learnt without the pair."""
    above, below, weight, _ = _sums(one, other, shared, kappa, fits, d, people)
    known = below > 1.0
    error2 = np.where(known, 1 / np.maximum(below, 1.0), 1.0)
    middle = float(np.median(d[known])) if known.any() else 0.5
    spread2 = float(np.var(d[known]) - error2[known].mean()) if known.any() else 0.0
    spread2 = max(spread2, LEAST_SPREAD**2)
    found = np.ones((len(one), len(BELIEFS)))
    for mine, theirs in ((one, other), (other, one)):
        rest = np.maximum(below[mine] - weight * d[theirs] ** 2, 1e-9)
        alone = (above[mine] - weight * kappa * d[theirs]) / rest
        precision = rest + 1 / spread2
        mean = (alone * rest + middle / spread2) / precision
        found *= np.clip(mean[:, None] + BELIEFS / np.sqrt(precision)[:, None], 0.0, 1.0)
    return found
