"""Votes weighed by reliability in an export, on an example of which crowd-kit gave the labels."""

from pathlib import Path

import pytest

from annotator.projects.models import Project
from tests import judged
from tests.rooms.exported import batch, made, manifest, pair_project, people, rows

# By A, B and C. Majority a b a b b b a a; weighed a b a b a b a b, of enough of them.
SAID = 6 * ["aab", "bba", "aaa", "bba", "abb", "bbb", "aab", "baa"]


@pytest.fixture
def project(transactional_db) -> Project:
    project = pair_project()
    in_batch = batch(project)
    three = people(project)
    for key, said in enumerate(SAID):
        item = judged.item(in_batch, f"{key:02}", "a cat", ["painter", "drawer"])
        for slot, (person, choice) in enumerate(zip(three, said, strict=True)):
            judged.answer(item, person, judged.said(choice, "overall"), slot=slot)
        judged.settle(item)
    return project


@pytest.mark.parametrize("shard_items", [1, 3, 100])
def test_weighed_votes_overrule_the_majority_and_both_are_kept(
    project: Project, tmp_path: Path, shard_items: int
) -> None:
    folder = made(
        project, "preferences", tmp_path / "out", aggregation="dawid_skene", images=False,
        shard_items=shard_items,
    )  # fmt: skip

    found = rows(folder, "preferences.jsonl")
    assert "".join(r["letters"]["chosen"] for r in found) == 6 * "abababab"
    assert [r["majority"] for r in found] == 6 * [None, None, None, None, "b", None, None, "a"]
    assert all(r["belief"] > 0.75 for r in found)
    said = manifest(folder)["aggregation"]["dawid_skene"]["overall"]
    assert (said["items_with_a_majority"], said["overruled"]) == (48, 12)
    assert said["agreement_with_majority"] == 6 / 8
    assert said["converged"] is True
    # A perfect, B 0.75, C 0.25, each drawn towards what everybody is given beforehand.
    assert sorted(p["accuracy"] for p in said["people"]) == pytest.approx(
        [0.408, 0.795, 0.911], abs=1e-3
    )
    assert {p["annotator"][:2] for p in said["people"]} == {"A-"}
    assert "3 of 3 people judged fewer than 50 items" in said["warnings"][1]
    assert "overruled 12 of 48 majorities" in said["warnings"][2]


def test_without_weighing_the_majority_stands(project: Project, tmp_path: Path) -> None:
    folder = made(project, "preferences", tmp_path / "out", images=False)

    found = rows(folder, "preferences.jsonl")
    assert "".join(r["letters"]["chosen"] for r in found) == 6 * "ababbbaa"
    assert {(r["belief"], r["majority"]) for r in found} == {(None, None)}
    assert "dawid_skene" not in manifest(folder)["aggregation"]


def test_the_mean_decides_where_no_majority_does(transactional_db, tmp_path: Path) -> None:
    project = pair_project()
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    for slot, (person, said) in enumerate(
        zip(people(project), ["a", "tie", "unsure"], strict=True)
    ):
        judged.answer(item, person, judged.said(said, "overall"), slot=slot)
    judged.settle(item)

    by_majority = made(project, "preferences", tmp_path / "1", images=False)
    by_mean = made(project, "preferences", tmp_path / "2", images=False, aggregation="mean")

    assert rows(by_majority, "preferences.jsonl") == []
    assert [
        (r["letters"]["chosen"], r["chosen_share"]) for r in rows(by_mean, "preferences.jsonl")
    ] == [("a", 0.75)]
