"""Sets gathered in shards: the same numbers in any cut and order, in bounded memory."""

import hashlib
import warnings

import numpy as np
import pytest
import torch

import tests.references  # noqa: F401 - before what wants torchvision

with warnings.catch_warnings():
    # Deprecated names in what it imports.
    warnings.simplefilter("ignore")
    from torch_fidelity.metric_isc import isc_features_to_metric


from scoring.measured import Outcome
from scoring.metrics.sets.frechet import frechet_distance
from scoring.metrics.sets.inception_score import inception_score
from scoring.metrics.sets.kernel_distance import kernel_distance
from scoring.metrics.sets.manifold import precision_recall
from scoring.metrics.sets.measure_set import METRICS, measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.reasons import Code, Reason
from tests.scoring.sets import features, statistics

NETWORK = "made-up/clean"
ALL = sorted(METRICS)
N = 600
KEYS = [f"image {i}" for i in range(N)]
ROWS = features(5, N, 32)
LOGITS = (np.random.default_rng(6).standard_normal((N, 1008)) * 3).astype(np.float32)


RANKS = np.argsort(
    [
        hashlib.blake2b(key.encode(), digest_size=16, person=b"triptych set").hexdigest()
        for key in KEYS
    ]
)


def gathered(order: np.ndarray, *, limit: int = 200, step: int = 50) -> SetStatistics:
    found = SetStatistics.empty(NETWORK, 32, limit=limit)
    for start in range(0, len(order), step):
        some = order[start : start + step]
        found.add([KEYS[i] for i in some], ROWS[some], LOGITS[some])
    return found


def reference(n: int = 300) -> SetStatistics:
    found = SetStatistics.empty(NETWORK, 32, limit=200)
    found.add([f"real {i}" for i in range(n)], features(7, n, 32, shift=0.1))
    return found


def near(spread: float | None) -> object:
    return spread if spread is None else pytest.approx(spread, rel=1e-9)


def test_shards_in_any_order_measure_what_one_piece_measures() -> None:
    whole = measure_set(ALL, gathered(np.arange(N)), reference())
    order = np.random.default_rng(1).permutation(N)
    shards = [gathered(part, step=7) for part in np.array_split(order, 5)]

    merged = SetStatistics.empty(NETWORK, 32, limit=200)
    for shard in shards[::-1]:
        merged.merge(shard)
    parts = measure_set(ALL, merged, reference())

    for name in ALL:
        assert whole[name].outcome is Outcome.OK
        assert parts[name].value == pytest.approx(whole[name].value, rel=1e-9), name
        assert parts[name].spread == near(whole[name].spread), name
        assert (parts[name].n, parts[name].n_reference) == (whole[name].n, whole[name].n_reference)


def test_a_set_within_its_limit_measures_what_its_arrays_measure() -> None:
    found, real = gathered(np.arange(N), limit=N), reference(150)

    values = measure_set(ALL, found, real)

    rows, others = found.sample, real.sample
    assert np.array_equal(np.sort(rows, axis=0), np.sort(ROWS, axis=0))
    assert values["fid"].value == frechet_distance(statistics(ROWS), real.statistics()).value
    assert values["kid"].value == kernel_distance(rows, others).mean
    both = precision_recall(rows, others)
    assert (values["precision"].value, values["recall"].value) == (both.precision, both.recall)


def test_the_sample_is_bounded_uniform_and_the_same_whatever_came_first() -> None:
    first, second = gathered(np.arange(N)), gathered(np.arange(N)[::-1], step=11)

    assert len(first.sample) == 200
    assert np.array_equal(first.digests, second.digests)
    assert np.array_equal(first.sample, second.sample)
    chosen = {tuple(row) for row in first.sample}
    early = sum(tuple(row) in chosen for row in ROWS[: N // 2])
    assert 70 < early < 130  # of 200, half of them expected: five standard deviations


@pytest.mark.parametrize("n", [10, 25, 200])
def test_the_score_of_a_set_is_torch_fidelitys_of_its_images_by_rank_of_digest(n: int) -> None:
    some = np.sort(RANKS[:n])
    found = measure_set(["is"], gathered(some, step=7), None)["is"]

    theirs = isc_features_to_metric(torch.from_numpy(LOGITS[RANKS[:n]]), splits=10, shuffle=False)

    assert found.n == n
    assert found.value == pytest.approx(theirs["inception_score_mean"], rel=1e-10)
    assert found.spread == pytest.approx(theirs["inception_score_std"], rel=1e-8)


def test_few_images_a_split_are_warned_of_and_fewer_than_splits_refused() -> None:
    def reasons(n: int) -> tuple[Outcome, tuple[Reason, ...]]:
        found = measure_set(["is"], gathered(np.arange(n)), None)["is"]
        return found.outcome, found.reasons

    few = Code.FEW_IMAGES_A_SPLIT
    assert reasons(100) == (Outcome.OK, (Reason(Code.FEW_IMAGES_FOR_SCORE, n=100, usual=50_000),))
    assert reasons(99) == (Outcome.OK, (Reason(few, n=9, splits=10, least=10),))
    assert reasons(9) == (
        Outcome.REFUSED,
        (Reason(Code.FEWER_IMAGES_THAN_SPLITS, n=9, splits=10),),
    )
    assert inception_score(LOGITS[:99]).warnings == (Reason(few, n=9, splits=10, least=10),)
    assert inception_score(LOGITS[:100]).warnings == ()


def test_the_score_of_a_set_beyond_its_limit_is_near_that_of_shuffled_splits() -> None:
    streamed = measure_set(["is"], gathered(np.arange(N)), None)["is"]

    assert streamed.n == N
    assert streamed.value == pytest.approx(inception_score(LOGITS).mean, rel=0.02)
    assert streamed.reasons == (Reason(Code.FEW_IMAGES_FOR_SCORE, n=N, usual=50_000),)


def test_what_is_not_finite_is_refused_and_the_set_stays_as_it_was() -> None:
    found = gathered(np.arange(50))

    with pytest.raises(ValueError, match="not finite"):
        found.add(["bad"], np.full((1, 32), np.nan), LOGITS[:1])
    with pytest.raises(ValueError, match="2 keys do not name 1 images"):
        found.add(["a", "b"], ROWS[:1], LOGITS[:1])

    assert found.n == 50
    assert found.scores.n.sum() == 50


def test_other_networks_are_neither_merged_nor_compared() -> None:
    ours, other = gathered(np.arange(50)), SetStatistics.empty("made-up/pytorch", 32, limit=200)
    other.add(KEYS[:50], ROWS[:50])

    with pytest.raises(ValueError, match="does not merge"):
        ours.merge(other)
    values = measure_set(["fid", "kid", "recall"], ours, other)

    assert [value.outcome for value in values.values()] == [Outcome.REFUSED] * 3
    assert values["fid"].reasons == (Reason(Code.RESIZINGS_DIFFER, a="clean", b="pytorch"),)
    networks = Reason(Code.NETWORKS_DIFFER, a=NETWORK, b="made-up/pytorch")
    assert values["kid"].reasons == values["recall"].reasons == (networks,)


def test_a_file_of_statistics_is_enough_for_the_frechet_distance_alone() -> None:
    values = measure_set(ALL, gathered(np.arange(N)), reference().statistics())

    assert values["fid"].outcome is Outcome.OK
    assert values["fid"].n_reference == 300
    needs_images = (Reason(Code.REFERENCE_WITHOUT_IMAGES),)
    assert values["kid"].reasons == values["precision"].reasons == needs_images


def test_too_small_or_missing_sets_are_refused() -> None:
    alone, empty = gathered(np.arange(1)), SetStatistics.empty(NETWORK, 32, limit=200)

    def why(name: str, of: SetStatistics, against: SetStatistics | None) -> Reason:
        (reason,) = measure_set([name], of, against)[name].reasons
        return reason

    assert why("fid", alone, None) == Reason(Code.NO_REFERENCE_SET)
    assert why("fid", alone, reference()) == Reason(Code.TWO_IMAGES_NEEDED)
    assert why("fid", gathered(np.arange(9)), empty) == Reason(Code.TWO_IMAGES_NEEDED)
    few = Reason(Code.IMAGES_NEEDED, least=4, n=1, n_reference=300)
    assert why("recall", alone, reference()) == few
    assert why("is", reference(), None) == Reason(Code.NO_CLASS_LOGITS)
