"""What each question type takes, gives back and refuses: the outside contract's own examples."""

import math
from typing import Any

import pytest

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason, sentence
from annotator.questions.kinds import KINDS, AnswersInvalid, dump_answers, parse_answers
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec

PAIR = ItemSpec(letters=("a", "b"), tokens=("a", "red", "cube", "on", "a", "table"))
SINGLE = ItemSpec(letters=("a",), tokens=("a", "red", "cube", "on", "a", "table"))
FOUR = ItemSpec(letters=("a", "b", "c", "d"))

PREFERENCE = QuestionSpec("overall", "preference")
MARKS = QuestionSpec("implausibility", "marks")
WORDS = QuestionSpec("misaligned_words", "words")
RATING = QuestionSpec("plausibility", "rating", scale_min=1, scale_max=5)
RANKING = QuestionSpec("ranking", "ranking")
FLAGS = QuestionSpec("issues", "flags", options=("conflict", "limbs", "toxic"))
PICK = QuestionSpec("best", "pick")
ABOUT = QuestionSpec("photorealism", "flags", about="best", options=("photorealistic",))
COMMENT = QuestionSpec("remark", "comment")
OPTIONAL = QuestionSpec("remark", "comment", required=False)

CONTRACT = [
    (PREFERENCE, PAIR, {"choice": "a"}),
    (MARKS, SINGLE, {"marks": {"a": [{"x": 0.41, "y": 0.22}]}}),
    (MARKS, SINGLE, {"marks": {"a": []}}),
    (WORDS, SINGLE, {"tokens": [2, 5]}),
    (RATING, SINGLE, {"ratings": {"a": 4}}),
    (RANKING, FOUR, {"tiers": [["b"], ["a", "d"], ["c"]]}),
    (FLAGS, PAIR, {"flags": {"a": ["limbs"], "b": []}}),
    (PICK, FOUR, {"choice": "c"}),
    (ABOUT, FOUR, {"flags": {"c": ["photorealistic"]}}),
    (COMMENT, SINGLE, {"text": "Zu viele Finger 手指太多 🖐"}),
    (OPTIONAL, SINGLE, {"text": ""}),
]


@pytest.mark.parametrize(("question", "item", "raw"), CONTRACT)
def test_an_answer_of_the_contract_comes_back_as_it_was_sent(
    question: QuestionSpec, item: ItemSpec, raw: dict[str, Any]
) -> None:
    pieces = KINDS[question.kind].parse(raw, question, item)

    assert KINDS[question.kind].dump(pieces, question, item) == raw
    assert KINDS[question.kind].dump(pieces[::-1], question, item) == raw


def test_an_answer_becomes_typed_pieces() -> None:
    assert KINDS["marks"].parse({"marks": {"a": [{"x": 1, "y": 0.5}], "b": []}}, MARKS, PAIR) == (
        Piece("point", letter="a", ordinal=0, x=1.0, y=0.5),
        Piece("nothing", letter="b"),
    )
    assert KINDS["words"].parse({"tokens": [5, 2]}, WORDS, SINGLE) == (
        Piece("token", ordinal=0, number=2),
        Piece("token", ordinal=1, number=5),
    )
    assert KINDS["words"].parse({"tokens": []}, WORDS, SINGLE) == (Piece("nothing"),)
    assert KINDS["ranking"].parse({"tiers": [["b"], ["a"]]}, RANKING, PAIR) == (
        Piece("tier", letter="a", number=1),
        Piece("tier", letter="b", number=0),
    )


@pytest.mark.parametrize(
    ("question", "item", "raw", "code"),
    [
        (PREFERENCE, PAIR, {"choice": "left"}, "answer_not_offered"),
        (PREFERENCE, PAIR, {"choice": ["a"]}, "answer_not_offered"),
        (PREFERENCE, PAIR, {"choice": None}, "answer_not_offered"),
        (PREFERENCE, PAIR, {}, "answer_key_missing"),
        (PREFERENCE, PAIR, "a", "answer_not_an_object"),
        (PREFERENCE, PAIR, {"choice": "a", "sure": True}, "answer_unknown_key"),
        (PREFERENCE, SINGLE, {"choice": "a"}, "answer_not_two_images"),
        (PREFERENCE, FOUR, {"choice": "a"}, "answer_not_two_images"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": math.nan, "y": 0.5}]}}, "answer_not_a_fraction"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": math.inf, "y": 0.5}]}}, "answer_not_a_fraction"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 1.0001, "y": 0.5}]}}, "answer_not_a_fraction"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": -1e-9}]}}, "answer_not_a_fraction"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": True, "y": 0.5}]}}, "answer_not_a_number"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": "0.5", "y": 0.5}]}}, "answer_not_a_number"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5}]}}, "answer_not_a_point"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": 0.5, "z": 1}]}}, "answer_not_a_point"),
        (MARKS, SINGLE, {"marks": {"a": [[0.5, 0.5]]}}, "answer_not_a_point"),
        (MARKS, SINGLE, {"marks": {"a": {}}}, "answer_not_a_list"),
        (MARKS, SINGLE, {"marks": []}, "answer_not_by_letter"),
        (MARKS, SINGLE, {"marks": {"b": []}}, "answer_no_such_image"),
        (MARKS, PAIR, {"marks": {"a": []}}, "answer_image_missing"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": 0.5}] * 201}}, "answer_too_many_marks"),
        (WORDS, SINGLE, {"tokens": [6]}, "answer_out_of_range"),
        (WORDS, SINGLE, {"tokens": [-1]}, "answer_out_of_range"),
        (WORDS, SINGLE, {"tokens": [True]}, "answer_not_whole"),
        (WORDS, SINGLE, {"tokens": [1.0]}, "answer_not_whole"),
        (WORDS, SINGLE, {"tokens": [2, 2]}, "answer_twice"),
        (WORDS, SINGLE, {"tokens": "2"}, "answer_not_a_list"),
        (WORDS, FOUR, {"tokens": [0]}, "answer_no_words"),
        (RATING, SINGLE, {"ratings": {"a": 0}}, "answer_out_of_range"),
        (RATING, SINGLE, {"ratings": {"a": 6}}, "answer_out_of_range"),
        (RATING, SINGLE, {"ratings": {"a": 4.0}}, "answer_not_whole"),
        (RATING, SINGLE, {"ratings": {"a": True}}, "answer_not_whole"),
        (RATING, SINGLE, {"ratings": {"a": None}}, "answer_not_whole"),
        (RATING, SINGLE, {"ratings": {"a": 10**400}}, "answer_out_of_range"),
        (RATING, PAIR, {"ratings": {"a": 3}}, "answer_image_missing"),
        (RATING, SINGLE, {"ratings": {"a": 3, "b": 3}}, "answer_no_such_image"),
        (RANKING, FOUR, {"tiers": [["a", "b"], ["c"]]}, "answer_not_ranked"),
        (RANKING, FOUR, {"tiers": [["a", "b"], ["c", "d", "a"]]}, "answer_ranked_twice"),
        (RANKING, FOUR, {"tiers": [["a", "b"], [], ["c", "d"]]}, "answer_empty_tier"),
        (RANKING, FOUR, {"tiers": [["a", "b", "c", "d", "e"]]}, "answer_not_offered"),
        (RANKING, FOUR, {"tiers": ["abcd"]}, "answer_not_a_list"),
        (FLAGS, PAIR, {"flags": {"a": ["limbs"]}}, "answer_image_missing"),
        (FLAGS, PAIR, {"flags": {"a": ["limbs", "limbs"], "b": []}}, "answer_twice"),
        (FLAGS, PAIR, {"flags": {"a": ["legs"], "b": []}}, "answer_not_offered"),
        (PICK, PAIR, {"choice": "c"}, "answer_not_offered"),
        (ABOUT, FOUR, {"flags": {"c": [], "a": []}}, "answer_about_one_image"),
        (ABOUT, FOUR, {"flags": {"z": []}}, "answer_no_such_image"),
        (COMMENT, SINGLE, {"text": "x" * 2001}, "answer_too_long"),
        (COMMENT, SINGLE, {"text": 7}, "answer_not_text"),
        (COMMENT, SINGLE, {"text": "  \n"}, "answer_empty"),
        (COMMENT, SINGLE, {"text": "a\0b"}, "answer_no_character"),
        (COMMENT, SINGLE, {"text": "\ud83d"}, "answer_no_character"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_a_reason(
    question: QuestionSpec, item: ItemSpec, raw: Any, code: str
) -> None:
    with pytest.raises(AnswerInvalid) as refusal:
        KINDS[question.kind].parse(raw, question, item)

    assert list(refusal.value.fields) == [question.key]
    assert refusal.value.why.code == code
    assert refusal.value.fields[question.key] == refusal.value.why


def test_a_message_repeats_nothing_that_could_not_be_printed() -> None:
    with pytest.raises(AnswerInvalid) as refusal:
        KINDS["pick"].parse({"choice": "\ud800" * 1000}, PICK, PAIR)

    assert sentence(refusal.value.why).encode("utf-8")
    assert len(sentence(refusal.value.why)) < 200


def test_two_hundred_marks_are_taken() -> None:
    raw = {"marks": {"a": [{"x": 0.5, "y": 0.25}] * 200}}

    assert len(KINDS["marks"].parse(raw, MARKS, SINGLE)) == 200


def test_all_problems_of_an_answer_are_named_at_once() -> None:
    questions = [PREFERENCE, MARKS, WORDS]
    raw = {"overall": {"choice": "left"}, "misaligned_words": {"tokens": [99]}, "mood": 1}

    with pytest.raises(AnswersInvalid) as refusal:
        parse_answers(raw, questions, PAIR)

    assert refusal.value.code == "answer_invalid"
    assert refusal.value.fields == {
        "mood": Reason(Code.NO_SUCH_QUESTION),
        "overall": Reason(
            Code.ANSWER_NOT_OFFERED,
            value="'left'",
            offered=("a", "b", "tie", "both_bad", "unsure"),
        ),
        "implausibility": Reason(Code.NOT_ANSWERED),
        "misaligned_words": Reason(Code.ANSWER_OUT_OF_RANGE, where="tokens", low=0, high=5),
    }


@pytest.mark.parametrize("raw", [None, [], "overall", 3])
def test_answers_that_are_no_object_are_refused(raw: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_answers(raw, [PREFERENCE], PAIR)

    assert refusal.value.reason == Reason(Code.ANSWERS_NOT_AN_OBJECT)


def test_an_optional_question_may_stay_without_an_answer() -> None:
    found = parse_answers({"overall": {"choice": "tie"}}, [PREFERENCE, OPTIONAL], PAIR)

    assert found == {"overall": (Piece("choice", choice="tie"),)}
    assert dump_answers(found, [PREFERENCE, OPTIONAL], PAIR) == {"overall": {"choice": "tie"}}


def test_a_judgement_is_about_the_picked_image() -> None:
    questions = [PICK, ABOUT]
    raw = {"best": {"choice": "c"}, "photorealism": {"flags": {"c": []}}}

    found = parse_answers(raw, questions, FOUR)

    assert dump_answers(found, questions, FOUR) == raw


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (
            {"best": {"choice": "c"}, "photorealism": {"flags": {"b": []}}},
            {"photorealism": Reason(Code.ANSWER_OF_ANOTHER_IMAGE, about="best")},
        ),
        ({"best": {"choice": "c"}}, {"photorealism": Reason(Code.NOT_ANSWERED)}),
        ({}, {"best": Reason(Code.NOT_ANSWERED)}),
        (
            {"best": {"choice": "x"}, "photorealism": {"flags": {"b": []}}},
            {"best": Reason(Code.ANSWER_NOT_OFFERED, value="'x'", offered=("a", "b", "c", "d"))},
        ),
        (
            {"photorealism": {"flags": {"b": []}}},
            {"best": Reason(Code.NOT_ANSWERED)},
        ),
    ],
)
def test_a_judgement_of_another_image_than_the_picked_one_is_refused(
    raw: dict[str, Any], fields: dict[str, Reason]
) -> None:
    with pytest.raises(AnswersInvalid) as refusal:
        parse_answers(raw, [PICK, ABOUT], FOUR)

    assert refusal.value.fields == fields
