"""JSON files: a list of objects, alone or under a key, or an object a line; read in a stream."""

import codecs
import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import islice
from typing import IO, Any

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.layout import Row, UploadedFiles, made
from annotator.ingest.refusals import UploadRefused
from annotator.ingest.rows import Raw

BLOCK = 1 << 16
# One object, as long as a line of a manifest may be, times four: annotators' results lie in it.
LONGEST = 1 << 20
# One that is malformed must not hide what the others are.
LOOKED_AT = 20

Record = dict[str, Any]
_decode = json.JSONDecoder().raw_decode
_SPACE = " \t\r\n,"


def records_of(files: UploadedFiles, name: str, under: str = "") -> Iterator[Record | Reason]:
    """The objects of a list, or of lines; or of the list `under` a key, where it comes first.

    What stands among them and is none is a reason. Raises UploadRefused for what is none of these.
    """
    try:
        lines = name.lower().endswith(".jsonl")
        yield from _records(files.open(name), under, lines=lines)
    except (ValueError, RecursionError) as error:
        why = str(error).splitlines()[0][:200]
        raise UploadRefused(Reason(Code.DATASET_NOT_JSON, name=name, error=why)) from error


def rows_of_lists(
    files: UploadedFiles,
    lists: Iterable[str],
    make: Callable[[str, Record], Row],
    under: str = "",
) -> Iterator[Raw]:
    """Each record of these lists as `make` has it of list and record; counted over all of them."""
    every = ((name, record) for name in lists for record in records_of(files, name, under))
    for line, (name, record) in enumerate(every, 1):
        yield (line, record) if isinstance(record, Reason) else made(line, make, name, record)


def heads_of(files: UploadedFiles, name: str, under: str = "") -> list[Record]:
    """The objects among the first LOOKED_AT records, by any of which a layout is known."""
    heads: list[Record] = []
    with contextlib.suppress(UploadRefused):
        for record in islice(records_of(files, name, under), LOOKED_AT):
            heads.extend([record] if isinstance(record, dict) else [])
    return heads


def has_keys(files: UploadedFiles, name: str, keys: Set[str], under: str = "") -> bool:
    """Whether one of these objects has all of the keys."""
    return any(record.keys() >= keys for record in heads_of(files, name, under))


def _records(stream: IO[bytes], under: str, *, lines: bool) -> Iterator[Record | Reason]:
    """Objects one after the other, with or without brackets around them all.

    Of a file of lines a broken one is skipped; in a list nothing says where it would go on.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text, at, begun = decoder.decode(stream.read(BLOCK)), 0, False
    if under:
        opening = re.match(rf'\s*{{\s*"{under}"\s*:\s*(?=\[)', text)
        at = opening.end() if opening else 0
    while True:
        block = stream.read(BLOCK)
        text, at = text[at:] + decoder.decode(block, final=not block), 0
        while True:
            while at < len(text) and (text[at] in _SPACE or (text[at] == "[" and not begun)):
                begun |= text[at] == "["
                at += 1
            if at >= len(text) or text[at] == "]":
                break
            stop = text.find("\n", at) if lines and not begun else -1
            try:
                found, at = _object_at(text, at, stop)
            except json.JSONDecodeError:
                if not block or len(text) - at > LONGEST:
                    raise
                break
            yield found
        if not block:
            return


def _object_at(text: str, at: int, stop: int) -> tuple[Record | Reason, int]:
    """The object here and where it ends; what else is there, and a line up to `stop`, is a reason.

    A line is read by itself: a broken one would go on in the next. Raises JSONDecodeError.
    """
    if stop < 0:
        found, end = _decode(text, at)
    else:
        try:
            found, length = _decode(text[at:stop].rstrip("\r\n"))
        except json.JSONDecodeError as error:
            return Reason(Code.LINE_NOT_JSON, error=error.msg, column=error.colno), stop
        end = at + length
    return (found if isinstance(found, dict) else Reason(Code.LINE_NOT_AN_OBJECT)), end
