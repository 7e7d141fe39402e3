"""Signing in and out over HTTP."""

import pytest
from rest_framework.test import APIClient

from tests import factories


def test_a_person_signs_in_and_sees_who_they_are(db: None) -> None:
    factories.user("ada")
    browser = APIClient(enforce_csrf_checks=True)
    assert browser.get("/api/v1/me").status_code == 401
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        "/api/v1/auth/login",
        {"username": "ada", "password": "correct horse battery"},
        format="json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200, answer.json()
    assert browser.get("/api/v1/me").json()["username"] == "ada"
