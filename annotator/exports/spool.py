"""The spool: everything that an export is made of, taken out of the database in one snapshot.

Numbered files of JSON lines (gzip), an item a line, read back into the same frozen shapes; and
spool.json, written last, with the facts and how many items each file holds. Shards are functions
of these files alone.
"""

import gzip
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.exports.facts import Facts, dump_facts, load_facts
from annotator.exports.hashed import ROW
from annotator.exports.rows import Answer, ExportedImage, ItemRow, Judgement, Measured, Said
from annotator.questions.types import Piece
from scoring.tokens import token_texts

HEAD = "spool.json"
QUICKEST = 1


@dataclass(frozen=True, slots=True)
class Spool:
    """A whole spool: `sizes` are the items of each of its files."""

    folder: Path
    facts: Facts
    sizes: tuple[int, ...]

    @property
    def of(self) -> int:
        """How many shards it makes: one at the least, so that empty outputs come to be."""
        return max(1, len(self.sizes))

    def first_of(self, index: int) -> int:
        """The number of a file's first item among all."""
        return sum(self.sizes[:index])

    def size_of(self, index: int) -> int:
        """How many items a file has."""
        return self.sizes[index] if index < len(self.sizes) else 0

    def items(self, index: int) -> Iterator[ItemRow]:
        """The items of one file."""
        if index >= len(self.sizes):
            return
        with gzip.open(_file(self.folder, index), "rt", encoding="utf-8") as lines:
            for line in lines:
                yield load_item(json.loads(line))


def write_files(
    folder: Path, items: Iterable[ItemRow], *, at_most: int, together: bool
) -> Iterator[tuple[int, ItemRow]]:
    """Writes items into numbered files of `at_most`; yields each with its file's number.

    `together`: a file ends only where the prompt changes.
    """
    stream = _numbered(items, at_most, together=together)
    for number, group in groupby(stream, key=lambda pair: pair[0]):
        with closing(_new(_file(folder, number))) as out:
            for _, item in group:
                out.write(ROW.encode(dump_item(item)).encode() + b"\n")
                yield number, item


def write_head(folder: Path, facts: Facts, sizes: Sequence[int]) -> None:
    """The last file of a spool."""
    head = {"facts": dump_facts(facts), "sizes": list(sizes)}
    (folder / HEAD).write_text(json.dumps(head, ensure_ascii=False))


def open_spool(folder: Path) -> Spool:
    """A whole spool. Raises FileNotFoundError where there is none."""
    head = json.loads((folder / HEAD).read_text())
    return Spool(folder, load_facts(head["facts"]), tuple(head["sizes"]))


def _numbered(
    items: Iterable[ItemRow], at_most: int, *, together: bool
) -> Iterator[tuple[int, ItemRow]]:
    number = size = 0
    prompt = None
    for item in items:
        if size >= at_most and not (together and item.prompt == prompt):
            number, size = number + 1, 0
        size, prompt = size + 1, item.prompt
        yield number, item


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.jsonl.gz"


def _new(path: Path) -> gzip.GzipFile:
    return gzip.open(path, "xb", compresslevel=QUICKEST)


# An item as JSON: lists in the order of the shapes' fields.


def dump_item(item: ItemRow) -> list[Any]:
    """Everything of it but its tokens, which follow from its prompt, and beliefs."""
    return [
        item.id.hex,
        item.batch_id,
        item.key,
        item.prompt,
        item.settled,
        item.prompt_items,
        [dump_image(image) for image in item.images],
        [_dump_answer(answer) for answer in item.answers],
    ]


def load_item(found: Sequence[Any]) -> ItemRow:
    """What dump_item gave."""
    pk, batch_id, key, prompt, settled, prompt_items, images, answers = found
    return ItemRow(
        id=uuid.UUID(pk),
        batch_id=batch_id,
        key=key,
        prompt=prompt,
        settled=settled,
        images=tuple(load_image(image) for image in images),
        answers=tuple(_load_answer(answer) for answer in answers),
        tokens=tuple(token_texts(prompt)),
        prompt_items=prompt_items,
    )


def dump_image(image: ExportedImage) -> list[Any]:
    """An image."""
    return [image.letter, image.id.hex, *image[2:]]


def load_image(found: Sequence[Any]) -> ExportedImage:
    """What dump_image gave."""
    letter, pk, *columns, measured = found
    values = tuple(Measured(*value) for value in measured)
    return ExportedImage._make((letter, uuid.UUID(pk), *columns, values))


def _dump_answer(answer: Answer) -> list[Any]:
    said, judgement = answer.said, answer.judgement
    claimed = said.claimed_at.isoformat() if said.claimed_at else None
    return [
        [
            said.id.hex,
            *said[1:-3],
            claimed,
            said.submitted_at.isoformat(),
            said.first_submitted_at.isoformat(),
        ],
        {key: [_dump_piece(piece) for piece in pieces] for key, pieces in answer.pieces.items()},
        [*judgement[:-1], judgement.at.isoformat()] if judgement else None,
    ]


def _load_answer(found: Sequence[Any]) -> Answer:
    (pk, *columns, claimed, submitted, first), pieces, judgement = found
    claimed_at = datetime.fromisoformat(claimed) if claimed else None
    times = (claimed_at, datetime.fromisoformat(submitted), datetime.fromisoformat(first))
    said = Said._make((uuid.UUID(pk), *columns, *times))
    return Answer(said, _load_pieces(pieces), _load_judgement(judgement))


def _load_pieces(found: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, list[Piece]]:
    return {key: [Piece(*columns) for columns in pieces] for key, pieces in found.items()}


def _load_judgement(found: Sequence[Any] | None) -> Judgement | None:
    if found is None:
        return None
    *columns, at = found
    return Judgement._make((*columns, datetime.fromisoformat(at)))


def _dump_piece(piece: Piece) -> list[Any]:
    columns = [
        piece.type, piece.letter, piece.ordinal, piece.choice,
        piece.number, piece.x, piece.y, piece.text,
    ]  # fmt: skip
    if not piece.text:
        columns.pop()
        while columns[-1] is None:
            columns.pop()
    return columns
