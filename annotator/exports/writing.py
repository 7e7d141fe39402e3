"""The one loop over a format's rows: written, counted, and what is skipped told by its reason."""

import copy
import os
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
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
    items: set[uuid.UUID] = field(default_factory=set)
    counts: dict[str, Any] = field(init=False)
    skipped: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = copy.deepcopy(dict(self.form.counts))
        self.skipped = dict(self.form.skipped)
        if self.shard.asked:
            self.skipped["dimensions"] = {question.key: {} for question in self.shard.asked}

    def add(self, row: ExportRow) -> None:
        """A row that is written."""
        if row.rows:
            self.rows += row.rows
            self.items.update(item.id for item in row.items)
        for path, count in row.counts.items():
            _add(self.counts, path, count)

    def skip(self, skip: Skip) -> None:
        """Something that makes no row."""
        path: tuple[str, ...] = ("dimensions", skip.question) if self.shard.asked else ()
        _add(self.skipped, (*path, skip.code.value), 1)
        for path, count in skip.counts.items():
            _add(self.counts, path, count)

    def summary(self) -> Summary:
        """All of it."""
        return Summary(self.rows, len(self.items), self.skipped, self.counts)


def _add(counts: dict[str, Any], path: tuple[str, ...], count: int) -> None:
    *above, name = path
    for key in above:
        counts = counts.setdefault(key, {})
    counts[name] = counts.get(name, 0) + count


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
