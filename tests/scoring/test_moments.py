"""Streaming moments against NumPy's one pass, and the statistics file against pytorch-fid's."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.metrics.sets.frechet import frechet_distance
from scoring.reasons import Code
from scoring.statistics.feature_statistics import (
    NotStatistics,
    Statistics,
    moments_to_statistics,
    read_statistics,
    write_statistics,
)
from scoring.statistics.moments import Moments
from tests.scoring.sets import features, statistics

ROWS = features(0, 500, 24)


def test_moments_are_numpys_mean_and_covariance() -> None:
    moments = Moments.empty(24)

    for start in range(0, 500, 37):
        moments.add(ROWS[start : start + 37])

    assert moments.n == 500
    assert moments.mean == pytest.approx(ROWS.astype(float).mean(axis=0), rel=1e-12)
    assert moments.covariance() == pytest.approx(
        np.cov(ROWS.astype(float), rowvar=False), rel=1e-9, abs=1e-15
    )


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 500), max_size=9),
    seed=st.integers(0, 2**32 - 1),
    one_row_at_a_time=st.booleans(),
)
def test_any_split_in_any_order_has_the_same_distance(
    cuts: list[int], seed: int, one_row_at_a_time: bool
) -> None:
    rng = np.random.default_rng(seed)
    reference = statistics(features(1, 400, 24, shift=0.1))
    shuffled = ROWS[rng.permutation(500)]
    shards = [Moments.empty(24) for _ in range(len(cuts) + 1)]
    bounds = [0, *sorted(cuts), 500]

    for shard, start, end in zip(shards, bounds[:-1], bounds[1:], strict=True):
        step = 1 if one_row_at_a_time else 64
        for first in range(start, end, step):
            shard.add(shuffled[first : min(first + step, end)])
    merged = Moments.empty(24)
    for index in rng.permutation(len(shards)):
        merged.merge(shards[index])

    whole = frechet_distance(statistics(ROWS), reference).value
    parts = frechet_distance(
        moments_to_statistics(merged, extractor="", resize=""), reference
    ).value
    assert parts == pytest.approx(whole, rel=1e-9)


def test_a_mean_far_from_zero_loses_no_digits() -> None:
    rows = np.random.default_rng(3).standard_normal((1000, 3)) + 1e6
    moments = Moments.empty(3)

    for row in rows:
        moments.add(row[None])

    assert moments.covariance() == pytest.approx(np.cov(rows, rowvar=False), rel=1e-6, abs=1e-9)


def test_merging_leaves_the_other_as_it_is() -> None:
    whole, part = Moments.empty(24), Moments.empty(24)
    part.add(ROWS[:10])
    before = part.comoment.copy()

    whole.merge(part)
    whole.add(ROWS[10:20])

    assert part.n == 10
    assert np.array_equal(part.comoment, before)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (np.zeros((2, 3)), "24"),
        (np.zeros(24), "24"),
        (np.full((2, 24), np.nan), "not finite"),
        (np.full((2, 24), np.inf), "not finite"),
        (np.zeros((2, 24), dtype=int), "floating point"),
    ],
)
def test_what_are_no_features_is_refused_and_nothing_is_taken_in(
    rows: np.ndarray, why: str
) -> None:
    moments = Moments.empty(24)

    with pytest.raises(ValueError, match=why):
        moments.add(rows)

    assert moments.n == 0
    assert not moments.comoment.any()


def test_one_image_has_no_covariance() -> None:
    moments = Moments.empty(24)
    moments.add(ROWS[:1])

    with pytest.raises(ValueError, match="two images or more, not 1"):
        moments.covariance()


def test_a_hundred_thousand_images_take_the_memory_of_a_few() -> None:
    # In a process of its own, which says by how much its peak grew while it added.
    script = """
import resource
import numpy as np
from scoring.metrics.sets.set_statistics import SetStatistics

def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

rng = np.random.default_rng(0)
block = rng.random((1000, 512), dtype=np.float32)
gathered = SetStatistics.empty("made-up/none", 512, limit=1000)
for step in range(100):
    gathered.add([f"{step}-{i}" for i in range(1000)], block + np.float32(step / 100))
    if step == 9:
        early = peak()
print(gathered.n, len(gathered.sample), peak() - early)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip

    n, sampled, growth_mb = map(int, done.stdout.split())
    assert (n, sampled) == (100_000, 1000)
    # The features alone are 195 MB.
    assert growth_mb < 16


def test_a_file_holds_what_was_written_and_is_the_same_bytes_again(tmp_path: Path) -> None:
    moments = Moments.empty(24)
    moments.add(ROWS)
    written = moments_to_statistics(moments, extractor="inception-2015-12-05", resize="clean")

    write_statistics(written, tmp_path / "a.npz")
    write_statistics(written, tmp_path / "b.npz")
    read = read_statistics(tmp_path / "a.npz")

    assert np.array_equal(read.mu, written.mu)
    assert np.array_equal(read.sigma, written.sigma)
    assert (read.n, read.extractor, read.resize) == (500, "inception-2015-12-05", "clean")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_pytorch_fid_reads_our_file_and_we_read_its() -> None:
    ours, theirs = BytesIO(), BytesIO()
    write_statistics(statistics(ROWS), ours)
    # The two lines with which pytorch-fid 0.3.0 writes and reads (fid_score.py).
    np.savez_compressed(theirs, mu=ROWS.mean(axis=0), sigma=np.cov(ROWS, rowvar=False))

    with np.load(BytesIO(ours.getvalue())) as archive:
        mu, sigma = archive["mu"][:], archive["sigma"][:]
    read = read_statistics(BytesIO(theirs.getvalue()))

    assert mu.dtype == sigma.dtype == np.float64
    assert mu.shape == (24,)
    assert sigma.shape == (24, 24)
    assert read.mu == pytest.approx(mu, rel=1e-6)
    assert (read.n, read.extractor, read.resize) == (None, "", "")


GOOD = statistics(ROWS)
LOPSIDED = GOOD.sigma + np.triu(np.ones((24, 24)), 1)


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"mu": GOOD.mu}, Code.STATISTICS_INCOMPLETE),
        ({"a": GOOD.mu}, Code.STATISTICS_INCOMPLETE),
        ({"mu": GOOD.mu[None], "sigma": GOOD.sigma}, Code.STATISTICS_MU_SHAPE),
        ({"mu": GOOD.mu, "sigma": GOOD.sigma[:5]}, Code.STATISTICS_SIGMA_SHAPE),
        ({"mu": GOOD.mu * np.nan, "sigma": GOOD.sigma}, Code.STATISTICS_NOT_FINITE),
        ({"mu": GOOD.mu, "sigma": LOPSIDED}, Code.STATISTICS_NOT_SYMMETRIC),
        ({"mu": GOOD.mu, "sigma": -GOOD.sigma}, Code.STATISTICS_NEGATIVE_VARIANCE),
        ({"mu": GOOD.mu.astype("U8"), "sigma": GOOD.sigma}, Code.STATISTICS_ENTRY_NOT_FLOATING),
        ({"mu": np.array([object()]), "sigma": GOOD.sigma}, Code.STATISTICS_ENTRY_UNREADABLE),
        *(
            ({"mu": GOOD.mu, "sigma": GOOD.sigma, "n": n}, Code.STATISTICS_N_NO_COUNT)
            for n in (
                np.array(-3),
                np.array(1),
                np.array(2**62),
                np.array(2**64 - 1, np.uint64),
                np.array(np.nan),
                np.array(5.5),
                np.array([5, 6]),
            )
        ),
        *(
            ({"mu": GOOD.mu, "sigma": GOOD.sigma, "resize": text}, Code.STATISTICS_ENTRY_NO_TEXT)
            for text in (
                np.array(3),
                np.array("\ud800"),
                np.frombuffer(b"\xff\xff\xff\xff", "<U1"),
                np.array("x" * 201),
            )
        ),
    ],
)
def test_a_wrong_file_is_refused(arrays: dict[str, np.ndarray], why: Code) -> None:
    file = BytesIO()
    np.savez(file, **arrays)
    file.seek(0)

    with pytest.raises(NotStatistics) as refusal:
        read_statistics(file)
    assert [reason.code for reason in refusal.value.reasons] == [why]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_with_any_byte_changed_or_cut_anywhere_is_read_or_refused(
    save: Callable[..., None],
) -> None:
    file = BytesIO()
    save(file, mu=np.zeros(3), sigma=np.eye(3), n=np.array(5), resize=np.array("clean"))
    whole = file.getvalue()
    changed = [
        whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :]
        for place in range(len(whole))
        for bits in (0xFF, 0x01)
    ]

    for content in (*changed, *(whole[:end] for end in range(len(whole)))):
        with suppress(NotStatistics):
            read_statistics(BytesIO(content))


def test_the_number_of_images_may_be_a_billion() -> None:
    file = BytesIO()
    np.savez(file, mu=np.zeros(2), sigma=np.eye(2), n=np.array(10**9))
    file.seek(0)

    assert read_statistics(file).n == 10**9


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\x80\x04K\x01.", b"words"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(NotStatistics):
        read_statistics(BytesIO(content))


def test_a_file_that_would_unpack_to_more_than_statistics_are_is_refused_unread() -> None:
    file = BytesIO()
    np.savez_compressed(file, mu=np.zeros(5800), sigma=np.zeros((5800, 5800)))
    file.seek(0)

    with pytest.raises(NotStatistics, match=r"statistics_entry_too_large \(entry=sigma"):
        read_statistics(file)


def test_a_single_array_is_refused() -> None:
    file = BytesIO()
    np.save(file, GOOD.mu)
    file.seek(0)

    with pytest.raises(NotStatistics, match="statistics_single_array"):
        read_statistics(file)


def test_statistics_know_their_dimensions() -> None:
    assert Statistics(np.zeros(7), np.eye(7)).dimensions == 7
