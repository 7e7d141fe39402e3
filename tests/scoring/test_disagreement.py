"""How far answers lie apart, worked out by hand."""

import pytest

from scoring.disagreement import names_apart, numbers_apart, ranks_apart, sets_apart


@pytest.mark.parametrize(
    ("names", "apart"),
    [("aa", 0.0), ("ab", 1.0), ("aab", 2 / 3), ("abc", 1.0), ("aabb", 4 / 6), ("aaab", 3 / 6)],
)
def test_names_differ_by_the_share_of_pairs_of_people(names: str, apart: float) -> None:
    assert names_apart(list(names)) == pytest.approx(apart)


def test_two_who_are_not_sure_agree_on_nothing() -> None:
    assert names_apart(["a", "unsure", "unsure"], {"unsure"}) == 1.0
    assert names_apart(["a", "unsure", "unsure"]) == pytest.approx(2 / 3)


def test_sets_differ_by_jaccard_and_two_empty_ones_do_not() -> None:
    assert sets_apart([{1, 2}, {2, 3}]) == pytest.approx(2 / 3)
    assert sets_apart([set(), set()]) == 0.0
    assert sets_apart([set(), {1}]) == 1.0
    assert sets_apart([{1}, {1}, set()]) == pytest.approx(2 / 3)


def test_numbers_differ_in_lengths_of_their_scale() -> None:
    assert numbers_apart([1, 5], length=4) == 1.0
    assert numbers_apart([1, 3, 5], length=4) == pytest.approx((0.5 + 1 + 0.5) / 3)


def test_ranks_differ_by_kendall_with_ties_by_half() -> None:
    assert ranks_apart([{"a": 1, "b": 2}, {"a": 2, "b": 1}]) == 1.0
    assert ranks_apart([{"a": 1, "b": 2}, {"a": 1.5, "b": 1.5}]) == 0.5
    # abc against bac: one of three pairs.
    assert ranks_apart([{"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 1, "c": 3}]) == pytest.approx(1 / 3)
    assert ranks_apart([{"a": 1}, {"a": 1}]) == 0.0
