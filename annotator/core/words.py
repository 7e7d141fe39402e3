"""The catalogs of sentences in `annotator/i18n`, which the command line and the browser both read.

A text names its values so: `{{n}}`, `{{n, number}}` with commas, `{{names, list}}`.
The form for one thing stands under its key with `_one`; the value `count` says how many there are.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
CATALOGS = Path(__file__).resolve().parents[1] / "i18n"

_PLACE = re.compile(r"\{\{\s*(\w+)\s*(?:,\s*(\w+)\s*)?\}\}")


@cache
def catalog(name: str, language: str = ENGLISH) -> Mapping[str, Any]:
    """One file of texts by their keys, e.g. `reasons`."""
    path = CATALOGS / language / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def fill(name: str, key: str, values: Mapping[str, Any], language: str = ENGLISH) -> str:
    """The text under `key` with its values; KeyError where there is none."""
    texts = catalog(name, language)
    one = texts.get(f"{key}_one") if values.get("count") == 1 else None
    text: str = one or texts[key]
    return _PLACE.sub(lambda found: _shown(values[found[1]], found[2] or ""), text)


def placeholders(text: str) -> set[str]:
    """The names of the values that a text takes."""
    return {found[1] for found in _PLACE.finditer(text)}


def _shown(value: Any, form: str) -> str:
    if form == "number":
        return f"{value:,}"
    if form == "list":
        return ", ".join(map(str, value))
    return str(value)
