"""The one interface of all formats, and the typed declarations of their options.

A format is one file of this folder that ends in one `Format`, and one line in registry.py. From
its option declarations come the checks, the API's form and the command's `--option name=value`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from annotator.core.errors import Invalid
from annotator.exports.folder import Folder
from annotator.exports.reading import Source
from annotator.questions.types import QuestionSpec

Value = float | int | str | bool


@dataclass(frozen=True, slots=True)
class NumberOption:
    """A number from `minimum` to `maximum`, both included; `whole`: no fraction."""

    name: str
    default: float
    minimum: float
    maximum: float
    help: str
    whole: bool = False

    def read(self, given: object) -> Value:
        """The value; ValueError in words for anything else."""
        kind = "a whole number" if self.whole else "a number"
        bounds = f"it has to be {kind} from {self.minimum:g} to {self.maximum:g}."
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise ValueError(bounds)
        if not math.isfinite(given) or not self.minimum <= given <= self.maximum:
            raise ValueError(bounds)
        if self.whole and given != int(given):
            raise ValueError(bounds)
        return int(given) if self.whole else float(given)

    def read_text(self, text: str) -> Value:
        """The value of what was typed."""
        try:
            return self.read(float(text))
        except ValueError:
            return self.read(text)

    def describe(self) -> dict[str, Any]:
        """As the API's form shows it."""
        return {
            "name": self.name,
            "type": "number",
            "default": int(self.default) if self.whole else self.default,
            "min": self.minimum,
            "max": self.maximum,
            "whole": self.whole,
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One of `choices`."""

    name: str
    default: str
    choices: tuple[str, ...]
    help: str

    def read(self, given: object) -> Value:
        """The value; ValueError in words for anything else."""
        if not isinstance(given, str) or given not in self.choices:
            raise ValueError(f"it has to be one of: {', '.join(self.choices)}.")
        return given

    def read_text(self, text: str) -> Value:
        """The value of what was typed."""
        return self.read(text)

    def describe(self) -> dict[str, Any]:
        """As the API's form shows it."""
        return {
            "name": self.name,
            "type": "choice",
            "default": self.default,
            "choices": list(self.choices),
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class BoolOption:
    """Yes or no."""

    name: str
    default: bool
    help: str

    def read(self, given: object) -> Value:
        """The value; ValueError in words for anything else."""
        if not isinstance(given, bool):
            raise ValueError("it has to be true or false.")
        return given

    def read_text(self, text: str) -> Value:
        """The value of what was typed: true, false, yes, no."""
        words = {"true": True, "yes": True, "false": False, "no": False}
        return self.read(words.get(text.lower(), text))

    def describe(self) -> dict[str, Any]:
        """As the API's form shows it."""
        return {"name": self.name, "type": "bool", "default": self.default, "help": self.help}


Option = NumberOption | ChoiceOption | BoolOption


@dataclass(frozen=True, slots=True)
class Options:
    """Checked values of all of a format's options, the defaults filled in."""

    values: Mapping[str, Value]

    def number(self, name: str) -> float:
        """The value of a NumberOption."""
        return float(self.values[name])

    def whole(self, name: str) -> int:
        """The value of a whole NumberOption."""
        return int(self.values[name])

    def choice(self, name: str) -> str:
        """The value of a ChoiceOption."""
        return str(self.values[name])

    def wants(self, name: str) -> bool:
        """The value of a BoolOption."""
        return self.values[name] is True


@dataclass(frozen=True, slots=True)
class Summary:
    """What the manifest says of the rows: how many, how they came to be, what each field means.

    `items`: how many items the rows are about. `left_out`: what is not in them, counted by reason.
    """

    rows: int
    items: int
    aggregation: Mapping[str, Any]
    schema: Mapping[str, Any]
    left_out: Mapping[str, Any] = field(default_factory=dict)


Questions = Sequence[QuestionSpec]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write down what was judged.

    `why_not(questions)` says in words why a project's questions don't fit, None if they do.
    `options(questions)` declares what can be chosen (a dimension's choices are the questions').
    `write(source, folder, options)` streams from one to the other, in the source's order, and
    gives the same bytes for the same data. `version` changes whenever the bytes do.
    """

    name: str
    version: str
    title: str
    why_not: Callable[[Questions], str | None]
    options: Callable[[Questions], tuple[Option, ...]]
    write: Callable[[Source, Folder, Options], Summary]


def check_options(form: Format, questions: Questions, given: Mapping[str, object]) -> Options:
    """The options with defaults filled in; Invalid names every unknown and every wrong one."""
    known = {option.name: option for option in form.options(questions)}
    reasons: dict[str, object] = {
        name: f"the format {form.name} has no such option." for name in given if name not in known
    }
    values: dict[str, Value] = {name: option.default for name, option in known.items()}
    for name in given.keys() & known.keys():
        try:
            values[name] = known[name].read(given[name])
        except ValueError as error:
            reasons[name] = str(error)
    if reasons:
        said = " ".join(f"“{name}”: {reason}" for name, reason in sorted(reasons.items()))
        raise Invalid(f"The options can't be accepted. {said}", fields=reasons)
    whole = {name for name, o in known.items() if isinstance(o, NumberOption) and o.whole}
    return Options({n: int(v) if n in whole else v for n, v in sorted(values.items())})


def stamp(instant: datetime) -> str:
    """An instant as exports write it: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
