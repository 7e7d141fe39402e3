"""Claims and answers over HTTP: what they cost and what they say."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotator.accounts.services import live_token, make_token
from annotator.annotations.models import Annotation
from annotator.assignments import services
from annotator.assignments.models import Assignment, ExclusionReason
from tests import factories
from tests.drivers import Annotator, mps_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Annotator:
    """An annotator of a pair project with 40 items of which nothing is drawn for review."""
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 40)
    person = Annotator(factories.member(project), project)
    person.claim().submit(mps_answers("a"))
    return person


def test_a_claim_asks_the_database_a_fixed_number_of_times(
    person: Annotator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # role and project: 1; savepoint of the transaction: 2; cursor locked: 1; held: 1; a slot taken
    # and handed over: 1; event: 1; the cursor's move: 1; done today, and is much left: 1; so little
    # is that it is counted: 1; held with images: 1
    with django_assert_num_queries(11):
        person.claim(1)

    # Two more slots, one after the other: 1
    with django_assert_num_queries(12):
        person.claim(3)

    # All is held, with fresh leases: no slot, event, move
    with django_assert_num_queries(8):
        person.claim(3)

    # So many that their share is looked up: 1; three more slots, one after the other: 2
    with django_assert_num_queries(14):
        person.claim(6)


def test_an_answer_asks_the_database_a_fixed_number_of_times(
    person: Annotator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person.claim(1)
    target = person.held[0]["id"]

    # savepoint: 2; assignment with item, project and role: 1; item and slot locked: 1; sent before,
    # drawn, others done?: 1; submitted and accepted: 1; their events: 1; annotation and parts: 1
    with django_assert_num_queries(8):
        person.put(target, mps_answers("a"))


def test_an_answer_that_brings_the_next_item_costs_both_but_for_the_role(
    person: Annotator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person.claim(1)
    target = person.held[0]["id"]

    # an answer: 8; a claim without role and project: 10
    with django_assert_num_queries(18):
        person.put(target, mps_answers("a"), hold=1)


def test_who_calls_with_a_token_is_one_query(
    person: Annotator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, secret = make_token(
        person.user, name="program", expires_in=timedelta(days=1), now=timezone.now()
    )
    live_token(secret, now=timezone.now())

    with django_assert_num_queries(1):
        assert live_token(secret, now=timezone.now()) is not None


def test_what_an_annotator_gets_is_what_the_contract_says(person: Annotator) -> None:
    person.claim(2)

    assert person.last is not None
    body: dict[str, Any] = person.last.json()
    assert set(body) == {
        "assignments", "status", "next_free_at", "note", "done_today", "remaining_for_you",
        "remaining_is_capped",
    }  # fmt: skip
    row = body["assignments"][0]
    assert set(row) == {"id", "lease_expires_at", "item", "shown", "asked"}
    assert set(row["item"]) == {"id", "prompt", "tokens", "checklist", "images", "beside"}
    assert set(row["item"]["images"][0]) == {
        "id", "letter", "url", "thumbnail_url", "width", "height", "sizes",
    }  # fmt: skip
    assert sorted(row["shown"]["order"]) == ["a", "b"]
    assert row["item"]["tokens"] == ["a", "red", "cube"]
    assert (body["status"], body["done_today"], body["remaining_for_you"]) == ("work", 1, 37)


@pytest.mark.parametrize("count", [0, 16, "many", None])
def test_an_absurd_count_is_refused_and_claims_nothing(person: Annotator, count: Any) -> None:
    answer = person.client.post(
        f"/api/v1/projects/{person.project.pk}/claims", {"count": count}, format="json"
    )

    assert answer.status_code == 400
    assert Assignment.objects.filter(state="claimed").count() == 0


def test_a_heartbeat_names_what_is_still_held(person: Annotator) -> None:
    person.claim(3)
    gone = person.held[0]["id"]
    Assignment.objects.filter(pk=gone).update(lease_expires_at=timezone.now())
    services.expire(timezone.now())

    body = person.client.post("/api/v1/claims/heartbeat").json()

    assert set(body["held"]) == {row["id"] for row in person.held[1:]}
    assert body["paused"] == []


def test_a_heartbeat_says_where_a_lead_has_paused_the_person(person: Annotator) -> None:
    person.claim(3)
    services.pause(
        annotator=person.user, project=person.project, note="Call me.", now=timezone.now()
    )

    body = person.client.post("/api/v1/claims/heartbeat").json()

    assert body["held"] == []
    assert body["paused"] == [{"project": person.project.pk, "note": "Call me."}]


def test_the_time_and_the_view_are_kept_as_they_came(person: Annotator) -> None:
    person.claim(1)
    view = {
        "viewport": {"width": 1280, "height": 720},
        "device_pixel_ratio": 1.5,
        "zoomed": True,
    }

    person.submit(mps_answers("b"), active_ms=1234, view=view)

    assert person.last is not None
    row = Annotation.objects.get(pk=person.last.json()["id"])
    assert (row.active_ms, row.viewport_width, row.viewport_height) == (1234, 1280, 720)
    assert (row.device_pixel_ratio, row.zoomed) == (1.5, True)


@pytest.mark.parametrize("key", ["", "short", "x" * 101])
def test_a_key_of_the_wrong_length_is_refused(person: Annotator, key: str) -> None:
    person.claim(1)

    answer = person.client.put(
        f"/api/v1/assignments/{person.held[0]['id']}/annotation",
        {"answers": mps_answers("a")},
        format="json",
        headers={"Idempotency-Key": key},
    )

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["fields"]


def test_an_unknown_assignment_is_not_found(person: Annotator) -> None:
    assert person.put(str(uuid.uuid4()), mps_answers("a")).status_code == 404


def remaining(person: Annotator) -> int:
    """What the last claim said is left."""
    assert person.last is not None
    return int(person.last.json()["remaining_for_you"])


def test_what_was_skipped_is_not_counted_as_left_for_whoever_skipped_it(person: Annotator) -> None:
    person.claim(3)
    assert remaining(person) == 36
    skipped = Assignment.objects.get(pk=person.held[0]["id"])

    services.release(
        skipped, reason=ExclusionReason.SKIP, annotator=person.user, now=timezone.now()
    )
    person.claim(2)

    assert remaining(person) == 36
