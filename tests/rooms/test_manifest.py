"""Manifests: every form understood, every fault named by its line."""

import gzip
import io
import json
from collections.abc import Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.items.manifest import Mention, Row, Rules, read_manifest, rows_of_files
from annotator.items.pairing import BadRule, PairRule, Way, pair_count, pair_rule, pairs_of
from annotator.items.troubles import Trouble, UploadRefused

PAIRS = Rules(fewest=2, most=2, needs_prompt=True)
SINGLE = Rules(fewest=1, most=1, needs_prompt=True)
ANY = Rules(fewest=1, most=9, needs_prompt=False)


def read(data: bytes, rules: Rules = SINGLE, kind: str = "jsonl") -> list[Row | Trouble]:
    return list(read_manifest(io.BytesIO(data), kind, rules))


def reason(data: bytes, rules: Rules = SINGLE, kind: str = "jsonl") -> str:
    """Why the only row of a manifest is left out."""
    (trouble,) = read(data, rules, kind)
    assert isinstance(trouble, Trouble)
    return trouble.reason


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
    ("line", "said"),
    [
        (b"{", "The line is not JSON: Expecting property name enclosed in double quotes"),
        (b"[1]", "The line is no JSON object"),
        (b'{"file": "a.png", "file": "b.png"}', "“file” stands in it twice"),
        (b'{"file": "a.png", "score": NaN}', "NaN is no JSON number"),
        (b'{"file": "a.png", "score": -Infinity}', "-Infinity is no JSON number"),
        (b'{"n": ' + b"9" * 5000 + b"}", "Exceeds the limit"),
        (b'{"a": ' * 30_000, "nested too deeply"),
        (b'{"file": "\xff.png"}', "The line is not UTF-8."),
        (b'{"file": "' + b"a" * 300_000 + b'"}', "longer than 262,144 bytes"),
        (b'{"prompt": "p"}', "neither “images” nor “file”"),
        (b'{"prompt": "p", "file": "a.png", "images": []}', "both “images” and “file”"),
        (b'{"file": "a.png"}', "The line has no prompt"),
        (b'{"file": "a.png", "prompt": 7}', "“prompt” must be text."),
        (b'{"file": 7, "prompt": "p"}', "“file” must be text."),
        (b'{"file": "a.png", "prompt": "\\u0000"}', "“prompt” has control characters."),
        (b'{"file": "a.png", "prompt": "\\ud800"}', "“prompt” is not UTF-8."),
        (b'{"file": "a.png", "prompt": "p", "generator": "' + b"g" * 201 + b'"}', "201 characters"),
        (b'{"file": "a.png", "prompt": "' + b"p" * 5001 + b'"}', "5,001 characters; the limit is"),
        (b'{"prompt": "p", "images": "a.png"}', "“images” must be a list."),
        (b'{"prompt": "p", "images": ["a.png"]}', "must be an object with “file”"),
        (b'{"prompt": "p", "images": [{"generator": "g"}]}', "names no “file”"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: bytes, said: str) -> None:
    assert said in reason(line)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("http://example.org/a.png", "is an address"),
        ("data:image/png;base64,AAAA", "is an address"),
        ("file:///etc/passwd", "is an address"),
        ("//host/share/a.png", "is an address"),
        ("/etc/passwd", "is an absolute path"),
        ("~/a.png", "is an absolute path"),
        ("C:/a.png", "is an absolute path"),
        ("a\\b.png", "backslash"),
        ("a/../../b.png", "leads out of the upload"),
        ("..", "leads out of the upload"),
        ("a\x00.png", "control characters"),
        ("a\u202egnp.exe", "turn the reading direction"),
        ("a" * 301, "has a name of 301 characters; the limit is 300"),
        ("./", "is empty"),
    ],
)
def test_a_file_outside_the_upload_is_never_taken(file: str, said: str) -> None:
    (trouble,) = read(one(file=file))

    assert isinstance(trouble, Trouble)
    assert said in trouble.reason
    assert trouble.line == 1


def test_one_bad_line_does_not_stop_the_rest() -> None:
    rows = read(one(file="a.png") + b"\n{nonsense\n" + b"x" * 400_000 + b"\n" + one(file="b.png"))

    assert [type(row) for row in rows] == [Row, Trouble, Trouble, Row]
    assert [row.line for row in rows] == [1, 2, 3, 4]


def test_the_number_of_images_fits_the_project() -> None:
    (trouble,) = read(one(images=[{"file": f"{n}.png"} for n in range(3)]), PAIRS)

    assert isinstance(trouble, Trouble)
    assert trouble.reason == "The line has 3 images; an item of this project has 2 images."


def test_an_item_has_no_image_twice() -> None:
    (trouble,) = read(one(images=[{"file": "a.png"}, {"file": "./a.png"}]), PAIRS)

    assert isinstance(trouble, Trouble)
    assert (trouble.file, trouble.reason) == ("a.png", "stands in the same item twice")


def test_single_images_are_refused_as_a_whole_where_items_have_two() -> None:
    with pytest.raises(UploadRefused, match="have pairs made"):
        read(one(file="a.png"), PAIRS)


def test_single_images_are_taken_where_pairs_are_made() -> None:
    (row,) = read(one(file="a.png"), Rules(2, 2, needs_prompt=True, pairs=PairRule(Way.RING)))

    assert isinstance(row, Row)
    assert row.single


def test_images_without_a_manifest_are_items_without_a_prompt() -> None:
    assert list(rows_of_files(["a.png"], ANY)) == [Row(1, "line-1", "", (Mention("a.png"),))]


def test_images_without_a_manifest_are_refused_where_the_prompt_is_asked_about() -> None:
    with pytest.raises(UploadRefused, match="Put a manifest"):
        list(rows_of_files(["a.png"], SINGLE))


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (gzip.compress(b"file,prompt\n", mtime=0), "csv", r"compressed \(gzip\)"),
        (b"PK\x03\x04rest", "jsonl", r"compressed \(zip\)"),
        ("file,prompt\n".encode("utf-16"), "csv", "UTF-16"),
        (b"name,prompt\na.png,p\n", "csv", "one of them must be “file”"),
        (b"file," + b"," * 100_000 + b"\n", "csv", "100,002 columns; the limit is 100"),
        (b"file,file\n", "csv", "the column “file” twice"),
        (b"", "csv", "must name the columns"),
        (b"no parquet", "parquet", "no parquet file"),
        (b"x" * 300_000, "csv", "Line 1 of the manifest is longer"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused_in_words(
    data: bytes, kind: str, said: str
) -> None:
    with pytest.raises(UploadRefused, match=said):
        read(data, kind=kind)


def test_a_csv_line_of_another_length_is_named() -> None:
    rows = read(b"file,prompt\na.png,p,extra\nb.png,q\n", kind="csv")

    assert [row.line for row in rows] == [2, 3]
    assert isinstance(rows[0], Trouble)
    assert rows[0].reason == "The line has 3 values, the header 2 columns."


def test_a_csv_value_that_is_not_utf8_is_named() -> None:
    (trouble,) = read(b"file,prompt\na.png,\xff\n", kind="csv")

    assert isinstance(trouble, Trouble)
    assert trouble.reason == "“prompt” is not UTF-8."


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
    with pytest.raises(BadRule, match="all, ring, random:K"):
        pair_rule(text)
