"""Projects over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.accounts.models import Role
from annotator.projects.models import Membership, Project
from tests import factories
from tests.drivers import signed_in

PROJECTS = "/api/v1/projects"

pytestmark = pytest.mark.django_db

CUSTOM = {
    "name": "Cats",
    "template": "custom",
    "overlap": 5,
    "questions": [
        {"id": "best", "type": "pick", "title": "Best", "help": "The one to keep."},
        {"id": "beauty", "type": "rating", "scale": {"min": 1, "max": 7}},
        {
            "id": "real",
            "type": "flags",
            "about": "best",
            "options": [{"id": "real", "title": "Looks real"}],
            "required": False,
        },
    ],
}


def lead() -> APIClient:
    return signed_in(factories.user(can_create_projects=True))


def test_a_lead_makes_a_project_from_a_template() -> None:
    answer = lead().post(PROJECTS, {"name": "Cats", "template": "richhf"}, format="json")

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert {name: body[name] for name in ("name", "template", "overlap", "review_rate")} == {
        "name": "Cats",
        "template": "richhf",
        "overlap": 3,
        "review_rate": 0.2,
    }
    assert (body["lease_seconds"], body["guideline"], body["roles"]) == (600, "", ["manager"])
    assert (body["items"], body["settled"]) == (0, 0)
    assert [question["id"] for question in body["questions"]] == [
        "implausibility",
        "misalignment",
        "misaligned_words",
        "plausibility",
        "alignment",
        "aesthetics",
        "overall",
    ]
    assert body["questions"][3]["scale"] == {"min": 1, "max": 5}
    assert [question["position"] for question in body["questions"]] == list(range(7))


def test_a_lead_makes_a_project_with_questions_of_their_own() -> None:
    answer = lead().post(PROJECTS, CUSTOM, format="json")

    assert answer.status_code == 201, answer.content
    assert answer.json()["questions"] == [
        {
            "id": "best",
            "type": "pick",
            "title": "Best",
            "help": "The one to keep.",
            "title_zh": "",
            "help_zh": "",
            "required": True,
            "position": 0,
            "scale": None,
            "half_points": False,
            "na": False,
            "unsure": False,
            "spans": False,
            "links": False,
            "options": [],
            "about": None,
            "since": 1,
            "until": None,
        },
        {
            "id": "beauty",
            "type": "rating",
            "title": "",
            "help": "",
            "title_zh": "",
            "help_zh": "",
            "required": True,
            "position": 1,
            "scale": {"min": 1, "max": 7},
            "half_points": False,
            "na": False,
            "unsure": False,
            "spans": False,
            "links": False,
            "options": [],
            "about": None,
            "since": 1,
            "until": None,
        },
        {
            "id": "real",
            "type": "flags",
            "title": "",
            "help": "",
            "title_zh": "",
            "help_zh": "",
            "required": False,
            "position": 2,
            "scale": None,
            "half_points": False,
            "na": False,
            "unsure": False,
            "spans": False,
            "links": False,
            "options": [{"id": "real", "title": "Looks real", "title_zh": "", "parent": ""}],
            "about": "best",
            "since": 1,
            "until": None,
        },
    ]


def test_a_projects_questions_can_be_sent_back_as_they_came() -> None:
    client = lead()
    made = client.post(PROJECTS, CUSTOM, format="json").json()

    answer = client.patch(
        f"{PROJECTS}/{made['id']}", {"questions": made["questions"]}, format="json"
    )

    assert answer.status_code == 200, answer.content
    assert answer.json()["questions"] == made["questions"]


def test_who_may_not_create_projects_is_told_so() -> None:
    client = signed_in(factories.user())

    answer = client.post(PROJECTS, {"name": "Cats", "template": "mps"}, format="json")

    assert answer.status_code == 403
    assert answer.json()["code"] == "may_not_create_projects"
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Cats"},
        {"name": "Cats", "template": "unheard-of"},
        {"name": "", "template": "mps"},
        {"name": "Cats", "template": "mps", "overlap": 0},
        {"name": "Cats", "template": "mps", "overlap": "many"},
        {"name": "Cats", "template": "mps", "review_rate": 20},
        {"name": "Cats", "template": "mps", "seed": "00"},
        {"name": "Cats", "template": "mps", "created_by": 1},
        {"name": "Cats", "template": "custom"},
        {**CUSTOM, "questions": [{**CUSTOM["questions"][0], "kind": "rating"}]},  # type: ignore[index]
        {**CUSTOM, "questions": [{"id": "x", "type": "rating"}]},
        {**CUSTOM, "questions": "all"},
        {"name": "Cats\x00", "template": "mps"},
        [],
        None,
    ],
)
def test_a_project_that_cannot_be_is_refused_in_words(body: Any) -> None:
    answer = lead().post(PROJECTS, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["fields"]
    assert Project.objects.count() == 0


def test_every_reason_is_in_the_message_too() -> None:
    body = {**CUSTOM, "overlap": 12, "review_rate": 7}
    body["questions"] = [{"id": "beauty", "type": "rating", "scale": {"min": "low", "max": 1}}]

    unread = lead().post(PROJECTS, body, format="json").json()
    unwise = lead().post(PROJECTS, {**body, "questions": [{"id": "x", "type": "rating"}]},
                         format="json").json()  # fmt: skip

    assert unread["fields"]["questions.0.scale.min"]["code"] == "not_an_integer"
    assert unread["message"] == "questions.0.scale.min: This must be a whole number."
    assert {name: reason["code"] for name, reason in unwise["fields"].items()} == {
        "overlap": "number_range",
        "review_rate": "not_a_share",
        "questions.0.scale": "kind_needs_scale",
    }
    assert all(reason["message"] in unwise["message"] for reason in unwise["fields"].values())


def test_people_see_the_projects_that_they_are_in() -> None:
    first, other = factories.project(), factories.project()
    ada = factories.member(first, Role.ANNOTATOR)
    Membership.objects.create(project=first, user=ada, role=Role.REVIEWER)

    answer = signed_in(ada).get(PROJECTS)

    assert [project["id"] for project in answer.json()] == [first.pk]
    assert answer.json()[0]["roles"] == ["annotator", "reviewer"]
    assert signed_in(ada).get(f"{PROJECTS}/{other.pk}").status_code == 404


def test_annotators_learn_no_counts() -> None:
    project = factories.project()
    ada = factories.member(project, Role.ANNOTATOR)

    alone = signed_in(ada).get(f"{PROJECTS}/{project.pk}").json()
    listed = signed_in(ada).get(PROJECTS).json()[0]

    assert alone == listed
    assert (alone["items"], alone["settled"]) == (None, None)


def test_nobody_learns_the_projects_seed() -> None:
    project = factories.project()

    answer = signed_in(project.created_by).get(f"{PROJECTS}/{project.pk}")

    assert project.seed.encode() not in answer.content
    assert "seed" not in answer.json()


def test_a_list_of_projects_costs_the_same_however_long(django_assert_num_queries: Any) -> None:
    ada = factories.user()
    for _ in range(5):
        Membership.objects.create(project=factories.project(), user=ada, role=Role.MANAGER)
    client = signed_in(ada)

    # Memberships with projects, questions, options, items, consensuses.
    with django_assert_num_queries(5):
        answer = client.get(PROJECTS)

    assert len(answer.json()) == 5


def test_a_manager_changes_a_project() -> None:
    project = factories.project()
    client = signed_in(project.created_by)

    answer = client.patch(
        f"{PROJECTS}/{project.pk}", {"name": "Dogs", "review_rate": 1}, format="json"
    )

    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["review_rate"]) == ("Dogs", 1.0)


@pytest.mark.parametrize(
    "body", [{"template": "richhf"}, {"created_by": 1}, {"roles": ["manager"]}, {"items": 3}]
)
def test_what_is_not_the_managers_to_change_is_refused(body: dict[str, Any]) -> None:
    project = factories.project()

    answer = signed_in(project.created_by).patch(
        f"{PROJECTS}/{project.pk}", {"name": "Dogs", **body}, format="json"
    )

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(body)
    assert Project.objects.get().name == project.name


def test_the_overlap_stands_once_something_is_uploaded() -> None:
    project = factories.project()
    factories.batch(project)

    answer = signed_in(project.created_by).patch(
        f"{PROJECTS}/{project.pk}", {"overlap": 5}, format="json"
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "project_settings_fixed"
    assert list(answer.json()["fields"]) == ["overlap"]
    assert Project.objects.get().overlap == 3


def test_the_templates_are_those_of_the_contract() -> None:
    answer = signed_in(factories.user()).get("/api/v1/templates")

    assert {spec["name"]: spec["images"] for spec in answer.json()} == {
        "mps": {"min": 2, "max": 2},
        "richhf": {"min": 1, "max": 1},
        "imagereward": {"min": 4, "max": 9},
        "entitydraw": {"min": 1, "max": 4},
        "hpsv3": {"min": 2, "max": 2},
        "graded": {"min": 2, "max": 2},
        "triage": {"min": 1, "max": 1},
        "evalmuse": {"min": 1, "max": 1},
        "edit": {"min": 1, "max": 9},
        "edit-graded": {"min": 2, "max": 2},
        "richhf-plus": {"min": 1, "max": 1},
        "custom": {"min": 1, "max": 9},
    }


@pytest.mark.parametrize(
    "query", ["created_by__password__startswith=s", "ordering=seed", "user__username=ada", "id=1"]
)
def test_a_parameter_that_nobody_asked_for_filters_nothing(query: str) -> None:
    project = factories.project()
    client = signed_in(project.created_by)

    assert client.get(f"{PROJECTS}?{query}").json() == client.get(PROJECTS).json()
