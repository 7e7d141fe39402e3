"""An export before it is asked for: its first rows and images, what is counted, what is left out.

The format itself writes the rows, of a few items and into memory; the counts come from what is
settled. What it costs does not grow with the project beyond a walk over its items.
"""

import base64
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import Count, F
from PIL import Image as Pillow

from annotator.consensus.models import Consensus, Finding
from annotator.exports.building import facts_of, must_hold_something, selection_of, shard_of
from annotator.exports.facts import stamp
from annotator.exports.formats.common import DAWID_SKENE
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import Format, Summary
from annotator.exports.images import IMAGES, Pool, Size, image_name
from annotator.exports.reading import Source, source_of
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.projects.models import Project

ROWS = 10
OUTPUTS = 6
ITEMS = 60
COUNTED = 50_000
SHOWN_SIDE = 192
SHOWN_FILES = 12
TEXT_BYTES = 4096
IMAGE_STARTS = ("\x89PNG", "\xff\xd8\xff", "RIFF")


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One row as it would stand in the output `of`; bytes as their size and hash."""

    of: str
    row: Any


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image that the format draws itself (a map, a mask), small, as a data URL."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One question over the counted items: how many answered it, and what each choice won."""

    question: str
    kind: str
    answered: int
    decided: Mapping[str, int]
    undecided: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would look like.

    `items` in all; `seen`: the first of them, which the rows, `sample` and `images` are of.
    `counted`: of how many settled items `counts` speak, the first in order of settling.
    """

    rows: Sequence[SeenRow]
    drawn: Sequence[Drawn]
    images: Sequence[ExportedImage]
    items: int
    seen: int
    sample: Summary
    counted: int
    counts: Sequence[Counted]
    not_settled: int
    notes: Sequence[str]


def preview_of(project: Project, form: Format, options: Options) -> Preview:
    """The preview. Raises Conflict where there is nothing to export or an image is lost."""
    source = source_of(project, selection_of(form, options))
    must_hold_something(source)
    facts = facts_of(source)
    outputs = SeenOutputs()
    seen: list[ItemRow] = []
    pool = _NoPool(Path(), project.pk)
    shard = shard_of(facts, options, outputs, pool, _until_full(source, outputs, seen))
    sample = form.write(shard, options)
    counted, counts = _counts(source)
    return Preview(
        rows=outputs.rows,
        drawn=outputs.drawn,
        images=list({p.id: p for item in seen for p in item.images}.values()),
        items=facts.items,
        seen=len(seen),
        sample=sample,
        counted=counted,
        counts=counts,
        not_settled=facts.not_settled,
        notes=_notes(options),
    )


def _notes(options: Options) -> list[str]:
    if options.values.get("aggregation") != DAWID_SKENE:
        return []
    return ["Weighing people takes all answers: these rows show what more than half said."]


def _until_full(source: Source, outputs: "SeenOutputs", seen: list[ItemRow]) -> Iterator[ItemRow]:
    for item in source.first_items(ITEMS):
        if outputs.is_full:
            return
        seen.append(item)
        yield item


class _NoPool(Pool):
    """Names images and copies none."""

    def add(
        self, image: ExportedImage, encoding: str, size: Size | None, folder: str = IMAGES
    ) -> str:
        """The image's name."""
        return image_name(image.sha256, encoding, size, folder)


@dataclass
class SeenOutputs:
    """Outputs that remember each one's first rows, and small images of what is drawn."""

    rows: list[SeenRow] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)

    @property
    def is_full(self) -> bool:
        """One of them has all the rows that are shown of it."""
        return any(count >= ROWS for count in self.written.values())

    def note(self, name: str, row: Any) -> None:
        """Remembers a row, if it is one of its output's first."""
        if name not in self.written and len(self.written) >= OUTPUTS:
            return
        self.written[name] += 1
        if self.written[name] <= ROWS:
            self.rows.append(SeenRow(name, shown(row)))

    def lines(self, name: str) -> "_Seen":
        """See outputs.py, here as below."""
        return _Seen(self, name)

    def list(self, name: str, under: str = "") -> "_Seen":
        """A list."""
        return _Seen(self, name)

    def csv(self, name: str, header: Sequence[str]) -> "_Seen":
        """A table: rows by its header."""
        return _Seen(self, name, tuple(header))

    def records(self, name: str) -> "_Seen":
        """Records."""
        return _Seen(self, name)

    def parquet(self, stem: str, schema: pa.Schema) -> "_Seen":
        """A table."""
        return _Seen(self, f"{stem}.parquet")

    def tar(self, stem: str) -> "_Seen":
        """A bundle."""
        return _Seen(self, f"{stem}.tar")

    def zip(self, stem: str) -> "_Seen":
        """A bundle."""
        return _Seen(self, f"{stem}.zip")

    def table(self, name: str, schema: pa.Schema) -> "_Seen":
        """A table."""
        return _Seen(self, name)

    def album(self, name: str, listing: str) -> "_Seen":
        """A bundle with rows."""
        return _Seen(self, name)

    def file(self, name: str, data: bytes) -> None:
        """A file by itself."""
        small = small_image(data)
        if small and len(self.drawn) < SHOWN_FILES:
            self.drawn.append(Drawn(name, small))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Any output: its rows go where they are remembered."""

    into: SeenOutputs
    name: str
    header: tuple[str, ...] = ()

    def write_row(self, row: Any) -> None:
        if self.header:
            row = dict(zip(self.header, row, strict=True))
        self.into.note(self.name, row)

    def write(self, data: bytes, shows: Mapping[str, Any] | None = None) -> None:
        self.into.note(self.name, data if shows is None else shows)

    def add(self, name: str, data: bytes) -> None:
        self.into.note(self.name, {"name": name, "content": data})


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
    return value


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
    if not data.startswith(tuple(start.encode("latin-1") for start in IMAGE_STARTS)):
        return ""
    with Pillow.open(io.BytesIO(data)) as image:
        image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        out = io.BytesIO()
        image.convert("L" if image.mode in ("1", "L") else "RGB").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _counts(source: Source) -> tuple[int, list[Counted]]:
    """What is settled about each question, of at most COUNTED items (3 queries)."""
    settled = Consensus.objects.filter(project=source.project)
    if source.selection.batches:
        settled = settled.filter(item__batch__in=source.selection.batches)
    some = settled.order_by("settled_at", "pk").values("pk")[:COUNTED]
    findings = Finding.objects.filter(consensus__in=some).values_list("question__key")
    answered = dict(findings.annotate(n=Count("consensus", distinct=True)))
    decided: dict[str, dict[str, int]] = {}
    won = findings.filter(decided=True, question__kind="preference")
    for key, choice, count in won.annotate(choice=F("key"), n=Count("pk")).order_by("key"):
        decided.setdefault(key, {})[choice] = count
    return min(settled.count(), COUNTED), [
        Counted(
            question.key,
            question.kind,
            answered.get(question.key, 0),
            decided.get(question.key, {}),
            answered.get(question.key, 0) - sum(decided.get(question.key, {}).values())
            if question.kind == "preference"
            else None,
        )
        for question in source.questions
    ]


def rows_of(found: Iterable[SeenRow]) -> list[dict[str, Any]]:
    """The rows as JSON."""
    return [{"output": one.of, "row": one.row} for one in found]
