"""Preference pairs, against votes counted by hand."""

from pathlib import Path

import pytest

from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, pair_project, people, rows, voted


@pytest.mark.django_db(transaction=True)
def test_preferences_hold_strictly_decided_pairs_and_count_the_rest(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for key, choices in [
        ("1", "aab"),  # margin 1/3
        ("2", "bbb"),  # margin 1
        ("3", "abt"),  # no majority
        ("4", "tta"),
        ("5", "nnb"),
        ("6", "uuu"),
        ("7", "aat"),  # margin 2/3, (2 + 1/2) / 3 for a
    ]:
        voted(project, in_batch, key, choices)
    voted(project, in_batch, "8", "aa", settled=False)

    folder = made(project, "preferences", tmp_path / "out")

    found = rows(folder, "preferences.jsonl")
    assert [(r["key"], r["letters"]["chosen"], r["margin"]) for r in found] == [
        ("1", "a", 1 / 3),
        ("2", "b", 1.0),
        ("7", "a", 2 / 3),
    ]
    assert found[0]["votes"] == {"a": 2, "b": 1, "tie": 0, "both_bad": 0, "unsure": 0}
    assert [r["chosen_share"] for r in found] == [2 / 3, 1.0, 2.5 / 3]
    assert found[1]["generators"] == {"chosen": "drawer", "rejected": "painter"}
    assert found[1]["prompt"] == "prompt of 2"
    assert {(r["dimension"], r["settled"], r["annotations"]) for r in found} == {
        ("overall", True, 3)
    }
    for row in found:
        assert (folder / row["chosen"]).exists()
        assert (folder / row["rejected"]).exists()
    head = manifest(folder)
    assert (head["rows"], head["items"]) == (3, 3)
    assert head["left_out"] == {
        "dimensions": {"overall": {"both_bad": 1, "no_majority": 1, "tie": 1, "unsure": 1}},
        "items_not_settled": 1,
        "items_excluded": 0,
    }


@pytest.mark.django_db(transaction=True)
def test_a_margin_and_partial_items_are_options(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    voted(project, in_batch, "1", "aab")
    voted(project, in_batch, "2", "bb", settled=False)

    folder = made(
        project, "preferences", tmp_path / "o", min_margin=0.5, partial=True, images=False
    )

    found = rows(folder, "preferences.jsonl")
    assert [(r["key"], r["settled"], r["annotations"]) for r in found] == [("2", False, 2)]
    head = manifest(folder)
    assert head["left_out"]["dimensions"] == {"overall": {"below_min_margin": 1}}
    assert head["options"] == {
        "aggregation": "majority",
        "answers_of": "signed_off",
        "batches": "",
        "dimension": "all",
        "encoding": "png",
        "images": False,
        "min_margin": 0.5,
        "partial": True,
        "seed": 0,
        "shard_items": 2000,
        "split": "90/5/5",
    }
    assert not list(folder.rglob("*.png"))


def ranked(project: Project):
    """Three rankings of three images; by hand: ranks a 1 1 2, b 2.5 2 1, c 2.5 3 3."""
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a cat", ["g0", "g1", "g2"])
    said = [[["a"], ["b", "c"]], [["a"], ["b"], ["c"]], [["b"], ["a"], ["c"]]]
    answers = []
    for slot, (person, tiers) in enumerate(zip(people(project), said, strict=True)):
        answers.append(judged.answer(item, person, {"ranking": {"tiers": tiers}}, slot=slot))
    judged.settle(item)
    return item, answers


@pytest.mark.django_db(transaction=True)
def test_rankings_give_the_pairs_that_mean_ranks_and_a_majority_decide(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    item, _ = ranked(project)

    folder = made(project, "preferences", tmp_path / "out")

    # Mean ranks 4/3, 11/6, 17/6; a over b 2 of 3, a over c 3 of 3, b over c 2 of 3 and one tie.
    found = rows(folder, "preferences.jsonl")
    assert [(r["letters"]["chosen"], r["letters"]["rejected"]) for r in found] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]
    assert [r["votes"] for r in found] == [
        {"a": 2, "b": 1, "tie": 0, "both_bad": 0, "unsure": 0},
        {"a": 3, "b": 0, "tie": 0, "both_bad": 0, "unsure": 0},
        {"a": 2, "b": 0, "tie": 1, "both_bad": 0, "unsure": 0},
    ]
    assert found[2]["pair"] == ["b", "c"]
    assert {r["ranking"] for r in found} == {f"{item.pk}/ranking"}


@pytest.mark.django_db(transaction=True)
def test_rankings_may_give_each_persons_own_pairs(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    _, answers = ranked(project)

    folder = made(project, "preferences", tmp_path / "out", rankings="each_person")

    found = rows(folder, "preferences.jsonl")
    pairs = [r["letters"]["chosen"] + r["letters"]["rejected"] for r in found]
    assert pairs == ["ab", "ac", "ab", "ac", "bc", "ba", "ac", "bc"]
    assert [r["ranking"] for r in found[:3]] == [
        str(answers[0].pk),
        str(answers[0].pk),
        str(answers[1].pk),
    ]
    assert len({r["annotator"] for r in found}) == 3
    assert manifest(folder)["left_out"]["dimensions"] == {"ranking": {"tie": 1}}
