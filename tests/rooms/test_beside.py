"""What a manifest shows beside an item's images: its keys in every form, and what is refused."""

import io
import json
import zipfile
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from triptych_client import NewImage, NewItem
from triptych_client.items import write_zip

from annotator.core.reasons import Code, Reason, sentence
from annotator.ingest.beside import Beside
from annotator.ingest.manifest import Row, Rules, read_manifest
from annotator.ingest.pairing import PairRule, Way
from annotator.ingest.refusals import Refusal
from annotator.items.models import ImageRole
from tests.uploads import image_bytes

ANY = Rules(fewest=1, most=9, needs_prompt=True)
EDITS = Rules(fewest=1, most=9, needs_prompt=True, needs_source=True)
PAIRS = Rules(fewest=2, most=2, needs_prompt=True, pairs=PairRule(Way.ALL))
SOURCE, MASK = Beside("in.png", ImageRole.SOURCE), Beside("where.png", ImageRole.MASK)
REFERENCES = (Beside("1.jpg", ImageRole.REFERENCE), Beside("2.jpg", ImageRole.REFERENCE))
IMAGES = [{"file": "x.png", "generator": "one"}, {"file": "y.png", "generator": "two"}]
LINE: dict[str, Any] = {
    "prompt": "make it blue", "images": IMAGES, "source_image": "in.png", "mask_image": "where.png",
    "shown_references": ["1.jpg", "2.jpg"],
}  # fmt: skip


def read(line: dict[str, Any], rules: Rules = ANY) -> Row | Refusal:
    (found,) = read_manifest(io.BytesIO(json.dumps(line).encode()), "jsonl", rules)
    return found


def shown(line: dict[str, Any]) -> tuple[Beside, ...]:
    found = read(line)
    assert isinstance(found, Row)
    return found.beside


def why(line: dict[str, Any], rules: Rules = ANY) -> tuple[str, Reason]:
    found = read(line, rules)
    assert isinstance(found, Refusal)
    assert sentence(found.reason)
    return found.file, found.reason


def test_a_source_a_mask_and_references_stand_beside_the_images() -> None:
    assert shown(LINE) == (SOURCE, MASK, *REFERENCES)
    assert shown({**LINE, "shown_references": "1.jpg"}) == (SOURCE, MASK, REFERENCES[0])
    assert shown({**LINE, "shown_references": []}) == (SOURCE, MASK)
    assert shown({"prompt": "p", "file": "x.png", "source_image": "in.png"}) == (SOURCE,)
    # What was not known before stays what it was: nothing.
    assert shown({"prompt": "p", "file": "x.png", "source": "laion", "mask": "m"}) == ()


def test_what_an_image_is_measured_against_is_not_shown() -> None:
    found = read({"prompt": "p", "file": "x.png", "reference": "in.png"})

    assert isinstance(found, Row)
    assert found.beside == ()
    assert found.images[0].reference == "in.png"


def test_tables_say_the_same() -> None:
    cells = {
        "prompt": "make it blue", "images": json.dumps(IMAGES), "source_image": "in.png",
        "mask_image": "where.png", "shown_references": json.dumps(["1.jpg", "2.jpg"]),
    }  # fmt: skip
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]
    csv = f"{','.join(cells)}\n{','.join(quoted)}\n".encode()
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([LINE]), stream)

    (from_csv,) = read_manifest(io.BytesIO(csv), "csv", EDITS)
    (from_parquet,) = read_manifest(io.BytesIO(stream.getvalue()), "parquet", EDITS)

    for found in (from_csv, from_parquet):
        assert isinstance(found, Row)
        assert found.beside == (SOURCE, MASK, *REFERENCES)
        assert [image.file for image in found.images] == ["x.png", "y.png"]
        assert [image.generator for image in found.images] == ["one", "two"]


@pytest.mark.parametrize(
    ("change", "file", "reason"),
    [
        ({"source_image": ""}, "mask_image", Reason(Code.MASK_WITHOUT_SOURCE)),
        ({"mask_image": "in.png"}, "in.png", Reason(Code.ROW_IMAGE_TWICE)),
        ({"source_image": 7}, "", Reason(Code.VALUE_NOT_TEXT, name="source_image")),
        ({"source_image": "../in.png"}, "../in.png", Reason(Code.NAME_LEADS_OUT)),
        ({"shown_references": "[1"}, "shown_references", Reason(Code.IMAGES_NOT_A_LIST)),
        (
            {"shown_references": [f"{place}.png" for place in range(8)]},
            "shown_references",
            Reason(Code.TOO_MANY_BESIDE, count=10, max=9),
        ),
    ],
)
def test_what_can_not_be_shown_is_a_problem_of_its_line(
    change: dict[str, Any], file: str, reason: Reason
) -> None:
    assert why({**LINE, **change}) == (file, reason)


def test_an_edit_needs_its_source() -> None:
    without = {key: value for key, value in LINE.items() if key in ("prompt", "images")}

    assert why(without, EDITS) == ("source_image", Reason(Code.ROW_WITHOUT_SOURCE))
    assert isinstance(read(without), Row)


def test_pairs_are_not_made_of_lines_that_show_something_beside() -> None:
    line = {"prompt": "p", "file": "x.png", "source_image": "in.png"}

    assert why(line, PAIRS) == ("in.png", Reason(Code.BESIDE_OF_SINGLE_IMAGE))


def test_the_client_sends_what_is_shown_beside() -> None:
    results = [NewImage(image_bytes(seed), f"editor-{seed}") for seed in (1, 2)]
    source, reference = image_bytes(3), image_bytes(4)
    item = NewItem(results, "make it blue", source=source, references=[reference, source])
    stream = io.BytesIO()

    write_zip([item], stream, single=False)

    with zipfile.ZipFile(stream) as archive:
        line = json.loads(archive.read("manifest.jsonl"))
        assert archive.read(line["source_image"]) == source
        assert [archive.read(name) for name in line["shown_references"]] == [reference, source]
        # The source's bytes are there once.
        assert len(archive.namelist()) == 5
    assert "mask_image" not in line
    with pytest.raises(ValueError, match="Pairs are made of single images"):
        write_zip([item], io.BytesIO(), single=True)
