"""The last step: shards become one folder, with a manifest that names every file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from annotator.exports.beliefs import report_of
from annotator.exports.facts import stamp
from annotator.exports.folder import Folder, sorted_once
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary, total_of
from annotator.exports.gathered import join_albums, join_tables
from annotator.exports.hashed import BLOCK, Entry, HashedFile
from annotator.exports.outputs import Kind, Part, part_path
from annotator.exports.spool import Spool
from annotator.exports.work import Done, Work, open_done

README = "README.md"
CREATED_AT_IS = "the newest change in the data, so that the same data gives the same bytes"
# What stands before, between and after the parts of a list that hold anything.
OPENED, BETWEEN, CLOSED, EMPTY = b"[\n", b",\n", b"\n]", b"[]"

Where = tuple[Path, Part]


def assemble(
    work: Work,
    spool: Spool,
    form: Format,
    options: Options,
    folder: Folder,
    tick: Callable[[int], None],
) -> Summary:
    """Puts all but the manifest into the folder; `tick(done)` hears of each output.

    Joined outputs come first, by name; then numbered ones, single files in the order of their
    shards, what the format says about itself, and images by name.
    """
    shards = [work.shard(index) for index in range(spool.of)]
    total = reduce(total_of, (open_done(shard).summary for shard in shards))
    done = 0
    for (kind, name), found in sorted(_outputs(shards).items()):
        _write(folder, kind, name, found)
        done += 1
        tick(done)
    for shard in shards:
        _take_files(folder, open_done(shard))
        tick(done)
    about = form.about(options, spool.facts, total)
    for name, data in about.files.items():
        folder.add(name, data)
    if about.readme:
        folder.add(README, "\n".join([*about.readme, ""]).encode())
    with sorted_once(entry for shard in shards for entry in open_done(shard).images()) as entries:
        for entry in entries:
            folder.take(work.pool / entry.name, entry)
    return total


def manifest_head(
    spool: Spool, form: Format, options: Options, total: Summary, about: About
) -> dict[str, Any]:
    """The manifest without its files."""
    facts = spool.facts
    return {
        "format": form.name,
        "format_version": form.version,
        "project": {
            "id": facts.project,
            "name": facts.name,
            "template": facts.template,
            "overlap": facts.overlap,
            "questions": [
                {"id": question.key, "type": question.kind} for question in facts.questions
            ],
        },
        "created_at": stamp(facts.created_at),
        "created_at_is": CREATED_AT_IS,
        "rows": total.rows,
        "items": total.items,
        "aggregation": {**about.aggregation, **_weighed(spool)},
        "options": dict(options.values),
        "counts": dict(total.counts),
        "left_out": {**total.left_out, "items_not_settled": facts.not_settled},
        "schema": dict(about.schema),
    }


def _weighed(spool: Spool) -> dict[str, Any]:
    report = report_of(spool)
    return {"dawid_skene": report} if report else {}


def _outputs(shards: Sequence[Path]) -> Mapping[tuple[Kind, str], list[Where]]:
    found: dict[tuple[Kind, str], list[Where]] = {}
    for shard in shards:
        for part in open_done(shard).parts:
            if part.kind is not Kind.FILE:
                found.setdefault((part.kind, part.name), []).append((shard, part))
    return found


def _write(folder: Folder, kind: Kind, name: str, found: Sequence[Where]) -> None:
    if not kind.joined:
        _number(folder, kind, name, found)
        return
    with folder.open(name) as out:
        paths = [part_path(shard, kind, name) for shard, _ in found]
        if kind is Kind.ALBUM:
            join_albums(out, paths, found[0][1].header)
            return
        if kind is Kind.TABLE:
            join_tables(out, paths)
            return
        if kind is Kind.LIST:
            _join_list(out, found)
            return
        if kind is Kind.CSV:
            out.write(found[0][1].header.encode())
        for shard, _ in found:
            _copy(out, part_path(shard, kind, name))


def _join_list(out: HashedFile, found: Sequence[Where]) -> None:
    under = found[0][1].header
    out.write(f"{{{json.dumps(under)}: ".encode() if under else b"")
    filled = [where for where in found if where[1].rows]
    for place, (shard, part) in enumerate(filled):
        out.write(BETWEEN if place else OPENED)
        _copy(out, part_path(shard, part.kind, part.name))
    out.write(CLOSED if filled else EMPTY)
    out.write(b"}\n" if under else b"\n")


def _number(folder: Folder, kind: Kind, stem: str, found: Sequence[Where]) -> None:
    """Files of shards that have rows, numbered anew; of none, one empty file."""
    filled = [where for where in found if where[1].rows] or list(found[:1])
    for place, (shard, part) in enumerate(filled):
        name = f"{stem}-{place:05d}-of-{len(filled):05d}{kind.suffix}"
        entry = Entry(name, part.bytes, part.sha256, part.crc32)
        folder.take(part_path(shard, kind, stem), entry)


def _take_files(folder: Folder, shard: Done) -> None:
    for part in _files(shard.parts):
        entry = Entry(part.name, part.bytes, part.sha256, part.crc32)
        folder.take(part_path(shard.folder, part.kind, part.name), entry)


def _files(parts: Iterable[Part]) -> Iterable[Part]:
    return (part for part in parts if part.kind is Kind.FILE)


def _copy(out: HashedFile, path: Path) -> None:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            out.write(block)
