"""A reader of TFRecords that shares nothing with the writer: a walk over the wire format."""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

Value = bytes | np.float32


def features_in(path: Path) -> list[dict[str, Value]]:
    """The features of each record; what a feature holds is one value."""
    found = []
    data = path.read_bytes()
    while data:
        (length,) = struct.unpack_from("<Q", data)
        found.append(_example(data[12 : 12 + length]))
        data = data[12 + length + 4 :]
    return found


def _example(data: bytes) -> dict[str, Value]:
    ((_, features),) = _fields(data)
    entries = [dict(_fields(entry)) for _, entry in _fields(features)]
    return {entry[1].decode(): _value(entry[2]) for entry in entries}


def _value(feature: bytes) -> Value:
    ((kind, values),) = _fields(feature)
    ((_, value),) = _fields(values)
    return value if kind == 1 else np.frombuffer(value, "<f4")[0]


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        length, at = _varint(data, at)
        yield tag >> 3, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
