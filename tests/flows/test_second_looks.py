"""A second reviewer, blind to the first; reviewers who answer first, and who correct."""

from typing import Any

import pytest

from annotator.actions.models import Action
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.consensus.models import Consensus
from annotator.projects.models import Membership, Project
from annotator.reviews.models import ReviewerAnswer, SecondReview, Verdict
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in
from tests.flows.test_batch_verdicts import answered
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


def reviewer_of(project: Project) -> Reviewer:
    return Reviewer(factories.member(project, "reviewer"), project)


def judged(**fields: Any) -> tuple[Project, Reviewer, list[Annotator]]:
    """One item, every answer of it accepted, all of them drawn for a second look."""
    project, _, people = answered(1, review_rate=1.0, **{"second_share": 1.0, **fields})
    first = reviewer_of(project)
    review = first.next()
    assert review is not None
    assert first.decide(review).status_code == 200
    return project, first, people


def report(project: Project) -> Any:
    return (
        signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/reports/reviewers").json()
    )


def lead_says(project: Project, review: int, name: str, **body: Any) -> Any:
    lead = signed_in(project.created_by)
    return lead.post(f"/api/v1/reviews/{review}/{name}", body, format="json")


def test_another_reviewer_looks_and_does_not_see_the_first_verdict() -> None:
    project, first, people = judged()

    assert first.next() is None
    assert SecondReview.objects.count() == 3
    author = people[0].user
    Membership.objects.create(user=author, project=project, role="reviewer")
    assert Reviewer(author, project).next() is None
    second = reviewer_of(project)
    review = second.next()

    assert review is not None
    assert review["second"] is True
    [row] = review["annotations"]
    assert (row["verdict"], row["reason"]) == (None, "")
    # Whoever else looks gets another one of the three.
    other = reviewer_of(project).next()
    assert other is not None
    assert other["annotations"][0]["id"] != row["id"]
    assert broken_but_files() == set()


def test_a_second_verdict_changes_nothing_until_a_lead_overrides() -> None:
    project, first, _ = judged()
    second = reviewer_of(project)
    review = second.next()
    assert review is not None
    [row] = review["annotations"]

    assert second.decide(review, **{row["annotator"]: "the wrong side"}).status_code == 200

    assert Consensus.objects.count() == 1
    assert set(Assignment.objects.values_list("state", flat=True)) == {"accepted"}
    told = report(project)
    assert (told["reviewed"], told["drawn"], told["judged"], told["agreed"]) == (3, 3, 1, 0)
    [differ] = told["disagreements"]
    assert (differ["first"], differ["second"], differ["stands"]) == ("accept", "reject", "accept")
    assert (differ["first_by"]["id"], differ["second_by"]["id"]) == (first.user.pk, second.user.pk)
    assert told["open"] == 1

    body = {"annotation_id": row["id"], "verdict": "reject", "reason": "the wrong side"}
    done = lead_says(project, review["id"], "override", **body)

    assert done.status_code == 200, done.content
    assert Consensus.objects.count() == 0
    told = report(project)
    # What the lead made of it is no agreement of reviewers.
    assert (told["open"], told["agreed"], told["judged"]) == (0, 0, 1)
    assert told["disagreements"][0]["stands"] == "reject"
    assert told["disagreements"][0]["settled_by"]["id"] == project.created_by.pk
    assert broken_but_files() == set()


def test_a_lead_upholds_the_first_verdict() -> None:
    project, _, _ = judged()
    second = reviewer_of(project)
    review = second.next()
    assert review is not None
    [row] = review["annotations"]
    second.decide(review, **{row["annotator"]: "the wrong side"})

    assert lead_says(project, review["id"], "uphold", annotation_id=row["id"]).status_code == 200

    assert report(project)["open"] == 0
    assert Verdict.objects.get(annotation=row["id"]).value == "accept"
    assert [each.verb for each in Action.objects.all()] == ["verdict.upheld"]
    again = lead_says(project, review["id"], "uphold", annotation_id=row["id"])
    assert (again.status_code, again.json()["code"]) == (409, "no_disagreement")


def test_second_reviewers_agree_take_back_and_leave_to_others() -> None:
    project, _, _ = judged()
    second = reviewer_of(project)
    review = second.next()
    assert review is not None
    second.decide(review)
    told = report(project)
    assert (told["agreed"], told["agreement"], told["ac1"]["value"]) == (1, 1.0, 1.0)

    back = second.client.post(f"/api/v1/reviews/{review['id']}/undo")

    assert back.status_code == 200, back.content
    assert [row["id"] for row in back.json()["annotations"]] == [review["annotations"][0]["id"]]
    assert report(project)["judged"] == 0
    assert Verdict.objects.count() == 3
    second.client.post(f"/api/v1/reviews/{review['id']}/unsure")
    assert second.next() is None
    assert reviewer_of(project).next() is not None


def test_five_in_a_hundred_are_drawn_and_none_where_the_lead_wants_none() -> None:
    project, _, _ = answered(7, review_rate=1.0)
    first = reviewer_of(project)
    while (review := first.next()) is not None:
        first.decide(review)
    assert Verdict.objects.count() == 21
    assert reviewer_of(project).next() is not None
    assert SecondReview.objects.count() == 1

    none, _, _ = judged(second_share=0)
    assert reviewer_of(none).next() is None


def test_a_reviewer_answers_before_they_see_any_answer() -> None:
    project, _, _ = answered(1, review_rate=1.0, answers_first=True)
    reviewer = reviewer_of(project)
    review = reviewer.next()
    assert review is not None
    assert (review["answer_first"], review["annotations"]) == (True, [])
    answers = list(Annotation.objects.values_list("pk", flat=True))
    early = reviewer.client.post(
        f"/api/v1/reviews/{review['id']}/verdicts",
        {"verdicts": {str(answers[0]): {"verdict": "accept"}}},
        format="json",
    )
    assert (early.status_code, early.json()["code"]) == (409, "answer_first")

    path = f"/api/v1/reviews/{review['id']}/answers"
    refused = reviewer.client.post(path, {"answers": {"overall": {"choice": "c"}}}, format="json")
    assert refused.status_code == 400
    assert ReviewerAnswer.objects.count() == 0
    seen = reviewer.client.post(path, {"answers": mps_answers("b")}, format="json")

    assert seen.status_code == 200, seen.content
    assert seen.json()["own_answers"] == mps_answers("b")
    assert len(seen.json()["annotations"]) == 3
    again = reviewer.client.post(path, {"answers": mps_answers("a")}, format="json")
    assert again.json()["code"] == "answered_already"
    assert reviewer.decide(seen.json()).status_code == 200
    # Both are kept, and the reviewer's is nobody's annotation.
    assert ReviewerAnswer.objects.get().answers == mps_answers("b")
    assert Annotation.objects.count() == 3
    assert Consensus.objects.get().annotations == 3
    assert broken_but_files() == set()


def test_a_reviewer_corrects_what_they_reject_and_the_lead_sees_it() -> None:
    project, _, _ = answered(1, review_rate=1.0)
    reviewer = reviewer_of(project)
    review = reviewer.next()
    assert review is not None
    rows = review["annotations"]
    verdicts: dict[str, Any] = {row["id"]: {"verdict": "accept"} for row in rows}
    verdicts[rows[1]["id"]] = {
        "verdict": "reject", "reason": "the wrong side", "answers": mps_answers("b"),
    }  # fmt: skip

    done = reviewer.client.post(
        f"/api/v1/reviews/{review['id']}/verdicts", {"verdicts": verdicts}, format="json"
    )

    assert done.status_code == 200, done.content
    item = review["item"]["id"]
    told = signed_in(project.created_by).get(f"/api/v1/items/{item}").json()
    [kept] = told["reviewer_answers"]
    assert (kept["corrects"], kept["answers"]) == (rows[1]["id"], mps_answers("b"))
    assert kept["reviewer"]["id"] == reviewer.user.pk
    assert Annotation.objects.count() == 3
    assert broken_but_files() == set()
