"""Folders of images from the command line: statistics, distances, path lengths, in words."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scoring.engine import Engine
from scoring.folder import main
from scoring.images import read_rgb
from scoring.measure import features
from scoring.metric_functions import Subject
from scoring.metrics.sets.gathering import gather, images_in
from scoring.metrics.sets.resizing import Resize
from scoring.statistics.feature_statistics import read_statistics, write_statistics
from tests.scoring.inceptions import REGISTRY, inception_engine, write_random_inception
from tests.scoring.sets import nuclear_distance, pytorch_fid_distance, statistics

GENERATOR = "tests.scoring.test_folder:generate"


def generate(latents):  # type: ignore[no-untyped-def]
    return latents[:, :3, None, None].expand(-1, 3, 16, 16)


def write_images(folder: Path, n: int, seed: int) -> None:
    """Of several sizes and formats."""
    rng = np.random.default_rng(seed)
    folder.mkdir()
    for i in range(n):
        pixels = rng.integers(0, 256, (20 + 9 * i, 30 + 5 * i, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{i}.{['png', 'JPG', 'webp'][i % 3]}")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``weights`` with a random Inception, ``a`` of three images and ``b`` of two."""
    root = tmp_path_factory.mktemp("folders")
    write_random_inception(root / "weights")
    write_images(root / "a", 3, 1)
    write_images(root / "b", 2, 2)
    (root / "a" / "broken.png").write_bytes(b"\x89PNG cut short")
    (root / "a" / "words.txt").write_text("no image")
    (root / "a" / "within").mkdir()
    return root


def run(root: Path, *arguments: str | Path) -> int:
    words = [str(argument) for argument in arguments]
    return main([*words, "--weights", str(root / "weights")], registry=REGISTRY)


def test_a_folder_is_compared_with_a_file_of_anothers_statistics(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "statistics", root / "b", tmp_path / "b.npz", "--batch", "2") == 0
    capsys.readouterr()

    code = run(root, "compare", root / "a", tmp_path / "b.npz", "--metrics", "fid", "--batch", "3")

    said = capsys.readouterr()
    assert code == 0
    assert said.err.startswith("skipped: ")
    assert "broken.png: image_unreadable (error=UnidentifiedImageError" in said.err
    name, value, *beside = said.out.split()
    assert name == "fid"
    assert beside[:3] == ["n=3", "n_reference=2", "network=inception-2015-12-05/pytorch"]
    assert "warning: singular_covariance (dimensions=2048" in said.out
    # The same features one by one, in order, and another form of the distance.
    engine = inception_engine(root / "weights")
    rows, others = (
        features("inception-2015-12-05/pytorch", subjects_of(root / folder), engine)
        for folder in ("a", "b")
    )
    assert float(value) == pytest.approx(nuclear_distance(rows, others), rel=1e-5)
    read = read_statistics(tmp_path / "b.npz")
    assert (read.n, read.extractor, read.resize) == (2, "inception-2015-12-05", "pytorch")
    assert read.mu == pytest.approx(others.mean(axis=0), rel=1e-4, abs=1e-5)


def subjects_of(folder: Path) -> list[Subject]:
    return [Subject(read_rgb(f)) for f in images_in(folder) if f.stem != "broken"]


def test_one_decoding_serves_several_ways_of_resizing(root: Path) -> None:
    engine = inception_engine(root / "weights")

    gathered = gather(images_in(root / "b"), [Resize.CLEAN, Resize.TENSORFLOW], engine)

    assert {way: one.n for way, one in gathered.sets.items()} == {
        Resize.CLEAN: 2,
        Resize.TENSORFLOW: 2,
    }
    assert gathered.sets[Resize.CLEAN].network == "inception-2015-12-05/clean"
    assert not np.allclose(*(one.moments.mean for one in gathered.sets.values()), rtol=1e-4)


def test_two_files_are_compared_without_any_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    for name in ("a", "b"):
        write_statistics(statistics(rng.random((9, 4))), tmp_path / f"{name}.npz")

    code = run(tmp_path, "compare", tmp_path / "a.npz", tmp_path / "b.npz")

    assert code == 0
    expected = pytorch_fid_distance(
        *(read_statistics(tmp_path / f"{name}.npz") for name in ("a", "b"))
    )
    assert float(capsys.readouterr().out.split()[1]) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["compare", "{root}/a", "{root}/b"], "weights_missing (file=inception/"),
        (["compare", "{root}/nowhere", "{root}/b"], "is no folder"),
        (["compare", "{root}/a/within", "{root}/b"], "holds no images"),
        (["statistics", "{root}/a", "{root}/a/words.txt"], "is there already"),
        (["ppl", "nothing_of_that_name:f", "--dimensions", "3"], "No module named"),
        (["ppl", "scoring.folder", "--dimensions", "3"], "names no callable"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    code = run(tmp_path, *(argument.format(root=root) for argument in arguments))

    said = capsys.readouterr()
    assert code == 1
    assert why in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_generator_that_can_be_called_has_a_path_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.scoring.backbones import UNHASHED, random_backbones  # noqa: PLC0415 - wants torchvision

    random_backbones(tmp_path)
    arguments = ["ppl", GENERATOR, "--dimensions", "3", "--samples", "6", "--epsilon", "0.01"]

    code = main([*arguments, "--weights", str(tmp_path)], registry=UNHASHED)

    said = capsys.readouterr().out.split()
    assert code == 0
    assert said[0] == "ppl"
    assert float(said[1]) > 0
    assert said[3:7] == ["n=6", "kept=6", "space=z", "sampling=full"]


def test_an_image_cut_short_in_the_middle_of_a_batch_costs_nobody_else(
    root: Path, tmp_path: Path
) -> None:
    files = images_in(root / "b")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes((root / "a" / "1.JPG").read_bytes()[:400])
    engine: Engine = inception_engine(root / "weights", batch=2)

    gathered = gather([files[0], cut, *files[1:]], [Resize.PYTORCH], engine, workers=2)

    assert [broken.file for broken in gathered.broken] == [cut]
    assert gathered.sets[Resize.PYTORCH].n == 2
