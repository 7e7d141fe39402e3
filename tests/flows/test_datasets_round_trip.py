"""Our own exports taken in again, and what exports make of imported judges."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pyarrow import parquet

from annotator.assignments.models import Assignment
from annotator.consensus.models import Consensus
from annotator.exports.read.source import ItemScope, Selection, source_of
from annotator.judges.models import ImportedAnnotation
from annotator.projects.models import Project
from tests import judged
from tests.promises import broken
from tests.rooms.exported import batch, made, pair_project, people, rows

pytestmark = pytest.mark.django_db(transaction=True)


def labels(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of `preferences` what a trainer takes, by content instead of letters and ids."""
    return sorted(
        (
            {
                "prompt": row["prompt"],
                "key": row["key"],
                "dimension": row["dimension"],
                "chosen": row["generators"]["chosen"],
                "rejected": row["generators"]["rejected"],
                "votes": votes_by_generator(row),
                "margin": row["margin"],
                "chosen_share": row["chosen_share"],
            }
            for row in found
        ),
        key=json.dumps,
    )


def votes_by_generator(row: dict[str, Any]) -> dict[str, int]:
    sides = {row["letters"][side]: row["generators"][side] for side in ("chosen", "rejected")}
    first, second = (sides[letter] for letter in row["pair"])
    votes = row["votes"]
    rest = {name: votes[name] for name in ("tie", "both_bad", "unsure")}
    return {first: votes["a"], second: votes["b"], **rest}


def voted(project: Project) -> None:
    """Three settled pairs: 2 to 1, 3 to 0, 2 for the second and a tie."""
    in_batch = batch(project)
    everybody = people(project)
    for key, choices in {"one": "aab", "two": "bbb", "three": "tbb"}.items():
        item = judged.item(in_batch, key, f"prompt of {key}", ["painter", "drawer"])
        for slot, (person, choice) in enumerate(zip(everybody, choices, strict=True)):
            said = judged.said({"t": "tie"}.get(choice, choice), "overall")
            judged.answer(item, person, said, slot=slot)
        judged.settle(item)


def taken_again(folder: Path, **fields: object) -> Project:
    project = pair_project(**fields)
    call_command("import_batch", str(project.pk), str(folder))
    return project


def test_preferences_come_back_with_equal_labels(tmp_path: Path) -> None:
    first = pair_project()
    voted(first)
    folder = made(first, "preferences", tmp_path / "a")

    second = taken_again(folder, imported_votes=True)

    again = made(second, "preferences", tmp_path / "b", partial=True)
    ours, theirs = rows(folder, "preferences.jsonl"), rows(again, "preferences.jsonl")
    assert labels(theirs) == labels(ours)
    assert len(theirs) == 3
    # Whose they are is said, and that no three of this project's people said it.
    assert [(row["imported"], row["annotations"], row["settled"]) for row in theirs] == [
        (3, 3, False)
    ] * 3
    assert not broken(second)


def test_annotations_come_back_as_imported_judges(tmp_path: Path) -> None:
    first = pair_project()
    voted(first)
    folder = made(first, "annotations", tmp_path / "a", images=True)

    second = taken_again(folder)

    again = made(second, "annotations", tmp_path / "b")
    ours, theirs = rows(folder, "annotations.jsonl"), rows(again, "annotations.jsonl")
    assert answers_by_generator(theirs) == answers_by_generator(ours)
    assert {(row["state"], row["counted"], row["slot"]) for row in theirs} == {
        ("imported", False, None)
    }
    assert {row["imported"]["source"] for row in theirs} == {"annotations"}
    judges = {row["annotator"] for row in theirs}
    assert len(judges) == 3
    assert all(judge.startswith("I-") for judge in judges)


def answers_by_generator(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    told = []
    for row in found:
        letters = {image["letter"]: image["generator"] for image in row["images"]}
        choice = row["answers"]["overall"]["choice"]
        told.append((row["item"]["key"], row["item"]["prompt"], letters.get(choice, choice)))
    return sorted(told)


def test_a_hub_dataset_of_ours_comes_back_with_equal_votes(tmp_path: Path) -> None:
    first = pair_project()
    voted(first)
    folder = made(first, "hf-dataset", tmp_path / "a")

    second = taken_again(folder, imported_votes=True)

    again = made(second, "hf-dataset", tmp_path / "b", partial=True)
    assert votes_inside(again) == votes_inside(folder)


def votes_inside(folder: Path) -> dict[str, dict[str, int]]:
    found = {}
    for shard in sorted(folder.glob("data/*.parquet")):
        for row in parquet.read_table(shard).to_pylist():
            votes = row["answers"]["overall"]["votes"]
            first, second = row["generators"]
            found[row["key"]] = {first: votes["a"], second: votes["b"], "tie": votes["tie"]}
    return found


def test_imported_votes_fill_no_slot_and_count_only_where_the_project_says(
    tmp_path: Path,
) -> None:
    first = pair_project()
    voted(first)
    folder = made(first, "preferences", tmp_path / "a")

    second = taken_again(folder)

    assert ImportedAnnotation.objects.filter(item__project=second).count() == 5
    slots = Assignment.objects.filter(project=second)
    assert set(slots.values_list("state", flat=True)) == {"open"}
    assert slots.count() == 9
    assert not Consensus.objects.filter(item__project=second).exists()
    source = source_of(second, Selection(scope=ItemScope.STANDING))
    assert source.is_empty()
    Project.objects.filter(pk=second.pk).update(imported_votes=True)
    second.refresh_from_db()
    assert source_of(second, Selection(scope=ItemScope.STANDING)).count() == 3
    assert source_of(second, Selection(scope=ItemScope.SETTLED)).is_empty()
