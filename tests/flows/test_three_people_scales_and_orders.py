"""Planted numbers, orders, classes and sides come back from three simulated people."""

import random
from collections.abc import Collection, Mapping, Sequence
from io import StringIO
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from django.core.management import call_command
from scipy.stats import norm

from annotator.items.models import Item, ItemImage
from annotator.projects.models import Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.questions.kinds import KINDS
from demo.answers import Truth
from demo.dataset import lay_out
from demo.known import QUALITY_OF_GRADED_EDIT
from demo.truth import load_truths
from tests import factories
from tests.flows.three_people import (
    ERRORS,
    FAR,
    MEAN_ERROR,
    answer_all,
    decided,
    project_of,
    told,
    value_of,
)
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db

ITEMS = 30
FOUR = "abcd"
# What is seen closer together than 0.04 is put on one level. The worst of the three sees two
# images of neighbouring places so, or the other way round, 1 time in 80, the second worst 1 in 650:
# two of three err on one of 90 such pairs with 1 of 500 seeds.
PLACES = (0.1, 0.37, 0.64, 0.91)


def ordered(number: int) -> dict[str, float]:
    places = list(PLACES)
    random.Random(number).shuffle(places)
    return dict(zip(FOUR, places, strict=True))


def test_the_planted_best_worst_and_order_come_back() -> None:
    project = project_of(
        Template.CUSTOM,
        QuestionDraft("ends", KINDS["best_worst"]),
        QuestionDraft("order", KINDS["ranking"]),
        QuestionDraft("best", KINDS["pick"]),
    )
    items = factories.open_items(project, ITEMS, images=4)

    answer_all(
        project,
        items,
        lambda n: Truth(quality={x: {"overall": place} for x, place in ordered(n).items()}),
        FOUR,
    )

    for number, item in enumerate(items):
        planted = sorted(FOUR, key=lambda letter: -ordered(number)[letter])
        ends = {letter: value_of(item, "ends", "rank", letter) for letter in FOUR}
        order = {letter: value_of(item, "order", "rank", letter) for letter in FOUR}
        assert (min(ends, key=lambda x: ends[x]), max(ends, key=lambda x: ends[x])) == (
            planted[0],
            planted[3],
        )
        assert {f"over_{letter}" for letter in planted[1:]} <= decided(item, "ends", planted[0])
        assert sorted(FOUR, key=lambda letter: order[letter]) == planted
        for better, worse in pairwise(planted):
            assert f"over_{worse}" in decided(item, "order", better)
        assert decided(item, "best") == {planted[0]}
    assert not broken_but_files()


# Half points, and "may not apply", of a scale from 1 to 5; a slider from 0 to 100.
CARE = QuestionDraft("care", KINDS["rating"], scale_min=1, scale_max=5, half_points=True, na=True)
TRUE = QuestionDraft("true_to_life", KINDS["rating"], scale_min=0, scale_max=100)


def test_planted_numbers_come_back_to_half_a_point_and_where_nothing_applies() -> None:
    project = project_of(Template.CUSTOM, CARE, TRUE)
    items = factories.open_items(project, ITEMS, images=2)
    # Where nobody errs past the ends of the scale, their errors have no side.
    planted = [
        {x: random.Random(f"{x}{number}").uniform(0.3, 0.7) for x in "ab"}
        for number in range(ITEMS)
    ]
    out_of_place = {(number, "b") for number in range(0, ITEMS, 3)}

    def truth_of(number: int) -> Truth:
        return Truth(
            quality={x: {"overall": quality} for x, quality in planted[number].items()},
            na=frozenset((x, "care") for x in "ab" if (number, x) in out_of_place),
        )

    answer_all(project, items, truth_of, "ab")

    # To the nearest half of four points: an eighth at most of a half; of 100 points, half a one.
    halves = _errors(items, planted, "care", leaving_out=out_of_place)
    slid = _errors(items, planted, "true_to_life")
    assert len(halves) == 2 * ITEMS - len(out_of_place)
    for errors, rounding in ((halves, 1 / 16), (slid, 1 / 200)):
        assert max(map(abs, errors)) <= rounding + FAR * MEAN_ERROR
        # Each is rounded by itself; were all three rounded alike, it were at most this.
        spread = sqrt(MEAN_ERROR**2 + rounding**2 / 3)
        assert abs(fmean(errors)) <= FAR * spread / sqrt(len(errors))
    for number, item in enumerate(items):
        for letter in "ab":
            # That it applies, or not, the worst of them sees 6.9 standard deviations off.
            nothing = {"nothing"} if (number, letter) in out_of_place else {"mean"}
            assert decided(item, "care", letter) == nothing
    given = {value for item in items for one in told(item, "ab") for value in _numbers(one)}
    assert any(value % 1 == 0.5 for value in given if value is not None)
    assert not broken_but_files()


def _errors(
    items: Sequence[Item],
    planted: Sequence[Mapping[str, float]],
    question: str,
    leaving_out: Collection[tuple[int, str]] = (),
) -> list[float]:
    return [
        value_of(item, question, "mean", letter) - quality
        for number, item in enumerate(items)
        for letter, quality in planted[number].items()
        if (number, letter) not in leaving_out
    ]


def _numbers(answers: Mapping[str, Any]) -> list[float | None]:
    return list(answers["care"]["ratings"].values())


def test_the_planted_class_of_each_image_comes_back_in_triage() -> None:
    project = project_of(Template.TRIAGE)
    items = factories.open_items(project, ITEMS, images=1)
    rng = random.Random("triage")
    planted = [rng.random() < 0.5 for _ in items]

    # 0.2 from the middle the worst of them errs once in 340, the second worst once in 7,000: for
    # two of three to err on one of 30 images, one seed in 70,000 is needed.
    answer_all(
        project,
        items,
        lambda n: Truth(quality={"a": {"verdict": 0.7 if planted[n] else 0.3}}),
        "a",
    )

    for item, acceptable in zip(items, planted, strict=True):
        assert decided(item, "verdict", "a") == {"acceptable" if acceptable else "not_acceptable"}
    assert not broken_but_files()


def test_the_planted_side_and_strength_of_graded_edits_come_back(tmp_path: Path) -> None:
    project = project_of(Template.EDIT_GRADED)
    manifest = lay_out(tmp_path, prompts=10, form="edit_pairs")
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())

    call_command("simulate", str(project.pk), stdout=StringIO())

    planted = {truth.sha256: truth.quality for truth in load_truths(tmp_path / "truth.jsonl")}
    quality_of = {**QUALITY_OF_GRADED_EDIT, "overall": "overall"}
    places = ItemImage.objects.filter(item__project=project).select_related("image", "item")
    clear = 0
    residuals, variances = [], []
    for item in {place.item for place in places}:
        images = {one.letter: one.image for one in places if one.item_id == item.pk}
        for question, quality in quality_of.items():
            steps = 6 if question == "overall" else 7
            apart = (
                planted[images["a"].source_sha256][quality]
                - planted[images["b"].source_sha256][quality]
            )
            expected, variance = _strength(apart, steps)
            side = 1 if apart > 0 else -1
            residuals.append(side * (value_of(item, question, "strength") - expected))
            variances.append(variance)
            # So far past the middle step the worst errs once in 200, the second worst once in
            # 3,000: two of three once in 600,000.
            if abs(apart) > (1 / 7 if steps == 7 else 0) + 2.6 * sqrt(2) * max(ERRORS):
                clear += 1
                assert decided(item, question) == {"a" if apart > 0 else "b"}
    assert len(residuals) == 10 * 3 * 4
    assert clear > 20
    # Neither too strong nor too weak towards the better one.
    assert abs(sum(residuals)) <= FAR * sqrt(sum(variances))
    assert not broken_but_files()


def _strength(apart: float, steps: int) -> tuple[float, float]:
    """The mean and the variance of what the three say together of two images so far apart."""
    half = steps // 2
    strengths = [
        (half + 1 - step if step <= half else min(0, steps - half - step)) / half
        for step in range(1, steps + 1)
    ]
    means, variances = [], []
    for error in ERRORS:
        # Each image is seen with an error of its own; the ends take all that lies beyond them.
        seen = norm(apart, sqrt(2) * error)
        edges = [seen.cdf(1 - 2 * step / steps) for step in range(1, steps)]
        chances = [before - after for before, after in pairwise([1.0, *edges, 0.0])]
        mean = sum(p * s for p, s in zip(chances, strengths, strict=True))
        means.append(mean)
        variances.append(sum(p * (s - mean) ** 2 for p, s in zip(chances, strengths, strict=True)))
    return fmean(means), sum(variances) / 9
