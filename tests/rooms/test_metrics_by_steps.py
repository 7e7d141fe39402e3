"""People and metrics by training step: a planted run that learns to please its reward."""

import pytest

from annotator.core.reasons import Code, Reason
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from annotator.reports.metrics.steps import MetricsBySteps, steps_of
from tests import factories, judged
from tests.rooms.exported import batch, pair_project, people

pytestmark = pytest.mark.django_db

STEPS, PROMPTS = (100, 200), 12


def at_step(project: Project, step: int | None) -> Batch:
    made: Batch = batch(project)
    Batch.objects.filter(pk=made.pk).update(step=step)
    return made


def trained(project: Project, wins: dict[int, int], reward: dict[int, float]) -> None:
    """At each step so many of the prompts are won against "before", and such is the reward."""
    three = people(project)
    for step, won in wins.items():
        in_batch = at_step(project, step)
        for number in range(PROMPTS):
            by = [f"policy-{step}", "before"]
            item = judged.item(in_batch, f"{step}-{number}", f"prompt {number}", by)
            choice = judged.said("a" if number < won else "b", "overall")
            for slot, person in enumerate(three):
                judged.answer(item, person, choice, slot=slot)
            judged.settle(item)
            for place in item.places.all():
                value = reward[step] + number / 100 if place.letter == "a" else 0.0
                Measurement.objects.create(
                    project=project, image_id=place.image_id, metric="contrast", version="1",
                    state="done", value=value,
                )  # fmt: skip


def found(project: Project, against: str = "") -> MetricsBySteps:
    return steps_of(project, dimension="", against=against)


def test_reward_up_and_people_down_rings_the_alarm() -> None:
    project = pair_project()
    trained(project, {100: 10, 200: 2}, {100: 0.2, 200: 0.8})

    report = found(project)

    assert (report.against, report.sides, report.empty) == ("before", ["before"], None)
    assert [(row.step, row.images, row.people.value) for row in report.steps] == [
        (100, PROMPTS, pytest.approx(10 / 12)),
        (200, PROMPTS, pytest.approx(2 / 12)),
    ]
    [metric] = report.metrics
    # The mean of 0 … 11 hundredths; the fixed side's 0 is in none.
    assert [mean.value for mean in metric.means] == pytest.approx([0.255, 0.855])
    assert metric.alarm is not None
    assert metric.alarm.earlier == 100
    assert metric.alarm.metric.value == pytest.approx(0.6)
    assert metric.alarm.people.value == pytest.approx(-8 / 12)


def test_where_both_rise_there_is_no_alarm() -> None:
    project = pair_project()
    trained(project, {100: 2, 200: 10}, {100: 0.2, 200: 0.8})

    assert found(project).metrics[0].alarm is None


def test_a_rating_is_a_mean_by_step_and_needs_no_fixed_side() -> None:
    project = factories.project("custom")
    judged.question(project, "quality", "rating", scale_min=1, scale_max=5)
    three = people(project)
    for step, rating in ((0, 5), (7, 3)):
        in_batch = at_step(project, step)
        for number in range(2):
            item = judged.item(in_batch, f"{step}-{number}", f"prompt {number}", ["policy"])
            for slot, person in enumerate(three):
                judged.answer(item, person, {"quality": {"ratings": {"a": rating}}}, slot=slot)
            judged.settle(item)

    report = found(project)

    assert [(row.step, row.people.value) for row in report.steps] == [(0, 1.0), (7, 0.5)]
    assert (report.against, report.sides, report.metrics) == ("", [], [])


def test_of_one_step_several_sides_or_none_a_reason_says_why() -> None:
    project = pair_project()
    trained(project, {100: 6}, {100: 0.2})
    assert found(project).empty == Reason(Code.FEW_STEPS, n=1, least=2)

    of_two = pair_project()
    for step in STEPS:
        item = judged.item(at_step(of_two, step), str(step), "a prompt", ["policy", "before"])
        judged.answer(item, factories.member(of_two), judged.said("a", "overall"))
        judged.settle(item)
    report = found(of_two)
    assert (report.empty, report.sides) == (Reason(Code.CHOOSE_FIXED_SIDE), ["before", "policy"])
    chosen = found(of_two, "before")
    assert [row.people.value for row in chosen.steps] == [1.0, 1.0]
    assert [row.people.value for row in found(of_two, "policy").steps] == [0.0, 0.0]

    of_none = pair_project()
    for step in STEPS:
        by = [f"policy-{step}", f"before-{step}"]
        item = judged.item(at_step(of_none, step), str(step), "a prompt", by)
        judged.answer(item, factories.member(of_none), judged.said("a", "overall"))
        judged.settle(item)
    assert found(of_none).empty == Reason(Code.NO_FIXED_SIDE)


def test_an_order_within_items_says_nothing_across_steps() -> None:
    project = factories.project("custom")
    judged.question(project, "order", "ranking")
    for step in STEPS:
        item = judged.item(at_step(project, step), str(step), "a prompt", ["x", "y"])
        answer = {"order": {"tiers": [["a"], ["b"]]}}
        judged.answer(item, factories.member(project), answer)
        judged.settle(item)

    assert found(project).empty == Reason(Code.ORDERED_WITHIN_ITEMS)
