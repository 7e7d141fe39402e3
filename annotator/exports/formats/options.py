"""What can be chosen about exports: declarations, their checked values, and those that many share.

From a declaration come the checks, the API's form and the command's `--option name=value`; what an
option is called, and help about it, is in annotator/i18n.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.maps import Drawing
from annotator.exports.read.draws import percents_of
from annotator.exports.store.images import ENCODINGS

Value = float | int | str | bool
BATCHES = re.compile(r"|\d{1,9}(,\d{1,9}){0,99}")
WORDS = {"true": True, "yes": True, "false": False, "no": False}


class OptionType(StrEnum):
    """What is chosen."""

    NUMBER = "number"
    CHOICE = "choice"
    QUESTION = "question"  # one of the project's, or all
    BOOL = "bool"
    SPLIT = "split"  # percents of train, valid and test: "90/5/5"
    BATCHES = "batches"  # numbers of batches with commas between, or nothing for all


@dataclass(frozen=True, slots=True)
class ExportOption:
    """One thing that can be chosen about an export.

    `minimum`, `maximum` (both included) and `whole` are a number's. `rare`: few will set it.
    `needs`: it says nothing unless other options have these values. `help` is in English, where it
    is offered.
    """

    name: str
    type: OptionType
    default: Any
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    rare: bool = False
    needs: Mapping[str, str] = field(default_factory=dict)
    help: str = ""

    def misfit(self, value: object) -> Reason | None:
        """Why a value is none of this option; None if it is one."""
        match self.type:
            case OptionType.NUMBER:
                return None if self._is_number(value) else self._bounds()
            case OptionType.CHOICE | OptionType.QUESTION:
                fits = isinstance(value, str) and value in self.choices
                return None if fits else Reason(Code.NOT_A_CHOICE, choices=self.choices)
            case OptionType.BOOL:
                return None if isinstance(value, bool) else Reason(Code.NOT_A_BOOLEAN)
            case OptionType.SPLIT:
                fits = isinstance(value, str) and percents_of(value) is not None
                return None if fits else Reason(Code.NOT_A_SPLIT)
            case OptionType.BATCHES:
                fits = isinstance(value, str) and BATCHES.fullmatch(value) is not None
                return None if fits else Reason(Code.NOT_A_LIST_OF_BATCHES)

    def typed(self, text: str) -> object:
        """The value that was typed on a command line; what can't be read stays text."""
        if self.type is OptionType.BOOL:
            return WORDS.get(text.lower(), text)
        if self.type is OptionType.NUMBER:
            try:
                return float(text)
            except ValueError:
                return text
        return text

    def value_of(self, given: Any) -> Value:
        """A value that fits, in its own type."""
        if self.type is OptionType.NUMBER:
            return int(given) if self.whole else float(given)
        value: Value = given
        return value

    def _is_number(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        inside = math.isfinite(value) and low <= value <= high
        return inside and (not self.whole or value == int(value))

    def _bounds(self) -> Reason:
        code = Code.WHOLE_NUMBER_RANGE if self.whole else Code.NUMBER_RANGE
        return Reason(code, min=self.minimum or 0, max=self.maximum or 0)


def number(name: str, default: float, minimum: float, maximum: float, **more: Any) -> ExportOption:
    """A number from `minimum` to `maximum`."""
    return ExportOption(
        name, OptionType.NUMBER, float(default), minimum=minimum, maximum=maximum, **more
    )


def whole(name: str, default: int, minimum: int, maximum: int, **more: Any) -> ExportOption:
    """A number without a fraction."""
    return replace(number(name, default, minimum, maximum, **more), default=default, whole=True)


def choice(name: str, choices: Iterable[str], default: str = "", **more: Any) -> ExportOption:
    """One of `choices`, the first if nothing else is said."""
    known = tuple(str(one) for one in choices)
    return ExportOption(name, OptionType.CHOICE, default or known[0], choices=known, **more)


def question(name: str, choices: Iterable[str], default: str = "") -> ExportOption:
    """One of the project's questions by its key."""
    known = tuple(choices)
    first = next(iter(known), "")
    return ExportOption(name, OptionType.QUESTION, default or first, choices=known)


def switch(name: str, *, default: bool, rare: bool = False) -> ExportOption:
    """Yes or no."""
    return ExportOption(name, OptionType.BOOL, default, rare=rare)


@dataclass(frozen=True, slots=True)
class Options:
    """Checked values of all of a format's options, the defaults filled in."""

    values: Mapping[str, Value]

    def number(self, name: str) -> float:
        """A number; 0 for an option that the format does not have."""
        return float(self.values.get(name, 0))

    def whole(self, name: str) -> int:
        """The same without a fraction."""
        return int(self.values.get(name, 0))

    def text(self, name: str, default: str = "") -> str:
        """A choice or a text; `default` for an option that the format does not have."""
        return str(self.values.get(name, default))

    def wants(self, name: str) -> bool:
        """Whether it is switched on; False for an option that the format does not have."""
        return self.values.get(name) is True


def check_values(known: Iterable[ExportOption], given: Mapping[str, object]) -> Options:
    """The values with defaults filled in; Invalid names every unknown and every wrong one."""
    by_name = {option.name: option for option in known}
    reasons: dict[str, Reason] = {
        name: Reason(Code.NO_SUCH_OPTION) for name in given if name not in by_name
    }
    values = {name: option.value_of(option.default) for name, option in by_name.items()}
    for name in given.keys() & by_name.keys():
        reason = by_name[name].misfit(given[name])
        if reason is None:
            values[name] = by_name[name].value_of(given[name])
        else:
            reasons[name] = reason
    if reasons:
        names = tuple(sorted(reasons))
        raise Invalid(Reason(Code.OPTIONS_INVALID, names=names), fields=reasons)
    return Options(dict(sorted(values.items())))


SIGNED_OFF, ALL_SETTLED = "signed_off", "all_settled"
ANSWERS_OF = choice("answers_of", (SIGNED_OFF, ALL_SETTLED))
PARTIAL = switch("partial", default=False)
IMAGES, IMAGES_ASKED = switch("images", default=True), switch("images", default=False)
ENCODING = choice("encoding", ENCODINGS, rare=True)
SPLIT = (
    ExportOption("split", OptionType.SPLIT, "90/5/5"),
    whole("seed", 0, 0, 2**31 - 1, rare=True),
)
GAUSSIAN, DISK, IN_PIXELS = "gaussian", "disk", "px"


def drawing(kind: str) -> tuple[ExportOption, ...]:
    """Shape and size of maps; `kind` is what they are if nobody says otherwise."""
    gaussian = {"kind": GAUSSIAN}
    presets = ("equal_moment", "half_height", IN_PIXELS)
    return (
        choice("kind", (GAUSSIAN, DISK), kind),
        choice("sigma", presets, rare=True, needs=gaussian),
        number("sigma_px", 12.8, 0.1, 1024, rare=True, needs={**gaussian, "sigma": IN_PIXELS}),
        whole("size", 512, 16, 4096),
    )


def drawing_of(options: Options, height: int | None = None) -> Drawing:
    """The chosen ones as arithmetic takes them; `height`: of a map of another size."""
    size, sigma = height or options.whole("size"), options.text("sigma")
    if options.text("kind") == DISK:
        return Drawing.disk(size)
    if sigma == IN_PIXELS:
        return Drawing.gaussian(size, options.number("sigma_px"))
    return Drawing.gaussian(size, "half_height" if sigma == "half_height" else "equal_moment")
