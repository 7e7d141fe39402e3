"""One row an item: what people say together, in columns, tars and ImageRewardDB's zips."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image as Pillow

from annotator.core.reasons import Code, Reason
from annotator.exports.formats.registry import FORMATS
from annotator.exports.read.draws import turned
from annotator.exports.read.source import specs_of
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, pair_project, people, voted


def table(folder: Path, pattern: str = "data/*.parquet") -> list[dict]:
    files = sorted(folder.glob(pattern))
    return [row for path in files for row in pq.ParquetFile(path).read().to_pylist()]


def of_all_kinds() -> tuple[Project, Any]:
    """One item of two images, two people, a question of each kind."""
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "overall", "preference")
    judged.question(project, "order", "ranking")
    judged.question(project, "beauty", "rating", scale_min=0, scale_max=4)
    judged.question(project, "flaws", "marks")
    judged.question(project, "words", "words")
    judged.question(project, "issues", "flags", ["limbs", "blur"])
    judged.question(project, "best", "pick")
    judged.question(project, "note", "comment", required=False)
    item = judged.item(batch(project), "1", "a red cat", ["painter", "drawer"])
    first, second = people(project, 2)
    answers = {
        "overall": {"choice": "a"},
        "order": {"tiers": [["b"], ["a"]]},
        "beauty": {"ratings": {"a": 0, "b": 4}},
        "flaws": {"marks": {"a": [{"x": 0.25, "y": 0.5}], "b": []}},
        "words": {"tokens": [1]},
        "issues": {"flags": {"a": ["limbs"], "b": []}},
        "best": {"choice": "b"},
        "note": {"text": "a tail too many"},
    }
    judged.answer(item, first, answers, slot=0)
    answers |= {
        "overall": {"choice": "tie"},
        "order": {"tiers": [["a", "b"]]},
        "beauty": {"ratings": {"a": 1, "b": 3}},
        "issues": {"flags": {"a": ["limbs", "blur"], "b": []}},
        "words": {"tokens": []},
    }
    del answers["note"]
    judged.answer(item, second, answers, slot=1)
    judged.settle(item)
    return project, item


TOGETHER = {
    "overall": {
        "people": 2,
        "votes": {"a": 1, "b": 0, "tie": 1, "both_bad": 0, "unsure": 0},
        "majority": None,
        "shares": [0.75, 0.25],
        "margin": 0.5,
    },
    "order": {"people": 2, "mean_ranks": [1.75, 1.25], "ranks": [2, 1]},
    "beauty": {"people": 2, "means": [0.5, 3.5]},
    "flaws": {"people": 2, "marks": [[{"x": 0.25, "y": 0.5}] * 2, []]},
    "words": {"people": 2, "shares": [0.0, 0.5, 0.0]},
    "issues": {
        "people": 2,
        "votes": [
            {"people": 2, "flag_limbs": 2, "flag_blur": 1},
            {"people": 2, "flag_limbs": 0, "flag_blur": 0},
        ],
    },
    "best": {"people": 2, "votes": [0, 2], "majority": "b"},
    "note": {"people": 1, "texts": ["a tail too many"]},
}


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_question_has_its_column_and_its_part_of_a_sample(tmp_path: Path) -> None:
    project, item = of_all_kinds()

    rows = made(project, "hf-dataset", tmp_path / "rows", split="0/100/0")
    tars = made(project, "webdataset", tmp_path / "tars", split="0/100/0")

    [row] = table(rows, "data/validation-*")
    assert row["answers"] == TOGETHER
    assert (row["prompt"], row["tokens"]) == ("a red cat", ["a", "red", "cat"])
    assert row["letters"] == ["a", "b"]
    assert row["generators"] == ["painter", "drawer"]
    assert [image["path"] for image in row["images"]] == [
        f"images/{sha}.png" for sha in row["sha256"]
    ]
    [path] = (tars / "data").iterdir()
    assert path.name == "validation-00000-of-00001.tar"
    with tarfile.open(path) as tar:
        found = {info.name: tar.extractfile(info).read() for info in tar}
    key = item.pk.hex
    assert list(found) == [f"{key}.json", f"{key}.a.png", f"{key}.b.png"]
    sample = json.loads(found[f"{key}.json"])
    assert sample["answers"] == TOGETHER
    assert found[f"{key}.b.png"] == row["images"][1]["bytes"]
    assert sample.keys() == row.keys() - {"images"}
    assert manifest(rows)["counts"] == {"splits": {"validation": 1}}


@pytest.mark.django_db(transaction=True)
def test_what_nobody_answered_is_null_and_images_are_an_option(tmp_path: Path) -> None:
    project = pair_project()
    judged.question(project, "note", "comment", required=False)
    voted(project, batch(project), "1", "aab")

    folder = made(project, "hf-dataset", tmp_path / "out", split="100/0/0", images=False)

    [row] = table(folder)
    assert row["answers"]["note"] is None
    assert row["images"] == [f"images/{sha}.png" for sha in row["sha256"]]
    assert "- {" not in (folder / "README.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_trl_asks_a_judge_which_of_two_images_in_a_drawn_order(tmp_path: Path) -> None:
    project = pair_project()
    judged.question(project, "detail_quality", "preference", required=False)
    in_batch = batch(project)
    items = {key: voted(project, in_batch, key, said) for key, said in VOTES}

    folder = made(project, "trl", tmp_path / "out", split="100/0/0", images=False)

    rows = table(folder)
    assert [(r["item"], r["margin"]) for r in rows] == [
        (str(items["1"].pk), 1 / 3),
        (str(items["2"].pk), 1.0),
    ]
    for row, better in zip(rows, ["painter", "drawer"], strict=True):
        second = turned(project.seed, 0, row["item"], "overall", "a", "b")
        said = ["The first image.", "The second image."]
        assert row["generators"][second] == better
        assert row["chosen"] == [{"role": "assistant", "content": said[second]}]
        assert row["rejected"] == [{"role": "assistant", "content": said[not second]}]
    [message] = rows[0]["prompt"]
    assert message["role"] == "user"
    assert message["content"].startswith("Both images were made from this prompt:\n\nprompt of 1\n")
    assert message["content"].endswith("in this respect: overall?")
    assert manifest(folder)["left_out"]["dimensions"] == {
        "overall": {"no_majority": 1},
        "detail_quality": {"unanswered": 3},
    }


VOTES = [("1", "aab"), ("2", "bbb"), ("3", "abt")]


def rated_project() -> tuple[Project, list]:
    """Three items of two images; mean ratings 4.5 → 5 and 2; the second item is not rated."""
    project = factories.project("custom", created_at=judged.START)
    for key in ("overall", "alignment", "fidelity"):
        judged.question(project, key, "rating", required=False, scale_min=1, scale_max=7)
    judged.question(project, "ranking", "ranking")
    in_batch = batch(project)
    items = []
    for key in ("1", "2", "3"):
        item = judged.item(in_batch, key, f"prompt of {key}", ["painter", "drawer"])
        for slot, person in enumerate(people(project, 2)):
            ratings = {"ratings": {"a": 4 + slot, "b": 2}}
            rated = dict.fromkeys(("overall", "alignment", "fidelity"), ratings)
            ranking = {"ranking": {"tiers": [["b"], ["a"]]}}
            judged.answer(item, person, ranking | (rated if key != "2" else {}), slot=slot)
        judged.settle(item)
        items.append(item)
    return project, items


@pytest.mark.django_db(transaction=True)
def test_imagerewarddb_has_all_its_zips_with_an_items_rows_together(tmp_path: Path) -> None:
    project, items = rated_project()

    folder = made(project, "imagerewarddb", tmp_path / "out", split="100/0/0")

    zips = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.zip"))
    assert zips == [
        *(f"images/test/test_{n}.zip" for n in (1, 2)),
        *(f"images/train/train_{n}.zip" for n in (1, 2, 3, 4)),
        *(f"images/validation/validation_{n}.zip" for n in (1, 2)),
    ]
    rows = [row for name in zips for row in listed(folder / name)]
    assert {row["prompt_id"] for row in rows} == {str(items[0].pk), str(items[2].pk)}
    [first, second] = [row for row in rows if row["prompt_id"] == str(items[0].pk)]
    number = items[0].pk.int % 4 + 1
    assert first == {
        "image_path": f"images/train/train_{number}/{items[0].pk.hex}_a.webp",
        "prompt_id": str(items[0].pk),
        "prompt": "prompt of 1",
        "classification": "",
        "image_amount_in_total": 2,
        "rank": 2,
        "overall_rating": 5,
        "image_text_alignment_rating": 5,
        "fidelity_rating": 5,
    }
    assert (second["rank"], second["overall_rating"]) == (1, 2)
    with zipfile.ZipFile(folder / f"images/train/train_{number}.zip") as found:
        image = Pillow.open(io.BytesIO(found.read(f"{items[0].pk.hex}_a.webp")))
    assert (image.format, image.size) == ("WEBP", (8, 8))
    metadata = table(folder, "metadata-train.parquet")
    assert sorted(metadata, key=str) == sorted(rows, key=str)
    assert str(pq.read_schema(folder / "metadata-test.parquet").field("rank").type) == "int8"
    assert table(folder, "metadata-test.parquet") == []
    assert manifest(folder)["left_out"]["dimensions"] == {"ranking": {"not_rated": 1}}


def listed(path: Path) -> list[dict]:
    with zipfile.ZipFile(path) as found:
        rows = json.loads(found.read(f"{path.stem}.json"))
        names = [row["image_path"].rpartition("/")[2] for row in rows]
        assert sorted(found.namelist()) == sorted([f"{path.stem}.json", *names])
    return rows


@pytest.mark.django_db(transaction=True)
def test_imagerewarddbs_files_are_the_same_from_one_shard_and_from_many(tmp_path: Path) -> None:
    project, _ = rated_project()

    one = contents(made(project, "imagerewarddb", tmp_path / "one"))
    many = contents(made(project, "imagerewarddb", tmp_path / "many", shard_items=1))

    assert one.pop("manifest.json") != many.pop("manifest.json")
    zips = {name for name in one if name.endswith(".zip")}
    assert {name: one[name] for name in zips} == {name: many[name] for name in zips}
    assert one.keys() == many.keys()


@pytest.mark.django_db(transaction=True)
def test_what_does_not_fit_says_what_is_missing() -> None:
    project = pair_project()

    assert FORMATS["imagerewarddb"].misfit(specs_of(project)) == Reason(
        Code.QUESTIONS_MISSING,
        names=(
            "ranking",
            "overall (rating 1–7)",
            "alignment (rating 1–7)",
            "fidelity (rating 1–7)",
        ),
    )
    for name in ("hf-dataset", "webdataset"):
        assert FORMATS[name].misfit(()) == Reason(Code.NO_QUESTIONS)
        assert FORMATS[name].misfit(specs_of(project)) is None
