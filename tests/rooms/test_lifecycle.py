"""Projects as a whole: paused, put away, copied. Nobody is given work; nothing is thrown away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.actions.models import Action
from annotator.assignments import services as assigning
from annotator.assignments.models import Assignment
from annotator.core.errors import Conflict, Forbidden, Invalid, StaleState
from annotator.ingest import uploads
from annotator.measurements.choices import choose, chosen_of
from annotator.measurements.models import Reference
from annotator.measurements.references import path_of
from annotator.measurements.requests import request_of_project
from annotator.pipeline.duplicating import duplicate_project
from annotator.projects import lifecycle
from annotator.projects.models import Batch, Membership, Option, Project, Question
from annotator.projects.selectors import questions_of
from annotator.projects.services import change_project
from annotator.reports.mine import listed_projects
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers

pytestmark = pytest.mark.django_db

NOON = timezone.now()


def verbs() -> list[str]:
    return list(Action.objects.order_by("pk").values_list("verb", flat=True))


def test_a_paused_project_gives_nothing_out_and_takes_what_was_held(project: Project) -> None:
    factories.open_items(project, 3)
    ada, bob = (Annotator(factories.member(project), project) for _ in range(2))
    ada.claim(count=1)

    lifecycle.pause(project, by=project.created_by, now=NOON)

    assert bob.claim().held == []
    assert bob.last is not None
    assert bob.last.json()["status"] == "project_paused"
    assert [row["id"] for row in ada.claim(count=3).held] == [
        str(Assignment.objects.get(state="claimed").pk)
    ]
    ada.submit(mps_answers("a"))
    assert ada.last is not None
    assert ada.last.json()["counted"] is True
    assert ada.claim().held == []
    assert verbs() == ["project.paused"]


def test_a_resumed_project_gives_out_again(project: Project) -> None:
    factories.open_items(project, 3)
    lifecycle.pause(project, by=project.created_by, now=NOON)
    ada = Annotator(factories.member(project), project).claim()
    assert ada.held == []

    lifecycle.resume(project, by=project.created_by, now=NOON)

    assert len(ada.claim().held) == 1
    assert verbs() == ["project.paused", "project.resumed"]


def test_a_claim_of_a_paused_project_costs_less_than_one_that_works(
    project: Project, django_assert_num_queries: Any
) -> None:
    ada = factories.member(project)
    pipeline.claim(ada, project.pk, count=1, now=NOON)
    lifecycle.pause(project, by=project.created_by, now=NOON)
    paused = Project.objects.get(pk=project.pk)

    # Savepoint, the cursor with its lock, what is held, savepoint: no look through the queue.
    with django_assert_num_queries(4):
        assert pipeline.top_up(ada, paused, count=3, now=NOON) == []


def test_reviewers_of_a_paused_project_are_given_none(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(review_rate=1.0, overlap=1)
    project.refresh_from_db()
    factories.open_items(project, 1)
    Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
    rita = Reviewer(factories.member(project, Role.REVIEWER), project)

    lifecycle.pause(project, by=project.created_by, now=NOON)
    assert rita.next() is None

    lifecycle.resume(project, by=project.created_by, now=NOON)
    assert rita.next() is not None


def test_no_state_is_entered_twice_or_from_the_wrong_side(project: Project) -> None:
    lead = project.created_by
    for move in (lifecycle.resume, lifecycle.unarchive):
        with pytest.raises(StaleState):
            move(project, by=lead, now=NOON)
    lifecycle.pause(project, by=lead, now=NOON)
    with pytest.raises(StaleState):
        lifecycle.pause(project, by=lead, now=NOON)
    lifecycle.archive(project, by=lead, now=NOON)
    for move in (lifecycle.archive, lifecycle.pause, lifecycle.resume):
        with pytest.raises(StaleState):
            move(project, by=lead, now=NOON)

    assert Project.objects.get().state == "archived"
    assert verbs() == ["project.paused", "project.archived"]


def test_an_archived_project_is_there_to_be_read_alone(project: Project) -> None:
    lead = project.created_by
    factories.open_items(project, 2)
    ada = Annotator(factories.member(project), project)
    begun = factories.batch(project, state="uploading", size=10)
    lifecycle.archive(project, by=lead, now=NOON)
    refused = (
        lambda: uploads.receive(Batch.objects.get(pk=begun.pk), offset=0, data=b"12345"),
        lambda: change_project(project, changes={"name": "Dogs"}),
        lambda: uploads.begin_upload(
            project=project, user=lead, name="", filename="a.zip", size=10, pairs=""
        ),
        lambda: request_of_project(project, ["sharpness"]),
        lambda: choose(project, []),
    )

    for call in refused:
        with pytest.raises(Conflict) as error:
            call()
        assert error.value.reason.code == "project_archived"

    assert ada.claim().held == []
    assert ada.last is not None
    assert ada.last.json()["status"] == "project_archived"
    assert ada.client.get(f"/api/v1/projects/{project.pk}").json()["state"] == "archived"


def test_an_archived_project_is_listed_when_asked_for(project: Project) -> None:
    lead = project.created_by
    lifecycle.archive(project, by=lead, now=NOON)

    hidden, shown = (listed_projects(lead, archived=archived) for archived in (False, True))

    assert (hidden.projects, hidden.archived) == ([], 1)
    assert [(one.id, one.state) for one in shown.projects] == [(project.pk, "archived")]
    lifecycle.unarchive(project, by=lead, now=NOON)
    [back] = listed_projects(lead, archived=False).projects
    assert back.state == "paused"


def test_ones_own_projects_say_what_there_is_to_do(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(review_rate=0.5, overlap=1)
    project.refresh_from_db()
    factories.open_items(project, 4)
    ada, rita = factories.member(project), factories.member(project, Role.REVIEWER)
    driver = Annotator(ada, project)
    for _ in range(3):
        driver.claim().submit(mps_answers("a"))

    [for_ada] = listed_projects(ada, archived=False).projects
    [for_rita] = listed_projects(rita, archived=False).projects

    assert (for_ada.items, for_ada.reviews_waiting) == (None, None)
    assert (for_ada.left_for_you, for_ada.left_is_capped) == (1, False)
    assert (for_rita.items, for_rita.left_for_you) == (4, None)
    assert for_rita.settled is not None
    assert for_rita.reviews_waiting is not None
    assert for_rita.settled + for_rita.reviews_waiting == 3


def test_what_is_left_is_counted_as_a_claim_counts_it(project: Project) -> None:
    factories.open_items(project, 120)
    ada = factories.member(project)
    claimed = Annotator(ada, project).claim()
    assert claimed.last is not None
    told = claimed.last.json()

    [listed] = listed_projects(ada, archived=False).projects

    assert (listed.left_for_you, listed.left_is_capped) == (100, True)
    assert (told["remaining_for_you"], told["remaining_is_capped"]) == (100, True)


def test_what_somebody_has_answered_is_not_left_for_them(project: Project) -> None:
    [item] = factories.open_items(project, 1)
    ada, bert = factories.member(project), factories.member(project)
    Annotator(ada, project).claim().submit(mps_answers("a"))
    [mine] = Assignment.objects.filter(item=item, annotator=ada)
    assigning.reject(mine, actor_id=project.created_by_id, now=timezone.now())

    [for_ada] = listed_projects(ada, archived=False).projects
    [for_bert] = listed_projects(bert, archived=False).projects

    assert (for_ada.left_for_you, for_bert.left_for_you) == (0, 1)


def test_a_list_of_projects_with_their_work_costs_the_same_however_long(
    django_assert_num_queries: Any,
) -> None:
    ada = factories.user()
    for number in range(6):
        made = factories.project()
        for role in (Role.ANNOTATOR, Role.MANAGER)[: 1 + number % 2]:
            Membership.objects.create(project=made, user=ada, role=role)
        factories.open_items(made, 1)

    # Memberships with projects; items, consensuses; reviews that wait; what is left.
    with django_assert_num_queries(5):
        found = listed_projects(ada, archived=True)

    assert [one.left_for_you for one in found.projects] == [1] * 6


def test_a_copy_asks_the_same_and_holds_nothing(project: Project) -> None:
    lead = project.created_by
    change_project(project, changes={"guideline": "Look twice.", "overlap": 5, "review_rate": 0.3})
    project.refresh_from_db()
    flags = Question.objects.create(
        project=project, key="flaws", kind="flags", position=9, required=False
    )
    Option.objects.create(question=flags, key="hands", title="Hands", position=0)
    choose(project, ["sharpness"])
    sha256 = "ab" * 32
    default_storage.save(path_of(project.pk, sha256), ContentFile(b"statistics"))
    Reference.objects.create(
        project=project, name="cats", source="statistics", network="n", sha256=sha256
    )
    factories.open_items(project, 2)
    factories.member(project)

    made = duplicate_project(project, name="Again", people=False, by=lead, now=NOON)

    assert made.pk != project.pk
    assert made.seed != project.seed
    assert (made.name, made.guideline, made.overlap, made.review_rate) == (
        "Again", "Look twice.", 5, 0.3,
    )  # fmt: skip
    asked = [(one.key, one.kind, one.required, one.position) for one in questions_of(made.pk)]
    assert asked == [
        (one.key, one.kind, one.required, one.position) for one in questions_of(project.pk)
    ]
    assert [option.title for option in questions_of(made.pk)[-1].options.all()] == ["Hands"]
    assert chosen_of(made).chosen == ["sharpness"]
    copied = Reference.objects.get(project=made)
    with default_storage.open(path_of(made.pk, copied.sha256)) as kept:
        assert kept.read() == b"statistics"
    assert list(Membership.objects.filter(project=made).values_list("user", "role")) == [
        (lead.pk, "manager")
    ]
    assert not Assignment.objects.filter(project=made).exists()
    assert Action.objects.latest("pk").details == {"name": "Again", "of": project.name}


def test_a_copy_takes_its_people_along_when_asked(project: Project) -> None:
    ada = factories.member(project)
    Membership.objects.create(project=project, user=ada, role=Role.REVIEWER)

    made = duplicate_project(
        project, name="Again", people=True, by=project.created_by, now=NOON + timedelta(days=1)
    )

    def roles(of: Project) -> set[tuple[int, str]]:
        return set(Membership.objects.filter(project=of).values_list("user_id", "role"))

    assert roles(made) == roles(project)


def test_who_may_make_no_projects_makes_no_copies(project: Project) -> None:
    ada = factories.member(project, Role.MANAGER)
    with pytest.raises(Forbidden):
        duplicate_project(project, name="Again", people=False, by=ada, now=NOON)
    with pytest.raises(Invalid):
        duplicate_project(project, name=" ", people=False, by=project.created_by, now=NOON)

    assert Project.objects.count() == 1
    assert verbs() == []
