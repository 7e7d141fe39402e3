"""Jobs: one worker holds one, renews it while it works, and is told when it has lost it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotator import jobs
from annotator.core.errors import StaleState
from annotator.core.reasons import Code, Reason, as_json
from annotator.jobs import Held
from annotator.jobs.lease import renewed
from annotator.jobs.models import JobState
from annotator.projects.models import Batch, Project
from annotator.workers import ingest
from tests import factories
from tests.waiting import until

assert ingest  # registers what becomes of a batch


def waiting(project: Project, **fields: object) -> Batch:
    return factories.batch(project, state="requested", **fields)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Project]:
    return factories.project()


def test_a_job_is_held_by_one(project: Project) -> None:
    batch = waiting(project)

    with jobs.hold(batch) as held, pytest.raises(StaleState), jobs.hold(Batch.objects.get()):
        pytest.fail("two hold it")

    assert (held.job.state, held.job.attempts) == (JobState.RUNNING, 1)


def test_the_lease_is_renewed_while_the_holder_is_busy(committed: Project, settings) -> None:
    settings.JOB_LEASE_SECONDS = 6
    with jobs.hold(waiting(committed)) as held:
        first = Batch.objects.get().held_until

        until(lambda: Batch.objects.get().held_until != first)

        assert held.job.holder == Batch.objects.get().holder


def test_a_renewal_outlives_a_connection_that_died(committed: Project) -> None:
    done: list[str] = []

    def renew(*, due: bool) -> None:
        with connection.cursor() as cursor:
            if not done:
                done.append("cut")
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 1")
        done.append("renewed")

    with renewed(renew, "a job"):
        until(lambda: len(done) > 1, "it is renewed again")

    assert done[:2] == ["cut", "renewed"]


def test_progress_is_written_from_the_background(committed: Project) -> None:
    with jobs.hold(waiting(committed)) as held:
        held.note(done_count=7)

        until(lambda: Batch.objects.get().done_count == 7)


def has_lost(held: Held[Batch]) -> bool:
    try:
        held.check()
    except StaleState:
        return True
    return False


def test_who_has_lost_a_job_hears_of_it_and_writes_nothing(committed: Project, settings) -> None:
    settings.JOB_LEASE_SECONDS = 3
    held = jobs.take(waiting(committed), now=timezone.now())
    assert held is not None

    with held.renewed():
        Batch.objects.update(holder="another")
        until(lambda: has_lost(held))

    with pytest.raises(StaleState):
        held.save(done_count=9)
    with pytest.raises(StaleState):
        held.finish()
    row = Batch.objects.get()
    assert (row.holder, row.state, row.done_count) == ("another", JobState.RUNNING, 0)


def test_an_exception_ends_an_attempt_and_the_third_ends_the_job(project: Project) -> None:
    batch = waiting(project)
    states = []

    for _ in range(3):
        with pytest.raises(OSError, match="full"), jobs.hold(Batch.objects.get()):
            raise OSError("full")
        batch.refresh_from_db()
        states.append((batch.state, batch.attempts, batch.holder))

    assert states == [("requested", 1, ""), ("requested", 2, ""), ("failed", 3, "")]
    expected = Reason(Code.ATTEMPTS_FAILED, count=3, error="OSError: full")
    assert batch.error == as_json(expected)


def test_a_job_that_waits_is_sent_for_after_a_while_and_not_before(project: Project) -> None:
    batch, now = waiting(project), timezone.now()
    seen = []

    for seconds in (0, 5, 3600):
        jobs.sweep(Batch, now=now + timedelta(seconds=seconds))
        batch.refresh_from_db()
        seen.append(batch.held_until)

    assert seen[0] == seen[1]
    assert seen[2] > now + timedelta(seconds=3600)
    assert (batch.state, batch.attempts) == (JobState.REQUESTED, 0)


def test_only_what_has_failed_is_retried_by_hand(project: Project) -> None:
    failed, done = factories.batch(project, state="failed", attempts=3), factories.batch(project)

    jobs.retry(failed, error="")
    with pytest.raises(StaleState):
        jobs.retry(done)

    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (JobState.REQUESTED, 0)


def gives_way(batch: Batch) -> bool:
    """Whether a long job whose turn is over leaves its worker to others."""
    with jobs.hold(batch) as held:
        held.turn_ends = 0.0
        jobs.give_way(held)
        held.finish()
    batch.refresh_from_db()
    return batch.state == JobState.REQUESTED


def test_a_long_job_gives_way_to_one_that_waits_for_a_worker(project: Project) -> None:
    waiting(project)

    assert gives_way(waiting(project))


def test_a_long_job_gives_no_way_to_what_waits_for_another_machine(project: Project) -> None:
    waiting(project, error=as_json(Reason(Code.UNAVAILABLE)))

    assert not gives_way(waiting(project))
