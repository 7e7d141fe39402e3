"""Planted people are found by the page's own arithmetic, and good ones are left in peace."""

from collections import Counter

import numpy as np
import pytest

from scoring.annotators.answers import Answers, Asked, Choices
from scoring.annotators.findings import gravity, with_findings
from scoring.annotators.portrait import Portrait, portraits_of
from scoring.reasons import Code
from tests.planted import COPIER, KINDS, LEFT, RANDOM, SOURCE, TIRED, Planted, planted

SEEDS = 200


def portraits(found: Planted) -> list[Portrait]:
    n, people = len(found.item), len(KINDS)
    answers = Answers(
        found.annotator, found.item, found.at, found.active_ms, np.full(n, -1), found.leftmost,
        people, len(found.truth),
    )  # fmt: skip
    votes = Choices(np.arange(n), found.item, found.choice, 2, sides=True)
    asked = Asked([votes], signature=found.choice[None])
    return with_findings(portraits_of(answers, asked), [str(k) for k in range(people)])


@pytest.fixture(scope="module")
def seeds() -> list[list[Portrait]]:
    return [portraits(planted(seed)) for seed in range(SEEDS)]


def codes(one: Portrait) -> set[str]:
    return {finding.code.value for finding in one.findings}


def often(seeds: list[list[Portrait]], place: int, *named: Code) -> float:
    """In how many of the projects one of these stands out of a person."""
    return sum(bool(codes(people[place]) & set(named)) for people in seeds) / len(seeds)


def test_who_always_takes_the_left_image_is_always_found(seeds: list[list[Portrait]]) -> None:
    assert {people[LEFT].left_share.value for people in seeds} == {1.0}
    assert often(seeds, LEFT, Code.ALWAYS_LEFT) == 1.0


def test_who_answers_at_random_is_found(seeds: list[list[Portrait]]) -> None:
    assert often(seeds, RANDOM, Code.LOOKS_RANDOM) > 0.85
    assert often(seeds, RANDOM, Code.LOOKS_RANDOM, Code.DISAGREES_OFTEN) > 0.95


def test_who_copies_is_found_and_their_source_is_named(seeds: list[list[Portrait]]) -> None:
    assert often(seeds, COPIER, Code.COPIES_OF) > 0.9
    named = {
        finding.params["name"]
        for people in seeds
        for finding in people[COPIER].findings
        if finding.code == Code.COPIES_OF
    }
    assert named == {str(SOURCE)}


def test_who_tires_is_mostly_found_in_a_hundred_answers(seeds: list[list[Portrait]]) -> None:
    assert often(seeds, TIRED, Code.TIRES) > 0.6
    # Where the fall itself is not certain, that they disagree is.
    assert often(seeds, TIRED, Code.TIRES, Code.DISAGREES_OFTEN, Code.LOOKS_RANDOM) > 0.8


def test_good_people_are_hardly_ever_accused(seeds: list[list[Portrait]]) -> None:
    good = [place for place, kind in enumerate(KINDS) if kind == "good"]
    accused = Counter(code for people in seeds for place in good for code in codes(people[place]))
    projects = sum(any(codes(people[place]) for place in good) for people in seeds)

    # 14 of 1,200, all of them "tires"; in 12 of 200 projects.
    assert set(accused) <= {Code.TIRES.value}
    assert sum(accused.values()) / (len(good) * SEEDS) < 0.025
    assert projects / SEEDS < 0.1


def test_the_worst_stand_first_and_good_people_last(seeds: list[list[Portrait]]) -> None:
    firsts = 0
    for people in seeds:
        order = sorted(range(len(KINDS)), key=lambda place: gravity(people[place]))
        firsts += {LEFT, RANDOM} <= set(order[:4])
        last = [KINDS[place] for place in order[-4:]]
        assert last.count("good") >= 3, last
    # 189 of 200: in the others somebody who copies or tires stands before.
    assert firsts / SEEDS > 0.93
