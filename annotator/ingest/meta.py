"""What comes with an image or an item: a flat object of texts, numbers, true and false."""

import json
import math
from collections.abc import Iterable, Mapping

from annotator.core.reasons import Code, Reason
from annotator.ingest.values import UnfitValue, composed
from annotator.items.models import FlatMeta, MetaValue

CATEGORY = "category"
MOST_KEYS = 32
LONGEST_KEY = 60
LONGEST_TEXT = 500
MOST_CHARACTERS = 4_000
# A column of a table may stand for one key: `meta.seed`, as pandas writes it, or `meta_seed`.
PREFIX, DIVIDERS = "meta", frozenset("._")
# What fits into 64 bits, with a sign or without.
SMALLEST, LARGEST = -(1 << 63), (1 << 64) - 1


def meta_of(row: Mapping[str, object]) -> FlatMeta:
    """What a row or an image of it says in `meta`, and in columns of single keys.

    Raises UnfitValue.
    """
    found = dict(_entries(row.get("meta")))
    for column, value in row.items():
        key = key_of_column(column)
        if not key or value is None or value == "":
            continue
        if key in found:
            raise UnfitValue(Reason(Code.META_KEY_TWICE, name=key[:LONGEST_KEY]))
        found[key] = number_or_text(value) if isinstance(value, str) else value
    kept: FlatMeta = {}
    for name, value in found.items():
        key, one = _key(name), _value(name, value)
        if one is not None:
            kept[key] = one
    _check_size(kept)
    return kept


def category_of(row: Mapping[str, object]) -> FlatMeta:
    """The row's prompt category as one entry; none for none. Raises UnfitValue."""
    value = _value(CATEGORY, row.get(CATEGORY))
    return {} if value is None else {CATEGORY: value}


def shared(metas: Iterable[FlatMeta]) -> FlatMeta:
    """The category that all of these have in common, as one entry."""
    values = [meta.get(CATEGORY) for meta in metas]
    if not values or values[0] is None or any(value != values[0] for value in values):
        return {}
    return {CATEGORY: values[0]}


def key_of_column(name: str) -> str:
    """The key that a column stands for by its name; "" for other columns."""
    divider = len(PREFIX)
    if name[divider : divider + 1] in DIVIDERS and name[:divider].lower() == PREFIX:
        return name[divider + 1 :].strip()
    return ""


def number_or_text(value: str) -> MetaValue:
    """A cell of CSV, which has no types: a number where JSON would read one, else the text."""
    try:
        found = json.loads(value) if value[:1] in "-0123456789" else value
    except ValueError:
        return value
    return found if isinstance(found, int | float) else value


def _entries(raw: object) -> Iterable[tuple[str, object]]:
    if raw is None or raw == "":
        return ()
    if isinstance(raw, str):
        # In a cell of CSV the object is text.
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise UnfitValue(Reason(Code.META_NOT_AN_OBJECT)) from error
    if isinstance(raw, list) and all(isinstance(one, tuple) for one in raw):
        raw = dict(raw)  # a map of parquet
    if not isinstance(raw, Mapping):
        raise UnfitValue(Reason(Code.META_NOT_AN_OBJECT))
    return raw.items()


def _key(name: object) -> str:
    key = composed(str(name), "meta", LONGEST_KEY)
    if not key:
        raise UnfitValue(Reason(Code.META_KEY_EMPTY))
    return key


def _value(name: str, value: object) -> MetaValue | None:
    """The value as it is kept; None for none, as tables have it (null, NaN, empty text)."""
    named = f"meta.{str(name)[:LONGEST_KEY]}" if name != CATEGORY else CATEGORY
    match value:
        case None:
            return None
        case bool():
            return value
        case str():
            return composed(value, named, LONGEST_TEXT) or None
        case int():
            if not SMALLEST <= value <= LARGEST:
                raise UnfitValue(Reason(Code.META_NUMBER_TOO_LARGE, name=named))
            return value
        case float():
            if math.isnan(value):
                return None
            if math.isinf(value):
                raise UnfitValue(Reason(Code.META_NUMBER_TOO_LARGE, name=named))
            return value
    raise UnfitValue(Reason(Code.META_NOT_FLAT, name=named))


def _check_size(meta: FlatMeta) -> None:
    if len(meta) > MOST_KEYS:
        raise UnfitValue(Reason(Code.META_TOO_MANY_KEYS, count=len(meta), max=MOST_KEYS))
    length = len(json.dumps(meta, ensure_ascii=False)) if meta else 0
    if length > MOST_CHARACTERS:
        raise UnfitValue(Reason(Code.META_TOO_LONG, length=length, max=MOST_CHARACTERS))
