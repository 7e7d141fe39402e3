"""The bench of designs runs, and prints what it names."""

from bench import designs


def test_each_design_is_measured_on_planted_worlds() -> None:
    noted: list[str] = []

    lines = {name: value for name, value, _ in designs.measure(2, noted.append, [3])}

    assert noted == ["2 worlds of 3 generators"]
    votes = {name.split(".")[2] for name in lines if name.startswith("designs.votes.")}
    assert "uniform" in votes <= set(designs.DESIGNS)
    assert all(value > 0 for value in lines.values())
