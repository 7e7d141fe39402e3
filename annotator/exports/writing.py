"""The one loop over a format's rows: written, counted, and what is skipped told by its reason."""

import copy
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from annotator.exports.formats.format import Format, Found
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import Splitter, percents_of
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.rows import ExportRow, Skip
from annotator.exports.store.sink import Sink
from annotator.exports.store.work import Summary

THREADS = min(4, os.cpu_count() or 1)
AHEAD = 4 * THREADS
ALL_TRAIN = (100, 0, 0)

Path = tuple[str, ...]
"""Where a count stands among nested ones."""


def write_shard(
    form: Format, options: Options, facts: Facts, items: Iterable[ExportedItem], sink: Sink
) -> Summary:
    """Writes the rows that the format makes of these items; what they came to."""
    percents = percents_of(options.text("split")) or ALL_TRAIN
    shard = Shard(
        facts=facts,
        options=options,
        items=items,
        asked=form.asked(facts.questions, options),
        splitter=Splitter(facts.seed, options.whole("seed"), percents),
    )
    tally = _RowCounts(form, shard)
    for output in form.outputs(shard):
        sink.begin(output)
    for row in _made(form.rows(shard), tally):
        sink.write(row)
        tally.add(row)
    return tally.summary()


@dataclass
class _RowCounts:
    """Counts rows, their items, and what is skipped."""

    form: Format
    shard: Shard
    rows: int = 0
    items: set[str] = field(default_factory=set)
    counts: Counter[Path] = field(default_factory=Counter)
    skipped: Counter[Path] = field(default_factory=Counter)
    _items_before: tuple[ExportedItem, ...] = ()

    def add(self, row: ExportRow) -> None:
        """A row that is written."""
        if row.rows:
            self.rows += row.rows
            if row.items != self._items_before:
                self.items.update(item.id for item in row.items)
                self._items_before = row.items
        for path, count in row.counts.items():
            self.counts[path] += count

    def skip(self, skip: Skip) -> None:
        """Something that makes no row."""
        path: Path = ("dimensions", skip.question) if self.shard.asked else ()
        self.skipped[*path, skip.code.value] += 1
        for path, count in skip.counts.items():
            self.counts[path] += count

    def summary(self) -> Summary:
        """All of it."""
        skipped: dict[str, Any] = dict(self.form.skipped)
        if self.shard.asked:
            skipped["dimensions"] = {question.key: {} for question in self.shard.asked}
        return Summary(
            self.rows,
            len(self.items),
            _nested(skipped, self.skipped),
            _nested(copy.deepcopy(dict(self.form.counts)), self.counts),
        )


def _nested(known: dict[str, Any], counted: Mapping[Path, int]) -> dict[str, Any]:
    for (*above, name), count in counted.items():
        counts = known
        for key in above:
            counts = counts.setdefault(key, {})
        counts[name] = counts.get(name, 0) + count
    return known


def _made(found: Iterator[Found], tally: _RowCounts) -> Iterator[ExportRow]:
    """The rows in their order, those that take long made a few ahead by threads.

    NumPy and zlib let go of the interpreter's lock, so drawing and compressing go on beside the
    reading, hashing and writing of the others.
    """
    ahead: deque[Future[Iterable[ExportRow | Skip]]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="rows") as threads:
        for one in found:
            if isinstance(one, Skip):
                tally.skip(one)
            elif isinstance(one, ExportRow):
                yield one
            else:
                ahead.append(threads.submit(one))
                if len(ahead) > AHEAD:
                    yield from _rows(ahead.popleft().result(), tally)
        for future in ahead:
            yield from _rows(future.result(), tally)


def _rows(made: Iterable[ExportRow | Skip], tally: _RowCounts) -> Iterator[ExportRow]:
    for one in made:
        if isinstance(one, Skip):
            tally.skip(one)
        else:
            yield one
