"""From people's answers over a reviewer's verdicts to the export, by the product's own ways."""

import json
import random
from collections import defaultdict
from pathlib import Path

import pytest

from annotator.consensus.models import Consensus, Finding
from annotator.projects.models import Project
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers
from tests.rooms.exported import made, manifest, rows

CHOICES = ["a", "b", "tie", "both_bad", "unsure"]


@pytest.fixture
def judged_project(transactional_db) -> Project:
    """Five pairs, all drawn for review; the first answer of each is rejected and given anew."""
    project = factories.project(review_rate=1.0)
    factories.open_items(project, 5)
    rng = random.Random(7)
    for _ in range(4):
        person = Annotator(factories.member(project), project)
        while person.claim().held:
            keys = ("aesthetics", "detail_quality", "semantic_alignment", "overall")
            person.submit(mps_answers(**{key: rng.choice(CHOICES) for key in keys}))
        reviewer = Reviewer(factories.member(project, "reviewer"), project)
        while (review := reviewer.next()) is not None:
            judged = any(row["verdict"] for row in review["annotations"])
            rejected = {} if judged else {"A1": "clicked through"}
            assert reviewer.decide(review, **rejected).status_code == 200
    return project


def test_preferences_say_what_the_consensus_says(judged_project: Project, tmp_path: Path) -> None:
    assert Consensus.objects.count() == 5
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    decided = {}
    for found in Finding.objects.select_related("consensus", "question"):
        place = (str(found.consensus.item_id), found.question.key)
        votes[place][found.key] = found.votes
        if found.decided and found.key in ("a", "b"):
            decided[place] = found.key

    folder = made(judged_project, "preferences", tmp_path / "out", images=False)

    exported = rows(folder, "preferences.jsonl")
    assert decided
    assert {(row["item"], row["dimension"]): row["letters"]["chosen"] for row in exported} == (
        decided
    )
    for row in exported:
        said = {choice: n for choice, n in row["votes"].items() if n}
        assert said == votes[row["item"], row["dimension"]]
        assert (row["annotations"], row["reviewed"]) == (3, 3)
    left_out = manifest(folder)["left_out"]["dimensions"]
    assert len(exported) + sum(sum(why.values()) for why in left_out.values()) == 4 * 5


def test_annotations_hold_the_rejected_answers_too(judged_project: Project, tmp_path: Path) -> None:
    folder = made(judged_project, "annotations", tmp_path / "out")

    exported = rows(folder, "annotations.jsonl")
    states = [row["state"] for row in exported]
    assert (states.count("accepted"), states.count("rejected")) == (15, 5)
    for row in exported:
        verdict = {"accepted": "accept", "rejected": "reject"}[row["state"]]
        assert row["review"]["verdict"] == verdict
        assert sorted(row["shown"]["order"]) == ["a", "b"]
    assert json.loads((folder / "manifest.json").read_text())["items"] == 5
