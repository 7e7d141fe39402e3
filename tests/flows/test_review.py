"""The QC sample: drawn exactly, judged once, redone by somebody else."""

import math

import pytest
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.consensus.models import Consensus
from annotator.projects.models import Membership, Project
from annotator.reviews.models import Review, Verdict
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed() -> Project:
    """A pair project of which everything is drawn for review."""
    return factories.project(review_rate=1.0)


def answered(project: Project, choices: str = "aab") -> list[Annotator]:
    """One item with an answer of each of three people."""
    factories.open_items(project, 1)
    people = [Annotator(factories.member(project), project).claim() for _ in choices]
    for person, choice in zip(people, choices, strict=True):
        person.submit(mps_answers(choice))
    return people


@pytest.mark.parametrize("count", [1, 4, 5, 11, 35])
def test_a_fifth_of_every_batch_is_drawn_exactly(count: int) -> None:
    project = factories.project()

    factories.open_items(project, count)

    assert Review.objects.filter(project=project).count() == math.ceil(count / 5)


def test_a_drawn_item_waits_for_its_third_answer_and_settles_only_by_verdict(
    reviewed: Project,
) -> None:
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    factories.open_items(reviewed, 1)
    people = [Annotator(factories.member(reviewed), reviewed).claim() for _ in range(3)]
    people[0].submit(mps_answers("a"))
    people[1].submit(mps_answers("a"))
    assert reviewer.next() is None
    people[2].submit(mps_answers("b"))
    assert Consensus.objects.count() == 0

    review = reviewer.next()
    assert review is not None
    answer = reviewer.decide(review)

    assert answer.json() == {"open": False}
    assert Consensus.objects.get().annotations == 3
    assert {row["annotator"] for row in review["annotations"]} == {"A1", "A2", "A3"}


def test_a_rejection_opens_exactly_one_slot_for_somebody_else(reviewed: Project) -> None:
    people = answered(reviewed)
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = reviewer.next()
    assert review is not None

    reviewer.decide(review, A2="marks the wrong side")

    states = sorted(Assignment.objects.values_list("state", flat=True))
    assert states == ["accepted", "accepted", "open", "rejected"]
    assert Consensus.objects.count() == 0
    for person in people:
        assert person.claim().held == []
    fresh = Annotator(factories.member(reviewed), reviewed).claim().submit(mps_answers("a"))
    again = reviewer.next()
    assert again is not None
    assert [row["verdict"] for row in again["annotations"]] == ["accept", None, "accept"]
    reviewer.decide(again)
    assert Consensus.objects.get().annotations == 3
    assert fresh.last is not None
    assert Verdict.objects.filter(value="accept").count() == 3


def test_a_rejection_without_a_reason_is_refused(reviewed: Project) -> None:
    answered(reviewed)
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = reviewer.next()
    assert review is not None
    first = review["annotations"][0]["id"]

    answer = reviewer.client.post(
        f"/api/v1/reviews/{review['id']}/verdicts",
        {"verdicts": {first: {"verdict": "reject", "reason": " x "}}},
        format="json",
    )

    assert answer.status_code == 400
    assert Verdict.objects.count() == 0


def test_nobody_reviews_their_own_work(reviewed: Project) -> None:
    people = answered(reviewed)
    Membership.objects.create(project=reviewed, user=people[0].user, role="reviewer")
    own = Reviewer(people[0].user, reviewed)

    assert own.next() is None
    annotation = Annotation.objects.first()
    assert annotation is not None
    answer = own.client.post(
        f"/api/v1/reviews/{Review.objects.get().pk}/verdicts",
        {"verdicts": {str(annotation.pk): {"verdict": "accept"}}},
        format="json",
    )
    assert answer.status_code == 404
    assert Verdict.objects.count() == 0


def test_a_reviewer_who_annotates_too_is_not_given_what_they_reviewed(reviewed: Project) -> None:
    answered(reviewed)
    user = factories.member(reviewed, "reviewer")
    Membership.objects.create(project=reviewed, user=user, role="annotator")
    reviewer = Reviewer(user, reviewed)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review, A1="not this", A2="nor this")

    assert Annotator(user, reviewed).claim(3).held == []
    assert len(Annotator(factories.member(reviewed), reviewed).claim(3).held) == 1


def test_who_has_only_looked_at_a_review_is_not_given_its_item_either(reviewed: Project) -> None:
    answered(reviewed)
    user = factories.member(reviewed, "reviewer")
    Membership.objects.create(project=reviewed, user=user, role="annotator")
    assert Reviewer(user, reviewed).next() is not None
    Review.objects.update(held_until=None, held_by=None)
    other = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = other.next()
    assert review is not None
    other.decide(review, A1="not this")

    assert Annotator(user, reviewed).claim(3).held == []


def test_two_reviewers_are_given_different_items(reviewed: Project) -> None:
    factories.open_items(reviewed, 2)
    for _ in range(3):
        person = Annotator(factories.member(reviewed), reviewed)
        person.claim().submit(mps_answers("a")).claim().submit(mps_answers("a"))
    one, two = (Reviewer(factories.member(reviewed, "reviewer"), reviewed) for _ in range(2))

    first, second = one.next(), two.next()

    assert first is not None
    assert second is not None
    assert first["item"]["id"] != second["item"]["id"]
    again = one.next()
    assert again is not None
    assert again["id"] == first["id"]


def test_an_answer_has_one_final_verdict(reviewed: Project) -> None:
    answered(reviewed)
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)

    again = Reviewer(factories.member(reviewed, "manager"), reviewed).decide(review, A1="too late")

    assert again.status_code == 409
    assert Verdict.objects.count() == 3
    assert Assignment.objects.filter(state=AssignmentState.REJECTED).count() == 0


def test_an_answer_changed_after_its_verdict_is_looked_at_again(reviewed: Project) -> None:
    factories.open_items(reviewed, 1)
    people = [Annotator(factories.member(reviewed), reviewed).claim() for _ in range(3)]
    target = people[0].held[0]["id"]
    for person in people:
        person.submit(mps_answers("a"))
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)
    assert Consensus.objects.count() == 1

    people[0].put(target, mps_answers("b"))

    assert Consensus.objects.count() == 0
    again = reviewer.next()
    assert again is not None
    assert [row["verdict"] for row in again["annotations"]].count(None) == 1
    reviewer.decide(again)
    assert Consensus.objects.count() == 1


def test_every_change_of_state_leaves_one_event(reviewed: Project) -> None:
    answered(reviewed)
    reviewer = Reviewer(factories.member(reviewed, "reviewer"), reviewed)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review, A3="wrong")

    moves = sorted(Event.objects.values_list("from_state", "to_state"))
    assert moves == [
        *[("claimed", "submitted")] * 3,
        *[("open", "claimed")] * 3,
        *[("submitted", "accepted")] * 2,
        ("submitted", "rejected"),
    ]
    assert timezone.now() >= Event.objects.latest("at").at
