"""The annotators' report, from rows to codes; pause and resume."""

import numpy as np
import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.actions.models import Action
from annotator.assignments.models import Assignment, Event
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code as SiteCode
from annotator.core.reasons import Reason
from annotator.pipeline import standing
from annotator.projects.models import Membership
from annotator.reports.annotators.answers import AnswerFilter, given_answers
from annotator.reports.annotators.reading import read_answers
from annotator.reports.annotators.report import portraits_of_annotators
from annotator.reports.annotators.standing import standing_of
from scoring.reasons import Code
from tests import factories, judged
from tests.drivers import Annotator, mps_answers
from tests.planted import COPIER, KINDS, LEFT, RANDOM, SOURCE, planted
from tests.planting import plant, review
from tests.rooms.exported import batch, pair_project, people

pytestmark = pytest.mark.django_db

NOW = judged.START


def codes(row) -> list[str]:
    return [finding.code.value for finding in row.numbers.findings]


def test_planted_people_stand_in_the_report_as_what_they_are(django_assert_num_queries) -> None:
    project = pair_project()
    found = planted(3)
    users = plant(project, found)

    # Questions and their options 2, whether words are asked, names, repeats; answers, verdicts,
    # pieces and images, each with its settings and in a transaction (a savepoint here) of its own.
    with django_assert_num_queries(5 + 4 * 4):
        report = portraits_of_annotators(project, now=NOW)

    rows = {row.id: row for row in report.annotators}
    assert (report.answers, len(rows)) == (1200, 12)
    left = rows[users[LEFT].pk]
    assert (left.numbers.left_share.value, codes(left)[0]) == (1.0, Code.ALWAYS_LEFT.value)
    assert Code.LOOKS_RANDOM.value in codes(rows[users[RANDOM].pk])
    [copies] = rows[users[COPIER].pk].numbers.findings
    assert (copies.code, copies.params["name"]) == (Code.COPIES_OF, users[SOURCE].username)
    assert rows[users[COPIER].pk].numbers.likeness.other == users[SOURCE].pk
    good = [users[place].pk for place, kind in enumerate(KINDS) if kind == "good"]
    assert [codes(rows[pk]) for pk in good] == [[]] * 6
    # Worst first, and the good ones last.
    assert {row.id for row in report.annotators[-6:]} == set(good)
    assert sum(day.n for day in left.by_day) == 100


def test_a_review_does_not_change_what_first_answers_show() -> None:
    project = pair_project()
    found = planted(4)
    users = plant(project, found)
    before = {row.id: row for row in portraits_of_annotators(project, now=NOW).annotators}

    rejected = review(project, found, every=3)
    after = {row.id: row for row in portraits_of_annotators(project, now=NOW).annotators}

    assert rejected > 50
    assert after.keys() == before.keys()
    for user in users:
        assert after[user.pk].numbers.agreement == before[user.pk].numbers.agreement
        assert after[user.pk].numbers.left_share == before[user.pk].numbers.left_share
    # What reviewers say stands apart.
    seen = after[users[RANDOM].pk].numbers.reviewers
    assert seen.n > 20
    assert seen.value < 0.75
    assert before[users[RANDOM].pk].numbers.reviewers.undefined == Reason(Code.NO_VERDICTS)


def test_who_flags_hands_flags_the_body_above_them_too() -> None:
    project = factories.project("custom")
    judged.question(project, "flags", "flags", options=("body", "body/hands"))
    anna, bert, _ = people(project)
    item = judged.item(batch(project), "1", "a dancer", ["painter"])
    judged.answer(item, anna, {"flags": {"flags": {"a": ["hands"]}}})
    judged.answer(item, bert, {"flags": {"flags": {"a": ["body"]}}}, slot=1)

    [told] = read_answers(project).asked.sets

    # One names two, the other one of these.
    assert sorted(np.bincount(told.row).tolist()) == [1, 2]
    assert sorted(np.bincount(told.thing).tolist()) == [1, 2]


def test_ratings_rankings_picks_flags_words_and_marks_are_all_compared() -> None:
    project = factories.project("custom")
    judged.question(project, "rating", "rating", scale_min=1, scale_max=5)
    judged.question(project, "ranking", "ranking")
    judged.question(project, "pick", "pick")
    judged.question(project, "flags", "flags", options=("limbs", "blur"))
    judged.question(project, "words", "words")
    judged.question(project, "marks", "marks")
    judged.question(project, "remark", "comment", required=False)
    anna, bert, carl = people(project)
    in_batch = batch(project)

    def said(rating: int, tiers, pick: str, flags, tokens, marks):
        return {
            "rating": {"ratings": {"a": rating, "b": rating}},
            "ranking": {"tiers": tiers},
            "pick": {"choice": pick},
            "flags": {"flags": {"a": flags, "b": []}},
            "words": {"tokens": tokens},
            "marks": {"marks": {"a": marks, "b": []}},
        }

    point = [{"x": 0.5, "y": 0.5}]
    item = judged.item(in_batch, "1", "one two three four five", ["painter", "drawer"])
    judged.answer(item, anna, said(4, [["a"], ["b"]], "a", ["limbs"], [1, 4], point))
    judged.answer(item, bert, said(2, [["a"], ["b"]], "a", [], [1], point), slot=1)
    judged.answer(item, carl, said(3, [["a", "b"]], "b", [], [1, 2], []), slot=2)

    rows = {row.id: row.numbers for row in portraits_of_annotators(project, now=NOW).annotators}

    one = rows[anna.pk]
    # Shares of the two others who say the same: ratings 0 + 0 of 2; ranking 1/2; pick 1/2;
    # flags 3 of 4 things (limbs of a: none agrees); words 3.5 of 5; marks 1/2 + 1 of 2.
    assert one.agreement.value == pytest.approx((0 + 0.5 + 0.5 + 3 + 3.5 + 1.5) / 15)
    assert one.rating_bias.value == 1.5
    assert rows[bert.pk].rating_bias.value == -1.5


def test_a_report_of_nothing_is_empty() -> None:
    report = portraits_of_annotators(pair_project(), now=NOW)

    assert (report.annotators, report.answers) == ([], 0)


def test_answers_come_in_pages_and_by_what_became_of_them(django_assert_num_queries) -> None:
    project = pair_project()
    anna, bert = people(project, 2)
    in_batch = batch(project)
    for number in range(30):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        state = "rejected" if number == 0 else "accepted"
        made = judged.answer(
            item, anna, judged.said("a", "overall"), state=state, minutes=number, shown="ba"
        )
        if number == 0:
            judged.verdict(made, factories.member(project, "reviewer"), "reject", "clicked through")
        other = "b" if number == 29 else "a"
        judged.answer(item, bert, judged.said(other, "overall"), slot=1, minutes=number)

    # answers with items, questions 2, pieces, images, reasons
    with django_assert_num_queries(6):
        first = given_answers(project, anna, which=AnswerFilter.ALL)
    second = given_answers(project, anna, which=AnswerFilter.ALL, cursor=first.next or "")
    [rejected] = given_answers(project, anna, which=AnswerFilter.REJECTED).results
    [differing] = given_answers(project, anna, which=AnswerFilter.DISAGREEING).results

    prompts = [row.prompt for row in (*first.results, *second.results)]
    assert prompts == [f"prompt {number}" for number in reversed(range(30))]
    assert second.next is None
    assert (rejected.prompt, rejected.reason) == ("prompt 0", "clicked through")
    assert differing.prompt == "prompt 29"
    assert [image.letter for image in differing.images] == ["b", "a"]
    assert differing.answers == {"overall": {"choice": "a"}}


@pytest.fixture
def paused(db):
    """An open project, somebody who held two items and is paused, and a colleague."""
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 4)
    anna = Annotator(factories.member(project), project).claim(3).submit(mps_answers("a"))
    done = standing.pause_annotator(
        project, anna.user, note="Please read the guideline.", by=project.created_by,
        now=timezone.now(),
    )  # fmt: skip
    assert done.given_back == 2
    return project, anna


def test_who_is_paused_gets_nothing_and_is_told_why(paused) -> None:
    project, anna = paused

    anna.claim(3)

    told = anna.last.json()
    assert (told["assignments"], told["status"]) == ([], "paused")
    assert told["note"] == "Please read the guideline."
    assert Assignment.objects.filter(annotator=anna.user).values_list("state", flat=True).get() == (
        "accepted"
    )
    causes = Event.objects.filter(to_state="open").values_list("cause", flat=True)
    assert list(causes) == ["paused", "paused"]
    action = Action.objects.get()
    assert (action.verb, action.actor, action.target, action.details["given_back"]) == (
        "annotator.paused", project.created_by, f"user:{anna.user.pk}", 2,
    )  # fmt: skip


def test_what_they_held_goes_to_others_and_a_late_answer_is_kept(paused) -> None:
    project, anna = paused
    late = anna.held[0]["id"]

    answered = anna.put(late, mps_answers("b"))

    assert answered.status_code == 201
    assert answered.json()["counted"] is True
    bert = Annotator(factories.member(project), project).claim(3)
    assert len(bert.held) == 3


def test_who_resumes_is_given_work_again(paused) -> None:
    project, anna = paused

    standing.resume_annotator(project, anna.user, by=project.created_by, now=timezone.now())
    standing.resume_annotator(project, anna.user, by=project.created_by, now=timezone.now())

    assert len(anna.claim(2).held) == 2
    verbs = Action.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["annotator.paused", "annotator.resumed"]


def test_how_each_stands_is_told_beside_the_numbers(paused, django_assert_num_queries) -> None:
    project, anna = paused
    Annotator(factories.member(project, name="zoe"), project).claim(1)

    # members, paused, held, names
    with django_assert_num_queries(4):
        first, second = standing_of(project)

    assert (first.id, first.note, first.holding) == (anna.user.pk, "Please read the guideline.", 0)
    assert first.paused_at is not None
    assert (second.name, second.paused_at, second.holding) == ("zoe", None, 1)


def test_who_has_left_is_not_paused_and_a_foreigner_is_not_there(paused) -> None:
    project, _ = paused
    bert = factories.member(project)
    membership = Membership.objects.get(user=bert, role=Role.ANNOTATOR)
    Annotator(bert, project).claim(1).submit(mps_answers("a"))
    pipeline.leave_project(membership, by=project.created_by, now=timezone.now())

    with pytest.raises(Conflict) as refused:
        standing.pause_annotator(project, bert, note="", by=project.created_by, now=timezone.now())

    assert refused.value.reason == Reason(SiteCode.NOT_AN_ANNOTATOR)
    assert standing.annotator_of(project, bert.pk) == bert
    with pytest.raises(NotFound):
        standing.annotator_of(project, factories.user().pk)
    assert Action.objects.filter(verb="member.removed").get().details == {
        "role": "annotator", "person": bert.username,
    }  # fmt: skip


def test_who_is_never_sure_says_nothing_of_anybody() -> None:
    project = pair_project()
    in_batch = batch(project)
    for number, person in enumerate(people(project, 2)):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        judged.answer(item, person, judged.said("unsure", "overall"))

    first, second = portraits_of_annotators(project, now=NOW).annotators

    for row in (first, second):
        assert (row.numbers.answers, row.numbers.findings) == (1, [])
        assert row.numbers.agreement.undefined == Reason(Code.NO_SECOND_ANSWER)
        assert row.numbers.left_share.undefined == Reason(Code.NO_SIDES)
