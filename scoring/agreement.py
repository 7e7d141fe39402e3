"""How alike people judged: Krippendorff's alpha, with its interval."""

import math
from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, Interval, too_few_points
from scoring.statistics.resampling import percentiles

Level = Literal["nominal", "ordinal", "interval"]

Value = Hashable
Unit = Sequence[Value | None]
"""One item: each person's answer, None where a person gave none. Their order does not matter."""


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
    interval. Ordinal distances are recomputed in every resample. Under six units there is none.

    ``clusters`` names for each unit what it belongs to (a prompt's words to its item): whole
    clusters are resampled then, and ``n`` counts them.
    """
    named = range(len(units)) if clusters is None else clusters
    present = [(name, _present(unit)) for name, unit in zip(named, units, strict=True)]
    names = [name for name, values in present if len(values) >= 2]
    kept = [values for _, values in present if len(values) >= 2]
    if not kept:
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    domain = _domain(kept, level)
    if len(domain) < 2:
        return Estimate(None, len(set(names)), undefined=Reason(Code.NO_VARIATION))

    coincidences = _by_cluster(_coincidences(kept, domain), names)
    scale = np.arange(len(domain), dtype=np.float64)
    if level == "interval":
        scale = np.array([_number(value) for value in domain])
    alpha = _alpha(coincidences.sum(axis=0), scale, level)
    if alpha is None:  # pragma: no cover - two values in the domain always disagree in expectation
        return Estimate(None, len(coincidences), undefined=Reason(Code.NO_VARIATION))
    if resamples < 1:
        return Estimate(alpha, len(coincidences))
    if (few := too_few_points(len(coincidences))) is not None:
        return Estimate(alpha, len(coincidences), no_interval=few)
    interval = _bootstrap(coincidences, scale, level, resamples, seed, confidence)
    return Estimate(alpha, len(coincidences), interval=interval)


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
) -> Interval | None:
    rng = np.random.default_rng(seed)
    n, size = len(coincidences), coincidences.shape[1]
    flat = coincidences.reshape(n, -1)
    even = np.full(n, 1 / n)
    draws = ((rng.multinomial(n, even) @ flat).reshape(size, size) for _ in range(resamples))
    alphas = [_alpha(drawn, scale, level) for drawn in draws]
    defined = np.array([np.nan if alpha is None else alpha for alpha in alphas])
    return percentiles(defined, max(2, n), confidence=confidence)
