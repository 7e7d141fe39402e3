"""From a project's ratings to a reward model and its report, over features that are there."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.core.reasons import Code
from annotator.items.models import ItemImage
from annotator.measurements import choices
from annotator.measurements.models import Feature, Measurement
from annotator.projects.models import Batch, BatchState, Project
from annotator.workers.measure import train_reward_head
from scoring import catalog
from scoring.arrays import Floats
from scoring.rewards.model import read
from scoring.rewards.training import FEWEST_PROMPTS
from scoring.weights.published import PUBLISHED
from tests import factories, judged
from tests.drivers import signed_in
from tests.own_weights import ENTRY, something_here

pytestmark = pytest.mark.django_db(transaction=True)

NETWORK = str(catalog.metric("fid").network)
PROMPTS = FEWEST_PROMPTS + 4


@pytest.fixture
def weights(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(PUBLISHED, "inception", ENTRY)
    something_here(Path(settings.WEIGHTS_ROOT))
    return choices.sha256_of("inception")


@pytest.fixture
def project() -> Project:
    made = factories.project(template="custom", overlap=3)
    judged.question(made, "looks", "rating", scale_min=1, scale_max=5)
    return made


def rated(project: Project, weights: str) -> dict[str, Floats]:
    """Two images a prompt, of which the one with more of the first feature is rated higher.

    By the third person every image is one grade better than by the others. Image → features.
    """
    people = [factories.member(project) for _ in range(3)]
    rng = np.random.default_rng(4)
    features = {}
    for prompt in range(PROMPTS):
        [item] = factories.items(project, 1, prompt=f"prompt {prompt}")
        grades = {}
        places = ItemImage.objects.filter(item=item).select_related("image").order_by("place")
        for letter, place, grade in zip("ab", places, rng.permutation(4)[:2] + 1, strict=True):
            noise = rng.normal(size=5) / 10
            features[str(place.image.pk)] = np.array([10.0 * grade, *noise])
            grades[letter] = int(grade)
        for slot, person in enumerate(people):
            given = {letter: grade + (slot == 2) for letter, grade in grades.items()}
            judged.answer(item, person, {"looks": {"ratings": given}}, slot=slot)
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


def test_a_press_gives_a_model_that_orders_images_as_they_were_rated(
    project: Project, weights: str, tmp_path: Path
) -> None:
    features, manager = rated(project, weights), signed_in(project.created_by)
    url = f"/api/v1/projects/{project.pk}"

    told = manager.get(f"{url}/reward-votes").json()
    assert (told["dimensions"], told["reason"]) == ([], None)
    assert told["ratings"] == [
        {"dimension": "looks", "images": 2 * PROMPTS, "votes": 6 * PROMPTS, "prompts": PROMPTS}
    ]
    answer = manager.post(f"{url}/reward-heads", {"network": NETWORK}, format="json")
    assert answer.status_code == 202
    train_reward_head(answer.json()["id"])

    head = f"/api/v1/reward-heads/{answer.json()['id']}"
    assert manager.get(head).json()["state"] == "done"
    report = manager.get(f"{head}/report").json()
    assert (report["dimensions"], report["few"], report["images"]) == ([], {}, 2 * PROMPTS)
    [found] = report["ratings"]
    assert (found["images"], found["votes"], found["prompts"]) == (
        2 * PROMPTS, 6 * PROMPTS, PROMPTS,
    )  # fmt: skip
    assert found["grades"] == [1, 2, 3, 4, 5]
    assert found["report"]["correlation"]["value"] > 0.8
    # Everybody puts the two images of a prompt in the same order, and so does the head.
    assert found["report"]["person_accuracy"]["value"] == 1
    assert found["report"]["accuracy"]["value"] == 1
    assert found["disagreements"][0]["image"] in features
    # It is a metric of the project from now on.
    measured = Measurement.objects.filter(
        project=project, metric=f"{catalog.REWARD}looks", value__isnull=False
    )
    assert measured.count() == 2 * PROMPTS

    data = b"".join(manager.get(f"{head}/archive").streaming_content)  # type: ignore[attr-defined]
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    rows = np.stack(list(features.values()))
    rewards = read(tmp_path).rewards(rows)["looks"]
    assert np.corrcoef(rewards, rows[:, 0])[0, 1] > 0.99


def test_where_nothing_compares_or_rates_there_is_nothing_to_learn() -> None:
    made = factories.project(template="custom", overlap=3)
    judged.question(made, "note", "comment")

    told = signed_in(made.created_by).get(f"/api/v1/projects/{made.pk}/reward-votes").json()

    assert told["reason"]["code"] == Code.NOTHING_TO_LEARN
