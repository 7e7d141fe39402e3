"""An answer that comes when its lease is over: where it goes, and whom it must not push aside."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.services import Submission
from annotator.assignments import services
from annotator.assignments.models import Assignment, AssignmentState, ExclusionReason
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.core.errors import StaleState
from annotator.projects.models import Project
from tests import factories
from tests.drivers import mps_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """A pair project with one open item of which nothing is drawn for review."""
    made = factories.project(review_rate=0.0)
    factories.open_items(made, 1)
    return made


def claim(project: Project, *, now: datetime, user: User | None = None) -> tuple[User, Assignment]:
    """Somebody with the next slot in hand."""
    user = user or factories.member(project)
    [row] = pipeline.claim(user, project.pk, count=1, now=now)
    return user, row


def late(project: Project, now: datetime) -> tuple[User, Assignment]:
    """Who held the item's first slot until it lapsed; somebody else has taken that slot since."""
    user, row = claim(project, now=now)
    services.expire(now + timedelta(hours=1))
    others = [claim(project, now=now + timedelta(hours=1)) for _ in range(3)]
    for other, held in others:
        if held.pk != row.pk:
            pipeline.release(other, held.pk, ExclusionReason.SKIP, now + timedelta(hours=1))
    return user, row


def test_a_late_answer_says_in_which_order_its_author_saw_the_item(project: Project) -> None:
    now = timezone.now()
    user, row = late(project, now)

    done = pipeline.submit(
        user, row.pk, Submission("late-key", mps_answers("a")), now=now + timedelta(hours=1)
    )

    assert done.annotation.counted
    assert done.annotation.assignment.shown_order == row.shown_order[::-1]
    assert done.annotation.shown_order == row.shown_order
    scope = Scope(timezone.now(), project.pk)
    assert {one.name for one in INVARIANTS if check(one, scope).violations} == {"images-there"}


def test_a_late_answer_can_be_changed_under_the_name_that_it_was_sent_to(project: Project) -> None:
    now = timezone.now()
    user, row = late(project, now)
    later = now + timedelta(hours=1)
    pipeline.submit(user, row.pk, Submission("late-key", mps_answers("a")), now=later)

    changed = pipeline.submit(user, row.pk, Submission("next-key", mps_answers("b")), now=later)

    assert changed.annotation.counted
    assert changed.annotation.revision == 2
    assert Annotation.objects.filter(annotator=user, current=True).get() == changed.annotation


def test_a_late_answer_fills_the_slot_that_its_author_was_given_anew(project: Project) -> None:
    now = timezone.now()
    user, row = late(project, now)
    later = now + timedelta(hours=1)
    _, again = claim(project, now=later, user=user)
    assert again.pk != row.pk

    done = pipeline.submit(user, row.pk, Submission("late-key", mps_answers("a")), now=later)

    assert done.annotation.counted
    assert done.annotation.assignment_id == again.pk


def test_an_extra_does_not_carry_the_time_of_somebody_elses_claim(project: Project) -> None:
    now = timezone.now()
    user, row = claim(project, now=now)
    services.expire(now + timedelta(hours=1))
    for _ in range(3):
        claim(project, now=now + timedelta(hours=1))

    done = pipeline.submit(
        user, row.pk, Submission("late-key", mps_answers("a")), now=now + timedelta(hours=1)
    )

    assert not done.annotation.counted
    assert done.annotation.claimed_at is None


@contextmanager
def taking_over(project: Project, user: User, now: datetime) -> Iterator[threading.Event]:
    """Somebody's claim that finds a lapsed slot and takes it, not committed until told."""
    taken, told = threading.Event(), threading.Event()

    def take() -> None:
        try:
            with transaction.atomic():
                assert pipeline.claim(user, project.pk, count=1, now=now)
                taken.set()
                told.wait(10)
        finally:
            taken.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(take)
        taken.wait(10)
        yield told
        told.set()
        done.result()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("way", ["submit", "release"])
def test_who_comes_late_takes_nothing_from_who_is_just_being_given_it(way: str) -> None:
    project = factories.project(review_rate=0.0, overlap=1)
    factories.open_items(project, 1)
    now = timezone.now()
    later = now + timedelta(hours=1)
    user, row = claim(project, now=now)
    other = factories.member(project)

    with taking_over(project, other, later) as told:
        threading.Timer(1.0, told.set).start()
        if way == "submit":
            submission = Submission("late-key", mps_answers("a"))
            assert not pipeline.submit(user, row.pk, submission, now=later).annotation.counted
        else:
            with pytest.raises(StaleState):
                pipeline.release(user, row.pk, ExclusionReason.SKIP, later)

    row.refresh_from_db()
    assert (row.state, row.annotator_id) == (AssignmentState.CLAIMED, other.pk)
