"""What a lead makes of a batch: signed off, returned in part or whole, reviewed further."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from annotator.actions.models import Action
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.consensus.models import Consensus
from annotator.items.models import Item
from annotator.projects.models import Batch, Project
from annotator.reports.qc import qc_of
from annotator.reviews.acceptance import SampleCounts, sample_counts
from annotator.reviews.models import BatchReturn, ReturnedAnswer, Review, Verdict
from annotator.reviews.selectors import counts as review_counts
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in
from tests.promises import broken_but_files
from tests.rooms.exported import made, manifest

pytestmark = pytest.mark.django_db

PEOPLE = 3


def answered(items: int, **fields: Any) -> tuple[Project, Batch, list[Annotator]]:
    """A batch that three people have answered whole."""
    project = factories.project(**fields)
    batch = factories.open_items(project, items)[0].batch
    people = [Annotator(factories.member(project), project) for _ in range(PEOPLE)]
    for person in people:
        answer_all(person)
    return project, batch, people


def answer_all(person: Annotator, choice: str = "a") -> int:
    done = 0
    while person.claim().held:
        person.submit(mps_answers(choice))
        done += 1
    return done


def review_all(project: Project, **by_annotator: str) -> Reviewer:
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    while (review := reviewer.next()) is not None:
        assert reviewer.decide(review, **by_annotator).status_code == 200
    return reviewer


def lead_of(project: Project) -> APIClient:
    return signed_in(project.created_by)


def post(lead: APIClient, batch: Batch, act: str, *, preview: bool = False, **body: Any) -> Any:
    query = "?preview=true" if preview else ""
    return lead.post(f"/api/v1/batches/{batch.pk}/{act}{query}", body, format="json")


def states(project: Project) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Assignment.objects.filter(project=project).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_a_reviewed_batch_is_signed_off_and_stands() -> None:
    project, batch, _ = answered(40)
    review_all(project)
    lead = lead_of(project)

    before = post(lead, batch, "sign-off", preview=True).json()
    assert (before["refusal"], before["outcome"]) == (None, "passes")
    assert (before["reviewed"], before["rejected"]) == (24, 0)
    assert (before["rule"]["reviewed"], before["rule"]["allowed"]) == (24, 3)
    batch.refresh_from_db()
    assert batch.verdict == "open"

    done = post(lead, batch, "sign-off")

    assert done.status_code == 200, done.content
    assert done.json() == before
    batch.refresh_from_db()
    assert (batch.verdict, batch.verdict_by) == ("signed_off", project.created_by)
    noted = Action.objects.get(verb="batch.signed_off")
    assert (noted.target, noted.project_id, noted.actor) == (
        f"batch:{batch.pk}", project.pk, project.created_by,
    )  # fmt: skip
    assert noted.details["reviewed"] == 24


def test_a_batch_with_work_left_is_not_signed_off() -> None:
    project, batch, _ = answered(5)
    lead = lead_of(project)

    waiting = post(lead, batch, "sign-off")

    assert waiting.status_code == 409
    assert waiting.json()["code"] == "batch_unreviewed"
    review_all(project, A1="the wrong side")
    empty = post(lead, batch, "sign-off")
    assert empty.json()["code"] == "batch_unanswered"
    assert post(lead, batch, "sign-off", preview=True).json()["refusal"]["code"] == (
        "batch_unanswered"
    )
    batch.refresh_from_db()
    assert batch.verdict == "open"
    assert Action.objects.count() == 0


def test_a_batch_that_the_rule_fails_is_signed_off_with_a_reason_alone() -> None:
    project, batch, _ = answered(5, accept_allowed=0)
    review_all(project, A1="the wrong side")
    answer_all(Annotator(factories.member(project), project))
    review_all(project)
    lead = lead_of(project)
    assert post(lead, batch, "sign-off", preview=True).json()["outcome"] == "fails"

    refused = post(lead, batch, "sign-off")

    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["reason"]
    batch.refresh_from_db()
    assert batch.verdict == "open"
    done = post(lead, batch, "sign-off", reason="One slip in fifteen is good enough for a pilot.")
    assert done.status_code == 200
    assert Action.objects.get().details["reason"].startswith("One slip")


def test_nobody_changes_a_signed_off_batch_until_it_is_withdrawn() -> None:
    project, batch, people = answered(5)
    review_all(project)
    lead = lead_of(project)
    assert post(lead, batch, "sign-off").status_code == 200
    mine = Annotation.objects.filter(annotator=people[0].user)[0]

    assert post(lead, batch, "sign-off").json()["code"] == "batch_signed_off"
    assert post(lead, batch, "return", reason="all of it").json()["code"] == "batch_signed_off"
    assert post(lead, batch, "draw").json()["code"] == "batch_signed_off"
    revised: Any = people[0].put(str(mine.assignment_id), mps_answers("b"))
    assert revised.json()["code"] == "batch_signed_off"
    assert Annotation.objects.filter(revision=2).count() == 0
    assert Consensus.objects.count() == 5

    assert post(lead, batch, "withdraw-sign-off", reason="A new guideline.").status_code == 200

    batch.refresh_from_db()
    assert (batch.verdict, batch.verdict_at, batch.verdict_by) == ("open", None, None)
    assert people[0].put(str(mine.assignment_id), mps_answers("b")).status_code == 201
    assert [row.verb for row in Action.objects.order_by("pk")] == [
        "batch.signed_off", "batch.sign_off_withdrawn",
    ]  # fmt: skip


def test_one_annotators_share_goes_to_others_and_the_rest_stays() -> None:
    project, batch, people = answered(10)
    review_all(project)
    lead = lead_of(project)
    share: dict[str, Any] = {"annotator_id": people[1].user.pk, "reason": "Always the left side."}
    before = post(lead, batch, "return", preview=True, **share).json()
    assert before == {
        "refusal": None, "answers": 10, "items": 10, "consensuses": 10, "slots": 10,
        "reviews": 2, "stuck": 10,
    }  # fmt: skip
    assert states(project) == {"accepted": 30}
    fourth = Annotator(factories.member(project), project)
    assert post(lead, batch, "return", preview=True, **share).json()["stuck"] == 0

    done = post(lead, batch, "return", **share)

    assert done.status_code == 200, done.content
    assert states(project) == {"accepted": 20, "rejected": 10, "open": 10}
    assert Consensus.objects.count() == 0
    assert set(ReturnedAnswer.objects.values_list("annotation__annotator", flat=True)) == {
        people[1].user.pk
    }
    batch.refresh_from_db()
    assert batch.verdict == "returned"
    for person in people:
        assert person.claim(3).held == []
    assert answer_all(fourth) == 10
    assert Review.objects.filter(waiting=True).count() == 2
    reviewer = review_all(project)
    assert Verdict.objects.filter(reviewer=reviewer.user).count() == 2
    assert Consensus.objects.count() == 10
    assert post(lead, batch, "sign-off").status_code == 200
    assert Action.objects.get(verb="batch.returned").details["answers"] == 10
    assert broken_but_files() == set()


def test_all_that_goes_back_to_its_authors_is_answered_by_them_again() -> None:
    project, batch, people = answered(10)
    review_all(project)
    lead = lead_of(project)
    everybody: dict[str, Any] = {"to_authors": True, "reason": "The guideline was wrong."}
    assert post(lead, batch, "return", preview=True, **everybody).json()["stuck"] == 0
    assert post(lead, batch, "return", preview=True, reason="x").json()["stuck"] == 30

    assert post(lead, batch, "return", **everybody).status_code == 200

    assert states(project) == {"rejected": 30, "open": 30}
    assert [answer_all(person, "b") for person in people] == [10, 10, 10]
    assert Review.objects.filter(waiting=True).count() == 2
    review_all(project)
    assert Consensus.objects.count() == 10
    said = post(lead, batch, "sign-off", preview=True).json()
    # What went back is not counted any more: two items are drawn, and reviewed anew.
    assert (said["reviewed"], said["rejected"]) == (6, 0)
    assert Event.objects.filter(cause="return", actor=project.created_by).count() == 30
    assert broken_but_files() == set()


def test_whose_share_came_back_takes_their_own_places_before_an_extra_vote() -> None:
    project, batch, people = answered(4, review_rate=0.0)
    lead = lead_of(project)
    item = Item.objects.order_by("pk")[0]
    assert lead.post(f"/api/v1/items/{item.pk}/extra-vote", {}, format="json").status_code == 200
    share = {"annotator_id": people[0].user.pk, "to_authors": True, "reason": "Too quick."}
    assert post(lead, batch, "return", **share).status_code == 200

    assert answer_all(people[0]) == 4

    left = Assignment.objects.filter(state="open")
    assert list(left.values_list("item", "extra_vote")) == [(item.pk, True)]
    assert answer_all(Annotator(factories.member(project), project)) == 1
    assert broken_but_files() == set()


def test_a_returned_item_is_reviewed_only_when_its_new_answers_are() -> None:
    project, batch, people = answered(10)
    review_all(project)
    lead = lead_of(project)

    def told() -> tuple[tuple[int, int, int], ...]:
        of_all, of_batch = review_counts(project), qc_of(batch)
        return (
            (of_all.sampled, of_all.waiting, of_all.done),
            (of_batch.sampled, of_batch.waiting, of_batch.done),
        )

    assert told() == ((2, 0, 2),) * 2
    post(lead, batch, "return", to_authors=True, reason="The guideline was wrong.")

    assert told() == ((2, 0, 0),) * 2
    # The rule has nothing to count; the report still tells of the first answers of all.
    assert sample_counts([batch.pk])[batch.pk] == SampleCounts(2, 6, 0, 0)
    assert qc_of(batch).reviewed == 6
    for person in people:
        answer_all(person)
    assert told() == ((2, 2, 0),) * 2
    review_all(project)
    assert told() == ((2, 0, 2),) * 2
    assert sample_counts([batch.pk])[batch.pk] == SampleCounts(2, 6, 6, 0)


def test_a_return_without_a_reason_or_of_a_stranger_changes_nothing() -> None:
    project, batch, _ = answered(5)
    lead = lead_of(project)
    stranger = factories.member(project)

    assert post(lead, batch, "return", reason=" x ").status_code == 400
    refused = post(lead, batch, "return", annotator_id=stranger.pk, reason="never here")

    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["annotator_id"]
    assert BatchReturn.objects.count() == 0
    assert states(project) == {"accepted": 12, "submitted": 3}
    batch.refresh_from_db()
    assert batch.verdict == "open"


def test_what_waits_for_a_reviewer_goes_back_too() -> None:
    project, batch, _ = answered(5)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    held = reviewer.next()
    assert held is not None

    assert post(lead_of(project), batch, "return", reason="Wrong images.").status_code == 200

    assert Review.objects.filter(waiting=True).count() == 0
    late: Any = reviewer.decide(held)
    assert late.status_code == 400
    assert Verdict.objects.count() == 0
    assert Assignment.objects.filter(state=AssignmentState.ACCEPTED).count() == 0


def test_a_floor_is_drawn_on_top_and_reviewed_before_the_sign_off() -> None:
    project, batch, people = answered(20)
    review_all(project)
    lead = lead_of(project)
    Project.objects.filter(pk=project.pk).update(review_floor=6)
    refused = post(lead, batch, "sign-off")
    assert refused.json()["code"] == "floor_not_reached"

    before = post(lead, batch, "draw", preview=True).json()
    assert Review.objects.count() == 4
    done = post(lead, batch, "draw").json()

    assert before == done
    assert (done["items"], done["for_rate"], done["for_floor"], done["sampled"]) == (2, 0, 2, 6)
    assert Consensus.objects.count() == 18
    further = Review.objects.filter(for_floor=True)
    # All three answered all twenty: two more of the sixteen that were not drawn.
    assert [row.probability for row in further] == pytest.approx([0.2 + 0.8 * 2 / 16] * 2)
    assert {row.probability for row in Review.objects.filter(for_floor=False)} == {0.2}
    assert post(lead, batch, "sign-off").json()["code"] == "batch_unreviewed"
    review_all(project)
    assert Consensus.objects.count() == 20
    assert broken_but_files() == set()
    assert post(lead, batch, "sign-off").status_code == 200
    assert people[0].claim().held == []
    assert post(lead, batch, "draw").json()["code"] == "batch_signed_off"


def test_a_higher_rate_tops_up_an_old_batch_when_asked() -> None:
    project, batch, _ = answered(20)
    first = set(Review.objects.values_list("item", flat=True))
    Project.objects.filter(pk=project.pk).update(review_rate=0.5)
    lead = lead_of(project)
    assert Review.objects.count() == 4

    done = post(lead, batch, "draw").json()

    assert (done["items"], done["for_rate"], done["sampled"]) == (6, 6, 10)
    assert first < set(Review.objects.values_list("item", flat=True))
    assert {row.probability for row in Review.objects.all()} == {0.5}
    assert Review.objects.filter(waiting=True).count() == 10
    assert post(lead, batch, "draw").json()["code"] == "nothing_to_draw"


def test_the_rule_and_its_curve_are_told_in_numbers() -> None:
    project, batch, _ = answered(5, accept_reviewed=125, accept_allowed=7)
    lead = lead_of(project)

    told = lead.get(f"/api/v1/batches/{batch.pk}/acceptance").json()

    assert told["rule"] == {"reviewed": 125, "allowed": 7, "by_plan": False}
    assert [(row["errors"], round(row["passes"], 4)) for row in told["examples"]] == [
        (0.025, 0.9864), (0.05, 0.7117), (0.1, 0.0601),
    ]  # fmt: skip
    assert round(told["kept_out"], 4) == 0.0924
    assert (told["outcome"], told["reviewed"], told["verdict"]) == ("open", 0, "open")
    assert told["curve"][0] == {"errors": 0.0, "passes": 1.0}


def test_the_database_refuses_a_verdict_by_nobody() -> None:
    batch = factories.batch(factories.project())

    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(verdict="signed_off")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(verdict_at=timezone.now() + timedelta(days=1))


# Exports read a snapshot of their own.
def codes_besides_splits(looked: dict) -> list[str]:
    """What a preview warns of; so few prompts leave splits empty by chance."""
    return [one["code"] for one in looked["warnings"] if one["code"] != "splits_empty"]


@pytest.mark.django_db(transaction=True)
def test_exports_take_signed_off_batches_once_there_is_one(tmp_path: Path) -> None:
    project, first, people = answered(5, review_rate=0.0)
    second = factories.open_items(project, 4)[0].batch
    for person in people:
        answer_all(person)
    lead = lead_of(project)

    told = manifest(made(project, "preferences", tmp_path / "before", images=False))
    assert told["items"] == 9
    assert told["qc"]["answers_of"] == "all_settled"
    asked = {"format": "preferences", "options": {"images": False}}
    path = f"/api/v1/projects/{project.pk}/exports"
    looked = lead.post(f"{path}/preview", asked, format="json").json()
    assert codes_besides_splits(looked) == ["never_signed_off"]

    reason = "Nothing is reviewed in this pilot."
    assert post(lead, second, "sign-off", reason=reason).status_code == 200
    project.refresh_from_db()

    told = manifest(made(project, "preferences", tmp_path / "after", images=False))
    assert (told["items"], told["left_out"]["items_not_settled"]) == (4, 0)
    (of_second,) = told["qc"]["batches"]
    assert told["qc"]["answers_of"] == "signed_off"
    assert of_second.pop("verdict_at")
    assert of_second == {
        "id": second.pk, "name": "batch", "verdict": "signed_off", "sampled_items": 0,
        "reviewed_answers": 0, "rejected_answers": 0,
        "rule": {"reviewed": 0, "rejected_at_most": 0}, "rule_says": "open",
    }  # fmt: skip
    looked = lead.post(f"{path}/preview", asked, format="json").json()
    assert codes_besides_splits(looked) == ["signed_off_alone"]
    [taken] = [one["params"] for one in looked["warnings"] if one["code"] == "signed_off_alone"]
    assert taken == {"n": 1, "total": 2, "names": ["batch"]}
    everything = made(
        project, "preferences", tmp_path / "all", images=False, answers_of="all_settled"
    )
    assert manifest(everything)["items"] == 9
    assert manifest(everything)["qc"]["answers_of"] == "all_settled"
    refused = lead.post(path, {**asked, "options": {"batches": str(first.pk)}}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "none_signed_off")

    assert post(lead, second, "withdraw-sign-off", reason="Not yet.").status_code == 200
    told = lead.post(f"{path}/preview", asked, format="json").json()
    assert told["empty"]["code"] == "none_signed_off"
    # Words of the page, none of the API.
    assert "answers_of" not in told["empty"]["message"]
    assert lead.post(path, asked, format="json").json()["code"] == "none_signed_off"
