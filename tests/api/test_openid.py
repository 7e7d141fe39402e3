"""Signing in by an OpenID provider over HTTP; in a browser: tests/browser/test_sign_in.py."""

import re
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from annotator.accounts.models import Identity, User
from annotator.assignments.models import Assignment, AssignmentState
from annotator.projects.models import Membership
from tests import factories, openid
from tests.drivers import Annotator
from tests.openid import Provider

DEPART = "/api/v1/auth/openid"
CALLBACK = "/api/v1/auth/openid/callback"
ME = "/api/v1/me"

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider that this site signs people in by."""
    with openid.provider() as made:
        settings.OIDC_ISSUER = made.issuer
        settings.OIDC_NAME = "Example Labs"
        settings.OIDC_CLIENT_ID = openid.CLIENT
        settings.OIDC_CLIENT_SECRET = openid.CLIENT_SECRET
        yield made


def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def post(page: APIClient, path: str, body: Any = None) -> Any:
    """As the page does it: with the token of its cookie, which GET /me sets."""
    page.get(ME)
    token = page.cookies["csrftoken"].value
    return page.post(path, body, format="json", headers={"X-CSRFToken": token})


def depart(page: APIClient, **body: Any) -> str:
    answer = post(page, DEPART, body)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["url"])


def come_back(page: APIClient, provider: Provider, url: str, **answer: str) -> Any:
    return page.get(CALLBACK, provider.send_back(url, **answer))


def sign_in(page: APIClient, provider: Provider, **answer: str) -> Any:
    """There and back."""
    return come_back(page, provider, depart(page), **answer)


def refusal(answer: Any) -> str:
    """The code that the page is told."""
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query).get("refused", [""])[0]


def identity(user: User, provider: Provider) -> Identity:
    return Identity.objects.create(user=user, issuer=provider.issuer, subject=provider.subject)


def test_who_comes_for_the_first_time_gets_an_account(provider: Provider) -> None:
    provider.userinfo = {"preferred_username": "ada", "name": "Ada Lovelace"}
    page = browser()

    answer = come_back(page, provider, depart(page, then="/projects/7"))

    assert answer["Location"] == "/projects/7"
    me = page.get(ME).json()
    assert (me["username"], me["display_name"]) == ("ada", "Ada Lovelace")
    assert not User.objects.get().has_usable_password()
    assert Identity.objects.get().subject == provider.subject


def test_who_comes_again_finds_the_same_account_whatever_they_are_called_now(
    provider: Provider,
) -> None:
    provider.userinfo = {"preferred_username": "ada"}
    sign_in(browser(), provider)
    provider.userinfo = {"preferred_username": "ada.king"}
    page = browser()

    sign_in(page, provider)

    assert page.get(ME).json()["username"] == "ada"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("there", "called", "got"),
    [
        ("ada", "ada", "ada-2"),
        ("ada", "ADA", "ADA-2"),
        ("ada", "аda", r"person-[0-9a-f]{12}"),  # its first letter is Cyrillic
        ("ada", "Ada  Lovelace", "Ada.Lovelace"),
        ("ada", "", r"person-[0-9a-f]{12}"),
        ("ada", "ada\u200b", r"ada-2|person-[0-9a-f]{12}"),
    ],
)
def test_a_name_takes_nobodys_account_over(
    provider: Provider, there: str, called: str, got: str
) -> None:
    local = factories.user(there)
    provider.userinfo = {"preferred_username": called, "email": "ada@example.org"}
    page = browser()

    sign_in(page, provider)

    me = page.get(ME).json()
    assert me["id"] != local.pk
    assert re.fullmatch(got, me["username"])
    assert not Identity.objects.filter(user=local).exists()


def test_the_provider_is_asked_with_state_nonce_and_a_challenge(provider: Provider) -> None:
    page = browser()

    provider.send_back(depart(page))

    assert provider.asked["response_type"] == "code"
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == "http://testserver/api/v1/auth/openid/callback"
    assert min(len(provider.asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = page.cookies["departure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/api/v1/auth/"


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": ["triptych", "another client"]},
        {"aud": None},
        {"nonce": "another sign-in's"},
        {"nonce": None},
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"nbf": int(time.time()) + 6000},
        {"azp": "another client"},
        {"at_hash": "of another token"},
        {"sub": ""},
        {"sub": None},
        {"sub": "somebody else than the user info says"},
        {"sub": "x" * 256},
    ],
)
def test_a_token_that_is_not_right_signs_nobody_in(provider: Provider, lie: Any) -> None:
    provider.id_token = lie
    page = browser()

    answer = sign_in(page, provider)

    assert refusal(answer) == "provider_untrusted"
    assert page.get(ME).status_code == 401
    assert User.objects.count() == Session.objects.count() == 0


@pytest.mark.parametrize("how", ["a foreign key", "no signature", "a symmetric key"])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(
    provider: Provider, how: str
) -> None:
    if how == "a foreign key":
        provider.key = openid.FOREIGN_KEY
    elif how == "no signature":
        provider.algorithm = "none"
    else:
        provider.key, provider.algorithm = openid.SYMMETRIC_KEY, "HS256"

    answer = sign_in(browser(), provider)

    assert refusal(answer) == "provider_untrusted"
    assert User.objects.count() == 0


def test_elliptic_curves_are_read_too(provider: Provider) -> None:
    provider.key, provider.algorithm = openid.EC_KEY, "ES256"
    page = browser()

    sign_in(page, provider)

    assert page.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"state": "another"}, "sign_in_expired"),
        ({"state": ""}, "sign_in_expired"),
        ({"state": "\u00fc"}, "sign_in_expired"),
        ({"iss": "https://elsewhere.example"}, "provider_untrusted"),
        ({"error": "access_denied"}, "provider_refused"),
        ({"code": ""}, "provider_refused"),
    ],
)
def test_an_answer_that_is_not_right_signs_nobody_in(
    provider: Provider, answer: dict[str, str], code: str
) -> None:
    assert refusal(sign_in(browser(), provider, **answer)) == code
    assert User.objects.count() == Session.objects.count() == 0


def test_the_way_back_is_open_to_the_browser_that_set_out_alone_and_once(
    provider: Provider,
) -> None:
    page, other = browser(), browser()
    answer = provider.send_back(depart(page))

    elsewhere = other.get(CALLBACK, answer)
    first = page.get(CALLBACK, answer)
    again = page.get(CALLBACK, answer)

    assert refusal(elsewhere) == refusal(again) == "sign_in_expired"
    assert refusal(first) == ""


def test_of_two_windows_the_one_that_set_out_last_comes_back(provider: Provider) -> None:
    page = browser()
    first, last = depart(page), depart(page)

    assert refusal(come_back(page, provider, first)) == "sign_in_expired"
    assert refusal(come_back(page, provider, depart(page))) == ""
    assert first != last


def test_a_secret_that_is_not_ours_gets_no_token(provider: Provider, settings: Any) -> None:
    settings.OIDC_CLIENT_SECRET = "another"

    answer = sign_in(browser(), provider)

    assert refusal(answer) == "provider_untrusted"
    assert provider.refused == ["secret"]


def test_a_provider_that_is_away_is_told_in_words(settings: Any) -> None:
    with openid.provider() as gone:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = gone.issuer, openid.CLIENT
        page = browser()
        url = depart(page)

    back = come_back(page, gone, url)
    there = post(page, DEPART, {})

    assert refusal(back) == "provider_away"
    assert (there.status_code, there.json()["code"]) == (503, "provider_away")


def test_a_provider_that_calls_itself_otherwise_is_not_believed(provider: Provider) -> None:
    provider.metadata = {"issuer": "https://elsewhere.example"}

    answer = post(browser(), DEPART, {})

    assert (answer.status_code, answer.json()["code"]) == (403, "provider_untrusted")


def test_a_site_without_a_provider_says_so() -> None:
    answer = post(browser(), DEPART, {})

    assert (answer.status_code, answer.json()["code"]) == (404, "no_provider")
    assert browser().get("/api/v1/auth/ways").json() == {"passwords": True, "provider": None}


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_nobody_is_sent_on_to_another_site(provider: Provider, then: str) -> None:
    page = browser()

    assert come_back(page, provider, depart(page, then=then))["Location"] == "/"


def test_a_closed_account_stays_closed(provider: Provider) -> None:
    ada = factories.user("ada", is_active=False)
    identity(ada, provider)
    page = browser()

    answer = sign_in(page, provider)

    assert refusal(answer) == "account_closed"
    assert page.get(ME).status_code == 401


def test_where_no_accounts_are_made_only_known_people_get_in(
    provider: Provider, settings: Any
) -> None:
    settings.OIDC_CREATE_ACCOUNTS = False

    unknown = sign_in(browser(), provider)
    identity(factories.user("ada"), provider)
    known = sign_in(browser(), provider)

    assert (refusal(unknown), refusal(known)) == ("no_account_here", "")
    assert User.objects.count() == 1


def test_groups_give_roles_and_leading_and_take_them_back(
    provider: Provider, settings: Any
) -> None:
    one, two = factories.project(), factories.project()
    settings.OIDC_GROUPS = (
        f"leads=lead; labelers=annotator@{one.pk}; checkers=reviewer@{two.pk}; staff=person;"
        "lost=annotator@987654321"
    )
    provider.userinfo = {"groups": ["staff", "leads", "labelers", "checkers", "lost"]}
    page = browser()

    sign_in(page, provider)
    before = page.get(ME).json()
    user = User.objects.get(pk=before["id"])
    Membership.objects.create(user=user, project=two, role="annotator")
    factories.open_items(one, 1)
    Annotator(user, one).claim()
    provider.userinfo = {"groups": ["staff", "checkers"]}
    sign_in(page, provider)
    after = page.get(ME).json()

    assert before["can_create_projects"]
    assert {row["id"]: row["roles"] for row in before["projects"]} == {
        one.pk: ["annotator"], two.pk: ["reviewer"],
    }  # fmt: skip
    assert not after["can_create_projects"]
    assert {row["id"]: row["roles"] for row in after["projects"]} == {
        two.pk: ["annotator", "reviewer"]
    }
    assert not Assignment.objects.filter(state=AssignmentState.CLAIMED).exists()


def test_what_was_given_by_hand_no_group_takes(provider: Provider, settings: Any) -> None:
    project = factories.project()
    lead = factories.member(project, "manager")
    User.objects.filter(pk=lead.pk).update(can_create_projects=True)
    identity(lead, provider)
    settings.OIDC_GROUPS = f"leads=lead; bosses=manager@{project.pk}; staff=person"
    for groups in (["leads", "bosses"], ["staff"]):
        provider.userinfo = {"groups": groups}
        sign_in(browser(), provider)

    lead.refresh_from_db()
    assert lead.can_create_projects
    assert Membership.objects.filter(user=lead, role="manager").exists()


def test_who_is_in_none_of_the_groups_is_kept_out_and_loses_what_groups_gave(
    provider: Provider, settings: Any
) -> None:
    project = factories.project()
    settings.OIDC_GROUPS = f"labelers=annotator@{project.pk}; leads=lead"
    provider.userinfo = {"groups": ["labelers", "leads"]}
    sign_in(browser(), provider)
    user = User.objects.get(pk=Identity.objects.get().user_id)
    provider.userinfo = {"groups": "others"}
    page = browser()

    answer = sign_in(page, provider)

    user.refresh_from_db()
    assert refusal(answer) == "no_group"
    assert page.get(ME).status_code == 401
    assert not user.can_create_projects
    assert not Membership.objects.filter(user=user).exists()


def test_signing_out_leads_to_the_providers_sign_out(provider: Provider) -> None:
    page = browser()
    sign_in(page, provider)

    answer = post(page, "/api/v1/auth/logout")

    url = urlsplit(answer.json()["url"])
    told = parse_qs(url.query)
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.issuer}/end"
    assert told["post_logout_redirect_uri"] == ["http://testserver/sign-in"]
    assert told["id_token_hint"][0].count(".") == 2
    assert page.get(ME).status_code == 401


def test_a_person_connects_their_account_and_gets_in_by_the_provider(provider: Provider) -> None:
    ada = factories.user("ada")
    page = browser()
    page.force_login(ada)

    answer = come_back(page, provider, depart(page, then="/settings", connect=True))
    fresh = browser()
    sign_in(fresh, provider)

    assert answer["Location"] == "/settings"
    assert fresh.get(ME).json()["username"] == "ada"


def test_an_identity_opens_one_account_alone(provider: Provider) -> None:
    ada, eve = factories.user("ada"), factories.user("eve")
    identity(ada, provider)
    page = browser()
    page.force_login(eve)

    answer = come_back(page, provider, depart(page, connect=True))

    assert answer["Location"].startswith("/settings?")
    assert refusal(answer) == "identity_of_another"
    assert Identity.objects.get().user == ada


def test_nobody_connects_for_another(provider: Provider) -> None:
    page = browser()
    page.force_login(factories.user("ada"))
    url = depart(page, connect=True)
    page.force_login(factories.user("eve"))

    refused = come_back(page, provider, url)
    signed_out = post(browser(), DEPART, {"connect": True})

    assert refusal(refused) == "sign_in_expired"
    assert signed_out.status_code == 403
    assert not Identity.objects.exists()


def test_without_local_passwords_none_opens_anything(provider: Provider, settings: Any) -> None:
    settings.LOCAL_PASSWORDS = False
    ada = factories.user("ada")
    page = browser()
    body = {"username": "ada", "password": factories.PASSWORD}

    answer = post(page, "/api/v1/auth/login", body)

    assert (answer.status_code, answer.json()["code"]) == (403, "passwords_off")
    assert page.get("/api/v1/auth/ways").json() == {
        "passwords": False, "provider": "Example Labs",
    }  # fmt: skip
    identity(ada, provider)
    sign_in(page, provider)
    assert page.get(ME).json()["username"] == "ada"


def test_the_command_makes_an_account_that_the_provider_opens(
    provider: Provider, settings: Any
) -> None:
    settings.OIDC_CREATE_ACCOUNTS = settings.LOCAL_PASSWORDS = False
    page = browser()

    call_command("create_user", "root", "--lead", "--subject", provider.subject, stdout=StringIO())
    sign_in(page, provider)

    assert page.get(ME).json()["username"] == "root"
    assert not User.objects.get().has_usable_password()


def test_the_command_makes_no_account_for_a_provider_that_there_is_not() -> None:
    with pytest.raises(CommandError):
        call_command("create_user", "root", "--subject", "1")

    assert not User.objects.exists()
