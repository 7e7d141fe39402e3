"""RichHF-18K: TFRecords of scores, words and maps; images and prompts lie in Pick-a-Pic's shape.

Source: google-research-datasets/richhf-18k and google-research's richhf_18k/. A record names an
image of Pick-a-Pic by its uid and holds neither it nor its prompt, so parquet of that shape, or
images called by the uid beside a table of prompts, have to come along. Scores are means of three
people and so nobody's answer: they are kept with the image. The words that most found misaligned
are a vote. Maps are not kept: of them no point can be recovered; their names are.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.columns import (
    ImagesInside,
    image_name,
    is_binary,
    rows_of,
    schema_of,
)
from annotator.ingest.datasets.layout import Dataset, PublishedLayout, UploadedFiles, made, vote
from annotator.ingest.refusals import UploadRefused
from annotator.ingest.rows import Raw
from scoring.tokens import is_unspaced, token_texts

SCORES = {
    "artifact_score": "plausibility",
    "misalignment_score": "alignment",
    "aesthetics_score": "aesthetics",
    "overall_score": "overall",
}
LABELS, FILE = "prompt_misalignment_label", "filename"
WORDS = "misaligned_words"
MOST_BYTES = 64 * 1024**2
BROKEN = (struct.error, ValueError, IndexError, KeyError)
Features = Mapping[str, bytes | float]
Place = tuple[str, str]


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the features of its first records."""
    records = [name for name in files.ending(".tfrecord") if _is_richhf(files, name)]
    if not records:
        return None
    return Dataset(lambda: _rows(files, records), ImagesInside(files).read)


def _is_richhf(files: UploadedFiles, name: str) -> bool:
    try:
        first = next(map(_features, _records(files.open(name))), {})
    except (*BROKEN, UploadRefused):
        return False
    return first.keys() >= {FILE, LABELS, *SCORES}


def _rows(files: UploadedFiles, records: list[str]) -> Iterator[Raw]:
    places = _places(files)
    line = 0
    for name in records:
        try:
            for example in _records(files.open(name)):
                line += 1
                yield made(line, _row, example, places, f"{name}#{line}")
        except BROKEN as error:
            why = Reason(Code.DATASET_NOT_RECORDS, name=name, error=str(error)[:200])
            raise UploadRefused(why) from error


def _row(example: bytes, places: Mapping[str, Place], record: str) -> dict[str, Any]:
    features = _features(example)
    named = features[FILE]
    file = named.decode("utf-8", "replace") if isinstance(named, bytes) else ""
    uid = file.rpartition("/")[2].partition(".")[0]
    image, prompt = places.get(uid, (file, ""))
    meta = {name: round(float(features[key]), 6) for key, name in SCORES.items()}
    return {
        "id": uid,
        "prompt": prompt,
        "file": image,
        "meta": {**meta, "uid": uid, "maps": record},
        "votes": _votes(features[LABELS], prompt),
    }


def _votes(labels: bytes | float, prompt: str) -> list[dict[str, Any]]:
    """The words labelled 0, where labels and words are as many (not all published ones are)."""
    told = labels.decode().split(" ") if isinstance(labels, bytes) else []
    if not prompt or is_unspaced(prompt) or len(told) != len(token_texts(prompt)):
        return []
    wrong = [place for place, label in enumerate(told) if label == "0"]
    return [vote({WORDS: {"tokens": wrong}})]


def _places(files: UploadedFiles) -> dict[str, Place]:
    """uid → where the image lies and its prompt: some bytes for each image of the dataset."""
    found: dict[str, Place] = {}
    stems = {name.rpartition("/")[2].partition(".")[0]: name for name in files.names}
    for shard in files.ending(".parquet"):
        schema = schema_of(files, shard)
        for side in (0, 1):
            uid, jpg = f"image_{side}_uid", f"jpg_{side}"
            if not schema.keys() >= {uid, "caption"}:
                continue
            inside = jpg in schema and is_binary(schema[jpg])
            for row, told in enumerate(rows_of(files, shard, (uid, "caption"))):
                if told[uid]:
                    place = image_name(shard, row, jpg) if inside else stems.get(told[uid], "")
                    found.setdefault(told[uid], (place, told["caption"]))
    return found


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    """The examples of a TFRecord file: length, its CRC, data, its CRC."""
    while head := stream.read(12):
        (size,) = struct.unpack_from("<Q", head)
        if size > MOST_BYTES:
            raise ValueError("a record is too long")
        data = stream.read(size + 4)
        if len(data) != size + 4:
            raise ValueError("it breaks off")
        yield data[:-4]


def _features(example: bytes) -> dict[str, bytes | float]:
    """tf.train.Example: each feature's first value (protocol buffers' wire format)."""
    found: dict[str, bytes | float] = {}
    for _, features in _fields(example):
        for _, entry in _fields(features):
            parts = dict(_fields(entry))
            ((kind, values),) = _fields(parts[2])
            ((_, value),) = list(_fields(values))[:1]
            found[parts[1].decode()] = value if kind == 1 else struct.unpack_from("<f", value)[0]
    return found


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each field; all of an Example's have lengths (wire type 2), but a float
    that is not packed (5)."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == 5:
            size = 4
        elif tag & 7 == 2:
            size, at = _varint(message, at)
        else:
            raise ValueError("it is no Example")
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


RICHHF = PublishedLayout("richhf", recognise)
