"""Manifests: every form understood, every fault named by its line."""

import gzip
import io
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.core.reasons import Code, Reason
from annotator.ingest.manifest import Mention, Row, Rules, read_manifest, rows_of_files
from annotator.ingest.pairing import BadRule, PairRule, Way, pair_count, pair_rule, pairs_of
from annotator.ingest.refusals import Refusal, UploadRefused

PAIRS = Rules(fewest=2, most=2, needs_prompt=True)
SINGLE = Rules(fewest=1, most=1, needs_prompt=True)
ANY = Rules(fewest=1, most=9, needs_prompt=False)


def read(data: bytes, rules: Rules = SINGLE, kind: str = "jsonl") -> list[Row | Refusal]:
    return list(read_manifest(io.BytesIO(data), kind, rules))


def refusal(data: bytes, rules: Rules = SINGLE, kind: str = "jsonl") -> Refusal:
    """What is said of the only row of a manifest, which is not taken."""
    (refused,) = read(data, rules, kind)
    assert isinstance(refused, Refusal)
    return refused


def refused_whole(call: Callable[[], object]) -> Reason:
    """Why nothing of the upload is taken."""
    with pytest.raises(UploadRefused) as caught:
        call()
    return caught.value.reason


def one(**row: Any) -> bytes:
    return json.dumps({"prompt": "a cube", **row}).encode()


def test_a_line_is_an_item_with_its_images() -> None:
    data = (
        b'{"id": "x1", "prompt": "two cubes", "images": '
        b'[{"file": "a.png", "generator": "g1", "reference": "r.png"}, {"file": "d/b.png"}]}\n'
    )

    rows = read(data, PAIRS)

    assert rows == [
        Row(1, "x1", "two cubes", (Mention("a.png", "g1", "r.png"), Mention("d/b.png")))
    ]


def test_a_line_is_a_single_image() -> None:
    rows = read(b'\n{"file": "a.png", "prompt": "a cube", "generator": "g", "seed": 7}\n')

    assert rows == [Row(2, "line-2", "a cube", (Mention("a.png", "g"),))]


def test_csv_and_parquet_say_the_same_as_jsonl() -> None:
    rows = [{"file": "a.png", "prompt": "a cube, red", "generator": "g", "id": "7"}]
    table = pa.Table.from_pylist(rows)
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    as_csv = b'\xef\xbb\xbffile,prompt,generator,id\r\na.png,"a cube, red",g,7\r\n'

    by_jsonl = read(json.dumps(rows[0]).encode())
    by_csv = read(as_csv, kind="csv")
    by_parquet = read(stream.getvalue(), kind="parquet")

    expected = ("7", "a cube, red", (Mention("a.png", "g"),))
    for (row,) in (by_jsonl, by_csv, by_parquet):
        assert isinstance(row, Row)
        assert (row.key, row.prompt, row.images) == expected


def test_parquet_holds_items_with_lists_of_images() -> None:
    images = [{"file": "a.png", "generator": "g"}, {"file": "b.png", "generator": "h"}]
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([{"prompt": "p", "images": images}]), stream)

    rows = read(stream.getvalue(), PAIRS, "parquet")

    assert rows == [Row(1, "line-1", "p", (Mention("a.png", "g"), Mention("b.png", "h")))]


def test_newlines_and_tabs_in_a_prompt_become_spaces() -> None:
    (row,) = read(one(file="a.png", prompt=" a red\ncube\t\ton\r\n a table\n"))

    assert isinstance(row, Row)
    assert row.prompt == "a red cube on  a table"


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        (b"{", Code.LINE_NOT_JSON, {"column": 2}),
        (b"[1]", Code.LINE_NOT_AN_OBJECT, {}),
        (b'{"file": "a.png", "file": "b.png"}', Code.LINE_KEY_TWICE, {"name": "file"}),
        (b'{"file": "a.png", "score": NaN}', Code.LINE_CONSTANT, {"name": "NaN"}),
        (b'{"file": "a.png", "score": -Infinity}', Code.LINE_CONSTANT, {"name": "-Infinity"}),
        (b'{"n": ' + b"9" * 5000 + b"}", Code.LINE_UNREADABLE, {}),
        (b'{"a": ' * 30_000, Code.LINE_TOO_DEEP, {}),
        (b'{"file": "\xff.png"}', Code.LINE_NOT_UTF8, {}),
        (b'{"file": "' + b"a" * 300_000 + b'"}', Code.LINE_TOO_LONG, {"max": 262_144}),
        (b'{"prompt": "p"}', Code.ROW_WITHOUT_IMAGES, {}),
        (b'{"prompt": "p", "file": "a.png", "images": []}', Code.ROW_ITEM_AND_IMAGE, {}),
        (b'{"file": "a.png"}', Code.ROW_WITHOUT_PROMPT, {}),
        (b'{"file": "a.png", "prompt": 7}', Code.VALUE_NOT_TEXT, {"name": "prompt"}),
        (b'{"file": 7, "prompt": "p"}', Code.VALUE_NOT_TEXT, {"name": "file"}),
        (
            b'{"file": "a.png", "prompt": "\\u0000"}',
            Code.VALUE_CONTROL_CHARACTERS,
            {"name": "prompt"},
        ),
        (b'{"file": "a.png", "prompt": "\\ud800"}', Code.VALUE_NOT_UTF8, {"name": "prompt"}),
        (
            b'{"file": "a.png", "prompt": "p", "generator": "' + b"g" * 201 + b'"}',
            Code.VALUE_TOO_LONG,
            {"name": "generator", "length": 201, "max": 200},
        ),
        (
            b'{"file": "a.png", "prompt": "' + b"p" * 5001 + b'"}',
            Code.VALUE_TOO_LONG,
            {"name": "prompt", "length": 5001, "max": 5000},
        ),
        (b'{"prompt": "p", "images": "a.png"}', Code.IMAGES_NOT_A_LIST, {}),
        (b'{"prompt": "p", "images": ["a.png"]}', Code.IMAGE_NOT_AN_OBJECT, {}),
        (b'{"prompt": "p", "images": [{"generator": "g"}]}', Code.IMAGE_WITHOUT_FILE, {}),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(
    line: bytes, code: Code, params: dict[str, object]
) -> None:
    reason = refusal(line).reason

    assert reason.code == code
    assert {name: reason.params[name] for name in params} == params


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("http://example.org/a.png", Code.NAME_IS_ADDRESS),
        ("data:image/png;base64,AAAA", Code.NAME_IS_ADDRESS),
        ("file:///etc/passwd", Code.NAME_IS_ADDRESS),
        ("//host/share/a.png", Code.NAME_IS_ADDRESS),
        ("/etc/passwd", Code.NAME_IS_ABSOLUTE),
        ("~/a.png", Code.NAME_IS_ABSOLUTE),
        ("C:/a.png", Code.NAME_IS_ABSOLUTE),
        ("a\\b.png", Code.NAME_HAS_BACKSLASH),
        ("a/../../b.png", Code.NAME_LEADS_OUT),
        ("..", Code.NAME_LEADS_OUT),
        ("a\x00.png", Code.NAME_CONTROL_CHARACTERS),
        ("a\u202egnp.exe", Code.NAME_TURNS),
        ("a" * 301, Code.NAME_TOO_LONG),
        ("./", Code.NAME_EMPTY),
    ],
)
def test_a_file_outside_the_upload_is_never_taken(file: str, code: Code) -> None:
    refused = refusal(one(file=file))

    assert (refused.line, refused.reason.code) == (1, code)


def test_one_bad_line_does_not_stop_the_rest() -> None:
    rows = read(one(file="a.png") + b"\n{nonsense\n" + b"x" * 400_000 + b"\n" + one(file="b.png"))

    assert [type(row) for row in rows] == [Row, Refusal, Refusal, Row]
    assert [row.line for row in rows] == [1, 2, 3, 4]


def test_the_number_of_images_fits_the_project() -> None:
    refused = refusal(one(images=[{"file": f"{n}.png"} for n in range(3)]), PAIRS)

    assert refused.reason == Reason(Code.ROW_IMAGE_COUNT, count=3, images="2")


def test_an_item_has_no_image_twice() -> None:
    refused = refusal(one(images=[{"file": "a.png"}, {"file": "./a.png"}]), PAIRS)

    assert refused == Refusal(1, "a.png", Reason(Code.ROW_IMAGE_TWICE))


def test_single_images_are_refused_as_a_whole_where_items_have_two() -> None:
    assert refused_whole(lambda: read(one(file="a.png"), PAIRS)) == Reason(
        Code.UPLOAD_SINGLE_IMAGES_PAIRS, images="2"
    )


def test_single_images_are_taken_where_pairs_are_made() -> None:
    (row,) = read(one(file="a.png"), Rules(2, 2, needs_prompt=True, pairs=PairRule(Way.RING)))

    assert isinstance(row, Row)
    assert row.single


def test_images_without_a_manifest_are_items_without_a_prompt() -> None:
    assert list(rows_of_files(["a.png"], ANY)) == [Row(1, "line-1", "", (Mention("a.png"),))]


def test_images_without_a_manifest_are_refused_where_the_prompt_is_asked_about() -> None:
    assert refused_whole(lambda: list(rows_of_files(["a.png"], SINGLE))) == Reason(
        Code.UPLOAD_NEEDS_MANIFEST
    )


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (gzip.compress(b"file,prompt\n", mtime=0), "csv", Code.MANIFEST_COMPRESSED),
        (b"PK\x03\x04rest", "jsonl", Code.MANIFEST_COMPRESSED),
        ("file,prompt\n".encode("utf-16"), "csv", Code.MANIFEST_UTF16),
        (b"name,prompt\na.png,p\n", "csv", Code.MANIFEST_NO_FILE_COLUMN),
        (b"file," + b"," * 100_000 + b"\n", "csv", Code.MANIFEST_TOO_MANY_COLUMNS),
        (b"file,file\n", "csv", Code.MANIFEST_COLUMN_TWICE),
        (b"", "csv", Code.MANIFEST_NO_FILE_COLUMN),
        (b"no parquet", "parquet", Code.MANIFEST_NOT_PARQUET),
        (b"x" * 300_000, "csv", Code.MANIFEST_LINE_TOO_LONG),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(data: bytes, kind: str, code: Code) -> None:
    assert refused_whole(lambda: read(data, kind=kind)).code == code


def test_a_csv_line_of_another_length_is_named() -> None:
    rows = read(b"file,prompt\na.png,p,extra\nb.png,q\n", kind="csv")

    assert [row.line for row in rows] == [2, 3]
    assert isinstance(rows[0], Refusal)
    assert rows[0].reason == Reason(Code.LINE_COLUMNS, values=3, columns=2)


def test_a_csv_value_that_is_not_utf8_is_named() -> None:
    refused = refusal(b"file,prompt\na.png,\xff\n", kind="csv")

    assert refused.reason == Reason(Code.VALUE_NOT_UTF8, name="prompt")


def pairs(count: int, rule: str, seed: int = 0) -> Sequence[tuple[int, int]]:
    parsed = pair_rule(rule)
    assert parsed is not None
    return pairs_of(count, parsed, Random(seed))


def unordered(drawn: Sequence[tuple[int, int]]) -> set[frozenset[int]]:
    return {frozenset(pair) for pair in drawn}


def test_all_makes_every_pair_once() -> None:
    drawn = pairs(4, "all")

    assert len(drawn) == 6
    assert unordered(drawn) == {
        frozenset(pair) for pair in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    }


def test_a_ring_gives_every_image_two_neighbours() -> None:
    drawn = pairs(7, "ring")

    assert len(unordered(drawn)) == 7
    assert all(sum(image in pair for pair in drawn) == 2 for image in range(7))


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 0), (2, 1), (3, 3), (10, 10)])
def test_a_ring_of_so_many_images_has_so_many_pairs(count: int, expected: int) -> None:
    rule = PairRule(Way.RING)

    assert pair_count(count, rule) == expected
    assert len(pairs(count, "ring")) == expected


def test_random_draws_different_pairs_and_no_more_than_there_are() -> None:
    assert len(unordered(pairs(20, "random:30"))) == 30
    assert len(unordered(pairs(4, "random:30"))) == 6
    assert all(0 <= low < 20 for pair in pairs(20, "random:190") for low in pair)
    assert len(unordered(pairs(20, "random:190"))) == 190


def test_the_seed_decides_pairs_and_sides() -> None:
    assert pairs(9, "random:9", 1) == pairs(9, "random:9", 1)
    assert pairs(9, "random:9", 1) != pairs(9, "random:9", 2)
    firsts = [first < second for first, second in pairs(60, "all", 3)]
    assert 0.45 < sum(firsts) / len(firsts) < 0.55


@pytest.mark.parametrize("text", ["ALL", "random", "random:0", "random:99999", "random:x", "ring "])
def test_a_rule_that_is_none_says_which_there_are(text: str) -> None:
    with pytest.raises(BadRule) as caught:
        pair_rule(text)

    assert caught.value.reason == Reason(Code.PAIRS_UNREADABLE, rule=text, max=10_000)
