"""Second factors over HTTP: signing in with one, and what a site may demand."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from rest_framework.test import APIClient

from annotator.accounts import services
from annotator.accounts.models import SecondFactor, User
from annotator.core import clock
from tests import factories

ME = "/api/v1/me"
LOGIN = "/api/v1/auth/login"
FACTOR = "/api/v1/me/second-factor"

pytestmark = pytest.mark.django_db


def post(page: APIClient, path: str, **body: Any) -> Any:
    page.get(ME)
    token = page.cookies["csrftoken"].value
    return page.post(path, body, format="json", headers={"X-CSRFToken": token})


def sign_in(name: str, code: str = "", page: APIClient | None = None) -> tuple[APIClient, Any]:
    page = page or APIClient(enforce_csrf_checks=True)
    body = {"username": name, "password": factories.PASSWORD, "code": code}
    return page, post(page, LOGIN, **body)


def set_up(page: APIClient) -> tuple[pyotp.TOTP, list[str]]:
    """The app and the recovery codes of who has just switched their second factor on."""
    begun = post(page, FACTOR, password=factories.PASSWORD)
    assert begun.status_code == 200, begun.content
    app = pyotp.TOTP(begun.json()["secret"])
    confirmed = post(page, f"{FACTOR}/confirm", code=app.at(clock.now()))
    assert confirmed.status_code == 200, confirmed.content
    return app, confirmed.json()["codes"]


def test_who_has_one_signs_in_with_a_code_and_is_told_so() -> None:
    factories.user("ada")
    page, _ = sign_in("ada")
    _, codes = set_up(page)

    _, without = sign_in("ada")
    _, wrong = sign_in("ada", "000000")
    _, right = sign_in("ada", codes[0])

    assert (without.status_code, without.json()["code"]) == (400, "code_requested")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_code")
    assert right.status_code == 200


def test_setting_it_up_ends_the_other_sessions() -> None:
    factories.user("ada")
    here, _ = sign_in("ada")
    there, _ = sign_in("ada")

    set_up(here)

    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 401


def test_the_ways_in_are_told() -> None:
    factories.user("ada")
    page, _ = sign_in("ada")
    before = page.get("/api/v1/me/ways").json()
    set_up(page)

    after = page.get("/api/v1/me/ways").json()

    assert before == {
        "password": True, "connected": False, "second_factor_since": None, "recovery_codes": 0,
    }  # fmt: skip
    assert after["second_factor_since"] is not None
    assert after["recovery_codes"] == 10


def test_it_is_switched_off_with_the_password_alone() -> None:
    factories.user("ada")
    page, _ = sign_in("ada")
    set_up(page)

    refused = post(page, f"{FACTOR}/remove", password="not the password")
    kept = SecondFactor.objects.exists()
    removed = post(page, f"{FACTOR}/remove", password=factories.PASSWORD)

    assert (refused.status_code, refused.json()["code"]) == (400, "wrong_credentials")
    assert kept
    assert removed.status_code == 204
    assert sign_in("ada")[1].status_code == 200


@pytest.mark.parametrize("action", ["", "/remove"])
def test_whoever_sits_at_an_open_session_can_neither_begin_nor_change_anything(
    action: str,
) -> None:
    factories.user("ada")
    page, _ = sign_in("ada")

    answers = [post(page, FACTOR + action, password="a guess").status_code for _ in range(6)]

    assert answers == [400] * 5 + [429]
    assert not SecondFactor.objects.exists()


def test_a_site_may_demand_one_of_its_leads_alone(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = "leads"
    factories.user("lead", can_create_projects=True)
    factories.user("ada")

    lead, told = sign_in("lead")
    ada, also_told = sign_in("ada")

    assert told.json()["second_factor_due"]
    assert not also_told.json()["second_factor_due"]
    assert ada.get("/api/v1/projects").status_code == 200
    refused = lead.get("/api/v1/projects")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_due")
    assert lead.get(ME).json()["second_factor_due"]
    assert post(lead, "/api/v1/tokens", name="laptop").status_code == 403
    set_up(lead)
    assert lead.get("/api/v1/projects").status_code == 200
    assert not lead.get(ME).json()["second_factor_due"]


def test_what_is_demanded_from_now_on_holds_for_open_sessions_too(settings: Any) -> None:
    factories.user("ada")
    page, _ = sign_in("ada")
    before = page.get("/api/v1/projects").status_code
    settings.SECOND_FACTOR_FOR = "all"

    assert before == 200
    assert page.get("/api/v1/projects").status_code == 403
    assert post(page, "/api/v1/auth/logout").status_code == 204


def test_who_switches_off_what_is_demanded_has_to_set_it_up_again(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = "all"
    factories.user("ada")
    page, _ = sign_in("ada")
    set_up(page)

    post(page, f"{FACTOR}/remove", password=factories.PASSWORD)

    assert page.get("/api/v1/projects").status_code == 403


def test_tokens_go_on_and_can_change_nothing_of_it(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = "all"
    ada = factories.user("ada")
    _, secret = services.make_token(
        ada, name="cluster", expires_in=timedelta(days=1), now=clock.now()
    )
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    refused = program.post(FACTOR, {"password": factories.PASSWORD}, format="json")

    assert program.get("/api/v1/projects").status_code == 200
    assert not program.get(ME).json()["second_factor_due"]
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_needed")
    assert not SecondFactor.objects.exists()


def test_another_password_needs_no_code_of_who_is_signed_in() -> None:
    factories.user("ada")
    page, _ = sign_in("ada")
    set_up(page)

    answer = post(page, f"{ME}/password", old=factories.PASSWORD, new="a longer walk home")

    assert answer.status_code == 204
    assert User.objects.get().check_password("a longer walk home")
    assert Session.objects.count() == 1
