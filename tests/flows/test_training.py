"""Training: settled items by which somebody learns, what it opens, and that it counts nowhere."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.response import Response

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, Exclusion
from annotator.items.models import Item
from annotator.pipeline import known_answers
from annotator.projects.models import Membership, Project
from annotator.training.models import TrainingAttempt
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


class Trainee:
    """`Trainee(project).begin()`, then `.say("a")` about one item after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.user: User = factories.member(project)
        self.client = signed_in(self.user)
        self.address = f"/api/v1/projects/{project.pk}/my-training"

    def state(self) -> dict[str, Any]:
        return self.client.get(self.address).json()

    def begin(self) -> dict[str, Any]:
        answer = self.client.post(self.address)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def say(self, choice: str, **others: str) -> dict[str, Any]:
        answer = self.answer(self.state()["task"]["id"], mps_answers(choice, **others))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def answer(self, item: str, answers: dict[str, Any]) -> Response:
        body = {"item": item, "answers": answers}
        return self.client.post(f"{self.address}/answers", body, format="json")

    def claim(self) -> dict[str, Any]:
        return self.client.post(
            f"/api/v1/projects/{self.project.pk}/claims", {"count": 1}, format="json"
        ).json()


def put(project: Project, item: Item, note: str = "") -> Response:
    client = signed_in(project.created_by)
    return client.put(f"/api/v1/items/{item.pk}/training", {"note": note}, format="json")


def change(project: Project, **settings: Any) -> Response:
    client = signed_in(project.created_by)
    answer = client.patch(f"/api/v1/projects/{project.pk}", settings, format="json")
    project.refresh_from_db()
    return answer


def with_set(items: int = 2, **settings: Any) -> tuple[Project, list[Item]]:
    """A project with a training set of settled items on which all said a, and one open item."""
    project = factories.project(review_rate=0.0)
    made = factories.open_items(project, items)
    for _ in range(3):
        person = Annotator(factories.member(project), project)
        for _ in made:
            person.claim().submit(mps_answers("a"))
    for item in made:
        assert put(project, item, "Count the cubes.").status_code == 204
    factories.open_items(project, 1)
    if settings:
        assert change(project, **settings).status_code == 200
    return project, made


def test_each_answer_is_told_what_was_known_and_the_leads_note() -> None:
    project, _ = with_set()
    trainee = Trainee(project)
    begun = trainee.begin()
    assert (begun["items"], begun["attempt"]["done"]) == (2, 0)

    told = trainee.say("a", overall="b")

    assert (told["right"], told["note"]) == (False, "Count the cubes.")
    by_question = {one["id"]: one for one in told["questions"]}
    assert [by_question[key]["right"] for key in ("aesthetics", "overall")] == [True, False]
    assert by_question["overall"]["known"] == [{"letter": "", "key": "a", "value": None}]
    assert told["finished"] is None
    assert told["training"]["attempt"] == {"number": 1, "done": 1, "right": 0}


def test_nobody_works_untrained_where_a_lead_wants_it_so() -> None:
    project, _ = with_set(training_required=True, training_pass=0.5)
    trainee = Trainee(project)

    assert trainee.claim()["status"] == "training_required"
    assert trainee.claim()["assignments"] == []
    trainee.begin()
    trainee.say("b")
    failed = trainee.say("b")
    assert failed["finished"]["passed"] is False
    assert trainee.claim()["status"] == "training_required"

    trainee.begin()
    trainee.say("a")
    passed = trainee.say("b")
    assert {**passed["finished"], "at": None} == {
        "number": 2, "right": 1, "of": 2, "passed": True, "at": None,
    }  # fmt: skip
    assert trainee.claim()["status"] == "work"
    report = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/training").json()
    [row] = [one for one in report["people"] if one["id"] == trainee.user.pk]
    assert (row["attempts"], row["right"], row["of"]) == (2, 1, 2)
    assert row["passed_at"] == passed["finished"]["at"]
    assert [(one["answered"], one["right"]) for one in report["items"]] == [(2, 1), (2, 0)]


def test_training_counts_nowhere_and_is_no_item_of_ones_own_later() -> None:
    project, items = with_set(1)
    before = (Annotation.objects.count(), Assignment.objects.count())
    trainee = Trainee(project)
    trainee.begin()
    task = trainee.state()["task"]
    image = task["item"]["images"][0]
    assert trainee.client.get(image["url"]).status_code != 403
    trainee.say("b")

    assert (Annotation.objects.count(), Assignment.objects.count()) == before
    assert Exclusion.objects.get(annotator=trainee.user).item == items[0]
    gold = known_answers.make_gold(project.created_by, items[0].pk, now=timezone.now())
    assert gold.item.source_id == items[0].pk
    assert broken_but_files() == set()


def test_an_item_is_answered_once_in_an_attempt() -> None:
    project, items = with_set()
    trainee = Trainee(project)
    early = trainee.answer(str(items[0].pk), mps_answers("a"))
    trainee.begin()
    trainee.say("b")

    again = trainee.answer(str(items[0].pk), mps_answers("a"))

    assert (early.status_code, early.json()["code"]) == (409, "training_not_begun")
    assert (again.status_code, again.json()["code"]) == (409, "training_answered")
    assert trainee.state()["attempt"]["right"] == 0


def test_an_item_that_is_asked_again_is_left_out_of_the_set() -> None:
    project, items = with_set()
    client = signed_in(project.created_by)
    row = Annotation.objects.filter(item=items[0])[0]
    client.post(
        f"/api/v1/items/{items[0].pk}/reopen",
        {"annotation": str(row.pk), "reason": "look again"},
        format="json",
    )

    trainee = Trainee(project)
    assert trainee.begin()["items"] == 1
    assert trainee.say("a")["finished"]["of"] == 1


def test_what_is_not_settled_or_contested_teaches_nothing() -> None:
    project = factories.project(review_rate=0.0)
    [item] = factories.open_items(project, 1)

    assert put(project, item).json()["code"] == "gold_contested"
    refused = change(project, training_required=True)
    assert refused.json()["fields"]["training_required"]["code"] == "training_empty"


def test_the_last_item_stays_while_the_training_is_required() -> None:
    project, [item] = with_set(1, training_required=True)
    client = signed_in(project.created_by)

    refused = client.delete(f"/api/v1/items/{item.pk}/training")
    change(project, training_required=False)
    done = client.delete(f"/api/v1/items/{item.pk}/training")

    assert (refused.status_code, refused.json()["code"]) == (409, "training_empty")
    assert done.status_code == 204


def test_who_passed_stays_trained_when_a_later_attempt_fails() -> None:
    project, _ = with_set(1, training_required=True, training_pass=1)
    trainee = Trainee(project)
    trainee.begin()
    trainee.say("a")
    at = Membership.objects.get(user=trainee.user).trained_at
    trainee.begin()
    trainee.say("b")

    assert Membership.objects.get(user=trainee.user).trained_at == at
    assert TrainingAttempt.objects.filter(passed=True).count() == 1
    assert trainee.claim()["status"] == "work"
