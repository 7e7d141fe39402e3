"""The two readers are right: they pass good files and name what is wrong with bad ones."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import consumers

# filename=train/abc.png, overall_score=0.75, prompt_misalignment_label=1 0 1,
# written by TensorFlow 2.21.0.
GOLDEN = bytes.fromhex(
    "6400000000000000435f1cdf0a620a1d0a0866696c656e616d6512110a0f0a0d"
    "747261696e2f6162632e706e670a190a0d6f766572616c6c5f73636f7265120812"
    "060a040000403f0a260a1970726f6d70745f6d6973616c69676e6d656e745f6c61"
    "62656c12090a070a05312030203126dc2500"
)


def masked_crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 & -(crc & 1))
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(example: bytes) -> bytes:
    """One framed record of TFRecord's format."""
    length = struct.pack("<Q", len(example))
    return b"".join([
        length, struct.pack("<I", masked_crc32c(length)),
        example, struct.pack("<I", masked_crc32c(example)),
    ])  # fmt: skip


def png(size: tuple[int, int], grey: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, grey).save(file, "PNG")
    return file.getvalue()


def field(number: int, value: bytes) -> bytes:
    """A length-delimited field of a protocol buffer; the length is one or two varint bytes."""
    size = len(value)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + value


def feature(name: str, kind: int, value: bytes) -> bytes:
    return field(1, field(1, name.encode()) + field(2, field(kind, field(1, value))))


@pytest.fixture(scope="module")
def tensorflow(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """TensorFlow's answer about every file of this module, by the file's name."""
    folder = tmp_path_factory.mktemp("records")
    example = GOLDEN[12:-4]
    swapped = feature("b", 1, b"\x80 no text") + feature("a", 2, struct.pack("<f", 0))
    files = {
        "golden": GOLDEN,
        "twice": GOLDEN + GOLDEN,
        "framed-by-hand": record(example),
        "map": record(field(1, feature("artifact_map", 1, png((512, 512), 85)))),
        "unsorted": record(field(1, swapped)),
        "flipped": GOLDEN[:40] + bytes([GOLDEN[40] ^ 1]) + GOLDEN[41:],
        "cut": GOLDEN + GOLDEN[:50],
        "no-example": record(b"\xff\xff\xff"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    paths = [folder / name for name in [*files, "absent"]]
    answer = consumers.ask("tensorflow_reader", *paths)
    return {path.name: answer[str(path)] for path in paths}


def test_tensorflow_reads_the_golden_record_and_writes_the_same_116_bytes(
    tensorflow: dict[str, Any],
) -> None:
    golden = tensorflow["golden"]

    assert len(GOLDEN) == 116
    assert golden["identical"]
    [read] = golden["records"]
    assert read.keys() == {"filename", "overall_score", "prompt_misalignment_label"}
    assert read["overall_score"] == {"kind": "float_list", "values": [0.75]}
    assert read["filename"]["values"][0]["text"] == "train/abc.png"
    assert read["prompt_misalignment_label"]["values"][0]["text"] == "1 0 1"


def test_tensorflow_counts_records_and_reads_a_frame_made_by_hand(
    tensorflow: dict[str, Any],
) -> None:
    assert len(tensorflow["twice"]["records"]) == 2
    assert tensorflow["twice"]["identical"]
    assert tensorflow["framed-by-hand"] == tensorflow["golden"]


def test_tensorflow_decodes_a_map_as_richhf_does(tensorflow: dict[str, Any]) -> None:
    [value] = tensorflow["map"]["records"][0]["artifact_map"]["values"]

    assert value["image"]["shape"] == [512, 512, 1]
    assert (value["image"]["min"], value["image"]["max"]) == (85, 85)


def test_tensorflow_sees_that_features_are_out_of_order(tensorflow: dict[str, Any]) -> None:
    unsorted = tensorflow["unsorted"]

    assert unsorted["records"][0]["a"] == {"kind": "float_list", "values": [0.0]}
    assert unsorted["records"][0]["b"]["values"][0]["text"] is None
    assert not unsorted["identical"]


@pytest.mark.parametrize("name", ["flipped", "cut", "no-example", "absent"])
def test_tensorflow_refuses_a_broken_file(tensorflow: dict[str, Any], name: str) -> None:
    assert tensorflow[name].keys() == {"error"}
    assert tensorflow[name]["error"]


CLASSES = """$dsdl-version: "0.5.3"
GeneratorDom:
    $def: class_domain
    classes:
        - sd_1
        - sd_2
"""
STRUCTS = """$dsdl-version: "0.5.3"
GeneratedImage:
    $def: struct
    $params: ['gdom']
    $fields:
        image: Image
        generator: Label[dom=$gdom]
        shape: ImageShape[mode="wh"]
BinarySample:
    $def: struct
    $params: ['gdom']
    $fields:
        media: GeneratedImage[gdom=$gdom]
        prompt: Str
        faithful: Bool
        note: Str
    $optional: ['note']
"""
DATASET = """$dsdl-version: "0.5.3"
$import:
    - ../defs/structs
    - ../defs/classes
meta:
    Dataset Name: "Feedback"
    Subset Name: "train"
    Task: "Image Generation"
data:
    sample-type: BinarySample[gdom=GeneratorDom]
    sample-path: samples.json
"""


def sample(**changes: object) -> dict[str, Any]:
    media = {"image": "images/a.png", "generator": "sd_1", "shape": [8, 8]}
    return {"media": media, "prompt": "a cat, “smart”", "faithful": True} | changes


def dsdl_folder(folder: Path, sets: dict[str, list[dict[str, Any]]]) -> Path:
    """A folder of DSDL's layout, with one image that opens and one that does not."""
    for part in ("defs", "images"):
        (folder / part).mkdir(parents=True)
    (folder / "defs" / "structs.yaml").write_text(STRUCTS)
    (folder / "defs" / "classes.yaml").write_text(CLASSES)
    (folder / "config.py").write_text('local = dict(type="LocalFileReader", working_dir=".")\n')
    (folder / "images" / "a.png").write_bytes(png((8, 8), 200))
    (folder / "images" / "torn.png").write_bytes(png((8, 8), 200)[:50])
    for name, samples in sets.items():
        home = folder / f"set-{name}"
        home.mkdir()
        (home / f"{name}.yaml").write_text(DATASET)
        (home / "samples.json").write_text(json.dumps({"samples": samples}))
    return folder


BAD_SAMPLES = {
    "extra": sample(extra=1),
    "missing": {"prompt": "a cat", "faithful": True},
    "null": sample(note=None),
    "label": sample(media={"image": "images/a.png", "generator": "sd_9", "shape": [8, 8]}),
    "absent": sample(media={"image": "images/b.png", "generator": "sd_1", "shape": [8, 8]}),
    "torn": sample(media={"image": "images/torn.png", "generator": "sd_1", "shape": [8, 8]}),
}


@pytest.fixture(scope="module")
def dsdl(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The `dsdl` package's answer about every folder of this module, by the folder's name."""
    home = tmp_path_factory.mktemp("dsdl")
    good = dsdl_folder(
        home / "good", {"train": [sample(), sample(note="")], "val": [sample()], "test": []}
    )
    bad = dsdl_folder(home / "bad", {name: [sample(), one] for name, one in BAD_SAMPLES.items()})
    undefined = dsdl_folder(home / "undefined", {"train": [sample()]})
    (undefined / "defs" / "structs.yaml").write_text(STRUCTS.replace("prompt: Str", "class: Str"))
    folders = [good, bad, undefined]
    answer = consumers.ask("dsdl_reader", *folders, home / "nothing")
    return {Path(name).name: found for name, found in answer.items()}


def test_dsdl_makes_every_sample_of_a_good_folder(dsdl: dict[str, Any]) -> None:
    sets = dsdl["good"]["sets"]

    kind = "BinarySample[gdom=GeneratorDom]"
    assert sets == {
        f"set-{name}/{name}.yaml": {
            "type": kind, "samples": n, "made": n, "images": n, "failures": [],
        }
        for name, n in [("train", 2), ("val", 1), ("test", 0)]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("extra", "redundant"),
        ("missing", "media"),
        ("null", "must be string"),
        ("label", "sd_9"),
        ("absent", "b.png"),
        ("torn", "truncated"),
    ],
)
def test_dsdl_counts_the_sample_that_fails_and_says_why(
    dsdl: dict[str, Any], name: str, words: str
) -> None:
    found = dsdl["bad"]["sets"][f"set-{name}/{name}.yaml"]

    assert found["samples"] == 2
    assert found["images"] == 1
    [failure] = found["failures"]
    assert failure.startswith("1: ")
    assert words in failure


def test_dsdl_says_what_does_not_parse(dsdl: dict[str, Any]) -> None:
    [found] = dsdl["undefined"]["sets"].values()

    assert "class" in found["error"]
    assert dsdl["nothing"]["sets"] == {}
    assert "config.py" in dsdl["nothing"]["error"]
