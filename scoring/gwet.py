"""How alike people judged, corrected for chance where nearly all judge the same: Gwet's AC1."""

from collections.abc import Hashable, Sequence

from scoring.agreement import Unit
from scoring.arrays import Floats
from scoring.kappa import agreed_shares
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import RESAMPLES, estimate_over, resampled_sums


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
    found = agreed_shares(units, categories, clusters)
    if found is None:
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    table, n = found
    value = float(_ac1(table.sum(axis=0)[None, :])[0])
    return estimate_over(
        value, n, len(table), lambda: _ac1(resampled_sums(table, resamples=resamples, seed=seed))
    )


def _ac1(sums: Floats) -> Floats:
    """(k,) of rows of sums: units, agreement, shares of the categories."""
    observed = sums[:, 1] / sums[:, 0]
    shares = sums[:, 2:] / sums[:, :1]
    chance = (shares * (1 - shares)).sum(axis=1) / (sums.shape[1] - 3)
    found: Floats = (observed - chance) / (1 - chance)
    return found
