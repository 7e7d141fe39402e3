"""Words told as spans, and tied to marks: answers by hand, and the way out and in again."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code
from annotator.ingest.votes import votes_in
from annotator.projects.drafts import refusals_of
from annotator.projects.question_drafts import QuestionDraft
from annotator.questions import comment, marks
from annotator.questions.kinds import KINDS, AnswersInvalid, dump_answers, parse_answers, relettered
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, PieceType, QuestionSpec
from tests import factories, judged
from tests.rooms.exported import batch, made, people

ITEM = ItemSpec(letters=("a", "b"), tokens=("a", "red", "cube", "on", "a", "blue", "ball"))
FLAW = QuestionSpec("flaw", "marks")
LINKED = QuestionSpec("wrong", "words", links=True)
SPANS = QuestionSpec("wrong", "words", spans=True)
WORDS = KINDS["words"]
MARKS = {"marks": {"a": [{"x": 0.25, "y": 0.5}, {"x": 0.75, "y": 0.5}], "b": []}}


def link(token: int = 1, question: Any = "flaw", image: str = "a", mark: Any = 0) -> dict[str, Any]:
    return {"token": token, "question": question, "image": image, "mark": mark}


def both(words: dict[str, Any], question: QuestionSpec = LINKED) -> dict[str, tuple[Piece, ...]]:
    return parse_answers({"flaw": MARKS, "wrong": words}, [FLAW, question], ITEM)


def test_a_link_comes_back_as_it_was_given() -> None:
    given = {"tokens": [1, 2], "links": [link(1, mark=1), link(2, mark=0), link(2, mark=1)]}

    pieces = both(given)["wrong"]

    assert pieces[2:] == (
        Piece(PieceType.LINK, letter="a", ordinal=0, choice="flaw", number=1, text="1"),
        Piece(PieceType.LINK, letter="a", ordinal=1, choice="flaw", number=2, text="0"),
        Piece(PieceType.LINK, letter="a", ordinal=2, choice="flaw", number=2, text="1"),
    )
    assert WORDS.dump(pieces, LINKED, ITEM) == given
    assert WORDS.dump(both({"tokens": []})["wrong"], LINKED, ITEM) == {"tokens": [], "links": []}
    # The images have other letters where an item is a copy: the links go with them.
    moved = relettered(pieces, LINKED, {"a": "b", "b": "a"})
    assert {piece.letter for piece in moved if piece.type == PieceType.LINK} == {"b"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"tokens": [1], "links": [link(2)]}, Code.ANSWER_LINK_OF_NO_WORD),
        ({"tokens": [1], "links": [link(mark=2)]}, Code.ANSWER_LINK_TO_NO_PLACE),
        ({"tokens": [1], "links": [link(image="b")]}, Code.ANSWER_LINK_TO_NO_PLACE),
        ({"tokens": [1], "links": [link(question="wrong")]}, Code.ANSWER_LINK_TO_NO_PLACE),
        ({"tokens": [1], "links": [link(question="other")]}, Code.ANSWER_LINK_TO_NO_PLACE),
        ({"tokens": [1], "links": [link(question=7)]}, Code.ANSWER_LINK_TO_NO_PLACE),
        ({"tokens": [1], "links": [link(image="c")]}, Code.ANSWER_NOT_OFFERED),
        ({"tokens": [1], "links": [link(mark=-1)]}, Code.ANSWER_OUT_OF_RANGE),
        ({"tokens": [1], "links": [link(), link()]}, Code.ANSWER_TWICE),
        ({"tokens": [1], "links": [{"token": 1}]}, Code.ANSWER_KEY_MISSING),
        ({"tokens": [1], "links": [link()] * 201}, Code.ANSWER_TOO_MANY_LINKS),
    ],
)
def test_a_link_that_leads_from_or_to_nothing_is_refused(words: Any, code: Code) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        both(words)

    assert {key: why.code for key, why in refused.value.fields.items()} == {"wrong": code}


def test_a_region_is_a_place_too() -> None:
    flaws = QuestionSpec("flaws", "regions", options=("hands",))
    drawn = {"regions": {"a": [{"flaw": "hands", "box": [0.1, 0.1, 0.2, 0.2]}], "b": []}}
    words = {"tokens": [1], "links": [link(question="flaws")]}

    found = parse_answers({"flaws": drawn, "wrong": words}, [flaws, LINKED], ITEM)

    assert dump_answers(found, [flaws, LINKED], ITEM)["wrong"] == words
    words["links"] = [link(question="flaws", mark=1)]
    with pytest.raises(AnswersInvalid):
        parse_answers({"flaws": drawn, "wrong": words}, [flaws, LINKED], ITEM)


def test_of_an_import_the_links_to_what_is_not_asked_here_go() -> None:
    answers = {"flaw": MARKS, "wrong": {"tokens": [1], "links": [link(), link(question="gone")]}}

    ((vote,), unheard) = votes_in([{"answers": answers}], [FLAW, LINKED], "", lambda: ITEM)

    told = dump_answers(vote.answers, [FLAW, LINKED], ITEM)
    assert told == {"flaw": MARKS, "wrong": {"tokens": [1], "links": [link()]}}
    assert unheard == ()


def test_spans_come_back_and_count_word_by_word() -> None:
    def spans(*given: list[int]) -> tuple[Piece, ...]:
        return WORDS.parse({"spans": list(given)}, SPANS, ITEM)

    pieces = spans([5, 6], [1, 2], [3, 3])

    assert [(one.type, one.ordinal, one.number) for one in pieces] == [
        ("start", 0, 1),
        ("token", 1, 2),
        ("start", 2, 3),
        ("start", 3, 5),
        ("token", 4, 6),
    ]
    # Words 2 and 3 are neighbours, and of two spans all the same.
    assert WORDS.dump(pieces, SPANS, ITEM) == {"spans": [[1, 2], [3, 3], [5, 6]]}
    assert WORDS.dump(spans(), SPANS, ITEM) == {"spans": []}
    found = findings([pieces, spans([1, 1]), spans()], SPANS, ITEM)
    assert found == (
        Found("1", 2, 3, decided=True),
        *(Found(token, 1, 3) for token in "2356"),
        Found("nothing", 1, 3),
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"spans": [[2, 1]]}, Code.ANSWER_NOT_A_SPAN),
        ({"spans": [[1]]}, Code.ANSWER_NOT_A_SPAN),
        ({"spans": [1]}, Code.ANSWER_NOT_A_SPAN),
        ({"spans": [[1, 2], [2, 3]]}, Code.ANSWER_TWICE),
        ({"spans": [[1, 7]]}, Code.ANSWER_OUT_OF_RANGE),
        ({"tokens": [1]}, Code.ANSWER_UNKNOWN_KEY),
    ],
)
def test_what_is_no_span_is_refused(raw: Any, code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        WORDS.parse(raw, SPANS, ITEM)

    assert refused.value.why.code == code


def test_words_alone_are_linked_and_only_to_what_is_asked_for() -> None:
    def refused(*drafts: QuestionDraft) -> dict[str, Code]:
        return {path: why.code for path, why in refusals_of(drafts).items()}

    remark = QuestionDraft("remark", comment.KIND, spans=True, links=True)
    linked = QuestionDraft("wrong", WORDS, spans=True, links=True)

    assert refused(linked, QuestionDraft("flaw", marks.KIND)) == {}
    assert refused(linked) == {"questions.0.links": Code.NO_PLACES_TO_LINK}
    assert refused(QuestionDraft("flaw", marks.KIND), remark) == {
        "questions.1.spans": Code.KIND_WITHOUT_WORDS,
        "questions.1.links": Code.KIND_WITHOUT_WORDS,
    }


@pytest.mark.django_db(transaction=True)
def test_exports_tell_links_and_spans_as_they_were_answered(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    for flaw in ("implausibility", "misalignment"):
        judged.question(project, flaw, "marks")
    judged.question(project, "wrong", "words", spans=True, links=True)
    for score in ("plausibility", "alignment", "aesthetics", "overall"):
        judged.question(project, score, "rating", scale_min=1, scale_max=5)
    item = judged.item(batch(project), "1", "a red cube here", ["painter"])
    mark = {"x": 0.5, "y": 0.25}
    words = {"spans": [[1, 2]], "links": [link(1, "misalignment", "a", 0)]}
    rest = {
        "implausibility": {"marks": {"a": []}},
        "misalignment": {"marks": {"a": [mark]}},
        **{
            score: {"ratings": {"a": 3}}
            for score in ("plausibility", "alignment", "aesthetics", "overall")
        },
    }
    for slot, person in enumerate(people(project)):
        judged.answer(item, person, {**rest, "wrong": words}, slot=slot)
    judged.settle(item)

    def lines(name: str, file: str) -> list[Any]:
        folder = made(project, name, tmp_path / name)
        return [json.loads(line) for line in (folder / file).read_text().splitlines()]

    assert [row["answers"]["wrong"] for row in lines("annotations", "annotations.jsonl")] == (
        [words] * 3
    )
    (row,) = lines("richhf", "people.jsonl")
    person = row["people"][0]
    assert person["misaligned_tokens"] == [1, 2]
    assert person["misaligned_spans"] == [[1, 2]]
    assert person["links"] == [{"token": 1, "question": "misalignment", "mark": 0}]
    assert person["misalignment"][0] == mark
    table = parquet.read_table(made(project, "hf-dataset", tmp_path / "hf") / "data").to_pylist()
    told = table[0]["answers"]
    # Everybody's marks in one list: each link leads to its own person's.
    assert [one["place"] for one in told["wrong"]["links"]] == [0, 1, 2]
    assert told["misalignment"]["marks"] == [[mark] * 3]
