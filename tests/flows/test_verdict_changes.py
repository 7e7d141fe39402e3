"""Second thoughts about verdicts: undone, overridden, left to others; and what authors see."""

from datetime import timedelta
from typing import Any

import pytest

from annotator.actions.models import Action
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.consensus.models import Consensus
from annotator.projects.models import Project
from annotator.reviews.models import Review, Unsure, Verdict, WithdrawnVerdict
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in
from tests.flows.test_batch_verdicts import answer_all, answered, review_all
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


def judged(**by_annotator: str) -> tuple[Project, Reviewer, dict[str, Any]]:
    """One item that a reviewer has just judged."""
    project, _, _ = answered(1, review_rate=1.0)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    assert reviewer.decide(review, **by_annotator).status_code == 200
    return project, reviewer, review


def act(person: Reviewer, review: dict[str, Any], name: str, **body: Any) -> Any:
    return person.client.post(f"/api/v1/reviews/{review['id']}/{name}", body, format="json")


def test_a_reviewer_takes_back_what_they_have_just_said() -> None:
    project, reviewer, review = judged(A2="the wrong side")
    assert Assignment.objects.count() == 4

    undone = act(reviewer, review, "undo")

    assert undone.status_code == 200, undone.content
    assert [row["verdict"] for row in undone.json()["annotations"]] == [None, None, None]
    assert set(Assignment.objects.values_list("state", flat=True)) == {"submitted"}
    assert Assignment.objects.count() == 3
    assert Review.objects.get().held_by == reviewer.user
    assert sorted(WithdrawnVerdict.objects.values_list("value", flat=True)) == [
        "accept", "accept", "reject",
    ]  # fmt: skip
    assert broken_but_files() == set()
    reviewer.decide(review)
    assert Consensus.objects.count() == 1
    assert broken_but_files() == set()
    assert act(reviewer, review, "undo").status_code == 200
    assert Consensus.objects.count() == 0
    assert project.pk


def test_what_somebody_has_begun_to_answer_anew_is_not_undone() -> None:
    project, reviewer, review = judged(A2="the wrong side")
    Annotator(factories.member(project), project).claim()

    refused = act(reviewer, review, "undo")

    assert (refused.status_code, refused.json()["code"]) == (409, "undo_too_late")
    assert Verdict.objects.count() == 3
    assert WithdrawnVerdict.objects.count() == 0


def test_after_a_quarter_of_an_hour_and_by_others_nothing_is_undone() -> None:
    project, reviewer, review = judged()
    other = Reviewer(factories.member(project, "reviewer"), project)

    assert act(other, review, "undo").json()["code"] == "nothing_to_undo"
    for verdict in Verdict.objects.all():
        Verdict.objects.filter(pk=verdict.pk).update(at=verdict.at - timedelta(minutes=16))

    assert act(reviewer, review, "undo").json()["code"] == "nothing_to_undo"
    assert Consensus.objects.count() == 1


def test_a_lead_overrides_both_ways_and_both_verdicts_are_kept() -> None:
    project, _, review = judged(A2="the wrong side")
    lead = Reviewer(project.created_by, project)
    of = {row["annotator"]: row["id"] for row in review["annotations"]}

    accepted = act(lead, review, "override", annotation_id=of["A2"], verdict="accept")

    assert accepted.status_code == 200, accepted.content
    assert Consensus.objects.get().annotations == 3
    again = act(lead, review, "override", annotation_id=of["A2"], verdict="accept")
    assert again.json()["code"] == "verdict_the_same"
    rejected = act(
        lead, review, "override", annotation_id=of["A1"], verdict="reject", reason="blurred",
        code="careless",
    )  # fmt: skip
    assert rejected.status_code == 200
    assert Consensus.objects.count() == 0
    assert Verdict.objects.get(value="reject").code == "careless"
    assert WithdrawnVerdict.objects.count() == 2
    assert [row.verb for row in Action.objects.all()] == ["verdict.overridden"] * 2
    assert broken_but_files() == set()
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    assert (
        act(
            reviewer, review, "override", annotation_id=of["A3"], verdict="reject", reason="blurred"
        ).status_code
        == 403
    )


def test_who_is_not_sure_leaves_the_item_to_somebody_else() -> None:
    project, _, _ = answered(1, review_rate=1.0)
    reviewer, other = (Reviewer(factories.member(project, "reviewer"), project) for _ in range(2))
    review = reviewer.next()
    assert review is not None
    assert other.next() is None

    assert act(reviewer, review, "unsure").json() == {"open": True}

    assert reviewer.next() is None
    theirs = other.next()
    assert theirs is not None
    assert theirs["id"] == review["id"]
    assert Unsure.objects.get().reviewer == reviewer.user
    batch = Review.objects.get().batch
    told = signed_in(project.created_by).get(f"/api/v1/batches/{batch.pk}/acceptance").json()
    assert told["unsure"] == 1


def test_a_place_rejected_too_often_waits_for_a_lead() -> None:
    project, batch, _ = answered(1, review_rate=1.0, most_rejections=2)
    review_all(project, A1="the wrong side")
    assert answer_all(Annotator(factories.member(project), project)) == 1
    review_all(project, A1="the wrong side again")
    late = Annotator(factories.member(project), project)
    assert late.claim().held == []
    lead = signed_in(project.created_by)
    told = lead.get(f"/api/v1/batches/{batch.pk}/acceptance").json()
    assert told["stopped"] == 1
    assert [(row["code"], row["count"]) for row in told["reasons"]] == [("other", 2)]
    assert told["reasons"][0]["words"] == ["the wrong side again", "the wrong side"]

    opened = lead.post(f"/api/v1/batches/{batch.pk}/reopen-stopped")

    assert (opened.status_code, opened.json()["stopped"]) == (200, 0)
    assert len(late.claim().held) == 1
    assert Action.objects.get().details == {"slots": 1}
    assert broken_but_files() == set()


def test_a_rejected_answer_goes_back_to_its_author_where_nobody_else_is_left() -> None:
    project, batch, people = answered(2, review_rate=1.0)
    review_all(project, A1="the wrong side")
    lead = signed_in(project.created_by)
    address = f"/api/v1/batches/{batch.pk}"
    assert lead.get(f"{address}/acceptance").json()["for_nobody"] == 2
    assert [person.claim().held for person in people] == [[], [], []]
    refused = lead.post(f"{address}/sign-off", {"reason": ""}, format="json").json()
    assert (refused["code"], refused["params"]) == ("batch_unanswered", {"count": 2})

    given = lead.post(f"{address}/give-back")

    assert (given.status_code, given.json()["for_nobody"]) == (200, 0)
    assert Action.objects.get().details == {"answers": 2}
    authors = set(Annotation.objects.filter(assignment__state="rejected").values_list("annotator"))
    again = [person for person in people if person.claim().held]
    assert {(person.user.pk,) for person in again} == authors
    assert sum(answer_all(person, "b") for person in again) == 2
    review_all(project)
    assert Consensus.objects.count() == 2
    # What was given anew replaces the first answers in no count of errors.
    told = lead.get(f"{address}/acceptance").json()
    assert (told["reviewed"], told["rejected"]) == (6, 2)
    assert broken_but_files() == set()


def test_nothing_goes_back_while_somebody_else_may_answer_or_after_the_sign_off() -> None:
    project, batch, _ = answered(1, review_rate=1.0)
    review_all(project, A1="the wrong side")
    late = Annotator(factories.member(project), project)
    lead = signed_in(project.created_by)
    address = f"/api/v1/batches/{batch.pk}"
    assert lead.get(f"{address}/acceptance").json()["for_nobody"] == 0

    lead.post(f"{address}/give-back")

    assert Assignment.objects.filter(given_back=True).count() == 0
    assert answer_all(late) == 1
    review_all(project)
    signed = lead.post(f"{address}/sign-off", {"reason": "good"}, format="json")
    assert signed.status_code == 200, signed.content
    assert lead.post(f"{address}/give-back").json()["code"] == "batch_signed_off"


def test_a_batch_with_an_excluded_item_is_signed_off_and_keeps_every_promise() -> None:
    project, batch, _ = answered(2, review_rate=0)
    lead = signed_in(project.created_by)
    item = Consensus.objects.order_by("pk")[0].item
    gone = lead.post(f"/api/v1/items/{item.pk}/exclude", {"reason": "a broken file"}, format="json")
    assert gone.status_code == 200, gone.content

    signed = lead.post(f"/api/v1/batches/{batch.pk}/sign-off", {"reason": "good"}, format="json")

    assert signed.status_code == 200, signed.content
    assert (signed.json()["settled"], signed.json()["items"]) == (1, 1)
    assert broken_but_files() == set()


def test_a_lead_accepts_after_all_what_was_given_back() -> None:
    project, _, review = judged(A2="the wrong side")
    lead = Reviewer(project.created_by, project)
    batch = Review.objects.get().batch
    assert lead.client.post(f"/api/v1/batches/{batch.pk}/give-back").status_code == 200
    assert Assignment.objects.filter(given_back=True).count() == 1
    of = {row["annotator"]: row["id"] for row in review["annotations"]}

    accepted = act(lead, review, "override", annotation_id=of["A2"], verdict="accept")

    assert accepted.status_code == 200, accepted.content
    assert Consensus.objects.get().annotations == 3
    assert Assignment.objects.filter(given_back=True).count() == 0
    assert broken_but_files() == set()


def test_words_that_a_reviewer_repeats_are_told_once() -> None:
    project, batch, _ = answered(2, review_rate=1.0)
    review_all(project, A1="the wrong side")

    told = signed_in(project.created_by).get(f"/api/v1/batches/{batch.pk}/acceptance").json()

    assert told["reasons"] == [{"code": "other", "count": 2, "words": ["the wrong side"]}]


def test_a_changed_answer_tells_nobody_whether_it_was_rejected() -> None:
    project, _, people = answered(2, review_rate=0.5)
    path = f"/api/v1/projects/{project.pk}/my-annotations"
    review_all(project, A1="the wrong side")
    rejected = Annotation.objects.get(assignment__state="rejected")
    mine = next(person for person in people if person.user == rejected.annotator)
    slots = [row["assignment"] for row in mine.client.get(path).json()]

    receipts = [mine.put(slot, mps_answers("b")).json() for slot in slots]

    assert [receipt["counted"] for receipt in receipts] == [True, True]
    assert Annotation.objects.filter(counted=False).count() == 1
    told = mine.client.get(path).json()
    assert {row["assignment"] for row in told} == set(slots)
    assert [row["sha256"] for row in told] == [receipts[0]["sha256"]] * 2
    shown = [mine.client.get(f"/api/v1/assignments/{slot}").json()["answers"] for slot in slots]
    assert shown == [mps_answers("b")] * 2
    assert broken_but_files() == set()


def test_authors_see_why_their_answers_were_rejected_where_the_project_shows_it() -> None:
    project, batch, people = answered(2, review_rate=0.5)
    review_all(project, A1="the wrong side")
    rejected = Annotation.objects.get(assignment__state="rejected").annotator
    mine = next(person for person in people if person.user == rejected)
    path = f"/api/v1/projects/{project.pk}/my-annotations"
    assert [row["rejected"] for row in mine.client.get(path).json()] == [None, None]

    Project.objects.filter(pk=project.pk).update(show_verdicts=True)

    told = [row["rejected"] for row in mine.client.get(path).json()]
    (why,) = [row for row in told if row]
    assert why.pop("at")
    assert why == {"reason": "the wrong side", "code": "other"}
    back = {"annotator_id": mine.user.pk, "reason": "Not by the guideline."}
    lead = signed_in(project.created_by)
    assert lead.post(f"/api/v1/batches/{batch.pk}/return", back, format="json").status_code == 200
    told = [row["rejected"]["reason"] for row in mine.client.get(path).json()]
    assert sorted(told) == ["Not by the guideline.", "the wrong side"]
    assert mine.claim().held == []
