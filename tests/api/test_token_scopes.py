"""Every endpoint × what a token is for: reading alone, one project alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from annotator.accounts import services
from annotator.accounts.models import ApiToken, TokenScope, User
from tests import factories
from tests.api.matrix import TABLE, World, call, fingerprint
from tests.api.test_tokens import program

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# Strangers may call them, so no token is looked at.
WITHOUT_TOKEN = {"POST /auth/login", "GET /auth/ways", "POST /auth/openid"}
# The same for all people, or about the token itself.
FOR_EVERY_TOKEN = {"GET /templates", "GET /metrics-catalog", "GET /tokens/present"}
# Not about one project, or about another one that is to be.
BEYOND_ONE_PROJECT = {
    "POST /auth/logout", "GET /me", "PATCH /me", "GET /me/keys", "PUT /me/keys",
    "POST /me/password", "GET /me/ways", "POST /me/second-factor",
    "POST /me/second-factor/confirm", "POST /me/second-factor/recovery-codes",
    "POST /me/second-factor/remove", "GET /tokens", "POST /tokens", "DELETE /tokens/{token_id}",
    "GET /projects", "GET /projects/mine", "POST /projects",
    "POST /projects/{project_id}/duplicate", "GET /removals", "GET /audit", "GET /audit/file",
    "GET /people", "GET /people/{user_id}/holdings", "POST /people/{user_id}/end-sessions",
    "POST /people/{user_id}/reset-second-factor", "POST /people/{user_id}/deactivate",
    "POST /people/{user_id}/activate", "GET /invitations/{invitation}",
    "DELETE /invitations/{invitation}", "POST /invitations/{invitation}/accept",
    "POST /claims/heartbeat",
}  # fmt: skip
LOOKED_AT = [operation for operation in TABLE if operation not in WITHOUT_TOKEN]


def token_of(user: User, **scope: Any) -> APIClient:
    now = timezone.now()
    token, secret = services.make_token(
        user, name="program", expires_in=timedelta(days=7), now=now, **scope
    )
    # Noted as if tomorrow, so that no call of a slow run writes it down.
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now + timedelta(days=1))
    return program(secret)


def answered(world: World, client: APIClient, operation: str) -> tuple[int, str]:
    """The status, and the code of a refusal; what it has done is undone."""
    with transaction.atomic():
        answer = call(world, client, operation)
        if answer.streaming:
            b"".join(answer.streaming_content)
        refused = answer.status_code >= 400
        found = answer.status_code, answer.json()["code"] if refused else ""
        transaction.set_rollback(True)
    return found


def refused(world: World, client: APIClient, operation: str) -> str:
    """The code of the refusal, which has changed nothing."""
    before = fingerprint()
    answer = call(world, client, operation)
    assert answer.status_code >= 400
    assert fingerprint() == before
    return answer.json()["code"]


@pytest.mark.parametrize("operation", LOOKED_AT)
def test_a_reading_token_reads_what_its_owner_may_and_changes_nothing(
    world: World, operation: str
) -> None:
    manager = world.people["manager"]
    reading = token_of(manager, scope=TokenScope.READ)

    if operation.startswith("GET "):
        expected = answered(world, token_of(manager), operation)
        assert answered(world, reading, operation) == expected
    else:
        assert refused(world, reading, operation) == "token_reads"


@pytest.mark.parametrize("operation", LOOKED_AT)
def test_a_token_of_one_project_opens_that_project_alone(world: World, operation: str) -> None:
    manager = world.people["manager"]
    ours = token_of(manager, project_id=world.ours.pk)

    if operation in BEYOND_ONE_PROJECT:
        assert refused(world, ours, operation) == "token_of_one_project"
    else:
        expected = answered(world, token_of(manager), operation)
        assert answered(world, ours, operation) == expected


@pytest.mark.parametrize("operation", [one for one in LOOKED_AT if one not in FOR_EVERY_TOKEN])
def test_a_token_of_another_project_finds_nothing_of_this_one(world: World, operation: str) -> None:
    manager = world.people["manager"]
    theirs = token_of(manager, project_id=factories.project().pk)

    beyond = operation in BEYOND_ONE_PROJECT
    assert refused(world, theirs, operation) == ("token_of_one_project" if beyond else "not_found")
