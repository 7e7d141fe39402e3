"""How alike people judged: Fleiss' kappa of names, and Cohen's with quadratic weights of grades."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring.agreement import Unit
from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import FEWEST_POINTS, Estimate
from scoring.statistics.resampling import (
    RESAMPLES,
    dense,
    estimate_over,
    quotient,
    resampled_sums,
)


def fleiss_kappa(
    units: Sequence[Unit],
    *,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Fleiss' kappa (1971), (observed − chance) / (1 − chance) agreement; at most 1, 0 is chance.

    ``units`` are items, each with its people's values (any hashable ones). Observed is the mean
    over units of the share of pairs that agree, chance Σ π² with π a category's mean share: so it
    is Fleiss' where all units have as many people, and Gwet's extension of it (Handbook of
    Inter-Rater Reliability, 2014) where they have not. A unit with fewer than two values says
    nothing and is dropped. The interval is a percentile bootstrap over ``clusters`` (each unit its
    own, unless told), none for fewer than six; ``n`` counts units.
    """
    seen = {value for unit in units for value in unit if value is not None}
    found = agreed_shares(units, sorted(seen, key=repr), clusters)
    if found is None:
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    table, n = found
    value = float(_fleiss(table.sum(axis=0)[None, :])[0])
    if not np.isfinite(value):
        return Estimate(None, n, undefined=Reason(Code.NO_VARIATION))
    return estimate_over(
        value, n, len(table), lambda: _fleiss(resampled_sums(table, resamples=resamples, seed=seed))
    )


def agreed_shares(
    units: Sequence[Unit], categories: Sequence[Hashable], clusters: Sequence[Hashable] | None
) -> tuple[Floats, int] | None:
    """(clusters, 2 + categories) sums over units, and how many these are; None for none.

    Of each unit with two values or more: 1, the share of its pairs that agree, the share of each
    category.
    """
    place = {name: index for index, name in enumerate(categories)}
    named = range(len(units)) if clusters is None else clusters
    rows: list[Floats] = []
    names: list[Hashable] = []
    for unit, name in zip(units, named, strict=True):
        values = [place[value] for value in unit if value is not None]
        if len(values) < 2:
            continue
        counts = np.bincount(values, minlength=len(place)).astype(np.float64)
        size = len(values)
        alike = float((counts * (counts - 1)).sum()) / (size * (size - 1))
        rows.append(np.concatenate([[1.0, alike], counts / size]))
        names.append(name)
    if not rows:
        return None
    groups = {name: index for index, name in enumerate(dict.fromkeys(names))}
    table = np.zeros((len(groups), 2 + len(place)))
    np.add.at(table, [groups[name] for name in names], np.array(rows))
    return table, len(rows)


def _fleiss(sums: Floats) -> Floats:
    """(k,) of rows of sums: units, agreement, shares of the categories; NaN if one is all."""
    observed = sums[:, 1] / sums[:, 0]
    shares = sums[:, 2:] / sums[:, :1]
    chance = (shares**2).sum(axis=1)
    varies = (shares > 0).sum(axis=1) > 1
    return quotient(observed - chance, np.where(varies, 1 - chance, 0.0))


def quadratic_kappa(
    units: Sequence[Mapping[Hashable, Hashable]],
    *,
    labels: Sequence[Hashable],
    clusters: Sequence[Hashable] | None = None,
    shared: int = FEWEST_POINTS,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Cohen's kappa with quadratic weights, the mean over pairs of people; in [-1, 1], 0 is chance.

    ``units`` are items, each with its people's labels by person. ``labels`` are all that there are,
    seen or not, in their order: the weights are squared distances on it, so that an omitted one
    would bring its neighbours nearer. (Of two labels it is Cohen's kappa without weights.) A pair
    of people takes part that has ``shared`` units in common, and does not give one label alone.
    The interval is a percentile bootstrap over ``clusters`` (each unit its own, unless told), none
    for fewer than six; ``n`` counts units. Raises ValueError for a label that there is not.
    """
    common = _common(units, labels, range(len(units)) if clusters is None else clusters)
    if common is None:
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    compared = common.of_pairs(shared)
    if compared is None:
        return Estimate(None, 0, undefined=Reason(Code.FEW_SHARED, least=shared))
    n, groups = len(np.unique(compared.unit)), int(compared.cluster.max()) + 1
    value = compared.mean_kappa(np.ones(groups))
    if not np.isfinite(value):
        return Estimate(None, n, undefined=Reason(Code.NO_VARIATION))

    def resampled() -> Floats:
        rng = np.random.default_rng(seed)
        draws = (rng.integers(groups, size=groups) for _ in range(resamples))
        times = (np.bincount(drawn, minlength=groups).astype(np.float64) for drawn in draws)
        return np.array([compared.mean_kappa(each) for each in times])

    return estimate_over(value, n, groups, resampled)


@dataclass(frozen=True, slots=True)
class _Compared:
    """What two people gave one unit, (n,) each: labels' places, and who, of what and where."""

    pair: Ints
    unit: Ints
    cluster: Ints
    moments: Floats
    """(n, 6): 1, a, b, a², b² and ab."""

    def of_pairs(self, shared: int) -> "_Compared | None":
        """Those of pairs with so many; None for none."""
        kept = np.bincount(self.pair)[self.pair] >= shared
        if not kept.any():
            return None
        return _Compared(
            dense(self.pair[kept]), self.unit[kept], dense(self.cluster[kept]), self.moments[kept]
        )

    def mean_kappa(self, times: Floats) -> float:
        """The mean of the pairs' kappas, each cluster taken so many times; NaN where none has one.

        Sums of whole numbers are exact, so a pair without variation has 0 below.
        """
        weights = times[self.cluster]
        n, a, b, a2, b2, ab = (np.bincount(self.pair, weights * of) for of in self.moments.T)
        kappas = 1 - quotient(n * (a2 + b2 - 2 * ab), n * (a2 + b2) - 2 * a * b)
        defined = kappas[np.isfinite(kappas)]
        return float(defined.mean()) if len(defined) else float("nan")


def _common(
    units: Sequence[Mapping[Hashable, Hashable]],
    labels: Sequence[Hashable],
    clusters: Sequence[Hashable],
) -> _Compared | None:
    """Every two people's labels of every unit; None where nobody judged what another did."""
    place = {label: index for index, label in enumerate(labels)}
    pairs: dict[tuple[Hashable, Hashable], int] = {}
    names: dict[Hashable, int] = {}
    rows: list[tuple[int, int, int, int, int]] = []
    for number, (unit, name) in enumerate(zip(units, clusters, strict=True)):
        if unknown := [label for label in unit.values() if label not in place]:
            raise ValueError(f"{unknown[0]!r} is none of the labels")
        people = sorted(unit, key=repr)
        for pair in combinations(people, 2):
            a, b = (place[unit[person]] for person in pair)
            at = names.setdefault(name, len(names))
            rows.append((pairs.setdefault(pair, len(pairs)), number, at, a, b))
    if not rows:
        return None
    pair, number, at, first, second = np.array(rows, np.int64).T
    a, b = first.astype(np.float64), second.astype(np.float64)
    moments = np.stack([np.ones(len(a)), a, b, a * a, b * b, a * b], axis=1)
    return _Compared(pair, number, at, moments)
