"""Simulated people of known reliability find what was planted: without a database or a pixel.

Three of reliability 0.85 look at planned images; their majority and their heatmaps are compared
with what the plan knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from statistics import fmean
from typing import Any

from annotator.consensus.findings import findings
from annotator.questions.checklist import gates_of
from annotator.questions.kinds import parse_answers
from annotator.questions.types import ChecklistRow, ItemSpec, QuestionSpec
from demo.answers import Truth, answers_of
from demo.drawing.generators import GENERATORS, Plan, plan
from demo.drawing.scenes import make_scene
from scoring.heatmap import marks_to_heatmap
from scoring.regions import iou, layers, rasterise
from scoring.tokens import token_texts
from scoring.votes import more_than_half, preference_consensus
from tests.peaks import heatmap_peak

RELIABILITY = 0.85
PREFERENCE = QuestionSpec("overall", "preference")
WORDS = QuestionSpec("misaligned_words", "words")
MARKS = [QuestionSpec("implausibility", "marks"), QuestionSpec("misalignment", "marks")]


def truth_of(plans: Mapping[str, Plan]) -> Truth:
    return Truth(
        quality={letter: p.quality for letter, p in plans.items()},
        flaws={
            letter: [(f.kind, f.x, f.y, f.radius) for f in p.flaws if f.has_place]
            for letter, p in plans.items()
        },
        words=frozenset(token for p in plans.values() for f in p.flaws for token in f.tokens),
        shown_at={
            token: (letter, f.x, f.y, f.radius)
            for letter, p in plans.items()
            for f in p.flaws
            if f.has_place
            for token in f.tokens
        },
    )


def asked(
    plans: Mapping[str, Plan], questions: Sequence[QuestionSpec], key: str
) -> list[dict[str, Any]]:
    tokens = tuple(token_texts(next(iter(plans.values())).drawn.prompt))
    item = ItemSpec(letters=tuple(plans), tokens=tokens)
    return [
        answers_of(
            truth_of(plans), questions, item, reliability=RELIABILITY, rng=Random(f"{key} {i}")
        )
        for i in range(3)
    ]


def test_the_majority_agrees_with_the_planted_order_far_above_chance() -> None:
    right = decided = 0
    for seed in range(250):
        scene = make_scene(seed)
        pair = [plan(scene, g, 0) for g in Random(seed).sample(GENERATORS, 2)]
        plans = dict(zip("ab", pair, strict=True))
        votes = [answers["overall"]["choice"] for answers in asked(plans, [PREFERENCE], f"{seed}")]
        better = "a" if pair[0].quality["overall"] > pair[1].quality["overall"] else "b"
        winner = preference_consensus(votes).winner
        decided += winner is not None
        right += winner == better

    assert decided > 200
    assert right / decided > 0.9


def test_the_heatmaps_peak_lies_in_a_planted_flaw_for_nine_of_ten_clear_ones() -> None:
    found = total = 0
    for seed in range(150):
        one = plan(make_scene(seed), GENERATORS[2], 0)
        answers = asked({"a": one}, MARKS, f"{seed}")
        for question in MARKS:
            clear = [f for f in one.flaws if f.clear and f.kind == question.key]
            if not clear:
                continue
            people = [
                [(mark["x"], mark["y"]) for mark in each[question.key]["marks"]["a"]]
                for each in answers
            ]
            peak = heatmap_peak(marks_to_heatmap(people, size=(512, 512)))
            total += 1
            found += peak is not None and any(
                (peak.x - f.x) ** 2 + (peak.y - f.y) ** 2 <= f.radius**2 for f in clear
            )

    assert total > 80
    assert found / total >= 0.9


def test_what_two_of_three_drew_finds_nine_of_ten_clear_flaws_and_little_else() -> None:
    asked_for = QuestionSpec("implausibility", "regions", options=("broken",), parents=("",))
    hits = total = 0
    overlaps, outside = [], []
    for seed in range(150):
        one = plan(make_scene(seed), GENERATORS[2], 0)
        planted = [f for f in one.flaws if f.has_place and f.kind == asked_for.key]
        if not planted:
            continue
        drawn = [
            rasterise(answer[asked_for.key]["regions"]["a"], (128, 128))
            for answer in asked({"a": one}, [asked_for], f"{seed}")
        ]
        two_of_three = layers(drawn)[1]
        truth = rasterise([_disk(f.x, f.y, f.radius) for f in planted], (128, 128))
        for flaw in (f for f in planted if f.clear):
            found = two_of_three & rasterise([_disk(flaw.x, flaw.y, flaw.radius)], (128, 128))
            total += 1
            hits += bool(found.any())
        overlaps.append(iou(two_of_three, truth) or 0.0)
        outside.append(float((two_of_three & ~truth).mean()))

    assert total > 40
    assert hits / total >= 0.9
    assert fmean(overlaps) > 0.5
    assert fmean(outside) < 0.01


def _disk(x: float, y: float, radius: float) -> dict[str, Any]:
    return {"strokes": [{"tool": "brush", "radius": radius, "points": [[x, y]]}]}


def _most(marked: list[list[int]], count: int) -> list[bool]:
    votes = [sum(token in tokens for tokens in marked) for token in range(count)]
    return [more_than_half(n, len(marked)) for n in votes]


def test_the_majority_finds_most_misaligned_words_and_few_others() -> None:
    hits = misses = false_alarms = others = 0
    for seed in range(150):
        one = plan(make_scene(seed), GENERATORS[2], 0)
        count = len(token_texts(one.drawn.prompt))
        marked = [a["misaligned_words"]["tokens"] for a in asked({"a": one}, [WORDS], f"{seed}")]
        wrong = {token for flaw in one.flaws for token in flaw.tokens}
        for token, says in enumerate(_most(marked, count)):
            hits += says and token in wrong
            misses += not says and token in wrong
            false_alarms += says and token not in wrong
            others += token not in wrong

    assert hits / (hits + misses) > 0.9
    assert false_alarms / others < 0.02


def test_words_are_tied_to_marks_on_the_flaws_that_belie_them() -> None:
    questions = [*MARKS, replace(WORDS, links=True, unsure=True)]
    tied = strayed = could = 0
    for seed in range(100):
        one = plan(make_scene(seed), GENERATORS[2], 0)
        shown = {token: f for f in one.flaws if f.has_place for token in f.tokens}
        for answers in asked({"a": one}, questions, f"{seed}"):
            words = answers[WORDS.key]
            could += sum(token in shown for token in (*words["tokens"], *words["unsure"]))
            for link in words["links"]:
                mark = answers[link["question"]]["marks"]["a"][link["mark"]]
                flaw = shown[link["token"]]
                near = (mark["x"] - flaw.x) ** 2 + (mark["y"] - flaw.y) ** 2 <= flaw.radius**2
                tied += near
                strayed += not near

    assert strayed == 0
    assert tied / could > 0.8


CHECKLIST = tuple(
    ChecklistRow(f"r{n}", f"Is there thing {n}?", depends_on=(f"r{n - 1}",) if n % 3 else ())
    for n in range(9)
)


def test_the_majority_finds_most_unmet_rows_and_the_gates_keep_the_rest_unasked() -> None:
    """Three in a chain: a row is asked where those before it are met, or seem so."""
    item = ItemSpec(letters=("a",), checklist=CHECKLIST)
    question = QuestionSpec("elements", "checklist")
    right = wrong = open_rows = 0
    for seed in range(150):
        unmet = frozenset(row.id for row in CHECKLIST if Random(f"{seed} {row.id}").random() < 0.3)
        given = [
            parse_answers(
                answers_of(Truth(unmet=unmet), [question], item, reliability=RELIABILITY, rng=rng),
                [question],
                item,
            )["elements"]
            for rng in (Random(f"{seed} {i}") for i in range(3))
        ]
        truth = {row.id: "no" if row.id in unmet else "yes" for row in CHECKLIST}
        skipped = gates_of(CHECKLIST, truth)
        decided = {one.key for one in findings(given, question, item) if one.decided}
        for row in CHECKLIST:
            if row.id in skipped:
                wrong += any(key.startswith(f"{row.id}=") for key in decided)
            elif f"{row.id}={truth[row.id]}" in decided:
                right += 1
            else:
                open_rows += 1

    # Somebody of 0.85 reads a row wrongly with chance P(N(0, 1) > 0.5 / 0.0725) of nearly nothing;
    # what is close to the middle they are not sure of.
    assert right / (right + open_rows) > 0.99
    assert wrong == 0
