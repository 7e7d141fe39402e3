"""`tf.train.Example` as bytes: what a TFRecord's records hold.

Protocol buffers' wire format by hand, for the one message that is written (tensorflow's
core/example/{example,feature}.proto): Example.features = 1; Features.feature = 1, a map whose
entries have key = 1 and value = 2; Feature.bytes_list = 1 or float_list = 2; BytesList.value = 1;
FloatList.value = 1, packed. All of them are of wire type 2: a tag, a length, that many bytes.
"""

import struct
from collections.abc import Mapping

LENGTH_DELIMITED = 2
BYTES_LIST, FLOAT_LIST = 1, 2

Feature = bytes | float


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
