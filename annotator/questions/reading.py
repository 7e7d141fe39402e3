"""Reading the JSON of an answer: each step says why it can't take something."""

import math
from collections.abc import Hashable, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions.types import AnswerInvalid, QuestionSpec

_SHOWN = 40


def shown(value: object) -> str:
    """A value as a message may repeat it: short, and nothing but printable ASCII."""
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def content(raw: Any, name: str, question: QuestionSpec) -> Any:
    """What stands under `name` in an object that holds this name and nothing else."""
    return contents(raw, (name,), question)[name]


def contents(raw: Any, names: Sequence[str], question: QuestionSpec) -> dict[str, Any]:
    """What stands under each of `names`, in an object that holds these and nothing else."""
    listed_names = ", ".join(names)
    if not isinstance(raw, dict):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_AN_OBJECT, name=listed_names))
    unknown = [key for key in raw if key not in names]
    if unknown:
        raise AnswerInvalid(
            question, Reason(Code.ANSWER_UNKNOWN_KEY, key=shown(unknown[0]), name=listed_names)
        )
    missing = [name for name in names if name not in raw]
    if missing:
        raise AnswerInvalid(question, Reason(Code.ANSWER_KEY_MISSING, name=missing[0]))
    return {name: raw[name] for name in names}


def by_letter(
    raw: Any, name: str, question: QuestionSpec, letters: Sequence[str]
) -> dict[str, Any]:
    """letter → what is answered of that image, for all of `letters` and no others."""
    found = content(raw, name, question)
    if not isinstance(found, dict):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_BY_LETTER, name=name))
    for letter in found:
        if letter not in letters:
            raise AnswerInvalid(question, Reason(Code.ANSWER_NO_SUCH_IMAGE, image=shown(letter)))
    missing = [letter for letter in letters if letter not in found]
    if missing:
        raise AnswerInvalid(question, Reason(Code.ANSWER_IMAGE_MISSING, image=missing[0]))
    return {letter: found[letter] for letter in letters}


def listed(value: Any, where: str, question: QuestionSpec) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_LIST, where=where))
    return value


def once(values: Sequence[Hashable], where: str, question: QuestionSpec) -> None:
    """Refuses a value that is there twice."""
    for place, value in enumerate(values):
        if value in values[:place]:
            raise AnswerInvalid(
                question, Reason(Code.ANSWER_TWICE, where=where, value=shown(value))
            )


def whole(value: Any, low: int, high: int, where: str, question: QuestionSpec) -> int:
    """A whole number from low to high; neither 4.0 nor true is one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise AnswerInvalid(
            question, Reason(Code.ANSWER_NOT_WHOLE, where=where, value=shown(value))
        )
    if not low <= value <= high:
        raise AnswerInvalid(
            question, Reason(Code.ANSWER_OUT_OF_RANGE, where=where, low=low, high=high)
        )
    return value


def fraction(value: Any, where: str, question: QuestionSpec) -> float:
    """A finite number in [0, 1]."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerInvalid(
            question, Reason(Code.ANSWER_NOT_A_NUMBER, where=where, value=shown(value))
        )
    if not math.isfinite(value) or not 0 <= value <= 1:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_FRACTION, where=where))
    return float(value)


def one_of(value: Any, choices: Sequence[str], question: QuestionSpec) -> str:
    """One of the strings on offer."""
    if not isinstance(value, str) or value not in choices:
        raise AnswerInvalid(
            question,
            Reason(Code.ANSWER_NOT_OFFERED, value=shown(value), offered=tuple(choices)),
        )
    return value
