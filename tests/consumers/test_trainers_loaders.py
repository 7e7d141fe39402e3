"""ms-swift's and LLaMA-Factory's own loaders read what we export, and see what people said.

What each row has to be follows from the votes: three people a pair, `a` is the painter's image.
"""

import json
from pathlib import Path

import pytest

from tests import consumers
from tests.rooms.exported import made, manifest
from tests.rooms.test_exports_trainers import ALL_IN_TRAIN, of_pairs, of_ratings

# Of the decided pairs, by key: who is better, and by how many of the three votes more.
DECIDED = {"1": ("painter", 1 / 3), "2": ("drawer", 1.0), "4": ("painter", 2 / 3)}


@pytest.mark.django_db(transaction=True)
def test_ms_swift_loads_both_sides_with_their_images_and_the_margin(tmp_path: Path) -> None:
    folder = made(of_pairs(), "swift", tmp_path / "out", **ALL_IN_TRAIN)
    ours = [json.loads(line) for line in (folder / "train.jsonl").read_text().splitlines()]

    (loaded,) = consumers.ask_trainer("swift_reader", folder / "train.jsonl").values()

    assert len(loaded) == len(ours) == len(DECIDED)
    for row, ours_row in zip(loaded, ours, strict=True):
        chosen, rejected = row["chosen"], row["rejected"]
        assert ours_row["generators"][0] == DECIDED[ours_row["key"]][0]
        assert row["margin"] == pytest.approx(DECIDED[ours_row["key"]][1])
        assert chosen["images"][0][0] == ours_row["images"][0]
        assert rejected["images"][0][0] == ours_row["rejected_images"][0]
        # The same words of both, so that nothing but the image tells them apart.
        assert chosen["messages"] == rejected["messages"]
        assert [role for role, _ in chosen["messages"]] == ["user", "assistant"]
        assert chosen["messages"][0][1].count("<image>") == len(chosen["images"]) == 1


@pytest.mark.django_db(transaction=True)
def test_llama_factory_loads_every_set_that_we_name_as_questions_with_answers(
    tmp_path: Path,
) -> None:
    pairs = made(of_pairs(), "llamafactory", tmp_path / "pairs", **ALL_IN_TRAIN)
    ratings = made(of_ratings(), "llamafactory", tmp_path / "ratings", **ALL_IN_TRAIN)

    found = consumers.ask_trainer("llamafactory_reader", pairs, ratings)

    assert {name: sorted(sets) for name, sets in found.items()} == {
        str(pairs): ["judge_train"],
        str(ratings): ["score_train"],
    }
    judged, scored = found[str(pairs)]["judge_train"], found[str(ratings)]["score_train"]
    for loaded, folder, images in [(judged, pairs, 2), (scored, ratings, 1)]:
        assert len(loaded) == manifest(folder)["rows"]
        for row in loaded:
            assert row["roles"] == ["user", "assistant"]
            assert row["prompt"].count("<image>") == len(row["images"]) == images
    ours = json.loads((pairs / "judge_train.json").read_text())
    for row, ours_row in zip(judged, ours, strict=True):
        place = ["The first image.", "The second image."].index(row["response"])
        assert ours_row["generators"][place] == DECIDED[ours_row["key"]][0]
        assert [name for name, *_ in row["images"]] == ours_row["images"]
    assert sorted(row["response"] for row in scored) == ["2", "2", "4.5", "4.5"]
