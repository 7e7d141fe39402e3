"""Planted words, their links, flags and reasons come back from three simulated people."""

import random
from math import dist
from typing import Any

import pytest

from annotator.projects.models import Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions.kinds import KINDS
from demo.answers import IMAGINED_WORD, Truth
from tests import factories
from tests.flows.three_people import (
    RELIABILITIES,
    answer_all,
    decided,
    fewest_of,
    most_of,
    project_of,
    told,
    two_of_three,
)
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db

ITEMS = 40
PROMPT = "two red cubes left of a tall green cone on a wooden table"
WORDS = 12
RADIUS = 0.08
# Who notices a word is sure of it as often as they notice one.
SURE = tuple(reliability**2 for reliability in RELIABILITIES)
IMAGINED = tuple(IMAGINED_WORD * (1 - r) * r for r in RELIABILITIES)


def planted_span(number: int) -> range:
    """Two or three words that stand together."""
    rng = random.Random(f"span {number}")
    first = rng.randrange(WORDS - 3)
    return range(first, first + rng.choice((2, 3)))


def test_planted_spans_come_back_from_people_who_may_be_unsure() -> None:
    project = project_of(
        Template.CUSTOM, QuestionDraft("wrong", KINDS["words"], spans=True, unsure=True)
    )
    items = factories.open_items(project, ITEMS, images=1, prompt=PROMPT)

    answer_all(project, items, lambda n: Truth(words=frozenset(planted_span(n))), "a")

    hits = false_alarms = words = whole = 0
    for number, item in enumerate(items):
        span = planted_span(number)
        called = {int(key) for key in decided(item, "wrong") - {"nothing"}}
        words += len(span)
        hits += len(called & set(span))
        false_alarms += len(called - set(span))
        whole += any([span[0], span[-1]] in one["wrong"]["spans"] for one in told(item, "a"))
    # A word is called wrong where two of three are sure of it: who is not sure has no vote on it.
    assert hits >= fewest_of(words, two_of_three(SURE))
    others = ITEMS * WORDS - words
    assert false_alarms <= most_of(others, two_of_three(IMAGINED))
    # One of the three told the whole span as one, and no more: of three words the worst does so in
    # 0.72³ of all items, less the words beside it that they imagine.
    one_at_least = 1 - (1 - SURE[0] ** 3) * (1 - SURE[1] ** 3) * (1 - SURE[2] ** 3)
    assert whole >= fewest_of(ITEMS, one_at_least * (1 - 2 * max(IMAGINED)))
    assert not broken_but_files()


def planted_place(number: int) -> tuple[int, float, float]:
    """A word, and where on the image it is belied."""
    rng = random.Random(f"place {number}")
    return rng.randrange(WORDS), rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8)


def test_links_lead_from_the_planted_word_to_the_planted_place_be_it_a_mark_or_a_region() -> None:
    project = project_of(
        Template.CUSTOM,
        QuestionDraft("broken", KINDS["marks"]),
        QuestionDraft("drawn", KINDS["regions"], options=(OptionDraft("broken"),)),
        QuestionDraft("wrong", KINDS["words"], unsure=True, links=True),
    )
    items = factories.open_items(project, ITEMS, images=1, prompt=PROMPT)

    def truth_of(number: int) -> Truth:
        word, x, y = planted_place(number)
        return Truth(
            flaws={"a": [("broken", x, y, RADIUS)]},
            words=frozenset({word}),
            shown_at={word: ("a", x, y, RADIUS)},
        )

    answer_all(project, items, truth_of, "a")

    by_most = {"broken": 0, "drawn": 0}
    for number, item in enumerate(items):
        word, x, y = planted_place(number)
        people = dict.fromkeys(by_most, 0)
        for answers in told(item, "a"):
            for link in answers["wrong"]["links"]:
                assert link["token"] == word
                assert dist(_place(answers, link), (x, y)) <= RADIUS
                people[link["question"]] += 1
        for question, count in people.items():
            by_most[question] += count >= 2
    # A person ties them where they see both, which they do one by one, as often as they are
    # reliable; the place that they name scatters by less than a quarter of the flaw's radius.
    for count in by_most.values():
        assert count >= fewest_of(ITEMS, two_of_three(SURE))
    assert not broken_but_files()


def _place(answers: Any, link: Any) -> tuple[float, float]:
    if link["question"] == "broken":
        mark = answers["broken"]["marks"]["a"][link["mark"]]
        return mark["x"], mark["y"]
    region = answers["drawn"]["regions"]["a"][link["mark"]]
    if "box" in region:
        left, top, width, height = region["box"]
        return left + width / 2, top + height / 2
    x, y = region["strokes"][0]["points"][0]
    return x, y


TREE = (
    OptionDraft("body"),
    OptionDraft("hands", parent="body"),
    OptionDraft("face", parent="body"),
    OptionDraft("object"),
    OptionDraft("joint", parent="object"),
    OptionDraft("blurred"),
)
ABOVE = {option.key: option.parent for option in TREE}
LEAVES = ("hands", "face", "joint", "blurred")


def planted_flags(number: int, letter: str) -> set[str]:
    rng = random.Random(f"flags {number}{letter}")
    return {leaf for leaf in LEAVES if rng.random() < 0.3}


def test_planted_flags_come_back_with_what_stands_above_them() -> None:
    project = project_of(Template.CUSTOM, QuestionDraft("faults", KINDS["flags"], options=TREE))
    items = factories.open_items(project, ITEMS, images=2)

    def truth_of(number: int) -> Truth:
        return Truth(
            quality={
                letter: {
                    leaf: 0.75 if leaf in planted_flags(number, letter) else 0.25 for leaf in LEAVES
                }
                for letter in "ab"
            }
        )

    answer_all(project, items, truth_of, "ab")

    # A quarter from the middle the worst of them errs once in 3,500 and the second worst once in
    # 360,000: two of three never do in 320 flags.
    for number, item in enumerate(items):
        for letter in "ab":
            flags = planted_flags(number, letter)
            above = {ABOVE[flag] for flag in flags} - {""}
            assert decided(item, "faults", letter) == (flags | above or {"nothing"})
    assert not broken_but_files()


REASONS = ("hands", "light", "text", "colour", "style", "prompt")


def planted_reasons(number: int) -> set[str]:
    rng = random.Random(f"reasons {number}")
    return set(rng.sample(REASONS, rng.randrange(4)))


def test_the_planted_reasons_come_back_and_no_others() -> None:
    project = project_of(
        Template.CUSTOM,
        QuestionDraft(
            "why", KINDS["reasons"], options=tuple(OptionDraft(name) for name in REASONS)
        ),
    )
    items = factories.open_items(project, ITEMS, images=2)

    def truth_of(number: int) -> Truth:
        given = planted_reasons(number)
        return Truth(
            quality={
                letter: {name: end if name in given else 0.5 for name in REASONS}
                for letter, end in (("a", 0.15), ("b", 0.85))
            }
        )

    answer_all(project, items, truth_of, "ab")

    # Told is what is seen a quarter apart. What lies 0.7 apart nobody overlooks (4.4 standard
    # deviations); where nothing does, the worst imagines it 1 time in 70, the second worst 1 in
    # 750, so that two of three do in one of 240 places with 1 of 200 seeds.
    for number, item in enumerate(items):
        assert decided(item, "why") == (planted_reasons(number) or {"nothing"})
    assert not broken_but_files()
