"""The benches of planted worlds run, and print what they name."""

import pytest

from bench import designs, rewards


def test_each_design_is_measured_on_planted_worlds() -> None:
    noted: list[str] = []

    lines = {name: value for name, value, _ in designs.measure(2, noted.append, [3])}

    assert noted == ["2 worlds of 3 generators"]
    votes = {name.split(".")[2] for name in lines if name.startswith("designs.votes.")}
    assert "uniform" in votes <= set(designs.DESIGNS)
    assert all(value > 0 for value in lines.values())


def test_heads_of_planted_worlds_are_held_against_the_truth() -> None:
    lines = {name: value for name, value, _ in rewards.measure(2, lambda _: None, [5])}

    # The worth is one direction of what the network sees: a head comes near what is possible.
    assert -0.01 < lines["rewards.behind.5_generators"] < 0.02
    assert lines["rewards.beats.5_generators"] == 1
    assert lines["rewards.accuracy.coin.5_generators"] == pytest.approx(0.5, abs=0.05)
    coverage = {name.split(".")[2] for name in lines if name.startswith("rewards.coverage.")}
    assert coverage == {
        "head", "person", "good", "beyond_good", "beyond_common", "beyond_coin",
    }  # fmt: skip
