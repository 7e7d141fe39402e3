"""A dataset's row that is not as its layout has it is a problem of its line; the rest is taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pyarrow import parquet

from annotator.core.reasons import Code
from annotator.exports.store.tfrecord import example, framed
from annotator.ingest.models import Problem
from annotator.items.models import Item
from annotator.judges.selectors import imported_of
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import questions_of
from tests import factories, judged, published
from tests.promises import broken
from tests.uploads import image_bytes

pytestmark = pytest.mark.django_db(transaction=True)

IMAGES = {f"img/{n}.png": image_bytes(n) for n in range(6)}


def pairs() -> Project:
    project = factories.project("custom")
    judged.question(project, "overall", "preference")
    return project


def rated(key: str) -> Project:
    project = factories.project("custom")
    judged.question(project, key, "rating", scale_min=1, scale_max=5)
    return project


def taken(project: Project, path: Path) -> Batch:
    call_command("import_batch", str(project.pk), str(path))
    return Batch.objects.get(project=project, filename=path.name)


def problems(batch: Batch) -> list[tuple[int | None, str, dict[str, Any]]]:
    rows = Problem.objects.filter(batch=batch).order_by("line", "pk")
    return [(one.line, one.code, one.params) for one in rows]


def of_lines(batch: Batch) -> list[tuple[int, str]]:
    """Without what is said of votes that the project does not ask for."""
    return [(line, code) for line, code, _ in problems(batch) if line is not None]


def without(line: int, name: str) -> tuple[int, str, dict[str, Any]]:
    return line, Code.DATASET_FIELD_MISSING, {"name": name}


def edit(number: int, **fields: object) -> dict[str, object]:
    """A record of EditReward-Data; a field of None is not there."""
    whole = {
        "prompt": f"night {number}", "path_src": "img/0.png", "path1": "img/1.png",
        "path2": "img/2.png", "model1_overall_score": 4, "model2_overall_score": 2, **fields,
    }  # fmt: skip
    return {key: value for key, value in whole.items() if value is not None}


def test_a_record_of_a_list_without_a_field_is_left_out_by_its_line(tmp_path: Path) -> None:
    records = [edit(1), edit(2, path2=None), edit(3)]
    folder = published.write(tmp_path / "edits", {"EditReward.json": records, **IMAGES})

    batch = taken(pairs(), folder)

    prompts = Item.objects.filter(batch=batch).order_by("prompt").values_list("prompt", flat=True)
    assert list(prompts) == ["night 1", "night 3"]
    assert problems(batch) == [without(2, "path2")]
    assert not broken()


def test_a_first_record_without_a_field_does_not_hide_what_the_others_are(
    tmp_path: Path,
) -> None:
    records = [edit(1, path2=None), 7, edit(3)]
    folder = published.write(tmp_path / "edits", {"EditReward.json": records, **IMAGES})

    batch = taken(pairs(), folder)

    assert [one.prompt for one in Item.objects.filter(batch=batch)] == ["night 3"]
    assert problems(batch) == [without(1, "path2"), (2, Code.LINE_NOT_AN_OBJECT, {})]


def test_what_is_no_object_and_a_broken_line_are_left_out_too(tmp_path: Path) -> None:
    lines = [json.dumps(edit(1)), "7", '{"prompt": ', json.dumps(edit(2))]
    folder = published.write(tmp_path / "lines", {"edits.jsonl": "\n".join(lines), **IMAGES})

    batch = taken(pairs(), folder)

    assert Item.objects.filter(batch=batch).count() == 2
    expected = {"error": "Expecting value", "column": 12}
    assert problems(batch) == [
        (2, Code.LINE_NOT_AN_OBJECT, {}), (3, Code.LINE_NOT_JSON, expected),
    ]  # fmt: skip


def test_a_list_that_breaks_off_is_refused_as_a_whole(tmp_path: Path) -> None:
    text = json.dumps([edit(1), edit(2)])[:-20]
    folder = published.write(tmp_path / "cut", {"edits.json": text, **IMAGES})
    project = pairs()

    with pytest.raises(CommandError, match=r"edits\.json is no list of JSON objects"):
        taken(project, folder)

    assert not Item.objects.filter(project=project).exists()


def test_a_score_that_is_no_number_is_a_problem_of_its_record(tmp_path: Path) -> None:
    records = [
        {"prompt": f"two cups {n}", "img_path": f"img/{n}.png", "total_score": scores}
        for n, scores in enumerate([[4, 5], [4, None], ["x"]])
    ]
    folder = published.write(tmp_path / "evalmuse", {"train_list.json": records, **IMAGES})

    batch = taken(rated("alignment"), folder)

    assert [item.prompt for item in Item.objects.filter(batch=batch)] == ["two cups 0"]
    assert of_lines(batch) == [(2, Code.DATASET_ROW), (3, Code.DATASET_ROW)]


def test_tasks_and_rankings_without_their_parts_are_problems(tmp_path: Path) -> None:
    ranked = {"prompt": "a hat", "image_path": ["0.png", "1.png"], "rank": [1, 2]}
    tasks = [
        {"id": n, "data": {"prompt": f"lake {n}", "one": "img/0.png", "two": "img/1.png"},
         "annotations": []} for n in range(3)
    ]  # fmt: skip
    del tasks[1]["annotations"]
    images = {f"test/{n}.png": image_bytes(n) for n in range(2)}
    one = published.write(tmp_path / "ls", {"export.json": tasks, **IMAGES})
    two = published.write(
        tmp_path / "hpd", {"test.json": [ranked, {**ranked, "rank": 3}], **images}
    )
    project = pairs()

    assert problems(taken(project, one)) == [without(2, "annotations")]
    assert of_lines(taken(project, two)) == [(2, Code.DATASET_ROW)]
    assert Item.objects.filter(project=project).count() == 3


def test_a_row_of_parquet_without_its_ranks_is_a_problem(tmp_path: Path) -> None:
    columns = published.image_reward_db(tmp_path / "irdb", zipped=False)
    (name,) = columns.glob("*.parquet")
    rows = parquet.read_table(name).to_pylist()
    first = rows[0]["prompt_id"]
    name.write_bytes(
        published.table([{**row, "rank": row["rank"] if row is not rows[1] else None}
                         for row in rows])
    )  # fmt: skip
    project = rated("fidelity")

    batch = taken(project, columns)

    prompts = {row["prompt_id"] for row in rows}
    assert {item.key for item in Item.objects.filter(batch=batch)} == prompts - {first}
    assert of_lines(batch) == [(1, Code.DATASET_ROW)]


def test_a_record_of_tensorflow_that_is_no_example_is_a_problem(tmp_path: Path) -> None:
    features = {
        "filename": b"train/abc.png", "artifact_score": 0.75, "misalignment_score": 0.5,
        "aesthetics_score": 1.0, "overall_score": 0.0, "prompt_misalignment_label": b"1 0 1",
    }  # fmt: skip
    lacking = {**features}
    del lacking["overall_score"]
    records = framed(example(features)) + framed(example(lacking)) + framed(b"\x07")
    joined = [{"image_0_uid": "abc", "image_1_uid": "", "caption": "a red fox",
               "jpg_0": image_bytes(1), "jpg_1": b""}]  # fmt: skip
    files = {"train.tfrecord": records, "train.parquet": published.table(joined)}

    batch = taken(rated("realism"), published.write(tmp_path / "richhf", files))

    assert [item.prompt for item in Item.objects.filter(batch=batch)] == ["a red fox"]
    found = [one for one in problems(batch) if one[0] is not None]
    assert found[0] == without(2, "overall_score")
    assert found[1][:2] == (3, Code.DATASET_ROW)


def test_of_our_own_annotations_one_bad_line_costs_its_vote_alone(tmp_path: Path) -> None:
    project = pairs()
    (question,) = questions_of(project.pk)

    def line(item: int, judge: str, **fields: object) -> dict[str, object]:
        images = [{"letter": "ab"[n], "file": f"img/{2 * item + n}.png", "generator": None}
                  for n in range(2)]  # fmt: skip
        return {
            "annotation": f"{item}-{judge}", "item": {"id": item, "key": f"k{item}", "prompt": "p"},
            "images": images, "answers": {question.key: {"choice": "a"}}, "annotator": judge,
            "current": True, "counted": True, "state": "accepted", **fields,
        }  # fmt: skip

    broken_one = line(0, "p2")
    del broken_one["state"]
    rows = [line(0, "p1"), broken_one, line(0, "p3"), {"item": 3}, line(1, "p1"), line(2, "p1")]
    rows[5]["item"] = {"id": 2, "key": "k2"}
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    folder = published.write(tmp_path / "own", {"annotations.jsonl": lines, **IMAGES})

    batch = taken(project, folder)

    assert sorted(item.key for item in Item.objects.filter(batch=batch)) == ["k0", "k1"]
    assert of_lines(batch) == [
        (2, Code.DATASET_FIELD_MISSING), (4, Code.DATASET_ROW), (6, Code.DATASET_FIELD_MISSING),
    ]  # fmt: skip
    k0 = Item.objects.get(batch=batch, key="k0")
    assert [vote.judge for vote in imported_of([k0.pk])[k0.pk]] == ["p1", "p3"]
