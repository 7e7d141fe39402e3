"""Accounts that are closed, and opened again."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.models import ApiToken, Role, User
from annotator.accounts.services import WrongCredentials, sign_in
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code
from annotator.projects import members
from annotator.projects.models import Membership, Project
from annotator.projects.people import invitation_of
from annotator.reviews.models import Review
from tests import factories
from tests.drivers import Annotator, mps_answers

NOON = datetime.now(UTC)
WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db


def signs_in(user: User) -> bool:
    try:
        sign_in(username=user.username, password=factories.PASSWORD, address="192.0.2.1", now=NOON)
    except WrongCredentials:
        return False
    return True


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sees_itself(client: Client) -> bool:
    return client.get("/api/v1/me").status_code == 200


def test_a_closed_account_is_shut_to_passwords_sessions_and_tokens() -> None:
    ada, eve = factories.user("ada"), factories.user("eve")
    page, other = browser(ada), browser(eve)
    _, secret = services.make_token(ada, name="mine", expires_in=WEEK, now=NOON)
    services.make_token(eve, name="hers", expires_in=WEEK, now=NOON)

    pipeline.deactivate(ada, by=None, now=NOON)

    assert not signs_in(ada)
    assert not sees_itself(page)
    assert services.live_token(secret, now=NOON) is None
    assert sees_itself(other)
    assert Session.objects.count() == 1
    assert list(ApiToken.objects.values_list("user", flat=True)) == [eve.pk]


def test_an_account_that_is_open_again_has_its_password_and_nothing_else_of_before() -> None:
    ada = factories.user("ada")
    page = browser(ada)
    _, secret = services.make_token(ada, name="mine", expires_in=WEEK, now=NOON)
    pipeline.deactivate(ada, by=None, now=NOON)

    services.activate(ada)

    assert signs_in(ada)
    assert not sees_itself(page)
    assert services.live_token(secret, now=NOON) is None


def test_what_is_held_goes_back_and_what_was_answered_stays() -> None:
    project, elsewhere = factories.project(review_rate=0.0), factories.project(review_rate=0.0)
    factories.open_items(project, 3)
    factories.open_items(elsewhere, 1)
    ada, bo = factories.member(project), factories.member(project)
    Membership.objects.create(project=elsewhere, user=ada, role="annotator")
    Annotator(ada, project).claim().submit(mps_answers("a"))
    Annotator(ada, project).claim(2)
    Annotator(ada, elsewhere).claim()
    Annotator(bo, project).claim()

    pipeline.deactivate(ada, by=project.created_by, now=NOON)

    claimed = Assignment.objects.filter(state=AssignmentState.CLAIMED)
    assert list(claimed.values_list("annotator", flat=True)) == [bo.pk]
    assert Event.objects.filter(annotator=ada, cause="deactivated").count() == 3
    assert Annotation.objects.filter(annotator=ada).count() == 1
    assert Assignment.objects.get(annotator=ada).state == AssignmentState.ACCEPTED


def test_a_review_that_is_held_is_there_for_the_next() -> None:
    project = factories.project(review_rate=1.0)
    factories.open_items(project, 1)
    for _ in range(3):
        Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
    gone, next_one = (factories.member(project, "reviewer") for _ in range(2))
    [held] = pipeline.claim_reviews(gone, project.pk, now=NOON)
    assert held is not None
    assert pipeline.claim_reviews(next_one, project.pk, now=NOON) == []

    pipeline.deactivate(gone, by=None, now=NOON)

    assert pipeline.claim_reviews(next_one, project.pk, now=NOON) == [held]
    assert Review.objects.get().held_by == next_one


def test_nobody_closes_their_own_account() -> None:
    lead = factories.user("lead", can_create_projects=True)

    with pytest.raises(Conflict) as refused:
        pipeline.deactivate(lead, by=lead, now=NOON)

    assert refused.value.reason.code == Code.ACCOUNT_IS_YOURS
    assert User.objects.get().is_active


def test_the_command_closes_and_opens(project: Project) -> None:
    factories.open_items(project, 1)
    ada = factories.member(project, name="ada")
    Annotator(ada, project).claim()
    told = StringIO()

    call_command("deactivate", "ada", stdout=told)
    closed = User.objects.get(pk=ada.pk).is_active
    call_command("deactivate", "ada", "--activate", stdout=told)

    assert not closed
    assert User.objects.get(pk=ada.pk).is_active
    assert not Assignment.objects.filter(state=AssignmentState.CLAIMED).exists()
    assert told.getvalue().count("ada") == 2


def test_the_command_refuses_a_name_that_nobody_has() -> None:
    with pytest.raises(CommandError):
        call_command("deactivate", "ada")


def test_a_closed_account_leaves_no_way_back_in(project: Project) -> None:
    ada = factories.member(project, Role.MANAGER)
    eve = factories.member(project, Role.MANAGER)
    _, hers = members.invite(by=ada, project=project, role=Role.MANAGER, expires_in=WEEK, now=NOON)
    _, others = members.invite(
        by=eve, project=project, role=Role.ANNOTATOR, expires_in=WEEK, now=NOON
    )

    pipeline.deactivate(ada, by=None, now=NOON)

    with pytest.raises(NotFound):
        invitation_of(hers, now=NOON)
    assert invitation_of(others, now=NOON).created_by == eve
