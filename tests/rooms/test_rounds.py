"""Rounds draw pairs of images that are in the project already, and put them to people."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from annotator import jobs
from annotator.actions.models import Action
from annotator.assignments.models import Assignment
from annotator.core.errors import Conflict, Invalid, KeyReused
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, Item, ItemImage
from annotator.items.pools import pool_of
from annotator.items.selectors import design_of
from annotator.pipeline.rounds import delete_batch, draw_round
from annotator.projects.batches import rename
from annotator.projects.models import Batch, Project, Removal
from annotator.reports.item_filter import ItemFilter, matching
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reports.rounds import RoundDesign, rounds_of
from annotator.workers import removal as worker  # noqa: F401 - says what is done with one
from tests import factories, judged
from tests.pools import stocked
from tests.promises import broken
from tests.rooms.exported import made, rows

pytestmark = pytest.mark.django_db

NOON = timezone.now()


def draw(project: Project, items: int, **asked: object) -> Batch:
    values: dict[str, object] = {"design": RoundDesign.UNIFORM, "now": NOON, **asked}
    user = project.created_by
    return draw_round(project=project, user=user, items=items, **values)  # type: ignore[arg-type]


def pairs_of(batch: Batch) -> list[set[str]]:
    return [
        set(ItemImage.objects.filter(item=item).values_list("image__generator", flat=True))
        for item in Item.objects.filter(batch=batch)
    ]


def answered(batch: Batch, better: str, level: str = "") -> None:
    """One person has preferred whoever stands further in front in `better`, of each item.

    Of two in `level` now the one, now the other.
    """
    person = factories.member(batch.project)
    for number, item in enumerate(Item.objects.filter(batch=batch)):
        rows = ItemImage.objects.filter(item=item).order_by("place")
        a, b = rows.values_list("image__generator", flat=True)
        choice = "a" if better.index(a) < better.index(b) else "b"
        if {a, b} <= set(level):
            choice = "ab"[number % 2]
        Assignment.objects.filter(item=item).delete()
        judged.answer(item, person, judged.said(choice, "overall"))
        judged.settle(item)


def test_a_round_is_a_batch_of_pairs_of_one_prompt_that_keep_their_chance() -> None:
    project, _ = stocked()

    batch = draw(project, 9)

    assert (batch.state, batch.round, batch.pairs, batch.item_count) == ("done", 1, "uniform", 9)
    items = list(Item.objects.filter(batch=batch))
    assert [item.selection_probability for item in items] == pytest.approx([9 / 36] * 9)
    assert {design_of(item, batch) for item in items} == {"uniform"}
    for item in items:
        images = [place.image for place in ItemImage.objects.filter(item=item)]
        assert [image.prompt for image in images] == [item.prompt, item.prompt]
        assert images[0].generator != images[1].generator
    assert Assignment.objects.filter(item__batch=batch).count() == 9 * project.overlap
    told = Action.objects.get(verb="batch.round_drawn")
    assert (told.details["design"], told.details["items"]) == ("uniform", 9)
    assert broken() == set()


def test_no_pair_is_drawn_twice_and_no_more_than_there_are() -> None:
    project, _ = stocked(prompts=2)

    draw(project, 8)
    with pytest.raises(Conflict) as refused:
        draw(project, 5)
    assert refused.value.reason.code == Code.ROUND_FEW_PAIRS
    assert Batch.objects.filter(round__isnull=False).count() == 1
    second = draw(project, 4)

    assert second.round == 2
    assert len(pool_of(project).left) == 0
    assert Item.objects.values("identity").distinct().count() == 12


def test_images_of_excluded_items_and_listed_pairs_are_not_drawn() -> None:
    project, images = stocked(prompts=1)
    by_generator = {image.generator: image for image in Image.objects.filter(batch=images)}

    def listed(one: str, two: str, **fields: object) -> None:
        item = Item.objects.create(
            project=project, batch=images, key=one + two, prompt="Prompt 0", **fields
        )
        for place, generator in enumerate((one, two)):
            ItemImage.objects.create(item=item, image=by_generator[generator], place=place)

    listed("w", "x")
    # z is left out with its item; of w, x and y two pairs are left.
    listed("z", "z", excluded_at=NOON, excluded_by=project.created_by, excluded_reason="broken")

    left = [{image.generator for image in pair} for pair in pool_of(project).left]

    assert left == [{"w", "y"}, {"x", "y"}]
    assert pool_of(project).possible == 3


def test_an_adaptive_round_asks_about_those_that_stand_near() -> None:
    project, _ = stocked(prompts=60, generators="wxyz")
    answered(draw(project, 120), "wxyz", level="wx")

    batch = draw(project, 60, design=RoundDesign.ADAPTIVE, question="overall")

    found = pairs_of(batch)
    near, far = found.count({"w", "x"}), found.count({"w", "z"})
    assert near > 2 * far
    chance = list(Item.objects.filter(batch=batch).values_list("selection_probability", flat=True))
    assert len(set(chance)) > 1
    assert min(chance) >= 0.2 * 60 / 240 - 1e-9
    assert {design_of(item, batch) for item in Item.objects.filter(batch=batch)} == {"adaptive"}


def test_an_adaptive_round_follows_a_question_that_compares_two() -> None:
    project, _ = stocked()
    with pytest.raises(Invalid) as refused:
        draw(project, 3, design=RoundDesign.ADAPTIVE, question="nothing")
    assert refused.value.fields["question"].code == Code.ROUND_NO_SUCH_QUESTION
    assert not Batch.objects.filter(round__isnull=False).exists()


def test_a_round_that_is_asked_for_again_by_its_key_is_the_same() -> None:
    project, _ = stocked()

    first = draw(project, 3, key="round-of-monday")
    again = draw(project, 3, key="round-of-monday")
    with pytest.raises(KeyReused):
        draw(project, 4, key="round-of-monday")

    assert first == again
    assert Item.objects.filter(project=project).count() == 3


def test_a_project_whose_items_are_no_pairs_has_no_rounds() -> None:
    project = factories.project("custom")
    judged.question(project, "flaws", "marks")
    report = rounds_of(project, now=NOON)
    assert report.refused is not None
    assert report.refused.code == Code.ROUND_NOT_OF_PAIRS
    with pytest.raises(Conflict):
        draw(project, 1)


def test_a_pool_that_is_too_large_is_refused_before_it_fills_the_memory() -> None:
    project, _ = stocked()

    assert pool_of(project, most_pairs=36).possible == 36
    with pytest.raises(Conflict) as refused:
        pool_of(project, most_pairs=35)

    assert refused.value.reason.code == Code.ROUND_POOL_TOO_LARGE


def test_the_report_tells_the_pool_the_rounds_and_who_is_first() -> None:
    project, _ = stocked(prompts=40, generators="wxy")
    answered(draw(project, 90), "wxy")

    report = rounds_of(project, now=NOON)

    assert (report.images, report.prompts, report.generators) == (120, 40, ["w", "x", "y"])
    assert (report.possible, report.asked, report.left) == (120, 90, 30)
    [row] = report.rounds
    assert (row.number, row.design, row.items, row.settled) == (1, "uniform", 90, 90)
    [first] = report.first
    assert (first.question, first.generator, first.items) == ("overall", "w", 90)
    assert (first.settled, first.more_items) == (True, 0)
    assert first.probability > 0.99


def test_the_report_tells_what_it_may_take_and_how_long_and_what_is_open() -> None:
    project, _ = stocked(prompts=40, generators="wxy")
    answered(draw(project, 90), "wxy", level="wx")
    draw(project, 10)

    report = rounds_of(project, now=judged.START + timedelta(days=1))

    [first] = report.first
    assert not first.settled
    assert first.more.fewest is not None
    assert first.more.fewest > 0
    # Few or many pairs, three people each, 5.4 seconds an answer.
    assert first.answers.fewest == first.more.fewest * 3
    assert first.hours is not None
    assert first.hours.fewest == pytest.approx(first.more.fewest * 3 * 5.4 / 3600)
    assert (report.pace.seconds, report.pace.answers) == (5.4, 90)
    assert (report.planned, report.open) == (100, 10)


def test_what_can_not_be_foretold_says_why() -> None:
    project, _ = stocked(prompts=20, generators="wx")
    answered(draw(project, 12), "wx")
    [first] = rounds_of(project, now=judged.START + timedelta(days=1)).first
    assert first.more_items is not None
    assert first.more_items > 0
    assert first.finish is not None
    # All came on one day.
    assert first.finish.remaining == first.more_items * 3
    assert first.finish.reason == Reason(Code.FORECAST_FEW_DAYS, count=1)
    assert first.hours is None

    report = rounds_of(project, now=judged.START + timedelta(days=1))

    assert report.pace.reason == Reason(Code.ROUND_FEW_TIMES, count=12, least=20)


def test_win_rates_weigh_what_a_round_has_drawn_and_say_so() -> None:
    project, _ = stocked(prompts=8, generators="wxy")
    first = draw(project, 12)
    answered(first, "wxy")
    # As if w against x had been twice as likely as any other pair.
    often = Item.objects.filter(batch=first, places__image__generator="w").filter(
        places__image__generator="x"
    )
    Item.objects.filter(batch=first).update(selection_probability=0.25)
    Item.objects.filter(pk__in=list(often.values_list("pk", flat=True))).update(
        selection_probability=0.5
    )

    [board] = leaderboard_report_of(project).dimensions

    pairs = pairs_of(first)
    won, lost = 4 * pairs.count({"x", "y"}), 2 * pairs.count({"w", "x"})
    row = next(row for row in board.generators if row.generator == "x")
    assert board.weighed == 12
    assert row.value == pytest.approx(won / (won + lost))
    assert row.n == pairs.count({"x", "y"}) + pairs.count({"w", "x"})


def test_a_batch_whose_images_a_round_shows_is_deleted_after_the_round() -> None:
    project, images = stocked()
    batch = draw(project, 5)
    user = project.created_by

    with pytest.raises(Conflict) as refused:
        delete_batch(images, name=images.name, by=user, now=NOON)
    images.refresh_from_db()
    assert refused.value.reason.code == Code.ROUND_SHOWS_ITS_IMAGES
    assert (images.state, Removal.objects.count()) == ("done", 0)

    assert rename(images, name="others", by=user, now=NOON).name == "others"
    for gone in (batch, images):
        removal = delete_batch(gone, name=gone.name, by=user, now=NOON)
        jobs.run(Removal, removal.pk)
        removal.refresh_from_db()
        assert removal.state == "done"
        assert broken() == set()
    assert (Item.objects.count(), Image.objects.count()) == (0, 0)


def test_after_a_round_is_deleted_its_pairs_can_be_drawn_again() -> None:
    project, _ = stocked(prompts=1)
    batch = draw(project, 6)
    removal = delete_batch(batch, name=batch.name, by=project.created_by, now=NOON)
    jobs.run(Removal, removal.pk)

    again = draw(project, 6)

    assert again.item_count == 6
    assert Image.objects.count() == 4


def test_items_of_a_round_are_found_by_the_generator_of_an_image_of_another_batch() -> None:
    project, _ = stocked()
    batch = draw(project, 20)

    found = matching(project, ItemFilter(generator="w"))

    assert found.count() == sum("w" in pair for pair in pairs_of(batch)) > 0


@pytest.mark.django_db(transaction=True)
def test_an_export_says_how_each_pair_was_drawn(tmp_path: Path) -> None:
    project, _ = stocked()
    answered(draw(project, 9), "wxyz")

    [*lines] = rows(made(project, "annotations", tmp_path / "out"), "annotations.jsonl")

    items = [line["item"] for line in lines]
    drawn = {(item["design"], item["selection_probability"]) for item in items}
    assert drawn == {("uniform", 0.25)}


def test_letters_are_drawn_for_each_pair() -> None:
    project, _ = stocked(prompts=30)
    batch = draw(project, 100)

    first = [
        min(pair) == ItemImage.objects.get(item=item, place=0).image.generator
        for item, pair in zip(Item.objects.filter(batch=batch), pairs_of(batch), strict=True)
    ]

    assert 0.3 < np.mean(first) < 0.7
