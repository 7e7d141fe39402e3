"""Single values of a manifest: texts as they are kept, and why one can't be."""

import re
import unicodedata
from typing import Any

import msgspec

from annotator.core.reasons import Code, Reason
from scoring.tokens import normalise_spacing

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALVES = re.compile(r"[\ud800-\udfff]")


class UnfitValue(Exception):
    """Why a row is left out, and the file it is about."""

    def __init__(self, reason: Reason, file: str = "") -> None:
        super().__init__(str(reason.code))
        self.reason = reason
        self.file = file


def text(value: object, name: str, most: int) -> str:
    """The text with line breaks and tabs as spaces, ends stripped; "" for none.

    Raises UnfitValue.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnfitValue(Reason(Code.VALUE_NOT_TEXT, name=name))
    check_utf8(value, name)
    found = normalise_spacing(value)
    if len(found) > most:
        raise UnfitValue(Reason(Code.VALUE_TOO_LONG, name=name, length=len(found), max=most))
    if not found.isprintable() and _UNFIT.search(found):
        raise UnfitValue(Reason(Code.VALUE_CONTROL_CHARACTERS, name=name))
    return found


def composed(value: object, name: str, most: int) -> str:
    """The same as Unicode composes it (NFC): texts that look the same are the same."""
    written = unicodedata.normalize("NFC", value) if isinstance(value, str) else value
    return text(written, name, most)


def decoded(value: str, name: str, about: str = "") -> Any:
    """The list of images that a table's cell has as JSON. Raises UnfitValue about a file."""
    check_utf8(value, name)
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnfitValue(Reason(Code.IMAGES_NOT_A_LIST), about) from error


def check_utf8(value: str, name: str) -> None:
    """Raises UnfitValue for halves of characters, which UTF-8 does not have."""
    if not value.isascii() and _HALVES.search(value):
        raise UnfitValue(Reason(Code.VALUE_NOT_UTF8, name=name))
