"""Checklists: what an item comes with, gates, what people say together, agreement, all by hand."""

import io
import json
from typing import Any

import pytest

from annotator.consensus.disagreement import of_question
from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code, Reason, sentence
from annotator.gold.judging import Truth, is_right, truths
from annotator.ingest.manifest import Row, Rules, read_manifest
from annotator.ingest.refusals import Refusal
from annotator.questions.kinds import KINDS
from annotator.questions.types import AnswerInvalid, ChecklistRow, ItemSpec, Piece, QuestionSpec
from annotator.reports.agreement import agreement_of
from annotator.reports.boards.shapes import Measure
from annotator.reports.leaderboard import leaderboard_report_of
from tests import factories, judged
from tests.rooms.exported import batch, people

ROWS = (
    ChecklistRow("bear", "Is there a bear?", "object"),
    ChecklistRow("hat", "Does the bear wear a hat?", "object", ("bear",)),
    ChecklistRow("red", "Is the hat red?", "colour", ("hat",)),
    ChecklistRow("snow", "Is there snow?", "place"),
)
ITEM = ItemSpec(letters=("a",), checklist=ROWS)
ELEMENTS = QuestionSpec("elements", "checklist")
KIND = KINDS["checklist"]
STORED = [
    {"id": row.id, "text": row.text, "kind": row.kind, "depends_on": list(row.depends_on)}
    for row in ROWS
]


def answer(**rows: str) -> tuple[Piece, ...]:
    return KIND.parse({"rows": rows}, ELEMENTS, ITEM)


def why(raw: Any) -> Reason:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(raw, ELEMENTS, ITEM)
    return refused.value.why


def test_what_a_no_skips_is_left_out_and_all_else_is_answered() -> None:
    pieces = answer(bear="no", snow="unsure")

    assert KIND.dump(pieces, ELEMENTS, ITEM) == {"rows": {"bear": "no", "snow": "unsure"}}
    assert why({"rows": {"bear": "no", "hat": "yes", "snow": "yes"}}) == Reason(
        Code.ANSWER_ROW_SKIPPED, row="hat", gate="bear"
    )
    # A row is skipped with the one that it depends on, whatever was said of it.
    assert why({"rows": {"bear": "no", "red": "yes", "snow": "yes"}}) == Reason(
        Code.ANSWER_ROW_SKIPPED, row="red", gate="hat"
    )
    # Who is not sure of a gate is asked on.
    assert why({"rows": {"bear": "unsure", "snow": "yes"}}) == Reason(
        Code.ANSWER_ROW_MISSING, row="hat"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"rows": []}, Code.ANSWER_NOT_BY_ROW),
        ({"rows": {"moon": "yes"}}, Code.ANSWER_NO_SUCH_ROW),
        ({"rows": {"bear": "maybe"}}, Code.ANSWER_NOT_OFFERED),
        ({"rows": {"bear": ["yes"]}}, Code.ANSWER_NOT_OFFERED),
        ({"rows": {}}, Code.ANSWER_ROW_MISSING),
        ({"choice": "a"}, Code.ANSWER_UNKNOWN_KEY),
    ],
)
def test_what_is_no_answer_is_refused(raw: Any, code: Code) -> None:
    assert why(raw).code == code


def test_an_item_without_a_checklist_can_not_be_asked() -> None:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse({"rows": {}}, ELEMENTS, ItemSpec(letters=("a",)))

    assert refused.value.why == Reason(Code.ANSWER_NO_CHECKLIST)


def test_rows_are_put_together_one_by_one() -> None:
    given = [
        answer(bear="yes", hat="yes", red="yes", snow="no"),
        answer(bear="yes", hat="no", snow="unsure"),
        answer(bear="no", snow="unsure"),
    ]

    # More than half of all three: one of the two who were asked about the hat decides nothing.
    assert findings(given, ELEMENTS, ITEM) == (
        Found("bear=no", 1, 3),
        Found("bear=yes", 2, 3, decided=True),
        Found("hat=no", 1, 2),
        Found("hat=yes", 1, 2),
        Found("red=yes", 1, 1),
        Found("snow=no", 1, 3),
        Found("snow=unsure", 2, 3, decided=True),
    )
    assert KIND.together is not None
    together = KIND.together.value(given, ELEMENTS, ITEM)
    counts = [[row[name] for name in ("yes", "no", "unsure", "skipped", "answer")]
              for row in together["rows"]]  # fmt: skip
    assert counts == [
        [2, 1, 0, 0, "yes"],
        [1, 1, 0, 1, None],
        [1, 0, 0, 2, None],
        [0, 1, 2, 0, "unsure"],
    ]
    # Of yes and no alone: 3 of 4, 1 of 2, 0 of 1.
    assert together["yes_share"] == pytest.approx((3 / 4 + 1 / 2 + 0) / 3)


def test_a_person_has_a_share_of_yes_of_all_and_of_each_skill() -> None:
    numbers = KIND.numbers(answer(bear="yes", hat="no", snow="unsure"), ELEMENTS, ITEM, "a")

    assert numbers == {"yes_share": 1 / 2, "skill.object": 1 / 2}
    assert KIND.columns(ELEMENTS).keys() == {"yes_share"}


def test_people_differ_row_by_row_where_two_were_asked() -> None:
    given = [answer(bear="yes", hat="yes", red="yes", snow="yes"),
             answer(bear="yes", hat="no", snow="unsure")]  # fmt: skip

    # bear 0, hat 1, snow 1; red was asked of one alone.
    assert of_question(given, ELEMENTS, ITEM) == pytest.approx(2 / 3)


def test_a_known_answer_is_judged_by_its_rows() -> None:
    known = truths(
        findings([answer(bear="yes", hat="no", snow="unsure")], ELEMENTS, ITEM), ELEMENTS
    )

    assert known == [Truth("", "bear=yes"), Truth("", "hat=no")]

    def says(**rows: str) -> bool | None:
        return is_right({"elements": answer(**rows)}, {ELEMENTS: known}, ITEM)

    assert says(bear="yes", hat="no", snow="yes") is True
    assert says(bear="yes", hat="yes", red="no", snow="yes") is False
    # Not sure of one row is neither right nor wrong of it; the other still counts.
    assert says(bear="unsure", hat="no", snow="no") is True
    assert says(bear="yes", hat="unsure", red="no", snow="no") is True
    assert says(bear="unsure", hat="unsure", red="no", snow="no") is None
    # What a wrong "no" skips was not said.
    assert says(bear="no", snow="no") is False


@pytest.mark.django_db
def test_agreement_is_over_rows_and_who_is_not_sure_says_nothing() -> None:
    project = factories.project("custom")
    judged.question(project, "elements", "checklist")
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a bear", ["painter"])
    item.checklist = STORED
    item.save()
    given = [{"bear": "yes", "hat": "yes", "red": "yes", "snow": "no"},
             {"bear": "yes", "hat": "no", "snow": "no"},
             {"bear": "yes", "hat": "no", "snow": "unsure"}]  # fmt: skip
    for slot, (person, rows) in enumerate(zip(people(project), given, strict=True)):
        judged.answer(item, person, {"elements": {"rows": rows}}, slot=slot)

    [elements] = agreement_of(project).questions

    assert (elements.type, elements.level, elements.n) == ("checklist", "nominal", 1)
    # Pairable: bear yyy, hat ynn, snow nn. Do = (0 + 4/2 + 0) / 8; n_yes 4, n_no 4:
    # De = 2 · 4 · 4 / (8 · 7).
    assert elements.alpha == pytest.approx(1 - (2 / 8) / (32 / 56))


@pytest.mark.django_db
def test_generators_are_compared_by_the_share_of_yes_of_all_rows_and_of_each_skill() -> None:
    project = factories.project("custom")
    judged.question(project, "elements", "checklist")
    in_batch, everybody = batch(project), people(project)
    given = {
        "painter": [{"bear": "yes", "hat": "yes", "red": "no", "snow": "unsure"}] * 2
        + [{"bear": "no", "snow": "yes"}],
        "drawer": [{"bear": "no", "snow": "no"}] * 3,
    }
    for generator, answers in given.items():
        item = judged.item(in_batch, generator, f"a bear by {generator}", [generator])
        item.checklist = STORED
        item.save()
        for slot, (person, rows) in enumerate(zip(everybody, answers, strict=True)):
            judged.answer(item, person, {"elements": {"rows": rows}}, slot=slot)
        judged.settle(item)

    boards = {board.option: board for board in leaderboard_report_of(project).dimensions}

    assert list(boards) == ["", "colour", "object", "place"]
    assert {board.measure for board in boards.values()} == {Measure.YES_SHARE}
    found = {
        option: {row.generator: row.value for row in board.generators}
        for option, board in boards.items()
    }
    # The painter's: 2 of 3 twice, then 1 of 2; objects 1, 1 and 0; who was not sure said nothing.
    assert found[""] == {"painter": pytest.approx((2 / 3 + 2 / 3 + 1 / 2) / 3), "drawer": 0.0}
    assert found["object"] == {"painter": pytest.approx(2 / 3), "drawer": 0.0}
    assert found["place"] == {"painter": 1.0, "drawer": 0.0}
    assert found["colour"] == {"painter": 0.0}


# What comes with an item

ASKED = Rules(fewest=1, most=1, needs_prompt=True, needs_checklist=True, questions=(ELEMENTS,))


def read(checklist: Any, rules: Rules = ASKED, **more: Any) -> Row | Refusal:
    row = {"prompt": "a bear", "file": "a.png", "checklist": checklist, **more}
    (found,) = read_manifest(io.BytesIO(json.dumps(row).encode()), "jsonl", rules)
    return found


def taken(checklist: Any, **more: Any) -> Row:
    found = read(checklist, **more)
    assert isinstance(found, Row), found
    return found


def test_a_line_of_a_manifest_has_rows() -> None:
    assert taken(STORED).checklist == ROWS
    # A table has it as JSON, ids may be numbers, and one id stands for a list of one.
    text = json.dumps([{"id": 1, "text": "a bear"},
                       {"id": 2, "text": "it is brown", "depends_on": 1}])  # fmt: skip
    assert taken(text).checklist == (
        ChecklistRow("1", "a bear"),
        ChecklistRow("2", "it is brown", "", ("1",)),
    )


@pytest.mark.parametrize(
    ("checklist", "code"),
    [
        (None, Code.ROW_WITHOUT_CHECKLIST),
        ([], Code.ROW_WITHOUT_CHECKLIST),
        ("no JSON", Code.CHECKLIST_NOT_A_LIST),
        ({"id": "a"}, Code.CHECKLIST_NOT_A_LIST),
        ([{"id": str(n), "text": "x"} for n in range(41)], Code.CHECKLIST_TOO_LONG),
        (["a bear"], Code.CHECKLIST_ROW_NOT_AN_OBJECT),
        ([{"text": "a bear"}], Code.CHECKLIST_ROW_ID),
        ([{"id": "a=b", "text": "a bear"}], Code.CHECKLIST_ROW_ID),
        ([{"id": True, "text": "a bear"}], Code.CHECKLIST_ROW_ID),
        ([{"id": "a", "text": "x"}, {"id": "a", "text": "y"}], Code.CHECKLIST_ROW_TWICE),
        ([{"id": "a", "text": " "}], Code.CHECKLIST_ROW_WITHOUT_TEXT),
        ([{"id": "a", "text": "x" * 501}], Code.VALUE_TOO_LONG),
        ([{"id": "a", "text": "x", "kind": "y" * 41}], Code.VALUE_TOO_LONG),
        ([{"id": "a", "text": "x", "depends_on": "a"}], Code.CHECKLIST_DEPENDS_ON),
        (
            [{"id": "a", "text": "x", "depends_on": ["b"]}, {"id": "b", "text": "y"}],
            Code.CHECKLIST_DEPENDS_ON,
        ),
    ],
)
def test_a_bad_checklist_is_a_problem_of_its_line_in_words(checklist: Any, code: Code) -> None:
    found = read(checklist)

    assert isinstance(found, Refusal)
    assert (found.line, found.reason.code) == (1, code)
    assert "checklist" in found.file + str(found.reason.params.get("name"))
    assert "{{" not in sentence(found.reason)


def test_a_project_that_asks_about_no_checklist_takes_lines_without() -> None:
    rules = Rules(fewest=1, most=1, needs_prompt=True)

    assert isinstance(read(None, rules), Row)


def test_known_answers_and_imported_votes_are_held_against_the_lines_own_rows() -> None:
    said = {"elements": {"rows": {"bear": "no", "snow": "yes"}}}

    found = taken(STORED, gold=said, votes=[{"answers": said, "judge": "ann"}])

    assert KIND.dump(found.gold["elements"], ELEMENTS, ITEM) == said["elements"]
    [vote] = found.votes
    assert KIND.dump(vote.answers["elements"], ELEMENTS, ITEM) == said["elements"]
    wrong = read(STORED, gold={"elements": {"rows": {"bear": "no"}}})
    assert isinstance(wrong, Refusal)
    assert wrong.reason == Reason(Code.ANSWER_ROW_MISSING, row="snow")
