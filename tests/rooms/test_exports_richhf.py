"""RichHF-18K's records, against values by hand and a reader of our own."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image as Pillow

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.store.tfrecord import example, framed
from annotator.projects.models import Project, Template
from annotator.projects.services import ProjectSettings, create_project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, people, rows
from tests.rooms.tfrecords import features_in

FEATURES = {
    "filename",
    "aesthetics_score",
    "artifact_score",
    "misalignment_score",
    "overall_score",
    "artifact_map",
    "misalignment_map",
    "prompt_misalignment_label",
}


def answers(score: int, marks: list[tuple[float, float]], tokens: list[int]) -> dict:
    return {
        "implausibility": {"marks": {"a": [{"x": x, "y": y} for x, y in marks]}},
        "misalignment": {"marks": {"a": []}},
        "misaligned_words": {"tokens": tokens},
        **{
            key: {"ratings": {"a": score}}
            for key in ("plausibility", "alignment", "aesthetics", "overall")
        },
    }


def judged_image(project: Project, in_batch, key: str, prompt: str):
    """Ratings 5, 4, 4; one mark at pixel (200, 100) of 512 by one; word 1 by two, word 0 by one."""
    item = judged.item(in_batch, key, prompt, ["painter"])
    at = (200.5 / 512, 100.5 / 512)
    said = [answers(5, [at], [0, 1]), answers(4, [], [1]), answers(4, [], [])]
    for slot, (person, one) in enumerate(zip(people(project), said, strict=True)):
        judged.answer(item, person, one, slot=slot)
    judged.settle(item)
    return item


@pytest.fixture
def project(transactional_db: None) -> Project:
    owner = factories.user(can_create_projects=True)
    return create_project(
        by=owner, template=Template.RICHHF, settings=ProjectSettings(name="Flaws")
    )


def test_the_published_record_comes_out_byte_for_byte() -> None:
    """A record as TensorFlow 2.21's deterministic writer makes it."""
    record = framed(
        example(
            {
                "prompt_misalignment_label": b"1 0 1",
                "overall_score": 0.75,
                "filename": b"train/abc.png",
            }
        )
    )

    assert record.hex() == (
        "6400000000000000435f1cdf0a620a1d0a0866696c656e616d6512110a0f0a0d"
        "747261696e2f6162632e706e670a190a0d6f766572616c6c5f73636f7265120812"
        "060a040000403f0a260a1970726f6d70745f6d6973616c69676e6d656e745f6c61"
        "62656c12090a070a05312030203126dc2500"
    )


def test_an_image_is_one_record_of_eight_features(project: Project, tmp_path: Path) -> None:
    item = judged_image(project, batch(project), "1", "two red cats")

    folder = made(project, "richhf", tmp_path / "out", split="100/0/0")

    (features,) = features_in(folder / "train.tfrecord")
    assert set(features) == FEATURES
    uid = f"{item.pk}_a"
    assert features["filename"] == f"train/{uid}.png".encode()
    # (1 + 3/4 + 3/4) / 3, in float32.
    assert features["overall_score"] == features["artifact_score"] == np.float32(2.5 / 3)
    assert features["prompt_misalignment_label"] == b"1 0 1"
    with Pillow.open(BytesIO(features["artifact_map"])) as image:
        assert (image.mode, image.size, image.format) == ("L", (512, 512), "PNG")
        levels = np.asarray(image)
    # A disk of radius 25.6 around a pixel holds 2,061 pixels; one person of three.
    assert levels[100, 200] == 85
    assert (np.count_nonzero(levels), set(np.unique(levels))) == (2061, {0, 85})
    with Pillow.open(BytesIO(features["misalignment_map"])) as image:
        assert not np.asarray(image).any()


def test_a_prompt_without_spaces_is_labelled_by_richhfs_tokens(
    project: Project, tmp_path: Path
) -> None:
    item = judged.item(batch(project), "1", "一只猫, red 桌子", ["painter"])
    item.by_character = True
    item.save()
    # One character of the first token by two, one of the last by one.
    for slot, (person, tokens) in enumerate(zip(people(project), [[2, 5], [2], []], strict=True)):
        judged.answer(item, person, answers(4, [], tokens), slot=slot)
    judged.settle(item)

    folder = made(project, "richhf", tmp_path / "out", split="100/0/0")

    (features,) = features_in(folder / "train.tfrecord")
    assert features["prompt_misalignment_label"] == b"0 1 1"
    (row,) = rows(folder, "people.jsonl")
    assert row["tokens"] == ["一", "只", "猫", "red", "桌", "子"]
    assert [one["misaligned_tokens"] for one in row["people"]] == [[2, 5], [2], []]


def test_what_loaders_join_lies_beside(project: Project, tmp_path: Path) -> None:
    item = judged_image(project, batch(project), "1", "two red cats")

    folder = made(project, "richhf", tmp_path / "out", split="0/100/0")

    # RichHF's dev set joins to Pick-a-Pic's train split.
    assert len(features_in(folder / "dev.tfrecord")) == 1
    assert features_in(folder / "train.tfrecord") == features_in(folder / "test.tfrecord") == []
    (row,) = pq.read_table(folder / "data").to_pylist()
    assert (row["image_0_uid"], row["caption"]) == (f"{item.pk}_a", "two red cats")
    assert row["jpg_0"].startswith(b"\x89PNG")
    (line,) = rows(folder, "people.jsonl")
    assert (line["uid"], line["split"], line["n"]) == (f"{item.pk}_a", "dev", 3)
    assert line["tokens"] == ["two", "red", "cats"]
    assert [one["misaligned_tokens"] for one in line["people"]] == [[0, 1], [1], []]
    assert [one["overall"] for one in line["people"]] == [5, 4, 4]
    assert line["people"][0]["implausibility"] == [{"x": 200.5 / 512, "y": 100.5 / 512}]


def test_what_readers_would_stumble_over_is_left_out_and_counted(
    project: Project, tmp_path: Path
) -> None:
    in_batch = batch(project)
    judged_image(project, in_batch, "1", "a word_0 of trouble")
    silent = judged.item(in_batch, "2", "...", ["painter"])
    for slot, person in enumerate(people(project)):
        judged.answer(silent, person, answers(3, [], []), slot=slot)
    judged.settle(silent)
    judged_image(project, in_batch, "3", "two red cats")

    folder = made(project, "richhf", tmp_path / "out")

    found = manifest(folder)
    assert found["rows"] == 1
    assert found["left_out"] == {
        "items_not_settled": 0,
        "items_excluded": 0,
        "prompt_without_words": 1,
        "word_ends_in_the_mark_of_misalignment": 1,
    }


def test_shards_change_no_byte_of_the_records(project: Project, tmp_path: Path) -> None:
    in_batch = batch(project)
    for number in range(4):
        judged_image(project, in_batch, str(number), f"two red cats {number}")

    whole = contents(made(project, "richhf", tmp_path / "one"))
    parts = contents(made(project, "richhf", tmp_path / "two", shard_items=1))

    joined = [name for name in whole if name.endswith(("tfrecord", "jsonl"))]
    assert len(joined) == 4
    assert {name: whole[name] for name in joined} == {name: parts[name] for name in joined}


def test_a_project_without_richhfs_questions_is_told_which_are_missing(
    transactional_db: None, tmp_path: Path
) -> None:
    project = factories.project("custom")
    judged.question(project, "implausibility", "marks")

    with pytest.raises(Invalid) as refusal:
        made(project, "richhf", tmp_path / "out")

    assert refusal.value.reason == Reason(
        Code.QUESTIONS_MISSING,
        names=(
            "misalignment (marks)",
            "plausibility (rating)",
            "alignment (rating)",
            "aesthetics (rating)",
            "overall (rating)",
            "misaligned words (words)",
        ),
    )
