"""An answer is stored once, whatever the network did, and never thrown away."""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from annotator import pipeline
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.services import Submission
from annotator.assignments import services
from annotator.assignments.models import Assignment, AssignmentState, ExclusionReason
from annotator.consensus.models import Consensus, Finding
from annotator.projects.models import Project
from annotator.reviews.models import Review
from tests import factories
from tests.drivers import Annotator, mps_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def unreviewed() -> Project:
    """A pair project of which nothing is drawn for review."""
    return factories.project(review_rate=0.0)


def test_a_submitted_answer_is_stored_in_typed_rows_with_a_receipt(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()

    person.submit(mps_answers("a", overall="tie"), active_ms=5400)

    annotation = Annotation.objects.get()
    assert person.last is not None
    receipt = person.last.json()
    assert receipt["id"] == str(annotation.pk)
    assert receipt["counted"] is True
    assert len(receipt["sha256"]) == 64
    rows = AnnotationPiece.objects.order_by("question__position").values_list(
        "question__key", "choice"
    )
    assert list(rows) == [
        ("aesthetics", "a"),
        ("detail_quality", "a"),
        ("semantic_alignment", "a"),
        ("overall", "tie"),
    ]
    assert annotation.active_ms == 5400
    assert annotation.shown_order in {"ab", "ba"}


def test_a_replay_gives_the_same_receipt_and_stores_nothing(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()
    key, target = str(uuid.uuid4()), person.held[0]["id"]
    first = person.put(target, mps_answers("a"), key=key)

    second = person.put(target, mps_answers("a"), key=key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Annotation.objects.count() == 1


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(
    unreviewed: Project,
) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()
    key, target = str(uuid.uuid4()), person.held[0]["id"]
    person.put(target, mps_answers("a"), key=key)

    answer = person.put(target, mps_answers("b"), key=key)

    assert answer.status_code == 422
    assert answer.json()["code"] == "key_reused"
    assert set(AnnotationPiece.objects.values_list("choice", flat=True)) == {"a"}


def test_an_answer_that_lacks_a_question_is_refused_in_words(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()
    answers = mps_answers("a")
    del answers["overall"]

    answer = person.put(person.held[0]["id"], answers)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["overall"]
    assert Annotation.objects.count() == 0
    assert Assignment.objects.get(pk=person.held[0]["id"]).state == AssignmentState.CLAIMED


def test_without_an_idempotency_key_nothing_is_stored(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()

    answer = person.client.put(
        f"/api/v1/assignments/{person.held[0]['id']}/annotation",
        {"answers": mps_answers("a")},
        format="json",
    )

    assert answer.status_code == 400
    assert Annotation.objects.count() == 0


def test_somebody_elses_assignment_is_not_found(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    owner = Annotator(factories.member(unreviewed), unreviewed).claim()
    other = Annotator(factories.member(unreviewed), unreviewed)

    answer = other.put(owner.held[0]["id"], mps_answers("a"))

    assert answer.status_code == 404
    assert Annotation.objects.count() == 0


def test_a_change_of_mind_is_a_further_row_and_the_newest_counts(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()
    target = person.held[0]["id"]
    person.put(target, mps_answers("a"))

    again = person.put(target, mps_answers("b"))

    assert again.status_code == 201
    rows = Annotation.objects.order_by("revision").values_list("revision", "current")
    assert list(rows) == [(1, False), (2, True)]
    shown = person.client.get(f"/api/v1/assignments/{target}").json()
    assert shown["answers"] == mps_answers("b")


def test_a_change_of_mind_remakes_the_consensus(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    people = [Annotator(factories.member(unreviewed), unreviewed).claim() for _ in range(3)]
    target = people[0].held[0]["id"]
    for person, choice in zip(people, "aab", strict=True):
        person.submit(mps_answers(choice))
    assert set(Finding.objects.filter(decided=True).values_list("key", flat=True)) == {"a"}

    people[0].put(target, mps_answers("b"))

    assert Consensus.objects.count() == 1
    assert set(Finding.objects.filter(decided=True).values_list("key", flat=True)) == {"b"}


def test_a_second_first_answer_of_one_person_is_refused_until_they_mean_it(
    unreviewed: Project,
) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()
    target = person.held[0]["id"]
    at_home = person.put(target, mps_answers("a"), key="from home", first=True)

    at_work = person.put(target, mps_answers("b"), key="from work", first=True)

    assert at_home.status_code == 201
    assert (at_work.status_code, at_work.json()["code"]) == (412, "already_answered")
    assert set(AnnotationPiece.objects.values_list("choice", flat=True)) == {"a"}
    again = person.put(target, mps_answers("a"), key="from home", first=True)
    assert (again.status_code, again.json()) == (200, at_home.json())

    meant = person.put(target, mps_answers("b"), key="from work")

    assert meant.status_code == 201
    rows = Annotation.objects.order_by("revision").values_list("idempotency_key", "current")
    assert list(rows) == [("from home", False), ("from work", True)]


def test_after_the_time_for_it_an_answer_stands(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    user, now = factories.member(unreviewed), timezone.now()
    [row] = pipeline.claim(user, unreviewed.pk, count=1, now=now)
    pipeline.submit(user, row.pk, Submission("first-key", mps_answers("a")), now=now)

    with pytest.raises(pipeline.RevisionClosed):
        pipeline.submit(
            user,
            row.pk,
            Submission("second-key", mps_answers("b")),
            now=now + timedelta(seconds=settings.REVISE_SECONDS + 1),
        )

    assert Annotation.objects.count() == 1


def test_a_late_answer_counts_while_its_slot_is_free(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    user, now = factories.member(unreviewed), timezone.now()
    [row] = pipeline.claim(user, unreviewed.pk, count=1, now=now)
    services.expire(now + timedelta(hours=1))

    done = pipeline.submit(
        user, row.pk, Submission("late-key", mps_answers("a")), now=now + timedelta(hours=2)
    )

    assert done.annotation.counted
    row.refresh_from_db()
    assert (row.state, row.annotator_id) == (AssignmentState.ACCEPTED, user.pk)


def test_a_late_answer_whose_places_are_taken_is_kept_as_an_extra(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    user, now = factories.member(unreviewed), timezone.now()
    [row] = pipeline.claim(user, unreviewed.pk, count=1, now=now)
    services.expire(now + timedelta(hours=1))
    for _ in range(3):
        other = factories.member(unreviewed)
        pipeline.claim(other, unreviewed.pk, count=1, now=now + timedelta(hours=1))

    done = pipeline.submit(
        user, row.pk, Submission("late-key", mps_answers("a")), now=now + timedelta(hours=2)
    )

    assert not done.annotation.counted
    assert AnnotationPiece.objects.filter(annotation=done.annotation).count() == 4
    assert Assignment.objects.filter(annotator=user).count() == 0
    assert Assignment.objects.filter(state=AssignmentState.CLAIMED).count() == 3


def test_a_late_answer_of_somebody_who_reviewed_the_item_does_not_count(
    unreviewed: Project,
) -> None:
    (item,) = factories.open_items(unreviewed, 1)
    person = factories.member(unreviewed)
    now = timezone.now()
    (held,) = pipeline.claim(person, unreviewed.pk, count=1, now=now)
    later = now + timedelta(hours=1)
    services.expire(later)
    services.exclude(item, person, reason=ExclusionReason.REVIEWED, now=later)

    late = pipeline.submit(
        person, held.pk, Submission(key="late-answer", answers=mps_answers("a")), now=later
    )

    assert late.annotation.counted is False
    assert Assignment.objects.filter(item=item, state=AssignmentState.OPEN).count() == 3


def test_half_a_character_is_refused_in_words(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    person = Annotator(factories.member(unreviewed), unreviewed).claim()

    refused = person.client.put(
        f"/api/v1/assignments/{person.held[0]['id']}/annotation",
        json.dumps({"answers": {**mps_answers("a"), "\ud83d": "\ud83d"}}),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )

    assert refused.status_code == 400
    [(key, reason)] = refused.json()["fields"].items()
    assert (key, reason["code"]) == ("\\ud83d", "no_such_question")
    assert not Annotation.objects.exists()


def test_three_answers_settle_an_item_that_is_not_drawn(unreviewed: Project) -> None:
    [item] = factories.open_items(unreviewed, 1)
    for choice in "aba":
        Annotator(factories.member(unreviewed), unreviewed).claim().submit(mps_answers(choice))

    consensus = Consensus.objects.get()
    assert (consensus.item_id, consensus.annotations) == (item.pk, 3)
    overall = Finding.objects.filter(question__key="overall").order_by("key")
    assert [(row.key, row.votes, row.of, row.decided) for row in overall if row.votes] == [
        ("a", 2, 3, True),
        ("b", 1, 3, False),
    ]
    assert Review.objects.count() == 0


def test_the_history_shows_only_ones_own(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 3)
    mine = Annotator(factories.member(unreviewed), unreviewed)
    mine.claim().submit(mps_answers("a")).claim().submit(mps_answers("b"))
    Annotator(factories.member(unreviewed), unreviewed).claim().submit(mps_answers("a"))

    rows = mine.client.get(f"/api/v1/projects/{unreviewed.pk}/my-annotations").json()

    assert len(rows) == 2
    assert all(len(row["thumbnail_urls"]) == 2 for row in rows)


def test_the_history_goes_back_page_by_page(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 5)
    mine = Annotator(factories.member(unreviewed), unreviewed)
    for _ in range(5):
        mine.claim().submit(mps_answers("a"))
    other = Annotator(factories.member(unreviewed), unreviewed).claim().submit(mps_answers("a"))
    path = f"/api/v1/projects/{unreviewed.pk}/my-annotations"
    whole = mine.client.get(path).json()

    first = mine.client.get(f"{path}?limit=2").json()
    second = mine.client.get(f"{path}?limit=2&before={first[-1]['id']}").json()
    third = mine.client.get(f"{path}?limit=2&before={second[-1]['id']}").json()

    assert first + second + third == whole
    assert [len(page) for page in (first, second, third)] == [2, 2, 1]
    assert mine.client.get(f"{path}?before={third[-1]['id']}").json() == []
    theirs = other.client.get(path).json()[0]["id"]
    assert mine.client.get(f"{path}?before={theirs}").status_code == 404


def test_a_past_holder_does_not_see_the_present_ones_lease(unreviewed: Project) -> None:
    factories.open_items(unreviewed, 1)
    past, now = Annotator(factories.member(unreviewed), unreviewed).claim(), timezone.now()
    target = past.held[0]["id"]
    Assignment.objects.filter(pk=target).update(lease_expires_at=now)
    services.expire(timezone.now())
    for _ in range(3):
        Annotator(factories.member(unreviewed), unreviewed).claim()

    shown = past.client.get(f"/api/v1/assignments/{target}")

    assert shown.status_code == 200
    assert shown.json()["lease_expires_at"] is None
    assert shown.json()["answers"] is None
