"""Known answers and repeats mixed into people's work: what comes, what it tells, what follows."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import first_answers, standing_answers
from annotator.assignments.models import Assignment, AssignmentState, Cursor
from annotator.consensus.models import Consensus
from annotator.core.errors import Conflict
from annotator.gold.models import Consequence, GoldAnswer, GoldItem, GoldStop
from annotator.gold.rules import stored_rule
from annotator.gold.selectors import paths_of, self_consistency
from annotator.gold.services import RuleSettings
from annotator.items.models import Item
from annotator.items.selectors import item_count
from annotator.pipeline import known_answers
from annotator.pipeline.interventions import override
from annotator.projects.models import BatchVerdict, Project
from annotator.reports.annotators.report import portraits_of_annotators
from annotator.workers.sweep import sweep
from scoring.statistics.sprt import Decision
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


def settled(count: int, choices: str = "aaa", **fields: Any) -> tuple[Project, list[Item]]:
    """Items that three people have answered so, and settled."""
    project = factories.project(review_rate=0.0, **fields)
    items = factories.open_items(project, count)
    for choice in choices:
        person = Annotator(factories.member(project), project)
        for _ in items:
            person.claim().submit(mps_answers(choice))
    return project, items


def mixing(project: Project, **changes: Any) -> Project:
    """The project with a rule; it is read again, as every request reads it."""
    values: dict[str, Any] = {
        "gold_rate": 1.0, "repeat_rate": 0.0, "distance": 0, "good": 0.9, "bad": 0.7,
        "alpha": 0.05, "beta": 0.05, "consequence": Consequence.NOTHING,
    }  # fmt: skip
    known_answers.set_gold_rule(
        project.created_by, project, RuleSettings(**{**values, **changes}), timezone.now()
    )
    project.refresh_from_db()
    return project


def gold_of(project: Project, items: list[Item]) -> list[GoldItem]:
    return [
        known_answers.make_gold(project.created_by, item.pk, now=timezone.now()) for item in items
    ]


def new_annotator(project: Project) -> Annotator:
    return Annotator(factories.member(project), project)


def without_names(value: Any) -> Any:
    """JSON with its ids, instants, digests and the order drawn left out: what is left is alike."""
    if isinstance(value, dict):
        return {name: without_names(inner) for name, inner in value.items() if name != "order"}
    if isinstance(value, list):
        return [without_names(inner) for inner in value]
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", str(value))
    return re.sub(r"^\d{4}-\d\d-\d\dT.*|^[0-9a-f]{64}$", "", text)


def missing_three(project: Project) -> User:
    """Somebody who answers three gold items wrongly: it takes so many to be stopped."""
    person = new_annotator(project)
    for _ in range(3):
        person.claim().submit(mps_answers("b"))
    return person.user


def test_gold_looks_like_any_item_and_its_answers_count_nowhere() -> None:
    project, items = settled(2)
    waiting = factories.open_items(project, 4)
    gold_of(project, items[:1])
    counted = standing_answers().count()
    person = new_annotator(mixing(project))

    gold = person.claim().held[0]
    gold_receipt: Any = person.submit(mps_answers("a")).last
    other = person.claim().held[0]
    receipt: Any = person.submit(mps_answers("a")).last

    copy = Item.with_copies.get(source=items[0])
    assert gold["item"]["id"] == str(copy.pk)
    assert other["item"]["id"] in {str(item.pk) for item in waiting}
    assert without_names(gold) == without_names(other)
    assert without_names(gold_receipt.json()) == without_names(receipt.json())
    assert gold_receipt.headers.keys() == receipt.headers.keys()
    [told] = GoldAnswer.objects.all()
    assert told.passed is True
    assert standing_answers().count() == counted + 1 == first_answers().count()
    assert not Consensus.objects.filter(item=copy).exists()
    assert item_count(items[0].batch) == 2
    assert broken_but_files() == set()


def test_no_gold_is_given_to_who_answered_its_source_nor_twice() -> None:
    project, items = settled(1)
    factories.open_items(project, 6)
    gold_of(project, items)
    mixing(project)
    had = Annotator(
        User.objects.filter(pk__in=Assignment.objects.filter(item=items[0]).values("annotator"))[0],
        project,
    )
    person = new_annotator(project)

    had.claim(3)
    person.claim(1).submit(mps_answers("a"))
    person.claim(3)

    copies = Assignment.objects.filter(item__source__isnull=False)
    assert [row.annotator_id for row in copies] == [person.user.pk]


def test_gold_comes_no_more_when_all_other_work_is_done() -> None:
    project, items = settled(2)
    gold_of(project, items)
    mixing(project)

    person = new_annotator(project).claim(3)

    assert person.held == []
    last: Any = person.last
    assert last.json()["status"] == "done"


def test_a_claim_that_draws_no_gold_asks_nothing_more_of_the_database() -> None:
    project, items = settled(1)
    factories.open_items(project, 9)
    gold_of(project, items)
    person = new_annotator(project).claim(1)

    def statements(rate: float) -> int:
        mixing(project, gold_rate=rate)
        person.submit(mps_answers("a")).claim(1)
        person.submit(mps_answers("a"))
        with CaptureQueriesContext(connection) as seen:
            person.claim(1)
        return len(seen)

    # A draw of one in 10**9 never comes.
    assert statements(0.0) == statements(1e-9)


def test_a_contested_item_is_no_gold_and_an_unsettled_one_neither() -> None:
    project, items = settled(1, "aab")
    [waiting] = factories.open_items(project, 1)

    with pytest.raises(Conflict) as contested:
        gold_of(project, items)
    with pytest.raises(Conflict) as unsettled:
        gold_of(project, [waiting])

    assert contested.value.reason.code == "gold_contested"
    assert unsettled.value.reason.code == "gold_not_settled"
    assert not GoldItem.objects.exists()


def test_not_sure_is_neither_right_nor_wrong_and_a_revision_takes_its_place() -> None:
    project, items = settled(1)
    factories.open_items(project, 2)
    gold_of(project, items)
    person = new_annotator(mixing(project)).claim()
    slot = person.held[0]["id"]

    person.submit(mps_answers("unsure"))
    assert GoldAnswer.objects.get().passed is None
    person.put(slot, mps_answers("b"))

    told = GoldAnswer.objects.get()
    assert told.passed is False
    assert told.annotation.revision == 2
    assert broken_but_files() == set()


def test_where_misses_are_shown_a_revision_makes_none_of_them_good() -> None:
    project, items = settled(1)
    factories.open_items(project, 2)
    gold_of(project, items)
    Project.objects.filter(pk=project.pk).update(show_verdicts=True)
    person = new_annotator(mixing(project)).claim()
    slot = person.held[0]["id"]

    person.submit(mps_answers("b"))
    assert GoldAnswer.objects.get().passed is False
    person.put(slot, mps_answers("a"))

    told = GoldAnswer.objects.get()
    assert told.passed is False
    assert told.annotation.revision == 1
    assert broken_but_files() == set()


def test_a_lapsed_copy_waits_for_nobody_else() -> None:
    project, items = settled(1)
    factories.open_items(project, 2)
    gold_of(project, items)
    person = new_annotator(mixing(project)).claim()
    slot = Assignment.objects.get(pk=person.held[0]["id"])

    person.client.post(f"/api/v1/assignments/{slot.pk}/release", {"reason": "skip"}, format="json")

    slot.refresh_from_db()
    assert slot.state == AssignmentState.WITHDRAWN
    assert person.claim().held[0]["item"]["id"] != str(slot.item_id)
    assert broken_but_files() == set()


@pytest.mark.parametrize("consequence", [Consequence.NOTHING, Consequence.WARN])
def test_three_misses_stop_somebody_and_nothing_more_happens_unless_a_lead_set_it(
    consequence: Consequence,
) -> None:
    project, items = settled(3)
    factories.open_items(project, 6)
    gold_of(project, items)
    user = missing_three(mixing(project, consequence=consequence))

    sweep()
    sweep()

    [step] = paths_of(project, stored_rule(project.pk))[user.pk].steps[-1:]
    assert step.decision is Decision.STOPPED
    assert GoldStop.objects.get().consequence == consequence
    assert not Cursor.objects.filter(paused_at__isnull=False).exists()
    assert broken_but_files() == set()


def test_who_is_stopped_is_paused_where_a_lead_set_it() -> None:
    project, items = settled(3)
    factories.open_items(project, 6)
    gold_of(project, items)
    user = missing_three(mixing(project, consequence=Consequence.PAUSE))

    sweep()

    assert Cursor.objects.get(annotator=user).paused_at is not None
    assert broken_but_files() == set()


def test_the_share_of_who_is_stopped_goes_back_where_a_lead_set_it() -> None:
    project, items = settled(3)
    work = factories.open_items(project, 2)
    gold_of(project, items)
    person = new_annotator(mixing(project, gold_rate=0.0)).claim().submit(mps_answers("b"))
    mixing(project, consequence=Consequence.RETURN_SHARE)
    for _ in range(3):
        person.claim().submit(mps_answers("b"))

    sweep()

    rejected = Assignment.objects.get(state=AssignmentState.REJECTED)
    assert (rejected.annotator, rejected.item_id in {item.pk for item in work}) == (
        person.user, True,
    )  # fmt: skip
    assert Annotation.objects.filter(item__source__isnull=False).count() == 3
    work[0].batch.refresh_from_db()
    assert work[0].batch.verdict == BatchVerdict.RETURNED
    assert broken_but_files() == set()


def test_misses_of_retired_gold_tell_nothing() -> None:
    project, items = settled(3)
    factories.open_items(project, 6)
    golds = gold_of(project, items)
    user = missing_three(mixing(project, consequence=Consequence.PAUSE))

    known_answers.retire_gold(project.created_by, golds[0], now=timezone.now())
    sweep()

    assert not GoldStop.objects.exists()
    assert len(paths_of(project, stored_rule(project.pk))[user.pk].steps) == 2


def test_gold_that_comes_back_is_judged_by_what_is_known_now() -> None:
    project, items = settled(1)
    factories.open_items(project, 2)
    [gold] = gold_of(project, items)
    new_annotator(mixing(project)).claim().submit(mps_answers("b"))
    known_answers.retire_gold(project.created_by, gold, now=timezone.now())
    override(
        project.created_by, items[0].pk, mps_answers("b"), reason="six fingers in a",
        preview=False, now=timezone.now(),
    )  # fmt: skip
    missed = GoldAnswer.objects.get()

    [again] = gold_of(project, items)

    told = GoldAnswer.objects.get()
    assert again.pk == gold.pk
    assert (missed.passed, told.passed) == (False, True)
    assert broken_but_files() == set()


def test_a_repeat_is_ones_own_item_mirrored_and_after_a_distance() -> None:
    project = factories.project(review_rate=0.0)
    factories.open_items(project, 8)
    person = new_annotator(mixing(project, gold_rate=0.0, repeat_rate=1.0, distance=2))
    for _ in range(2):
        person.claim().submit(mps_answers("a"))
    assert not Item.with_copies.filter(source__isnull=False).exists()
    person.claim().submit(mps_answers("a"))

    person.claim().submit(mps_answers("b"))

    first, *_, again = Annotation.objects.filter(annotator=person.user).order_by("submitted_at")
    assert again.item.source_id == first.item_id
    assert again.shown_order == first.shown_order[::-1]
    told = self_consistency(project, [person.user.pk])[person.user.pk]
    assert (told.n, told.value) == (1, 0.0)
    [portrait] = portraits_of_annotators(project, now=timezone.now()).annotators
    assert portrait.numbers.self_consistency == told
    assert told.interval is not None
    # The first answers alone are counted in all other numbers.
    assert portrait.numbers.answers == 3
    assert broken_but_files() == set()
