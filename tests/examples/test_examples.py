"""Each example opens a real export and finds in it what was judged."""

import gc
import warnings
from pathlib import Path

import numpy as np
import pytest

import tests.references  # noqa: F401 - before datasets and trl, which look for torchvision
from annotator.projects.models import Project
from examples import (
    diffusion_dpo,
    hf_dataset,
    imagereward_pairs,
    richhf_reader,
    trl_dpo,
    webdataset_reader,
)
from tests.rooms.exported import batch, made, pair_project, voted
from tests.rooms.test_exports_richhf import judged_image
from tests.rooms.test_exports_richhf import project as richhf_project  # noqa: F401 - a fixture


@pytest.fixture
def project(transactional_db: None) -> Project:
    """Three items: a won by all, b by two of three, a tie."""
    project = pair_project()
    in_batch = batch(project)
    for key, choices in {"1": "aaa", "2": "bba", "3": "ttt"}.items():
        voted(project, in_batch, key, choices)
    return project


def test_diffusion_dpo_batches_have_the_preferred_image_first(
    project: Project, tmp_path: Path
) -> None:
    folder = made(project, "diffusion-dpo", tmp_path / "out", split="100/0/0")

    (found,) = diffusion_dpo.batches(folder, "train", resolution=8, batch=4)

    assert tuple(found["pixel_values"].shape) == (2, 6, 8, 8)
    assert sorted(found["captions"]) == ["prompt of 1", "prompt of 2"]
    # tests/judged.py paints the image of place 0 with green 0, that of place 1 with green 20.
    greens = dict(zip(found["captions"], found["pixel_values"][:, [1, 4], 0, 0], strict=True))
    level = 20 / 127.5 - 1
    assert greens["prompt of 1"].tolist() == pytest.approx([-1, level])
    assert greens["prompt of 2"].tolist() == pytest.approx([level, -1])


def test_imagereward_rankings_become_strict_pairs(project: Project, tmp_path: Path) -> None:
    folder = made(project, "imagereward", tmp_path / "out", split="100/0/0")

    pairs = list(imagereward_pairs.pairs_in(folder, "train"))

    assert [pair.prompt for pair in pairs] == ["prompt of 1", "prompt of 2"]
    assert all(pair.better.is_file() and pair.worse.is_file() for pair in pairs)
    assert list(imagereward_pairs.pairs_in(folder, "test")) == []


def test_trl_rows_are_conversations_with_two_images(project: Project, tmp_path: Path) -> None:
    folder = made(project, "trl", tmp_path / "out", split="100/0/0")

    rows = trl_dpo.rows(folder, "train")

    assert len(rows) == 2
    messages = trl_dpo.prepared(rows[0])
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert [part["type"] for part in messages[0]["content"]] == ["image", "image", "text"]


def test_hf_datasets_open_with_their_images(project: Project, tmp_path: Path) -> None:
    folder = made(project, "hf-dataset", tmp_path / "out", split="100/0/0")

    splits = hf_dataset.opened(folder)

    assert {name: len(rows) for name, rows in splits.items()} == {"train": 3}
    lines = [hf_dataset.shown(value) for value in splits["train"][0].values()]
    assert any("8 × 8" in line or line == "2 images" for line in lines)


def test_webdataset_samples_have_an_image_a_letter(project: Project, tmp_path: Path) -> None:
    folder = made(project, "webdataset", tmp_path / "out", split="100/0/0")

    with warnings.catch_warnings():
        # webdataset leaves its tars to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        samples = list(webdataset_reader.samples(folder))
        again = list(webdataset_reader.samples(folder, shuffled=10))
        gc.collect()

    assert [sample["json"]["prompt"] for sample in samples] == [
        "prompt of 1",
        "prompt of 2",
        "prompt of 3",
    ]
    assert {sample["a.png"].size for sample in samples} == {(8, 8)}
    assert {one["__key__"] for one in again} == {one["__key__"] for one in samples}


def test_richhf_samples_come_with_prompt_and_image(
    richhf_project: Project,  # noqa: F811
    tmp_path: Path,
) -> None:
    judged_image(richhf_project, batch(richhf_project), "1", "two red cats")
    folder = made(richhf_project, "richhf", tmp_path / "out", split="0/100/0")

    (sample,) = richhf_reader.samples(folder, "dev")

    assert (sample.prompt, sample.labelled_prompt) == ("two red cats", "two red_0 cats")
    assert sample.scores["overall_score"] == pytest.approx(2.5 / 3)
    assert sample.image.size == (8, 8)
    assert np.count_nonzero(sample.artifact_map) == 2061
    assert sample.artifact_map.max() == pytest.approx(1 / 3)
    assert not sample.misalignment_map.any()
