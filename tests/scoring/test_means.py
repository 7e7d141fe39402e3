"""Means of clusters, against SciPy's t and a computation by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from scoring.reasons import Code, Reason
from scoring.statistics.means import Mean, cluster_mean


def sums(clusters: list[list[float]]) -> tuple[int, int, float, float, float, float, float]:
    values = [value for cluster in clusters for value in cluster]
    return (
        len(values),
        len(clusters),
        sum(values),
        sum(value * value for value in values),
        sum(sum(cluster) ** 2 for cluster in clusters),
        sum(sum(cluster) * len(cluster) for cluster in clusters),
        sum(len(cluster) ** 2 for cluster in clusters),
    )


def test_single_values_have_students_interval() -> None:
    values = [3.0, 1.5, 2.25, 8.0, 4.0]
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))

    mean = cluster_mean(*sums([[value] for value in values]))

    assert mean.value == pytest.approx(3.75)
    assert mean.sd == pytest.approx(np.std(values, ddof=1))
    assert mean.interval == pytest.approx((low, high), rel=1e-5)


def test_images_of_one_prompt_count_as_one() -> None:
    """Three copies of each value say no more than one: the interval is the same."""
    values = [3.0, 1.5, 2.25, 8.0]

    thrice = cluster_mean(*sums([[value] * 3 for value in values]))
    once = cluster_mean(*sums([[value] for value in values]))

    assert thrice.value == once.value
    assert thrice.interval == pytest.approx(once.interval)


def test_the_ratio_of_unequal_clusters_by_hand() -> None:
    """Residuals t - 3 m of (1, 2), (3), (5, 4) with mean 3: -3, 0, 3; s² = 18 / 2, n = 5."""
    mean = cluster_mean(*sums([[1.0, 2.0], [3.0], [5.0, 4.0]]))

    half = stats.t.ppf(0.975, 2) * math.sqrt(18 / 2 * 3) / 5
    assert mean.value == 3.0
    assert mean.interval == pytest.approx((3 - half, 3 + half))


def test_too_few_say_why() -> None:
    assert cluster_mean(0, 0, 0, 0, 0, 0, 0).why == Reason(Code.NO_VALUE)
    assert cluster_mean(*sums([[2.0]])).why == Reason(Code.ONE_VALUE)
    together = cluster_mean(*sums([[2.0, 4.0]]))
    assert (together.value, together.interval) == (3.0, None)
    assert together.why == Reason(Code.ONE_PROMPT)


def test_an_interval_ends_where_values_end() -> None:
    mean = Mean(0.95, 0.1, (0.8, 1.1))

    assert mean.within(0, 1).interval == (0.8, 1)
    assert mean.within(0.9, None).interval == (0.9, 1.1)
    assert mean.within(None, None) == mean
    assert Mean(None, why=Reason(Code.NO_VALUE)).within(0, 1).interval is None
