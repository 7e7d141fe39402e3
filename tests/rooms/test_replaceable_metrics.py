"""Which metric may stand in for a person, from answers in the database."""

import pytest

from annotator.accounts.models import User
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from annotator.reports.metrics.replaceable import ReplaceableMetrics, replaceable_of
from tests import factories, judged
from tests.rooms.exported import batch, pair_project, people

pytestmark = pytest.mark.django_db

PROMPTS = 30
WORDS = {"a": "a", "b": "b", "t": "tie"}


def measured(item: Item, metric: str, *values: float) -> None:
    Measurement.objects.bulk_create(
        Measurement(
            project=item.project, image_id=place.image_id, metric=metric, version="1",
            state="done", value=value,
        )
        for place, value in zip(item.places.order_by("place"), values, strict=True)
    )  # fmt: skip


def pairs(project: Project, prompts: int, choices: str = "aaa") -> tuple[list[User], list[Item]]:
    """Three people, who say the same of each pair."""
    three, in_batch = people(project), batch(project)
    items = []
    for number in range(prompts):
        item = judged.item(in_batch, f"{number:03}", f"prompt {number}", ["painter", "drawer"])
        for slot, (person, letter) in enumerate(zip(three, choices, strict=True)):
            judged.answer(item, person, judged.said(WORDS[letter], "overall"), slot=slot)
        judged.settle(item)
        items.append(item)
    return three, items


def found(project: Project, dimension: str = "") -> ReplaceableMetrics:
    return replaceable_of(project, dimension=dimension)


def test_of_two_sides_a_metric_says_the_larger_and_one_better_when_lower_the_smaller() -> None:
    """Higher contrast is right; lpips_alex, better when lower, is wrong of three pairs in five."""
    project = pair_project()
    three, items = pairs(project, PROMPTS)
    for number, item in enumerate(items):
        measured(item, "contrast", 0.9, 0.1 if number else 0.9)
        measured(item, "lpips_alex", *((5.0, 3.0) if number % 5 < 3 else (3.0, 5.0)))

    report = found(project)

    assert (report.dimension, report.alignment, report.epsilon) == ("overall", "accuracy", 0.1)
    good, poor = report.rows
    assert (good.metric, good.direction, good.passes, good.winning_rate) == (
        "contrast", "", False, 0.0,
    )  # fmt: skip
    # A tie of the metric's is half of what people say: the person is nearer there.
    assert [row.metric for row in good.against] == pytest.approx([29 / 30] * 3)
    assert {(row.id, row.n, row.prompts) for row in good.against} == {
        (person.pk, PROMPTS, PROMPTS) for person in three
    }
    assert {row.name for row in good.against} == {person.username for person in three}
    assert poor.advantage.value == pytest.approx(2 / 5)
    assert poor.advantage.n == 3 * PROMPTS
    assert report.empty is None


def test_ratings_are_held_against_the_rating_that_stands_as_high() -> None:
    """All rate 1, 3 and 5 in turn; sharpness is in that order in a unit of its own."""
    project = factories.project("custom")
    judged.question(project, "quality", "rating", scale_min=1, scale_max=5)
    three, in_batch = people(project), batch(project)
    for number in range(PROMPTS):
        item = judged.item(in_batch, f"{number:03}", f"prompt {number}", ["painter"])
        rating = 1 + 2 * (number % 3)
        for slot, person in enumerate(three):
            given = {"quality": {"ratings": {"a": rating}}}
            judged.answer(item, person, given, slot=slot)
        judged.settle(item)
        measured(item, "sharpness", 1000.0 * rating + number)

    report = found(project)

    [row] = report.rows
    assert (report.alignment, row.passes, row.winning_rate) == ("rmse", True, 1.0)
    assert row.advantage.value == 1.0


def test_a_ranking_is_held_against_the_metrics_own_order_of_the_item() -> None:
    project = factories.project("custom")
    judged.question(project, "order", "ranking")
    three, in_batch = people(project), batch(project)
    for number in range(PROMPTS):
        item = judged.item(in_batch, f"{number:03}", f"prompt {number}", ["x", "y", "z"])
        for slot, person in enumerate(three):
            judged.answer(item, person, {"order": {"tiers": [["c"], ["a"], ["b"]]}}, slot=slot)
        judged.settle(item)
        measured(item, "contrast", number + 0.2, number + 0.1, number + 0.3)

    [row] = found(project).rows

    assert (row.winning_rate, row.advantage.value) == (1.0, 1.0)
    assert {(one.n, one.prompts) for one in row.against} == {(3 * PROMPTS, PROMPTS)}


def test_of_too_few_prompts_or_people_a_reason_says_so() -> None:
    project = pair_project()
    assert found(project).empty == Reason(Code.NO_VALUES_YET)
    _, items = pairs(project, 2)
    measured(items[0], "contrast", 0.9, 0.1)
    measured(items[1], "contrast", 0.1, 0.9)

    [row] = found(project).rows

    why = Reason("few_people_to_stand_in_for", n=0, least=3, prompts=30)
    assert (row.passes, row.winning_rate, row.against, row.undefined) == (False, None, [], why)


def test_without_a_settled_item_nothing_is_said() -> None:
    project = pair_project()
    measured(judged.item(batch(project), "1", "a", ["painter", "drawer"]), "contrast", 1.0, 2.0)

    assert found(project).empty == Reason(Code.NOTHING_SETTLED)
