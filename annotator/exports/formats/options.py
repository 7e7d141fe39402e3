"""Typed declarations of what can be chosen about an export, and their checked values.

From a declaration come the checks, the API's form and the command's `--option name=value`.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.errors import Invalid
from annotator.exports.splits import read_ratios

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


@dataclass(frozen=True, slots=True)
class TextOption:
    """A short text that `pattern` matches as a whole; `rule` says it in words."""

    name: str
    default: str
    pattern: str
    rule: str
    help: str

    def read(self, given: object) -> Value:
        """The value; ValueError in words for anything else."""
        if not isinstance(given, str) or not re.fullmatch(self.pattern, given):
            raise ValueError(f"it has to be {self.rule}.")
        return given

    def read_text(self, text: str) -> Value:
        """The value of what was typed."""
        return self.read(text)

    def describe(self) -> dict[str, Any]:
        """As the API's form shows it."""
        return {
            "name": self.name,
            "type": "text",
            "default": self.default,
            "pattern": self.pattern,
            "rule": self.rule,
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class RatiosOption:
    """Percents of train, valid and test: "90/5/5"."""

    name: str
    default: str
    help: str

    def read(self, given: object) -> Value:
        """The value; ValueError in words for anything else."""
        if not isinstance(given, str):
            raise ValueError("it has to be three whole percents, such as 90/5/5.")
        read_ratios(given)
        return given

    def read_text(self, text: str) -> Value:
        """The value of what was typed."""
        return self.read(text)

    def describe(self) -> dict[str, Any]:
        """As the API's form shows it."""
        return {
            "name": self.name,
            "type": "text",
            "default": self.default,
            "pattern": r"\d{1,3}/\d{1,3}/\d{1,3}",
            "rule": "three whole percents that make 100, such as 90/5/5",
            "help": self.help,
        }


Option = NumberOption | ChoiceOption | BoolOption | TextOption | RatiosOption


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

    def text(self, name: str) -> str:
        """The value of a TextOption."""
        return str(self.values[name])

    def wants(self, name: str) -> bool:
        """The value of a BoolOption; False for one that the format does not have."""
        return self.values.get(name) is True


def check_values(known: Iterable[Option], given: Mapping[str, object], *, of: str) -> Options:
    """The values with defaults filled in; Invalid names every unknown and every wrong one."""
    by_name = {option.name: option for option in known}
    reasons: dict[str, object] = {
        name: f"the format {of} has no such option." for name in given if name not in by_name
    }
    values: dict[str, Value] = {name: option.default for name, option in by_name.items()}
    for name in given.keys() & by_name.keys():
        try:
            values[name] = by_name[name].read(given[name])
        except ValueError as error:
            reasons[name] = str(error)
    if reasons:
        said = " ".join(f"“{name}”: {reason}" for name, reason in sorted(reasons.items()))
        raise Invalid(f"The options can't be accepted. {said}", fields=reasons)
    whole = {name for name, o in by_name.items() if isinstance(o, NumberOption) and o.whole}
    return Options({n: int(v) if n in whole else v for n, v in sorted(values.items())})
