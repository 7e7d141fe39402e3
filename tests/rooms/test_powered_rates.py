"""Win rates by votes, and with what a metric says of pairs that nobody has judged."""

import math

import pytest

from annotator.consensus.models import Finding
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, Item
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reports.metrics.powered import PoweredRates, powered_of
from scoring.ranking import elo
from tests import factories
from tests import judged as making
from tests.rooms.exported import batch, pair_project, voted

pytestmark = pytest.mark.django_db

JUDGED, MORE = 24, 96


def measured(project: Project, image: Image, value: float) -> None:
    Measurement.objects.create(
        project=project, image_id=image.pk, metric="contrast", version="1", state="done",
        value=value,
    )  # fmt: skip


def metric_project(*, more: int = MORE, right: bool = True) -> Project:
    """painter wins two of three judged prompts; of as many more prompts as asked nobody has judged
    the pair. The metric is right of every pair, or always says the same.
    """
    project = pair_project()
    in_batch = batch(project)
    for number in range(JUDGED):
        choices = "bbb" if number % 3 == 0 else "aaa"
        item = voted(project, in_batch, f"{number:03}", choices)
        for place in item.places.all():
            is_better = place.letter == choices[0] if right else place.letter == "a"
            measured(project, place.image, float(is_better))
    for number in range(more):
        for generator in ("painter", "drawer"):
            image = making.image(in_batch, generator)
            # Half of these are won by painter.
            is_better = (generator == "painter") == (number % 2 == 0 if right else True)
            Image.objects.filter(pk=image.pk).update(prompt=f"another prompt {number}")
            measured(project, image, float(is_better))
    return project


def found(project: Project, dimension: str = "overall") -> PoweredRates:
    return powered_of(project, dimension=dimension, metric="contrast")


def test_a_metric_that_is_right_moves_the_rate_to_what_it_says_of_the_others() -> None:
    project = metric_project()

    report = found(project)

    painter, drawer = report.rows
    [board] = leaderboard_report_of(project).dimensions
    assert (painter.generator, painter.votes, painter.pairs) == ("painter", 72, MORE)
    # What the votes say alone is what the board says.
    assert painter.alone.value == pytest.approx(2 / 3)
    assert painter.alone.value == board.generators[0].value
    assert painter.alone.interval == pytest.approx(board.generators[0].interval)
    # Of all prompts 16 + 48 are won, of 24 + 96.
    assert painter.powered.value == pytest.approx(64 / 120, abs=0.01)
    assert drawer.powered.value == pytest.approx(1 - (painter.powered.value or 0))
    # ρ = 1: as many times as there are prompts in all, less what λ takes of few.
    assert 2 * 72 < painter.worth < 4 * 72
    assert painter.alone.interval is not None
    assert painter.powered.interval is not None
    wide, narrow = (high - low for low, high in (painter.alone.interval, painter.powered.interval))
    assert narrow < wide / 1.8
    assert (report.pairs, report.empty, report.weighed) == (MORE, None, 0)


def test_strengths_move_as_rates_do() -> None:
    painter, drawer = found(metric_project()).rows

    # Of two generators a strength is half the log-odds, the prior as good as nothing beside 24.
    alone, powered = painter.elo_alone, painter.elo_powered
    assert alone.value == pytest.approx(elo(math.log(2) / 2), abs=8)
    assert powered.value == pytest.approx(elo(math.log(64 / 56) / 2), abs=8)
    assert (drawer.elo_alone.value or 0) + (alone.value or 0) == pytest.approx(2000)
    assert alone.interval is not None
    assert powered.interval is not None
    assert powered.interval[1] - powered.interval[0] < (alone.interval[1] - alone.interval[0]) / 1.6
    assert painter.elo_worth > 72


def test_strengths_stay_where_a_metric_always_says_the_same() -> None:
    [painter, _] = found(metric_project(right=False)).rows

    assert painter.elo_powered.value == painter.elo_alone.value
    assert painter.elo_worth == 0


def test_a_metric_that_always_says_the_same_saves_nothing() -> None:
    [painter, _] = found(metric_project(right=False)).rows

    assert painter.worth == 0
    assert painter.powered.value == painter.alone.value


def test_pairs_that_a_round_has_drawn_weigh_as_they_do_on_the_board() -> None:
    project = metric_project()
    Batch.objects.filter(project=project).update(round=1, pairs="adaptive")
    items = Item.objects.filter(project=project)
    items.update(selection_probability=0.5)
    # What drawer wins was drawn half as often as the rest.
    lost = Finding.objects.filter(key="b").values("consensus__item")
    items.filter(pk__in=lost).update(selection_probability=0.25)

    report = found(project)
    # Level by votes, so they stand by name.
    [_, painter] = report.rows

    [board] = leaderboard_report_of(project).dimensions
    assert report.weighed == board.weighed == JUDGED
    # 16 won that speak for two each, 8 lost for four.
    assert painter.alone.value == pytest.approx(1 / 2)
    on_board = next(row for row in board.generators if row.generator == "painter")
    assert painter.alone.value == pytest.approx(on_board.value)
    assert painter.alone.interval == pytest.approx(on_board.interval)
    # Of all that was measured 16 + 48 of 120 are won.
    assert painter.powered.value == pytest.approx(64 / 120, abs=0.01)


def test_where_nothing_more_is_measured_a_reason_says_so() -> None:
    report = found(metric_project(more=0))

    assert report.rows == []
    assert report.empty == Reason(Code.NO_OTHER_PAIRS, metric="contrast")


def test_pairs_of_settled_items_and_of_one_generator_are_no_others() -> None:
    project = metric_project(more=1)
    in_batch = batch(project)
    again = making.image(in_batch, "painter")
    Image.objects.filter(pk=again.pk).update(prompt="another prompt 0")
    measured(project, again, 0.5)

    # Two of painter's against one of drawer's.
    assert found(project).pairs == 2


def test_of_few_prompts_a_reason_says_that_nothing_can_be_told() -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aab")
    for place in item.places.all():
        measured(project, place.image, 0.5)

    assert found(project).empty == Reason(Code.FEW_PROMPTS_FOR_METRIC, n=1, least=20)


def test_only_questions_between_sides_have_rates() -> None:
    project = metric_project(more=1)
    making.question(project, "quality", "rating", scale_min=1, scale_max=5)

    assert found(project, "quality").empty == Reason(Code.NOT_BETWEEN_SIDES)
    nothing = factories.project("custom")
    making.question(nothing, "overall", "preference")
    assert found(nothing).empty == Reason(Code.NO_VALUES_OF_METRIC_YET, metric="contrast")
