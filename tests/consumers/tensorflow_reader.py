"""Reads TFRecord files with TensorFlow itself, and writes them again with its own writer.

    tensorflow_reader.py FILE … → {FILE: {"records": [{feature: value}], "identical": bool}}

or, of a file that TensorFlow refuses, {FILE: {"error": its words}}. A value is
{"kind": "float_list" | "int64_list", "values": […]} or {"kind": "bytes_list", "values": [{"bytes":
how many, "sha256", "text" if it is UTF-8, "image" if it is PNG or JPEG: {"shape", "min", "max",
"sha256" of the one-channel pixels}}]}; the kind of an empty feature is null. `identical` says
whether TensorFlow's own deterministic writer makes the very same bytes of what it has read.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError


def described(value: bytes) -> dict[str, Any]:
    about: dict[str, Any] = {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    if value.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        # As RichHF's own example script decodes the maps.
        pixels = tf.image.decode_image(value, channels=1).numpy()
        about["image"] = {
            "shape": list(pixels.shape),
            "min": int(pixels.min()),
            "max": int(pixels.max()),
            "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        }
    else:
        try:
            about["text"] = value.decode()
        except UnicodeDecodeError:
            about["text"] = None
    return about


def features(example: tf.train.Example) -> dict[str, Any]:
    found = {}
    for name, feature in example.features.feature.items():
        kind = feature.WhichOneof("kind")
        values = list(getattr(feature, kind).value) if kind else []
        if kind == "bytes_list":
            values = [described(value) for value in values]
        found[name] = {"kind": kind, "values": values}
    return found


def read(path: Path, scratch: Path) -> dict[str, Any]:
    records = []
    with tf.io.TFRecordWriter(str(scratch)) as again:
        for record in tf.data.TFRecordDataset(str(path)):
            example = tf.train.Example()
            example.ParseFromString(record.numpy())
            again.write(example.SerializeToString(deterministic=True))
            records.append(features(example))
    return {"records": records, "identical": scratch.read_bytes() == path.read_bytes()}


def main() -> None:
    answer: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:]:
            try:
                answer[name] = read(Path(name), Path(folder) / "again.tfrecord")
            except (tf.errors.DataLossError, tf.errors.NotFoundError, DecodeError) as problem:
                answer[name] = {"error": str(problem)}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
