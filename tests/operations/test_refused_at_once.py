"""What has ended is refused by the next request, in every process of the site."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from annotator import pipeline
from annotator.accounts import services as accounts
from annotator.accounts.models import User
from annotator.accounts.services import PasswordChange
from annotator.projects.models import Membership, Project
from tests import factories
from tests.sites import Web
from tests.waiting import until
from tests.workers import database_of_the_test

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

# Twice as many as two processes have threads: each of them answers some.
AT_ONCE = 32
GIVEN = {(200, "", "")}
NOT_SIGNED_IN = {(401, "not_signed_in", "")}


@pytest.fixture
def web(db: None, tmp_path: Path) -> Iterator[Web]:
    running = Web({"DATABASE_URL": database_of_the_test(), "TRIPTYCH_DATA": str(tmp_path / "data")})
    until(running.answers, "the site answers")
    yield running
    running.end()


@pytest.fixture
def project(db: None) -> Project:
    made = factories.project()
    factories.open_items(made, 3)
    return made


@pytest.fixture
def person(project: Project) -> User:
    return factories.member(project)


@pytest.fixture
def token(person: User) -> str:
    _, secret = accounts.make_token(
        person, name="program", expires_in=timedelta(days=1), now=timezone.now()
    )
    return secret


def test_a_member_who_was_removed_claims_nothing(
    web: Web, project: Project, person: User, token: str
) -> None:
    claims = f"/api/v1/projects/{project.pk}/claims"
    assert web.ask_many(claims, token, AT_ONCE, method="POST") == GIVEN

    pipeline.leave_project(Membership.objects.get(user=person), now=timezone.now())

    assert web.ask_many(claims, token, AT_ONCE, method="POST") == {(404, "not_found", "")}


def test_a_revoked_token_opens_nothing(web: Web, person: User, token: str) -> None:
    assert web.ask_many("/api/v1/me", token, AT_ONCE) == GIVEN

    accounts.revoke_token(accounts.ApiToken.objects.get(user=person))

    assert web.ask_many("/api/v1/me", token, AT_ONCE) == NOT_SIGNED_IN


def test_a_closed_account_is_nobodys(web: Web, person: User, token: str) -> None:
    session = signed_in_session(person)
    assert web.ask_many("/api/v1/me", token, AT_ONCE) == GIVEN
    assert web.ask_many("/api/v1/me", "", AT_ONCE, session=session) == GIVEN

    pipeline.deactivate(person, by=None, now=timezone.now())

    assert web.ask_many("/api/v1/me", token, AT_ONCE) == NOT_SIGNED_IN
    assert web.ask_many("/api/v1/me", "", AT_ONCE, session=session) == NOT_SIGNED_IN


def test_another_password_ends_sessions_and_tokens(web: Web, person: User, token: str) -> None:
    session = signed_in_session(person)
    assert web.ask_many("/api/v1/me", "", AT_ONCE, session=session) == GIVEN
    assert web.ask_many("/api/v1/me", token, AT_ONCE) == GIVEN

    change = PasswordChange(old=factories.PASSWORD, new="another long password")
    accounts.change_password(person, change, address="127.0.0.1", now=timezone.now())

    assert web.ask_many("/api/v1/me", "", AT_ONCE, session=session) == NOT_SIGNED_IN
    assert web.ask_many("/api/v1/me", token, AT_ONCE) == NOT_SIGNED_IN


def signed_in_session(person: User) -> str:
    """The key of a browser's session."""
    browser = Client()
    browser.force_login(person)
    return browser.cookies["sessionid"].value
