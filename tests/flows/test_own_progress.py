"""What somebody learns of their own work: of whole sets, and of no known answer by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.gold.models import GoldAnswer, GoldItem
from annotator.items.services import copy_of
from annotator.projects.models import Project
from annotator.reports.own import Habit, MyProgress, OwnRules, my_progress
from tests import factories
from tests.drivers import Annotator, mps_answers

pytestmark = pytest.mark.django_db


RULES = OwnRules(set_size=4, known=3, fewest=4, alpha=0.2)
"""The same rules with fewer answers."""


def answering(count: int, *choices: str, **body: Any) -> tuple[Project, Annotator]:
    """Somebody who answers so many items: each with the next choice in turn."""
    project = factories.project(review_rate=0.0)
    factories.open_items(project, count)
    person = Annotator(factories.member(project), project)
    for place in range(count):
        choice = choices[place % len(choices)]
        person.claim()
        left, right = person.held[0]["shown"]["order"]
        person.submit(mps_answers({"left": left, "right": right}.get(choice, choice)), **body)
    return project, person


def progress(person: Annotator) -> MyProgress:
    return my_progress(person.user, person.project, RULES)


def known(project: Project, person: Annotator, passed: list[bool]) -> None:
    """Known answers judged so, as of the person's first answers."""
    rows = Annotation.objects.filter(annotator=person.user).order_by("submitted_at")
    for row, right in zip(rows, passed, strict=False):
        judge(project, person, row, right, at=row.submitted_at)


def judge(
    project: Project, person: Annotator, row: Annotation, passed: bool, *, at: datetime
) -> None:
    now = timezone.now()
    gold, _ = GoldItem.objects.get_or_create(
        item=copy_of(row.item, now=now),
        defaults={"project": project, "made_by": project.created_by, "made_at": now},
    )
    GoldAnswer.objects.create(
        gold=gold, project=project, annotator=person.user, annotation=row, passed=passed, at=at
    )


def test_before_a_set_is_whole_nothing_is_said() -> None:
    project, person = answering(3, "left")

    told = person.client.get(f"/api/v1/projects/{project.pk}/my-progress").json()

    assert told == {"answers": 3, "set_size": 50, "sets": 0, "share": None, "habits": []}


def test_a_share_is_of_whole_sets_and_of_enough_known_answers() -> None:
    project, person = answering(5, "left", "tie")
    known(project, person, [True, True])
    assert progress(person).share is None

    GoldAnswer.objects.all().delete()
    known(project, person, [True, False, True])
    before = progress(person).share
    last = Annotation.objects.filter(annotator=person.user).latest("submitted_at")
    judge(project, person, last, False, at=last.submitted_at + timedelta(seconds=1))

    assert before == 0.65
    assert progress(person).share == before


def test_who_always_says_left_learns_of_it() -> None:
    _, person = answering(8, "left")

    [habit] = progress(person).habits

    assert (habit.habit, habit.percent, habit.count) == ("left", 100, 8)


def test_the_same_answer_and_a_sudden_haste_are_told() -> None:
    _, person = answering(8, "tie")
    rows = list(Annotation.objects.filter(annotator=person.user).order_by("submitted_at"))
    for place, row in enumerate(rows):
        row.active_ms = 9000 if place < 4 else 2000
        row.save(update_fields=["active_ms"])

    habits = {one.habit: one for one in progress(person).habits}

    assert habits[Habit.SAME].percent == 100
    assert habits[Habit.SAME].question == "aesthetics"
    assert (habits[Habit.FASTER].seconds, habits[Habit.FASTER].before) == (2.0, 9.0)


def test_even_answers_make_no_pattern() -> None:
    _, person = answering(9, "left", "right", "tie")

    assert progress(person).habits == []
