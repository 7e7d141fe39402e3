"""What a lead does with one item: reopened, asked again, excluded, overridden; and tried before."""

from typing import Any

import pytest
from rest_framework.response import Response

from annotator.actions.models import Action
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import standing_answers
from annotator.assignments.models import Assignment, Event, Exclusion
from annotator.consensus.models import Consensus, Finding, Override
from annotator.items.models import Item
from annotator.projects.models import Membership, Project
from annotator.reviews.models import Review
from annotator.workers.sweep import sweep
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


class Lead:
    """`Lead(project).move(item, "exclude", reason="blurred")`."""

    def __init__(self, project: Project) -> None:
        self.user = project.created_by
        self.project = project
        self.client = signed_in(self.user)

    def move(self, item: Item, move: str, *, preview: bool = False, **body: Any) -> Response:
        address = f"/api/v1/items/{item.pk}/{move}?preview={str(preview).lower()}"
        return self.client.post(address, body, format="json")

    def detail(self, item: Item) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/items/{item.pk}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def listed(self, **query: Any) -> list[str]:
        answer = self.client.get(f"/api/v1/projects/{self.project.pk}/items", query)
        assert answer.status_code == 200, answer.content
        return [row["key"] for row in answer.json()["results"]]


def settled(choices: str = "aab", **fields: Any) -> tuple[Project, Item, list[Annotator]]:
    """One item that so many people have answered, and is settled unless it is drawn."""
    project = factories.project(**{"review_rate": 0.0, **fields})
    [item] = factories.open_items(project, 1)
    people = [Annotator(factories.member(project), project).claim() for _ in choices]
    for person, choice in zip(people, choices, strict=True):
        person.submit(mps_answers(choice))
    return project, item, people


def states() -> list[str]:
    return sorted(Assignment.objects.values_list("state", flat=True))


def test_a_reopened_answer_is_rejected_and_its_slot_goes_to_somebody_else() -> None:
    project, item, people = settled()
    [third] = Annotation.objects.filter(annotator=people[2].user)

    answer = Lead(project).move(
        item, "reopen", annotation=str(third.pk), reason="the other way round"
    )

    assert answer.status_code == 200, answer.content
    effect = answer.json()
    assert (effect["before"], effect["after"]) == ("settled", "in_work")
    assert (effect["settled_before"], effect["settled_after"]) == (True, False)
    assert effect["opened"] == 1
    assert states() == ["accepted", "accepted", "open", "rejected"]
    assert Consensus.objects.count() == 0
    [event] = Event.objects.filter(to_state="rejected")
    assert (event.cause, event.reason, event.actor) == (
        "reopened", "the other way round", project.created_by,
    )  # fmt: skip
    assert Action.objects.get().verb == "slot.reopened"
    assert Action.objects.get().target == f"item:{item.pk}"
    assert people[2].claim().held == []
    Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
    assert Consensus.objects.get().disagreement == 0.0
    assert broken_but_files() == set()


def test_a_preview_tells_the_same_and_does_nothing() -> None:
    project, item, people = settled()
    [third] = Annotation.objects.filter(annotator=people[2].user)
    lead = Lead(project)
    body = {"annotation": str(third.pk), "reason": "the other way round"}

    told = lead.move(item, "reopen", preview=True, **body).json()

    assert states() == ["accepted"] * 3
    assert Consensus.objects.count() == 1
    assert Action.objects.count() == 0
    done = lead.move(item, "reopen", **body).json()
    assert done == {**told, "preview": False}


@pytest.mark.parametrize("reason", ["", " x ", "x" * 2001])
def test_a_move_against_somebody_needs_a_reason(reason: str) -> None:
    project, item, _ = settled()
    lead = Lead(project)
    answer_id = str(Annotation.objects.all()[0].pk)

    for move, body in (
        ("reopen", {"annotation": answer_id}),
        ("exclude", {}),
        ("override", {"answers": mps_answers("b")}),
    ):
        assert lead.move(item, move, reason=reason, **body).status_code == 400

    assert states() == ["accepted"] * 3
    assert Override.objects.count() == Action.objects.count() == 0
    assert Item.objects.get().excluded_at is None


def test_a_reopened_answer_of_a_reviewed_item_is_reviewed_anew() -> None:
    project, item, people = settled(review_rate=1.0)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)
    [third] = Annotation.objects.filter(annotator=people[2].user)

    Lead(project).move(item, "reopen", annotation=str(third.pk), reason="look again")

    assert not Review.objects.get().waiting
    Annotator(factories.member(project), project).claim().submit(mps_answers("b"))
    assert Review.objects.get().waiting
    again = Reviewer(factories.member(project, "reviewer"), project)
    review = again.next()
    assert review is not None
    again.decide(review)
    assert Consensus.objects.get().annotations == 3
    assert broken_but_files() == set()


def test_what_was_rejected_cannot_be_reopened() -> None:
    project, item, people = settled()
    [third] = Annotation.objects.filter(annotator=people[2].user)
    lead = Lead(project)
    lead.move(item, "reopen", annotation=str(third.pk), reason="look again")

    again = lead.move(item, "reopen", annotation=str(third.pk), reason="look again")

    assert again.status_code == 409
    assert again.json()["code"] == "not_reopenable"
    assert states().count("rejected") == 1


def test_an_extra_vote_is_a_fourth_that_the_consensus_counts_when_it_comes() -> None:
    project, item, people = settled()
    lead = Lead(project)

    effect = lead.move(item, "extra-vote").json()

    assert (effect["before"], effect["after"], effect["opened"]) == ("settled", "settled", 1)
    assert effect["annotators_left"] == 0
    assert Consensus.objects.get().annotations == 3
    for person in people:
        assert person.claim().held == []
    assert broken_but_files() == set()
    fourth = Annotator(factories.member(project), project).claim()
    # The item's own slots have shown one order twice: the other one is shown now.
    own = sorted(Assignment.objects.filter(extra_vote=False).values_list("shown_order", flat=True))
    assert fourth.held[0]["shown"]["order"] == list(own[0] if own[1] == own[2] else own[2])
    assert Consensus.objects.count() == 1
    fourth.submit(mps_answers("b"))
    found = Consensus.objects.get()
    assert found.annotations == 4
    assert {(row.key, row.votes, row.of, row.decided) for row in Finding.objects.all()} == {
        ("a", 2, 4, False), ("b", 2, 4, False),
    }  # fmt: skip
    # Of six pairs of people four differ.
    assert found.disagreement == pytest.approx(2 / 3)
    detail = lead.detail(item)
    assert [row["extra_vote"] for row in detail["answers"]] == [False, False, False, True]
    assert broken_but_files() == set()


def test_one_extra_vote_is_asked_at_a_time_and_of_settled_items_alone() -> None:
    project, item, _ = settled("aa")
    lead = Lead(project)

    early = lead.move(item, "extra-vote")
    Annotator(factories.member(project), project).claim().submit(mps_answers("b"))
    lead.move(item, "extra-vote")
    twice = lead.move(item, "extra-vote")

    assert (early.status_code, early.json()["code"]) == (409, "item_not_settled")
    assert (twice.status_code, twice.json()["code"]) == (409, "extra_vote_pending")
    assert Assignment.objects.filter(extra_vote=True).count() == 1


def test_an_extra_vote_on_a_sampled_item_is_reviewed_and_counts_only_then() -> None:
    project, item, _ = settled(review_rate=1.0)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)
    Lead(project).move(item, "extra-vote")
    assert not Review.objects.get().waiting

    Annotator(factories.member(project), project).claim().submit(mps_answers("b"))

    assert Review.objects.get().waiting
    assert Consensus.objects.get().annotations == 3
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)
    assert Consensus.objects.get().annotations == 4
    assert broken_but_files() == set()


def test_a_reopened_extra_vote_leaves_the_item_settled_by_the_others() -> None:
    project, item, _ = settled()
    lead = Lead(project)
    lead.move(item, "extra-vote")
    fourth = Annotator(factories.member(project), project).claim().submit(mps_answers("b"))
    [answer] = Annotation.objects.filter(annotator=fourth.user)

    effect = lead.move(item, "reopen", annotation=str(answer.pk), reason="by mistake").json()

    assert effect["after"] == "settled"
    assert Consensus.objects.get().annotations == 3
    assert Assignment.objects.filter(extra_vote=True, state="open").count() == 1
    assert broken_but_files() == set()


def test_an_excluded_item_is_given_back_and_to_nobody_until_it_is_included() -> None:
    project, item, _ = settled("a")
    holder = Annotator(factories.member(project), project).claim()
    lead = Lead(project)

    effect = lead.move(item, "exclude", reason="shows a real person").json()

    assert (effect["before"], effect["after"]) == ("in_work", "excluded")
    assert effect["given_back_by"] == [holder.user.username]
    assert states() == ["accepted", "withdrawn", "withdrawn"]
    assert standing_answers().count() == 0
    assert Annotator(factories.member(project), project).claim().held == []
    late = holder.put(holder.held[0]["id"], mps_answers("b"))
    assert late.json()["counted"] is False
    assert lead.detail(item)["excluded"]["reason"] == "shows a real person"
    assert broken_but_files() == set()

    effect = lead.move(item, "include").json()

    assert (effect["before"], effect["after"], effect["opened"]) == ("excluded", "in_work", 2)
    assert states() == ["accepted", "open", "open"]
    assert [action.verb for action in Action.objects.order_by("pk")] == [
        "item.excluded", "item.included",
    ]  # fmt: skip
    assert broken_but_files() == set()


def test_an_excluded_items_consensus_is_withdrawn_and_comes_back_as_it_was() -> None:
    project, item, _ = settled()
    before = set(Finding.objects.values_list("question", "key", "votes", "of", "decided"))
    lead = Lead(project)

    lead.move(item, "exclude", reason="shows a real person")

    assert Consensus.objects.count() == 0
    assert lead.listed(state="excluded") == ["0"]
    assert lead.listed(state="settled") == []
    assert lead.move(item, "exclude", reason="once more").status_code == 409
    assert lead.move(item, "extra-vote").json()["code"] == "item_excluded"
    lead.move(item, "include")
    after = set(Finding.objects.values_list("question", "key", "votes", "of", "decided"))
    assert after == before
    assert lead.move(item, "include").json()["code"] == "item_not_excluded"
    assert broken_but_files() == set()


def test_an_excluded_item_leaves_the_reviewers_queue() -> None:
    project, item, _ = settled(review_rate=1.0)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    lead = Lead(project)

    lead.move(item, "exclude", reason="shows a real person")

    assert reviewer.next() is None
    assert broken_but_files() == set()
    # Who had it before them may still finish; nothing opens.
    reviewer.decide(review, A2="the wrong side")
    assert states() == ["accepted", "accepted", "rejected", "withdrawn"]
    assert broken_but_files() == set()
    assert lead.move(item, "include").json()["opened"] == 1
    assert broken_but_files() == set()


def test_an_override_is_the_leads_own_answer_and_touches_nobodys() -> None:
    project, item, _ = settled()
    lead = Lead(project)
    before = {row.pk: row.sha256 for row in Annotation.objects.all()}

    effect = lead.move(
        item, "override", answers=mps_answers("b", overall="tie"), reason="six fingers in a"
    ).json()

    assert effect["overridden"] is True
    assert {row.pk: row.sha256 for row in Annotation.objects.all()} == before
    consensus = Consensus.objects.get()
    assert consensus.annotations == 3
    assert consensus.override is not None
    assert (consensus.override.by, consensus.override.reason) == (lead.user, "six fingers in a")
    assert {
        (row.question.key, row.key, row.votes, row.of, row.decided)
        for row in Finding.objects.select_related("question")
    } == {
        ("aesthetics", "b", 1, 1, True),
        ("detail_quality", "b", 1, 1, True),
        ("semantic_alignment", "b", 1, 1, True),
        ("overall", "tie", 1, 1, True),
    }
    # How far people differ stays what it is.
    assert consensus.disagreement == pytest.approx(2 / 3)
    assert broken_but_files() == set()

    answer = lead.client.delete(f"/api/v1/items/{item.pk}/override")

    assert answer.status_code == 200
    assert Consensus.objects.get().override is None
    assert {(row.key, row.votes) for row in Finding.objects.all()} == {("a", 2), ("b", 1)}
    assert [row["withdrawn_at"] is None for row in lead.detail(item)["overrides"]] == [False]
    assert broken_but_files() == set()


def test_an_override_that_is_no_answer_is_refused() -> None:
    project, item, _ = settled()

    answer = Lead(project).move(
        item, "override", answers={"overall": {"choice": "c"}}, reason="six fingers"
    )

    assert answer.status_code == 400
    assert answer.json()["fields"]["overall"]["code"] == "answer_not_offered"
    assert Override.objects.count() == 0


def test_an_override_stands_when_the_item_is_settled_again() -> None:
    project, item, people = settled()
    lead = Lead(project)
    lead.move(item, "override", answers=mps_answers("b"), reason="six fingers in a")
    [third] = Annotation.objects.filter(annotator=people[2].user)

    lead.move(item, "reopen", annotation=str(third.pk), reason="look again")
    Annotator(factories.member(project), project).claim().submit(mps_answers("a"))

    assert Consensus.objects.get().override == Override.objects.get()
    assert {(row.key, row.votes) for row in Finding.objects.all()} == {("b", 1)}
    assert broken_but_files() == set()


def test_a_lead_who_annotates_is_refused_an_item_before_them_and_not_given_one_they_saw() -> None:
    project, item, _ = settled("a")
    Membership.objects.create(project=project, user=project.created_by, role="annotator")
    own = Annotator(project.created_by, project).claim()
    lead = Lead(project)

    seen = lead.client.get(f"/api/v1/items/{item.pk}")
    moved = lead.move(item, "exclude", reason="shows a real person")

    assert (seen.status_code, seen.json()["code"]) == (409, "item_held_by_you")
    assert moved.status_code == 409
    own.client.post(
        f"/api/v1/assignments/{own.held[0]['id']}/release", {"reason": "skip"}, format="json"
    )
    Exclusion.objects.all().delete()
    lead.detail(item)
    assert own.claim().held == []


def disputed(project: Project, *choices: str) -> list[Item]:
    """Items that three people have answered so: "aab"."""
    people = [factories.member(project) for _ in range(3)]
    items = []
    for answers in choices:
        [item] = factories.open_items(project, 1)
        items.append(item)
        for person, choice in zip(people, answers, strict=True):
            names = {"a": "a", "b": "b", "t": "tie", "u": "unsure"}
            Annotator(person, project).claim().submit(mps_answers(names[choice]))
    return items


def test_a_budget_of_extra_votes_goes_to_the_widest_disagreements() -> None:
    project = factories.project(review_rate=0.0)
    alike, narrow, wide, excluded, overridden = disputed(project, "aaa", "aab", "abt", "abt", "abt")
    lead = Lead(project)
    lead.move(excluded, "exclude", reason="shows a real person")
    lead.move(overridden, "override", answers=mps_answers("b"), reason="six fingers in a")
    address = f"/api/v1/projects/{project.pk}/items/extra-votes"

    told = lead.client.post(f"{address}?preview=true", {"count": 5}, format="json").json()

    assert [(row["id"], row["disagreement"]) for row in told["items"]] == [
        (str(wide.pk), 1.0),
        (str(narrow.pk), pytest.approx(2 / 3)),
    ]
    assert told["nobody_left"] == 2
    assert Assignment.objects.filter(extra_vote=True).count() == 0
    done = lead.client.post(address, {"count": 1}, format="json").json()
    assert [row["id"] for row in done["items"]] == [str(wide.pk)]
    # None is so wide any more: the answer says from where on there would be one.
    high = {"count": 5, "disagreement": 0.9}
    none = lead.client.post(f"{address}?preview=true", high, format="json").json()
    assert (none["items"], none["widest"]) == ([], pytest.approx(2 / 3))
    # One is asked of it already.
    more = lead.client.post(address, {"count": 5, "disagreement": 0.5}, format="json").json()
    assert [row["id"] for row in more["items"]] == [str(narrow.pk)]
    assert lead.client.post(address, {"count": 5}, format="json").json()["items"] == []
    assert not Assignment.objects.filter(extra_vote=True, item=alike).exists()
    assert Action.objects.filter(verb="extra_votes.asked").count() == 2
    assert broken_but_files() == set()


def test_where_people_differ_an_extra_vote_is_asked_by_itself_three_at_most() -> None:
    project = factories.project(review_rate=0.0, ask_again_from=0.5)
    crew = [Annotator(factories.member(project), project) for _ in range(7)]

    def asked_after_each(choices: str) -> list[int]:
        """How many extra votes were asked, after the answers of the first people of the crew."""
        [item] = factories.open_items(project, 1)
        asked = []
        for person, choice in zip(crew, choices, strict=False):
            person.claim().submit(mps_answers(choice))
            asked.append(Assignment.objects.filter(item=item, extra_vote=True).count())
        assert all(person.claim().held == [] for person in crew[len(choices) :])
        return asked

    assert asked_after_each("aaa") == [0, 0, 0]
    # Of the pairs of people two in three differ, then a half, then four in ten.
    assert asked_after_each("aabaa") == [0, 0, 1, 2, 2]
    assert asked_after_each("ababab") == [0, 0, 1, 2, 3, 3]
    assert broken_but_files() == set()


def test_nobody_is_asked_again_where_everybody_has_had_the_item() -> None:
    settled("aab", ask_again_from=0.5)

    assert not Assignment.objects.filter(extra_vote=True).exists()


def test_every_promise_holds_after_a_load_with_all_of_these_moves() -> None:
    project = factories.project(review_rate=0.3)
    factories.open_items(project, 10)
    people = [Annotator(factories.member(project), project) for _ in range(4)]
    lead, reviewer = Lead(project), Reviewer(factories.member(project, "reviewer"), project)

    for turn in range(24):
        for place, person in enumerate(people):
            if person.claim(2).held:
                person.submit(mps_answers("ab"[(turn + place) % 2]))
        if review := reviewer.next():
            reviewer.decide(review)
        items = list(Item.objects.order_by("key"))
        item = items[turn % len(items)]
        standing = Annotation.objects.filter(item=item, assignment__state="accepted", current=True)
        if turn % 4 == 0 and (answer := standing.first()):
            lead.move(item, "reopen", annotation=str(answer.pk), reason="look again")
        elif turn % 4 == 1:
            lead.move(item, "extra-vote")
        elif turn % 4 == 2:
            lead.move(item, "include" if item.excluded_at else "exclude", reason="for a while")
        else:
            lead.move(item, "override", answers=mps_answers("tie"), reason="they are alike")

    assert broken_but_files() == set()
    assert Action.objects.count() > 10


def test_disagreement_of_rows_of_the_release_before_is_counted_by_the_sweep() -> None:
    settled("abb")
    Consensus.objects.update(disagreement=None)
    assert broken_but_files() == set()

    sweep()

    assert Consensus.objects.get().disagreement == pytest.approx(2 / 3)


def test_an_items_history_tells_what_was_done_to_it_by_whom_and_why() -> None:
    project, item, _ = settled()
    lead = Lead(project)

    lead.move(item, "override", answers=mps_answers("b"), reason="six fingers in a")
    lead.client.delete(f"/api/v1/items/{item.pk}/override")
    lead.move(item, "exclude", reason="shows a real person")
    lead.move(item, "include")

    done = lead.detail(item)["actions"]
    assert [(row["verb"], row["reason"]) for row in done] == [
        ("override.given", "six fingers in a"),
        ("override.withdrawn", ""),
        ("item.excluded", "shows a real person"),
        ("item.included", ""),
    ]
    assert {row["by"]["id"] for row in done} == {lead.user.pk}


def test_an_extra_vote_that_nobody_takes_is_called_off_for_good() -> None:
    project, item, _ = settled()
    lead = Lead(project)
    lead.move(item, "extra-vote")
    path = f"/api/v1/items/{item.pk}/extra-vote"

    told = lead.client.delete(f"{path}?preview=true").json()
    assert states() == ["accepted"] * 3 + ["open"]
    done = lead.client.delete(path).json()

    assert done == {**told, "preview": False}
    assert (done["before"], done["after"], done["settled_after"]) == ("settled", "settled", True)
    assert states() == ["accepted"] * 3 + ["withdrawn"]
    assert Annotator(factories.member(project), project).claim().held == []
    detail = lead.detail(item)
    assert [slot["slot"] for slot in detail["slots"]] == [0, 1, 2]
    assert [row["verb"] for row in detail["actions"]] == [
        "extra_vote.asked", "extra_vote.called_off",
    ]  # fmt: skip
    assert lead.client.delete(path).json()["code"] == "extra_vote_not_pending"
    lead.move(item, "exclude", reason="shows a real person")
    lead.move(item, "include")
    assert states() == ["accepted"] * 3 + ["withdrawn"]
    assert broken_but_files() == set()
    assert lead.move(item, "extra-vote").json()["opened"] == 1


def test_whoever_holds_an_extra_vote_that_is_called_off_gives_it_back_and_may_still_answer() -> (
    None
):
    project, item, _ = settled()
    lead = Lead(project)
    lead.move(item, "extra-vote")
    fourth = Annotator(factories.member(project), project).claim()

    effect = lead.client.delete(f"/api/v1/items/{item.pk}/extra-vote").json()

    assert effect["given_back_by"] == [fourth.user.username]
    assert fourth.submit(mps_answers("b")).last.json()["counted"] is False
    assert Annotation.objects.filter(annotator=fourth.user, counted=False).count() == 1
    assert Consensus.objects.get().annotations == 3
    assert broken_but_files() == set()
