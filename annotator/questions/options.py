"""What people say of options: the same of flags that are ticked and of flaws that are drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from annotator.questions import reading
from annotator.questions.types import QuestionSpec, Unit, Vote


def options_named(value: Any, where: str, question: QuestionSpec) -> list[str]:
    """A list of the question's options, each once, in the question's order."""
    names = [
        reading.one_of(name, question.options, question)
        for name in reading.listed(value, where, question)
    ]
    reading.once(names, where, question)
    return sorted(names, key=question.options.index)


def option_votes(told: Mapping[str, Set[str]], question: QuestionSpec) -> tuple[Vote, ...]:
    """Whether each option is among those `told` of an image, of the images that are there."""
    return tuple(
        Vote(Unit(letter, option), option in names)
        for letter, names in told.items()
        for option in question.options
    )


def option_counts(
    people: Sequence[Mapping[str, Set[str]]], letter: str, question: QuestionSpec, prefix: str
) -> dict[str, int]:
    """How many judged the image, and how many of them told each option, named with a prefix."""
    judged = [told[letter] for told in people if letter in told]
    counts = Counter(name for names in judged for name in names)
    return {
        "people": len(judged),
        **{f"{prefix}{name}": counts[name] for name in question.options},
    }
