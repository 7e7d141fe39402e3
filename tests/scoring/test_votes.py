"""What three people say together."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.votes import (
    CHOICES,
    Choice,
    RankedPair,
    majority,
    more_than_half,
    preference_consensus,
    ranking_consensus,
    rating_consensus,
    rating_to_unit,
    share_of_a,
    tiers_to_ranks,
    word_shares,
)


@pytest.mark.parametrize(
    ("votes", "winner", "top", "margin", "soft"),
    [
        (["a", "a", "a"], "a", "a", 1.0, (1.0, 0.0)),
        (["a", "b", "a"], "a", "a", 1 / 3, (2 / 3, 1 / 3)),
        (["b", "tie", "b"], "b", "b", 2 / 3, (1 / 6, 5 / 6)),
        (["a", "tie", "tie"], None, "tie", 1 / 3, (2 / 3, 1 / 3)),
        (["a", "b", "tie"], None, None, 0.0, (0.5, 0.5)),
        (["both_bad", "both_bad", "b"], None, "both_bad", 1 / 3, (1 / 3, 2 / 3)),
        (["a", "unsure", "unsure"], None, "unsure", 1 / 3, (1.0, 0.0)),
        (["unsure", "unsure", "unsure"], None, "unsure", 0.0, None),
        (["a", "b"], None, None, 0.0, (0.5, 0.5)),
    ],
)
def test_a_preference_is_decided_by_more_than_half(
    votes: list[Choice],
    winner: str | None,
    top: str | None,
    margin: float,
    soft: tuple[float, float] | None,
) -> None:
    consensus = preference_consensus(votes)

    assert consensus.winner == winner
    assert consensus.decided == (winner is not None)
    assert consensus.majority == top
    assert consensus.margin == pytest.approx(margin)
    assert consensus.soft == (None if soft is None else pytest.approx(soft))
    assert sum(consensus.counts.values()) == len(votes)


@given(votes=st.lists(st.sampled_from(CHOICES), min_size=1, max_size=9))
def test_swapping_the_sides_swaps_the_winner(votes: list[Choice]) -> None:
    swap: dict[Choice, Choice] = {"a": "b", "b": "a"}

    there = preference_consensus(votes)
    back = preference_consensus([swap.get(v, v) for v in reversed(votes)])

    assert back.winner == (swap[there.winner] if there.winner else None)
    assert back.margin == there.margin


def test_an_even_split_has_no_majority() -> None:
    assert majority(["c", "c", "d", "d"]) is None
    assert majority([]) is None
    assert majority(["c", "c", "d"]) == "c"


def test_half_of_an_even_number_is_no_majority() -> None:
    assert more_than_half(2, 3)
    assert not more_than_half(1, 2)
    assert not more_than_half(0, 0)


def test_both_bad_counts_as_a_tie_where_it_is_said_to() -> None:
    assert [share_of_a(choice) for choice in CHOICES] == [1.0, 0.0, 0.5, 0.5, None]
    assert share_of_a("both_bad", both_bad_is_even=False) is None


def test_ratings_are_averaged_on_the_unit_scale() -> None:
    table = [(5, 5, 4), (4, 4, 4), (3, 2, 3), (2, 2, 1), (1, 1, 1), (4, 3, 5)]

    consensus = [rating_consensus(ratings, maximum=5) for ratings in table]

    means = [0.9167, 0.75, 0.4167, 0.1667, 0, 0.75]
    assert [c.mean for c in consensus] == pytest.approx(means, abs=5e-5)
    assert [4 * c.maxdiff for c in consensus] == [1, 0, 1, 1, 0, 2]


def test_a_rating_outside_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="6 lies outside the scale from 1 to 5"):
        rating_to_unit(6, maximum=5)


def test_tied_images_share_the_mean_of_their_places() -> None:
    assert tiers_to_ranks([["b"], ["a", "d"], ["c"]]) == {"b": 1, "a": 2.5, "d": 2.5, "c": 4}


def test_rankings_give_mean_ranks_and_only_pairs_that_two_of_three_rank() -> None:
    rankings = [[["a"], ["b"], ["c"]], [["a"], ["c"], ["b"]], [["b"], ["a", "c"]]]

    consensus = ranking_consensus(rankings)

    assert consensus.mean_ranks == pytest.approx({"a": 4.5 / 3, "b": 2, "c": 7.5 / 3})
    assert consensus.tiers == (("a",), ("b",), ("c",))
    assert consensus.pairs == (
        RankedPair("a", "b", 2, 3),
        RankedPair("a", "c", 2, 3),
        RankedPair("b", "c", 2, 3),
    )


def test_equal_mean_ranks_are_a_tie_and_decide_nothing() -> None:
    consensus = ranking_consensus([[["a"], ["b"]], [["b"], ["a"]], [["a", "b"]]])

    assert consensus.tiers == (("a", "b"),)
    assert consensus.pairs == ()


@pytest.mark.parametrize(
    ("rankings", "words"),
    [
        ([], "no votes"),
        ([[["a"], ["a"]]], "a is ranked twice"),
        ([[["a"], []]], "tier of a ranking is empty"),
        ([[["a"], ["b"]], [["a"]]], "not of the same images"),
    ],
)
def test_what_is_no_ranking_is_refused(rankings: Sequence[list[list[str]]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ranking_consensus(rankings)


def test_a_word_is_marked_that_more_than_half_marked() -> None:
    """quality.md C13: tokens majority."""
    shares = word_shares([[1, 4], [1], [1, 2]], 5)

    assert shares == (0, 1, 1 / 3, 0, 1 / 3)
    assert [int(more_than_half(round(3 * share), 3)) for share in shares] == [0, 1, 0, 0, 0]
