"""The three forms of "which answers count", and what is said of people: it does not move by review.

The planted people are those of tests/planted.py.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from annotator import pipeline
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import accepted_answers, first_answers, standing_answers
from annotator.annotations.services import Submission
from annotator.assignments.models import Assignment
from annotator.items.models import Item
from annotator.projects.models import Project
from annotator.reports.agreement import agreement_of
from annotator.reports.bias import side_bias_of
from annotator.reviews.models import AcceptOrReject, Review
from annotator.reviews.services import GivenVerdict
from scoring.agreement import krippendorff_alpha
from tests import factories, judged
from tests.planted_votes import CHOICES, GOOD, PEOPLE, Planted, planted
from tests.rooms.exported import batch, pair_project, people

ACCEPT, REJECT = AcceptOrReject.ACCEPT, AcceptOrReject.REJECT

pytestmark = pytest.mark.django_db


def test_three_forms_of_which_answers_count() -> None:
    project = pair_project()
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    anna, bert, carl, dora = people(project, 4)
    a, b = judged.said("a", "overall"), judged.said("b", "overall")
    rejected = judged.answer(item, anna, a, state="rejected")
    replacement = judged.answer(item, bert, b, minutes=9)
    old = judged.answer(item, carl, a, slot=1, state="submitted", current=False)
    revised = judged.answer(item, carl, b, slot=1, revision=2)
    late = judged.answer(item, dora, b, slot=2, counted=False)

    first, standing, accepted = (
        {row.pk for row in form()} for form in (first_answers, standing_answers, accepted_answers)
    )

    assert first == {rejected.pk, revised.pk}
    assert standing == {replacement.pk, revised.pk}
    assert accepted == {replacement.pk}
    assert not {old.pk, late.pk} & (first | standing)


def test_of_a_slot_that_was_rejected_twice_the_first_answer_stays_the_first() -> None:
    project = pair_project()
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    said = judged.said("a", "overall")
    first, _, _ = (
        judged.answer(item, person, said, minutes=minute, state=state)
        for minute, (person, state) in enumerate(
            zip(people(project), ["rejected", "rejected", "accepted"], strict=True)
        )
    )

    assert [row.pk for row in first_answers()] == [first.pk]


def test_reviews_and_replacements_move_neither_agreement_nor_side_bias() -> None:
    votes = planted(3, items=60)
    project = pair_project(review_rate=0.5)
    items = factories.open_items(project, 60)
    crew = people(project, PEOPLE)
    _answer(items, crew, votes)
    agreement, bias = agreement_of(project), side_bias_of(project)
    said = list(first_answers().order_by("pk").values_list("pk", flat=True))

    rejected = _review(project, items, votes)
    _replace(project, rejected)

    assert len(rejected) > 15
    assert standing_answers().filter(annotator__in=crew).count() == 180 - len(rejected)
    assert list(first_answers().order_by("pk").values_list("pk", flat=True)) == said
    assert (agreement_of(project), side_bias_of(project)) == (agreement, bias)
    [overall] = agreement.questions
    by_hand = krippendorff_alpha(votes.label.reshape(-1, 3).tolist(), level="nominal")
    assert overall.alpha == pytest.approx(by_hand.value, abs=1e-12)
    assert (agreement.answers, overall.n) == ("first", 60)


def _answer(items: list[Item], crew: list, votes: Planted) -> None:
    """What the planted people say, each slot shown as its item's images were planted to lie."""
    for row, (item, person, label, a_left) in enumerate(
        zip(votes.item, votes.person, votes.label, votes.a_left, strict=True)
    ):
        slot = Assignment.objects.filter(item=items[item], slot=row % 3)
        slot.update(shown_order="ab" if a_left else "ba")
        _say(slot.get(), crew[person], CHOICES[label])


def _say(slot: Assignment, person, choice: str, now: datetime = judged.START) -> None:
    Assignment.objects.filter(pk=slot.pk).update(
        state="claimed", annotator=person, lease_expires_at=now
    )
    answers = {"overall": {"choice": choice}}
    said = Submission(key=f"{slot.pk}-{person.pk}", answers=answers, active_ms=900)
    pipeline.submit(person, slot.pk, said, now=now)


def _review(project: Project, items: list[Item], votes: Planted) -> list[Annotation]:
    """A reviewer who knows the truth rejects what is wrong."""
    reviewer = factories.member(project, "reviewer")
    truth = {item.pk: CHOICES[t] for item, t in zip(items, votes.truth, strict=True)}
    rejected = []
    for review in Review.objects.filter(project=project):
        verdicts = {}
        for row, choice in _said(review.item):
            right = choice == truth[review.item_id]
            verdicts[row.pk] = GivenVerdict(ACCEPT if right else REJECT, "wrong side")
            rejected += [] if right else [row]
        pipeline.review(reviewer, review.pk, verdicts, now=judged.START)
    return rejected


def _said(item: Item) -> Iterator[tuple[Annotation, str]]:
    for row in standing_answers().filter(item=item):
        yield row, row.pieces.get().choice


def _replace(project: Project, rejected: list[Annotation]) -> None:
    """Other people fill what was opened anew, all of them by the same button."""
    others = people(project, 3)
    for place, row in enumerate(rejected):
        slot = Assignment.objects.get(item=row.item, slot=row.assignment.slot, state="open")
        _say(slot, others[place % 3], "a", judged.START + timedelta(hours=1))


def test_the_good_ones_are_good() -> None:
    """What is planted is there: six people at nine in ten of what is no tie."""
    votes = planted(0)

    of_good = [votes.person == person for person in GOOD]
    told = [votes.label[own] for own in of_good]
    right = [
        (label == votes.truth[votes.item[own]])[label < 2].mean()
        for own, label in zip(of_good, told, strict=True)
    ]

    assert all(0.8 < share < 0.97 for share in right)
