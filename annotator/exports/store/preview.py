"""A sink that remembers each output's first rows as a person sees them, and writes nothing."""

import base64
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

import numpy as np
from PIL import Image as Pillow

from annotator.exports.read.facts import stamp
from annotator.exports.store.outputs import Output, Parquet
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome
from annotator.items.selectors import file_url, thumbnail_url

ROWS = 10
OUTPUTS = 6
SHOWN_SIDE = 192
TEXT_BYTES = 4096
MOST_IN_WORDS = 8
IMAGE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")

INFINITY = "∞"


@dataclass(frozen=True, slots=True)
class PreviewFigure:
    """An image of a row: `name` is its field, or the flaw of its `map` (a small PNG as data URL).

    `outcome`: among the row's images, null where the row tells none; `rank`: 1 is best.
    """

    name: str
    generator: str
    width: int
    height: int
    url: str
    thumbnail_url: str
    map: str
    outcome: ImageOutcome | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class PreviewFact:
    """A field of a row in a line of words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would stand in each of the outputs, and as a person sees it.

    In `value`, bytes stand as their text if it is short, else as {bytes, sha256}, of an image with
    a small `image` (data URL).
    """

    outputs: Sequence[str]
    prompt: str
    figures: Sequence[PreviewFigure]
    facts: Sequence[PreviewFact]
    value: Any


@dataclass
class PreviewSink:
    """The first ROWS rows of the first OUTPUTS outputs."""

    rows: list[PreviewRow] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)

    @property
    def is_full(self) -> bool:
        """One of the outputs has all the rows that are shown of it."""
        return any(count >= ROWS for count in self.written.values())

    def begin(self, output: Output) -> None:
        """Nothing: an output without rows has nothing to show."""

    def write(self, row: ExportRow) -> None:
        """Remembers a row, if it is one of its outputs' first."""
        outputs = [output for output in row.to if self._takes(_name(output))]
        if not outputs:
            return
        figures = [_figure(figure) for figure in row.figures]
        facts = [PreviewFact(name, in_words(value)) for name, value in row.facts.items()]
        value = shown(_as_written(outputs[0], row.value, self.written[_name(outputs[0])] - 1))
        self.rows.append(
            PreviewRow(
                outputs=[_name(output) for output in outputs],
                prompt=row.items[0].prompt,
                figures=figures,
                facts=[fact for fact in facts if fact.value],
                value=value,
            )
        )

    def _takes(self, name: str) -> bool:
        if name not in self.written and len(self.written) >= OUTPUTS:
            return False
        self.written[name] += 1
        return self.written[name] <= ROWS


def _name(output: Output) -> str:
    """The file's name; of numbered files without their number."""
    return f"{output.name}.{output.form}" if output.form in ("parquet", "tar") else output.name


def _as_written(output: Output, value: Any, number: int) -> Any:
    if isinstance(output, Parquet) and output.numbered:
        return {**value, output.numbered: number}
    return value


def _figure(figure: Figure) -> PreviewFigure:
    image = figure.image
    return PreviewFigure(
        name=figure.name,
        generator=image.generator,
        width=image.width,
        height=image.height,
        url=file_url(image.id),
        thumbnail_url=thumbnail_url(image.id),
        map=small_image(figure.map),
        outcome=figure.outcome,
        rank=figure.rank,
    )


def shown(value: Any) -> Any:
    """A row's value as JSON: bytes as a short text, or by size and hash, small if an image."""
    if isinstance(value, bytes):
        text = _short_text(value)
        if text is not None:
            return text
        small = small_image(value)
        found = {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
        return {**found, "image": small} if small else found
    if isinstance(value, Mapping):
        return {str(key): shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shown(inner) for inner in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, np.generic):
        return value.item()
    # JSON has no number for it.
    return INFINITY if value == inf else value


def in_words(value: Any) -> str:
    """A value in a line; "" for one that says nothing."""
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if value == inf:
        return INFINITY
    if isinstance(value, int | float | np.number):
        return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        texts = ((name, in_words(inner)) for name, inner in value.items())
        return " · ".join(f"{name} {text}" for name, text in texts if text)
    if isinstance(value, list | tuple):
        more = " …" if len(value) > MOST_IN_WORDS else ""
        return ", ".join(in_words(inner) for inner in value[:MOST_IN_WORDS]) + more
    return str(value)


def _short_text(data: bytes) -> str | None:
    """What a record or a tar holds as text; None for anything else."""
    if len(data) > TEXT_BYTES:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if all(one.isprintable() or one.isspace() for one in text) else None


def small_image(data: bytes) -> str:
    """A data URL of an encoded image, at most SHOWN_SIDE along its sides; "" for other bytes."""
    if not data.startswith(IMAGE_STARTS):
        return ""
    with Pillow.open(io.BytesIO(data)) as image:
        image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        out = io.BytesIO()
        image.convert("L" if image.mode in ("1", "L") else "RGB").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
