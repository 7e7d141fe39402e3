"""Labels: a class an image, what people say together, agreement, boards and exports, by hand."""

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from annotator.consensus.disagreement import of_question
from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code, Reason
from annotator.gold.judging import Truth, is_right, truths
from annotator.projects.drafts import refusals_of
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions import label
from annotator.questions.kinds import KINDS
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec
from annotator.reports.agreement import agreement_of
from demo.answers import Truth as Planted
from demo.answers import answers_of
from tests import factories, judged
from tests.rooms.exported import batch, made, people

ONE = ItemSpec(letters=("a",))
KIND = KINDS["label"]
ASKED = QuestionSpec("verdict", "label", options=("real", "fake"))


def answer(name: str) -> tuple[Piece, ...]:
    return KIND.parse({"labels": {"a": name}}, ASKED, ONE)


@pytest.mark.parametrize(
    "raw",
    [
        {"labels": {"a": "else"}}, {"labels": {}}, {"labels": {"b": "real"}},
        {"labels": {"a": ["real"]}}, {"choice": "real"}, {"labels": "real"},
    ],
)  # fmt: skip
def test_what_is_no_class_of_every_image_is_refused(raw: Any) -> None:
    with pytest.raises(AnswerInvalid):
        KIND.parse(raw, ASKED, ONE)


def test_there_are_two_classes_at_least() -> None:
    draft = QuestionDraft("verdict", label.KIND, "Real?", options=(OptionDraft("real"),))

    found = refusals_of([draft])

    assert list(found.values()) == [Reason(Code.OPTION_COUNT, min=2, max=40)]


def test_the_class_of_more_than_half_is_decided() -> None:
    given = [answer("real"), answer("fake"), answer("real")]

    assert findings(given, ASKED, ONE) == (
        Found("fake", 1, 3, "a"),
        Found("real", 2, 3, "a", decided=True),
    )
    assert KIND.together is not None
    assert KIND.together.value(given, ASKED, ONE) == {
        "votes": [{"real": 2, "fake": 1}], "majorities": ["real"],
    }  # fmt: skip
    # Two of three pairs of people differ.
    assert of_question(given, ASKED, ONE) == pytest.approx(2 / 3)


def test_a_known_answer_is_the_class() -> None:
    known = truths(findings([answer("fake")] * 2, ASKED, ONE), ASKED)

    assert known == [Truth("a", "fake")]
    assert is_right({"verdict": answer("fake")}, {ASKED: known}, ONE) is True
    assert is_right({"verdict": answer("real")}, {ASKED: known}, ONE) is False


@pytest.mark.django_db(transaction=True)
def test_three_people_agree_nominally_and_exports_say_what_each_said(tmp_path: Path) -> None:
    names = {"A": "acceptable", "N": "not_acceptable"}
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "verdict", "label", options=tuple(names.values()))
    told = ["AAA", "AAN", "NNN", "ANN"]
    three, in_batch = people(project), batch(project)
    for number, letters in enumerate(told):
        item = judged.item(in_batch, str(number), "a cat", ["painter"])
        for slot, (person, name) in enumerate(zip(three, letters, strict=True)):
            judged.answer(item, person, {"verdict": {"labels": {"a": names[name]}}}, slot=slot)
        judged.settle(item)

    [verdict] = agreement_of(project).questions

    # Krippendorff (2011), nominal: 12 values, 6 of each; coincidences off the diagonal 2 × 2 of 12.
    # D_o = 4/12, D_e = 2 · 6 · 6 / (12 · 11); alpha = 1 - (1/3) / (6/11) = 7/18.
    assert (verdict.level, verdict.n) == ("nominal", 4)
    assert verdict.alpha == pytest.approx(7 / 18)
    folder = made(project, "annotations", tmp_path / "out")
    lines = (folder / "annotations.jsonl").read_text().splitlines()
    first_three = [json.loads(line)["answers"]["verdict"]["labels"]["a"] for line in lines[:3]]
    assert first_three == ["acceptable"] * 3
    table = made(project, "hf-dataset", tmp_path / "table", split="100/0/0")
    [first, second, *_] = pq.read_table(next((table / "data").glob("train-*"))).to_pylist()
    assert [row["answers"]["verdict"]["majorities"] for row in (first, second)] == [
        ["acceptable"]
    ] * 2
    assert second["answers"]["verdict"]["votes"] == [{"acceptable": 2, "not_acceptable": 1}]
    scores = made(project, "scores", tmp_path / "scores")
    assert (scores / "scores.csv").read_text(encoding="utf-8-sig").count("verdict.acceptable") == 1


def test_planted_classes_are_recovered_from_three_people() -> None:
    rng = random.Random(11)
    right = 0
    for number in range(200):
        best = number % 2 == 0
        planted = Planted(quality={"a": {"verdict": 0.8 if best else 0.2}})
        given = [
            KIND.parse(said["verdict"], ASKED, ONE)
            for said in (
                answers_of(planted, [ASKED], ONE, reliability=0.7, rng=rng) for _ in range(3)
            )
        ]
        [decided] = [one.key for one in findings(given, ASKED, ONE) if one.decided]
        right += decided == ("real" if best else "fake")
    assert right >= 196
