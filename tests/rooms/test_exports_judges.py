"""Nothing is decided by one person where several were asked, in any format and by any rule."""

from pathlib import Path

import pytest

from annotator.consensus.models import Finding
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, pair_project, people, rows, voted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("aggregation", ["majority", "mean", "dawid_skene"])
def test_a_and_twice_unsure_is_no_decided_pair(tmp_path: Path, aggregation: str) -> None:
    project = pair_project()
    in_batch = batch(project)
    voted(project, in_batch, "1", "auu")
    voted(project, in_batch, "2", "aau")

    folder = made(project, "preferences", tmp_path / "out", aggregation=aggregation, images=False)

    assert [row["key"] for row in rows(folder, "preferences.jsonl")] == ["2"]
    assert "2 people at least" in manifest(folder)["aggregation"]["judges"]


def test_a_tie_that_one_person_sees_is_no_tie_of_all(tmp_path: Path) -> None:
    project = pair_project()
    voted(project, batch(project), "1", "tuu")

    folder = made(
        project, "pickapic", tmp_path / "out", rows="winner", aggregation="mean", images=False
    )

    assert manifest(folder)["rows"] == 0


def test_shares_of_one_person_are_no_soft_labels(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    voted(project, in_batch, "1", "auu")
    voted(project, in_batch, "2", "abu")

    folder = made(project, "pickapic", tmp_path / "out", rows="shares", images=False)

    assert manifest(folder)["rows"] == 1


def test_the_first_answer_of_three_decides_nothing_yet(tmp_path: Path) -> None:
    project = pair_project()
    voted(project, batch(project), "1", "a", settled=False)

    folder = made(project, "preferences", tmp_path / "out", partial=True, images=False)

    assert rows(folder, "preferences.jsonl") == []
    assert "too_few_judges" in str(manifest(folder)["left_out"])


def test_where_one_person_is_asked_one_decides(tmp_path: Path) -> None:
    project = pair_project(overlap=1)
    voted(project, batch(project), "1", "a")

    folder = made(project, "preferences", tmp_path / "out", images=False)

    [row] = rows(folder, "preferences.jsonl")
    assert row["letters"]["chosen"] == "a"
    assert "judges" not in manifest(folder)["aggregation"]


def ranked(optional: int) -> Project:
    """An item of three images that one person of three ranks, the others passing it over."""
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "overall", "preference", required=False)
    judged.question(project, "order", "ranking", required=False)
    judged.question(project, "seen", "flags", ["limbs"])
    item = judged.item(batch(project), "1", "a cat", ["g0", "g1", "g2"])
    order = {"order": {"tiers": [["b"], ["a"], ["c"]]}}
    for slot, person in enumerate(people(project)):
        given = {"seen": {"flags": {"a": ["limbs"], "b": [], "c": []}}}
        judged.answer(item, person, given | (order if slot < optional else {}), slot=slot)
    judged.settle(item)
    return project


@pytest.mark.parametrize(("rankers", "pairs"), [(1, 0), (2, 3)])
def test_one_persons_ranking_makes_no_ranks_of_all(
    tmp_path: Path, rankers: int, pairs: int
) -> None:
    project = ranked(rankers)

    folder = made(project, "preferences", tmp_path / "out", dimension="order", images=False)
    lists = made(project, "hpdv2", tmp_path / "ranks", dimension="order", split="0/0/100")

    assert len(rows(folder, "preferences.jsonl")) == pairs
    assert manifest(lists)["rows"] == (1 if pairs else 0)
    over = Finding.objects.filter(key__startswith="over_")
    assert [row.decided for row in over] == [bool(pairs)] * 3


def test_each_persons_own_pairs_need_no_second_person(tmp_path: Path) -> None:
    folder = made(
        ranked(1), "preferences", tmp_path / "out", dimension="order", rankings="each_person",
        images=False,
    )  # fmt: skip

    assert len(rows(folder, "preferences.jsonl")) == 3
