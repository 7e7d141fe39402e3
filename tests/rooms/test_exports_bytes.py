"""The same data gives the same bytes, and no byte names a person."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from tests import factories, judged
from tests.rooms.exported import batch, contents, flaw_project, flawed, made, people


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["annotations", "preferences", "heatmaps"])
def test_the_same_data_gives_the_same_bytes_also_while_answers_come_in(
    name: str, tmp_path: Path
) -> None:
    project = flaw_project()
    judged.question(project, "overall", "preference", required=False)
    flawed(project)
    pair = judged.item(batch(project), "2", "a pair", ["painter", "drawer"])
    no_marks = {"marks": {"a": [], "b": []}}
    answers = {"implausibility": no_marks, "misalignment": no_marks, "overall": {"choice": "a"}}
    for slot, person in enumerate(people(project)):
        judged.answer(pair, person, answers, slot=slot)
    judged.settle(pair)
    first = contents(made(project, name, tmp_path / "first"))
    came_in = []

    def somebody_answers(stage: str, done: int, total: int) -> None:
        def write() -> None:
            late = judged.item(batch(project), "3", "late", ["painter", "drawer"])
            judged.answer(late, factories.member(project), answers)
            judged.settle(late)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        came_in.append(done)

    second = contents(made(project, name, tmp_path / "second", tick=somebody_answers))

    assert came_in
    assert second == first
    assert contents(made(project, name, tmp_path / "third")) != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["annotations", "preferences", "heatmaps"])
def test_no_name_of_a_person_is_in_any_byte(name: str, tmp_path: Path) -> None:
    project = flaw_project()
    judged.question(project, "ranking", "ranking", required=False)
    item = judged.item(batch(project), "1", "a pair", ["painter", "drawer"])
    for slot in range(3):
        person = factories.member(project, name=f"canary.username{slot}@example.org")
        person.display_name = "Canary Displayname"
        person.save()
        marks = {"marks": {"a": [{"x": 0.5, "y": 0.5}], "b": []}}
        answers = {
            "implausibility": marks,
            "misalignment": marks,
            "ranking": {"tiers": [["a"], ["b"]]},
        }
        said = judged.answer(item, person, answers, slot=slot)
    judged.verdict(said, factories.member(project, "reviewer", "canary.reviewer"), "accept")
    judged.settle(item)
    chosen = {"rankings": "each_person"} if name == "preferences" else {}

    folder = made(project, name, tmp_path / "out", **chosen)

    found = contents(folder)
    assert len(found) > 1
    for file, data in found.items():
        assert b"canary" not in (file.encode() + data).lower()
        assert project.seed.encode() not in data
