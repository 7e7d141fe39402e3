"""Reward heads: known strengths, votes left out by hand, planted worlds, a folder trained whole."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scoring.arrays import Floats
from scoring.images import read_rgb
from scoring.rewards import command
from scoring.rewards.cross_fitting import Pairs, held_out
from scoring.rewards.feature_maps import feature_map
from scoring.rewards.groups import PairLabels, by_group, labels_of
from scoring.rewards.head import _derivatives, covariance, fitted, learnt, outcomes
from scoring.rewards.model import RewardModel, load, read, save
from scoring.rewards.report import report_of
from scoring.rewards.votes import PairVotes, leave_one_out, pair_votes
from tests.scoring.embedded import efficientnet_lite0
from tests.scoring.goldens import golden

ALIKE = PairLabels([], [])
DIRECTION = np.array([1.0, -0.5, 0.25, 0.0, 0.0, 0.0])


def world(
    prompts: int, seed: int = 0, images: int = 4, votes: int = 3, tie: float = math.log(0.5)
) -> tuple[Pairs, Floats]:
    """Images of known worth: votes on every pair of each prompt, and the true differences."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(prompts * images, len(DIRECTION)))
    place = np.arange(prompts * images).reshape(prompts, images)
    i, j = np.triu_indices(images, 1)
    first, second = place[:, i].reshape(-1), place[:, j].reshape(-1)
    truth = 1.5 * (features[first] - features[second]) @ DIRECTION
    counts = np.array([rng.multinomial(votes, shares) for shares in outcomes(truth, tie)])
    told = pair_votes(*counts.T, np.repeat(np.arange(prompts), len(i)))
    return Pairs(features, first, second, told, told), truth


@pytest.mark.parametrize(("given_", "expected"), golden("strengths"))
def test_of_features_that_name_the_generator_the_weights_are_the_known_strengths(
    given_: dict[str, Any], expected: dict[str, Any]
) -> None:
    wins = np.asarray(given_["wins"], np.float64)
    ties = np.zeros_like(wins) if given_["ties"] is None else np.asarray(given_["ties"], np.float64)
    i, j = np.triu_indices(len(wins), 1)
    each = np.eye(len(wins))
    votes = pair_votes(wins[i, j], ties[i, j], wins[j, i], np.zeros(len(i)))

    head = fitted(each[i] - each[j], votes, 1e-6)

    assert head.weights == pytest.approx(expected["theta"], abs=1e-4)
    assert math.exp(head.tie) == pytest.approx(expected["nu"], abs=1e-4)


def test_the_ridge_weighs_against_three_votes_of_four_as_computed_by_hand() -> None:
    # 4 (3/4 - σ(w)) = λ w: with λ = 1 by bisection.
    head = fitted(np.array([[1.0]]), pair_votes([3], [0], [1], ["p"]), 1.0)

    [weight] = head.weights
    assert weight == pytest.approx(4 * (0.75 - 1 / (1 + math.exp(-weight))), abs=1e-9)
    assert weight == pytest.approx(0.505240, abs=1e-6)
    assert head.tie == -math.inf


def test_the_gradient_is_the_numeric_one() -> None:
    pairs, _ = world(3)
    x = pairs.features[pairs.first] - pairs.features[pairs.second]
    at = np.append(np.linspace(-0.4, 0.6, 6), 0.3)

    def value(point: Floats) -> float:
        return _derivatives(x, pairs.votes, point[:6], float(point[6]), 2.0)[0]

    _, gradient, curvature = _derivatives(x, pairs.votes, at[:6], 0.3, 2.0)
    step = 1e-6 * np.eye(7)
    assert gradient == pytest.approx(
        [(value(at + e) - value(at - e)) / 2e-6 for e in step], abs=1e-5
    )
    for e, column in zip(step, curvature, strict=True):
        up, down = (
            _derivatives(x, pairs.votes, point[:6], float(point[6]), 2.0)[1]
            for point in (at + e, at - e)
        )
        assert column == pytest.approx((down - up) / 2e-6, abs=1e-4)


def test_standard_errors_are_what_weights_differ_by_from_prompts_to_prompts() -> None:
    # Six pairs of a prompt share its images, so that votes on them go together.
    heads = [learnt_of(world(60, seed)[0]) for seed in range(60)]

    told = np.mean([head.covariance for head in heads], axis=0)
    found = np.cov([head.weights for head in heads], rowvar=False)

    assert np.sqrt(np.diag(told)) == pytest.approx(np.sqrt(np.diag(found)), rel=0.3)
    x = np.array([[1.0, 0, 0, 0, 0, -1.0]])
    [error] = heads[0].standard_errors(x)
    assert error == pytest.approx(math.sqrt((x @ heads[0].covariance @ x.T).item()))


def learnt_of(pairs: Pairs) -> Any:
    x = pairs.features[pairs.first] - pairs.features[pairs.second]
    head = fitted(x, pairs.votes, 0.1)
    return replace(head, covariance=covariance(head, x, pairs.votes))


def test_of_one_prompt_no_standard_error_is_known() -> None:
    head = learnt(np.array([[1.0]]), pair_votes([3], [0], [1], ["p"]))

    assert head.standard_errors(np.array([[1.0]])) is None


def test_swapping_both_images_of_every_pair_changes_nothing() -> None:
    pairs, _ = world(10)
    x = pairs.features[pairs.first] - pairs.features[pairs.second]
    votes = pairs.votes
    swapped = PairVotes(votes.lost, votes.tied, votes.won, votes.prompts)

    assert fitted(-x, swapped, 1.0).weights == pytest.approx(fitted(x, votes, 1.0).weights)


def test_nobody_who_prefers_anything_is_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="no votes for either image"):
        fitted(np.array([[1.0]]), pair_votes([0], [3], [0], ["p"]), 1.0)


def test_each_vote_is_held_against_what_more_of_the_others_prefer() -> None:
    # 3 : 0; 2 : 1; two and a tie; 1 : 1 and a tie; one alone; 0 : 2.
    left = leave_one_out(
        pair_votes([3, 2, 2, 1, 1, 0], [0, 0, 1, 1, 0, 0], [0, 1, 0, 1, 0, 2], range(6))
    )

    found = sorted(zip(left.pair, left.own, left.others, left.n, strict=True))
    assert found == [
        (0, 1, 1, 3),
        (1, -1, 1, 1),  # the two others are for the first; each of these two has one of each beside
        (2, 0, 1, 1),
        (2, 1, 1, 2),
        (3, -1, 1, 1),
        (3, 1, -1, 1),
        (5, -1, -1, 2),
    ]


def test_features_are_made_few_at_one_scale_and_alike_on_every_machine() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(400, 5)) @ np.diag([9.0, 3.0, 1.0, 0.0, 0.0]) + 7

    mapped = feature_map(rows)

    found = mapped(rows)
    assert found.shape == (400, 3)
    assert found.mean(axis=0) == pytest.approx(0, abs=1e-12)
    spread = found.var(axis=0)
    assert spread.mean() == pytest.approx(1)
    assert list(spread) == sorted(spread, reverse=True)
    assert all(axis[np.abs(axis).argmax()] > 0 for axis in mapped.axes.T)
    # Of 8 images two components at most: more would only name the images.
    assert feature_map(rows[:8]).axes.shape == (5, 2)


def test_a_planted_direction_is_found_and_comes_near_to_the_truth_itself() -> None:
    pairs, truth = world(120)

    report = report_of(held_out(pairs), pairs.votes, {"truth": truth, "nothing": 0 * truth}, ALIKE)

    head, best = report.accuracy, report.metrics["truth"]
    assert head.value is not None
    assert best.value is not None
    assert head.interval is not None
    assert best.value - head.value < 0.02
    assert report.metrics["nothing"].value == 0.5
    assert report.not_better_than == ["truth"]
    assert report.person.value is not None
    assert report.person.value < head.value
    assert [round(point.votes) for point in report.curve] == [216, 432, 864, 1728]
    for told in report.calibration:
        assert told.observed.interval is not None
        low, high = told.observed.interval
        assert low - 0.05 < told.predicted < high + 0.05


def test_each_group_is_told_on_its_own_votes_and_a_small_one_without_an_interval() -> None:
    # Two prompts of animals with three and two votes alike; one of text, where one vote differs.
    votes = pair_votes([3, 2, 2], [0, 0, 0], [0, 0, 1], ["cat", "dog", "sign"])
    left = leave_one_out(votes)
    prompt = votes.prompts[left.pair]
    # The head is right about the cat, not about the dog, and nobody knows of the sign.
    head = np.array([1.0, 0.0, np.nan])[left.pair]
    person = (1 + left.own * left.others) / 2
    labels = [("animals",), ("animals",), ("text",)]

    animals, text = by_group(labels, left, prompt, head=head, person=person)

    assert (animals.names, animals.prompts, animals.accuracy.n) == (("animals",), 2, 5)
    assert (animals.accuracy.value, animals.person.value) == (0.6, 1.0)
    assert (text.names, text.prompts, text.accuracy.n) == (("text",), 0, 0)
    assert text.accuracy.value is text.person.value is None
    [alike] = by_group([("all",)] * 3, left, prompt, head=person, person=person)
    # Of the sign the one vote against the two others is wrong, and the two are held against a tie.
    assert alike.accuracy == alike.person
    assert (alike.accuracy.value, alike.accuracy.n) == (5 / 6, 6)
    assert alike.accuracy.interval is None
    assert alike.accuracy.no_interval is not None
    assert by_group([], left, prompt, head=head, person=person) == []


def test_the_items_category_comes_before_its_images_and_generators_have_one_order() -> None:
    def row(item: object, image: object) -> dict[str, Any]:
        meta = {"chosen": {}, "rejected": {"category": image}, "item": {"category": item}}
        return {"generators": {"chosen": "potter", "rejected": "painter"}, "meta": meta}

    labels = labels_of([row("animals", "text"), row(None, 7), row(None, None)])

    assert labels.categories == [("animals",), ("7",), ("",)]
    assert labels.generators == [("painter", "potter")] * 3
    assert labels_of([row(None, None)]).categories == []


def test_votes_by_chance_are_told_no_better_than_chance() -> None:
    pairs, truth = world(60)
    rng = np.random.default_rng(5)
    counts = rng.multinomial(3, [0.4, 0.2, 0.4], size=len(truth))
    votes = pair_votes(*counts.T, pairs.votes.prompts)
    by_chance = Pairs(pairs.features, pairs.first, pairs.second, votes, votes)

    report = report_of(held_out(by_chance), votes, {}, ALIKE)

    assert report.accuracy.interval is not None
    assert report.accuracy.interval[0] < 0.5 < report.accuracy.interval[1]


def test_a_model_is_read_as_it_was_saved(tmp_path: Path) -> None:
    pairs, _ = world(20)
    mapped = feature_map(pairs.features)
    heads = {
        "overall": learnt(pairs.differences(mapped), pairs.votes),
        "decided": fitted(pairs.differences(mapped), pair_votes(
            pairs.votes.won + 1, 0 * pairs.votes.tied, pairs.votes.lost, pairs.votes.prompts), 3.0),
    }  # fmt: skip
    model = RewardModel("efficientnet-lite0/clean", mapped, heads)

    save(model, tmp_path / "head", license="cc-by-4.0")

    again = read(tmp_path / "head")
    assert again.network == model.network
    assert json.loads((tmp_path / "head/config.json").read_text())["license"] == "cc-by-4.0"
    for name, rewards in model.rewards(pairs.features).items():
        assert (again.rewards(pairs.features)[name] == rewards).all()
        assert np.array_equal(again.heads[name].covariance, heads[name].covariance)
        assert (again.heads[name].tie, again.heads[name].ridge) == (
            heads[name].tie, heads[name].ridge,
        )  # fmt: skip


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights with EfficientNet-Lite0, out of its package."""
    return efficientnet_lite0(tmp_path_factory.mktemp("weights"))


def preferences(folder: Path, prompts: int) -> Path:
    """As the export writes them: of two flat images the one with more red is preferred, 2 of 3."""
    rng = np.random.default_rng(11)
    rows = []
    (folder / "images").mkdir(parents=True)
    for prompt in range(prompts):
        red = rng.permutation([40, 120, 200])[:2]
        names = []
        for at, value in enumerate(red):
            name = f"images/{prompt}-{at}.png"
            Image.new("RGB", (24, 24), (int(value), 60, 90)).save(folder / name)
            names.append(name)
        better = int(red[1] > red[0])
        letters = "ab"[better], "ab"[1 - better]
        votes = {letters[0]: 2, letters[1]: 0, "tie": 0, "both_bad": 0, "unsure": 0}
        votes["tie" if prompt % 3 == 0 else letters[0]] += 1
        rows.append({
            "prompt": f"a field {prompt}", "chosen": names[better], "rejected": names[1 - better],
            "dimension": "overall", "votes": votes, "pair": ["a", "b"], "item": str(prompt),
            "letters": {"chosen": letters[0], "rejected": letters[1]},
            "generators": {"chosen": "red", "rejected": "pale | grey"},
            "meta": {
                "chosen": {},
                "rejected": {},
                "item": {"category": "field"} if prompt < 27 else {},
            },
        })  # fmt: skip
    (folder / "preferences.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def test_a_folder_of_preferences_gives_a_model_that_tells_the_better_image(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = preferences(tmp_path / "preferences", 30), tmp_path / "head"
    batch = {"name": "one", "verdict": "signed_off", "reviewed_answers": 60, "rejected_answers": 2}
    (folder / "manifest.json").write_text(json.dumps({"qc": {"batches": [batch]}}))
    given = [str(folder), "--weights", str(weights), "--out", str(out), "--device", "cpu"]

    assert command.main(given) == 0

    shown = capsys.readouterr().out
    assert "- Right about what more of the others prefer: 100.0 %" in shown
    card = (out / "README.md").read_text()
    assert shown.strip() in card
    assert "| field | 27 | 81 | 100.0 % (100.0 to 100.0) | 94.4 % (" in card
    assert "| not named | 3 | 9 | 100.0 % | 94.4 % |" in card
    assert "| pale \\| grey / red | 30 | 90 | 100.0 % (100.0 to 100.0) | 94.4 % (" in card
    assert "- one: signed off; 60 answers reviewed, 2 rejected." in card
    report = json.loads((out / "report.json").read_text())["overall"]
    assert (report["pairs"], report["votes"], report["prompts"]) == (30, 90, 30)
    assert report["disagreements"] == []
    report = report["report"]
    assert report["accuracy"]["value"] == 1.0
    # Ten of thirty pairs have a tie beside two votes for the better one: 10 halves of 90 votes.
    assert report["person"]["value"] == pytest.approx(1 - 5 / 90)
    told = [(one["names"], one["prompts"], one["accuracy"]["n"]) for one in report["categories"]]
    assert told == [(["field"], 27, 81), ([""], 3, 9)]
    assert [one["names"] for one in report["generators"]] == [["pale | grey", "red"]]
    config = json.loads((out / "config.json").read_text())
    assert (config["network"], config["votes"]) == ("efficientnet-lite0/clean", {"overall": 90.0})
    images = [read_rgb(folder / f"images/0-{at}.png") for at in (0, 1)]
    first, second = load(out, weights=weights, device="cpu").score(images)["overall"]
    assert (first > second) == (images[0][0, 0, 0] > images[1][0, 0, 0])


def test_too_few_prompts_and_missing_weights_are_refused_in_words(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few, enough = (preferences(tmp_path / str(count), count) for count in (19, 20))
    given = ["--out", str(tmp_path / "head"), "--device", "cpu", "--weights"]

    assert command.main([str(few), *given, str(weights)]) == 1
    assert "head_needs_prompts (least=20, n=19)" in capsys.readouterr().err
    assert command.main([str(enough), *given, str(tmp_path / "none")]) == 1
    assert "efficientnet-lite0" in capsys.readouterr().err
    assert not (tmp_path / "head").exists()
