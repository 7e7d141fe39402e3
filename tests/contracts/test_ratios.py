"""The short bench: what counts as lost, and that all that is written down is measured."""

from bench import ratios
from bench.run import FAMILY_OF, SHORT


def test_a_ratio_is_lost_when_more_than_a_third_of_it_is_gone_or_nothing_measured_it() -> None:
    before = {"export.of_ceiling": 0.3, "import.of_ceiling": 0.3, "heatmaps.to_grid": 30.0}

    gone = ratios.lost({"export.of_ceiling": 0.21, "import.of_ceiling": 0.19}, before)

    assert gone == ["import.of_ceiling", "heatmaps.to_grid"]


def test_the_short_bench_measures_every_ratio_that_is_written_down() -> None:
    families = {FAMILY_OF[name.split(".")[0]] for name in ratios.kept()}

    assert families == set(SHORT["families"])
