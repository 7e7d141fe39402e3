"""A round is one request: an answer brings the next item along, and is stored whatever becomes of
the claim.
"""

import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState, Cursor
from annotator.projects.asked import asked_of
from annotator.projects.models import Project, Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.selectors import project_for
from annotator.projects.services import ProjectSettings, change_project, create_project
from annotator.questions import preference, rating
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.sites import ROOT, embedded_environment


@pytest.fixture
def person(db: None) -> Annotator:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 5)
    return Annotator(factories.member(project), project).claim(2)


def held_by(person: Annotator) -> list[str]:
    rows = Assignment.objects.filter(annotator=person.user, state=AssignmentState.CLAIMED)
    return [str(row.pk) for row in rows.order_by("claimed_at", "position")]


def test_an_answer_brings_what_a_claim_of_its_own_would(person: Annotator) -> None:
    first, second = (row["id"] for row in person.held)

    stored = person.put(first, mps_answers("a"), hold=2)

    claims = stored.json()["claims"]
    assert stored.status_code == 201
    assert [row["id"] for row in claims["assignments"]] == held_by(person)
    assert claims["assignments"][0]["id"] == second
    assert (claims["status"], claims["done_today"], claims["remaining_for_you"]) == ("work", 1, 2)
    assert person.claim(2).last.json() == claims  # type: ignore[union-attr]


def test_an_answer_that_asks_for_no_claim_brings_none(person: Annotator) -> None:
    stored = person.put(person.held[0]["id"], mps_answers("a"))

    assert stored.json()["claims"] is None
    assert len(held_by(person)) == 1


def test_the_last_answer_says_that_all_is_done(person: Annotator) -> None:
    while person.held:
        person.submit(mps_answers("a"), hold=2)
        assert person.last is not None
        person.held = person.last.json()["claims"]["assignments"]

    assert person.last is not None
    claims = person.last.json()["claims"]
    assert (claims["done_today"], claims["remaining_for_you"]) == (5, 0)
    assert claims["status"] == "none_for_you"


def test_a_replay_gives_the_first_receipt_and_claims_no_more_than_asked(person: Annotator) -> None:
    key, target = str(uuid.uuid4()), person.held[0]["id"]
    first = person.put(target, mps_answers("a"), key=key, hold=2)

    again = person.put(target, mps_answers("a"), key=key, hold=2)
    without = person.put(target, mps_answers("a"), key=key)

    assert (first.status_code, again.status_code, without.status_code) == (201, 200, 200)
    assert again.json() == first.json()
    assert without.json() == {**first.json(), "claims": None}
    assert len(held_by(person)) == 2
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("hold", [0, settings.MAX_HELD + 1, "many"])
def test_an_absurd_hold_is_refused_and_nothing_is_stored(person: Annotator, hold: object) -> None:
    refused = person.put(person.held[0]["id"], mps_answers("a"), hold=hold)

    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["hold"]
    assert not Annotation.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_an_answer_whose_claim_fails_is_stored_and_has_its_receipt() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 3)
    person = Annotator(factories.member(project), project).claim()

    def answer() -> tuple[int, object]:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            stored = person.put(person.held[0]["id"], mps_answers("a"), hold=1)
        finally:
            connections.close_all()
        return stored.status_code, stored.json()["claims"]

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        # As a claim in another tab that never ends.
        Cursor.objects.select_for_update().get(annotator=person.user)
        status, claims = threads.submit(answer).result()

    assert (status, claims) == (201, None)
    assert Annotation.objects.count() == 1
    assert len(person.claim().held) == 1


@pytest.mark.django_db(transaction=True)
def test_questions_that_another_process_changes_are_asked_by_the_next_request() -> None:
    owner = factories.user(can_create_projects=True)
    project = create_project(
        by=owner,
        template=Template.CUSTOM,
        settings=ProjectSettings(name="custom"),
        questions=[QuestionDraft("better", preference.KIND)],
    )
    assert [spec.key for spec in asked_of(project_for(owner, project.pk)).specs] == ["better"]

    def change() -> Project:
        others = [QuestionDraft("quality", rating.KIND, scale_min=1, scale_max=5)]
        try:
            return change_project(project, changes={}, questions=others)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(change).result()

    assert [spec.key for spec in asked_of(project_for(owner, project.pk)).specs] == ["quality"]


@pytest.mark.django_db
def test_questions_are_read_once() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 2)
    person = Annotator(factories.member(project), project).claim(2)
    person.submit(mps_answers("a"))

    kept = asked_of(project_for(person.user, project.pk))
    person.submit(mps_answers("b"))

    assert asked_of(project_for(person.user, project.pk)) is kept


def test_a_site_on_sqlite_makes_the_same_rounds(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.embedded_rounds"],
        cwd=ROOT,
        env={
            **embedded_environment(tmp_path / "data"),
            "DJANGO_SETTINGS_MODULE": "annotator.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == "12"
