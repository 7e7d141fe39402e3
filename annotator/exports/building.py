"""From a project to a folder in three steps, for the site's workers and for the command alike.

1. spool: one snapshot is streamed into numbered files; 2. shards: each file is turned by the
format into its parts, anywhere, in any order; 3. assembly: the parts become a folder that appears
whole. A step that was cut off is done again, a shard that is whole is kept.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import django
from django.db import connections

from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.beliefs import VoteFiles, with_beliefs
from annotator.exports.aggregate.pairs import Aggregation
from annotator.exports.aggregate.rows import with_checklist
from annotator.exports.describing import manifest_of, readme_of
from annotator.exports.formats.format import Format, WholeExport, told
from annotator.exports.formats.options import ALL_SETTLED, ANSWERS_OF, SIGNED_OFF, Options
from annotator.exports.formats.registry import format_named
from annotator.exports.models import Stage
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.read.snapshot import snapshot
from annotator.exports.read.source import (
    ExportSource,
    ItemScope,
    Selection,
    changed_at,
    generators_of,
    source_of,
)
from annotator.exports.read.spool import Spool, open_spool, write_files, write_head
from annotator.exports.read.verdicts import batch_facts
from annotator.exports.store.assembly import put_images, put_outputs, written_in
from annotator.exports.store.folder import ExportFolder, Listing, sync_all
from annotator.exports.store.images import Pool
from annotator.exports.store.sink import DiskSink
from annotator.exports.store.work import Work, open_shard, total_of, write_shard_files
from annotator.exports.writing import write_shard
from annotator.items.models import MetaOf
from annotator.items.selectors import meta_keys, shows_beside, skills_of
from annotator.measurements.catalog import learnt_of
from annotator.projects.models import Project

README = "README.md"
TICK_ITEMS = 100

Tick = Callable[[Stage, int, int], None]
"""Hears of (step, done, total) in items; what it raises ends the export."""

Whole = Callable[[Spool, int], None]
"""Hears of (spool, index): this file of it is whole."""


@dataclass(frozen=True, slots=True)
class Built:
    """A finished export: its rows, and its files, manifest included."""

    rows: int
    items: int
    files: Listing


def build(
    *,
    project: Project,
    form: Format,
    options: Options,
    final: Path,
    tick: Tick,
    workers: int = 1,
) -> Built:
    """Writes the folder `final`, all of it from one snapshot, or nothing.

    `workers`: processes that build shards; with 1 it is this one. Raises Invalid for a project
    that the format does not fit, Conflict for an image that storage has lost or where there is
    nothing to export.
    """
    if final.exists() and any(final.iterdir()):
        raise Conflict(Reason(Code.FOLDER_NOT_EMPTY, folder=str(final)))
    work = Work(final.with_name(f".{final.name}.part"))
    work.clear()
    try:
        with _processes(workers) as processes:
            if processes:
                make_apart(project, form, options, work, tick, processes)
            else:
                spool = make_spool(project, form, options, work, tick)
                for index in range(spool.shards):
                    make_shard(spool, index, form, options, work, _counted(tick, spool, index))
        return make_folder(form, options, work, final, tick)
    finally:
        work.clear()


@contextmanager
def _processes(workers: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes that build shards; None of one.

    Forked where that is safe, before this one has a thread or a connection of its own: a process
    that begins by importing all of this costs as much as 10,000 rows.
    """
    if workers == 1:
        yield None
        return
    connections.close_all()
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as processes:
        processes.submit(_begin).result()
        yield processes


def _begin() -> None:
    """What a process does to be there; the first task begins them all."""


def make_apart(
    project: Project,
    form: Format,
    options: Options,
    work: Work,
    tick: Tick,
    processes: ProcessPoolExecutor,
) -> None:
    """Steps 1 and 2 side by side: a shard is built as soon as its file of the spool is whole.

    `tick` hears of the spool, then of each shard that is whole.
    """
    building: list[Future[int]] = []

    def begin(spool: Spool, index: int) -> None:
        building.append(processes.submit(_make_apart, spool, index, form.name, options, work))

    try:
        work.spool.mkdir(parents=True)
        write_spool(project, form, options, work.spool, tick, begin)
        done, items = 0, open_spool(work.spool).facts.items
        for shard in as_completed(building):
            done += shard.result()
            tick(Stage.SHARDS, done, items)
    except BaseException:
        processes.shutdown(cancel_futures=True)
        raise


def _make_apart(spool: Spool, index: int, name: str, options: Options, work: Work) -> int:
    return make_shard(spool, index, format_named(name), options, work, lambda done: None)


def _counted(tick: Tick, spool: Spool, index: int) -> Callable[[int], None]:
    before = spool.first_of(index)
    return lambda done: tick(Stage.SHARDS, before + done, spool.facts.items)


def selection_of(project: Project, form: Format, options: Options) -> Selection:
    """Which items the options ask for.

    Signed-off batches, unless all settled ones are asked for; but as long as nobody has ever signed
    a batch of the project off, nobody means to, and all are taken.
    """
    answers_of = options.text(ANSWERS_OF.name, ALL_SETTLED)
    scope = ItemScope.STANDING if options.wants("partial") else ItemScope.SETTLED
    return Selection(
        scope=ItemScope.ANSWERED if form.everything else scope,
        batches=tuple(int(pk) for pk in options.text("batches").split(",") if pk),
        signed_off=answers_of == SIGNED_OFF and project.signs_off,
        together=form.together,
        measured=form.measured,
    )


def facts_of(source: ExportSource) -> Facts:
    """The project as it is now (16 queries, one more where checklists are asked about)."""
    project, scope = source.project, source.selection.scope
    return Facts(
        project=project.pk,
        name=project.name,
        template=project.template,
        overlap=project.overlap,
        seed=project.seed,
        questions=source.questions,
        generators=generators_of(project),
        items=source.count(),
        excluded=source.count_excluded(),
        overridden=source.count_overridden(),
        single=source.count_single(),
        not_settled=source.count_not_settled() if scope is ItemScope.SETTLED else 0,
        created_at=changed_at(project),
        signed_off=source.selection.signed_off,
        batches=batch_facts(project, source.batches()),
        image_meta=tuple(meta_keys(project)[MetaOf.IMAGE]),
        versions=source.versions,
        learnt=tuple(metric.name for metric in learnt_of(project)),
        shows_beside=shows_beside(project),
        skills=tuple(skills_of(project)) if with_checklist(source.questions) else (),
    )


def make_spool(project: Project, form: Format, options: Options, work: Work, tick: Tick) -> Spool:
    """Step 1: everything out of the database, from one snapshot."""
    part = work.begin("spool")
    write_spool(project, form, options, part, tick, lambda spool, index: None)
    sync_all(part)
    part.rename(work.spool)
    return open_spool(work.spool)


def write_spool(
    project: Project, form: Format, options: Options, folder: Path, tick: Tick, whole: Whole
) -> None:
    """The files of a spool into an empty folder, its head last.

    `whole(spool, index)` hears of each file from which a shard can be built, while the next ones
    are written; `spool` is what there is by then.
    """
    weighed = options.text("aggregation") == Aggregation.DAWID_SKENE
    with snapshot():
        source = source_of(project, selection_of(project, form, options))
        misfit = form.misfit(source.questions)
        if misfit:
            raise Invalid(misfit)
        must_hold_something(source)
        facts = facts_of(source)
        tick(Stage.SPOOL, 0, facts.items)
        votes = VoteFiles(folder, facts.questions) if weighed else None
        spool = Spool(folder, facts, ())
        for index, written in enumerate(_spooled(source, spool, options, votes, tick)):
            spool = written
            if votes is None:
                whole(spool, index)
    if votes is not None:
        votes.weigh(facts)
    write_head(spool)
    if votes is not None or not spool.sizes:
        for index in range(spool.shards):
            whole(spool, index)


def must_hold_something(source: ExportSource) -> None:
    """Raises Conflict for an export of no items."""
    if (why := why_empty(source)) is not None:
        raise Conflict(why)


def why_empty(source: ExportSource) -> Reason | None:
    """Why an export would have no items; None where it has some."""
    if not source.is_empty():
        return None
    if source.is_all_unsigned():
        return Reason(Code.NONE_SIGNED_OFF)
    waiting = source.count_not_settled() if source.selection.scope is ItemScope.SETTLED else 0
    if waiting:
        return Reason(Code.NONE_SETTLED, count=waiting)
    return Reason(Code.NOTHING_TO_EXPORT)


def _spooled(
    source: ExportSource, spool: Spool, options: Options, votes: VoteFiles | None, tick: Tick
) -> Iterator[Spool]:
    """The spool after each of its files."""
    done, items = 0, spool.facts.items
    files = write_files(
        spool.folder,
        source.items(),
        at_most=options.whole("shard_items"),
        together=source.selection.together,
    )
    for file in files:
        size = 0
        for item in file:
            if votes is not None:
                votes.add(done, item)
            if done % TICK_ITEMS == 0:
                tick(Stage.SPOOL, done, items)
            done, size = done + 1, size + 1
        spool = replace(spool, sizes=(*spool.sizes, size))
        yield spool
    tick(Stage.SPOOL, items, items)


def make_shard(
    spool: Spool,
    index: int,
    form: Format,
    options: Options,
    work: Work,
    tick: Callable[[int], None],
) -> int:
    """Step 2: one shard, unless it is whole already; its items. `tick(done)` hears of them."""
    if work.shard(index).exists():
        return spool.size_of(index)
    part = work.begin(f"shards/{index:05d}")
    pool = Pool(work.pool, spool.facts.project)
    sink = DiskSink(part, pool)
    try:
        summary = write_shard(form, options, spool.facts, _ShardItems(spool, index, tick), sink)
        parts = sink.finish()
    except BaseException:
        sink.abandon()
        raise
    write_shard_files(part, summary, parts, pool.take_used())
    sync_all(part)
    part.rename(work.shard(index))
    tick(spool.size_of(index))
    return spool.size_of(index)


@dataclass(frozen=True, slots=True)
class _ShardItems:
    """A shard's items, as often as they are gone through; `tick(done)` hears of them."""

    spool: Spool
    index: int
    tick: Callable[[int], None]

    def __iter__(self) -> Iterator[ExportedItem]:
        for done, item in enumerate(with_beliefs(self.spool, self.index)):
            if done % TICK_ITEMS == 0:
                self.tick(done)
            yield item


def make_folder(form: Format, options: Options, work: Work, final: Path, tick: Tick) -> Built:
    """Step 3: the folder `final`, whole, out of the shards."""
    spool = open_spool(work.spool)
    folder = ExportFolder(work.folder)
    folder.begin()
    items = spool.facts.items
    shards = [work.shard(index) for index in range(spool.shards)]
    try:
        tick(Stage.ASSEMBLY, 0, items)
        total = reduce(total_of, (open_shard(shard).summary for shard in shards))
        whole = WholeExport(options, spool.facts, total, written_in(shards))
        put_outputs(folder, shards, lambda: tick(Stage.ASSEMBLY, 0, items))
        for name, data in told(form.files, whole).items():
            folder.add(name, data)
        folder.add(README, readme_of(form, whole).encode())
        put_images(folder, shards, work.pool)
        folder.publish(manifest_of(spool, form, whole), final)
        tick(Stage.ASSEMBLY, items, items)
    except BaseException:
        folder.listing.close()
        raise
    return Built(total.rows, total.items, folder.listing)
