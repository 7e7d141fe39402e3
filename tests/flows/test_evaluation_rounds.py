"""A round for evaluation: each item takes one person, a random fifth of them takes three."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.models import Consensus
from annotator.gold.models import GoldItem
from annotator.items.models import Item
from annotator.projects.models import Batch, Project
from annotator.reports.agreement import agreement_of
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reports.progress import progress_of
from annotator.reports.rounds import rounds_of
from annotator.reviews.acceptance import rule_for, sample_counts
from tests import factories, judged
from tests.drivers import Annotator, Reviewer, signed_in
from tests.pools import stocked
from tests.promises import broken
from tests.rooms.exported import made, manifest, rows

pytestmark = pytest.mark.django_db

SAID = judged.said("a", "overall")


def evaluated(
    items: int = 20, *, design: str = "uniform", prompts: int = 6, **fields: Any
) -> tuple[APIClient, Batch]:
    """The lead, and a round for evaluation of so many items, drawn by a request."""
    project, _ = stocked(prompts=prompts, **fields)
    lead = signed_in(project.created_by)
    drawn = draw(lead, project, items, design=design)
    assert drawn.status_code == 201, drawn.content
    return lead, Batch.objects.get(pk=drawn.json()["id"])


def draw(lead: APIClient, project: Project, items: int, key: str = "", **body: Any) -> Any:
    return lead.post(
        f"/api/v1/projects/{project.pk}/rounds",
        {"items": items, "design": "uniform", "mode": "evaluation", **body},
        format="json",
        headers={"Idempotency-Key": key} if key else {},
    )


def answer_all(project: Project, people: int = 3, choice: str = "a") -> list[Annotator]:
    """So many people in turn answer whatever they are given, until nobody is given anything."""
    crew = [Annotator(factories.member(project), project) for _ in range(people)]
    held = True
    while held:
        held = False
        for person in crew:
            if person.claim().held:
                person.submit(judged.said(choice, "overall"))
                held = True
    return crew


def slots_of(batch: Batch) -> dict[int, int]:
    """How many items have so many slots."""
    found: dict[int, int] = {}
    for item in Item.objects.filter(batch=batch):
        slots = Assignment.objects.filter(item=item).count()
        assert slots == (item.overlap or batch.project.overlap)
        found[slots] = found.get(slots, 0) + 1
    return found


@pytest.mark.parametrize(("items", "of_all"), [(20, 4), (12, 2), (13, 3), (1, 0)])
def test_an_exact_fifth_rounded_takes_three_and_the_others_one(items: int, of_all: int) -> None:
    _, batch = evaluated(items)

    expected = {1: items - of_all, 3: of_all}
    assert slots_of(batch) == {slots: n for slots, n in expected.items() if n}
    assert Item.objects.filter(batch=batch, overlap=1).count() == items - of_all
    assert broken() == set()


def test_which_fifth_is_drawn_at_random_and_the_same_by_the_same_seed() -> None:
    lead, batch = evaluated(20)
    first = [item.overlap for item in Item.objects.filter(batch=batch).order_by("key")]
    second = draw(lead, batch.project, 16).json()["id"]

    others = [item.overlap for item in Item.objects.filter(batch=second).order_by("key")]

    assert first[:16] != others
    assert sorted(first, key=str) == [1] * 16 + [None] * 4


def test_three_people_settle_a_round_and_every_promise_holds() -> None:
    lead, batch = evaluated(20, review_rate=0.0)
    project = batch.project

    crew = answer_all(project)

    assert Assignment.objects.filter(item__batch=batch).count() == 16 + 3 * 4
    assert Consensus.objects.filter(item__batch=batch).count() == 20
    counted = Consensus.objects.filter(item__batch=batch).values_list("annotations", flat=True)
    assert sorted(counted) == [1] * 16 + [3] * 4
    assert crew[0].claim().last.json()["status"] == "done"  # type: ignore[union-attr]
    assert broken() == set()
    told = lead.get(f"/api/v1/batches/{batch.pk}").json()
    assert (told["items"], told["single"]) == (20, 16)
    assert [each.n for each in agreement_of(project).questions] == [4]


def test_one_person_has_no_more_than_is_open_and_progress_counts_slots() -> None:
    _, batch = evaluated(20, review_rate=0.0)
    project = batch.project

    answer_all(project, people=1)

    report = progress_of(project, now=judged.START, annotators=[])
    assert (report.items, report.settled) == (20, 16)
    # Of the fifth two places each are open, and nobody else is there to take them.
    assert (report.slots.open, report.slots.accepted) == (8, 20)
    assert report.forecast.needing == 4
    assert broken() == set()


def test_reviewed_items_are_settled_when_their_one_answer_is_and_the_rule_counts_answers() -> None:
    lead, batch = evaluated(20, review_rate=1.0)
    project = batch.project
    answer_all(project)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    while (review := reviewer.next()) is not None:
        assert reviewer.decide(review).status_code == 200

    counts = sample_counts([batch.pk])[batch.pk]

    assert (counts.sampled, counts.answers, counts.reviewed) == (20, 28, 28)
    assert rule_for(project, counts.answers).reviewed == 28
    assert Consensus.objects.filter(item__batch=batch).count() == 20
    done = lead.post(f"/api/v1/batches/{batch.pk}/sign-off", {}, format="json")
    assert done.status_code == 200, done.content
    assert broken() == set()


def test_a_rejected_answer_is_given_to_somebody_else() -> None:
    _, batch = evaluated(5, review_rate=1.0, prompts=2)
    project = batch.project
    crew = answer_all(project)
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review, **{row["annotator"]: "blurred" for row in review["annotations"]})
    item = Item.objects.get(pk=Assignment.objects.get(state="rejected", slot=0).item_id)
    assert not Consensus.objects.filter(item=item).exists()

    answer_all(project)
    while (review := reviewer.next()) is not None:
        reviewer.decide(review)

    assert len(crew) == 3
    assert Consensus.objects.filter(item__batch=batch).count() == 5
    assert broken() == set()


def test_an_extra_vote_stands_behind_the_one_and_three_are_the_most() -> None:
    lead, batch = evaluated(5, review_rate=0.0, prompts=2)
    project = batch.project
    answer_all(project)
    single = Item.objects.filter(batch=batch, overlap=1).first()
    assert single is not None

    for choice in "bbb":
        asked = lead.post(f"/api/v1/items/{single.pk}/extra-vote", {}, format="json")
        assert asked.status_code == 200, asked.content
        answer_all(project, people=1, choice=choice)

    slots = Assignment.objects.filter(item=single).order_by("slot")
    assert [(slot.slot, slot.extra_vote) for slot in slots] == [
        (0, False), (1, True), (2, True), (3, True),
    ]  # fmt: skip
    assert Consensus.objects.get(item=single).annotations == 4
    budget = lead.post(
        f"/api/v1/projects/{project.pk}/items/extra-votes",
        {"count": 10}, format="json",
    )  # fmt: skip
    assert budget.json()["items"] == []
    assert broken() == set()


def test_where_one_person_is_asked_nobody_differs_so_nothing_is_asked_again() -> None:
    _, batch = evaluated(10, review_rate=0.0, ask_again_from=0.5)

    answer_all(batch.project)

    assert not Assignment.objects.filter(item__batch=batch, extra_vote=True).exists()
    assert Consensus.objects.filter(item__batch=batch).count() == 10


def test_gold_copies_of_such_items_break_no_promise() -> None:
    lead, batch = evaluated(20, review_rate=0.0)
    project = batch.project
    answer_all(project)
    single = Item.objects.filter(batch=batch, overlap=1).first()
    assert single is not None
    asked = lead.post(f"/api/v1/items/{single.pk}/gold", {}, format="json")
    assert asked.status_code in {200, 201}, asked.content
    assert GoldItem.objects.filter(item__source=single).exists()
    rule = {
        "gold_rate": 1.0, "repeat_rate": 0.0, "distance": 0, "good": 0.9, "bad": 0.7,
        "alpha": 0.05, "beta": 0.05, "consequence": "nothing",
    }  # fmt: skip
    ruled = lead.put(f"/api/v1/projects/{project.pk}/gold", rule, format="json")
    assert ruled.status_code == 200, ruled.content
    draw(lead, project, 16, mode="full")

    answer_all(project)

    copies = Assignment.objects.filter(item__source=single)
    assert {(slot.extra_vote, slot.slot) for slot in copies} == {(True, 3), (True, 4), (True, 5)}
    assert broken() == set()


def test_excluding_and_including_such_an_item_asks_one_person_anew() -> None:
    lead, batch = evaluated(5, review_rate=0.0, prompts=2)
    single = Item.objects.filter(batch=batch, overlap=1).first()
    assert single is not None
    out = lead.post(f"/api/v1/items/{single.pk}/exclude", {"reason": "broken image"}, format="json")
    assert out.status_code == 200, out.content
    lead.post(f"/api/v1/items/{single.pk}/include", {}, format="json")

    answer_all(batch.project)

    accepted = Assignment.objects.filter(item=single, state=AssignmentState.ACCEPTED)
    assert accepted.count() == 1
    assert broken() == set()


def test_boards_rounds_and_items_say_how_many_one_person_judged() -> None:
    lead, batch = evaluated(20, review_rate=0.0)
    project = batch.project
    answer_all(project)

    [board] = leaderboard_report_of(project).dimensions
    report = rounds_of(project, now=judged.START)
    [row] = report.rounds
    listed = lead.get(f"/api/v1/projects/{project.pk}/items").json()["results"]

    assert (board.items, board.single) == (20, 16)
    assert (row.items, row.single, row.settled) == (20, 16, 20)
    assert sorted(item["overlap"] for item in listed) == [1] * 16 + [3] * 4
    assert {item["answers"] - item["overlap"] for item in listed} == {0}
    one = lead.get(f"/api/v1/items/{listed[0]['id']}").json()
    assert one["overlap"] == listed[0]["overlap"]


def test_what_a_first_place_may_take_counts_people_as_items_have_them() -> None:
    _, batch = evaluated(20, review_rate=0.0)
    project = batch.project
    answer_all(project)

    [first] = rounds_of(project, now=judged.START).first

    assert first.more.fewest is not None
    assert first.answers.fewest == pytest.approx(first.more.fewest * 28 / 20)


def test_a_round_by_the_same_key_is_the_same_in_the_same_mode_alone() -> None:
    project, _ = stocked()
    lead = signed_in(project.created_by)
    first = draw(lead, project, 5, "monday-evaluation")

    again = draw(lead, project, 5, "monday-evaluation")
    other = draw(lead, project, 5, "monday-evaluation", mode="full")

    assert again.json()["id"] == first.json()["id"]
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Batch.objects.filter(round__isnull=False).count() == 1


def test_adaptive_rounds_have_the_mode_too_and_unnamed_is_three_people_each() -> None:
    project, _ = stocked(prompts=12)
    lead = signed_in(project.created_by)

    adaptive = draw(lead, project, 10, design="adaptive", question="overall").json()
    usual = lead.post(
        f"/api/v1/projects/{project.pk}/rounds", {"items": 5, "design": "uniform"}, format="json"
    ).json()

    assert slots_of(Batch.objects.get(pk=adaptive["id"])) == {1: 8, 3: 2}
    assert slots_of(Batch.objects.get(pk=usual["id"])) == {3: 5}
    assert usual["single"] == 0


def test_where_one_person_is_asked_anyhow_there_is_no_such_mode() -> None:
    project, _ = stocked(overlap=1)

    refused = draw(signed_in(project.created_by), project, 5)

    assert refused.status_code == 400
    assert refused.json()["fields"]["mode"]["code"] == "round_one_person"
    assert not Batch.objects.filter(round__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_exports_take_the_one_answer_and_say_so(tmp_path: Path) -> None:
    _, batch = evaluated(10, review_rate=0.0)
    project = batch.project
    answer_all(project)

    pairs = made(project, "preferences", tmp_path / "pairs", images=False)
    said = made(project, "annotations", tmp_path / "said")

    lines = rows(pairs, "preferences.jsonl")
    assert sorted((line["overlap"], line["annotations"]) for line in lines) == (
        [(1, 1)] * 8 + [(3, 3)] * 2
    )
    about = manifest(pairs)
    assert about["items_of_one_person"] == 8
    [warning] = [one for one in about["warnings"] if one["code"] == "items_of_one_person"]
    assert warning["params"] == {"count": 8, "items": 10}
    assert "8 of 10 items were put to one person each" in (pairs / "README.md").read_text()
    overlaps = {line["item"]["overlap"] for line in rows(said, "annotations.jsonl")}
    assert overlaps == {1, 3}


@pytest.mark.django_db(transaction=True)
def test_weighed_votes_hold_no_majority_of_one_against_themselves(tmp_path: Path) -> None:
    _, batch = evaluated(10, review_rate=0.0)
    answer_all(batch.project)

    out = made(
        batch.project, "preferences", tmp_path / "out", images=False, aggregation="dawid_skene"
    )

    weighed = manifest(out)["aggregation"]["dawid_skene"]["overall"]
    assert weighed["items_with_a_majority"] == 2
