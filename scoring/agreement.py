"""How alike people judged: numbers that are a value with an interval, or a reason; never NaN."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.votes import Tiers, tiers_to_ranks

Level = Literal["nominal", "ordinal", "interval"]
Floats = NDArray[np.float64]

Value = Hashable
Unit = Sequence[Value | None]
"""One item: what each person said of it, None where a person said nothing. Order is irrelevant."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` with its ``interval`` (low, high), or None with the reason in ``undefined``.

    ``n`` is the number of units that took part. The interval alone may be missing, when too few
    resamples define the value.
    """

    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    undefined: str | None = None


def krippendorff_alpha(
    units: Sequence[Unit],
    *,
    level: Level,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = 0,
    seed: int = 0,
    confidence: float = 0.95,
) -> Estimate:
    """Krippendorff's alpha, 1 - observed / expected disagreement; at most 1, 0 is chance.

    ``units`` are items, each with its people's values (any hashable values for ``nominal``,
    numbers for the others). A unit with fewer than two values says nothing and is dropped. The
    ordinal distance is built from the marginals (Hayes & Krippendorff 2007), not from the scale.

    With ``resamples`` > 0 the interval is a percentile bootstrap over **units**, a unit's values
    staying together: resampling single values would be too narrow. The same seed gives the same
    interval. Ordinal distances are recomputed in every resample.

    ``clusters`` names for each unit what it belongs to (a prompt's words to its item): whole
    clusters are resampled then, and ``n`` counts them.
    """
    named = range(len(units)) if clusters is None else clusters
    present = [(name, _present(unit)) for name, unit in zip(named, units, strict=True)]
    names = [name for name, values in present if len(values) >= 2]
    kept = [values for _, values in present if len(values) >= 2]
    if not kept:
        return Estimate(None, 0, undefined="no item has two answers yet")
    domain = _domain(kept, level)
    if len(domain) < 2:
        return Estimate(None, len(set(names)), undefined="all answers are the same: no variation")

    coincidences = _by_cluster(_coincidences(kept, domain), names)
    scale = np.arange(len(domain), dtype=np.float64)
    if level == "interval":
        scale = np.array([_number(value) for value in domain])
    alpha = _alpha(coincidences.sum(axis=0), scale, level)
    if alpha is None:  # pragma: no cover - two values in the domain always disagree in expectation
        return Estimate(None, len(coincidences), undefined="all answers are the same: no variation")
    if resamples < 1:
        return Estimate(alpha, len(coincidences))
    interval = _bootstrap(coincidences, scale, level, resamples, seed, confidence)
    return Estimate(alpha, len(coincidences), interval=interval)


def wilson_interval(
    successes: int, trials: int, *, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Wilson's interval of a proportion, within [0, 1]; None for no trials.

    Raises ValueError for more successes than trials, or fewer than none.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no proportion")
    if trials == 0:
        return None
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = successes / trials
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) + z2 / (4 * trials)) / trials) / (1 + z2 / trials)
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == trials else middle + half
    return low, high


def kendall_w(rankings: Sequence[Tiers]) -> Estimate:
    """Kendall's W of several people's rankings of one set of images, in [0, 1], ties corrected.

    W = 12 S / (m² (n³ - n) - m ΣT), T = Σ (t³ - t) over each person's ties; ``n`` of the estimate
    is the number of people. Raises ValueError for rankings of different images.
    """
    if len(rankings) < 2:
        return Estimate(None, len(rankings), undefined="one ranking alone agrees with nobody")
    people = [tiers_to_ranks(tiers) for tiers in rankings]
    letters = sorted(people[0])
    if any(sorted(person) != letters for person in people):
        raise ValueError("the rankings are not of the same images")
    ranks = np.array([[person[letter] for letter in letters] for person in people])
    m, n = ranks.shape
    totals = ranks.sum(axis=0)
    spread = float(((totals - totals.mean()) ** 2).sum())
    ties = sum(len(tier) ** 3 - len(tier) for tiers in rankings for tier in tiers)
    most = m**2 * (n**3 - n) - m * ties
    if most == 0:
        return Estimate(None, m, undefined="everybody tied every image")
    return Estimate(12 * spread / most, m)


def _present(unit: Unit) -> list[Value]:
    return [v for v in unit if v is not None and not (isinstance(v, float) and math.isnan(v))]


def _domain(units: Sequence[Sequence[Value]], level: Level) -> list[Value]:
    values = {value for unit in units for value in unit}
    if level == "nominal":
        return sorted(values, key=repr)
    numbers = {value: _number(value) for value in sorted(values, key=repr)}
    return sorted(values, key=numbers.__getitem__)


def _number(value: Value) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    raise ValueError(f"{value!r} is no number: only nominal agreement takes names")


def _coincidences(units: Sequence[Sequence[Value]], domain: Sequence[Value]) -> Floats:
    """(units, V, V): each ordered pair of a unit's m values adds 1 / (m - 1)."""
    index = {value: i for i, value in enumerate(domain)}
    counts = np.zeros((len(units), len(domain)))
    for row, unit in enumerate(units):
        for value in unit:
            counts[row, index[value]] += 1
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(len(domain))
    pairs[:, diagonal, diagonal] -= counts
    sizes: Floats = counts.sum(axis=1)
    weighted: Floats = pairs / (sizes - 1)[:, None, None]
    return weighted


def _by_cluster(coincidences: Floats, names: Sequence[Hashable]) -> Floats:
    """(clusters, V, V): the sums over each cluster's units."""
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    summed = np.zeros((len(places), *coincidences.shape[1:]))
    np.add.at(summed, [places[name] for name in names], coincidences)
    return summed


def _distances(marginals: Floats, scale: Floats, level: Level) -> Floats:
    if level == "nominal":
        return 1 - np.eye(len(scale))
    if level == "ordinal":
        # Σ of the marginals from c to k, less half of both ends = difference of the mid-ranks.
        scale = np.cumsum(marginals) - marginals / 2
    return np.subtract.outer(scale, scale) ** 2


def _alpha(coincidence: Floats, scale: Floats, level: Level) -> float | None:
    marginals = coincidence.sum(axis=1)
    distances = _distances(marginals, scale, level)
    total = marginals.sum()
    expected = float((np.outer(marginals, marginals) * distances).sum()) / (total * (total - 1))
    if expected == 0:
        return None
    observed = float((coincidence * distances).sum()) / total
    return float(1 - observed / expected)


def _bootstrap(
    coincidences: Floats, scale: Floats, level: Level, resamples: int, seed: int, confidence: float
) -> tuple[float, float] | None:
    rng = np.random.default_rng(seed)
    n, size = len(coincidences), coincidences.shape[1]
    flat = coincidences.reshape(n, -1)
    even = np.full(n, 1 / n)
    alphas: list[float] = []
    for _ in range(resamples):
        drawn = (rng.multinomial(n, even) @ flat).reshape(size, size)
        alpha = _alpha(drawn, scale, level)
        if alpha is not None:
            alphas.append(alpha)
    if 2 * len(alphas) < resamples:
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(alphas, [tail, 1 - tail])
    return float(low), float(high)
