"""Every endpoint × every role: what each gets, and that nothing happens where it is refused."""

import re
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from annotator.accounts.models import Role, User
from annotator.annotations.models import Annotation
from annotator.projects.models import Membership
from tests.api.matrix import (
    ABSENT,
    CHUNKED,
    HEADERS,
    MULTIPART,
    ROLES,
    TABLE,
    World,
    call,
    fingerprint,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@cache
def schema() -> dict[str, dict[str, Any]]:
    """ "GET /projects/{project_id}" → the schema's operation."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


UNSAFE = [operation for operation in TABLE if not operation.startswith("GET ")]
NOTED = {
    "GET /exports/{export_id}/files/{name}",
    "GET /exports/{export_id}/archive",
    "GET /reward-heads/{reward_head_id}/archive",
    "GET /projects/{project_id}/pseudonyms",
}
READING = [operation for operation in TABLE if operation.startswith("GET ")]
WITHOUT_BODY = {
    "POST /auth/logout",
    "POST /claims/heartbeat",
    "POST /people/{user_id}/deactivate",
    "POST /people/{user_id}/activate",
    "POST /people/{user_id}/end-sessions",
    "POST /people/{user_id}/reset-second-factor",
    "POST /exports/{export_id}/cancel",
    "POST /exports/{export_id}/retry",
    "POST /reward-heads/{reward_head_id}/cancel",
    "POST /reward-heads/{reward_head_id}/retry",
    "POST /batches/{batch_id}/reopen-stopped",
    "POST /batches/{batch_id}/give-back",
    "POST /reviews/{review_id}/undo",
    "POST /reviews/{review_id}/unsure",
    "POST /items/{item_id}/extra-vote",
    "POST /items/{item_id}/include",
    "POST /batches/{batch_id}/draw",
    "POST /projects/{project_id}/pause",
    "POST /projects/{project_id}/resume",
    "POST /projects/{project_id}/archive",
    "POST /projects/{project_id}/unarchive",
    "POST /removals/{removal_id}/retry",
    "POST /projects/{project_id}/annotators/{user_id}/resume",
    "POST /items/{item_id}/gold",
    "POST /projects/{project_id}/my-training",
    "POST /projects/{project_id}/gold/{gold_id}/retire",
    "POST /webhooks/{webhook_id}/ping",
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
}
WITH_BODY = [
    operation
    for operation in UNSAFE
    if not operation.startswith("DELETE ") and operation not in WITHOUT_BODY
]
WITH_JSON = [
    operation for operation in WITH_BODY if operation not in CHUNKED and operation not in MULTIPART
]
WITH_IDS = [operation for operation in TABLE if "{" in operation]


def _who_may(operation: str) -> str:
    """Who gets furthest with it: a manager before an annotator."""
    statuses = TABLE[operation]
    allowed = [role for role in ("manager", "annotator") if statuses[role] != 403]
    return next((role for role in allowed if statuses[role] < 400), (allowed or ["manager"])[0])


def test_every_route_is_in_the_table() -> None:
    assert set(schema()) == set(TABLE)
    assert {name for name in schema() if "requestBody" in schema()[name]} == set(WITH_BODY)


@pytest.mark.parametrize("operation", TABLE)
def test_each_role_gets_what_the_table_says(world: World, operation: str) -> None:
    got: dict[str, int] = {}
    changed: list[str] = []
    clients = {role: world.client(role) for role in ROLES}
    before = fingerprint()
    for role, client in clients.items():
        with transaction.atomic():
            answer = call(world, client, operation)
            _content(answer)
            got[role] = answer.status_code
            if got[role] >= 400 or operation in READING:
                after = fingerprint()
                # That somebody has read a thing may be written down, and nothing else.
                noted = {"actions_action"} if got[role] < 400 and operation in NOTED else set()
                changed += [
                    f"{role}: {name}"
                    for name in after.keys() - noted
                    if after[name] != before[name]
                ]
            transaction.set_rollback(True)

    assert got == dict(TABLE[operation])
    assert changed == []


@pytest.mark.parametrize("operation", TABLE)
def test_every_status_is_in_the_schema(operation: str) -> None:
    documented = {int(status) for status in schema()[operation]["responses"]}

    assert set(TABLE[operation].values()) <= documented


@pytest.mark.parametrize("operation", WITH_IDS)
def test_not_yours_and_absent_look_the_same(world: World, operation: str) -> None:
    for role in ROLES:
        if TABLE[operation][role] != 404:
            continue
        client = world.client(role)

        theirs = call(world, client, operation)
        absent = call(world, client, operation, **ABSENT)

        assert (theirs.status_code, theirs.content) == (absent.status_code, absent.content), role
        assert theirs.json()["code"] == "not_found"
        assert dict(theirs.headers) == dict(absent.headers), role


@pytest.mark.parametrize("operation", UNSAFE)
def test_no_browser_changes_anything_without_the_pages_token(world: World, operation: str) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.people["manager"])
    before = fingerprint()

    answer = call(world, client, operation)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert fingerprint() == before


@pytest.mark.parametrize("operation", UNSAFE)
def test_no_foreign_page_changes_anything(world: World, operation: str) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.people["manager"])
    client.get("/api/v1/me")
    client.credentials(
        HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value,
        HTTP_ORIGIN="https://elsewhere.example",
    )
    before = fingerprint()

    answer = call(world, client, operation)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert fingerprint() == before


@pytest.mark.parametrize("operation", WITH_BODY)
def test_no_form_is_read(world: World, operation: str) -> None:
    method, _, path = operation.partition(" ")
    client = world.client(_who_may(operation))
    before = fingerprint()

    answer = getattr(client, method.lower())(
        f"/api/v1{path.format(**world.ids)}",
        "name=x&role=manager",
        content_type="application/x-www-form-urlencoded",
        headers=HEADERS.get(operation, dict)(),
    )

    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"
    assert fingerprint() == before


@pytest.mark.parametrize("operation", WITH_JSON)
def test_nobody_slips_in_what_is_not_asked_for(world: World, operation: str) -> None:
    other = {"is_active": False, "user": 1, "project": 1, "state": "done", "annotator": 1}
    asked = world.bodies[operation]
    extra = {name: value for name, value in other.items() if name not in asked}
    world.bodies[operation] = {**asked, **extra}
    before = fingerprint()

    answer = call(world, world.client(_who_may(operation)), operation)

    assert answer.status_code == 400
    assert set(extra) <= set(answer.json()["fields"])
    assert fingerprint() == before


TIME = re.compile(rb"\d\d:\d\d:\d\d\.\d+Z")
NO_OBJECTS = ["[]", '"x"', "1", "null", "{", '{"a": NaN}', "[" * 5000, '{"a":' * 5000, "\xff"]


@pytest.mark.parametrize("operation", WITH_JSON)
def test_a_body_that_is_no_object_is_refused_in_words(world: World, operation: str) -> None:
    method, _, path = operation.partition(" ")
    client = world.client(_who_may(operation))
    url = f"/api/v1{path.format(**world.ids)}"
    before = fingerprint()

    for body in NO_OBJECTS:
        answer = getattr(client, method.lower())(
            url, body.encode("latin-1"), content_type="application/json"
        )

        assert answer.status_code == 400, body[:20]
        assert set(answer.json()) == {"code", "message", "params", "fields"}
    assert fingerprint() == before


@pytest.mark.parametrize("operation", READING)
def test_no_parameter_reaches_into_the_database(world: World, operation: str) -> None:
    _, _, path = operation.partition(" ")
    url = f"/api/v1{path.format(**world.ids)}"
    client = world.client(_who_may(operation))

    _content(client.get(url))  # a token that is used for the first time tells of it from then on
    answer = client.get(url)
    plain = _content(answer)
    probed = client.get(
        f"{url}?created_by__password__startswith=s&user__password__regex=.&ordering=-password"
        "&fields=password&expand=created_by&format=api"
    )

    told = _content(probed)
    assert probed.status_code in {answer.status_code, 400}
    if probed.status_code == 200:
        # An estimate counts from now on; the clock goes on between the two calls.
        assert TIME.sub(b"", told) == TIME.sub(b"", plain)


def _content(answer: Any) -> bytes:
    """All of it: a stream is closed when it is read to the end."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_who_was_removed_finds_none_of_their_own_work(world: World) -> None:
    removed = world.people["removed"]
    client = world.client("removed")
    mine = Annotation.objects.select_related("assignment").get(annotator=removed)
    image = mine.item.places.first()
    assert image is not None

    assert client.get(f"/api/v1/assignments/{mine.assignment_id}").status_code == 404
    assert call(
        world, client, "PUT /assignments/{assignment_id}/annotation",
        assignment_id=mine.assignment_id,
    ).status_code == 404  # fmt: skip
    assert client.get(f"/api/v1/images/{image.image_id}/file").status_code == 404
    assert client.get("/api/v1/me").json()["projects"] == []
    assert client.post("/api/v1/claims/heartbeat").json()["held"] == []


def test_no_role_below_manager_makes_a_member_or_a_role(world: World) -> None:
    before = set(Membership.objects.values_list("user", "role"))

    for role in ("annotator", "colleague", "reviewer", "foreign_manager"):
        answer = call(world, world.client(role), "POST /projects/{project_id}/invitations")
        assert answer.status_code in {403, 404}

    assert set(Membership.objects.values_list("user", "role")) == before
    assert not User.objects.filter(memberships__role=Role.MANAGER).exclude(
        pk__in=[world.people["manager"].pk, world.people["foreign_manager"].pk]
    )
