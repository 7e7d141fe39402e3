"""A lead's moves on items and on their batch, one after the other: neither undoes the other."""

from typing import Any

import pytest

from annotator.actions.models import Action
from annotator.assignments.models import Assignment
from annotator.consensus.models import Consensus
from annotator.items.models import Item
from annotator.projects.models import Batch, Project
from annotator.reviews.models import Review
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.flows.test_batch_verdicts import answer_all, lead_of, post
from tests.flows.test_interventions import Lead
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Two items that three people have answered, neither drawn for review."""
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 2)
    for _ in range(3):
        answer_all(Annotator(factories.member(project), project))
    return project


def batch_of(project: Project) -> Batch:
    return Batch.objects.get(project=project)


def states(item: Item) -> list[str]:
    rows = Assignment.objects.filter(item=item).order_by("slot", "state")
    return list(rows.values_list("state", flat=True))


MOVES: list[tuple[str, dict[str, Any]]] = [
    ("extra-vote", {}),
    ("exclude", {"reason": "not for the public"}),
    ("override", {"answers": mps_answers("b"), "reason": "look closer"}),
]


@pytest.mark.parametrize(("move", "body"), MOVES)
def test_of_a_signed_off_batch_no_item_is_changed(project: Project, move, body) -> None:
    [item, _] = Item.objects.filter(project=project)
    reason = {"reason": "Looked at all of it."}
    assert post(lead_of(project), batch_of(project), "sign-off", **reason).status_code == 200
    before = Action.objects.count()

    refused = Lead(project).move(item, move, **body)
    post(lead_of(project), batch_of(project), "withdraw-sign-off", reason="A new guideline.")
    taken = Lead(project).move(item, move, **body)

    assert (refused.status_code, refused.json()["code"]) == (409, "batch_signed_off")
    assert taken.status_code == 200, taken.content
    assert Action.objects.count() == before + 2
    assert broken_but_files() == set()


def test_no_extra_votes_are_asked_of_a_signed_off_batch(project: Project) -> None:
    reason = {"reason": "Looked at all of it."}
    post(lead_of(project), batch_of(project), "sign-off", **reason)
    Consensus.objects.update(disagreement=0.5)

    asked = lead_of(project).post(
        f"/api/v1/projects/{project.pk}/items/extra-votes", {"count": 5}, format="json"
    )

    assert asked.json()["items"] == []
    assert not Assignment.objects.filter(extra_vote=True).exists()


def test_a_return_leaves_excluded_items_alone(project: Project) -> None:
    out, kept = Item.objects.filter(project=project).order_by("pk")
    Lead(project).move(out, "exclude", reason="not for the public")

    effect = post(lead_of(project), batch_of(project), "return", reason="A new guideline.").json()

    assert (effect["answers"], effect["items"]) == (3, 1)
    assert states(out) == ["accepted"] * 3
    assert states(kept) == ["open", "rejected"] * 3
    assert Review.objects.filter(waiting=True).count() == 0
    assert broken_but_files() == set()


def test_a_returned_extra_vote_is_asked_again_as_an_extra_vote(project: Project) -> None:
    [item, _] = Item.objects.filter(project=project).order_by("pk")
    Lead(project).move(item, "extra-vote")
    Annotator(factories.member(project), project).claim().submit(mps_answers("b"))

    post(lead_of(project), batch_of(project), "return", reason="A new guideline.")

    extra = Assignment.objects.filter(item=item, extra_vote=True)
    assert sorted(extra.values_list("state", flat=True)) == ["open", "rejected"]
    assert broken_but_files() == set()


def test_an_override_outlives_a_return_and_counts_when_the_item_is_answered_again(
    project: Project,
) -> None:
    [item, _] = Item.objects.filter(project=project).order_by("pk")
    Lead(project).move(item, "override", answers=mps_answers("b"), reason="look closer")
    post(lead_of(project), batch_of(project), "return", reason="A new guideline.")
    unsettled = Consensus.objects.count()

    for _ in range(3):
        answer_all(Annotator(factories.member(project), project))

    assert unsettled == 0
    assert Consensus.objects.get(item=item).override is not None
    assert broken_but_files() == set()
