"""What several people's answers say together, against sums done by hand."""

from typing import Any

import pytest

from annotator.consensus.findings import Found, findings
from annotator.questions.kinds import KINDS
from annotator.questions.types import ItemSpec, QuestionSpec

PAIR = ItemSpec(letters=("a", "b"), tokens=("a", "red", "cube", "on", "it"))
SINGLE = ItemSpec(letters=("a",), tokens=PAIR.tokens)
FOUR = ItemSpec(letters=("a", "b", "c", "d"))


def combined(question: QuestionSpec, item: ItemSpec, answers: list[Any]) -> list[Found]:
    kind = KINDS[question.kind]
    return list(findings([kind.parse(raw, question, item) for raw in answers], question, item))


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("a a a", [("a", 3, True)]),
        ("a a b", [("a", 2, True), ("b", 1, False)]),
        ("a a tie", [("a", 2, True), ("tie", 1, False)]),
        ("a b tie", [("a", 1, False), ("b", 1, False), ("tie", 1, False)]),
        ("tie tie b", [("b", 1, False), ("tie", 2, True)]),
        ("both_bad both_bad both_bad", [("both_bad", 3, True)]),
        ("a unsure unsure", [("a", 1, False), ("unsure", 2, True)]),
        ("a b", [("a", 1, False), ("b", 1, False)]),
        ("a a b b", [("a", 2, False), ("b", 2, False)]),
    ],
)
def test_a_preference_is_decided_by_more_than_half(
    votes: str, expected: list[tuple[str, int, bool]]
) -> None:
    answers = [{"choice": vote} for vote in votes.split()]

    found = combined(QuestionSpec("overall", "preference"), PAIR, answers)

    assert [(f.key, f.votes, f.decided) for f in found] == expected
    assert {f.of for f in found} == {len(answers)}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("preference", {"choice": "a"}),
        ("preference", {"choice": "tie"}),
        ("preference", {"choice": "both_bad"}),
        ("ranking", {"tiers": [["a"], ["b"]]}),
        ("pick", {"choice": "b"}),
        ("flags", {"flags": {"a": ["limbs"], "b": []}}),
        ("marks", {"marks": {"a": [{"x": 0.5, "y": 0.5}], "b": []}}),
    ],
)
def test_the_only_answer_of_three_decides_nothing(kind: str, given: Any) -> None:
    question = QuestionSpec("asked", kind, required=False, options=("limbs",))
    pieces = KINDS[kind].parse(given, question, PAIR)

    def decided(answers: list[Any]) -> set[str]:
        found = findings(answers, question, PAIR)
        return {one.key for one in found if one.decided and one.value is None}

    assert decided([pieces, (), ()]) == set()
    # Two of three decide, and one where no more are asked.
    assert decided([pieces, pieces, ()]) == decided([pieces]) != set()


def test_ratings_are_averaged_on_the_unit_scale() -> None:
    question = QuestionSpec("overall", "rating", scale_min=1, scale_max=5)

    found = combined(question, SINGLE, [{"ratings": {"a": n}} for n in (5, 4, 3)])

    # (5 - 1)/4 = 1, 3/4, 2/4: mean 0.75, largest minus smallest 0.5.
    assert found == [
        Found("mean", votes=3, of=3, letter="a", value=0.75, decided=True),
        Found("maxdiff", votes=3, of=3, letter="a", value=0.5),
    ]


def test_a_word_is_misaligned_if_more_than_half_say_so() -> None:
    # 01001 / 01000 / 01100 gives 01000.
    answers = [{"tokens": [1, 4]}, {"tokens": [1]}, {"tokens": [1, 2]}]

    found = combined(QuestionSpec("misaligned_words", "words"), PAIR, answers)

    assert [(f.key, f.votes, f.decided) for f in found] == [
        ("1", 3, True),
        ("2", 1, False),
        ("4", 1, False),
        ("nothing", 0, False),
    ]


def test_a_ranking_gives_mean_ranks_and_the_pairs_that_most_agree_on() -> None:
    answers = [
        {"tiers": [["a"], ["b", "c"], ["d"]]},
        {"tiers": [["a"], ["c"], ["b"], ["d"]]},
        {"tiers": [["b"], ["a"], ["c"], ["d"]]},
    ]

    found = combined(QuestionSpec("ranking", "ranking"), FOUR, answers)

    # b: (2.5 + 3 + 1)/3, c: (2.5 + 2 + 3)/3; one of three puts b over c and one c over b.
    assert {f.letter: f.value for f in found if f.key == "rank"} == pytest.approx(
        {"a": 4 / 3, "b": 6.5 / 3, "c": 2.5, "d": 4.0}
    )
    assert {(f.letter, f.key): f.votes for f in found if f.key != "rank"} == {
        ("a", "over_b"): 2,
        ("a", "over_c"): 3,
        ("a", "over_d"): 3,
        ("b", "over_d"): 3,
        ("c", "over_d"): 3,
    }


def test_a_flag_stands_if_more_than_half_set_it_and_none_is_a_vote() -> None:
    question = QuestionSpec("issues", "flags", options=("limbs", "toxic"))
    answers = [
        {"flags": {"a": ["limbs", "toxic"], "b": []}},
        {"flags": {"a": ["limbs"], "b": []}},
        {"flags": {"a": [], "b": ["toxic"]}},
    ]

    found = combined(question, PAIR, answers)

    assert [(f.letter, f.key, f.votes, f.of, f.decided) for f in found] == [
        ("a", "limbs", 2, 3, True),
        ("a", "toxic", 1, 3, False),
        ("a", "nothing", 1, 3, False),
        ("b", "toxic", 1, 3, False),
        ("b", "nothing", 2, 3, True),
    ]


def test_one_voice_about_an_image_that_only_one_picked_decides_nothing() -> None:
    question = QuestionSpec("photorealism", "flags", about="best", options=("photorealistic",))
    yes = ["photorealistic"]
    answers = [{"flags": {"a": yes}}, {"flags": {"c": yes}}, {"flags": {"c": yes}}]

    found = combined(question, FOUR, answers)

    assert [(f.letter, f.key, f.votes, f.of, f.decided) for f in found] == [
        ("a", "photorealistic", 1, 1, False),
        ("a", "nothing", 0, 1, False),
        ("c", "photorealistic", 2, 2, True),
        ("c", "nothing", 0, 2, False),
    ]


def test_a_pick_is_decided_by_more_than_half() -> None:
    question = QuestionSpec("best", "pick")

    found = combined(question, FOUR, [{"choice": c} for c in "cac"])

    assert [(f.key, f.votes, f.decided) for f in found] == [("a", 1, False), ("c", 2, True)]


def test_marks_count_people_not_points() -> None:
    question = QuestionSpec("implausibility", "marks")
    point = {"x": 0.5, "y": 0.5}
    answers = [
        {"marks": {"a": [point, point, point], "b": []}},
        {"marks": {"a": [], "b": []}},
        {"marks": {"a": [point], "b": [point]}},
    ]

    found = combined(question, PAIR, answers)

    assert [(f.letter, f.key, f.votes, f.of, f.decided) for f in found] == [
        ("a", "marked", 2, 3, True),
        ("a", "nothing", 1, 3, False),
        ("b", "marked", 1, 3, False),
        ("b", "nothing", 2, 3, True),
    ]


def test_remarks_do_not_add_up() -> None:
    question = QuestionSpec("remark", "comment")

    assert combined(question, PAIR, [{"text": "x"}, {"text": "y"}]) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_question_that_nobody_answered_has_no_findings(kind: str) -> None:
    question = QuestionSpec("q", kind, required=False, scale_min=1, scale_max=5, options=("x",))

    assert findings([(), (), ()], question, PAIR) == ()
