"""Whose clock counts: the database's, wherever the hosts' own stand."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.assignments.models import Assignment, AssignmentState
from annotator.core import clock
from annotator.projects.models import Project
from annotator.workers.sweep import sweep
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_host_whose_clock_runs_ahead_ends_nobodys_lease(project: Project) -> None:
    factories.open_items(project, 1)
    annotator = factories.member(project)
    real = timezone.now()
    pipeline.claim(annotator, project.pk, count=1, now=clock.now())

    with mock.patch("django.utils.timezone.now", return_value=real + timedelta(hours=1)):
        sweep()
        told = clock.now()

    assert Assignment.objects.filter(state=AssignmentState.CLAIMED).count() == 1
    assert timedelta(0) <= told - real < timedelta(minutes=30)


def test_time_goes_on_between_two_questions(project: Project) -> None:
    first = clock.now()
    second = clock.now()

    assert first < second


def test_it_is_what_the_database_says(project: Project) -> None:
    clock.sync()

    assert abs(clock.now() - timezone.now()) < timedelta(minutes=30)
