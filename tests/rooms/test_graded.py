"""Graded preferences: steps and sides, what people say together, agreement and exports, by hand."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from annotator.consensus.disagreement import of_question
from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code, Reason
from annotator.exports.formats.registry import FORMATS
from annotator.gold.judging import Truth, is_right, truths
from annotator.projects.drafts import refusals_of
from annotator.projects.question_drafts import QuestionDraft
from annotator.questions import graded
from annotator.questions.kinds import KINDS, relettered, says_something
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec
from annotator.reports.agreement import agreement_of
from tests import factories, judged
from tests.rooms.exported import batch, made, people

PAIR = ItemSpec(letters=("a", "b"))
KIND = KINDS["graded"]


def of(steps: int) -> QuestionSpec:
    return QuestionSpec("overall", "graded", scale_min=1, scale_max=steps)


def answer(grade: int, steps: int = 6) -> tuple[Piece, ...]:
    return KIND.parse({"grade": grade}, of(steps), PAIR)


@pytest.mark.parametrize(
    ("steps", "sides"),
    [
        (4, ["a 2", "a 1", "b 1", "b 2"]),
        (5, ["a 2", "a 1", "tie 0", "b 1", "b 2"]),
        (6, ["a 3", "a 2", "a 1", "b 1", "b 2", "b 3"]),
        (7, ["a 3", "a 2", "a 1", "tie 0", "b 1", "b 2", "b 3"]),
    ],
)
def test_a_step_is_a_side_and_a_strength(steps: int, sides: list[str]) -> None:
    pieces = [answer(grade, steps) for grade in range(1, steps + 1)]

    assert [f"{piece.choice} {piece.number}" for (piece,) in pieces] == sides
    # Where the images have changed places it is the step as far from the other end.
    turned = [relettered(one, of(steps), {"a": "b", "b": "a"}) for one in pieces]
    grades = [KIND.dump(one, of(steps), PAIR)["grade"] for one in turned]
    assert grades == list(range(steps, 0, -1))


@pytest.mark.parametrize("raw", [{"grade": 0}, {"grade": 7}, {"grade": 2.0}, {"choice": "a"}, 3])
def test_what_is_no_step_is_refused(raw: Any) -> None:
    with pytest.raises(AnswerInvalid):
        KIND.parse(raw, of(6), PAIR)


@pytest.mark.parametrize("scale", [(1, 3), (1, 8), (0, 5), (2, 6)])
def test_there_are_four_to_seven_steps(scale: tuple[int, int]) -> None:
    draft = QuestionDraft("overall", graded.KIND, "Which?", scale_min=scale[0], scale_max=scale[1])

    found = refusals_of([draft])

    assert list(found.values()) == [Reason(Code.STEPS_UNFIT, steps=scale[1], min=4, max=7)]


def test_the_side_is_by_majority_and_the_strength_by_mean() -> None:
    # Strengths of thirds: a by 1, a by 2/3, b by 2/3; (1 + 2/3 - 2/3) / 3.
    given = [answer(1), answer(2), answer(5)]

    assert findings(given, of(6), PAIR) == (
        Found("a", 2, 3, decided=True),
        Found("b", 1, 3),
        Found("strength", 3, 3, value=0.333333333),
    )
    assert KIND.together is not None
    together = KIND.together.value(given, of(6), PAIR)
    assert together["shares"] == pytest.approx([2 / 3, 1 / 3])
    assert together["margin"] == pytest.approx(1 / 3)
    assert (together["majority"], together["grades"]) == ("a", [1, 2, 5])
    assert together["votes"] == {"a": 2, "b": 1, "tie": 0, "both_bad": 0, "unsure": 0}


def test_people_differ_by_the_steps_between_them() -> None:
    # |1 - 2|, |1 - 5| and |2 - 5| of 5: (1 + 4 + 3) / 15.
    assert of_question([answer(1), answer(2), answer(5)], of(6), PAIR) == pytest.approx(8 / 15)
    assert says_something(answer(4, 7), of(7), PAIR)  # a tie says something


def test_a_known_answer_is_the_side_however_strong() -> None:
    known = truths(findings([answer(1), answer(2)], of(6), PAIR), of(6))

    assert known == [Truth("", "a")]
    assert is_right({"overall": answer(3)}, {of(6): known}, PAIR) is True
    assert is_right({"overall": answer(4)}, {of(6): known}, PAIR) is False


@pytest.mark.django_db
def test_agreement_is_ordinal_and_its_kappa_that_of_the_same_ratings() -> None:
    project = factories.project("custom")
    judged.question(project, "overall", "graded", scale_min=1, scale_max=5)
    judged.question(project, "same", "rating", scale_min=1, scale_max=5)
    table = [[5, 4, 3, 2, 1, 4], [5, 4, 2, 2, 1, 3], [4, 4, 3, 1, 1, 5]]
    raters, in_batch = people(project), batch(project)
    for number in range(len(table[0])):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        for slot, (person, grades) in enumerate(zip(raters, table, strict=True)):
            ratings = {"a": grades[number], "b": grades[number]}
            answers = {"overall": {"grade": grades[number]}, "same": {"ratings": ratings}}
            judged.answer(item, person, answers, slot=slot)

    overall, same = agreement_of(project).questions

    assert (overall.type, overall.level, overall.n) == ("graded", "ordinal", 6)
    # Light's kappa is a mean over pairs of people; each rating stands there twice.
    kappas = [{one.name: one.estimate.value for one in each.further} for each in (overall, same)]
    assert kappas[0]["quadratic_kappa"] == pytest.approx(kappas[1]["quadratic_kappa"])
    assert overall.alpha is not None
    assert 0.7 < overall.alpha < 1


@pytest.mark.django_db(transaction=True)
def test_exports_write_shares_and_margins_by_strength(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "overall", "graded", scale_min=1, scale_max=6)
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    for slot, (person, grade) in enumerate(zip(people(project), (1, 2, 5), strict=True)):
        judged.answer(item, person, {"overall": {"grade": grade}}, slot=slot)
    judged.settle(item)

    trl = made(project, "trl", tmp_path / "trl", split="100/0/0")
    [row] = pq.read_table(next((trl / "data").glob("train-*.parquet"))).to_pylist()
    assert row["margin"] == pytest.approx(1 / 3)

    pick = made(project, "pickapic", tmp_path / "pick", split="100/0/0", rows="shares")
    [row] = pq.read_table(next((pick / "data").glob("train-*.parquet"))).to_pylist()
    assert [row["label_0"], row["label_1"]] == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.django_db(transaction=True)
def test_mmrb2_has_a_grade_of_each_annotator_and_scores_a_judge(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "overall", "graded", scale_min=1, scale_max=6)
    of_batch, three = batch(project), people(project)
    for key, grades in {"1": (1, 2, 5), "2": (6, 6, 4)}.items():
        item = judged.item(of_batch, key, f"a cat {key}", ["painter", "drawer"])
        for slot, (person, grade) in enumerate(zip(three, grades, strict=True)):
            judged.answer(item, person, {"overall": {"grade": grade}}, slot=slot)
        judged.settle(item)

    folder = made(project, "mmrb2", tmp_path / "mmrb2")

    # Read as evaluate.py and compute_accuracy.py do: 6 is there "a, much better".
    pairs = json.loads((folder / "t2i.json").read_text())["pairs"]
    told = [(pair["id"], pair["chosen"], pair["human_annotations"]) for pair in pairs]
    assert told == [("1", "A", [6, 5, 2]), ("2", "B", [1, 1, 3])]
    assert pairs[0]["prompt_content"] == [["text", "a cat 1"]]
    for side, model in (("response_a", "painter"), ("response_b", "drawer")):
        assert pairs[0][side]["model_name"] == model
        [[kind, path]] = pairs[0][side]["response_content"]
        assert kind == "image"
        assert (folder / path).is_file()


@pytest.mark.parametrize("steps", [4, 5, 7])
def test_mmrb2_is_of_six_steps_alone(steps: int) -> None:
    six = QuestionSpec("overall", "rating", scale_min=1, scale_max=6)
    assert FORMATS["mmrb2"].misfit([of(steps), six]) == Reason(Code.NO_SIX_STEPS)
    assert FORMATS["mmrb2"].misfit([of(6)]) is None


def test_a_step_that_names_how_many_there_are_is_of_such_a_question_alone() -> None:
    assert KIND.parse({"grade": 2, "steps": 6}, of(6), PAIR) == answer(2)
    with pytest.raises(AnswerInvalid):
        KIND.parse({"grade": 2, "steps": 6}, of(5), PAIR)
