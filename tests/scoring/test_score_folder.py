"""A folder's images as a table, from the command line."""

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from scoring import score_folder
from scoring.images import read_rgb
from scoring.metrics.perceptual_hash import phash_bits


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for number, name in enumerate(("a.png", "b.png")):
        pixels = np.random.default_rng(number).integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / name)
    (folder / "c.png").write_bytes(b"no image")
    return folder


def test_every_image_has_a_line_with_its_prompt_and_why_a_value_is_missing(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = tmp_path / "prompts.csv"
    prompts.write_text("\ufefffile,prompt\r\na.png,“a cat”\r\n", encoding="utf-8")

    ended = score_folder.main(
        [str(images), "--prompts", str(prompts), "--metrics", "phash", "clip_score", "psnr",
         "--weights", str(tmp_path / "none"), "--device", "cpu"]
    )  # fmt: skip

    shown = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert ended == 0
    assert [(row["file"], row["prompt"]) for row in rows] == [("a.png", "“a cat”"), ("b.png", "")]
    assert rows[0]["phash"] == f"{phash_bits(read_rgb(images / 'a.png')):016x}"
    assert rows[0]["clip_score"] == rows[0]["psnr"] == ""
    assert "no_reference_image" in rows[0]["psnr.why"]
    assert "weights_missing" in rows[0]["clip_score.why"]
    assert "skipped: c.png" in shown.err


def test_references_are_those_of_the_same_name_and_parquet_holds_numbers(
    images: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scores.parquet"

    ended = score_folder.main(
        [str(images), "--references", str(images), "--metrics", "ssim", "--out", str(out),
         "--device", "cpu", "--batch", "1"]
    )  # fmt: skip

    assert ended == 0
    assert pq.read_table(out)["ssim"].to_pylist() == [pytest.approx(1.0)] * 2


def test_edits_are_measured_against_sources_and_masks_of_the_same_name(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources, masks = tmp_path / "sources", tmp_path / "masks"
    sources.mkdir()
    masks.mkdir()
    pixels = read_rgb(images / "a.png").copy()
    pixels[:, :16] = 255 - pixels[:, :16]
    Image.fromarray(pixels).save(sources / "a.png")
    mask = np.zeros((24, 32), dtype=np.uint8)
    mask[:, :16] = 255
    Image.fromarray(mask).save(masks / "a.png")

    ended = score_folder.main(
        [str(images), "--sources", str(sources), "--masks", str(masks), "--device", "cpu",
         "--metrics", "psnr_outside_mask", "ssim_outside_mask"]
    )  # fmt: skip

    first, second = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert ended == 0
    assert first["psnr_outside_mask"] == "inf"
    assert -1 < float(first["ssim_outside_mask"]) < 1  # windows reach five pixels across the edge
    assert (second["psnr_outside_mask"], second["psnr_outside_mask.why"]) == (
        "", "no_source_image",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "scores.txt"], "none of .csv, .parquet"),
        (["--prompts", "PROMPTS"], "no column file"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    words: list[str], said: str, images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "PROMPTS").write_text("image,prompt\na.png,x\n")
    given = [str(tmp_path / word) if word == "PROMPTS" else word for word in words]

    assert score_folder.main([str(images), "--metrics", "phash", *given, "--device", "cpu"]) == 1
    assert said in capsys.readouterr().err
