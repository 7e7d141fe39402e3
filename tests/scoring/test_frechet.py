"""Fréchet distances against pytorch-fid, clean-fid, torch-fidelity and known values."""

import numpy as np
import pytest

from scoring.metrics.sets.frechet import FeaturesDiffer, frechet_distance
from scoring.reasons import Code, Reason
from scoring.statistics.feature_statistics import Statistics
from tests.scoring.sets import (
    clean_fid_distance,
    features,
    nuclear_distance,
    pytorch_fid_distance,
    statistics,
    torch_fidelity_distance,
)


def test_the_known_distance_of_two_diagonal_covariances_is_ten() -> None:
    # By hand: |(1,2)|² + 5 + 10 - 2 (√9 + √4).
    a = Statistics(np.array([0.0, 0.0]), np.diag([1.0, 4.0]))
    b = Statistics(np.array([1.0, 2.0]), np.diag([9.0, 1.0]))

    assert frechet_distance(a, b).value == pytest.approx(10, rel=1e-14)


def test_the_known_distance_of_six_rows_comes_out() -> None:
    # X = sin(7i + 3j), Y = cos(5i + 2j) + 0.5.
    i, j = np.arange(6)[:, None], np.arange(4)

    distance = frechet_distance(
        statistics(np.sin(7 * i + 3 * j)), statistics(np.cos(5 * i + 2 * j) + 0.5)
    )

    assert distance.value == pytest.approx(3.711202156, abs=5e-10)


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.5])
def test_distances_equal_three_other_packages(shift: float) -> None:
    a, b = statistics(features(1, 900)), statistics(features(2, 700, shift=shift))

    value = frechet_distance(a, b).value

    assert value == pytest.approx(pytorch_fid_distance(a, b), rel=1e-8)
    assert value == pytest.approx(clean_fid_distance(a, b), rel=1e-8)
    assert value == pytest.approx(torch_fidelity_distance(a, b), rel=1e-8)
    assert value == pytest.approx(frechet_distance(b, a).value, rel=1e-10)


@pytest.mark.parametrize(("n", "m"), [(20, 30), (20, 900), (900, 20), (2, 2), (64, 65)])
def test_fewer_images_than_dimensions_equal_the_distance_of_their_own_plane(n: int, m: int) -> None:
    rows, others = features(1, n), features(2, m, shift=0.1)

    value = frechet_distance(statistics(rows), statistics(others)).value

    assert value == pytest.approx(nuclear_distance(rows, others), rel=1e-9)


def test_few_images_come_with_a_warning_and_a_value_near_scipys() -> None:
    a, b = statistics(features(1, 40)), statistics(features(2, 50, shift=0.1))

    distance = frechet_distance(a, b)

    singular = Reason(Code.SINGULAR_COVARIANCE, images=("40", "50"), dimensions=64)
    assert distance.warnings == (singular,)
    # scipy's root of a singular product is itself good to about 1e-6 here.
    assert distance.value == pytest.approx(pytorch_fid_distance(a, b), rel=1e-5)


def test_a_file_that_does_not_say_how_many_is_found_to_be_singular_all_the_same() -> None:
    known, other = statistics(features(1, 40)), statistics(features(2, 500))
    silent = Statistics(known.mu, known.sigma)

    assert frechet_distance(silent, other).value == pytest.approx(
        frechet_distance(known, other).value, rel=1e-9
    )
    assert frechet_distance(silent, other).warnings == ()


def test_a_set_is_at_no_distance_from_itself() -> None:
    for n in (30, 500):
        same = statistics(features(1, n))
        assert frechet_distance(same, same).value == pytest.approx(0, abs=1e-10)


def test_sets_that_never_vary_are_apart_by_their_means() -> None:
    a = Statistics(np.zeros(3), np.zeros((3, 3)))
    b = Statistics(np.array([3.0, 4.0, 0.0]), np.zeros((3, 3)))

    assert frechet_distance(a, b).value == 25


def test_statistics_of_different_networks_are_not_compared() -> None:
    mu, sigma = np.zeros(2), np.eye(2)
    clean = Statistics(mu, sigma, extractor="inception-2015-12-05", resize="clean")

    for other, why in (
        (Statistics(mu, sigma, resize="pytorch"), (Code.RESIZINGS_DIFFER, "clean", "pytorch")),
        (
            Statistics(mu, sigma, extractor="dinov2"),
            (Code.NETWORKS_DIFFER, "inception-2015-12-05", "dinov2"),
        ),
        (Statistics(np.zeros(3), np.eye(3)), (Code.DIMENSIONS_DIFFER, 2, 3)),
    ):
        with pytest.raises(FeaturesDiffer) as refusal:
            frechet_distance(clean, other)
        assert refusal.value.reasons == (Reason(why[0], a=why[1], b=why[2]),)
    assert frechet_distance(clean, Statistics(mu, sigma)).value == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("n", [40, 300, 900])
def test_a_set_is_no_negative_distance_from_itself(n: int) -> None:
    same = statistics(features(3, n))

    assert 0 <= frechet_distance(same, same).value < 1e-9
