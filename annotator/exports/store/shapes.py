"""Of what type each field of JSON rows is, over all rows of an output.

`datasets` takes a file's types from the file, and all splits must have the same: where one split
holds nothing but nulls in a field, the others do not load. A card that lists the types mends it.
Source: datasets 5.2, packaged_modules/json: texts that are all stamps become points in time; where
anything is JSON of no one type all numbers are read with ten digits, so little is.
"""

import re
from typing import Any

Shape = Any
"""None of nulls alone, else the name of a type, a list of the one shape of all elements, or a
mapping of names to shapes.
"""

JSON, TEXT, STAMP = "json", "string", "timestamp[s]"
_NAMES: dict[type, str] = {bool: "bool", float: "float64"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\dZ?)?", re.ASCII)
_ALIKE = {frozenset({"int64", "float64"}): "float64", frozenset({TEXT, STAMP}): TEXT}
_LARGEST = 1 << 63
# More are no fields, but data.
_MOST_NAMES = 100


def shape_of(value: object) -> Shape:
    """One value's."""
    # The commonest first: a row has hundreds of them.
    if isinstance(value, str):
        return STAMP if value[:1].isdecimal() and _STAMP.fullmatch(value) else TEXT
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return "int64" if -_LARGEST <= value < _LARGEST else JSON
    if isinstance(value, dict):
        return {name: shape_of(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        found = None
        for one in value:
            shape = shape_of(one)
            if shape != found:
                found = merged(found, shape)
        return [found]
    return _NAMES.get(type(value), JSON)


def merged(one: Shape, other: Shape) -> Shape:
    """What values of either shape are."""
    if one == other or other is None:
        return one
    if one is None:
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        both = rows_merged(one, other)
        return both if len(both) <= _MOST_NAMES else JSON
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    if isinstance(one, str) and isinstance(other, str):
        return _ALIKE.get(frozenset({one, other}), JSON)
    return JSON


def rows_merged(one: Shape, other: Shape) -> Shape:
    """The same of whole rows: what one of them does not have is null there."""
    if not one or not other:
        return one or other
    return {name: merged(one.get(name), other.get(name)) for name in {**one, **other}}


class RowShapes:
    """All rows' shape; `steady`: that each of them has it by itself."""

    def __init__(self) -> None:
        self.shape: Shape = None
        self.steady = True

    def add(self, row: object) -> None:
        """One more row."""
        shape = shape_of(row)
        if self.shape is None:
            self.shape = shape
        elif shape != self.shape:
            self.shape, self.steady = rows_merged(self.shape, shape), False


def features_of(shape: Shape) -> list[dict[str, Any]]:
    """The fields of rows as a dataset card's head lists them, under dataset_info.features."""
    return [{"name": name, **_feature(one)} for name, one in shape.items()]


def holds_json(shape: Shape) -> bool:
    """Something within it has no one type, which only a list of types can say."""
    if isinstance(shape, dict):
        return any(map(holds_json, shape.values()))
    return holds_json(shape[0]) if isinstance(shape, list) else shape == JSON


def _feature(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, list):
        inner = _feature(shape[0])
        return {"list": inner.get("struct", inner.get("dtype", inner))}
    if isinstance(shape, dict):
        return {"struct": features_of(shape)}
    return {"dtype": shape or "null"}
