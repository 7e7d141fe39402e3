"""TFRecord files of `tf.train.Example`s.

A record's frame is its length, masked CRC of the length, data, masked CRC of the data
(tensorflow/core/lib/io/record_writer.cc and lib/hash/crc32c.h). CRC-32C (Castagnoli, reflected
0x82F63B78) goes by whole blocks: what a byte does to the CRC depends only on its value and on how
far from the block's end it stands, so one look-up in a table of (distance, value) and one XOR over
the block replace a walk byte by byte: 70 MB/s and more in NumPy.

An Example is protocol buffers' wire format by hand, for the one message that is written
(core/example/{example,feature}.proto): Example.features = 1; Features.feature = 1, a map whose
entries have key = 1 and value = 2; Feature.bytes_list = 1 or float_list = 2; BytesList.value = 1;
FloatList.value = 1, packed. All of them are of wire type 2: a tag, a length, that many bytes.
"""

import struct
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

BLOCK = 4096
POLYNOMIAL = 0x82F63B78
MASK_DELTA = 0xA282EAD8
FULL = 0xFFFFFFFF

LENGTH_DELIMITED = 2
BYTES_LIST, FLOAT_LIST = 1, 2

Feature = bytes | float
UintArray = np.ndarray[Any, np.dtype[np.uint32]]


def example(features: Mapping[str, Feature]) -> bytes:
    """The serialised Example; each feature is one value, bytes or a number kept as float32.

    Names ascend by their UTF-8 bytes, as in TensorFlow's deterministic serialisation.
    """
    entries = (
        _field(1, _field(1, name.encode()) + _field(2, _feature(features[name])))
        for name in sorted(features, key=str.encode)
    )
    return _field(1, b"".join(entries))


def _feature(value: Feature) -> bytes:
    if isinstance(value, bytes):
        return _field(BYTES_LIST, _field(1, value))
    return _field(FLOAT_LIST, _field(1, struct.pack("<f", value)))


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | LENGTH_DELIMITED]) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def framed(data: bytes) -> bytes:
    """One record of a TFRecord file."""
    length = struct.pack("<Q", len(data))
    return b"".join(
        (length, struct.pack("<I", masked(length)), data, struct.pack("<I", masked(data)))
    )


def masked(data: bytes) -> int:
    """The masked CRC-32C, as TFRecord stores it."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & FULL


def crc32c(data: bytes) -> int:
    """CRC-32C of the data; crc32c(b"123456789") is 0xE3069283 (RFC 3720, B.4 has more)."""
    crc = FULL
    view = np.frombuffer(data, np.uint8)
    head = len(data) % BLOCK
    if head:
        crc = _block(view[:head], crc)
    for start in range(head, len(data), BLOCK):
        crc = _block(view[start : start + BLOCK], crc)
    return crc ^ FULL


def _block(block: np.ndarray[Any, np.dtype[np.uint8]], crc: int) -> int:
    table = _tables()
    size = len(block)
    if size < 4:
        bytewise = table[0]
        for byte in block:
            crc = int(bytewise[(crc ^ int(byte)) & 0xFF]) ^ crc >> 8
        return crc
    start = block[:4] ^ np.array(_crc_bytes(crc), np.uint8)
    found = np.bitwise_xor.reduce(table[np.arange(size - 5, -1, -1), block[4:]]) if size > 4 else 0
    front = np.bitwise_xor.reduce(table[np.arange(size - 1, size - 5, -1), start])
    return int(found) ^ int(front)


def _crc_bytes(crc: int) -> tuple[int, int, int, int]:
    return crc & 0xFF, crc >> 8 & 0xFF, crc >> 16 & 0xFF, crc >> 24


@cache
def _tables() -> UintArray:
    """(BLOCK, 256): what a byte at this distance from the block's end adds to the CRC."""
    tables: UintArray = np.empty((BLOCK, 256), np.uint32)
    value: UintArray = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        value = np.bitwise_xor(value >> 1, (value & 1) * np.uint32(POLYNOMIAL))
    tables[0] = value
    for distance in range(1, BLOCK):
        before = tables[distance - 1]
        tables[distance] = tables[0][before & 0xFF] ^ before >> 8
    return tables
