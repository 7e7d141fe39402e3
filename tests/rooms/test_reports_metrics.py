"""Metrics held against people: numbers by hand, and by scipy."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from annotator.consensus import services as consensus
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items import grouping
from annotator.items.models import ItemImage, MetaKey, MetaOf
from annotator.measurements.generators import GeneratorTable, by_generator
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from annotator.reports.metrics.accuracy import Compared
from annotator.reports.metrics.disagreements import disagreements_of
from annotator.reports.metrics.judged import dimensions_of, judged, pieces_of, shown_of
from annotator.reports.metrics.points import points_of
from annotator.reports.metrics.report import metrics_report_of
from annotator.reports.metrics.rivals import rivals_of
from scoring.catalog import CATALOG
from scoring.reasons import Code as Arithmetic
from tests import factories
from tests import judged as making
from tests.flows.crowd import crowded_project
from tests.rooms.exported import batch, pair_project, people, voted

pytestmark = pytest.mark.django_db


def measured(
    project: Project, values, metric: str = "contrast", version: str = "1", **more
) -> None:
    """The values of images (in the order of item keys and letters), None: none."""
    places = ItemImage.objects.filter(item__project=project).order_by("item__key", "place")
    Measurement.objects.bulk_create(
        Measurement(
            project=project,
            image_id=place.image_id,
            metric=metric,
            version=version,
            state="done",
            value=value,
            **more,
        )
        for place, value in zip(places, values, strict=True)
        if value is not None
    )


def rated_project(table: Sequence[Sequence[int]], images: int = 1, prompts: int = 0) -> Project:
    """Items of `images` images; table[item] are three people's ratings, 1 to 5, of each image."""
    project = factories.project("custom")
    making.question(project, "overall", "rating", scale_min=1, scale_max=5)
    raters, in_batch = people(project), batch(project)
    names = ["painter", "drawer", "writer", "carver"][:images]
    for number, ratings in enumerate(table):
        prompt = f"prompt {number % prompts if prompts else number}"
        item = making.item(in_batch, f"{number:03}", prompt, names)
        for slot, person in enumerate(raters):
            given = {
                letter: ratings[3 * place + slot] for place, letter in enumerate("abcd"[:images])
            }
            making.answer(item, person, {"overall": {"ratings": given}}, slot=slot)
        making.settle(item)
    return project


HUMAN = [1, 2, 2, 3, 4, 4, 5, 5, 3, 1]
METRIC = [0.10, 0.35, 0.30, 0.30, 0.62, 0.70, 0.65, 0.90, 0.2, 0.15]


def test_ratings_are_correlated_with_the_metric_as_by_scipy() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, METRIC)

    [row] = metrics_report_of(project).rows

    assert (row.dimension, row.metric, row.version) == (
        "overall", "contrast", "1",
    )  # fmt: skip
    assert (row.n_items, row.n_images, row.n_prompts) == (10, 10, 10)
    assert row.pooled.srcc.value == pytest.approx(stats.spearmanr(HUMAN, METRIC).statistic)
    assert row.pooled.plcc.value == pytest.approx(stats.pearsonr(HUMAN, METRIC).statistic)
    assert row.pooled.tau_b.value == pytest.approx(stats.kendalltau(HUMAN, METRIC).statistic)
    assert row.per_prompt.srcc.value is None
    assert row.per_prompt.groups == 0
    # All 45 pairs, as no prompt has two images; three people who always agree.
    assert row.accuracy.compared == Compared.ACROSS_PROMPTS
    assert (row.accuracy.n_pairs, row.accuracy.held_out) == (45, False)
    assert row.notes == (Reason(Code.PAIRS_ACROSS_PROMPTS),)
    assert row.ceiling.value == 1.0
    assert row.human_accuracy.value == 1.0
    assert row.by_generator.srcc.undefined == Reason(Code.FEW_GENERATORS, n=1)


def test_four_generators_have_a_correlation_without_an_interval() -> None:
    project = rated_project([[5] * 3 + [4] * 3 + [3] * 3 + [2] * 3] * 10, images=4)
    measured(project, [0.9, 0.7, 0.5, 0.3] * 10)

    [row] = metrics_report_of(project).rows

    found = row.by_generator.srcc
    assert (found.value, found.n, found.interval) == (pytest.approx(1.0), 4, None)
    assert found.no_interval == Reason(Arithmetic.TOO_FEW_POINTS, n=4, least=6)


def test_generators_are_parted_by_what_came_with_images_in_means_and_correlation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = rated_project([[5] * 3 + [4] * 3 + [3] * 3 + [2] * 3] * 10, images=4)
    measured(project, [0.9, 0.7, 0.5, 0.3] * 10)
    for place in ItemImage.objects.filter(item__project=project).select_related("image"):
        place.image.generator = "ab"[place.place % 2]
        place.image.meta = {"step": 1000 + 500 * (place.place // 2)}
        place.image.save()
    in_batch = project.batches.get()
    MetaKey.objects.create(batch=in_batch, of=MetaOf.IMAGE, key="step")

    [row] = metrics_report_of(project, by="image:step").rows
    table = by_generator(project, by="image:step")

    assert (row.by_generator.srcc.value, row.by_generator.srcc.n) == (pytest.approx(1.0), 4)
    [whole] = metrics_report_of(project).rows
    assert whole.by_generator.srcc.undefined == Reason(Code.FEW_GENERATORS, n=2)
    found = {each.generator: each.metrics[0] for each in table.rows}
    assert {name: one.mean for name, one in found.items()} == {
        "a · step 1000": pytest.approx(0.9), "b · step 1000": pytest.approx(0.7),
        "a · step 1500": pytest.approx(0.5), "b · step 1500": pytest.approx(0.3),
    }  # fmt: skip
    assert [one.n for one in found.values()] == [10] * 4
    monkeypatch.setattr(grouping, "MOST_GROUPS", 3)
    many = Reason(Code.TOO_MANY_GROUPS, key="step", count=4, max=3)
    assert metrics_report_of(project, by="image:step").empty == many
    assert by_generator(project, by="image:step") == GeneratorTable([], many)
    with pytest.raises(Invalid):
        metrics_report_of(project, by="item:step")


def test_what_is_infinite_ranks_first_and_is_told() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    values = [*METRIC[:6], float("inf"), float("inf"), *METRIC[8:]]
    measured(project, values, metric="psnr")

    [row] = metrics_report_of(project).rows

    ranks = stats.rankdata(values)
    assert row.pooled.srcc.value == pytest.approx(stats.spearmanr(HUMAN, ranks).statistic)
    assert row.pooled.tau_b.value == pytest.approx(stats.kendalltau(HUMAN, ranks).statistic)
    of_cap = [*METRIC[:6], 100.0, 100.0, *METRIC[8:]]
    assert row.pooled.plcc.value == pytest.approx(stats.pearsonr(HUMAN, of_cap).statistic)
    assert (row.n_images, row.pooled.srcc.n) == (10, 10)
    assert Reason(Code.VALUES_INFINITE, n=2, cap=100, unit="dB") in row.notes


def test_what_is_infinite_is_told_of_each_point_and_image() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, [float("inf"), *METRIC[1:]], metric="psnr")

    points = points_of(project, dimension="overall", metric="psnr").results
    rows = disagreements_of(project, dimension="overall", metric="psnr").results

    assert [point.x for point in points if point.infinite] == [100.0]
    images = [image for row in rows for image in row.images]
    assert [image.metric for image in images if image.infinite] == [None]
    assert None not in [image.metric for image in images if not image.infinite]


def test_of_a_pair_of_which_one_is_infinite_the_difference_is() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(3):
        voted(project, in_batch, f"{key}", "aab")
    infinite = float("inf")
    measured(project, [infinite, 30.0, infinite, infinite, 20.0, infinite], metric="psnr")

    points = points_of(project, dimension="overall", metric="psnr").results

    found = sorted((point.x, point.infinite) for point in points)
    assert found == [(-80.0, True), (0.0, False), (70.0, True)]


def test_what_is_infinite_is_above_numbers_beyond_its_cap() -> None:
    project = rated_project([[rating] * 3 for rating in range(1, 6)] * 2)
    values = [1.0, 2.0, 3.0, 140.0, float("inf")] * 2
    measured(project, values, metric="psnr")

    [row] = metrics_report_of(project).rows

    assert row.pooled.srcc.value == pytest.approx(1.0)


def test_each_pair_counts_once_though_it_enters_both_ways_round() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(12):
        voted(project, in_batch, f"{key:02}", "bba" if key % 5 == 0 else "aab")
    measured(project, [0.1 * (place % 7) for place in range(24)])

    [row] = metrics_report_of(project).rows

    assert (row.pooled.srcc.n, row.pooled.plcc.n, row.pooled.tau_b.n) == (12, 12, 12)
    assert Reason(Code.PAIRS_BOTH_WAYS, n=12) in row.notes


def rivals(project: Project, first: str = "contrast", second: str = "sharpness"):
    return rivals_of(project, dimension="overall", first=first, second=second)


def test_two_metrics_are_compared_on_the_items_that_have_both() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN + HUMAN])
    rng = np.random.default_rng(0)
    close = [value + rng.normal(0, 0.05) for value in METRIC + METRIC]
    far = [value + rng.normal(0, 2.0) for value in METRIC + METRIC]
    measured(project, close)
    measured(project, [*far[:-1], None], metric="sharpness")

    found = rivals(project)

    assert (found.n, found.n_items, found.n_prompts, found.empty) == (19, 19, 19, None)
    assert found.answers == "accepted"
    by_rank, by_number = found.correlations
    people = (HUMAN + HUMAN)[:-1]
    r = [stats.pearsonr(people, side[:19]).statistic for side in (close, far)]
    mutual = stats.pearsonr(close[:19], far[:19]).statistic
    assert (by_number.first.value, by_number.second.value) == pytest.approx(r)
    assert by_number.mutual.value == pytest.approx(mutual)
    assert by_number.difference.value == pytest.approx(r[0] - r[1])
    # Williams 1959, as Steiger 1980 writes it.
    n, mean = 19, (r[0] + r[1]) / 2
    det = 1 - r[0] ** 2 - r[1] ** 2 - mutual**2 + 2 * r[0] * r[1] * mutual
    t = (r[0] - r[1]) * np.sqrt(
        (n - 1) * (1 + mutual) / (2 * (n - 1) / (n - 3) * det + mean**2 * (1 - mutual) ** 3)
    )
    assert by_number.williams is not None
    assert by_number.williams.t == pytest.approx(t)
    assert by_number.williams.degrees == 16
    assert by_number.williams.p == pytest.approx(2 * stats.t.sf(abs(t), 16))
    low, high = by_rank.difference.interval or (0, 0)
    assert 0 < low < (by_rank.difference.value or 0) < high
    assert by_rank.p is not None
    assert by_rank.p < 0.05


def test_of_pairs_two_metrics_are_compared_whichever_image_is_called_a() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(12):
        voted(project, in_batch, f"{key:02}", "bba" if key % 3 == 0 else "aab")
    measured(project, [float(place * 7 % 5) for place in range(24)])
    measured(project, [float(place * 5 % 11) for place in range(24)], metric="sharpness")
    before = rivals(project)
    for number, place in enumerate(ItemImage.objects.order_by("item__key", "place")):
        assert place.place == number % 2

    [by_rank, by_number] = before.correlations

    assert before.n == by_rank.first.n == by_number.difference.n == 12
    assert by_number.williams is not None
    assert by_number.williams.degrees == 9


def test_a_metric_is_not_compared_with_itself_nor_with_one_without_values() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, METRIC)

    with pytest.raises(Invalid):
        rivals(project, second="contrast")
    with pytest.raises(Invalid):
        rivals(project, second="beauty")
    missing = rivals(project)

    assert missing.correlations == []
    assert missing.empty == Reason(Code.NO_VALUES_OF_METRIC_YET, metric="sharpness")


def test_within_a_prompt_pairs_of_its_images_are_compared() -> None:
    # Eleven prompts of two images: the metric is right in all but one.
    table = [[5, 5, 4, 2, 2, 1]] * 10 + [[1, 2, 1, 4, 4, 4]]
    project = rated_project(table, images=2)
    measured(project, [0.9, 0.1] * 11)

    [row] = metrics_report_of(project).rows

    assert row.accuracy.compared == Compared.WITHIN_PROMPTS
    assert row.accuracy.raw.value == pytest.approx(10 / 11)
    assert (row.accuracy.n_pairs, row.n_images, row.n_prompts) == (11, 22, 11)
    assert row.per_prompt.tau_b.value == pytest.approx(9 / 11)
    assert row.per_prompt.groups == 11
    # Two images of each of 11 prompts are in the order of the other two people, by each person.
    assert row.human_accuracy.value == 1.0
    assert row.human_accuracy.n == 33


def test_a_metric_that_is_better_when_lower_is_negated_and_this_is_said() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, [-value for value in METRIC], metric="lpips_alex")

    [row] = metrics_report_of(project).rows

    assert row.pooled.srcc.value == pytest.approx(stats.spearmanr(HUMAN, METRIC).statistic)
    assert row.notes == (Reason(Code.VALUES_NEGATED), Reason(Code.PAIRS_ACROSS_PROMPTS))


def test_a_preference_is_held_against_the_difference_of_the_two_images() -> None:
    project = pair_project()
    in_batch = batch(project)
    # Of the last but one two could judge, of the last nobody.
    choices = ["aaa", "aab", "att", "abt", "ttt", "nnn", "bba", "bbb", "bbb", "aau", "uuu"]
    for key, votes in enumerate(choices):
        voted(project, in_batch, f"{key:03}", votes)
    voted(project, in_batch, "open", "aaa", settled=False)
    difference = [0.5, 0.2, 0.1, 0.0, 0.05, -0.1, -0.2, -0.4, 0.3, 0.6, 0.9, 0.7]
    measured(project, [side for d in difference for side in (d, 0.0)])

    [row] = metrics_report_of(project).rows

    margin = [1, 1 / 3, 1 / 3, 0, 0, 0, -1 / 3, -1, -1, 1]
    both_ways = [each for m in margin for each in (m, -m)]
    metric = [each for d in difference[:10] for each in (d, -d)]
    assert row.n_items == 10
    assert row.pooled.srcc.value == pytest.approx(stats.spearmanr(both_ways, metric).statistic)
    assert row.pooled.plcc.value == pytest.approx(stats.pearsonr(both_ways, metric).statistic)
    assert row.pooled.tau_b.value == pytest.approx(stats.kendalltau(both_ways, metric).statistic)
    # Seven items are decided, of which the metric misses one.
    assert (row.accuracy.raw.value, row.accuracy.n_pairs) == (pytest.approx(6 / 7), 7)
    # ε = 0.05 ties the first two of people's three ties: 8 of 10. 0.1 would tie the third, and lose
    # the decision of 0.1: no better, so the smaller one stands.
    assert row.accuracy.calibrated.value == pytest.approx(0.8)
    assert row.accuracy.epsilon == pytest.approx(0.05)


def test_swapping_the_sides_changes_nothing() -> None:
    reports = []
    for swap in (False, True):
        project = pair_project()
        in_batch = batch(project)
        for key, votes in enumerate(["aaa", "aab", "att", "abt", "bba", "bbb"] * 2):
            other = votes.translate(str.maketrans("ab", "ba")) if swap else votes
            voted(project, in_batch, f"{key:03}", other)
        pairs = [(0.1 * k % 0.7, 0.3 * k % 0.5) for k in range(12)]
        measured(project, [side for pair in pairs for side in (pair[::-1] if swap else pair)])
        [row] = metrics_report_of(project).rows
        reports.append(
            [
                estimate.value
                for estimate in (
                    row.pooled.srcc,
                    row.pooled.plcc,
                    row.pooled.tau_b,
                    row.accuracy.raw,
                    row.accuracy.calibrated,
                    row.ceiling,
                )
            ]
        )

    assert reports[0] == pytest.approx(reports[1], abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "fields", "answers", "expected"),
    [
        (
            "ranking", {},
            [{"tiers": [["a"], ["b"]]}, {"tiers": [["a", "b"]]}, {"tiers": [["b"], ["a"]]}],
            {"asked": [-1.5, -1.5]},
        ),
        (
            "marks", {},
            [{"marks": {"a": [{"x": 0.1, "y": 0.1}, {"x": 0.2, "y": 0.1}], "b": []}},
             {"marks": {"a": [{"x": 0.1, "y": 0.1}], "b": []}},
             {"marks": {"a": [], "b": []}}],
            {"asked": [-1.0, 0.0]},
        ),
        (
            "flags", {"options": ("limbs", "text")},
            [{"flags": {"a": ["limbs"], "b": []}}, {"flags": {"a": ["limbs", "text"], "b": []}},
             {"flags": {"a": [], "b": ["text"]}}],
            {"asked.limbs": [2 / 3, 0.0], "asked.text": [1 / 3, 1 / 3]},
        ),
        (
            "pick", {},
            [{"choice": "a"}, {"choice": "a"}, {"choice": "b"}],
            {"asked": [2 / 3, 1 / 3]},
        ),
        (
            "rating", {"scale_min": 1, "scale_max": 5},
            [{"ratings": {"a": 5, "b": 1}}, {"ratings": {"a": 4, "b": 1}},
             {"ratings": {"a": 3, "b": 2}}],
            {"asked": [0.75, 1 / 12]},
        ),
        ("comment", {"required": False}, [{"text": "x"}] * 3, {}),
    ],
)  # fmt: skip
def test_every_type_of_question_becomes_a_number(kind, fields, answers, expected) -> None:
    project = factories.project("custom")
    making.question(project, "asked", kind, **fields)
    item = making.item(batch(project), "1", "a cat", ["painter", "drawer"])
    for slot, (person, answer) in enumerate(zip(people(project), answers, strict=True)):
        making.answer(item, person, {"asked": answer}, slot=slot)
    making.settle(item)
    shown = shown_of(project)

    found = {
        each.key: judged(each, pieces_of(project, each, shown), shown)
        for each in dimensions_of(project)
    }

    assert list(found) == list(expected)
    for key, values in expected.items():
        assert found[key].mean[shown.places[0, :2]] == pytest.approx(values)


def test_words_are_counted_in_items_of_one_image() -> None:
    project = factories.project("custom")
    making.question(project, "words", "words")
    in_batch = batch(project)
    items = [
        making.item(in_batch, str(images), "one two three", ["painter"] * images)
        for images in (1, 2)
    ]
    for item in items:
        for slot, (person, words) in enumerate(
            zip(people(project), [[0, 2], [1], []], strict=True)
        ):
            making.answer(item, person, {"words": {"tokens": words}}, slot=slot)
        making.settle(item)
    shown = shown_of(project)
    [words] = dimensions_of(project)

    mean = judged(words, pieces_of(project, words, shown), shown).mean

    assert sorted(mean[np.isfinite(mean)]) == [-1.0]


def test_only_accepted_answers_to_settled_items_count() -> None:
    project = rated_project([[1, 3, 5]])
    item = making.Item.objects.get()
    late, rejected = people(project, 2)
    said = {"overall": {"ratings": {"a": 1}}}
    making.answer(item, late, said, slot=3, counted=False)
    making.answer(item, rejected, said, slot=4, state="rejected")
    shown = shown_of(project)
    [overall] = dimensions_of(project)

    found = judged(overall, pieces_of(project, overall, shown), shown)

    assert found.mean == pytest.approx([0.5])
    consensus.unsettle(item)
    assert len(shown_of(project).items) == 0


def test_a_report_of_nothing_says_why() -> None:
    project = pair_project()
    assert metrics_report_of(project).empty == Reason(Code.NO_VALUES_YET)

    in_batch = batch(project)
    voted(project, in_batch, "1", "aab", settled=False)
    measured(project, [0.1, 0.2])
    assert metrics_report_of(project).empty == Reason(Code.NOTHING_SETTLED)
    nothing = disagreements_of(project, dimension="overall", metric="contrast")
    assert nothing.empty == Reason(Code.NOTHING_SETTLED)

    for key in range(2, 6):
        voted(project, in_batch, str(key), "aab")
    [row] = metrics_report_of(project).rows
    assert row.notes == (Reason(Code.NO_VALUES_OF_METRIC, metric="contrast"),)

    places = ItemImage.objects.filter(item__key="2")
    for place in places:
        Measurement.objects.create(
            project=project,
            image=place.image,
            metric="contrast",
            version="1",
            state="done",
            value=1,
        )
    [row] = metrics_report_of(project).rows
    few = Reason(Code.FEW_SETTLED_ITEMS, least=10, metric="contrast", n=1)
    assert row.notes == (few,)
    assert row.pooled.srcc.undefined == few
    assert row.pooled.srcc.value is None
    assert metrics_report_of(project, metric="sharpness").empty == Reason(
        Code.NO_VALUES_OF_METRIC_YET, metric="sharpness"
    )


def test_a_constant_metric_is_undefined_in_correlation_but_not_in_accuracy() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, [0.5] * 10)

    [row] = metrics_report_of(project).rows

    assert row.pooled.tau_b.value is None
    assert row.pooled.tau_b.undefined == Reason(Arithmetic.CONSTANT_SIDE)
    # Of 45 pairs people tie five: 1-1, 2-2, 3-3, 4-4, 5-5.
    assert row.accuracy.raw.value == pytest.approx(5 / 45)


def test_the_newest_version_counts_and_a_report_is_kept_until_something_comes() -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, METRIC[::-1], version="0")
    before = metrics_report_of(project).rows[0]

    Measurement.objects.update(current=False)
    measured(project, METRIC)
    [row] = metrics_report_of(project).rows

    assert before.version == "0"
    assert row.version == "1"
    assert row.pooled.srcc.value != before.pooled.srcc.value
    assert metrics_report_of(project).rows[0] == row


def test_a_report_asks_little_of_the_database(django_assert_num_queries) -> None:
    project = rated_project([[rating] * 3 for rating in HUMAN])
    measured(project, METRIC)

    # questions 2, what changed 2, metrics 1; items, values and answers 1 each, and around each 3
    # that have it planned for all of its rows
    with django_assert_num_queries(17):
        metrics_report_of(project)
    with django_assert_num_queries(4):
        metrics_report_of(project)
    # questions 2, what changed 2; the page's texts 1, images 1: all else is kept of the report
    with django_assert_num_queries(6):
        disagreements_of(project, dimension="overall", metric="contrast")


def test_generators_are_ranked_as_people_rank_them() -> None:
    # a painter's images are best, a drawer's next, a writer's last; the metric turns two round.
    table = [[5, 5, 4, 3, 3, 3, 1, 2, 1]] * 12
    project = rated_project(table, images=3)
    measured(project, [0.5, 0.9, 0.1] * 12)

    [row] = metrics_report_of(project).rows

    assert row.by_generator.n == 3
    assert row.by_generator.srcc.value == pytest.approx(0.5)
    assert row.by_generator.p == 1.0


def test_a_name_that_is_none_is_refused() -> None:
    project = pair_project()
    with pytest.raises(Invalid) as no_metric:
        metrics_report_of(project, metric="beauty")
    with pytest.raises(Invalid) as no_dimension:
        points_of(project, dimension="joy", metric="contrast")

    assert no_metric.value.fields == {
        "metric": Reason(Code.UNKNOWN_METRIC, metric="beauty", there_are=tuple(CATALOG))
    }
    assert no_dimension.value.fields == {
        "dimension": Reason(Code.UNKNOWN_DIMENSION, dimension="joy", there_are=("overall",))
    }


def test_the_queue_begins_with_the_image_that_is_told_most_differently() -> None:
    human = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 3]
    metric = [0.1, 0.2, 0.3, 0.4, 0.5, 0.11, 0.21, 0.31, 0.41, 0.0, 0.32]
    project = rated_project([[rating] * 3 for rating in human])
    measured(project, metric)

    found = disagreements_of(project, dimension="overall", metric="contrast")

    first = found.results[0]
    # Item 009 is ranked 10.5 of 11 by people and 1 by the metric: 9.5 of 10 apart.
    assert (first.key, first.prompt, first.disagreement) == ("009", "prompt 9", pytest.approx(0.95))
    assert first.reason == Reason(
        Code.METRIC_RANKS_LOWER, metric="contrast", letter="a", percent=95
    )
    [side] = first.images
    assert (side.image.letter, side.human, side.metric) == ("a", 1.0, 0.0)
    amounts = [row.disagreement for row in found.results]
    assert amounts == sorted(amounts, reverse=True)
    assert min(amounts) > 0


def test_the_queue_of_pairs_is_of_opposite_preferences() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(30):
        voted(project, in_batch, f"{key:03}", "bbb" if key % 2 else "aaa")
    # Items 0 … 27 are told the wrong way round, the last two the right way.
    difference = [(1 if key % 2 else -1) * (1 + key // 4) for key in range(28)] + [1, -1]
    measured(project, [side for d in difference for side in (d, 0.0)])

    rows = disagreements_of(project, dimension="overall", metric="contrast").results

    assert len({row.item for row in rows}) == 28
    assert [row.disagreement for row in rows] == sorted(
        (row.disagreement for row in rows), reverse=True
    )
    # The median absolute difference of the 30 is 4 · ... : item 27 has the largest, 7.
    spread = 1.4826 * float(np.median(np.abs(difference)))
    assert rows[0].disagreement == pytest.approx(7 / spread)
    by_key = {row.key: row for row in rows}
    assert by_key["027"].reason == Reason(
        Code.PEOPLE_PREFER_ANOTHER, preferred="b", percent=100, metric="contrast", other="a"
    )
    assert [side.human for side in by_key["027"].images] == [0.0, 1.0]


def test_points_are_both_numbers_and_at_most_two_thousand() -> None:
    project = crowded_project(2100)
    place = ItemImage.objects.filter(item__project=project)[0]
    for image_id, value in ((place.image_id, 0.4), (_other(place), 0.9)):
        Measurement.objects.create(
            project=project, image_id=image_id, metric="contrast", version="1", state="done",
            value=value,
        )  # fmt: skip

    found = points_of(project, dimension="overall", metric="contrast")

    assert (found.total, len(found.results)) == (2100, 2000)
    assert {round(abs(point.x), 6) for point in found.results} == {0.5}
    assert {round(point.y * 3) for point in found.results} <= {-3, -1, 1, 3}
    again = points_of(project, dimension="overall", metric="contrast")
    assert [point.item for point in again.results] == [point.item for point in found.results]


def _other(place: ItemImage):
    return ItemImage.objects.get(item_id=place.item_id, place=1 - place.place).image_id
