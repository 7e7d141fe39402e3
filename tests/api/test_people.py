"""The site's accounts over HTTP: looked at, closed, opened; who may is in the matrix."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from rest_framework.test import APIClient

from annotator.accounts import second_factor, services
from annotator.accounts.models import Identity, Role, User
from annotator.core import clock
from annotator.projects.members import invite
from annotator.projects.models import Membership, Project
from annotator.reports.accounts import account_page
from tests import factories
from tests.drivers import Annotator, signed_in

pytestmark = pytest.mark.django_db


def test_a_lead_closes_an_account_and_opens_it_again() -> None:
    lead = factories.user("lead", can_create_projects=True)
    ada = factories.user("ada")
    page = Client()
    page.force_login(ada)

    closed = signed_in(lead).post(f"/api/v1/people/{ada.pk}/deactivate")
    shut = page.get("/api/v1/me").status_code
    opened = signed_in(lead).post(f"/api/v1/people/{ada.pk}/activate")

    assert (closed.status_code, shut, opened.status_code) == (204, 401, 204)
    assert User.objects.get(pk=ada.pk).is_active
    assert page.get("/api/v1/me").status_code == 401


def test_who_makes_no_projects_closes_nobody_and_learns_nothing() -> None:
    ada, bo = factories.user("ada"), factories.user("bo")

    there = signed_in(ada).post(f"/api/v1/people/{bo.pk}/deactivate")
    absent = signed_in(ada).post("/api/v1/people/987654321/deactivate")

    assert (there.status_code, there.json()["code"]) == (403, "may_not_close_accounts")
    assert there.content == absent.content
    assert User.objects.get(pk=bo.pk).is_active


def test_a_lead_is_told_of_an_account_that_is_not_there_and_that_theirs_is_theirs() -> None:
    lead = factories.user("lead", can_create_projects=True)

    absent = signed_in(lead).post("/api/v1/people/987654321/deactivate")
    own = signed_in(lead).post(f"/api/v1/people/{lead.pk}/deactivate")

    assert (absent.status_code, absent.json()["code"]) == (404, "not_found")
    assert (own.status_code, own.json()["code"]) == (409, "account_is_yours")
    assert User.objects.get().is_active


def listed(lead: User, **query: str) -> Any:
    answer = signed_in(lead).get("/api/v1/people", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_lead_sees_each_account_with_what_it_may_and_how_it_gets_in(settings: Any) -> None:
    settings.OIDC_ISSUER = "https://id.example.org"
    lead = factories.user("lead", can_create_projects=True)
    project = factories.project()
    ada = factories.member(project, "annotator", name="ada")
    Membership.objects.create(project=project, user=ada, role="reviewer", by_group=True)
    Client().force_login(ada)
    services.make_token(ada, name="mine", expires_in=timedelta(days=1), now=clock.now())
    second_factor.confirm(
        ada, pyotp.TOTP(second_factor.begin(ada).secret).at(clock.now()), now=clock.now()
    )
    bo = factories.user("bo")
    User.objects.filter(pk=bo.pk).update(password="!")
    Identity.objects.create(user=bo, issuer=settings.OIDC_ISSUER, subject="1")

    rows = {row["username"]: row for row in listed(lead)["accounts"]}

    assert rows["ada"]["roles"] == [
        {"project": project.name, "project_id": project.pk, "role": role, "by_group": by_group}
        for role, by_group in (("annotator", False), ("reviewer", True))
    ]
    assert (rows["ada"]["sessions"], rows["ada"]["tokens"]) == (1, 1)
    assert (rows["ada"]["password"], rows["ada"]["connected"]) == (True, False)
    assert rows["ada"]["second_factor"]
    assert rows["ada"]["last_seen"] is not None
    assert (rows["bo"]["password"], rows["bo"]["connected"]) == (False, True)
    assert not rows["bo"]["second_factor"]
    assert rows["bo"]["last_seen"] is None
    assert rows["lead"]["can_create_projects"]


def test_accounts_are_found_by_either_name_and_turned_over_in_pages() -> None:
    lead = factories.user("lead", can_create_projects=True)
    for number in range(60):
        factories.user(f"person-{number:02}", display_name=f"Somebody {number}")

    first = listed(lead, search="PERSON-")
    second = listed(lead, search="PERSON-", cursor=first["next"])

    assert (first["total"], len(first["accounts"]), len(second["accounts"])) == (60, 50, 10)
    assert second["next"] is None
    assert [row["username"] for row in listed(lead, search="body 59")["accounts"]] == ["person-59"]
    assert listed(lead, search="nobody")["accounts"] == []


def test_the_page_costs_as_many_queries_for_fifty_people_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    factories.user("lead", can_create_projects=True)
    project = factories.project()
    for _ in range(50):
        Client().force_login(factories.member(project))

    # The accounts, how many, sessions, tokens, roles, second factors, identities.
    with django_assert_num_queries(7):
        account_page(search="", after="", now=clock.now())


def test_what_would_end_is_what_then_ends(project: Project) -> None:
    lead = factories.user("lead", can_create_projects=True)
    ada = factories.member(project, "annotator", name="ada")
    factories.open_items(project, 2)
    Annotator(ada, project).claim(2)
    Client().force_login(ada)
    services.make_token(ada, name="mine", expires_in=timedelta(days=1), now=clock.now())
    invite(
        by=ada, project=project, role=Role.ANNOTATOR, expires_in=timedelta(days=1), now=clock.now()
    )
    path = f"/api/v1/people/{ada.pk}"

    before = signed_in(lead).get(f"{path}/holdings").json()
    signed_in(lead).post(f"{path}/deactivate")
    after = signed_in(lead).get(f"{path}/holdings").json()

    assert before == {"sessions": 1, "tokens": 1, "assignments": 2, "reviews": 0, "invitations": 1}
    assert set(after.values()) == {0}


def test_a_lead_signs_a_person_out_everywhere_and_nobody_else() -> None:
    lead, ada = factories.user("lead", can_create_projects=True), factories.user("ada")
    page, other = Client(), Client()
    page.force_login(ada)
    other.force_login(factories.user("bo"))

    answer = signed_in(lead).post(f"/api/v1/people/{ada.pk}/end-sessions")

    assert answer.status_code == 204
    assert page.get("/api/v1/me").status_code == 401
    assert other.get("/api/v1/me").status_code == 200


def test_a_lead_resets_another_persons_second_factor_and_never_their_own() -> None:
    lead, ada = factories.user("lead", can_create_projects=True), factories.user("ada")
    for user in (lead, ada):
        app = pyotp.TOTP(second_factor.begin(user).secret)
        second_factor.confirm(user, app.at(clock.now()), now=clock.now())
    _, secret = services.make_token(
        lead, name="mine", expires_in=timedelta(days=1), now=clock.now()
    )
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    path = "/api/v1/people/{}/reset-second-factor"

    own = signed_in(lead).post(path.format(lead.pk))
    by_token = program.post(path.format(ada.pk))
    kept = second_factor.is_on(ada)
    theirs = signed_in(lead).post(path.format(ada.pk))

    assert (own.status_code, own.json()["code"]) == (409, "second_factor_is_yours")
    assert (by_token.status_code, by_token.json()["code"]) == (403, "sign_in_needed")
    assert kept
    assert theirs.status_code == 204
    assert second_factor.is_on(lead)
    assert not second_factor.is_on(ada)
