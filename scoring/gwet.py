"""How alike people judged, corrected for chance where nearly all judge the same: Gwet's AC1."""

from collections.abc import Hashable, Sequence

import numpy as np

from scoring.agreement import Unit
from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, too_few_points
from scoring.statistics.resampling import RESAMPLES, percentiles, resampled_sums


def gwet_ac1(
    units: Sequence[Unit],
    *,
    categories: Sequence[Hashable],
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Gwet's AC1 (2008), (observed − chance) / (1 − chance) agreement; at most 1, 0 is chance.

    ``units`` are answers, each with its people's categories; ``categories`` are all that there
    are, seen or not. Chance is Σ π (1 − π) / (categories − 1) with π a category's mean share, so
    that 118 agreements of 125 on one category are .94 and not below 0, as by kappa and alpha. A
    unit with fewer than two values says nothing and is dropped. The interval is a percentile
    bootstrap over ``clusters`` (each unit its own, unless told), none for fewer than six; ``n``
    counts units.
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
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    groups = {name: index for index, name in enumerate(dict.fromkeys(names))}
    table = np.zeros((len(groups), 2 + len(place)))
    np.add.at(table, [groups[name] for name in names], np.array(rows))
    value = float(_ac1(table.sum(axis=0)[None, :])[0])
    if few := too_few_points(len(groups)):
        return Estimate(value, len(rows), no_interval=few)
    resampled = _ac1(resampled_sums(table, resamples=resamples, seed=seed))
    return Estimate(value, len(rows), interval=percentiles(resampled))


def _ac1(sums: Floats) -> Floats:
    """(k,) of rows of sums: units, agreement, shares of the categories."""
    observed = sums[:, 1] / sums[:, 0]
    shares = sums[:, 2:] / sums[:, :1]
    chance = (shares * (1 - shares)).sum(axis=1) / (sums.shape[1] - 3)
    found: Floats = (observed - chance) / (1 - chance)
    return found
