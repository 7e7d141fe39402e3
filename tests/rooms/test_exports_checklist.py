"""Exports of checklists, by hand: elements, scene graphs, yes-or-no tasks, shares by skill."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from annotator.items.models import Item
from annotator.judges.selectors import imported_of
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, people, rows
from tests.rooms.test_checklist import STORED
from tests.rooms.test_exports_scores import table

pytestmark = pytest.mark.django_db(transaction=True)

GIVEN = (
    ({"bear": "yes", "hat": "yes", "red": "unsure", "snow": "no"}, 4),
    ({"bear": "yes", "hat": "no", "snow": "no"}, 3),
    ({"bear": "yes", "hat": "no", "snow": "yes"}, 5),
)


def asking() -> Project:
    """A project that asks what EvalMuse asks."""
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "elements", "checklist")
    judged.question(project, "alignment", "rating", scale_min=1, scale_max=5)
    return project


@pytest.fixture
def project() -> Project:
    project = asking()
    item = judged.item(batch(project), "one", "a bear in a red hat", ["painter"])
    item.checklist = STORED
    item.save()
    for slot, (person, (said, points)) in enumerate(zip(people(project), GIVEN, strict=True)):
        answers = {"elements": {"rows": said}, "alignment": {"ratings": {"a": points}}}
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)
    return project


def of_csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_evalmuse_has_a_list_of_everybody_and_is_read_again(
    project: Project, tmp_path: Path
) -> None:
    folder = made(project, "evalmuse", tmp_path / "evalmuse")

    [record] = json.loads((folder / "train_list.json").read_text())
    assert json.loads(record["element_score"]) == {
        "Is there a bear? (object)": [1, 1, 1],
        "Does the bear wear a hat? (object)": [1, 0, 0],
        "Is the hat red? (colour)": [0.5, 0, 0],
        "Is there snow? (place)": [0, 0, 1],
    }
    assert record["total_score"] == [4, 3, 5]
    assert record["attribute_confidence"] == [0, 1, 1]
    assert record["promt_meaningless"] == record["split_confidence"] == [0, 0, 0]
    assert (record["prompt_id"], record["generator"]) == ("one", "painter")

    other = asking()
    call_command("import_batch", str(other.pk), str(folder))

    item = Item.objects.get(project=other)
    assert [row.text for row in item.rows] == [row["text"] for row in STORED]
    votes = imported_of([item.pk])[item.pk]
    told = [[piece.choice for piece in vote.answers["elements"]] for vote in votes]
    assert told == [
        ["yes", "yes", "unsure", "no"],
        ["yes", "no", "no", "no"],
        ["yes", "no", "no", "yes"],
    ]


def test_our_own_answers_come_back_with_their_checklist(project: Project, tmp_path: Path) -> None:
    folder = made(project, "annotations", tmp_path / "annotations", images=True)

    [first, *_] = rows(folder, "annotations.jsonl")
    assert first["item"]["checklist"] == STORED
    assert first["answers"]["elements"] == {"rows": GIVEN[0][0]}
    other = asking()
    call_command("import_batch", str(other.pk), str(folder))

    item = Item.objects.get(project=other)
    assert item.checklist == STORED
    assert len(imported_of([item.pk])[item.pk]) == 3


def test_a_scene_graph_has_its_dependencies_and_the_answers_of_most(
    project: Project, tmp_path: Path
) -> None:
    folder = made(project, "dsg", tmp_path / "dsg")

    propositions = of_csv(folder, "dsg-anns.csv")
    assert [(row["proposition_id"], row["dependency"], row["category_broad"])
            for row in propositions] == [
        ("1", "0", "object"), ("2", "1", "object"), ("3", "2", "colour"), ("4", "0", "place"),
    ]  # fmt: skip
    answers = of_csv(folder, "answers.csv")
    # Most see no hat, so that whether it is red is skipped.
    assert [(row["question_id"], row["answer"], row["yes"], row["no"], row["unsure"])
            for row in answers] == [
        ("1", "yes", "3", "0", "0"), ("2", "no", "1", "2", "0"),
        ("3", "no", "0", "0", "1"), ("4", "no", "1", "2", "0"),
    ]  # fmt: skip
    assert {row["t2i_model"] for row in answers} == {"painter"}


def test_a_row_with_a_yes_or_a_no_is_a_task_for_a_judge(project: Project, tmp_path: Path) -> None:
    folder = made(project, "llamafactory", tmp_path / "tasks", split="100/0/0")

    tasks = json.loads((folder / "check_train.json").read_text())
    assert [(task["row"], task["messages"][1]["content"]) for task in tasks] == [
        ("bear", "yes"),
        ("hat", "no"),
        ("snow", "no"),
    ]
    asked = tasks[0]["messages"][0]["content"]
    assert asked.startswith("<image>This image was made from the prompt:\n\na bear in a red hat")
    assert asked.endswith("Is there a bear? Answer with yes or no.")
    assert all(len(task["images"]) == 1 and (folder / task["images"][0]).exists() for task in tasks)
    assert {"check_train", "score_train"} == set(
        json.loads((folder / "dataset_info.json").read_text())
    )
    assert manifest(folder)["left_out"]["dimensions"]["elements"] == {"row_skipped": 1}


def test_an_image_has_its_shares_of_yes_by_skill(project: Project, tmp_path: Path) -> None:
    [row] = table(made(project, "scores", tmp_path / "scores", images=False))

    # Yes among yes and no: 2 of 3, 1 of 3, 2 of 3.
    assert row["elements.yes_share"] == pytest.approx(5 / 9)
    assert row["elements.skill.object"] == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert row["elements.skill.place"] == pytest.approx(1 / 3)
    assert row["elements.skill.colour"] is None
    assert row["elements.n"] == 3


def test_a_dataset_has_the_votes_on_each_row(project: Project, tmp_path: Path) -> None:
    folder = made(project, "hf-dataset", tmp_path / "hf", split="100/0/0", images=False)

    [sample] = pq.read_table(next((folder / "data").glob("train-*.parquet"))).to_pylist()
    told = sample["answers"]["elements"]
    assert [(row["id"], row["answer"], row["skipped"]) for row in told["rows"]] == [
        ("bear", "yes", 0), ("hat", "no", 0), ("red", None, 2), ("snow", "no", 0),
    ]  # fmt: skip
    assert told["yes_share"] == pytest.approx(5 / 9)
