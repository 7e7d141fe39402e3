"""Why something is refused, undefined, lacking or warned of: a code with values, never a sentence.

The sentences stand once a language in ``annotator/i18n``, for the command line and the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | tuple[str, ...]


class Code(StrEnum):
    """The reasons that arithmetic gives."""


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """``Reason(Code.FEW_ITEMS, n=3, least=6)``: a code, and the values that its sentence names."""

    code: StrEnum
    params: Mapping[str, Value]

    def __init__(self, code: StrEnum, /, **params: Value) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.params.items()))))

    def __str__(self) -> str:
        """For logs of programs that have no catalog: ``few_items (least=6, n=3)``."""
        values = ", ".join(f"{name}={value}" for name, value in sorted(self.params.items()))
        return f"{self.code} ({values})" if values else str(self.code)
