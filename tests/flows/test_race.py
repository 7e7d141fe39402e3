"""Two hundred annotators at once: real transactions on PostgreSQL, never a fourth, never twice."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Count
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.services import Submission
from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.core.errors import KeyReused
from annotator.projects.models import Membership, Project
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

# As many as the site has threads that answer.
CONNECTIONS = threading.Semaphore(16)
LIVE = [AssignmentState.CLAIMED, AssignmentState.SUBMITTED, AssignmentState.ACCEPTED]


@pytest.fixture(autouse=True)
def _postgres_only() -> None:
    assert connection.vendor == "postgresql", "a race on SQLite proves nothing"


def as_request(move: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """One move as a request makes it: a connection as long as it takes, as a thread has one.

    More people are at work at once than a server has connections.
    """
    with CONNECTIONS:
        try:
            return move(*args, **named)
        finally:
            connections.close_all()


def at_once(work: Callable[[Any], Any], many: list[Any]) -> list[Any]:
    """Runs `work` on each of `many` in a thread of its own, all let go in the same moment."""
    gate = threading.Barrier(len(many))

    def one(thing: Any) -> Any:
        gate.wait()
        return work(thing)

    with ThreadPoolExecutor(len(many)) as threads:
        return list(threads.map(one, many))


def violations() -> list[Any]:
    """Items with more than three live assignments, or twice with one person: none, ever."""
    over = Assignment.objects.filter(state__in=LIVE).values("item").annotate(n=Count("*"))
    twice = (
        Assignment.objects.filter(annotator__isnull=False)
        .values("item", "annotator")
        .annotate(n=Count("*"))
    )
    return [*over.filter(n__gt=3), *twice.filter(n__gt=1)]


@pytest.fixture
def watched() -> Iterator[list[Any]]:
    """Collects violations seen at any committed moment while the test runs."""
    seen: list[Any] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            seen.extend(as_request(violations))

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield seen
    stop.set()
    watcher.join()


def test_two_hundred_annotators_fill_nine_hundred_slots_exactly(watched: list[Any]) -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 300)
    people = [factories.user() for _ in range(200)]
    Membership.objects.bulk_create(
        Membership(project=project, user=user, role="annotator") for user in people
    )

    all_at_work = threading.Barrier(len(people))

    def claim(user: User) -> list[Assignment]:
        return as_request(pipeline.claim, user, project.pk, count=2, now=timezone.now())

    def work(user: User) -> int:
        done = 0
        rows = claim(user)
        all_at_work.wait()  # everybody holds work before the first answer is sent
        while rows:
            submission = Submission(str(uuid.uuid4()), mps_answers("a"))
            as_request(pipeline.submit, user, rows[0].pk, submission, now=timezone.now())
            done += 1
            rows = claim(user)
        return done

    done = at_once(work, people)

    assert sum(done) == 900
    assert min(done) >= 1
    assert watched == []
    assert violations() == []
    assert Counter(Assignment.objects.values_list("state", flat=True)) == {"accepted": 900}
    assert Annotation.objects.filter(counted=True).count() == 900
    assert Consensus.objects.filter(annotations=3).count() == 300


def test_one_person_in_many_tabs_holds_no_more_than_asked(watched: list[Any]) -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 30)
    user = factories.member(project)

    hands = at_once(
        lambda _: as_request(pipeline.claim, user, project.pk, count=3, now=timezone.now()),
        list(range(20)),
    )

    assert {tuple(sorted(str(row.pk) for row in hand)) for hand in hands} == {
        tuple(sorted(str(row.pk) for row in hands[0]))
    }
    assert Assignment.objects.filter(state=AssignmentState.CLAIMED).count() == 3
    assert watched == []


def test_one_key_sent_ten_times_in_parallel_has_one_effect() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 1)
    user = factories.member(project)
    [row] = pipeline.claim(user, project.pk, count=1, now=timezone.now())
    submission = Submission("the-same-key", mps_answers("a"))

    sent = at_once(
        lambda _: as_request(pipeline.submit, user, row.pk, submission, now=timezone.now()),
        list(range(10)),
    )

    assert len({done.annotation.pk for done in sent}) == 1
    assert [done.replayed for done in sent].count(False) == 1
    assert Annotation.objects.count() == 1
    assert AnnotationPiece.objects.count() == 4


def test_one_key_with_different_bodies_in_parallel_stores_one_and_refuses_the_rest() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 1)
    user = factories.member(project)
    [row] = pipeline.claim(user, project.pk, count=1, now=timezone.now())

    def send(choice: str) -> str:
        try:
            submission = Submission("the-same-key", mps_answers(choice))
            as_request(pipeline.submit, user, row.pk, submission, now=timezone.now())
        except KeyReused:
            return "refused"
        return "stored"

    outcomes = Counter(at_once(send, ["a", "b", "tie", "both_bad", "unsure"]))

    assert outcomes == {"stored": 1, "refused": 4}
    assert Annotation.objects.count() == 1


def test_one_key_for_two_items_in_the_same_moment_stores_one_and_refuses_the_other() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 2)
    person = Annotator(factories.member(project), project).claim(2)
    first, second = (row["id"] for row in person.held)

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            stored = person.put(first, mps_answers("a"), key="the-same-key")
            # It looks for the key before ours is committed, then waits for us to commit it.
            late = threads.submit(
                as_request, person.put, second, mps_answers("b"), key="the-same-key"
            )
            until(somebody_waits, "the second waits for the first")
        refused = late.result()

    assert (stored.status_code, refused.status_code) == (201, 422)
    assert refused.json()["code"] == "key_reused"
    [annotation] = Annotation.objects.all()
    assert str(annotation.assignment_id) == first
    assert Assignment.objects.get(pk=second).state == AssignmentState.CLAIMED
    assert AnnotationPiece.objects.count() == 4


def somebody_waits() -> bool:
    """Whether a transaction of this database waits for another to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks waiting JOIN pg_locks held USING (pid) "
            "JOIN pg_database ON pg_database.oid = held.database WHERE NOT waiting.granted "
            "AND waiting.locktype = 'transactionid' AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_the_last_two_answers_in_the_same_moment_settle_the_item_once() -> None:
    project: Project = factories.project(review_rate=0.0)
    factories.open_items(project, 10)
    people = [factories.member(project) for _ in range(3)]
    hands = {
        user.pk: pipeline.claim(user, project.pk, count=5, now=timezone.now()) for user in people
    }

    def answer(user: User) -> None:
        for row in hands[user.pk]:
            submission = Submission(str(uuid.uuid4()), mps_answers("b"))
            as_request(pipeline.submit, user, row.pk, submission, now=timezone.now())

    at_once(answer, people)

    assert Consensus.objects.filter(annotations=3).count() == 5
