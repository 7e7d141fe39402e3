"""Shards become one folder: joined outputs, numbered ones, single files, images."""

from collections.abc import Callable, Sequence
from pathlib import Path

from annotator.exports.store.files import FileEntry
from annotator.exports.store.folder import ExportFolder, sorted_once
from annotator.exports.store.sink import FILE, part_path
from annotator.exports.store.work import OutputPart, Written, open_shard
from annotator.exports.store.writers import WRITERS

Parts = Sequence[tuple[Path, OutputPart]]


def put_outputs(folder: ExportFolder, shards: Sequence[Path], tick: Callable[[], None]) -> None:
    """The joined and numbered outputs, by form and name, then files in the order of their shards.

    `tick` hears of each output and each shard.
    """
    outputs: dict[tuple[str, str], list[tuple[Path, OutputPart]]] = {}
    for shard in shards:
        for part in open_shard(shard).parts:
            if part.form != FILE:
                path = part_path(shard, part.form, part.file.name)
                outputs.setdefault((part.form, part.file.name), []).append((path, part))
    for (form, name), parts in sorted(outputs.items()):
        _put(folder, form, name, parts)
        tick()
    for shard in shards:
        for part in open_shard(shard).parts:
            if part.form == FILE:
                folder.take(part_path(shard, FILE, part.file.name), part.file)
        tick()


def written_in(shards: Sequence[Path]) -> dict[str, Written]:
    """What all shards wrote into each output, by its name without a number."""
    found: dict[str, Written] = {}
    for shard in shards:
        for part in open_shard(shard).parts:
            if part.form != FILE:
                found[part.file.name] = part.added_to(found.get(part.file.name))
    return found


def put_images(folder: ExportFolder, shards: Sequence[Path], pool: Path) -> None:
    """The images that any of the shards needs, by name."""
    needed = (entry for shard in shards for entry in open_shard(shard).images())
    with sorted_once(needed) as entries:
        for entry in entries:
            folder.take(pool / entry.name, entry)


def _put(folder: ExportFolder, form: str, name: str, parts: Parts) -> None:
    writer = WRITERS[form]
    if writer.suffix:
        _number(folder, name, writer.suffix, parts)
        return
    with folder.open(name) as out:
        writer.join(out, parts)


def _number(folder: ExportFolder, stem: str, suffix: str, parts: Parts) -> None:
    """Files of shards that have rows, numbered anew; of none, one empty file."""
    filled = [found for found in parts if found[1].rows] or list(parts[:1])
    for place, (path, part) in enumerate(filled):
        name = f"{stem}-{place:05d}-of-{len(filled):05d}{suffix}"
        file = part.file
        folder.take(path, FileEntry(name, file.bytes, file.sha256, file.crc32))
