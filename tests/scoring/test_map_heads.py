"""Map heads: likeness by hand, a ridge by its normal equations, a planted world, a folder whole."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.metrics import efficientnet
from scoring.rewards import command
from scoring.rewards.maps import head as heads
from scoring.rewards.maps.head import GRID, SIDE, enlarged, learnt, shrunk
from scoring.rewards.maps.likeness import auc_judd, cc, kld
from scoring.rewards.maps.model import load, read
from scoring.rewards.maps.people import MarkedImage, drawn, marked_images
from scoring.rewards.maps.training import learnt_and_judged
from scoring.statistics.estimate import Estimate
from tests.scoring.embedded import efficientnet_lite0


def test_likeness_is_what_its_formulas_come_to_by_hand() -> None:
    told, truth = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])

    # Beyond the means: (-1.5, -0.5, 0.5, 1.5) and (-1, -1, -1, 3) / 4, whose squares sum to 5, 3/4.
    assert cc(told, truth) == pytest.approx(1.5 / math.sqrt(5 * 0.75))
    assert cc(np.ones((2, 2)), truth) == 0
    # All of the truth is where the told map has four tenths.
    assert kld(told, truth) == pytest.approx(math.log(1 / 0.4))
    assert kld(truth, truth) == pytest.approx(0)
    assert kld(np.zeros((2, 2)), truth) == pytest.approx(math.log(4))
    # The one mark lies above two of three others; of the flat map all are equal.
    assert auc_judd(told, np.array([[0.1, 0.9]])) == pytest.approx(2 / 3)
    assert auc_judd(np.ones((2, 2)), np.array([[0.1, 0.9]])) == 0.5
    assert math.isnan(auc_judd(told, np.zeros((0, 2))))


def test_a_grid_is_enlarged_between_its_cells_centres_and_shrunk_to_their_means() -> None:
    slope = np.tile(np.arange(GRID, dtype=np.float64), (1, GRID, 1)).reshape(1, GRID, GRID)

    large = enlarged(slope)

    # Pixel centres lie at (i + 1/2) / 8 of a cell, cells' centres at halves; flat beyond the ends.
    expected = np.clip((np.arange(SIDE) + 0.5) / 8 - 0.5, 0, GRID - 1)
    assert large.shape == (1, SIDE, SIDE)
    assert large[0, 30] == pytest.approx(expected)
    assert shrunk(np.repeat(np.repeat(slope, 8, axis=1), 8, axis=2)) == pytest.approx(
        slope.reshape(1, -1)
    )


def test_the_ridge_bears_on_weights_and_not_on_the_intercept() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(5, 49, 3)) + 4, rng.normal(size=(5, 49))

    [(weights, intercept)] = heads._ridges(x, y, (7.0,))

    # The normal equations, a column of ones bearing no ridge.
    design = np.column_stack([x.reshape(-1, 3), np.ones(245)])
    solved = np.linalg.solve(design.T @ design + np.diag([7, 7, 7, 0]), design.T @ y.reshape(-1))
    assert [*weights, intercept] == pytest.approx(solved)


def world(prompts: int, seed: int = 0) -> tuple[list[MarkedImage], Any]:
    """Two images a prompt with a flaw in a cell, told by a feature; two of three people see it."""
    rng = np.random.default_rng(seed)
    cells = rng.normal(size=(2 * prompts, GRID**2, 6)) * 0.3
    marked = []
    for at in range(2 * prompts):
        row, column = rng.integers(GRID, size=2)
        cells[at, row * GRID + column, 0] += 3
        centre = (np.array([column, row]) + 0.5) / GRID
        people = [np.clip(centre + rng.normal(size=(1, 2)) * 0.02, 0, 1) for _ in range(2)]
        marked.append(MarkedImage(str(at), f"prompt {at // 2}", [*people, np.zeros((0, 2))]))
    return marked, cells


def _known(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def test_a_planted_flaw_is_found_where_a_mean_map_knows_nothing() -> None:
    marked, cells = world(40)

    head, report = learnt_and_judged(marked, cells)

    assert (report.images, report.people, report.prompts) == (80, 240, 40)
    # What is bilinear over a cell is not as sharp as a Gaussian of a person.
    assert _known(report.head.cc) > 0.5
    assert _known(report.head.auc) > 0.97
    assert _known(report.head.kld) < _known(report.mean_map.kld)
    assert report.beyond.interval is not None
    assert report.beyond.interval[0] > 0.4
    # Who marks nothing tells no place: a third of the people.
    assert 0.3 < _known(report.person.cc) < 0.67
    hottest = head.heat(cells).reshape(80, -1).argmax(axis=1)
    truth = np.stack([drawn(one.people) for one in marked]).reshape(80, -1).argmax(axis=1)
    apart = np.hypot(*(np.subtract(*np.divmod([hottest, truth], SIDE)[axis]) for axis in (0, 1)))
    assert np.median(apart) < SIDE / GRID


def test_marks_by_chance_are_told_no_better_than_by_the_mean_map() -> None:
    marked, cells = world(40)
    others = np.random.default_rng(9).normal(size=cells.shape)

    _, report = learnt_and_judged(marked, others)

    assert report.beyond.interval is not None
    assert report.beyond.interval[0] < 0 < report.beyond.interval[1] + 0.01


def test_equal_features_give_a_flat_map() -> None:
    heat = np.full((4, GRID**2), 0.25)

    head = learnt(np.ones((4, GRID**2, 3)), heat, np.arange(4))

    assert head.heat(np.ones((1, GRID**2, 3))) == pytest.approx(np.full((1, SIDE, SIDE), 0.25))


def test_the_grids_mean_is_the_features(tmp_path: Path) -> None:
    engine = Engine(weights_root=efficientnet_lite0(tmp_path), device="cpu")
    image = np.random.default_rng(0).integers(256, size=(40, 60, 3)).astype(np.uint8)

    grid = efficientnet.grid([image], engine)

    assert grid.shape == (1, 49, 1280)
    assert grid.mean(axis=1) == pytest.approx(efficientnet.features([image], engine), abs=1e-5)


def heatmaps(folder: Path, prompts: int) -> Path:
    """As the export writes them: a red square on grey, which everybody marks."""
    rng = np.random.default_rng(3)
    (folder / "images").mkdir(parents=True)
    maps, points = [], []
    for prompt in range(prompts):
        left, top = rng.integers(0, 4, size=2) * 32
        image = Image.new("RGB", (128, 128), (120, 120, 120))
        image.paste((250, 20, 20), (left, top, left + 32, top + 32))
        name = f"images/{prompt}.png"
        image.save(folder / name)
        which = {"item": str(prompt), "letter": "a", "flaw": "implausibility"}
        maps.append(which | {"prompt": f"a field {prompt}", "image": name})
        mark = {"x": (left + 16) / 128, "y": (top + 16) / 128}
        points += [which | {"marks": [mark]} for _ in range(3)]
        points.append(which | {"regions": []})
    for file, rows in (("heatmaps.jsonl", maps), ("points.jsonl", points)):
        (folder / file).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def test_a_folder_of_heatmaps_gives_maps_that_find_what_people_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights, out = efficientnet_lite0(tmp_path), tmp_path / "head"
    folder = heatmaps(tmp_path / "heatmaps", 24)
    given = [str(folder), "--weights", str(weights), "--out", str(out), "--device", "cpu"]

    assert command.main(given) == 0

    shown = capsys.readouterr().out
    assert "| One person | 1.000 (1.000 to 1.000) |" in shown
    assert shown.strip() in (out / "MAPS.md").read_text()
    report = json.loads((out / "maps_report.json").read_text())["implausibility"]
    assert (report["images"], report["people"], report["prompts"]) == (24, 72, 24)
    assert report["beyond"]["interval"][0] > 0
    assert report["head"]["auc"]["value"] > 0.8
    assert list(read(out)) == ["implausibility"]
    [heat] = load(out, weights=weights, device="cpu").maps([read_rgb(folder / "images/0.png")])[
        "implausibility"
    ]
    [mark] = marked_images(
        [json.loads((folder / "heatmaps.jsonl").read_text().split("\n")[0])],
        [json.loads((folder / "points.jsonl").read_text().split("\n")[0])],
    )["implausibility"]
    assert auc_judd(heat, mark.people[0]) > 0.9


def test_few_prompts_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = heatmaps(tmp_path / "few", 19)

    assert command.main([str(few), "--out", str(tmp_path / "head"), "--device", "cpu"]) == 1

    assert "head_needs_prompts (least=20, n=19)" in capsys.readouterr().err
