"""Ratings with half points, "does not apply", long scales and words at points, by hand."""

import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code
from annotator.gold.judging import Truth as Known
from annotator.gold.judging import is_right, truths
from annotator.projects.drafts import refusals_of
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions import preference, rating
from annotator.questions.kinds import KINDS, parse_answers, says_something
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, PieceType, QuestionSpec
from annotator.reports.agreement import agreement_of
from annotator.reports.annotators.answers import AnswerFilter, given_answers
from annotator.reports.leaderboard import leaderboard_report_of
from demo.answers import Truth, answers_of
from scoring.agreement import krippendorff_alpha
from tests import factories, judged
from tests.rooms.exported import batch, made, people

PAIR = ItemSpec(letters=("a", "b"))
ALL = QuestionSpec("care", "rating", scale_min=1, scale_max=5, half_points=True, na=True)
WHOLE = QuestionSpec("care", "rating", scale_min=1, scale_max=5)
LONG = QuestionSpec("care", "rating", scale_min=0, scale_max=100, na=True)
KIND = KINDS["rating"]
points = st.sampled_from([None, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])


def answer(a: float | None, b: float | None = 3, question: QuestionSpec = ALL) -> tuple[Piece, ...]:
    return KIND.parse({"ratings": {"a": a, "b": b}}, question, PAIR)


@given(a=points, b=points, data=st.data())
def test_halves_and_not_applicable_come_back_as_they_were_said(
    a: float | None, b: float | None, data: st.DataObject
) -> None:
    pieces = answer(a, b)

    stored = data.draw(st.permutations(pieces))
    assert KIND.dump(stored, ALL, PAIR) == {"ratings": {"a": a, "b": b}}
    assert {vote.unit.letter: vote.value for vote in KIND.votes(stored, ALL, PAIR)} == {
        letter: value for letter, value in (("a", a), ("b", b)) if value is not None
    }


def test_a_half_is_a_number_and_a_half_more() -> None:
    assert answer(3.5, None) == (
        Piece(PieceType.HALF, "a", number=3),
        Piece(PieceType.NOTHING, "b"),
    )
    assert answer(4.0)[0] == Piece(PieceType.NUMBER, "a", number=4)


@pytest.mark.parametrize(
    ("value", "question", "code"),
    [
        (3.5, WHOLE, Code.ANSWER_NOT_WHOLE),
        (None, WHOLE, Code.ANSWER_NOT_WHOLE),
        (3.25, ALL, Code.ANSWER_NOT_HALF),
        (5.5, ALL, Code.ANSWER_NOT_WHOLE),
        ("na", ALL, Code.ANSWER_NOT_WHOLE),
        (float("nan"), ALL, Code.ANSWER_NOT_WHOLE),
        (101, LONG, Code.ANSWER_OUT_OF_RANGE),
    ],
)
def test_what_is_not_allowed_is_refused(value: Any, question: QuestionSpec, code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        answer(value, question=question)

    assert refused.value.why.code == code


def test_not_applicable_is_out_of_the_mean_and_is_counted() -> None:
    found = findings([answer(2.5), answer(4), answer(None)], ALL, PAIR)

    # The mean of 2.5 and 4 is 3.25: 2.25 of 4 points up; they are 1.5 of 4 apart.
    assert found[:3] == (
        Found("mean", 2, 3, "a", value=0.5625, decided=True),
        Found("maxdiff", 2, 3, "a", value=0.375),
        Found("nothing", 1, 3, "a"),
    )
    assert KIND.together is not None
    assert KIND.together.value([answer(2.5), answer(None)], ALL, PAIR) == {
        "means": [2.5, 3],
        "not_applicable": [1, 0],
    }


def test_where_most_say_so_the_mean_decides_nothing() -> None:
    found = findings([answer(None), answer(None), answer(4)], ALL, PAIR)

    assert [(one.letter, one.key, one.decided) for one in found][:3] == [
        ("a", "mean", False), ("a", "maxdiff", False), ("a", "nothing", True),
    ]  # fmt: skip
    # The only rating is no known answer, nor is what two of three say.
    assert truths(found, ALL) == [Known("b", "mean", 0.5)]
    known = truths(findings([answer(None), answer(None)], ALL, PAIR), ALL)
    assert Known("a", "nothing") in known
    assert is_right({"care": answer(None)}, {ALL: known}, PAIR) is True
    assert is_right({"care": answer(1)}, {ALL: known}, PAIR) is False
    assert not says_something(answer(None, None), ALL, PAIR)


def test_on_a_long_scale_a_tenth_is_what_careful_people_may_differ_by() -> None:
    known = truths(
        findings([answer(60, question=LONG), answer(68, question=LONG)], LONG, PAIR), LONG
    )

    assert Known("a", "mean", 0.64) in known
    assert is_right({"care": answer(75, question=LONG)}, {LONG: known}, PAIR) is True
    assert is_right({"care": answer(80, question=LONG)}, {LONG: known}, PAIR) is False
    assert (WHOLE.careful_step, LONG.careful_step) == (1, 10)


def test_a_draft_says_what_is_wrong_with_its_options() -> None:
    def wrong(**more: Any) -> dict[str, str]:
        draft = QuestionDraft("care", more.pop("kind", rating.KIND), scale_min=1, scale_max=5)
        found = refusals_of([QuestionDraft(**{**_fields(draft), **more})])
        return {path.removeprefix("questions.0."): why.code for path, why in found.items()}

    anchors = (OptionDraft("1", "Not at all", "完全没有"), OptionDraft("5", "Fully", "完全"))
    assert wrong(half_points=True, na=True, options=anchors) == {}
    assert wrong(options=(OptionDraft("6"),)) == {"options": Code.NO_POINT_OF_SCALE}
    assert wrong(options=(OptionDraft("1"), OptionDraft("1"))) == {"options": Code.KEY_TWICE}
    assert wrong(kind=preference.KIND, scale_min=None, scale_max=None, na=True) == {
        "na": Code.KIND_RATES_NOTHING
    }


def _fields(draft: QuestionDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__slots__}


@pytest.mark.django_db(transaction=True)
def test_reports_and_exports_leave_out_what_does_not_apply(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "care", "rating", scale_min=1, scale_max=5, half_points=True, na=True)
    table: list[list[tuple[float | None, float | None]]] = [
        [(4.5, 2), (4, 1.5), (None, 1)],
        [(5, 1), (4.5, 1), (5, None)],
    ]
    three, in_batch = people(project), batch(project)
    for number, rows in enumerate(table):
        item = judged.item(in_batch, str(number), f"a cat {number}", ["painter", "drawer"])
        for slot, (person, (a, b)) in enumerate(zip(three, rows, strict=True)):
            judged.answer(item, person, {"care": {"ratings": {"a": a, "b": b}}}, slot=slot)
        judged.settle(item)

    [agreement] = agreement_of(project).questions
    units = [[4.5, 4], [2, 1.5, 1], [5, 4.5, 5], [1, 1]]
    alone = krippendorff_alpha(units, level="interval", clusters=[0, 0, 1, 1], resamples=0)
    assert agreement.alpha == pytest.approx(alone.value)
    assert agreement.not_applicable == pytest.approx(2 / 12)

    [board] = leaderboard_report_of(project).dimensions
    assert [(row.generator, row.value, row.n) for row in board.generators] == [
        ("painter", 4.6, 5), ("drawer", 1.3, 5),
    ]  # fmt: skip

    out = made(project, "scores", tmp_path / "scores")
    [row] = [
        row
        for row in pq.read_table(next(out.rglob("*.parquet"))).to_pylist()
        if row["prompt"] == "a cat 0" and row["generator"] == "painter"
    ]
    assert (row["care.mean"], row["care.n"], row["care.spread"]) == (4.25, 3, 0.5)
    assert row["care.na_share"] == pytest.approx(1 / 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scale", "own", "other", "differs"),
    [
        ((1, 5), 3.5, 2, False), ((1, 5), 3.5, 1.5, True), ((1, 5), 3, 4.5, False),
        ((1, 5), 3, 5, True), ((0, 100), 60, 45, False), ((0, 100), 60, 40, True),
    ],
)  # fmt: skip
def test_answers_two_careful_steps_apart_are_a_disagreement(
    scale: tuple[int, int], own: float, other: float, *, differs: bool
) -> None:
    project = factories.project("custom", created_at=judged.START)
    low, high = scale
    judged.question(
        project, "care", "rating", scale_min=low, scale_max=high, half_points=True, na=True
    )
    item = judged.item(batch(project), "1", "a cat", ["painter"])
    anna, ben, *_ = people(project)
    for slot, (person, value) in enumerate(((anna, own), (ben, other))):
        judged.answer(item, person, {"care": {"ratings": {"a": value}}}, slot=slot)

    found = given_answers(project, anna, which=AnswerFilter.DISAGREEING).results

    assert bool(found) == differs


def test_planted_numbers_and_planted_exceptions_are_recovered_from_three_people() -> None:
    rng = random.Random(3)
    errors, exceptions = [], 0
    for number in range(200):
        planted = {"a": rng.random(), "b": 0.5}
        na = frozenset({("b", "care")}) if number % 2 else frozenset()
        truth = Truth(quality={x: {"overall": one} for x, one in planted.items()}, na=na)
        given = [
            parse_answers(answers_of(truth, [LONG], PAIR, reliability=0.8, rng=rng), [LONG], PAIR)
            for _ in range(3)
        ]
        found = {
            (one.letter, one.key): one
            for one in findings([one["care"] for one in given], LONG, PAIR)
        }
        errors.append(abs((found["a", "mean"].value or 0) - planted["a"]))
        decided = ("b", "nothing") in found and found["b", "nothing"].decided
        exceptions += decided == bool(na)

    # A person errs by 0.09 as a standard deviation, the mean of three by 0.052: 0.041 on the mean.
    assert sum(errors) / len(errors) < 0.05
    assert exceptions == 200
