"""KID, inception score and precision/recall against torch-fidelity, clean-fid, piq and by force."""

import warnings

import numpy as np
import pytest
import torch

import tests.references  # noqa: F401 - before what wants torchvision

with warnings.catch_warnings():
    # Deprecated names in what these import.
    warnings.simplefilter("ignore")
    import cleanfid.fid
    import piq
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

from scoring.metrics.sets.inception_score import ScoreSums, inception_score
from scoring.metrics.sets.kernel_distance import kernel_distance
from scoring.metrics.sets.manifold import precision_recall
from tests.scoring.sets import features

KNOWN_X = np.sin(7 * np.arange(6)[:, None] + 3 * np.arange(4))
KNOWN_Y = np.cos(5 * np.arange(6)[:, None] + 2 * np.arange(4)) + 0.5
KNOWN_LOGITS = 3 * np.sin(1.3 * np.arange(8)[:, None] + 2.1 * np.arange(3))


def torch_fidelity_kid(a: np.ndarray, b: np.ndarray, subsets: int, size: int) -> tuple[float, ...]:
    # In float64: its kernel in float32 is itself good to about 1e-4 of a small distance.
    found = kid_features_to_metric(
        torch.from_numpy(a).double(),
        torch.from_numpy(b).double(),
        kid_subsets=subsets,
        kid_subset_size=size,
        kid_kernel_poly_degree=3,
        kid_kernel_poly_gamma=None,
        kid_kernel_poly_coef0=1,
        rng_seed=2020,
        verbose=False,
    )
    return found["kernel_inception_distance_mean"], found["kernel_inception_distance_std"]


def test_the_known_kernel_distance_comes_out() -> None:
    # stylegan2-ada, clean-fid and torch-fidelity agree on it.
    distance = kernel_distance(KNOWN_X, KNOWN_Y)

    assert distance.mean == pytest.approx(2.0273798721, rel=1e-7)
    assert (distance.size, distance.sd) == (6, 0)


@pytest.mark.parametrize(
    ("n", "m", "subsets", "size"),
    [(900, 700, 40, 100), (900, 700, 3, 100), (150, 1300, 20, 150), (2100, 90, 30, 40)],
)
@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_kernel_distances_are_torch_fidelitys(
    n: int, m: int, subsets: int, size: int, shift: float
) -> None:
    a, b = features(1, n), features(2, m, shift=shift)

    ours = kernel_distance(a, b, subsets=subsets, size=size)

    mean, sd = torch_fidelity_kid(a, b, subsets, size)
    assert ours.mean == pytest.approx(mean, rel=1e-5)
    assert ours.sd == pytest.approx(sd, rel=1e-5)


def test_a_set_smaller_than_the_subset_is_taken_whole_as_clean_fid_does() -> None:
    a, b = features(1, 300), features(2, 300, shift=0.2)

    ours = kernel_distance(a, b)

    theirs = cleanfid.fid.kernel_distance(a.astype(float), b.astype(float), num_subsets=1)
    assert ours.size == 300
    assert ours.mean == pytest.approx(theirs, rel=1e-6)


def test_features_far_from_the_origin_keep_their_kernel_distance() -> None:
    a, b = features(1, 400) + 30, features(2, 400, shift=0.05) + 30

    ours = kernel_distance(a, b, subsets=10, size=200)

    assert ours.mean == pytest.approx(torch_fidelity_kid(a, b, 10, 200)[0], rel=1e-5)


def test_one_image_has_no_kernel_distance() -> None:
    with pytest.raises(ValueError, match="no subsets of two"):
        kernel_distance(features(1, 1), features(2, 9))


@pytest.mark.parametrize(("splits", "mean", "sd"), [(1, 2.0943570, 0.0), (2, 2.0429360, 0.0777598)])
def test_the_known_inception_scores_come_out(splits: int, mean: float, sd: float) -> None:
    # exp of the mean KL(p(y|x) ‖ p(y)), worked out split by split.
    score = inception_score(KNOWN_LOGITS, splits=splits, seed=None)

    assert score.mean == pytest.approx(mean, abs=5e-8)
    assert score.sd == pytest.approx(sd, abs=5e-8)


@pytest.mark.parametrize(("n", "splits"), [(1003, 10), (50, 7), (12, 12)])
def test_inception_scores_are_torch_fidelitys(n: int, splits: int) -> None:
    logits = (np.random.default_rng(4).standard_normal((n, 1008)) * 4).astype(np.float32)

    ours = inception_score(logits, splits=splits)

    theirs = isc_features_to_metric(torch.from_numpy(logits), splits=splits)
    assert ours.mean == pytest.approx(theirs["inception_score_mean"], rel=1e-10)
    assert ours.sd == pytest.approx(theirs["inception_score_std"], rel=1e-8, abs=1e-12)


def test_logits_that_overflow_a_plain_exponential_have_a_score() -> None:
    certain = np.eye(4) * 2000

    assert inception_score(certain, splits=1).mean == pytest.approx(4, rel=1e-12)
    assert inception_score(np.zeros((9, 4)), splits=1).mean == pytest.approx(1, rel=1e-12)


def test_more_splits_than_images_are_refused() -> None:
    with pytest.raises(ValueError, match="3 images cannot be cut into 10 splits"):
        inception_score(KNOWN_LOGITS[:3])


def test_score_sums_merge_to_the_score_of_one_pass() -> None:
    logits = np.random.default_rng(4).standard_normal((90, 5)) * 3
    split = np.arange(90) % 3
    whole, first, second = (ScoreSums.empty(5, 3) for _ in range(3))

    whole.add(logits, split)
    first.add(logits[40:], split[40:])
    second.add(logits[:40], split[:40])
    first.merge(second)

    assert first.score().mean == pytest.approx(whole.score().mean, rel=1e-13)
    theirs = inception_score(logits[np.argsort(split, kind="stable")], splits=3, seed=None)
    assert whole.score().mean == pytest.approx(theirs.mean, rel=1e-13)
    assert whole.score().sd == pytest.approx(theirs.sd, rel=1e-10)


def forced(generated: np.ndarray, reference: np.ndarray, k: int = 3) -> tuple[float, float]:
    """The definition, one distance at a time in float64."""

    def radius(rows: np.ndarray, i: int) -> float:
        others = [float(np.linalg.norm(rows[i] - row)) for j, row in enumerate(rows) if j != i]
        return sorted(others)[k - 1]

    def share(rows: np.ndarray, centres: np.ndarray) -> float:
        radii = [radius(centres, i) for i in range(len(centres))]
        inside = [
            any(np.linalg.norm(row - c) <= r for c, r in zip(centres, radii, strict=True))
            for row in rows
        ]
        return float(np.mean(inside))

    a, b = generated.astype(float), reference.astype(float)
    return share(a, b), share(b, a)


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.6])
def test_precision_and_recall_are_those_of_the_definition(shift: float) -> None:
    a, b = features(1, 70, 8), features(2, 60, 8, shift=shift)

    both = precision_recall(a, b)

    assert (both.precision, both.recall) == pytest.approx(forced(a, b))
    assert (both.n, both.n_reference) == (70, 60)


def test_precision_and_recall_are_torch_fidelitys_and_precision_piqs_over_several_blocks() -> None:
    a, b = features(1, 1500, 32), features(2, 1200, 32, shift=0.01)

    both = precision_recall(a, b)

    doubles = [torch.from_numpy(rows).double() for rows in (a, b)]
    theirs = prc_features_to_metric(
        *doubles, prc_neighborhood=3, prc_batch_size=10_000, save_cpu_ram=False, verbose=False
    )
    assert both.precision == pytest.approx(theirs["precision"], abs=1e-6)
    assert both.recall == pytest.approx(theirs["recall"], abs=1e-6)
    # piq compares recall's ties with the wrong radii, so only its precision is a reference.
    precision, _ = piq.PR(nearest_k=3).compute_metric(doubles[1], doubles[0])
    assert both.precision == pytest.approx(float(precision), abs=1e-6)


def test_a_set_against_itself_is_precise_and_recalled_even_where_images_repeat() -> None:
    rows = np.repeat(features(1, 30, 16) * 100, 5, axis=0)

    both = precision_recall(rows, rows.copy())

    assert (both.precision, both.recall) == (1, 1)


def test_three_images_have_no_third_neighbour() -> None:
    with pytest.raises(ValueError, match="4 are needed"):
        precision_recall(features(1, 3), features(2, 9))


@pytest.mark.parametrize("compare", [kernel_distance, precision_recall])
def test_features_that_are_not_finite_or_not_of_one_width_are_refused(compare) -> None:  # type: ignore[no-untyped-def]
    broken = features(1, 20)
    broken[3, 3] = np.nan

    with pytest.raises(ValueError, match="not finite"):
        compare(broken, features(2, 20))
    with pytest.raises(ValueError, match="one width"):
        compare(features(1, 20), features(2, 20, 32))
