"""Exactly three annotators an item, never the same person twice, nothing held by the absent."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.assignments import selectors, services
from annotator.assignments.models import Assignment, AssignmentState, Event, ExclusionReason
from annotator.core.errors import RoleRequired, StaleState
from annotator.projects.models import Project
from tests import factories
from tests.drivers import Annotator, mps_answers

pytestmark = pytest.mark.django_db


def test_an_item_is_made_with_three_open_slots_and_sides_in_balance(project: Project) -> None:
    items = factories.open_items(project, 20)

    rows = Assignment.objects.filter(project=project)
    assert rows.count() == 60
    assert {row.state for row in rows} == {AssignmentState.OPEN}
    assert Counter(row.item_id for row in rows) == {item.pk: 3 for item in items}
    assert Counter(row.shown_order for row in rows) == {"ab": 30, "ba": 30}


def test_a_fourth_annotator_finds_nobody_elses_item(project: Project) -> None:
    factories.open_items(project, 1)
    people = [Annotator(factories.member(project), project).claim() for _ in range(4)]

    assert [len(person.held) for person in people] == [1, 1, 1, 0]
    assert people[3].last is not None
    assert people[3].last.json()["status"] == "all_reserved"
    assert people[3].last.json()["next_free_at"] is not None


def test_nobody_gets_an_item_twice(project: Project) -> None:
    factories.open_items(project, 5)
    person = Annotator(factories.member(project), project)

    seen = []
    for _ in range(5):
        person.claim()
        seen.append(person.held[0]["item"]["id"])
        person.submit(mps_answers("a"))
    person.claim()

    assert len(set(seen)) == 5
    assert person.held == []
    assert person.last is not None
    assert person.last.json()["status"] == "none_for_you"
    assert person.last.json()["done_today"] == 5


def test_a_reload_gives_the_same_hand_again(project: Project) -> None:
    factories.open_items(project, 9)
    person = Annotator(factories.member(project), project).claim(3)
    before = [row["id"] for row in person.held]

    again = Annotator(person.user, project).claim(3)

    assert [row["id"] for row in again.held] == before
    assert Assignment.objects.filter(state=AssignmentState.CLAIMED).count() == 3


def test_a_hand_holds_items_that_differ(project: Project) -> None:
    factories.open_items(project, 9)

    person = Annotator(factories.member(project), project).claim(5)

    assert len({row["item"]["id"] for row in person.held}) == 5


def test_near_the_end_nobody_holds_more_than_their_share() -> None:
    project = factories.project(overlap=1, review_rate=0.0)
    factories.open_items(project, 40)
    people = [Annotator(factories.member(project), project) for _ in range(4)]

    held = [len(person.claim(12).held) for person in people]

    # A quarter of what is open then, and five in any case.
    assert held == [10, 7, 5, 5]
    assert len(people[0].claim(12).held) == 10


def test_while_much_is_left_enough_is_held_for_ten_answers_without_a_network() -> None:
    project = factories.project(overlap=1, review_rate=0.0)
    factories.open_items(project, 40)

    person = Annotator(factories.member(project), project).claim(12)

    assert len(person.held) == 12
    assert len(person.claim(15).held) == 15


def test_a_lapsed_lease_gives_the_slot_to_somebody_else(project: Project) -> None:
    factories.open_items(project, 1)
    now = timezone.now()
    absent, present = factories.member(project), factories.member(project)
    for person in (absent, factories.member(project), factories.member(project)):
        pipeline.claim(person, project.pk, count=1, now=now)
    assert pipeline.claim(present, project.pk, count=1, now=now) == []

    later = now + timedelta(seconds=project.lease_seconds + 1)
    lapsed = services.expire(later)
    taken = pipeline.claim(present, project.pk, count=1, now=later)

    assert lapsed == 3
    assert len(taken) == 1
    causes = Event.objects.filter(annotator=absent).values_list("cause", flat=True)
    assert sorted(causes) == ["claim", "lease lapsed"]


def test_a_lapsed_lease_is_found_by_the_next_claim_without_any_sweep(project: Project) -> None:
    factories.open_items(project, 1)
    now = timezone.now()
    for _ in range(3):
        pipeline.claim(factories.member(project), project.pk, count=1, now=now)

    later = now + timedelta(seconds=project.lease_seconds + 1)
    taken = pipeline.claim(factories.member(project), project.pk, count=1, now=later)

    assert len(taken) == 1


def test_slots_that_lapse_in_one_sweep_are_all_given_to_the_next_person() -> None:
    project = factories.project(overlap=1, lease_seconds=30, review_rate=0.0)
    factories.open_items(project, 8)
    now = timezone.now()
    pipeline.claim(factories.member(project), project.pk, count=5, now=now)
    present = Annotator(factories.member(project), project)
    for _ in range(3):
        present.claim().submit(mps_answers("a"))
    assert services.expire(now + timedelta(seconds=31)) == 5

    found = []
    for _ in range(5):
        assert present.claim().last.json()["status"] == "work"
        found.append(present.held[0]["item"]["id"])
        present.submit(mps_answers("a"))

    assert len(set(found)) == 5
    assert present.claim().last.json()["status"] == "done"


def test_open_slots_at_one_position_are_all_walked(project: Project) -> None:
    factories.open_items(project, 4)
    now = timezone.now()
    Assignment.objects.update(position=services.queue_position(now))
    person = factories.member(project)

    taken = []
    for _ in range(4):
        [row] = pipeline.claim(person, project.pk, count=1, now=now)
        taken.append(row.item_id)
        pipeline.release(person, row.pk, ExclusionReason.SKIP, now)

    assert len(set(taken)) == 4
    assert pipeline.claim(person, project.pk, count=1, now=now) == []


def test_a_heartbeat_keeps_the_lease(project: Project) -> None:
    factories.open_items(project, 1)
    now = timezone.now()
    person = factories.member(project)
    pipeline.claim(person, project.pk, count=1, now=now)

    services.renew(annotator=person, now=now + timedelta(seconds=500))

    assert services.expire(now + timedelta(seconds=project.lease_seconds + 1)) == 0
    assert services.expire(now + timedelta(seconds=500 + project.lease_seconds + 1)) == 1


def test_a_skipped_item_goes_to_others_and_not_back(project: Project) -> None:
    factories.open_items(project, 1)
    person = Annotator(factories.member(project), project).claim()
    skipped = person.held[0]["id"]

    answer = person.client.post(
        f"/api/v1/assignments/{skipped}/release", {"reason": "skip"}, format="json"
    )
    person.claim()

    assert answer.status_code == 204
    assert person.held == []
    others = [Annotator(factories.member(project), project).claim() for _ in range(3)]
    assert [len(other.held) for other in others] == [1, 1, 1]


def test_a_batch_that_opened_behind_the_cursor_is_walked_whole(project: Project) -> None:
    """A cursor that ran ahead of a late batch turns back once and goes on from there."""
    factories.open_items(project, 1)
    now = timezone.now()
    person = factories.member(project)
    services.Cursor.objects.create(
        annotator=person, project=project, position=services.queue_position(now + timedelta(days=1))
    )
    factories.open_items(project, 6)

    taken = []
    for second in range(7):
        hand = pipeline.claim(person, project.pk, count=1, now=now + timedelta(seconds=second))
        taken += [row.item_id for row in hand]
        for row in hand:
            pipeline.release(person, row.pk, ExclusionReason.SKIP, now)

    assert len(set(taken)) == 7


def test_who_has_lost_the_batch_opens_no_slot_of_it(project: Project) -> None:
    item = factories.items(project, 1)[0]

    def lost() -> None:
        raise StaleState

    with pytest.raises(StaleState):
        pipeline.open_batch(item.batch, now=timezone.now(), tick=lost)

    assert Assignment.objects.count() == 0
    item.batch.refresh_from_db()
    assert item.batch.state == "running"


def test_who_is_no_annotator_may_not_claim(project: Project) -> None:
    factories.open_items(project, 1)
    reviewer = factories.member(project, "reviewer")

    with pytest.raises(RoleRequired):
        pipeline.claim(reviewer, project.pk, count=1, now=timezone.now())

    assert Assignment.objects.filter(state=AssignmentState.CLAIMED).count() == 0


def test_the_end_of_a_project_is_said(project: Project) -> None:
    factories.open_items(project, 2)
    for _ in range(3):
        person = Annotator(factories.member(project), project)
        person.claim().submit(mps_answers("a")).claim().submit(mps_answers("b"))

    person.claim()

    assert person.last is not None
    assert person.last.json()["status"] == "done"
    assert person.last.json()["remaining_for_you"] == 0


def test_who_found_nothing_does_not_walk_the_same_rows_again(project: Project) -> None:
    factories.open_items(project, 3)
    now = timezone.now()
    person = factories.member(project)
    for second in range(3):
        [row] = pipeline.claim(person, project.pk, count=1, now=now + timedelta(seconds=second))
        pipeline.release(person, row.pk, ExclusionReason.SKIP, now + timedelta(seconds=second))
    late = now + timedelta(seconds=10)

    assert pipeline.claim(person, project.pk, count=1, now=late) == []

    cursor = services.Cursor.objects.get(annotator=person)
    behind = selectors.open_queue(project).filter(position__gt=cursor.position)
    assert (selectors.open_queue(project).count(), behind.count()) == (9, 0)
    factories.open_items(project, 1)
    assert len(pipeline.claim(person, project.pk, count=1, now=late + timedelta(seconds=61))) == 1
