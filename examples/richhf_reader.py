"""RichHF-18K's TFRecords without TensorFlow: scores, heatmaps and the labelled prompt.

    python examples/richhf_reader.py FOLDER [--split train]

FOLDER is a `richhf` export. Needs numpy, pillow and pyarrow. Polarity, which trips everybody: all
scores are the higher the better, and a token labelled 0 is misaligned.
"""

import argparse
import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

# RichHF's own rule: exactly these eight characters part tokens.
TOKEN = re.compile(r'[^,.?!":; ]+')
SCORES = ("artifact_score", "misalignment_score", "aesthetics_score", "overall_score")
JOINED_TO = {"train": "train", "dev": "train", "test": "test"}


@dataclass(frozen=True)
class Sample:
    """An image with what people said. Maps are float32 (size, size) in [0, 1]."""

    uid: str
    prompt: str
    labelled_prompt: str
    image: Image.Image
    scores: dict[str, float]
    artifact_map: NDArray[np.float32]
    misalignment_map: NDArray[np.float32]


def records(path: Path) -> Iterator[bytes]:
    """TFRecord's frames: length (8 bytes), its checksum (4), data, the data's checksum (4)."""
    with path.open("rb") as stream:
        while head := stream.read(12):
            (length,) = struct.unpack("<Q", head[:8])
            yield stream.read(length)
            stream.read(4)


def features(record: bytes) -> dict[str, bytes | float]:
    """The one value of each feature of a tf.train.Example."""
    found: dict[str, bytes | float] = {}
    for _, entry in fields(dict(fields(record))[1]):
        named = dict(fields(entry))
        ((kind, values),) = fields(named[2])
        value = dict(fields(values))[1]
        found[named[1].decode()] = value if kind == 1 else struct.unpack("<f", value)[0]
    return found


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of a message's fields; all of an Example's are length-delimited."""
    at = 0
    while at < len(message):
        number, at = message[at] >> 3, at + 1
        length = shift = 0
        while True:
            byte, at = message[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield number, message[at : at + length]
        at += length


def samples(folder: Path, split: str) -> Iterator[Sample]:
    """The split's images, joined to image and prompt by the uid in the record's file name."""
    joined = {}
    for part in sorted((folder / "data").glob(f"{JOINED_TO[split]}-*.parquet")):
        for row in pq.read_table(part).to_pylist():
            joined[row["image_0_uid"]] = row
    for record in records(folder / f"{split}.tfrecord"):
        found = features(record)
        uid = found["filename"].decode().split("/")[-1].split(".")[0]
        row = joined[uid]
        labels = found["prompt_misalignment_label"].decode().split(" ")
        tokens = TOKEN.findall(row["caption"])
        if len(tokens) != len(labels):
            raise ValueError(f"{uid}: {len(tokens)} tokens, {len(labels)} labels")
        marked = [f"{t}_0" if label == "0" else t for t, label in zip(tokens, labels, strict=True)]
        yield Sample(
            uid=uid,
            prompt=row["caption"],
            labelled_prompt=" ".join(marked),
            image=Image.open(io.BytesIO(row["jpg_0"])),
            scores={name: float(found[name]) for name in SCORES},
            artifact_map=heatmap(found["artifact_map"]),
            misalignment_map=heatmap(found["misalignment_map"]),
        )


def heatmap(encoded: bytes) -> NDArray[np.float32]:
    """float32 (size, size) in [0, 1]."""
    with Image.open(io.BytesIO(encoded)) as image:
        return np.asarray(image, dtype=np.float32) / 255


def main() -> None:
    parser = argparse.ArgumentParser(description="The samples of a `richhf` export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train", choices=tuple(JOINED_TO))
    chosen = parser.parse_args()
    count = 0
    for sample in samples(chosen.folder, chosen.split):
        if not count:
            shown = ", ".join(f"{name} {value:.2f}" for name, value in sample.scores.items())
            print(f"{sample.labelled_prompt}\n{shown}")
            print(f"image {sample.image.size}, map {sample.artifact_map.shape}, "
                  f"at most {sample.artifact_map.max():.2f}")  # fmt: skip
        count += 1
    print(f"{chosen.split}: {count} samples")


if __name__ == "__main__":
    main()
