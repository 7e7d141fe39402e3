"""Exports for trainers of vision-language judges, of LoRAs and of generators, by hand."""

import json
from pathlib import Path

import pytest

from annotator.items.models import Item
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, pair_project, people, rows, voted

ALL_IN_TRAIN = {"split": "100/0/0"}


def of_pairs() -> Project:
    project = pair_project()
    in_batch = batch(project)
    for key, choices in [("1", "aab"), ("2", "bbb"), ("3", "ttb"), ("4", "aau")]:
        voted(project, in_batch, key, choices)
    return project


def of_ratings() -> Project:
    """Images a and b of one prompt on two scales from 1 to 5, of two people."""
    project = factories.project("custom", created_at=judged.START)
    for key in ("alignment", "plausibility"):
        judged.question(project, key, "rating", scale_min=1, scale_max=5)
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a <image> of a cat", ["painter", "drawer"])
    for slot, (person, (a, b)) in enumerate(zip(people(project, 2), [(4, 2), (5, 2)], strict=True)):
        said = {"ratings": {"a": a, "b": b}}
        judged.answer(item, person, {"alignment": said, "plausibility": said}, slot=slot)
    judged.settle(item)
    return project


def listed(folder: Path, name: str) -> list[dict]:
    found: list[dict] = json.loads((folder / name).read_text())
    return found


@pytest.mark.django_db(transaction=True)
def test_swift_has_an_image_a_side_and_the_votes_margin(tmp_path: Path) -> None:
    folder = made(of_pairs(), "swift", tmp_path / "out", **ALL_IN_TRAIN)

    found = {row["key"]: row for row in rows(folder, "train.jsonl")}
    assert {key: row["margin"] for key, row in found.items()} == {"1": 1 / 3, "2": 1.0, "4": 2 / 3}
    assert found["2"]["generators"] == ["drawer", "painter"]
    for row in found.values():
        ask, answer = row["messages"]
        assert ask["role"], answer["role"] == ("user", "assistant")
        assert ask["content"].count("<image>") == 1
        assert f"prompt of {row['key']}" in ask["content"]
        assert len(row["images"]) == len(row["rejected_images"]) == 1
        assert (folder / row["images"][0]).exists()
        assert row["images"] != row["rejected_images"]
    assert manifest(folder)["left_out"]["dimensions"] == {"overall": {"tie": 1}}


@pytest.mark.django_db(transaction=True)
def test_llamafactory_asks_which_is_better_and_names_what_has_rows(tmp_path: Path) -> None:
    folder = made(of_pairs(), "llamafactory", tmp_path / "out", **ALL_IN_TRAIN)

    info = json.loads((folder / "dataset_info.json").read_text())
    assert list(info) == ["judge_train"]
    for row in listed(folder, info["judge_train"]["file_name"]):
        ask, answer = (message["content"] for message in row["messages"])
        assert ask.startswith("<image><image>")
        place = ["The first image.", "The second image."].index(answer)
        assert row["generators"][place] == ("drawer" if row["key"] == "2" else "painter")


@pytest.mark.django_db(transaction=True)
def test_llamafactory_asks_for_the_mean_and_no_prompt_asks_for_an_image(tmp_path: Path) -> None:
    folder = made(of_ratings(), "llamafactory", tmp_path / "out", **ALL_IN_TRAIN)

    found = listed(folder, "score_train.json")
    answers = {
        (row["dimension"], row["generators"][0]): row["messages"][1]["content"] for row in found
    }
    assert answers == {
        ("alignment", "painter"): "4.5",
        ("alignment", "drawer"): "2",
        ("plausibility", "painter"): "4.5",
        ("plausibility", "drawer"): "2",
    }
    for row in found:
        assert row["messages"][0]["content"].count("<image>") == 1
        assert "a < image> of a cat" in row["messages"][0]["content"]
        assert "from 1 to 5" in row["messages"][0]["content"]


@pytest.mark.django_db(transaction=True)
def test_unifiedreward_scores_points_on_the_axes_that_were_rated(tmp_path: Path) -> None:
    folder = made(of_ratings(), "unifiedreward", tmp_path / "out", **ALL_IN_TRAIN)

    found = listed(folder, "point_score_train.json")
    assert {row["generators"][0]: row["messages"][1]["content"] for row in found} == {
        "painter": "Alignment Score (1-5): 4.5\nCoherence Score (1-5): 4.5",
        "drawer": "Alignment Score (1-5): 2\nCoherence Score (1-5): 2",
    }


@pytest.mark.django_db(transaction=True)
def test_unifiedreward_divides_a_pair_by_its_votes_and_keeps_a_tie(tmp_path: Path) -> None:
    folder = made(of_pairs(), "unifiedreward", tmp_path / "out", style="overall", **ALL_IN_TRAIN)

    shares = {row["key"]: row for row in listed(folder, "pair_score_train.json")}
    of_painter = {"1": "0.67", "2": "0", "3": "0.33", "4": "1"}
    for key, row in shares.items():
        place = row["generators"].index("painter") + 1
        assert f" Image {place}: {of_painter[key]}" in row["messages"][1]["content"]
        assert row["messages"][1]["content"].startswith("Style Score:\n Image 1: ")
    ranks = {row["key"]: row for row in listed(folder, "pair_rank_train.json")}
    assert ranks.keys() == shares.keys() == of_painter.keys()
    for key, better in [("1", "painter"), ("2", "drawer"), ("4", "painter")]:
        place = ranks[key]["generators"].index(better) + 1
        expected = f"Image {place} is better than Image {3 - place}."
        assert ranks[key]["messages"][1]["content"] == expected
    assert ranks["3"]["messages"][1]["content"] == "Both images are equally good."


@pytest.mark.django_db(transaction=True)
def test_hpsv3pp_has_a_file_an_axis_and_a_prompt_in_one_split_of_all(tmp_path: Path) -> None:
    project = of_pairs()
    judged.question(project, "aesthetics", "preference")
    in_batch = batch(project)
    for n in range(20):
        item = judged.item(in_batch, f"both{n}", f"both {n}", ["painter", "drawer"])
        for slot, person in enumerate(people(project)):
            said = judged.said("b", "aesthetics") | judged.said("a", "overall")
            judged.answer(item, person, said, slot=slot)
        judged.settle(item)

    folder = made(project, "hpdv3pp", tmp_path / "out", split="50/25/25")

    splits: dict[str, set[str]] = {"overall": set(), "aesthetics": set()}
    of_axis = {}
    for axis, seen in splits.items():
        for split in ("train", "valid", "test"):
            for row in listed(folder, f"{split}/{split}_{axis}.json"):
                assert {"path1", "path2", "prompt"} <= row.keys()
                assert json.loads(row["choice_dist"])[0] > json.loads(row["choice_dist"])[1]
                assert of_axis.setdefault(row["prompt"], split) == split
                better = "drawer" if axis == "aesthetics" or row["prompt"].endswith("of 2") else ""
                assert row["model1"] == (better or "painter")
                seen.add(row["prompt"])
    assert len(splits["overall"]) == 23
    assert len(splits["aesthetics"]) == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("layout", "better", "worse", "captions"),
    [
        ("kohya", "train/1_overall/w/{}.png", "train/1_overall/l/{}.png", "caption"),
        ("two_folders", "train/chosen/{}.png", "train/rejected/{}.png", "txt"),
        ("rejected_label", "train/{}.png", "train/{}-rejectedlabel.png", "txt"),
    ],
)
def test_pairs_of_files_have_equal_names_and_captions(
    tmp_path: Path, layout: str, better: str, worse: str, captions: str
) -> None:
    project = of_pairs()
    folder = made(project, "lora-pairs", tmp_path / "out", layout=layout, **ALL_IN_TRAIN)

    by_pair = made(project, "preferences", tmp_path / "pairs", **ALL_IN_TRAIN)
    expected = {row["item"]: row for row in rows(by_pair, "preferences.jsonl")}
    found = rows(folder, "pairs.jsonl")
    assert {row["item"] for row in found} == expected.keys()
    for row in found:
        name = f"{row['item']}_ab"
        assert (row["chosen"], row["rejected"]) == (better.format(name), worse.format(name))
        for side in ("chosen", "rejected"):
            stored = by_pair / expected[row["item"]][side]
            assert (folder / row[side]).read_bytes() == stored.read_bytes()
        caption = (folder / row["chosen"]).with_suffix(f".{captions}")
        assert caption.read_text() == row["prompt"] == f"prompt of {row['key']}"
    images = len(list((folder / "train").rglob("*.png")))
    texts = len(list((folder / "train").rglob(f"*.{captions}")))
    assert (images, texts) == (6, 3 if layout == "rejected_label" else 6)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("layout", ["kohya", "two_folders"])
def test_an_image_without_a_prompt_has_a_caption_of_one_empty_line(
    tmp_path: Path, layout: str
) -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aab")
    Item.objects.filter(pk=item.pk).update(prompt="")

    folder = made(project, "lora-pairs", tmp_path / "out", layout=layout, **ALL_IN_TRAIN)

    # kohya's read_caption asserts that there is a line, and takes the first.
    captions = [*folder.rglob("*.caption"), *folder.rglob("*.txt")]
    assert [path.read_bytes() for path in captions] == [b"\n"] * 2


@pytest.mark.django_db(transaction=True)
def test_prompts_come_with_the_hardest_or_the_most_disputed_first(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    # Of the people, who says that both are bad; and the pairs of people who differ.
    for key, choices in [("1", "aaa"), ("2", "nna"), ("3", "abt"), ("4", "nnn")]:
        voted(project, in_batch, key, choices)

    folder = made(project, "prompts", tmp_path / "out", shard_items=1, **ALL_IN_TRAIN)
    disputed = made(project, "prompts", tmp_path / "other", order="disputed", **ALL_IN_TRAIN)

    assert (folder / "train.txt").read_text().splitlines() == [
        "prompt of 4", "prompt of 2", "prompt of 1", "prompt of 3",
    ]  # fmt: skip
    numbers = [row["hardness"] for row in rows(folder, "train.jsonl")]
    assert numbers == [1.0, pytest.approx(2 / 3), 0.0, 0.0]
    assert (disputed / "train.txt").read_text().splitlines() == [
        "prompt of 3", "prompt of 2", "prompt of 1", "prompt of 4",
    ]  # fmt: skip
    by_dispute = [row["dispute"] for row in rows(disputed, "train.jsonl")]
    assert by_dispute == [1.0, pytest.approx(2 / 3), 0.0, 0.0]


@pytest.mark.django_db(transaction=True)
def test_what_falls_into_no_split_is_told_before_and_in_the_folder(tmp_path: Path) -> None:
    folder = made(of_pairs(), "swift", tmp_path / "out", split="0/0/100")
    few = made(of_pairs(), "swift", tmp_path / "few", split="98/1/1")

    assert manifest(folder)["warnings"] == []
    [warning] = manifest(few)["warnings"]
    assert (warning["code"], warning["params"]) == (
        "splits_empty", {"names": ["validation", "test"]},
    )  # fmt: skip
    assert warning["message"] in (few / "README.md").read_text()
