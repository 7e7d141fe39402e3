"""Bearer tokens over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework.test import APIClient

from annotator.accounts.models import ApiToken, User
from annotator.projects.models import Project
from tests import factories

TOKENS = "/api/v1/tokens"

pytestmark = pytest.mark.django_db


def page(user: User) -> APIClient:
    """A signed-in browser."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    client.get("/api/v1/me")
    client.credentials(HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value)
    return client


def program(token: str, scheme: str = "Bearer") -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {token}")
    return client


def make(user: User, /, **body: Any) -> Any:
    return page(user).post(TOKENS, {"name": "laptop", **body}, format="json")


def test_a_token_is_shown_once_and_opens_the_api() -> None:
    ada = factories.user("ada")

    made = make(ada).json()

    assert program(made["token"]).get("/api/v1/me").json()["username"] == "ada"
    listed = page(ada).get(TOKENS)
    assert made["token"] not in listed.content.decode()
    assert [set(row) for row in listed.json()] == [
        {"id", "name", "created_at", "expires_at", "last_used_at", "scope", "project_id"}
    ]
    assert listed.json()[0]["last_used_at"] is not None


def test_a_program_needs_no_csrf_token(project: Project) -> None:
    made = make(project.created_by).json()

    answer = program(made["token"], "bearer").patch(
        f"/api/v1/projects/{project.pk}", {"name": "Dogs"}, format="json"
    )

    assert answer.status_code == 200


def test_a_browser_does(project: Project) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(project.created_by)

    answer = client.patch(f"/api/v1/projects/{project.pk}", {"name": "Dogs"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert Project.objects.get().name == project.name


@pytest.mark.parametrize("spoil", ["revoked", "expired", "closed", "mistyped"])
def test_a_spoilt_token_opens_nothing(spoil: str) -> None:
    ada = factories.user("ada")
    made = make(ada).json()
    token = made["token"]
    if spoil == "revoked":
        assert page(ada).delete(f"{TOKENS}/{made['id']}").status_code == 204
    elif spoil == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "closed":
        User.objects.update(is_active=False)
    else:
        token = token.swapcase()

    answer = program(token).get("/api/v1/me")

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert token not in answer.content.decode()


def test_a_token_cannot_make_another_one() -> None:
    ada = factories.user("ada")
    made = make(ada).json()

    answer = program(made["token"]).post(TOKENS, {"name": "second"}, format="json")

    assert answer.status_code == 403
    assert ApiToken.objects.count() == 1


def test_nobody_revokes_anothers_token() -> None:
    ada, eve = factories.user("ada"), factories.user("eve")
    made = make(ada).json()

    foreign = page(eve).delete(f"{TOKENS}/{made['id']}")
    absent = page(eve).delete(f"{TOKENS}/{made['id'] + 1}")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert ApiToken.objects.count() == 1


PASSWORD = {"old": factories.PASSWORD, "new": "a longer walk home"}


def test_another_password_revokes_every_token_of_that_person() -> None:
    ada, eve = factories.user("ada"), factories.user("eve")
    hers, other = make(ada).json()["token"], make(eve).json()["token"]

    answer = page(ada).post("/api/v1/me/password", PASSWORD, format="json")

    assert answer.status_code == 204
    assert program(hers).get("/api/v1/me").status_code == 401
    assert program(other).get("/api/v1/me").json()["username"] == "eve"
    assert list(ApiToken.objects.values_list("user", flat=True)) == [eve.pk]


def test_tokens_are_kept_where_that_is_asked_for() -> None:
    ada = factories.user("ada")
    token = make(ada).json()["token"]

    answer = page(ada).post("/api/v1/me/password", {**PASSWORD, "keep_tokens": True}, format="json")

    assert answer.status_code == 204
    assert program(token).get("/api/v1/me").json()["username"] == "ada"


def test_a_refused_change_of_password_revokes_nothing() -> None:
    ada = factories.user("ada")
    make(ada)

    wrong = page(ada).post("/api/v1/me/password", {**PASSWORD, "old": "guess"}, format="json")
    weak = page(ada).post("/api/v1/me/password", {**PASSWORD, "new": "short"}, format="json")

    assert (wrong.status_code, weak.status_code) == (400, 400)
    assert ApiToken.objects.count() == 1


def test_a_token_that_changes_the_password_stays_and_starts_no_session() -> None:
    ada = factories.user("ada")
    here, other = make(ada).json()["token"], make(ada).json()["token"]
    Session.objects.all().delete()

    answer = program(here).post("/api/v1/me/password", PASSWORD, format="json")

    assert answer.status_code == 204
    assert program(here).get("/api/v1/me").status_code == 200
    assert program(other).get("/api/v1/me").status_code == 401
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"expires_in_days": 0},
        {"expires_in_days": 367},
        {"user": 1},
        {"digest": "0" * 64},
    ],
)
def test_a_token_that_cannot_be_is_refused(body: dict[str, Any]) -> None:
    assert make(factories.user(), **body).status_code == 400
    assert ApiToken.objects.count() == 0
