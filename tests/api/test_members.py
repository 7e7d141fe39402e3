"""Members and invitations over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotator.accounts.models import Role, User
from annotator.actions.models import Action
from annotator.projects.models import Invitation, Membership, Project
from tests import factories
from tests.drivers import signed_in

pytestmark = pytest.mark.django_db


def invite(project: Project, /, **body: Any) -> Any:
    return signed_in(project.created_by).post(
        f"/api/v1/projects/{project.pk}/invitations", body, format="json"
    )


def secret_of(answer: Any) -> str:
    url: str = answer.json()["url"]
    assert url.startswith("http://testserver/join/")
    return url.removeprefix("http://testserver/join/")


def page() -> APIClient:
    """A stranger's browser on the invitation's page."""
    client = APIClient(enforce_csrf_checks=True)
    client.get("/api/v1/me")
    client.credentials(HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value)
    return client


NEWCOMER = {"username": "grace", "password": "a longer walk home", "display_name": "Grace"}


def test_an_invited_stranger_makes_an_account_and_is_signed_in(project: Project) -> None:
    secret = secret_of(invite(project, role="reviewer"))
    stranger = page()

    welcome = stranger.get(f"/api/v1/invitations/{secret}")
    joined = stranger.post(f"/api/v1/invitations/{secret}/accept", NEWCOMER, format="json")

    assert welcome.json() == {"project": project.name, "role": "reviewer"}
    assert joined.status_code == 200, joined.content
    assert joined.json()["username"] == "grace"
    assert joined.json()["projects"] == [
        {"id": project.pk, "name": project.name, "template": "mps", "roles": ["reviewer"]}
    ]
    assert stranger.get("/api/v1/me").json() == joined.json()
    assert stranger.get(f"/api/v1/invitations/{secret}").status_code == 404


def test_a_signed_in_person_joins_as_themselves(project: Project) -> None:
    ada = factories.user("ada")
    secret = secret_of(invite(project, role="annotator"))
    client = page()
    client.force_login(ada)

    answer = client.post(f"/api/v1/invitations/{secret}/accept", {}, format="json")

    assert answer.status_code == 200, answer.content
    assert Membership.objects.get(user=ada).role == "annotator"
    assert User.objects.count() == 2


def test_accepting_without_the_pages_token_is_refused(project: Project) -> None:
    secret = secret_of(invite(project, role="annotator"))
    foreign = APIClient(enforce_csrf_checks=True)

    answer = foreign.post(f"/api/v1/invitations/{secret}/accept", NEWCOMER, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize(
    "extra", [{"role": "manager"}, {"can_create_projects": True}, {"project": 1}]
)
def test_a_new_account_takes_no_more_than_was_offered(
    project: Project, extra: dict[str, Any]
) -> None:
    secret = secret_of(invite(project, role="annotator"))

    answer = page().post(
        f"/api/v1/invitations/{secret}/accept", {**NEWCOMER, **extra}, format="json"
    )

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(extra)
    assert not User.objects.filter(username="grace").exists()


def test_a_new_account_without_name_and_password_is_told_what_is_missing(project: Project) -> None:
    secret = secret_of(invite(project, role="annotator"))

    answer = page().post(f"/api/v1/invitations/{secret}/accept", {}, format="json")

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"username", "password"}


def test_a_new_account_cannot_look_like_somebody_else(project: Project) -> None:
    factories.user("ace")
    secret = secret_of(invite(project, role="annotator"))
    look_alike = {**NEWCOMER, "username": "\u0430\u0441\u0435"}

    answer = page().post(f"/api/v1/invitations/{secret}/accept", look_alike, format="json")

    assert answer.status_code == 400
    assert answer.json()["fields"]["username"]["code"] == "username_looks_taken"
    assert User.objects.count() == 2
    assert Invitation.objects.get().used_at is None


def test_nobody_registers_without_an_invitation(db: None) -> None:
    for secret in ("x", "1", "a" * 43, "a" * 2000):
        answer = page().post(f"/api/v1/invitations/{secret}/accept", NEWCOMER, format="json")
        assert answer.status_code == 404

    assert User.objects.count() == 0


def test_an_expired_invitation_is_gone(project: Project) -> None:
    secret = secret_of(invite(project, role="annotator", expires_in_days=1))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert page().get(f"/api/v1/invitations/{secret}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "owner"},
        {"role": "annotator", "expires_in_days": 0},
        {"role": "annotator", "expires_in_days": 91},
        {"role": "annotator", "project": 1},
    ],
)
def test_an_invitation_that_cannot_be_is_refused(project: Project, body: dict[str, Any]) -> None:
    assert invite(project, **body).status_code == 400
    assert Invitation.objects.count() == 0


def test_the_list_of_invitations_shows_no_way_in(project: Project) -> None:
    secret = secret_of(invite(project, role="annotator"))

    answer = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/invitations")

    assert [set(row) for row in answer.json()] == [{"id", "role", "expires_at", "used_at", "note"}]
    assert secret not in answer.content.decode()


def test_a_revoked_invitation_is_gone(project: Project) -> None:
    made = invite(project, role="annotator")

    answer = signed_in(project.created_by).delete(f"/api/v1/invitations/{made.json()['id']}")

    assert answer.status_code == 204
    assert page().get(f"/api/v1/invitations/{secret_of(made)}").status_code == 404


def test_a_manager_sees_who_is_in_the_project(
    project: Project, django_assert_num_queries: Any
) -> None:
    ada = factories.member(project, Role.ANNOTATOR, name="ada")
    client = signed_in(project.created_by)

    # The project with the caller's roles; the members with their people.
    with django_assert_num_queries(2):
        answer = client.get(f"/api/v1/projects/{project.pk}/members")

    assert answer.json()[0] == {
        "id": Membership.objects.get(user=ada).pk,
        "user": {"id": ada.pk, "username": "ada", "display_name": ""},
        "role": "annotator",
        "joined_at": answer.json()[0]["joined_at"],
    }
    assert len(answer.json()) == 2


def test_a_removed_member_finds_nothing_on_the_next_request(project: Project) -> None:
    ada = factories.member(project, Role.ANNOTATOR)
    client = signed_in(ada)
    assert client.get(f"/api/v1/projects/{project.pk}").status_code == 200

    removed = signed_in(project.created_by).delete(
        f"/api/v1/members/{Membership.objects.get(user=ada).pk}"
    )

    assert removed.status_code == 204
    assert client.get(f"/api/v1/projects/{project.pk}").status_code == 404
    assert client.get("/api/v1/projects").json() == []


def test_the_last_manager_cannot_be_removed(project: Project) -> None:
    mine = Membership.objects.get()

    answer = signed_in(project.created_by).delete(f"/api/v1/members/{mine.pk}")

    assert (answer.status_code, answer.json()["code"]) == (409, "last_manager")
    assert Membership.objects.count() == 1


def test_a_dozen_are_invited_at_once_each_with_a_note(project: Project) -> None:
    notes = [f" person {number} " for number in range(12)]
    url = f"/api/v1/projects/{project.pk}/invitations/many"

    made = signed_in(project.created_by).post(
        url, {"role": "annotator", "expires_in_days": 3, "notes": notes}, format="json"
    )

    assert made.status_code == 201, made.content
    assert [row["note"] for row in made.json()] == [note.strip() for note in notes]
    secrets = {row["url"].rpartition("/")[2] for row in made.json()}
    assert len(secrets) == 12
    for secret in secrets:
        assert APIClient().get(f"/api/v1/invitations/{secret}").json()["role"] == "annotator"
    listed = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/invitations").json()
    assert [row["note"] for row in listed] == [note.strip() for note in reversed(notes)]
    assert Action.objects.filter(verb="invitation.made", project_id=project.pk).count() == 12


@pytest.mark.parametrize("notes", [[], ["x" * 201], ["a"] * 201, "Anna", ["Anna", "Bert", " anna"]])
def test_invitations_that_do_not_fit_make_none(project: Project, notes: object) -> None:
    refused = signed_in(project.created_by).post(
        f"/api/v1/projects/{project.pk}/invitations/many",
        {"role": "annotator", "notes": notes},
        format="json",
    )

    assert refused.status_code == 400
    assert Invitation.objects.count() == 0


def test_a_manager_adds_people_of_their_other_projects_without_a_link(project: Project) -> None:
    lead = project.created_by
    other = factories.project()
    Membership.objects.create(project=other, user=lead, role=Role.MANAGER)
    owner = other.created_by
    grace = factories.member(other, Role.ANNOTATOR, name="grace")
    gone = factories.member(other, Role.ANNOTATOR, name="gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    stranger = factories.member(factories.project(), Role.ANNOTATOR, name="stranger")
    client, path = signed_in(lead), f"/api/v1/projects/{project.pk}/members"

    known = {one["username"]: one for one in client.get(f"{path}/known").json()}
    added = client.post(path, {"user": grace.pk, "role": "reviewer"}, format="json")

    assert set(known) == {lead.username, owner.username, "grace"}
    assert (known["grace"]["roles"], known[lead.username]["roles"]) == ([], ["manager"])
    assert added.status_code == 201
    assert added.json()["user"]["username"] == "grace"
    assert Membership.objects.get(project=project, user=grace).role == "reviewer"
    action = Action.objects.get(verb="member.added")
    assert (action.project_id, action.actor_id) == (project.pk, lead.pk)
    assert (action.target, action.details["role"]) == (f"user:{grace.pk}", "reviewer")

    again = client.post(path, {"user": grace.pk, "role": "reviewer"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "member_already")
    for unknown in (stranger.pk, gone.pk, 999_999):
        answer = client.post(path, {"user": unknown, "role": "annotator"}, format="json")
        assert answer.status_code == 404
    assert not Membership.objects.filter(project=project, user__in=[stranger, gone]).exists()
