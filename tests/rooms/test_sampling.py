"""Which items are reviewed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.reviews.sampling import draw, draw_for_floor, draw_second, ranked, sample_size


@pytest.mark.parametrize(
    ("count", "rate", "expected"),
    [(0, 0.2, 0), (1, 0.2, 1), (5, 0.2, 1), (6, 0.2, 2), (35, 0.2, 7), (100, 0.2, 20),
     (10, 0.3, 3), (1000, 0.07, 70), (7, 1.0, 7), (7, 0.0, 0)],
)  # fmt: skip
def test_the_sample_is_the_rate_rounded_up_exactly(count: int, rate: float, expected: int) -> None:
    assert sample_size(count, rate) == expected


@given(st.permutations([f"item-{n}" for n in range(30)]))
def test_the_draw_does_not_depend_on_the_order_of_the_items(ids: list[str]) -> None:
    assert set(draw(ids, rate=0.2, secret="s")) == set(draw(sorted(ids), rate=0.2, secret="s"))


def test_another_secret_draws_others() -> None:
    ids = [f"item-{n}" for n in range(200)]

    first, second = (set(draw(ids, rate=0.2, secret=secret)) for secret in ("one", "two"))

    assert len(first) == len(second) == 40
    assert first != second


def test_a_floor_draws_the_next_of_each_annotators_and_no_more() -> None:
    ids = [f"item-{n}" for n in range(20)]
    order = ranked(ids, secret="s")
    answered = {1: ids, 2: order[10:], 3: order[:2]}

    drawn = draw_for_floor(answered, drawn=order[:4], floor=6, secret="s")

    # 1 has four drawn and gets two of sixteen, 2 has none and gets six of ten, 3 has all drawn.
    assert set(drawn) == {*order[4:6], *order[10:16]}
    assert [drawn[name] for name in order[4:6]] == [2 / 16] * 2
    assert [drawn[name] for name in order[10:16]] == [6 / 10] * 6


def test_an_annotator_who_answered_less_than_the_floor_has_all_drawn() -> None:
    assert draw_for_floor({1: ["a", "b"]}, drawn=["a"], floor=30, secret="s") == {"b": 1.0}
    assert draw_for_floor({1: ["a", "b"]}, drawn=[], floor=0, secret="s") == {}


def test_of_each_run_of_twenty_reviewed_answers_one_is_looked_at_again() -> None:
    ids = [f"answer-{n}" for n in range(59)]

    drawn, whole = draw_second(ids, share=0.05, secret="s")

    assert (len(drawn), whole) == (2, 40)
    assert drawn[0] in ids[:20]
    assert drawn[1] in ids[20:40]
    # Drawn piece by piece it is the same.
    assert draw_second(ids[:20], share=0.05, secret="s") == (drawn[:1], 20)
    assert draw_second(ids[:19], share=0.05, secret="s") == ([], 0)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 0), (0.05, 10), (0.125, 25), (0.3, 60), (1.0, 200)]
)
def test_the_share_looked_at_again_is_exact(share: float, expected: int) -> None:
    drawn, _ = draw_second([f"answer-{n}" for n in range(200)], share=share, secret="s")

    assert len(set(drawn)) == expected
