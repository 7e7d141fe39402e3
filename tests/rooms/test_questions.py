"""What each question type takes, gives back and refuses: the outside contract's own examples."""

import math
from typing import Any

import pytest

from annotator.core.errors import Invalid
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
    ("question", "item", "raw", "reason"),
    [
        (PREFERENCE, PAIR, {"choice": "left"}, "'left' is not on offer"),
        (PREFERENCE, PAIR, {"choice": ["a"]}, "is not on offer"),
        (PREFERENCE, PAIR, {"choice": None}, "is not on offer"),
        (PREFERENCE, PAIR, {}, "“choice” is missing"),
        (PREFERENCE, PAIR, "a", "it has to be an object"),
        (PREFERENCE, PAIR, {"choice": "a", "sure": True}, "'sure' means nothing here"),
        (PREFERENCE, SINGLE, {"choice": "a"}, "compares two images"),
        (PREFERENCE, FOUR, {"choice": "a"}, "compares two images"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": math.nan, "y": 0.5}]}}, "from 0 to 1"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": math.inf, "y": 0.5}]}}, "from 0 to 1"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 1.0001, "y": 0.5}]}}, "from 0 to 1"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": -1e-9}]}}, "from 0 to 1"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": True, "y": 0.5}]}}, "has to be a number"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": "0.5", "y": 0.5}]}}, "has to be a number"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5}]}}, "x and y alone"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": 0.5, "z": 1}]}}, "x and y alone"),
        (MARKS, SINGLE, {"marks": {"a": [[0.5, 0.5]]}}, "x and y alone"),
        (MARKS, SINGLE, {"marks": {"a": {}}}, "has to be a list"),
        (MARKS, SINGLE, {"marks": []}, "letters"),
        (MARKS, SINGLE, {"marks": {"b": []}}, "no image 'b'"),
        (MARKS, PAIR, {"marks": {"a": []}}, "image b has no answer"),
        (MARKS, SINGLE, {"marks": {"a": [{"x": 0.5, "y": 0.5}] * 201}}, "the limit is 200"),
        (WORDS, SINGLE, {"tokens": [6]}, "from 0 to 5"),
        (WORDS, SINGLE, {"tokens": [-1]}, "from 0 to 5"),
        (WORDS, SINGLE, {"tokens": [True]}, "whole number"),
        (WORDS, SINGLE, {"tokens": [1.0]}, "whole number"),
        (WORDS, SINGLE, {"tokens": [2, 2]}, "named twice"),
        (WORDS, SINGLE, {"tokens": "2"}, "has to be a list"),
        (WORDS, FOUR, {"tokens": [0]}, "the prompt has no words"),
        (RATING, SINGLE, {"ratings": {"a": 0}}, "from 1 to 5"),
        (RATING, SINGLE, {"ratings": {"a": 6}}, "from 1 to 5"),
        (RATING, SINGLE, {"ratings": {"a": 4.0}}, "whole number"),
        (RATING, SINGLE, {"ratings": {"a": True}}, "whole number"),
        (RATING, SINGLE, {"ratings": {"a": None}}, "whole number"),
        (RATING, SINGLE, {"ratings": {"a": 10**400}}, "from 1 to 5"),
        (RATING, PAIR, {"ratings": {"a": 3}}, "image b has no answer"),
        (RATING, SINGLE, {"ratings": {"a": 3, "b": 3}}, "no image 'b'"),
        (RANKING, FOUR, {"tiers": [["a", "b"], ["c"]]}, "image d is not ranked"),
        (RANKING, FOUR, {"tiers": [["a", "b"], ["c", "d", "a"]]}, "image a is ranked twice"),
        (RANKING, FOUR, {"tiers": [["a", "b"], [], ["c", "d"]]}, "tier 2 is empty"),
        (RANKING, FOUR, {"tiers": [["a", "b", "c", "d", "e"]]}, "'e' is not on offer"),
        (RANKING, FOUR, {"tiers": ["abcd"]}, "has to be a list"),
        (FLAGS, PAIR, {"flags": {"a": ["limbs"]}}, "image b has no answer"),
        (FLAGS, PAIR, {"flags": {"a": ["limbs", "limbs"], "b": []}}, "the same flag twice"),
        (FLAGS, PAIR, {"flags": {"a": ["legs"], "b": []}}, "'legs' is not on offer"),
        (PICK, PAIR, {"choice": "c"}, "'c' is not on offer"),
        (ABOUT, FOUR, {"flags": {"c": [], "a": []}}, "it is about one image"),
        (ABOUT, FOUR, {"flags": {"z": []}}, "no image 'z'"),
        (COMMENT, SINGLE, {"text": "x" * 2001}, "2,001 characters long; the limit is 2,000"),
        (COMMENT, SINGLE, {"text": 7}, "has to be text"),
        (COMMENT, SINGLE, {"text": "  \n"}, "it is empty"),
        (COMMENT, SINGLE, {"text": "a\0b"}, "not text"),
        (COMMENT, SINGLE, {"text": "\ud83d"}, "not text"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_words(
    question: QuestionSpec, item: ItemSpec, raw: Any, reason: str
) -> None:
    with pytest.raises(AnswerInvalid) as refusal:
        KINDS[question.kind].parse(raw, question, item)

    assert list(refusal.value.fields) == [question.key]
    assert reason in str(refusal.value.fields[question.key])


def test_a_message_repeats_nothing_that_could_not_be_printed() -> None:
    with pytest.raises(AnswerInvalid) as refusal:
        KINDS["pick"].parse({"choice": "\ud800" * 1000}, PICK, PAIR)

    assert refusal.value.message.encode("utf-8")
    assert len(refusal.value.message) < 200


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
        "mood": "there is no such question in this project.",
        "overall": "'left' is not on offer; one of a, b, tie, both_bad, unsure is.",
        "implausibility": "it is not answered.",
        "misaligned_words": "a token's index has to be from 0 to 5.",
    }


@pytest.mark.parametrize("raw", [None, [], "overall", 3])
def test_answers_that_are_no_object_are_refused(raw: Any) -> None:
    with pytest.raises(Invalid, match="has to be an object"):
        parse_answers(raw, [PREFERENCE], PAIR)


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
            {"photorealism": "it has to be about the image chosen in “best”."},
        ),
        ({"best": {"choice": "c"}}, {"photorealism": "it is not answered."}),
        ({}, {"best": "it is not answered."}),
        (
            {"best": {"choice": "x"}, "photorealism": {"flags": {"b": []}}},
            {"best": "'x' is not on offer; one of a, b, c, d is."},
        ),
        (
            {"photorealism": {"flags": {"b": []}}},
            {"best": "it is not answered."},
        ),
    ],
)
def test_a_judgement_of_another_image_than_the_picked_one_is_refused(
    raw: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(AnswersInvalid) as refusal:
        parse_answers(raw, [PICK, ABOUT], FOUR)

    assert refusal.value.fields == fields
