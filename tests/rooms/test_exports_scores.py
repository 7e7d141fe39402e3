"""Scores, one row an image, against values by hand."""

import csv
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from annotator.items.models import Image, Item, ItemImage
from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, pair_project, people, voted


def table(folder: Path) -> list[dict[str, Any]]:
    return [
        row
        for path in sorted((folder / "data").iterdir())
        for row in pq.read_table(path).to_pylist()
    ]


def cells(folder: Path) -> list[dict[str, str]]:
    with (folder / "scores.csv").open(newline="", encoding="utf-8-sig") as text:
        return list(csv.DictReader(text))


def said(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def measure(image: Image, metric: str, value: float | None, text: str = "", **fields) -> None:
    Measurement.objects.create(
        project_id=image.project_id,
        image=image,
        metric=metric,
        version="1",
        state=JobState.DONE,
        value=value,
        text=text,
        **fields,
    )


def judged_project() -> Project:
    """One image, two people, every kind that one image can be asked of."""
    project = factories.project("custom")
    judged.question(project, "quality", "rating", scale_min=1, scale_max=5)
    judged.question(project, "flaws", "marks")
    judged.question(project, "issues", "flags", options=["limbs", "blur"])
    judged.question(project, "words", "words")
    item = judged.item(batch(project), "1", "two red cats here", ["painter"])
    answers = [
        (5, [{"x": 0.5, "y": 0.5}, {"x": 0.1, "y": 0.1}, {"x": 0.2, "y": 0.1}], ["limbs"], [0, 1]),
        (2, [], [], []),
    ]
    for slot, (person, (rating, marks, flags, words)) in enumerate(
        zip(people(project), answers, strict=False)
    ):
        one = {
            "quality": {"ratings": {"a": rating}},
            "flaws": {"marks": {"a": marks}},
            "issues": {"flags": {"a": flags}},
            "words": {"tokens": words},
        }
        judged.answer(item, person, one, slot=slot)
    judged.settle(item)
    return project


@pytest.mark.django_db(transaction=True)
def test_a_pair_gives_each_image_its_share_of_the_votes(tmp_path: Path) -> None:
    project = pair_project()
    voted(project, batch(project), "1", "atu")

    folder = made(project, "scores", tmp_path / "out", split="100/0/0")

    first, second = table(folder)
    # Chosen 1, tie 0.5; who is not sure says nothing of either.
    assert said(first, "overall.win_share", "overall.n", "people") == (0.75, 2, 2)
    assert said(second, "overall.win_share", "overall.n", "people") == (0.25, 2, 2)
    assert said(first, "prompt", "generator", "width", "height", "split", "items", "settled") == (
        "prompt of 1", "painter", 8, 8, "train", 1, True,
    )  # fmt: skip
    assert first["image"] is None
    assert first["metric.psnr"] is None
    assert manifest(folder)["counts"] == {"generators": {"drawer": 1, "painter": 1}}


@pytest.mark.django_db(transaction=True)
def test_ratings_marks_flags_and_words_are_means_over_people(tmp_path: Path) -> None:
    (row,) = table(made(judged_project(), "scores", tmp_path / "out"))

    assert said(row, "quality.mean", "quality.spread", "quality.n") == (3.5, 3.0, 2)
    assert said(row, "flaws.marks", "flaws.marked_share", "flaws.n") == (1.5, 0.5, 2)
    assert said(row, "issues.limbs", "issues.blur", "issues.n") == (0.5, 0.0, 2)
    # Two of four words by one, none by the other.
    assert said(row, "words.misaligned_share", "words.n") == (0.25, 2)


@pytest.mark.django_db(transaction=True)
def test_a_ranking_shares_places_and_a_pick_counts_for_the_picked(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "order", "ranking")
    judged.question(project, "best", "pick")
    item = judged.item(batch(project), "1", "two red cats", ["p", "q", "r"])
    answers = {"order": {"tiers": [["b"], ["a", "c"]]}, "best": {"choice": "b"}}
    judged.answer(item, factories.member(project), answers)
    judged.settle(item)

    found = table(made(project, "scores", tmp_path / "out"))

    # a and c share ranks 2 and 3: (3 - 2.5) / 2.
    assert [row["order.place_share"] for row in found] == [0.25, 1.0, 0.25]
    assert [row["best.picked_share"] for row in found] == [0.0, 1.0, 0.0]


@pytest.mark.django_db(transaction=True)
def test_an_image_in_two_items_is_one_row_of_both(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    first = voted(project, in_batch, "1", "aaa")
    shared = ItemImage.objects.get(item=first, place=0).image
    other = judged.image(in_batch, "drawer", (1, 2, 3))
    second = Item.objects.create(project=project, batch=in_batch, key="2", prompt=first.prompt)
    ItemImage.objects.create(item=second, image=shared, place=0)
    ItemImage.objects.create(item=second, image=other, place=1)
    judged.answer(second, factories.member(project), judged.said("b", "overall"))
    judged.settle(second)

    found = table(made(project, "scores", tmp_path / "out", shard_items=1))

    assert len(found) == 3
    (row,) = (row for row in found if row["sha256"] == shared.sha256)
    assert said(row, "items", "people", "overall.n", "overall.win_share") == (2, 4, 4, 0.75)


@pytest.mark.django_db(transaction=True)
def test_what_machines_measured_stands_beside(tmp_path: Path) -> None:
    project = judged_project()
    image = Image.objects.get(project=project)
    measure(image, "psnr", 31.5, current=False, weights="old")
    measure(image, "psnr", 0.0)
    measure(image, "phash", None, "00ff00ff00ff00ff")

    folder = made(project, "scores", tmp_path / "out")

    (row,) = table(folder)
    assert said(row, "metric.psnr", "metric.phash", "metric.ssim") == (
        0.0,
        "00ff00ff00ff00ff",
        None,
    )
    (cell,) = cells(folder)
    assert said(cell, "metric.psnr", "metric.phash", "metric.ssim") == (
        "0.0",
        "00ff00ff00ff00ff",
        "",
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_infinite_stands_as_such_in_both_tables(tmp_path: Path) -> None:
    project = judged_project()
    measure(Image.objects.get(project=project), "psnr", math.inf)

    folder = made(project, "scores", tmp_path / "out")

    (row,), (cell,) = table(folder), cells(folder)
    assert row["metric.psnr"] == math.inf
    assert float(cell["metric.psnr"]) == math.inf


@pytest.mark.django_db(transaction=True)
def test_formulas_are_neutralised_for_spreadsheets_alone(tmp_path: Path) -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aab")
    Item.objects.filter(pk=item.pk).update(prompt="=HYPERLINK(1)")

    folder = made(project, "scores", tmp_path / "out")

    assert {row["prompt"] for row in cells(folder)} == {"'=HYPERLINK(1)"}
    assert {row["prompt"] for row in table(folder)} == {"=HYPERLINK(1)"}


@pytest.mark.django_db(transaction=True)
def test_images_come_along_when_asked_for(tmp_path: Path) -> None:
    project = judged_project()

    folder = made(project, "scores", tmp_path / "out", images=True, encoding="webp")

    (row,) = table(folder)
    assert row["image"] == f"images/{row['sha256']}.webp"
    assert (folder / row["image"]).is_file()


@pytest.mark.django_db(transaction=True)
def test_shards_change_nothing_that_a_reader_sees(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(3):
        voted(project, in_batch, str(number), "aab")

    one = made(project, "scores", tmp_path / "one")
    three = made(project, "scores", tmp_path / "three", shard_items=1)

    assert contents(one)["scores.csv"] == contents(three)["scores.csv"]
    assert sorted(path.name for path in (three / "data").iterdir()) == [
        f"scores-{n:05d}-of-00003.parquet" for n in range(3)
    ]
    whole, parts = (pq.read_table(folder / "data") for folder in (one, three))
    assert whole.equals(parts)
    frame = pd.read_parquet(three / "data", columns=["generator", "overall.win_share"])
    assert sorted(map(tuple, frame.to_numpy().tolist())) == sorted(
        [("painter", 2 / 3), ("drawer", 1 / 3)] * 3
    )
