"""Values as exports write them down: JSON and CSV."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec

_QUICK_JSON = msgspec.json.Encoder()
_EXPONENT = re.compile(rb"e-?[0-9]+(?:[],}]|$)")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_bytes(value: Any) -> bytes:
    """A value as exports write JSON: UTF-8, no spaces, floats as Python writes them."""
    quick = _QUICK_JSON.encode(value)
    if b"0.0000" in quick or _EXPONENT.search(quick):
        # Of floats below 0.0001 and from 1e16 on the two write the same number in other words.
        return _JSON.encode(value).encode()
    return quick


def json_text(value: Any) -> str:
    """The same as text, for a column of a table."""
    return json_bytes(value).decode()


def csv_line(cells: Sequence[object]) -> bytes:
    """One line of RFC 4180, UTF-8; text that a spreadsheet would run begins with an apostrophe."""
    safe = [f"'{c}" if isinstance(c, str) and c.startswith(FORMULA) else c for c in cells]
    out = io.StringIO(newline="")
    csv.writer(out).writerow(safe)
    return out.getvalue().encode()
