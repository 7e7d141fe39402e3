"""Manifests: every form understood, every fault named by its line."""

import gzip
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.core.reasons import Code, Reason, sentence
from annotator.ingest.manifest import Mention, Row, Rules, read_manifest, rows_of_files
from annotator.ingest.pairing import (
    BadRule,
    PairRule,
    Way,
    chance_of_pair,
    pair_count,
    pair_rule,
    pairs_of,
)
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.questions.types import Piece, PieceType, QuestionSpec

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

    images = (Mention("a.png", "g1", "r.png"), Mention("d/b.png"))
    assert rows == [Row(1, "x1", "two cubes", images, named=True)]


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
        (b'{"file": "a.png"\n', Code.LINE_NOT_JSON, {"column": 17}),
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


KNOWING = replace(
    PAIRS,
    questions=(
        QuestionSpec("overall", "preference"),
        QuestionSpec("quality", "rating", scale_min=1, scale_max=5),
        QuestionSpec("why", "comment", required=False),
    ),
)


def two(**row: Any) -> bytes:
    return one(images=[{"file": "a.png"}, {"file": "b.png"}], **row)


def test_a_line_may_know_the_answers_of_some_questions() -> None:
    known = {"overall": {"choice": "b"}}

    (as_object,) = read(two(gold=known), KNOWING)
    (as_text,) = read(two(gold=json.dumps(known)), KNOWING)
    (nothing,) = read(two(gold=""), KNOWING)

    assert isinstance(as_object, Row)
    assert as_object.gold == {"overall": (Piece(PieceType.CHOICE, choice="b"),)}
    assert as_text == as_object
    assert isinstance(nothing, Row)
    assert nothing.gold == {}


@pytest.mark.parametrize(
    ("gold", "where", "code"),
    [
        ({"overall": {"choice": "c"}}, "gold.overall", Code.ANSWER_NOT_OFFERED),
        ({"quality": {"ratings": {"a": 9, "b": 1}}}, "gold.quality", Code.ANSWER_OUT_OF_RANGE),
        ({"quality": {"ratings": {"a": 1}}}, "gold.quality", Code.ANSWER_IMAGE_MISSING),
        ({"beauty": {"choice": "a"}}, "gold.beauty", Code.NO_SUCH_QUESTION),
        ({"overall": {"choice": "unsure"}}, "gold", Code.GOLD_SAYS_NOTHING),
        ({"why": {"text": "sharper"}}, "gold", Code.GOLD_SAYS_NOTHING),
        ({}, "gold", Code.GOLD_SAYS_NOTHING),
        ("overall: a", "gold", Code.GOLD_NOT_AN_OBJECT),
        ([1], "gold", Code.GOLD_NOT_AN_OBJECT),
    ],
)
def test_a_known_answer_that_is_none_says_where(gold: Any, where: str, code: Code) -> None:
    refused = refusal(two(gold=gold), KNOWING)

    assert (refused.file, refused.reason.code) == (where, code)


def test_known_answers_come_by_csv_and_parquet_as_json_text() -> None:
    known = '{"quality": {"ratings": {"a": 4}}}'
    stream = io.BytesIO()
    rows = [{"file": "a.png", "prompt": "p", "gold": known}, {"file": "b.png", "prompt": "p"}]
    parquet.write_table(pa.Table.from_pylist(rows), stream)
    as_csv = f'file,prompt,gold\na.png,p,"{known.replace(chr(34), chr(34) * 2)}"\nb.png,p,\n'
    rules = replace(SINGLE, questions=KNOWING.questions)

    for found in (read(as_csv.encode(), rules, "csv"), read(stream.getvalue(), rules, "parquet")):
        assert [bool(row.gold) for row in found if isinstance(row, Row)] == [True, False]


def test_images_of_which_pairs_are_made_have_no_known_answer() -> None:
    rules = replace(KNOWING, pairs=PairRule(Way.ALL))

    refused = refusal(one(file="a.png", gold={"quality": {"ratings": {"a": 4}}}), rules)

    assert refused.reason.code == Code.GOLD_OF_SINGLE_IMAGE


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
        ("file,prompt\n".encode("utf-16-le"), "csv", Code.MANIFEST_UTF16),
        ('{"file": "a.png"}'.encode("utf-16-be"), "jsonl", Code.MANIFEST_UTF16),
        (b"name,prompt\na.png,p\n", "csv", Code.MANIFEST_NO_FILE_COLUMN),
        (b"file|prompt\na.png|p\n", "csv", Code.MANIFEST_NO_FILE_COLUMN),
        (b'[\n {"file": "a.png"}\n]', "jsonl", Code.MANIFEST_IS_LIST),
        (b'\xef\xbb\xbf[{"file": "a.png"}, {"file": "b.png"}]', "jsonl", Code.MANIFEST_IS_LIST),
        (b"file," + b"," * 100_000 + b"\n", "csv", Code.MANIFEST_TOO_MANY_COLUMNS),
        (b"file,file\n", "csv", Code.MANIFEST_COLUMN_TWICE),
        (b"", "csv", Code.MANIFEST_NO_FILE_COLUMN),
        (b"no parquet", "parquet", Code.MANIFEST_NOT_PARQUET),
        (b"x" * 300_000, "csv", Code.MANIFEST_LINE_TOO_LONG),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(data: bytes, kind: str, code: Code) -> None:
    assert refused_whole(lambda: read(data, kind=kind)).code == code


@pytest.mark.parametrize(
    "data",
    [
        b'file,prompt\ra.png,"a cat, big"\rb.png,"two\rlines"\r',
        b'\xef\xbb\xbffile,prompt\ra.png,"a cat, big"\rb.png,"two\rlines"',
        b'\xef\xbb\xbffile;prompt\r\na.png;a cat, big\r\nb.png;"two\r\nlines"\r\n',
        b'sep=;\r\nfile;prompt\r\na.png;a cat, big\r\nb.png;"two\nlines"\r\n',
        b'"prompt";"file"\n"a cat, big";"a.png"\n"two\nlines";"b.png"\n',
        b'file\tprompt\na.png\ta cat, big\nb.png\t"two\nlines"\n',
        b'sep=,\nfile,prompt\na.png,"a cat, big"\nb.png,"two\nlines"\n',
    ],
)
def test_a_csv_has_line_ends_and_delimiters_of_any_spreadsheet(data: bytes) -> None:
    rows = read(data, kind="csv")

    found = [(row.images[0].file, row.prompt) for row in rows if isinstance(row, Row)]
    assert found == [("a.png", "a cat, big"), ("b.png", "two lines")]
    assert len(rows) == 2


def test_a_comma_parts_cells_where_a_line_has_semicolons_too() -> None:
    rows = read(b"file,prompt;note\na.png,p;q\n", ANY, kind="csv")
    assert [row.images[0].file for row in rows if isinstance(row, Row)] == ["a.png"]

    (row,) = read(b"file;prompt\na.png;one, two, three\n", kind="csv")
    assert isinstance(row, Row)
    assert row.prompt == "one, two, three"


def test_json_lines_may_end_in_carriage_returns() -> None:
    data = b'{"file":"a.png","prompt":"a"}\r\r{"file":"b.png","prompt":"b"}\r'

    rows = read(data)

    assert [(row.line, row.prompt) for row in rows if isinstance(row, Row)] == [(1, "a"), (3, "b")]


def test_a_csv_line_of_another_length_is_named() -> None:
    rows = read(b"file,prompt\na.png,p,extra\nb.png,q\n", kind="csv")

    assert [row.line for row in rows] == [2, 3]
    assert isinstance(rows[0], Refusal)
    assert rows[0].reason == Reason(Code.LINE_COLUMNS, values=3, columns=2)


def test_blank_lines_of_a_csv_say_nothing() -> None:
    rows = read(b"\n\nfile,prompt\n\na.png,p\n,\n   \nb.png,q\n , \n", kind="csv")

    assert [(row.line, row.images[0].file) for row in rows if isinstance(row, Row)] == [
        (5, "a.png"), (8, "b.png"),
    ]  # fmt: skip
    assert len(rows) == 2


def test_a_csv_with_one_line_that_is_not_utf8_is_refused_as_a_whole() -> None:
    # The first line of GBK is UTF-8, too, by chance: it would be put to people as gibberish.
    data = "file,prompt\na.png,一只猫\nb.png,红色的房子\n".encode("gbk")

    assert refused_whole(lambda: read(data, kind="csv")) == Reason(Code.MANIFEST_NOT_UTF8, line=3)


def test_a_quote_that_nothing_closes_is_named_where_it_opens_and_the_rest_is_read() -> None:
    head = b"file,prompt,generator\na.png,a cat,g\n"
    rest = b'c.png,"a dog, asleep",g\nd.png,"two\nlines",g\ne.png,a cow,g\n'

    taken = read(head + b'b.png,"a sign, half finished,g\n' + rest, kind="csv")
    at_the_end = read(head + rest + b'f.png,"a fish,g\n', kind="csv")
    far_away = read(head + b'b.png,"a sign,g\n' + b"x.png,a bird,g\n" * 30_000, kind="csv")

    files = [one.images[0].file if isinstance(one, Row) else one for one in taken]
    opened = Refusal(3, "", Reason(Code.LINE_QUOTE_OPEN))
    assert files == ["a.png", opened, "c.png", "d.png", "e.png"]
    assert [one.line for one in taken] == [2, 3, 4, 6, 7]
    assert [one for one in at_the_end if isinstance(one, Refusal)] == [
        Refusal(7, "", Reason(Code.LINE_QUOTE_OPEN))
    ]
    assert [one for one in far_away if isinstance(one, Refusal)] == [opened]
    assert len(far_away) == 30_002


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


META = {"seed": 18446744073709551615, "step": 2000, "cfg": 7.5, "lora": True, "sampler": "euler a"}


def test_what_comes_with_an_image_and_an_item_is_kept() -> None:
    line = one(
        id="x", category="animals", meta={"tier": "hard", "none": None},
        images=[{"file": "a.png", "meta": META}, {"file": "b.png"}],
    )  # fmt: skip

    [row] = read(line, PAIRS)

    images = (Mention("a.png", meta=META), Mention("b.png"))
    meta = {"tier": "hard", "category": "animals"}
    assert row == Row(1, "x", "a cube", images, meta=meta, named=True)


def test_a_line_of_one_image_gives_its_meta_to_the_image_and_its_category_to_both() -> None:
    [row] = read(one(file="a.png", meta={"seed": 7}, category="text"))

    assert isinstance(row, Row)
    assert row.images[0].meta == {"seed": 7, "category": "text"}
    assert row.meta == {"category": "text"}


def test_csv_and_parquet_say_meta_in_columns() -> None:
    expected = {"seed": 7, "cfg": 7.5, "sampler": "euler a", "run": "007", "Tier": "x"}
    header = "FILE,prompt,meta.seed,meta_cfg,meta.sampler,meta.run,meta.none,Meta.Tier,meta"
    as_csv = f"{header}\na.png,a cube,7,7.5,euler a,007,,x,\n".encode()
    as_object = (
        b'file,prompt,meta\na.png,a cube,"{""seed"": 7, ""cfg"": 7.5, '
        b'""sampler"": ""euler a"", ""run"": ""007"", ""Tier"": ""x""}"\n'
    )
    columns = {
        "file": ["a.png", "b.png"], "prompt": ["a cube"] * 2, "meta.seed": [7, None],
        "meta": [{"cfg": 7.5, "sampler": "euler a", "run": "007", "Tier": "x"}, None],
    }  # fmt: skip
    stream = io.BytesIO()
    parquet.write_table(pa.table(columns), stream)

    for data, kind in ((as_csv, "csv"), (as_object, "csv"), (stream.getvalue(), "parquet")):
        first, *others = read(data, kind=kind)
        assert isinstance(first, Row)
        assert first.images[0].meta == expected, kind
        assert all(isinstance(row, Row) and row.images[0].meta == {} for row in others)


def of_parquet(columns: Mapping[str, Any], rules: Rules = SINGLE) -> list[Row | Refusal]:
    stream = io.BytesIO()
    parquet.write_table(pa.table(dict(columns)), stream)
    return read(stream.getvalue(), rules, "parquet")


def test_a_table_with_gaps_has_its_numbers_and_nothing_else() -> None:
    # As pandas writes whole numbers with a gap among them, and a column that is all gaps.
    gaps = [math.nan, math.nan]
    first, second = of_parquet(
        {"File": ["a.png", "b.png"], "PROMPT": ["p", "q"], "id": [7.0, math.nan],
         "generator": gaps, "reference": gaps}
    )  # fmt: skip

    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.key, first.named, second.named) == ("7", True, False)
    assert first.images == (Mention("a.png"),)


def test_decimals_and_times_of_a_table_are_numbers_and_texts() -> None:
    values = {
        "cfg": Decimal("7.50"), "steps": Decimal("20"), "day": date(2026, 1, 2),
        "at": datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - as tables have them
    }  # fmt: skip
    [row] = of_parquet({"file": ["a.png"], "prompt": ["p"], "meta": [values]})

    assert isinstance(row, Row)
    assert row.images[0].meta == {
        "cfg": 7.5, "steps": 20, "day": "2026-01-02", "at": "2026-01-02T03:04:05",
    }  # fmt: skip
    assert type(row.images[0].meta["steps"]) is int


def test_a_column_that_differs_in_case_alone_is_there_twice() -> None:
    columns = {"file": ["a.png"], "File": ["b.png"], "prompt": ["p"]}
    reason = refused_whole(lambda: of_parquet(columns))
    assert reason == Reason(Code.MANIFEST_COLUMN_TWICE, name="file")


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ([1], Code.META_NOT_AN_OBJECT),
        ("seed=7", Code.META_NOT_AN_OBJECT),
        ({"a": {"b": 1}}, Code.META_NOT_FLAT),
        ({"a": [1]}, Code.META_NOT_FLAT),
        ({" ": 1}, Code.META_KEY_EMPTY),
        ({"a": 1 << 64}, Code.META_NUMBER_TOO_LARGE),
        ({"a" * 61: 1}, Code.VALUE_TOO_LONG),
        ({"a": "b" * 501}, Code.VALUE_TOO_LONG),
        ({"a": "b\u0000"}, Code.VALUE_CONTROL_CHARACTERS),
        ({f"k{n}": n for n in range(33)}, Code.META_TOO_MANY_KEYS),
        ({f"k{n}": "x" * 400 for n in range(12)}, Code.META_TOO_LONG),
    ],
)
def test_a_bad_meta_is_a_problem_of_its_line_in_words(meta: object, code: Code) -> None:
    for line in (one(file="a.png", meta=meta), one(images=[{"file": "a.png"}], meta=meta)):
        refused = refusal(line, ANY)
        assert (refused.line, refused.reason.code) == (1, code)
        assert sentence(refused.reason)


@pytest.mark.parametrize("twice", ["meta.seed,meta.seed", "generator,Generator", "id,id"])
def test_a_column_that_is_read_is_refused_if_it_is_there_twice(twice: str) -> None:
    data = f"file,prompt,{twice}\na.png,p,1,2\n".encode()

    assert refused_whole(lambda: read(data, kind="csv")).code == Code.MANIFEST_COLUMN_TWICE


def test_a_key_of_meta_is_said_once() -> None:
    both = refusal(b'file,prompt,meta.seed,meta\na.png,p,1,"{""seed"": 2}"\n', kind="csv")
    assert both.reason.code == Code.META_KEY_TWICE


def test_every_pair_of_a_prompt_is_as_likely_as_any_other() -> None:
    for text, chance in (("all", 1.0), ("ring", 0.5), ("random:4", 0.4), ("random:99", 1.0)):
        rule = pair_rule(text)
        assert rule is not None
        assert chance_of_pair(5, rule) == chance
        drawn = [pair for n in range(4000) for pair in pairs_of(5, rule, Random(n))]
        for pair in ({0, 1}, {2, 4}):
            share = sum(set(one) == pair for one in drawn) / 4000
            assert share == pytest.approx(chance, abs=0.03)


def test_a_prompt_is_composed_and_one_that_nobody_sees_is_none() -> None:
    [row] = read(one(file="a.png", prompt="cafe\u0301\u200b"))
    assert isinstance(row, Row)
    assert row.prompt == "caf\u00e9\u200b"
    assert refusal(one(file="a.png", prompt="\u200b\u2060")).reason.code == Code.ROW_WITHOUT_PROMPT
    [custom] = read(one(file="a.png", prompt="\u200b"), ANY)
    assert isinstance(custom, Row)
    assert custom.prompt == ""


def test_what_looks_the_same_is_one_generator_and_one_category() -> None:
    data = [one(file="a.png", generator=f"Mod{e}le", category=f"caf{e}",
                meta={f"cl{e}": e}) for e in ("\u00e9", "e\u0301")]  # fmt: skip
    first, second = read(b"\n".join(data))

    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.images == second.images
    assert first.images[0].generator == "Mod\u00e9le"


@pytest.mark.parametrize(("written", "key"), [(7, "7"), (7.0, "7"), ("007", "007")])
def test_a_number_is_a_name_as_people_write_it(written: object, key: str) -> None:
    [row] = read(one(file="a.png", id=written))
    assert isinstance(row, Row)
    assert row.key == key


@pytest.mark.parametrize("written", [7.5, True, [7]])
def test_a_name_is_no_other_value(written: object) -> None:
    assert refusal(one(file="a.png", id=written)).reason.code == Code.VALUE_NOT_TEXT
