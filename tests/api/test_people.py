"""Closing and opening accounts over HTTP; who may is in the matrix."""

import pytest
from django.test import Client

from annotator.accounts.models import User
from tests import factories
from tests.drivers import signed_in

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
