"""Pick-a-Pic's rows, against votes counted by hand."""

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from annotator.core.reasons import Code, Reason
from annotator.exports.formats.pickapic import PICKAPIC
from annotator.exports.read.draws import pseudonym
from annotator.exports.read.source import specs_of
from annotator.items.models import ItemImage
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, pair_project, people, voted

PUBLISHED = {
    "are_different": "bool",
    "best_image_uid": "string",
    "caption": "string",
    "created_at": "timestamp[ns]",
    "has_label": "bool",
    "image_0_uid": "string",
    "image_0_url": "string",
    "image_1_uid": "string",
    "image_1_url": "string",
    "jpg_0": "binary",
    "jpg_1": "binary",
    "label_0": "double",
    "label_1": "double",
    "model_0": "string",
    "model_1": "string",
    "ranking_id": "int64",
    "user_id": "int64",
    "num_example_per_prompt": "int64",
    "__index_level_0__": "int64",
}


def found(folder: Path, split: str) -> list[dict]:
    return [row for path in sorted(folder.glob(f"data/{split}-*")) for row in read(path)]


def read(path: Path) -> list[dict]:
    return pq.ParquetFile(path).read().to_pylist()


def uids(item) -> list[str]:
    places = ItemImage.objects.filter(item=item).order_by("place")
    return list(places.values_list("image__sha256", flat=True))


def project_of_votes() -> tuple[Project, list]:
    project = pair_project()
    in_batch = batch(project)
    votes = [("1", "aab"), ("2", "att"), ("3", "nub"), ("4", "uuu")]
    return project, [voted(project, in_batch, key, choices) for key, choices in votes]


@pytest.mark.django_db(transaction=True)
def test_a_row_is_one_persons_judgement_with_ties_halved(tmp_path: Path) -> None:
    project, items = project_of_votes()

    folder = made(project, "pickapic", tmp_path / "out", split="100/0/0")

    rows = found(folder, "train")
    by_prompt = {prompt: [r for r in rows if r["caption"] == prompt] for prompt in captions(rows)}
    labels = {p: [(r["label_0"], r["label_1"]) for r in of] for p, of in by_prompt.items()}
    assert labels == {
        "prompt of 1": [(1.0, 0.0), (1.0, 0.0), (0.0, 1.0)],
        "prompt of 2": [(1.0, 0.0), (0.5, 0.5), (0.5, 0.5)],
        "prompt of 3": [(0.0, 1.0)],
    }
    first, second = uids(items[0])
    assert [r["best_image_uid"] for r in by_prompt["prompt of 1"]] == [first, first, second]
    assert [r["best_image_uid"] for r in by_prompt["prompt of 2"]][1:] == ["none", "none"]
    assert [r["num_example_per_prompt"] for r in rows] == [3] * 6 + [1]
    assert all(r["has_label"] and r["are_different"] for r in rows)
    row = rows[0]
    assert (row["model_0"], row["model_1"]) == ("painter", "drawer")
    assert (row["image_0_uid"], row["image_1_uid"]) == (first, second)
    assert hashlib.sha256(row["jpg_0"]).hexdigest() == first
    assert row["created_at"].isoformat() == "2026-11-01T09:00:00.123456"
    assert len({r["ranking_id"] for r in rows}) == 7
    head = manifest(folder)
    assert (head["rows"], head["items"], head["counts"]) == (7, 3, {"splits": {"train": 7}})
    assert head["left_out"]["dimensions"] == {"overall": {"both_bad": 1, "unsure": 4}}


def captions(rows: list[dict]) -> list[str]:
    return list(dict.fromkeys(r["caption"] for r in rows))


@pytest.mark.django_db(transaction=True)
def test_a_person_has_one_number_which_is_their_pseudonyms(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    person = factories.member(project)
    for key in "12":
        item = judged.item(in_batch, key, "a cat", ["painter", "drawer"])
        judged.answer(item, person, judged.said("a", "overall"))
        judged.settle(item)

    rows = found(made(project, "pickapic", tmp_path / "out", split="100/0/0"), "train")

    name = pseudonym(person.pk, seed=project.seed, role="A")
    assert [r["user_id"] for r in rows] == [int(name.removeprefix("A-"), 16)] * 2
    assert [r["num_example_per_prompt"] for r in rows] == [2, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("rows", "labels", "left_out"),
    [
        ("winner", [(1.0, 0.0), (0.5, 0.5)], {"no_majority": 1, "unsure": 1}),
        ("shares", [(2 / 3, 1 / 3), (2 / 3, 1 / 3), (0.25, 0.75)], {"unsure": 1}),
    ],
)
def test_a_pair_may_be_one_row(tmp_path: Path, rows: str, labels, left_out) -> None:
    project, items = project_of_votes()

    folder = made(project, "pickapic", tmp_path / "out", split="100/0/0", rows=rows)

    given = found(folder, "train")
    assert [(r["label_0"], r["label_1"]) for r in given] == labels
    assert {(r["user_id"], r["num_example_per_prompt"]) for r in given} == {(0, 1)}
    assert manifest(folder)["left_out"]["dimensions"] == {"overall": left_out}
    assert given[0]["best_image_uid"] == uids(items[0])[0]


@pytest.mark.django_db(transaction=True)
def test_each_persons_ranking_gives_all_its_pairs(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    item = judged.item(batch(project), "1", "a cat", ["g0", "g1", "g2"])
    judged.answer(item, people(project, 1)[0], {"ranking": {"tiers": [["c"], ["a", "b"]]}})
    judged.settle(item)

    rows = found(made(project, "pickapic", tmp_path / "out", split="100/0/0"), "train")

    assert [(r["model_0"], r["model_1"], r["label_0"]) for r in rows] == [
        ("g0", "g1", 0.5),
        ("g0", "g2", 0.0),
        ("g1", "g2", 0.0),
    ]
    assert len({r["ranking_id"] for r in rows}) == 3


@pytest.mark.django_db(transaction=True)
def test_other_splits_have_one_row_a_prompt_beside_and_empty_ones_no_file(tmp_path: Path) -> None:
    project, _ = project_of_votes()

    folder = made(project, "pickapic", tmp_path / "out", split="0/100/0")

    assert sorted(path.name for path in (folder / "data").iterdir()) == [
        "validation-00000-of-00001.parquet",
        "validation_unique-00000-of-00001.parquet",
    ]
    assert len(found(folder, "validation")) == 7
    unique = found(folder, "validation_unique")
    assert captions(unique) == ["prompt of 1", "prompt of 2", "prompt of 3"]
    assert len(unique) == 3
    assert "train, test, test_unique" in (folder / "README.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_the_columns_are_the_published_ones(tmp_path: Path) -> None:
    project, _ = project_of_votes()

    whole = made(project, "pickapic", tmp_path / "whole", split="100/0/0")
    without = made(project, "pickapic", tmp_path / "without", split="100/0/0", images=False)

    [path] = (whole / "data").iterdir()
    schema = pq.read_schema(path)
    assert {name: str(schema.field(name).type) for name in schema.names} == PUBLISHED
    assert schema.names == list(PUBLISHED)
    [path] = (without / "data").iterdir()
    names = [name for name in PUBLISHED if name not in ("jpg_0", "jpg_1")]
    assert pq.read_schema(path).names == names


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_prompt_are_counted_together_however_small_the_shards(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for key, prompt in [("1", "a dog"), ("2", "a cat"), ("3", "a dog"), ("4", "a cat")]:
        item = judged.item(in_batch, key, prompt, ["painter", "drawer"])
        judged.answer(item, people(project, 1)[0], judged.said("a", "overall"))
        judged.settle(item)

    options = {"split": "100/0/0", "shard_items": 1}
    folder = made(project, "pickapic", tmp_path / "out", **options)

    names = sorted(path.name for path in (folder / "data").iterdir())
    assert names == ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]
    rows = found(folder, "train")
    assert [(r["caption"], r["num_example_per_prompt"]) for r in rows] == [
        ("a cat", 2),
        ("a cat", 2),
        ("a dog", 2),
        ("a dog", 2),
    ]
    assert contents(made(project, "pickapic", tmp_path / "again", **options)) == contents(folder)


@pytest.mark.django_db(transaction=True)
def test_a_project_that_compares_nothing_is_told_why() -> None:
    project = factories.project("richhf")
    judged.question(project, "plausible", "rating", scale_min=1, scale_max=5)

    assert PICKAPIC.misfit(specs_of(project)) == Reason(Code.NO_COMPARISON)
