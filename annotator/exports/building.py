"""From a project to a folder in three steps, for the site's workers and for the command alike.

1. spool: one snapshot is streamed into numbered files; 2. shards: each file is turned by the
format into its parts, anywhere, in any order; 3. assembly: the parts become a folder that appears
whole. A step that was cut off is done again, a shard that is whole is kept.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import django

from annotator.core.errors import Conflict, Invalid
from annotator.exports.assembly import assemble, manifest_head
from annotator.exports.beliefs import Votes, with_beliefs
from annotator.exports.facts import Facts
from annotator.exports.folder import Folder, Listing, sync_all
from annotator.exports.formats.common import DAWID_SKENE
from annotator.exports.formats.options import Options
from annotator.exports.formats.registry import format_named
from annotator.exports.formats.types import Format
from annotator.exports.images import PNG, Pool
from annotator.exports.models import Stage
from annotator.exports.outputs import DiskOutputs, Outputs
from annotator.exports.reading import (
    Scope,
    Selection,
    Source,
    changed_at,
    generators_of,
    source_of,
)
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.exports.snapshot import snapshot
from annotator.exports.splits import Splitter, read_ratios
from annotator.exports.spool import Spool, open_spool, write_files, write_head
from annotator.exports.work import Work, write_done
from annotator.projects.models import Project

TICK_ITEMS = 100


Tick = Callable[[Stage, int, int], None]
"""Hears of (step, done, total) in items; what it raises ends the export."""


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
        raise Conflict(f"{final} holds something already; nothing is written over.")
    work = Work(final.with_name(f".{final.name}.part"))
    work.clear()
    try:
        spool = make_spool(project, form, options, work, tick)
        if workers > 1:
            make_shards_apart(spool, form, options, work, tick, workers=workers)
        else:
            for index in range(spool.of):
                make_shard(index, form, options, work, _counted(tick, spool, index))
        return make_folder(form, options, work, final, tick)
    finally:
        work.clear()


def make_shards_apart(
    spool: Spool, form: Format, options: Options, work: Work, tick: Tick, *, workers: int
) -> None:
    """All shards, by processes of their own. `tick` hears of each that is whole."""
    context = multiprocessing.get_context("spawn")
    done = 0
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as processes:
        building = [
            processes.submit(_make_apart, index, form.name, options, work)
            for index in range(spool.of)
        ]
        try:
            for shard in as_completed(building):
                done += shard.result()
                tick(Stage.SHARDS, done, spool.facts.items)
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def _make_apart(index: int, name: str, options: Options, work: Work) -> int:
    return make_shard(index, format_named(name), options, work, lambda done: None)


def _counted(tick: Tick, spool: Spool, index: int) -> Callable[[int], None]:
    before = spool.first_of(index)
    return lambda done: tick(Stage.SHARDS, before + done, spool.facts.items)


def selection_of(form: Format, options: Options) -> Selection:
    """Which items the options ask for."""
    scope = Scope.STANDING if options.wants("partial") else Scope.SETTLED
    return Selection(
        scope=Scope.ANSWERED if form.everything else scope,
        batches=tuple(int(pk) for pk in options.text("batches").split(",") if pk),
        together=form.together,
        measured=form.measured,
    )


def facts_of(source: Source) -> Facts:
    """The project as it is now (8 queries)."""
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
        not_settled=source.count_not_settled() if scope is Scope.SETTLED else 0,
        created_at=changed_at(project),
    )


def make_spool(project: Project, form: Format, options: Options, work: Work, tick: Tick) -> Spool:
    """Step 1: everything out of the database, from one snapshot."""
    part = work.begin("spool")
    weighed = options.values.get("aggregation") == DAWID_SKENE
    with snapshot():
        source = source_of(project, selection_of(form, options))
        why_not = form.why_not(source.questions)
        if why_not:
            raise Invalid(why_not)
        must_hold_something(source)
        facts = facts_of(source)
        tick(Stage.SPOOL, 0, facts.items)
        votes = Votes(part, facts.questions) if weighed else None
        sizes = _spool_items(source, facts, part, options, votes, tick)
    if votes is not None:
        votes.weigh(facts)
    write_head(part, facts, sizes)
    sync_all(part)
    part.rename(work.spool)
    return open_spool(work.spool)


def must_hold_something(source: Source) -> None:
    """Raises Conflict, in words, for an export of no items."""
    if not source.is_empty():
        return
    waiting = source.count_not_settled() if source.selection.scope is Scope.SETTLED else 0
    if waiting:
        raise Conflict(
            f"No item is settled yet, so there is nothing to export. Items with answers that "
            f"stand: {waiting}; the option “partial” takes them."
        )
    raise Conflict(
        "There is nothing to export yet: nobody has answered anything that would be in it."
    )


def _spool_items(
    source: Source, facts: Facts, part: Path, options: Options, votes: Votes | None, tick: Tick
) -> list[int]:
    sizes: list[int] = []
    files = write_files(
        part,
        source.items(),
        at_most=options.whole("shard_items"),
        together=source.selection.together,
    )
    for done, (number, item) in enumerate(files):
        if number == len(sizes):
            sizes.append(0)
        sizes[number] += 1
        if votes is not None:
            votes.add(done, item)
        if done % TICK_ITEMS == 0:
            tick(Stage.SPOOL, done, facts.items)
    tick(Stage.SPOOL, facts.items, facts.items)
    return sizes


def make_shard(
    index: int, form: Format, options: Options, work: Work, tick: Callable[[int], None]
) -> int:
    """Step 2: one shard, unless it is whole already; its items. `tick(done)` hears of them."""
    spool = open_spool(work.spool)
    if work.shard(index).exists():
        return spool.size_of(index)
    part = work.begin(f"shards/{index:05d}")
    outputs = DiskOutputs(part)
    pool = Pool(work.pool, spool.facts.project)
    items = _ticked(with_beliefs(spool, index), tick)
    try:
        shard = shard_of(spool.facts, options, outputs, pool, items)
        summary = form.write(replace(shard, index=index, of=spool.of), options)
        parts = outputs.finish()
    except BaseException:
        outputs.abandon()
        raise
    write_done(part, summary, parts, pool.take_used())
    sync_all(part)
    part.rename(work.shard(index))
    tick(spool.size_of(index))
    return spool.size_of(index)


def shard_of(
    facts: Facts, options: Options, outputs: Outputs, pool: Pool, items: Iterable[ItemRow]
) -> Shard:
    """The only shard, made as the options say."""
    ratios = read_ratios(str(options.values.get("split", "100/0/0")))
    seed = int(options.values.get("seed", 0))
    return Shard(
        facts=facts,
        index=0,
        of=1,
        items=items,
        outputs=outputs,
        splitter=Splitter(facts.seed, seed, ratios),
        pool=pool,
        encoding=str(options.values.get("encoding", PNG)),
    )


def _ticked(items: Iterable[ItemRow], tick: Callable[[int], None]) -> Iterator[ItemRow]:
    for done, item in enumerate(items):
        if done % TICK_ITEMS == 0:
            tick(done)
        yield item


def make_folder(form: Format, options: Options, work: Work, final: Path, tick: Tick) -> Built:
    """Step 3: the folder `final`, whole, out of the shards."""
    spool = open_spool(work.spool)
    folder = Folder(work.folder)
    folder.begin()
    items = spool.facts.items
    try:
        tick(Stage.ASSEMBLY, 0, items)
        total = assemble(
            work, spool, form, options, folder, lambda _: tick(Stage.ASSEMBLY, 0, items)
        )
        about = form.about(options, spool.facts, total)
        folder.publish(manifest_head(spool, form, options, total, about), final)
        tick(Stage.ASSEMBLY, items, items)
    except BaseException:
        folder.listing.close()
        raise
    return Built(total.rows, total.items, folder.listing)
