"""Signing in and out over HTTP."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from rest_framework.test import APIClient

from annotator.accounts.browsers import number_of
from annotator.accounts.models import User
from tests import factories

LOGIN = "/api/v1/auth/login"
ME = "/api/v1/me"
PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db


def browser() -> APIClient:
    """A browser that has loaded the page: it has the CSRF cookie and sends it back."""
    client = APIClient(enforce_csrf_checks=True)
    assert client.get(ME).status_code == 401
    client.credentials(HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value)
    return client


def sign_in(client: APIClient, username: str = "ada", password: str = PASSWORD) -> Any:
    answer = client.post(LOGIN, {"username": username, "password": password}, format="json")
    # Signing in makes a new CSRF token; the page reads it from the cookie.
    client.credentials(HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value)
    return answer


def test_a_person_signs_in_and_sees_who_they_are() -> None:
    project = factories.project()
    ada = factories.member(project, "annotator", name="ada")
    page = browser()

    answer = sign_in(page)

    assert answer.status_code == 200
    expected = {
        "id": ada.pk,
        "username": "ada",
        "display_name": "",
        "language": "en",
        "can_create_projects": False,
        "second_factor_due": False,
        "projects": [
            {"id": project.pk, "name": project.name, "template": "mps", "roles": ["annotator"]}
        ],
    }
    assert answer.json() == expected
    assert page.get(ME).json() == expected


def test_a_stranger_is_told_to_sign_in_and_given_the_csrf_cookie() -> None:
    client = APIClient()

    answer = client.get(ME)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert "csrftoken" in answer.cookies


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer() -> None:
    factories.user("ada")

    wrong = sign_in(browser(), "ada", "not the password")
    unknown = sign_in(browser(), "nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 400
    assert wrong.content == unknown.content
    assert wrong.json()["code"] == "wrong_credentials"
    assert Session.objects.count() == 0


@pytest.mark.parametrize("fields", [{"is_active": False}, {"password": "!"}])
def test_a_closed_account_gets_the_answer_of_an_unknown_one(fields: dict[str, Any]) -> None:
    User.objects.filter(pk=factories.user("ada").pk).update(**fields)

    answer = sign_in(browser())

    assert answer.status_code == 400
    assert answer.json()["code"] == "wrong_credentials"


def test_signing_in_without_the_pages_token_is_refused() -> None:
    factories.user("ada")
    foreign = APIClient(enforce_csrf_checks=True)

    answer = foreign.post(LOGIN, {"username": "ada", "password": PASSWORD}, format="json")

    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf"
    assert Session.objects.count() == 0


def test_a_foreign_origin_is_refused_even_with_the_token() -> None:
    factories.user("ada")
    page = browser()

    answer = page.post(
        LOGIN,
        {"username": "ada", "password": PASSWORD},
        format="json",
        headers={"Origin": "https://elsewhere.example"},
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf"


def test_a_form_is_not_read() -> None:
    factories.user("ada")

    answer = browser().post(LOGIN, {"username": "ada", "password": PASSWORD}, format="multipart")

    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "body", [{}, {"username": "ada"}, [], "x", {"username": ["ada"], "password": {}}]
)
def test_a_body_that_is_no_login_is_refused_in_words(body: Any) -> None:
    answer = browser().post(LOGIN, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


def test_signing_in_starts_a_new_session() -> None:
    factories.user("ada")
    page = browser()
    sign_in(page)
    first = page.cookies["sessionid"].value

    sign_in(page)

    assert page.cookies["sessionid"].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    factories.user("ada")

    cookie = sign_in(browser()).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_out_ends_the_session_on_the_server() -> None:
    factories.user("ada")
    page = browser()
    sign_in(page)
    kept = APIClient()
    kept.cookies["sessionid"] = page.cookies["sessionid"].value

    answer = page.post("/api/v1/auth/logout")

    assert answer.status_code == 204
    assert kept.get(ME).status_code == 401


def test_the_sixth_wrong_try_in_a_row_has_to_wait() -> None:
    factories.user("ada")
    page = browser()
    tries = [sign_in(page, "ada", "not the password").status_code for _ in range(5)]

    refused = sign_in(page)

    assert tries == [400] * 5
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_attempts"
    assert int(refused.headers["Retry-After"]) in {1, 2}
    assert Session.objects.count() == 0


def test_a_browser_that_signed_in_before_is_not_kept_out_by_guesses() -> None:
    factories.user("ada")
    page = browser()
    sign_in(page)
    page.post("/api/v1/auth/logout")
    page.credentials(HTTP_X_CSRFTOKEN=page.cookies["csrftoken"].value)
    guesser = browser()
    for _ in range(6):
        refused = sign_in(guesser, "ada", "not the password")

    answer = sign_in(page)

    assert refused.status_code == 429
    assert answer.status_code == 200


def test_what_a_browser_carries_is_out_of_reach_of_scripts_and_other_sites() -> None:
    factories.user("ada")

    cookie = sign_in(browser()).cookies["known_browser"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/api/"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert "ada" not in cookie.value


def test_a_wrong_password_makes_no_browser_known() -> None:
    factories.user("ada")

    answer = sign_in(browser(), "ada", "not the password")

    assert "known_browser" not in answer.cookies


def test_the_browser_that_changes_the_password_stays_known() -> None:
    ada = factories.user("ada")
    page = browser()
    sign_in(page)

    page.post("/api/v1/me/password", {"old": PASSWORD, "new": "a longer walk home"}, format="json")

    ada.refresh_from_db()
    assert number_of(page.cookies["known_browser"].value, ada)


def test_another_password_ends_all_other_sessions() -> None:
    factories.user("ada")
    here, there = browser(), browser()
    sign_in(here)
    sign_in(there)

    answer = here.post(
        "/api/v1/me/password", {"old": PASSWORD, "new": "a longer walk home"}, format="json"
    )

    assert answer.status_code == 204
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 401
    assert sign_in(browser(), password="a longer walk home").status_code == 200


def test_a_wrong_old_password_changes_nothing() -> None:
    factories.user("ada")
    page = browser()
    sign_in(page)

    answer = page.post(
        "/api/v1/me/password", {"old": "guess", "new": "a longer walk home"}, format="json"
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "wrong_credentials"
    assert User.objects.get(username="ada").check_password(PASSWORD)


def test_people_change_their_name_and_language_and_nothing_else() -> None:
    ada = factories.user("ada")
    page = browser()
    sign_in(page)

    changed = page.patch(ME, {"display_name": "Ada", "language": "zh-Hans"}, format="json")
    refused = page.patch(ME, {"can_create_projects": True, "username": "root"}, format="json")

    assert changed.status_code == 200
    assert changed.json()["display_name"] == "Ada"
    assert changed.json()["language"] == "zh-Hans"
    assert refused.status_code == 400
    assert set(refused.json()["fields"]) == {"can_create_projects", "username"}
    ada.refresh_from_db()
    assert (ada.username, ada.can_create_projects) == ("ada", False)


def test_an_unknown_address_under_the_api_is_a_json_404() -> None:
    for path in ("/api/v1/nothing", "/api/", "/api", "/api/v2/me", "/api/v1/me/"):
        answer = APIClient().post(path, {}, format="json")
        assert answer.status_code == 404
        assert answer.json() == {
            "code": "not_found",
            "params": {},
            "message": "There is no such thing here, or it is not yours.",
            "fields": {},
        }
