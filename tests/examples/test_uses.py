"""What is done with an export or a reward model, on small worlds with right answers."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from annotator.projects.models import Project
from examples import best_of_n, choose_model, clean_training_set, inpaint_bad_region, refl
from scoring.rewards import command
from scoring.rewards.model import Loaded, load
from tests.rooms.exported import batch, flawed, made, pair_project, voted
from tests.rooms.test_exports_richhf import project as richhf_project  # noqa: F401 - a fixture
from tests.scoring.embedded import efficientnet_lite0
from tests.scoring.test_reward_heads import preferences


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A reward model of people who prefer more red."""
    folder = tmp_path_factory.mktemp("head")
    weights = efficientnet_lite0(tmp_path_factory.mktemp("weights"))
    pairs, head = preferences(folder / "preferences", 30), folder / "head"
    given = [str(pairs), "--weights", str(weights), "--out", str(head), "--device", "cpu"]
    assert command.main(given) == 0
    return load(head, weights=weights, device="cpu")


def red(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (24, 24), (value, 60, 90)).save(path)


def test_the_best_of_each_prompt_is_the_one_that_people_like(
    scorer: Loaded, tmp_path: Path
) -> None:
    for name, value in {"1": 120, "2": 200, "3": 40}.items():
        red(tmp_path / "a field" / f"{name}.png", value)
    red(tmp_path / "alone" / "only.png", 40)
    (tmp_path / "empty").mkdir()

    field, alone = best_of_n.best_of_each(scorer, tmp_path, "overall")

    assert (field.prompt, field.image.name) == ("a field", "2.png")
    assert 0.5 < field.chance < 1
    assert (alone.image.name, alone.chance) == ("only.png", 1.0)
    assert alone.reward < field.reward


def test_a_denoiser_learns_to_make_what_people_like(
    scorer: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    images = [np.full((40, 56, 3), (value, 60, 90), np.uint8) for value in (40, 200)]
    pixels = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 255
    pixels.requires_grad_()
    reward = refl.Reward(scorer, "overall")

    told = reward(pixels)
    told.sum().backward()

    # The same numbers as without gradients, and a small step along these gains what they say.
    assert told.tolist() == pytest.approx(scorer.score(images)["overall"].tolist(), abs=1e-3)
    assert told[1] > told[0]
    assert pixels.grad is not None
    length = float(pixels.grad.norm())
    with torch.no_grad():
        more = reward(pixels + 0.01 * pixels.grad / length).sum() - told.sum()
    assert float(more) == pytest.approx(0.01 * length, rel=0.2)

    torch.manual_seed(0)
    batches = refl.train(refl.Denoiser(), reward, torch.rand(2, 3, 32, 32), steps=12, lr=0.02)
    assert np.mean(batches[-3:]) > np.mean(batches[:3]) + 0.3


def test_what_a_reward_model_likes_least_is_dropped_and_shown(
    scorer: Loaded, tmp_path: Path
) -> None:
    names = {"good.png": 200, "so & so.png": 120, "deep/<b>bad.png": 40}
    for name, value in names.items():
        red(tmp_path / "set" / name, value)

    found = clean_training_set.scored(scorer, tmp_path / "set", "overall")
    counts = clean_training_set.write(found, tmp_path / "set", tmp_path / "out", keep=0.6)

    assert counts == (2, 1)
    assert (tmp_path / "out/kept.txt").read_text() == "good.png\nso & so.png\n"
    assert (tmp_path / "out/dropped.txt").read_text() == "deep/<b>bad.png\n"
    page = (tmp_path / "out/gallery.html").read_text()
    assert "&lt;b&gt;bad.png" in page
    assert "<b>" not in page
    assert 'src="../set/deep/%3Cb%3Ebad.png"' in page


def test_a_board_says_whether_the_first_place_is_settled(
    transactional_db: None, tmp_path: Path
) -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(12):
        voted(project, in_batch, str(number), "aaa" if number < 9 else "bba")

    board = choose_model.board_of(
        *choose_model.read(made(project, "preferences", tmp_path / "out", images=False), "overall")
    )

    # Of 36 votes painter has 9 * 3 + 3 * 1.
    assert [(one.generator, one.rate) for one in board.standings] == [
        ("painter", pytest.approx(30 / 36)), ("drawer", pytest.approx(6 / 36)),
    ]  # fmt: skip
    assert board.standings[0].low < 30 / 36 < board.standings[0].high
    assert board.sentence == "Take painter: people prefer it."
    won, shown = np.array([[3.0, 0.0], [1.0, 2.0]]), np.array([[3.0, 3.0], [3.0, 3.0]])
    even = choose_model.board_of(["painter", "drawer"], won, shown)
    assert even.sentence == "Not settled between painter and drawer: ask more people."


def test_what_people_marked_is_painted_anew_and_nothing_else(
    richhf_project: Project,  # noqa: F811
    tmp_path: Path,
) -> None:
    flawed(richhf_project)
    folder = made(
        richhf_project, "heatmaps", tmp_path / "out",
        size=16, sigma="px", sigma_px=2.0, images=True,
    )  # fmt: skip
    with (folder / "heatmaps.jsonl").open() as lines:
        (row,) = (row for row in map(json.loads, lines) if row["marked"])

    before, after, mask = inpaint_bad_region.mend(
        folder, row, inpaint_bad_region.tiny(), threshold=0.5, steps=5
    )

    # Two of three marked pixel (2, 2), one (6, 6): the peaks are 2/3 and 1/3.
    assert mask[2, 2]
    assert not mask[6, 6]
    assert 0 < mask.sum() < mask.size / 2
    assert np.array_equal(after[~mask], before[~mask])
    assert not np.array_equal(after[mask], before[mask])
