"""Reading the JSON of an answer: each step refuses in words what it can't take."""

import math
from collections.abc import Sequence
from typing import Any

from annotator.questions.types import AnswerInvalid, ItemSpec, QuestionSpec

_SHOWN = 40


def shown(value: object) -> str:
    """A value as a message may repeat it: short, and nothing but printable ASCII."""
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def content(raw: Any, name: str, question: QuestionSpec) -> Any:
    """What stands under `name` in an object that holds this name and nothing else."""
    if not isinstance(raw, dict):
        raise AnswerInvalid(question, f"it has to be an object with “{name}”.")
    unknown = [key for key in raw if key != name]
    if unknown:
        raise AnswerInvalid(
            question, f"{shown(unknown[0])} means nothing here, only “{name}” does."
        )
    if name not in raw:
        raise AnswerInvalid(question, f"“{name}” is missing.")
    return raw[name]


def by_letter(
    raw: Any, name: str, question: QuestionSpec, letters: Sequence[str]
) -> dict[str, Any]:
    """letter → what was said of that image, for all of `letters` and no others."""
    found = content(raw, name, question)
    if not isinstance(found, dict):
        raise AnswerInvalid(question, f"“{name}” has to be an object with the images' letters.")
    for letter in found:
        if letter not in letters:
            raise AnswerInvalid(question, f"there is no image {shown(letter)} to be asked about.")
    missing = [letter for letter in letters if letter not in found]
    if missing:
        raise AnswerInvalid(question, f"image {missing[0]} has no answer.")
    return {letter: found[letter] for letter in letters}


def listed(value: Any, name: str, question: QuestionSpec) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise AnswerInvalid(question, f"“{name}” has to be a list.")
    return value


def whole(value: Any, low: int, high: int, name: str, question: QuestionSpec) -> int:
    """A whole number from low to high; neither 4.0 nor true is one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise AnswerInvalid(question, f"{name} has to be a whole number, not {shown(value)}.")
    if not low <= value <= high:
        raise AnswerInvalid(question, f"{name} has to be from {low} to {high}.")
    return value


def fraction(value: Any, name: str, question: QuestionSpec) -> float:
    """A finite number in [0, 1]."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerInvalid(question, f"{name} has to be a number, not {shown(value)}.")
    if not math.isfinite(value) or not 0 <= value <= 1:
        raise AnswerInvalid(question, f"{name} has to be a fraction of the image, from 0 to 1.")
    return float(value)


def one_of(value: Any, choices: Sequence[str], question: QuestionSpec) -> str:
    """One of the strings on offer."""
    if not isinstance(value, str) or value not in choices:
        offered = ", ".join(choices)
        raise AnswerInvalid(question, f"{shown(value)} is not on offer; one of {offered} is.")
    return value


def all_letters(item: ItemSpec, question: QuestionSpec, at_least: int) -> tuple[str, ...]:
    """The item's letters; refuses items with too few images for this question."""
    if len(item.letters) < at_least:
        raise AnswerInvalid(question, f"it takes {at_least} images, this item has fewer.")
    return item.letters
