"""Laws that hold for every answer that hypothesis can think of, and for every simulated one."""

import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from annotator.consensus.findings import findings
from annotator.core.errors import Invalid
from annotator.questions.kinds import KINDS, dump_answers, parse_answers
from annotator.questions.types import ChecklistRow, ItemSpec, QuestionSpec
from demo.answers import BY_KIND, Truth, answers_of

ITEM = ItemSpec(
    letters=("a", "b"),
    tokens=("a", "red", "cube", "on", "it"),
    checklist=(
        ChecklistRow("cube", "Is there a cube?", "object"),
        ChecklistRow("red", "Is the cube red?", "colour", ("cube",)),
        ChecklistRow("bright", "Is the red bright?", "colour", ("red",)),
        ChecklistRow("table", "Is there a table?", "object"),
    ),
)
# Of which the best and the worst can be chosen.
FOUR = ItemSpec(letters=("a", "b", "c", "d"))
REASONS = ("hands", "light", "text", "colour")
QUESTIONS = {
    "preference": QuestionSpec("preference", "preference"),
    "graded": QuestionSpec("graded", "graded", scale_min=1, scale_max=7),
    "marks": QuestionSpec("marks", "marks"),
    "words": QuestionSpec("words", "words"),
    "rating": QuestionSpec("rating", "rating", scale_min=1, scale_max=7),
    "ranking": QuestionSpec("ranking", "ranking"),
    "best_worst": QuestionSpec("best_worst", "best_worst"),
    "flags": QuestionSpec(
        "flags", "flags", options=("conflict", "limbs", "toxic"), parents=("", "conflict", "")
    ),
    "reasons": QuestionSpec("reasons", "reasons", options=REASONS),
    "label": QuestionSpec("label", "label", options=("real", "fake", "unclear")),
    "pick": QuestionSpec("pick", "pick"),
    "checklist": QuestionSpec("checklist", "checklist"),
    "regions": QuestionSpec(
        "regions", "regions", options=("body", "hands", "text"), parents=("", "body", "")
    ),
    "comment": QuestionSpec("comment", "comment", required=False),
}
ABOUT = QuestionSpec("about", "flags", about="pick", options=("yes",))

unit = st.floats(min_value=0, max_value=1)
points = st.lists(st.fixed_dictionaries({"x": unit, "y": unit}), max_size=5)
place = st.integers(0, 100_000).map(lambda hundred_thousandths: hundred_thousandths / 100_000)
spots = st.lists(st.lists(place, min_size=2, max_size=2), min_size=3, max_size=5)
radius = st.integers(1, 100_000).map(lambda hundred_thousandths: hundred_thousandths / 100_000)
lasso = st.fixed_dictionaries({"tool": st.just("lasso"), "points": spots})
brush = st.fixed_dictionaries({"tool": st.just("brush"), "radius": radius, "points": spots})
eraser = st.fixed_dictionaries({"tool": st.just("erase"), "radius": radius, "points": spots})
strokes = st.tuples(lasso | brush, st.lists(lasso | brush | eraser, max_size=2)).map(
    lambda drawn: [drawn[0], *drawn[1]]
)
half = st.integers(1, 50_000).map(lambda hundred_thousandths: hundred_thousandths / 100_000)
flaw = st.sampled_from(["body", "hands", "text"])
regions = st.lists(
    st.fixed_dictionaries({"flaw": flaw, "box": st.lists(half, min_size=4, max_size=4)})
    | st.fixed_dictionaries({"flaw": flaw, "strokes": strokes}),
    max_size=3,
)
flags = st.lists(st.sampled_from(["conflict", "limbs", "toxic"]), unique=True).map(sorted)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)


def both(one: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"a": one, "b": one})


def ungated(answers: dict[str, str]) -> dict[str, Any]:
    """Without the rows that a "no" skips."""
    kept = dict(answers)
    if kept["cube"] == "no":
        del kept["red"]
    if kept.get("red", "no") == "no":
        del kept["bright"]
    return {"rows": kept}


ANSWERS: dict[str, SearchStrategy[dict[str, Any]]] = {
    "preference": st.sampled_from(["a", "b", "tie", "both_bad", "unsure"]).map(
        lambda choice: {"choice": choice}
    ),
    "graded": st.integers(1, 7).map(lambda grade: {"grade": grade}),
    "marks": both(points).map(lambda marks: {"marks": marks}),
    "regions": both(regions).map(lambda regions: {"regions": regions}),
    "words": st.lists(st.integers(0, 4), unique=True).map(lambda t: {"tokens": sorted(t)}),
    "rating": both(st.integers(1, 7)).map(lambda ratings: {"ratings": ratings}),
    "ranking": st.sampled_from([[["a"], ["b"]], [["b"], ["a"]], [["a", "b"]]]).map(
        lambda tiers: {"tiers": tiers}
    ),
    "best_worst": st.permutations("abcd").map(lambda order: {"best": order[0], "worst": order[-1]}),
    "flags": both(flags).map(lambda flags: {"flags": flags}),
    "reasons": st.lists(st.sampled_from(REASONS), unique=True, max_size=3).map(
        lambda given: {"reasons": [one for one in REASONS if one in given]}
    ),
    "label": both(st.sampled_from(["real", "fake", "unclear"])).map(
        lambda found: {"labels": found}
    ),
    "pick": st.sampled_from("ab").map(lambda choice: {"choice": choice}),
    "checklist": st.fixed_dictionaries(
        {row.id: st.sampled_from(["yes", "no", "unsure"]) for row in ITEM.checklist}
    ).map(ungated),
    "comment": text.map(lambda t: {"text": t if t.strip() else ""}),
}


def item_of(kind: str) -> ItemSpec:
    return FOUR if KINDS[kind].images.fewest > len(ITEM.letters) else ITEM


NAMES = [
    "choice",
    "marks",
    "tiers",
    "regions",
    "flaw",
    "box",
    "rows",
    "cube",
    "a",
    "b",
    "x",
    "y",
    "best",
]
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_what_is_read_can_be_written_again(kind: str, data: st.DataObject) -> None:
    question, item = QUESTIONS[kind], item_of(kind)
    raw = data.draw(ANSWERS[kind])

    pieces = KINDS[kind].parse(raw, question, item)

    assert KINDS[kind].dump(pieces, question, item) == raw
    # As they come back from the database: in whatever order.
    assert KINDS[kind].dump(data.draw(st.permutations(pieces)), question, item) == raw


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_the_order_of_the_annotators_does_not_matter(kind: str, data: st.DataObject) -> None:
    question, item = QUESTIONS[kind], item_of(kind)
    raws = data.draw(st.lists(ANSWERS[kind], min_size=1, max_size=5))
    answers = [KINDS[kind].parse(raw, question, item) for raw in raws]

    found = findings(answers, question, item)

    assert findings(data.draw(st.permutations(answers)), question, item) == found
    assert all(0 <= finding.votes <= finding.of <= len(answers) for finding in found)
    assert len({(finding.letter, finding.key) for finding in found}) == len(found)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_an_answer_votes_on_each_unit_once_in_whatever_order_its_pieces_come(
    kind: str, data: st.DataObject
) -> None:
    question, item = QUESTIONS[kind], item_of(kind)
    pieces = KINDS[kind].parse(data.draw(ANSWERS[kind]), question, item)

    votes = KINDS[kind].votes(pieces, question, item)

    assert KINDS[kind].votes(data.draw(st.permutations(pieces)), question, item) == votes
    assert len({vote.unit for vote in votes}) == len(votes)
    assert bool(votes) == (KINDS[kind].level is not None)
    assert {bool(vote.unit.letter) for vote in votes} <= {KINDS[kind].unit == "image"}
    assert {piece.type for piece in pieces} <= KINDS[kind].pieces


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(raw=json)
def test_nothing_but_a_refusal_comes_of_nonsense(kind: str, raw: Any) -> None:
    question, item = QUESTIONS[kind], item_of(kind)

    # Any other error fails the test by itself; what is taken can be written.
    with suppress(Invalid):
        pieces = KINDS[kind].parse(raw, question, item)
        assert KINDS[kind].dump(pieces, question, item) is not None


@given(seed=st.integers(), reliability=st.floats(min_value=0, max_value=1))
def test_a_simulated_answer_is_one_that_is_taken(seed: int, reliability: float) -> None:
    truth = Truth(
        quality={"a": {"overall": 0.9, "limbs": 1.0}, "b": {"overall": 0.1}},
        flaws={"b": [("marks", 0.99, 0.01, 0.1), ("hands", 0.99, 0.01, 0.1)]},
        words=frozenset({1}),
    )
    questions = {
        ITEM: [*(one for one in QUESTIONS.values() if item_of(one.kind) is ITEM), ABOUT],
        FOUR: [one for one in QUESTIONS.values() if item_of(one.kind) is FOUR],
    }

    for item, asked in questions.items():
        raw = answers_of(truth, asked, item, reliability=reliability, rng=random.Random(seed))

        assert dump_answers(parse_answers(raw, asked, item), asked, item) == raw


def test_simulated_people_know_how_to_answer_every_kind() -> None:
    assert set(BY_KIND) == set(KINDS)
