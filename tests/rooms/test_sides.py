"""Sides are drawn balanced."""

import random
from collections import Counter

import pytest

from annotator.assignments.sides import balanced_pair_orders, shown_orders


def test_half_of_the_pairs_start_with_a_and_each_item_turns_from_slot_to_slot() -> None:
    orders = balanced_pair_orders([3] * 100, rng=random.Random(1))

    assert Counter(order[0] for order in orders) == {"ab": 50, "ba": 50}
    assert all(a == c and a == b[::-1] for a, b, c in orders)


def test_pairs_that_get_their_sides_by_parts_are_balanced_together() -> None:
    rng = random.Random(3)
    counts = [1, 3, 47, 2, 5]
    orders = [
        order
        for part, count in enumerate(counts)
        for order in balanced_pair_orders([3] * count, rng=rng, before=sum(counts[:part]))
    ]

    assert Counter(order[0] for order in orders) == {"ab": 29, "ba": 29}


@pytest.mark.parametrize("of_all", [2, 3, 5])
@pytest.mark.parametrize("pairs", [10, 11, 13])
def test_pairs_with_one_slot_and_with_several_are_balanced_together(
    pairs: int, of_all: int
) -> None:
    overlaps = [of_all if place % 5 == 0 else 1 for place in range(pairs)]

    orders = balanced_pair_orders(overlaps, rng=random.Random(4))

    assert [len(order) for order in orders] == overlaps
    shown = Counter(side for order in orders for side in order)
    assert abs(shown["ab"] - shown["ba"]) <= 1
    alone = Counter(order[0] for order in orders if len(order) % 2)
    assert abs(alone["ab"] - alone["ba"]) <= 1


def test_each_image_of_four_stands_first_once_in_four_slots() -> None:
    orders = shown_orders("abcd", overlap=4, rng=random.Random(2))

    assert {order[0] for order in orders} == set("abcd")
    assert all(sorted(order) == list("abcd") for order in orders)
