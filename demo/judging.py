"""What a reviewer who knows the truth objects to: only what is clearly wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotator.questions.types import ItemSpec, QuestionSpec
from demo.answers import Truth

# Qualities that lie this far apart are not a matter of taste.
CLEARLY = 0.45
# A mark this many radii from a flaw's centre is not about it.
NEAR = 2.0


def objection(
    answers: Mapping[str, Any], truth: Truth, questions: Sequence[QuestionSpec], item: ItemSpec
) -> str:
    """Why the answers can't be accepted, in a sentence; "" if they can."""
    for question in questions:
        rule = RULES.get(question.kind)
        reason = rule(answers.get(question.key), truth, question, item) if rule else ""
        if reason:
            return f"{question.key}: {reason}"
    return ""


def _preference(raw: Any, truth: Truth, question: QuestionSpec, item: ItemSpec) -> str:
    a, b = (truth.of(letter, question.key) for letter in ("a", "b"))
    better = "a" if a > b else "b"
    if raw and raw["choice"] in "ab" and raw["choice"] != better and abs(a - b) > CLEARLY:
        return "the other image is clearly better."
    return ""


def _rating(raw: Any, truth: Truth, question: QuestionSpec, item: ItemSpec) -> str:
    low, high = question.scale_min or 0, question.scale_max or 1
    for letter, value in raw["ratings"].items() if raw else ():
        if value is None:
            continue
        unit = (value - low) / (high - low)
        if abs(unit - truth.of(letter, question.key)) > CLEARLY:
            return f"{value} is far from what image {letter} deserves."
    return ""


def _marks(raw: Any, truth: Truth, question: QuestionSpec, item: ItemSpec) -> str:
    for letter, points in raw["marks"].items() if raw else ():
        for kind, x, y, radius in truth.flaws.get(letter, ()):
            near = (NEAR * radius) ** 2
            hit = any((p["x"] - x) ** 2 + (p["y"] - y) ** 2 <= near for p in points)
            if kind == question.key and not hit:
                return f"the flaw in image {letter} is not marked."
    return ""


Rule = Callable[[Any, Truth, QuestionSpec, ItemSpec], str]
RULES: Mapping[str, Rule] = {"preference": _preference, "rating": _rating, "marks": _marks}
