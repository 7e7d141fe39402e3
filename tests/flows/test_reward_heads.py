"""From a project's votes to a reward model and its report, over features that are there already."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotator import jobs
from annotator.core.errors import StaleState
from annotator.core.reasons import Code
from annotator.items.models import Image, Item, ItemImage
from annotator.jobs.models import JobState
from annotator.jobs.slices import claim
from annotator.measurements import choices, requests
from annotator.measurements.models import Feature, Measurement
from annotator.measurements.results import Result, store
from annotator.projects.models import Batch, BatchState, Project
from annotator.rewards import files, services
from annotator.rewards.models import HeadStage, HeadState, RewardHead
from annotator.workers.measure import train_reward_head
from scoring import catalog
from scoring.arrays import Floats
from scoring.engine import Provenance
from scoring.measured import Measured
from scoring.reasons import Code as ScoringCode
from scoring.rewards.model import read
from scoring.rewards.training import FEWEST_PROMPTS
from scoring.weights.published import PUBLISHED
from tests import factories, judged
from tests.drivers import signed_in
from tests.own_weights import ENTRY, something_here

pytestmark = pytest.mark.django_db(transaction=True)

NETWORK = str(catalog.metric("fid").network)
D = 6
PROMPTS = FEWEST_PROMPTS + 4
# On the pair of this prompt people say the opposite of what they say of all others.
CONTRARY = 5


@pytest.fixture
def weights(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(PUBLISHED, "inception", ENTRY)
    something_here(Path(settings.WEIGHTS_ROOT))
    return choices.sha256_of("inception")


@pytest.fixture
def project() -> Project:
    made = factories.project(template="custom", overlap=3)
    judged.question(made, "overall", "preference")
    return made


def voted(project: Project, weights: str, prompts: int = PROMPTS) -> dict[str, Floats]:
    """Pairs of which all three people prefer the image with more of the first feature.

    On every third prompt one of them says tie. A metric says the same as people, another the
    opposite. Image → its features.
    """
    people = [factories.member(project) for _ in range(3)]
    rng = np.random.default_rng(4)
    features = {}
    for prompt in range(prompts):
        [item] = factories.items(project, 1, prompt=f"prompt {prompt}")
        Item.objects.filter(pk=item.pk).update(
            meta={"category": "animals"} if prompt % 2 == 0 else {}
        )
        places = ItemImage.objects.filter(item=item).select_related("image").order_by("place")
        worth = rng.permutation([-10.0, 10.0]) + rng.normal()
        for place, value in zip(places, worth, strict=True):
            features[str(place.image.pk)] = np.array([value, *rng.normal(size=D - 1) / 10])
            _measured(place.image, value)
        better = "ab"[int((worth[1] > worth[0]) != (prompt == CONTRARY))]
        for slot, person in enumerate(people):
            choice = "tie" if prompt % 3 == 0 and slot == 2 else better
            judged.answer(item, person, judged.said(choice, "overall"), slot=slot)
        judged.settle(item)
    Feature.objects.bulk_create(
        Feature(
            project=project, image_id=image_id, network=NETWORK, weights=weights, device="cpu",
            dtype="float32", vector=row.astype("<f4").tobytes(),
        )
        for image_id, row in features.items()
    )  # fmt: skip
    Batch.objects.filter(project=project).update(state=BatchState.DONE)
    return features


def _measured(image: Image, value: float) -> None:
    for name, sign in (("clip_score", 1), ("imagereward", -1)):
        Measurement.objects.create(
            project_id=image.project_id, image=image, metric=name, version="1", state=JobState.DONE,
            value=sign * value,
        )  # fmt: skip


def asked(client: APIClient, project: Project) -> Any:
    return client.post(
        f"/api/v1/projects/{project.pk}/reward-heads", {"network": NETWORK}, format="json"
    )


def test_a_press_gives_a_model_that_has_learnt_the_planted_direction_and_says_how_good_it_is(
    project: Project, weights: str, tmp_path: Path, settings: Any
) -> None:
    features, manager = voted(project, weights), signed_in(project.created_by)

    told = manager.get(f"/api/v1/projects/{project.pk}/reward-votes").json()
    assert told["dimensions"] == [
        {"dimension": "overall", "pairs": PROMPTS, "votes": 3 * PROMPTS, "prompts": PROMPTS}
    ]
    assert told["reason"] is None
    answer = asked(manager, project)
    assert answer.status_code == 202
    train_reward_head(answer.json()["id"])

    url = f"/api/v1/reward-heads/{answer.json()['id']}"
    head = manager.get(url).json()
    assert (head["state"], head["error"]) == ("done", None)
    assert head["progress"] == {"stage": "measuring", "done": 48, "total": 48}
    report = manager.get(f"{url}/report").json()
    assert (report["few"], report["images"], report["skipped"]) == ({}, 2 * PROMPTS, 0)
    [found] = report["dimensions"]
    assert (found["pairs"], found["votes"], found["prompts"]) == (PROMPTS, 3 * PROMPTS, PROMPTS)
    # Of 72 votes three are the contrary ones, and of eight ties each is half right.
    assert found["report"]["accuracy"]["value"] == pytest.approx(69 / 72)
    assert found["report"]["person"]["value"] == pytest.approx(68 / 72)
    assert {name: one["value"] for name, one in found["report"]["metrics"].items()} == {
        "imagereward": pytest.approx(3 / 72), "clip_score": pytest.approx(69 / 72),
    }  # fmt: skip
    assert found["not_better_than"] == ["clip_score"]
    # Half of the prompts are of animals; the contrary one isn't.
    none, animals = found["report"]["categories"]
    assert (animals["names"], animals["prompts"], animals["accuracy"]["value"]) == (
        ["animals"],
        12,
        1.0,
    )
    assert (none["names"], none["accuracy"]["n"]) == ([""], 36)
    assert none["accuracy"]["value"] == pytest.approx(33 / 36)
    [pair] = found["report"]["generators"]
    assert pair["names"] == ["generator-0", "generator-1"]
    assert pair["accuracy"] == found["report"]["accuracy"]
    contrary = Item.objects.get(prompt=f"prompt {CONTRARY}")
    [disagreement] = found["disagreements"]
    assert disagreement["item"] == str(contrary.pk)
    assert disagreement["chosen_share"] == 1.0
    assert disagreement["predicted"] < 0.5
    first, second = features[disagreement["chosen"]], features[disagreement["rejected"]]
    assert first[0] < second[0]

    archive = zipfile.ZipFile(io.BytesIO(b"".join(manager.get(f"{url}/archive").streaming_content)))  # type: ignore[attr-defined]
    archive.extractall(tmp_path)
    assert sorted(archive.namelist()) == [
        "README.md", "config.json", "head.safetensors", "report.json",
    ]  # fmt: skip
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["votes"] == {"overall": 3 * PROMPTS}
    batches = list(Batch.objects.filter(project=project).order_by("pk"))
    assert [(one["id"], one["verdict"]) for one in config["qc"]["batches"]] == [
        (batch.pk, "open") for batch in batches
    ]
    nobody = f"- {batches[0].name}: nobody has decided; 0 answers reviewed, 0 rejected."
    assert nobody in (tmp_path / "README.md").read_text()
    rows = np.stack(list(features.values()))
    rewards = read(tmp_path).rewards(rows)["overall"]
    # A reward service on this machine has it already.
    served = read(settings.REWARD_HEADS_ROOT / f"project-{project.pk}.zip").rewards(rows)
    assert np.array_equal(served["overall"], rewards)
    assert np.corrcoef(rewards, rows[:, 0])[0, 1] > 0.99


def test_a_head_is_a_metric_cross_fitted_on_what_it_has_learnt_from_and_measures_what_comes(
    project: Project, weights: str
) -> None:
    features, manager = voted(project, weights), signed_in(project.created_by)
    [unvoted] = factories.items(project, 1, prompt="nobody has said anything")
    [one, two] = _images_of(unvoted)
    row = np.arange(D) / 7
    _kept(one, weights, row)
    _kept(two, weights, -row)
    first = asked(manager, project).json()["id"]
    train_reward_head(first)

    [metric] = manager.get(f"/api/v1/projects/{project.pk}/metrics").json()["learnt"]
    assert (metric["name"], metric["version"]) == ("reward.overall", str(first))
    assert (metric["network"], metric["direction"], metric["grain"]) == (NETWORK, "higher", "image")
    assert "trained on this project's votes on “overall”" in metric["description"]
    values = _values()
    assert values.keys() == {*features, str(one.pk), str(two.pk)}
    assert all(
        [reason["code"] for reason in value.reasons] == [Code.VALUE_CROSS_FITTED]
        for pk, value in values.items()
        if pk in features
    )
    # What is new is measured by the head that a lead downloads, to the last digit of a double.
    head = RewardHead.objects.get(pk=first)
    assert values[str(one.pk)].reasons == []
    assert values[str(one.pk)].weights == head.sha256
    assert values[str(one.pk)].value == pytest.approx(_downloaded(head, row), rel=1e-12)
    # What it has learnt from is not: another head, that has not seen the prompt, says less surely.
    pk, feature = next(iter(features.items()))
    assert values[pk].value != pytest.approx(_downloaded(head, feature), rel=1e-6)

    # A feature that comes after the head is measured as it is stored.
    [new] = factories.items(project, 1, prompt="of another day")
    after = _images_of(new)
    requests.request_of_batch(after[0].batch, ["phash"])
    waiting = Measurement.objects.filter(metric=NETWORK, state=JobState.REQUESTED)
    assert {row.image_id for row in waiting} == {image.pk for image in after}
    held = claim(waiting, most=10, token="a worker", now=timezone.now())
    assert held is not None
    vector, made_by = (2 * row).astype("<f4").tobytes(), Provenance(weights, "cpu", "float32")
    results = [Result(each, Measured(None), made_by, vector) for each in held.rows]
    store(held, results, now=timezone.now())
    expected = _downloaded(head, 2 * row)
    assert [_values()[str(image.pk)].value for image in after] == [pytest.approx(expected)] * 2
    assert not Measurement.objects.filter(metric=NETWORK).exists()

    # Another head takes its place, and what the first one said stays beside it.
    second = asked(manager, project).json()["id"]
    train_reward_head(second)
    assert {value.version for value in _values().values()} == {str(second)}
    old = Measurement.objects.filter(metric="reward.overall", current=False)
    assert {(value.version, value.weights) for value in old} == {(str(first), head.sha256)}
    assert old.count() == len(features) + 4


def test_a_head_that_measures_is_not_cancelled(project: Project, weights: str) -> None:
    voted(project, weights)
    head = RewardHead.objects.get(pk=asked(signed_in(project.created_by), project).json()["id"])
    RewardHead.objects.filter(pk=head.pk).update(state=HeadState.RUNNING, stage=HeadStage.MEASURING)

    with pytest.raises(StaleState):
        services.cancel_head(head=head, now=timezone.now())


def _images_of(item: Item) -> list[Image]:
    places = ItemImage.objects.filter(item=item).select_related("image__batch").order_by("place")
    return [place.image for place in places]


def _kept(image: Image, weights: str, row: Floats) -> None:
    Feature.objects.create(
        project_id=image.project_id, image=image, network=NETWORK, weights=weights, device="cpu",
        dtype="float32", vector=row.astype("<f4").tobytes(),
    )  # fmt: skip


def _values() -> dict[str, Measurement]:
    rows = Measurement.objects.filter(metric="reward.overall", current=True, state=JobState.DONE)
    return {str(row.image_id): row for row in rows}


def _downloaded(head: RewardHead, row: Floats) -> float:
    """What the model in the zip gives a feature of 32 bits."""
    path = files.path_of(head.project_id, head.sha256)
    with TemporaryDirectory() as folder, files.store().open(path) as stream:
        zipfile.ZipFile(stream).extractall(folder)
        rewards = read(Path(folder)).rewards(row.astype("<f4").astype(np.float64)[None])
    return float(rewards["overall"][0])


def test_a_report_of_an_earlier_release_tells_no_groups(project: Project, weights: str) -> None:
    voted(project, weights)
    manager = signed_in(project.created_by)
    made = asked(manager, project).json()["id"]
    train_reward_head(made)
    head = RewardHead.objects.get(pk=made)
    [dimension] = head.report["dimensions"]
    del dimension["report"]["categories"], dimension["report"]["generators"]
    RewardHead.objects.filter(pk=made).update(report=head.report)

    told = manager.get(f"/api/v1/reward-heads/{made}/report")

    [found] = told.json()["dimensions"]
    assert (found["report"]["categories"], found["report"]["generators"]) == ([], [])


def test_too_few_votes_are_refused_in_words_and_nothing_is_asked(
    project: Project, weights: str
) -> None:
    voted(project, weights, FEWEST_PROMPTS - 1)

    answer = asked(signed_in(project.created_by), project)

    assert answer.status_code == 409
    assert answer.json()["code"] == ScoringCode.HEAD_NEEDS_PROMPTS
    assert answer.json()["params"] == {"n": 19, "least": 20}
    assert not RewardHead.objects.exists()


def test_it_waits_for_features_is_cancelled_and_another_begins(
    project: Project, weights: str
) -> None:
    features, manager = voted(project, weights), signed_in(project.created_by)
    Feature.objects.filter(image_id=next(iter(features))).delete()
    head = RewardHead.objects.get(pk=asked(manager, project).json()["id"])
    assert Measurement.objects.filter(metric=NETWORK, state=JobState.REQUESTED).count() == 1

    train_reward_head(head.pk)

    head.refresh_from_db()
    assert (head.state, head.stage) == (HeadState.REQUESTED, HeadStage.FEATURES)
    assert (head.done_count, head.total_count) == (2 * PROMPTS - 1, 2 * PROMPTS)
    second = asked(manager, project)
    assert (second.status_code, second.json()["code"]) == (409, Code.HEAD_UNDER_WAY)
    held = jobs.take(head, now=timezone.now() + timedelta(minutes=1))
    assert held is not None
    assert manager.post(f"/api/v1/reward-heads/{head.pk}/cancel").json()["state"] == "cancelled"
    Measurement.objects.filter(metric=NETWORK).delete()
    jobs.work(held)
    head.refresh_from_db()
    assert (head.state, head.report, head.sha256) == (HeadState.CANCELLED, None, "")
    assert asked(manager, project).status_code == 202


def test_a_training_without_any_features_fails_in_words_and_is_tried_again(
    project: Project, weights: str
) -> None:
    voted(project, weights)
    manager = signed_in(project.created_by)
    head = RewardHead.objects.get(pk=asked(manager, project).json()["id"])
    kept = list(Feature.objects.all())
    Feature.objects.all().delete()

    train_reward_head(head.pk)

    error = manager.get(f"/api/v1/reward-heads/{head.pk}").json()["error"]
    assert error["code"] == Code.HEAD_WITHOUT_FEATURES
    assert error["params"] == {"count": 2 * PROMPTS, "network": NETWORK}
    assert manager.get(f"/api/v1/reward-heads/{head.pk}/report").status_code == 409
    Feature.objects.bulk_create(kept)
    assert manager.post(f"/api/v1/reward-heads/{head.pk}/retry").status_code == 202
    train_reward_head(head.pk)
    head.refresh_from_db()
    assert (head.state, head.error) == (HeadState.DONE, None)
    with pytest.raises(StaleState):
        services.retry_head(head=head)
