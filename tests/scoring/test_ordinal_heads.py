"""Ordinal heads: against a likelihood maximised directly, people left out by hand, planted worlds,
a folder of annotations trained whole.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.optimize import minimize

from scoring.arrays import Floats
from scoring.images import read_rgb
from scoring.rewards import command
from scoring.rewards.annotations import rating_rows
from scoring.rewards.feature_maps import feature_map
from scoring.rewards.model import RewardModel, load, read, save
from scoring.rewards.ordinal import GradeCounts, OrdinalHead, _derivatives, fitted, learnt
from scoring.rewards.rating_report import rating_report
from scoring.rewards.ratings import Ratings, held_out, one_out, pairs_within, ratings_of
from scoring.statistics.resampling import dense
from tests.scoring.embedded import efficientnet_lite0

GRADES = np.arange(1.0, 6.0)
PLANTED = OrdinalHead(
    1.5 * np.array([1.0, -0.5, 0.25, 0.0, 0.0, 0.0]), np.array([-2.0, -0.7, 0.6, 2.0]), GRADES, 1.0
)


def world(prompts: int, seed: int = 0, images: int = 4, people: int = 3) -> tuple[Ratings, Floats]:
    """Images of known worth rated by everybody, and their true rewards."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(prompts * images, 6))
    truth = PLANTED.rewards(features)
    rows = [
        {
            "prompt": f"prompt {at // images}", "item": str(at // images), "image": f"{at:04d}",
            "ratings": [(person, float(rng.choice(GRADES, p=shares))) for person in range(people)],
        }
        for at, shares in enumerate(PLANTED.shares(truth))
    ]  # fmt: skip
    return ratings_of(rows, {row["image"]: features[at] for at, row in enumerate(rows)}), truth


def test_it_is_what_the_likelihood_maximised_directly_gives() -> None:
    # Eight images, two features, counts over three grades; the likelihood as its definition says.
    x = np.array([[0, 1], [1, 0], [1, 1], [2, 0], [2, 1], [0, 2], [3, 1], [1, 3]], np.float64)
    counts = np.array(
        [[2, 1, 0], [1, 1, 1], [1, 2, 0], [0, 2, 1], [0, 1, 2], [3, 0, 0], [0, 0, 3], [2, 1, 0]],
        np.float64,
    )
    ridge = 0.5

    def less(at: Floats) -> float:
        w, cuts = at[:2], np.array([at[2], at[2] + np.exp(at[3])])
        below = 1 / (1 + np.exp(-(cuts[None] - (x @ w)[:, None])))
        shares = np.stack([below[:, 0], below[:, 1] - below[:, 0], 1 - below[:, 1]], axis=1)
        return float(-(counts * np.log(shares)).sum() + ridge / 2 * w @ w)

    exact = {"xatol": 1e-9, "fatol": 1e-13, "maxiter": 10_000, "maxfev": 10_000}
    best = minimize(less, np.zeros(4), method="Nelder-Mead", options=exact).x

    head = fitted(x, GradeCounts(counts, np.array([1.0, 2.0, 4.0]), np.arange(8)), ridge)

    assert head.weights == pytest.approx(best[:2], abs=1e-6)
    assert head.thresholds == pytest.approx([best[2], best[2] + np.exp(best[3])], abs=1e-6)
    share = head.shares(np.zeros(1))[0]
    assert head.expected(np.zeros(1)) == pytest.approx([share @ [1, 2, 4]])


def test_two_grades_and_no_features_to_speak_of_are_their_log_odds() -> None:
    head = fitted(np.zeros((2, 1)), GradeCounts(
        np.array([[3.0, 1.0], [3.0, 1.0]]), np.array([0.0, 1.0]), np.arange(2)), 1.0)  # fmt: skip

    assert head.weights == pytest.approx([0.0])
    assert head.thresholds == pytest.approx([np.log(3)])


def test_the_derivatives_are_the_numeric_ones() -> None:
    ratings, _ = world(5)
    x, counts = ratings.features, ratings.counts.counts
    at = np.append(np.linspace(-0.4, 0.6, 6), PLANTED.thresholds)

    def told(point: Floats) -> tuple[float, Floats, Floats]:
        return _derivatives(x, counts, point[:6], point[6:], 2.0)

    _, gradient, curvature = told(at)

    step = 1e-6 * np.eye(10)
    assert gradient == pytest.approx(
        [(told(at + e)[0] - told(at - e)[0]) / 2e-6 for e in step], abs=1e-5
    )
    for e, column in zip(step, curvature, strict=True):
        assert column == pytest.approx((told(at - e)[1] - told(at + e)[1]) / 2e-6, abs=1e-4)


def test_equal_ratings_are_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="all ratings are equal"):
        fitted(np.eye(2), GradeCounts(np.ones((2, 1)), np.array([3.0]), np.arange(2)), 1.0)


def test_standard_errors_are_what_weights_differ_by_from_prompts_to_prompts() -> None:
    worlds = [world(60, seed)[0] for seed in range(40)]
    heads = [learnt(one.features, one.counts) for one in worlds]

    told = np.mean([head.covariance for head in heads], axis=0)
    found = np.cov([head.weights for head in heads], rowvar=False)

    assert np.sqrt(np.diag(told)) == pytest.approx(np.sqrt(np.diag(found)), rel=0.35)


def test_each_person_is_held_against_the_mean_of_the_others() -> None:
    def row(image: str, *ratings: tuple[str, float], item: str = "1") -> dict[str, Any]:
        return {"prompt": "p", "item": item, "image": image, "ratings": ratings}

    ratings = ratings_of(
        [
            row("a", ("x", 1), ("y", 3), ("z", 5)),
            row("b", ("x", 2), ("y", 2)),
            row("c", ("x", 4)),
            # Seen again in another item: x's two ratings of b are one of 3.
            row("b", ("x", 4), item="2"),
        ],
        {name: np.zeros(1) for name in "abc"},
    )

    left = one_out(ratings)
    pairs = pairs_within(left, dense(ratings.prompts))

    found = sorted(zip(left.image, left.person, left.own, left.others, strict=True))
    assert found == [(0, 0, 1, 4), (0, 1, 3, 3), (0, 2, 5, 2), (1, 0, 3, 2), (1, 1, 2, 3)]
    assert list(ratings.means) == [3, pytest.approx(8 / 3), 4]
    # By x the others' are 4 and 2; by y both are 3, which is no pair; z has rated one image alone.
    [first], [second], [side] = pairs.first, pairs.second, pairs.side
    assert (left.person[first], left.person[second]) == (0, 0)
    assert side == (1 if left.image[first] == 0 else -1)


def test_a_planted_direction_is_found_and_comes_near_to_the_truth_itself() -> None:
    ratings, truth = world(120)
    chance = np.random.default_rng(1).normal(size=len(truth))

    report = rating_report(held_out(ratings), ratings, {"truth": truth, "chance": chance})

    head, best = report.correlation, report.metrics["truth"]
    assert head.value is not None
    assert best.value is not None
    assert best.value - head.value < 0.02
    assert report.person.value is not None
    assert head.value - report.person.value > 0.2
    assert report.metrics["chance"].interval is not None
    assert report.metrics["chance"].interval[0] < 0 < report.metrics["chance"].interval[1]
    assert report.not_better_than == ["truth"]
    assert report.accuracy.value is not None
    assert report.person_accuracy.value is not None
    assert report.accuracy.value > report.person_accuracy.value > 0.6
    assert report.metrics_accuracy["chance"].value == pytest.approx(0.5, abs=0.05)
    assert [round(point.votes) for point in report.curve] == [144, 288, 576, 1152]
    for told in report.calibration:
        assert told.observed.interval is not None
        low, high = told.observed.interval
        assert low - 0.1 < told.predicted < high + 0.1


def test_ratings_by_chance_are_told_no_better_than_chance() -> None:
    planted, _ = world(60)
    values = np.random.default_rng(5).choice(GRADES, size=len(planted.value))
    ratings = Ratings(
        planted.names, planted.items, planted.prompts, planted.features, planted.image,
        planted.person, values,
    )  # fmt: skip

    report = rating_report(held_out(ratings), ratings, {})

    # Of fold to fold the mean rating goes against what is held out: no more than a little below 0.
    assert report.correlation.interval is not None
    assert report.correlation.interval[0] < 0.02
    assert report.accuracy.interval is not None
    assert report.accuracy.interval[0] < 0.5 < report.accuracy.interval[1]


def test_a_model_is_read_as_it_was_saved(tmp_path: Path) -> None:
    ratings, _ = world(20)
    mapped = feature_map(ratings.features)
    model = RewardModel(
        "efficientnet-lite0/clean",
        mapped,
        {"looks": learnt(mapped(ratings.features), ratings.counts)},
    )

    save(model, tmp_path / "head")

    again = read(tmp_path / "head")
    head, kept = again.heads["looks"], model.heads["looks"]
    assert isinstance(head, OrdinalHead)
    assert isinstance(kept, OrdinalHead)
    assert np.array_equal(head.thresholds, kept.thresholds)
    assert np.array_equal(head.grades, GRADES)
    assert np.array_equal(head.covariance, kept.covariance)
    rewards = model.rewards(ratings.features)["looks"]
    assert np.array_equal(again.rewards(ratings.features)["looks"], rewards)


def line(person: str | None, answers: Any, **more: Any) -> dict[str, Any]:
    """As the export writes it, what is read of it."""
    images = [{"letter": letter, "file": f"images/{letter}.png"} for letter in "ab"]
    return {
        "annotator": person, "item": {"id": "1", "prompt": "a cat"}, "images": images,
        "answers": answers, "current": True, "counted": True, "state": "accepted",
        "imported": None, "override": None,
    } | more  # fmt: skip


def rated(a: float | None, b: float | None) -> dict[str, Any]:
    return {"looks": {"ratings": {"a": a, "b": b}}, "overall": {"choice": "a"}, "note": None}


def test_of_annotations_what_is_accepted_and_current_counts() -> None:
    lines = [
        line("x", rated(1, 2)),
        line("y", rated(5, 5), current=False),
        line("y", rated(4, None)),
        line("z", rated(3, 3), state="rejected"),
        line("z", rated(3, 3), state="submitted"),
        line(None, rated(2, 2), state=None, imported={"source": "csv", "count": 2}),
    ]

    a, b = rating_rows(lines)

    assert (a["prompt"], a["dimension"], a["image"]) == ("a cat", "looks", "images/a.png")
    assert [value for _, value in a["ratings"]] == [1, 4, 2, 2]
    assert [value for _, value in b["ratings"]] == [2, 2, 2]
    assert len({person for person, _ in a["ratings"]}) == 4
    override = line("lead", rated(5, 1), state=None, override="a slip")
    assert [row["ratings"] for row in rating_rows([*lines, override])] == [
        [("lead", 5)], [("lead", 1)],
    ]  # fmt: skip


def annotations(folder: Path, prompts: int) -> Path:
    """As the export writes them: two flat images of a prompt, rated 1 to 3 by how red they are."""
    rng = np.random.default_rng(11)
    (folder / "images").mkdir(parents=True)
    rows = []
    for prompt in range(prompts):
        images, values = [], {}
        for letter, grade in zip("ab", rng.permutation([1, 2, 3])[:2].tolist(), strict=True):
            name = f"images/{prompt}-{letter}.png"
            Image.new("RGB", (24, 24), (-40 + 80 * grade, 60, 90)).save(folder / name)
            images.append({"letter": letter, "file": name})
            values[letter] = grade
        for person in ("x", "y", "z"):
            answers = {"looks": {"ratings": values}}
            item = {"id": str(prompt), "prompt": f"a field {prompt}"}
            rows.append(line(person, answers, item=item, images=images))
    (folder / "annotations.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def test_a_folder_of_annotations_gives_a_model_that_orders_images_as_people_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = efficientnet_lite0(tmp_path)
    folder, out = annotations(tmp_path / "annotations", 30), tmp_path / "head"
    given = [str(folder), "--weights", str(weights), "--out", str(out), "--device", "cpu"]

    assert command.main(given) == 0

    shown = capsys.readouterr().out
    assert "- Rank correlation with the others' mean rating: 0.9" in shown
    assert "- One person against the others: 1.000 (1.000 to 1.000)." in shown
    assert "- Right about which of two images of a prompt the others rate higher: 100.0 %" in shown
    assert shown.strip() in (out / "README.md").read_text()
    report = json.loads((out / "report.json").read_text())["looks"]
    assert (report["images"], report["votes"], report["prompts"]) == (60, 180, 30)
    assert report["grades"] == [1, 2, 3]
    config = json.loads((out / "config.json").read_text())
    assert config["votes"] == {"looks": 180}
    images = [read_rgb(folder / f"images/0-{letter}.png") for letter in "ab"]
    first, second = load(out, weights=weights, device="cpu").score(images)["looks"]
    assert (first > second) == (images[0][0, 0, 0] > images[1][0, 0, 0])


def test_annotations_without_images_and_of_few_prompts_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--out", str(tmp_path / "head"), "--device", "cpu"]
    few = annotations(tmp_path / "few", 19)
    assert command.main([str(few), *given]) == 1
    assert "head_needs_prompts (least=20, n=19)" in capsys.readouterr().err

    path = few / "annotations.jsonl"
    path.write_text(path.read_text().replace('"images/0-a.png"', "null"))
    assert command.main([str(few), *given]) == 1
    assert "ask for it with `images`" in capsys.readouterr().err
