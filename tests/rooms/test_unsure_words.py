"""Words of which somebody is not sure, by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code
from annotator.gold.judging import Truth, is_right, truths
from annotator.projects.drafts import refusals_of
from annotator.projects.question_drafts import QuestionDraft
from annotator.questions import marks
from annotator.questions.kinds import KINDS, says_something
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, PieceType, QuestionSpec
from annotator.reports.agreement import agreement_of
from scoring.agreement import krippendorff_alpha
from scoring.votes import word_shares
from tests import factories, judged
from tests.rooms.exported import batch, made, people

ITEM = ItemSpec(letters=("a",), tokens=("a", "red", "cube", "here"))
ASKED = QuestionSpec("wrong", "words", unsure=True)
SURE = QuestionSpec("wrong", "words")
KIND = KINDS["words"]


def answer(tokens: list[int], unsure: list[int] | None = None) -> tuple[Piece, ...]:
    raw = {"tokens": tokens} | ({} if unsure is None else {"unsure": unsure})
    return KIND.parse(raw, ASKED, ITEM)


def test_an_answer_comes_back_as_it_was_given() -> None:
    pieces = answer([3, 1], [2])

    assert pieces == (
        Piece(PieceType.TOKEN, ordinal=0, number=1),
        Piece(PieceType.UNSURE, ordinal=1, number=2),
        Piece(PieceType.TOKEN, ordinal=2, number=3),
    )
    assert KIND.dump(pieces, ASKED, ITEM) == {"tokens": [1, 3], "unsure": [2]}
    assert KIND.dump(answer([]), ASKED, ITEM) == {"tokens": [], "unsure": []}
    assert KIND.dump(KIND.parse({"tokens": [1]}, SURE, ITEM), SURE, ITEM) == {"tokens": [1]}


@pytest.mark.parametrize(
    ("raw", "question", "code"),
    [
        ({"tokens": [1], "unsure": [1]}, ASKED, Code.ANSWER_TWICE),
        ({"tokens": [], "unsure": [2, 2]}, ASKED, Code.ANSWER_TWICE),
        ({"tokens": [], "unsure": [4]}, ASKED, Code.ANSWER_OUT_OF_RANGE),
        ({"tokens": [], "unsure": "2"}, ASKED, Code.ANSWER_NOT_A_LIST),
    ],
)
def test_what_is_not_allowed_is_refused(raw: Any, question: QuestionSpec, code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(raw, question, ITEM)

    assert refused.value.why.code == code


def test_shares_are_of_those_who_were_sure() -> None:
    # Word 1: one of one; word 2: one of two; word 3: nobody was sure; word 0: none of three.
    marked, unsure = [[1], [2], []], [[3], [1, 3], [1, 2, 3]]

    assert word_shares(marked, 4, unsure) == (0.0, 1.0, 0.5, 0.5)
    with pytest.raises(ValueError, match="no token 4"):
        word_shares([[]], 4, [[4]])


def test_the_unsure_have_no_vote_on_a_word_and_do_not_say_that_all_are_right() -> None:
    found = findings([answer([1]), answer([1], [2]), answer([], [1])], ASKED, ITEM)

    assert found == (Found("1", 2, 3, decided=True), Found("nothing", 0, 3))
    assert not says_something(answer([], [1]), ASKED, ITEM)


def test_who_is_not_sure_of_a_known_word_is_neither_right_nor_wrong() -> None:
    def right(given: tuple[Piece, ...], known: list[Truth]) -> bool | None:
        return is_right({"wrong": given}, {ASKED: known}, ITEM)

    word = truths(findings([answer([1]), answer([1])], ASKED, ITEM), ASKED)
    nothing = truths(findings([answer([]), answer([])], ASKED, ITEM), ASKED)

    assert (word, nothing) == ([Truth("", "1")], [Truth("", "nothing")])
    assert [right(answer([], [1]), word), right(answer([2]), word)] == [None, False]
    assert [right(answer([], [2]), nothing), right(answer([2], [3]), nothing)] == [None, False]
    assert right(answer([1], [2]), word) is True


def test_only_words_may_be_unsure() -> None:
    found = refusals_of([QuestionDraft("flaws", marks.KIND, unsure=True)])

    assert {path: why.code for path, why in found.items()} == {
        "questions.0.unsure": Code.KIND_IS_SURE
    }
    assert refusals_of([QuestionDraft("wrong", KIND, unsure=True)]) == {}


@pytest.mark.django_db(transaction=True)
def test_reports_and_exports_tell_the_unsure_apart(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "flaw", "marks")
    judged.question(project, "wrong", "words", unsure=True)
    item = judged.item(batch(project), "1", "a red cube here", ["painter"])
    said: list[tuple[list[int], list[int]]] = [([1], [2]), ([1, 2], []), ([], [1, 3])]
    for slot, (person, (tokens, unsure)) in enumerate(zip(people(project), said, strict=True)):
        answers = {"flaw": {"marks": {"a": []}}, "wrong": {"tokens": tokens, "unsure": unsure}}
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)

    rows = [
        json.loads(line)
        for line in (made(project, "annotations", tmp_path / "said") / "annotations.jsonl")
        .read_text()
        .splitlines()
    ]
    assert sorted(json.dumps(row["answers"]["wrong"]) for row in rows) == sorted(
        json.dumps({"tokens": tokens, "unsure": unsure}) for tokens, unsure in said
    )
    # Word by word the votes of those who were sure; word 3 has two that agree.
    wrong = next(one for one in agreement_of(project).questions if one.id == "wrong")
    units = [[0, 0, 0], [1, 1], [1, 0], [0, 0]]
    alone = krippendorff_alpha(units, level="nominal", clusters=[0, 0, 0, 0], resamples=0)
    assert wrong.alpha == pytest.approx(alone.value)
