"""Published layouts as people have them: with gaps, other writers, and names of their own."""

import io
import json
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from PIL import Image as Pillow
from pyarrow import parquet

from annotator.core.reasons import Code
from annotator.ingest.models import Problem
from annotator.ingest.selectors import problems_of
from annotator.items.models import Image, Item
from annotator.projects.models import Batch, Project
from tests import factories, judged, published
from tests.flows.test_datasets import images_of, pairs, said, taken
from tests.uploads import encoded, image_bytes, lines, zipped

pytestmark = pytest.mark.django_db(transaction=True)

FRAMES = [Pillow.new("RGB", (8, 8), (red, 0, 0)) for red in (0, 99, 200)]
IMAGES = {f"img/{n}.png": image_bytes(n) for n in range(6)}


def rated(key: str = "realism") -> Project:
    project = factories.project("custom")
    judged.question(project, key, "rating", scale_min=1, scale_max=5)
    return project


def test_pick_a_pic_rows_without_an_image_or_a_choice(tmp_path: Path) -> None:
    labels: list[tuple[float | None, float | None]] = [
        (1.0, 0.0), (0.5, None), (0.0, 0.0), (math.nan, math.nan), (0.0, 1.0),
    ]  # fmt: skip
    rows = [
        {"jpg_0": image_bytes(2 * n), "jpg_1": image_bytes(2 * n + 1) if n else None,
         "caption": f"fox {n}", "label_0": first, "label_1": second}
        for n, (first, second) in enumerate(labels)
    ]  # fmt: skip
    (tmp_path / "a.parquet").write_bytes(published.table(rows))

    batch = taken(pairs(), tmp_path / "a.parquet")

    told = {item.prompt: said(item) for item in Item.objects.filter(batch=batch)}
    assert told == {
        "fox 1": [("", 1, {"overall": {"choice": "tie"}})], "fox 2": [], "fox 3": [],
        "fox 4": [("", 1, {"overall": {"choice": "a.parquet#4/jpg_1"}})],
    }  # fmt: skip
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.line, problem.code) == (1, Code.FILE_MISSING)


def test_every_persons_choice_of_one_pair_is_kept_and_a_ranking_counts_once(
    tmp_path: Path,
) -> None:
    def row(ranking: int, user: int, label: float) -> dict[str, Any]:
        return {
            "jpg_0": image_bytes(0), "jpg_1": image_bytes(1), "caption": "a fox",
            "label_0": label, "label_1": 1 - label, "user_id": user, "ranking_id": ranking,
        }  # fmt: skip

    files = {
        "validation.parquet": published.table([row(1, 7, 1.0), row(2, 8, 0.0)]),
        "validation_unique.parquet": published.table([row(2, 8, 0.0)]),
    }

    batch = taken(pairs(), published.write(tmp_path / "pick", files))

    items = Item.objects.filter(batch=batch).order_by("key")
    assert [item.key for item in items] == ["ranking 1", "ranking 2"]
    assert [[judge for judge, _, _ in said(item)] for item in items] == [["7"], ["8"]]
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.line, problem.code) == (3, Code.ID_TAKEN)


def test_hpdv2_keeps_who_chose_and_passes_over_a_lone_image(tmp_path: Path) -> None:
    records = [
        {"prompt": "a tree", "file_path": ["0.png", "1.png"], "human_preference": [0, 1],
         "user_hash": "ab"},
        {"prompt": "a stone", "file_path": ["2.png"], "human_preference": [1], "user_hash": "ab"},
    ]  # fmt: skip
    images = {f"train/{n}.png": image_bytes(n) for n in range(3)}
    folder = published.write(tmp_path / "v2", {"train.json": records, **images})

    batch = taken(pairs(), folder)

    told = {item.prompt: said(item) for item in Item.objects.filter(batch=batch)}
    lone = told.pop("a stone", [])
    assert told == {"a tree": [("ab", 1, {"overall": {"choice": "train/1.png"}})]}
    assert lone == []


def test_pairs_for_the_validation_of_hpsv2_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    record = {"prompt": "a well", "file_path": ["0.png", "1.png"], "human_preference": [1, 0]}
    images = {f"valid/{n}.png": image_bytes(n) for n in range(2)}
    folder = published.write(tmp_path / "v2", {"valid.json": [record], **images})

    (item,) = Item.objects.filter(batch=taken(pairs(), folder))

    assert said(item) == [("", 1, {"overall": {"choice": "valid/0.png"}})]


@pytest.mark.parametrize("form", ["large list", "elements called item", "views"])
def test_images_in_parquet_of_other_writers(tmp_path: Path, form: str) -> None:
    image = pa.struct([("bytes", pa.binary_view() if form == "views" else pa.binary()),
                       ("path", pa.string())])  # fmt: skip
    images = [{"bytes": image_bytes(n), "path": f"{n}.png"} for n in range(2)]
    kind = pa.large_list(image) if form == "large list" else pa.list_(image)
    table = pa.table({"images": pa.array([images], kind), "prompt": ["two cats"]})
    stream = io.BytesIO()
    parquet.write_table(table, stream, use_compliant_nested_type=form != "elements called item")
    (tmp_path / "a.parquet").write_bytes(stream.getvalue())

    batch = taken(pairs(), tmp_path / "a.parquet")

    (item,) = Item.objects.filter(batch=batch)
    names = {image.source_name for image in images_of(item).values()}
    assert names == {"a.parquet#0/images/0", "a.parquet#0/images/1"}
    assert not problems_of(batch).exists()


def test_a_csv_of_an_image_folder_names_two_images_and_keeps_numbers(tmp_path: Path) -> None:
    text = (
        "left_file_name,right_file_name,profile_name,prompt,seed,note\n"
        "img/0.png,img/1.png,base,a kite,7,007\n"
    )
    folder = published.write(tmp_path / "set", {"train/metadata.csv": text, **{
        f"train/{name}": data for name, data in IMAGES.items()}})  # fmt: skip

    batch = taken(pairs(), folder)

    (item,) = Item.objects.filter(batch=batch)
    assert {image.generator: image.source_name for image in images_of(item).values()} == {
        "left": "train/img/0.png", "right": "train/img/1.png",
    }  # fmt: skip
    assert item.meta["seed"] == 7
    assert (item.meta["note"], item.meta["profile_name"]) == ("007", "base")


def test_shards_of_webdataset_may_count_anew_and_call_their_json_by_the_image(
    tmp_path: Path,
) -> None:
    for shard in range(2):
        members = {f"{n:03}.jpg": image_bytes(2 * shard + n, kind="JPEG") for n in range(2)} | {
            f"{n:03}.jpg.json": {"caption": f"lamp {shard}{n}"} for n in range(2)
        }
        data = published.tar(dict(sorted(members.items())))
        published.write(tmp_path / "wds", {f"part-{shard}.tar": data})

    batch = taken(rated(), tmp_path / "wds")

    found = Item.objects.filter(batch=batch).order_by("key").values_list("key", "prompt")
    assert list(found) == [
        ("part-0/000", "lamp 00"), ("part-0/001", "lamp 01"),
        ("part-1/000", "lamp 10"), ("part-1/001", "lamp 11"),
    ]  # fmt: skip
    assert not problems_of(batch).exists()


def result(kind: str, to_name: Any, **value: Any) -> dict[str, Any]:
    return {"from_name": "overall", "to_name": to_name, "type": kind, "value": value}


def label_studio(folder: Path, results: list[dict[str, Any]]) -> Path:
    data = {"prompt": "a lake", "first": "img/0.png", "second": "img/1.png"}
    by = {"completed_by": 4, "result": results}
    cancelled = {"completed_by": 5, "was_cancelled": True, "result": results}
    task = {"id": 1, "data": data, "annotations": [by, cancelled]}
    return published.write(folder, {"export.json": json.dumps([task]), **IMAGES})


def test_label_studios_sides_are_those_of_its_tag(tmp_path: Path) -> None:
    results = [result("pairwise", ["second", "first"], selected="left")]

    batch = taken(pairs(), label_studio(tmp_path / "ls", results))

    (item,) = Item.objects.filter(batch=batch)
    assert said(item) == [("4", 1, {"overall": {"choice": "img/1.png"}})]


def test_a_rating_of_label_studio_is_of_the_image_that_it_names(tmp_path: Path) -> None:
    results = [
        result("rating", "second", rating=4), result("rating", "first", rating=2),
        result("rating", "prompt", rating=1),
    ]  # fmt: skip

    batch = taken(rated("overall"), label_studio(tmp_path / "ls", results))

    (item,) = Item.objects.filter(batch=batch)
    assert said(item) == [("4", 1, {"overall": {"ratings": {"img/0.png": 2, "img/1.png": 4}}})]


def test_a_rating_of_argillas_record_is_of_none_of_its_two_images(tmp_path: Path) -> None:
    row = {
        "id": "r1", "prompt": "a hat", "image_1": {"bytes": image_bytes(1), "path": "1.png"},
        "image_2": {"bytes": image_bytes(2), "path": "2.png"}, "overall.responses": [4],
    }  # fmt: skip
    (tmp_path / "a.parquet").write_bytes(published.table([row]))

    batch = taken(rated("overall"), tmp_path / "a.parquet")

    (item,) = Item.objects.filter(batch=batch)
    assert said(item) == []
    assert Image.objects.filter(batch=batch).count() == 2


def unlike(folder: Path, files: dict[str, Any]) -> Batch:
    """What is taken of a zip of these files, by a project that needs no prompts."""
    (folder / "a.zip").write_bytes(zipped(files))
    return taken(rated(), folder / "a.zip")


def images_by_prompt(batch: Batch) -> dict[str, str]:
    return {
        item.prompt: one.source_name
        for item in Item.objects.filter(batch=batch)
        for one in images_of(item).values()
    }


@pytest.mark.parametrize(
    "text",
    [
        b"file_name,text\r0.png,a kite\r1.png,a hat\r",
        b"\xef\xbb\xbffile_name;text\r\n0.png;a kite\r\n1.png;a hat\r\n",
        b"text\tfile_name\na kite\t0.png\na hat\t1.png\n",
        b"text;left_file_name\na kite;0.png\na hat;1.png\n",
    ],
)
def test_metadata_of_an_image_folder_may_come_from_any_spreadsheet(
    tmp_path: Path, text: bytes
) -> None:
    files = {"metadata.csv": text, **{f"{n}.png": image_bytes(n) for n in range(2)}}

    batch = unlike(tmp_path, files)

    assert images_by_prompt(batch) == {"a kite": "0.png", "a hat": "1.png"}
    assert not problems_of(batch).exists()


def test_metadata_that_names_a_missing_image_is_a_problem_of_its_line(tmp_path: Path) -> None:
    rows = [{"file_name": "0.png", "text": "a"}, {"file_name": "gone.png", "text": "b"}]

    batch = unlike(tmp_path, {"metadata.jsonl": lines(rows), "0.png": image_bytes(0)})

    assert images_by_prompt(batch) == {"a": "0.png"}
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.line, problem.code) == (2, Code.FILE_MISSING)


@pytest.mark.parametrize(
    "name", ["manifest.tsv", "batch/Manifest.XLSX", "manifest.json", "manifest.jsonl.gz"]
)
def test_images_are_not_taken_without_their_prompts_where_the_manifest_is_of_another_kind(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(CommandError, match=f"“{name}” is no manifest that is read"):
        unlike(tmp_path, {name: b'[{"file": "0.png"}]', "0.png": image_bytes(0)})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.IMAGE_EMPTY),
        (encoded(Pillow.new("RGB", (20_000, 1))), Code.IMAGE_TOO_WIDE),
        (encoded(Pillow.new("RGB", (8, 8)), "GIF"), Code.IMAGE_OF_OTHER_TYPE),
        (encoded(Pillow.new("RGB", (8, 8)), "TIFF"), Code.IMAGE_OF_OTHER_TYPE),
        *(
            (encoded(FRAMES[0], kind, save_all=True, append_images=FRAMES[1:]), Code.IMAGE_MOVES)
            for kind in ("WEBP", "PNG")
        ),
    ],
)
def test_what_is_no_still_image_of_a_size_is_refused_by_its_line(
    tmp_path: Path, data: bytes, code: Code
) -> None:
    rows = [{"file": "a.png", "prompt": "a"}, {"file": "b.png", "prompt": "b"}]

    batch = unlike(
        tmp_path, {"manifest.jsonl": lines(rows), "a.png": data, "b.png": image_bytes(1)}
    )

    assert images_by_prompt(batch) == {"b": "b.png"}
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.line, problem.code) == (1, code)


def grey_with_alpha(*pixels: int) -> bytes:
    """A PNG of one line, 16 bits of grey and 16 of alpha a pixel."""
    row = b"\0" + struct.pack(f">{len(pixels)}H", *pixels)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", len(pixels) // 2, 1, 16, 4, 0, 0, 0)),
        (b"IDAT", zlib.compress(row)),
        (b"IEND", b""),
    ]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


# Adobe's JPEGs hold inks inverted: of these a fifth of the light is black's, none cyan's.
INKS = Pillow.new("CMYK", (8, 8), (0, 51, 255, 51))


@pytest.mark.parametrize(
    ("name", "data", "colour", "off"),
    [
        ("a.png", image_bytes(1, kind="JPEG"), None, 0),
        ("CON.png", encoded(Pillow.new("RGB", (1, 1), (9, 8, 7))), (9, 8, 7), 0),
        ("a.jpg", encoded(INKS, "JPEG", quality=100), (204, 163, 0), 2),
        ("a.png", grey_with_alpha(0, 0x8000, 0, 0x8000), (127, 127, 127), 1),
        ("a.png", grey_with_alpha(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF), (255, 255, 255), 0),
    ],
)
def test_an_image_is_what_its_bytes_are_whatever_its_name(
    tmp_path: Path, name: str, data: bytes, colour: tuple[int, int, int] | None, off: int
) -> None:
    manifest = lines([{"file": name, "prompt": "a"}])

    batch = unlike(tmp_path, {"manifest.jsonl": manifest, name: data})

    (image,) = Image.objects.filter(batch=batch)
    with default_storage.open(image.path) as stored, Pillow.open(stored) as seen:
        found = np.asarray(seen.convert("RGB"), int)
    if colour is None:
        with Pillow.open(io.BytesIO(data)) as sent:
            colour_of = np.asarray(sent.convert("RGB"), int)
    else:
        colour_of = np.broadcast_to(colour, found.shape)
    assert np.abs(found - colour_of).max() <= off
