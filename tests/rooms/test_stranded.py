"""Items that those who are there can't finish, against a count of each item by itself."""

import random

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.assignments.models import Assignment, AssignmentState, Exclusion
from annotator.assignments.selectors import Stranded, stranded_in
from annotator.projects.models import Membership, Project
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ITEMS = 12


def counted_one_by_one(project: Project, crew: list[User]) -> Stranded:
    """Every item with open slots, and for each person of the crew whether they had it."""
    lacking = []
    for item_id in set(Assignment.objects.filter(state="open").values_list("item", flat=True)):
        slots = Assignment.objects.filter(item=item_id)
        able = [
            person
            for person in crew
            if not slots.filter(annotator=person, given_back=False).exists()
            and not Exclusion.objects.filter(item=item_id, annotator=person).exists()
        ]
        lacking.append(slots.filter(state="open").count() - len(able))
    short = [number for number in lacking if number > 0]
    return Stranded(len(short), sum(short))


def answered(slot: Assignment, person: User, state: str, *, given_back: bool = False) -> None:
    Assignment.objects.filter(pk=slot.pk).update(
        state=state, annotator=person, given_back=given_back, claimed_at=NOW, submitted_at=NOW
    )


def opened(slot: Assignment, *, number: int, extra_vote: bool = False) -> Assignment:
    return Assignment.objects.create(
        item=slot.item, project=slot.project, slot=number, position=slot.position,
        shown_order="ab", extra_vote=extra_vote,
    )  # fmt: skip


def worked_on(items: list, people: list[User], draw: random.Random) -> None:
    """Each item has some slots answered, sent back, given back, some extra votes, some skips."""
    for item in items:
        able = draw.sample(people, len(people))
        slots = list(Assignment.objects.filter(item=item).order_by("slot"))
        if draw.random() < 0.5:
            slots.append(opened(slots[0], number=len(slots), extra_vote=True))
        for slot in slots:
            fate = draw.choice(["open", "accepted", "submitted", "rejected", "given back"])
            if not able or fate == "open":
                continue
            state = {"given back": "rejected"}.get(fate, fate)
            answered(slot, able.pop(), state, given_back=fate == "given back")
            if state == AssignmentState.REJECTED:
                opened(slot, number=slot.slot, extra_vote=slot.extra_vote)
        for person in able:
            if draw.random() < 0.3:
                Exclusion.objects.create(item=item, annotator=person, reason="skip")


@pytest.mark.parametrize("seed", range(6))
def test_a_crew_of_any_size_strands_the_items_that_it_can_not_finish(seed: int) -> None:
    draw = random.Random(seed)
    project = factories.project(review_rate=0.0)
    people = [factories.member(project) for _ in range(6)]
    worked_on(factories.open_items(project, ITEMS), people, draw)
    some = set()

    # Those who go leave what they answered; the overlap is three.
    for size in range(6, -1, -1):
        crew = people[:size]
        Membership.objects.filter(project=project).exclude(user__in=crew).delete()
        found = stranded_in(project)
        assert found == counted_one_by_one(project, crew), size
        some.add(found.items)
    assert len(some) > 2
