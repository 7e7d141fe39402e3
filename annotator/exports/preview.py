"""An export before it is asked for: its first rows and images, what is counted, what is skipped.

The format itself writes the rows, of a few items and into memory; the counts come from what is
settled. What it costs does not grow with the project beyond a walk over its items.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F

from annotator.consensus.models import Consensus, Finding
from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.pairs import Aggregation
from annotator.exports.building import facts_of, selection_of, why_empty
from annotator.exports.formats.format import Format, splits_asked_for
from annotator.exports.formats.options import ANSWERS_OF, SIGNED_OFF, Options
from annotator.exports.read.draws import Splitter, percents_of
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.read.source import ExportSource, source_of
from annotator.exports.store.preview import PreviewRow, PreviewSink
from annotator.exports.store.rows import Skipped
from annotator.exports.writing import write_shard
from annotator.projects.models import BatchVerdict, Project
from annotator.questions.kinds import KINDS, kinds_where

ITEMS = 60
COUNTED = 10_000
NAMED = 5


@dataclass(frozen=True, slots=True)
class SkippedCount:
    """How many things make no row, for one reason."""

    code: Skipped
    count: int


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Rows by split, question or whatever the format counts `by`; "" for a count by itself."""

    by: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """One question over the counted items: how many answered it, and what each choice won.

    `decided`: of a preference, items by the choice of more than half; `undecided`: without one.
    """

    question: str
    kind: str
    answered: int
    decided: Mapping[str, int]
    undecided: int | None


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What an export would hold.

    `items` in all; `seen`: the first of them, which `rows`, `row_count`, `counts` and `skipped` are
    of. `settled`: of how many settled items `questions` speak, the first in order of settling.
    `not_settled`: items with answers that are skipped because they are not settled yet; `excluded`:
    those that a lead keeps out. `overridden`: items of which a lead's own answer counts.
    `empty`: why there are none at all.
    """

    rows: Sequence[PreviewRow]
    items: int
    seen: int
    row_count: int
    counts: Sequence[CountedRows]
    skipped: Sequence[SkippedCount]
    settled: int
    questions: Sequence[QuestionCount]
    not_settled: int
    excluded: int
    overridden: int
    warnings: Sequence[Reason]
    empty: Reason | None


def preview_of(project: Project, form: Format, options: Options) -> ExportPreview:
    """The preview. Raises Conflict where an image is lost."""
    source = source_of(project, selection_of(project, form, options))
    facts = facts_of(source)
    sink = PreviewSink()
    items = _FirstItems(list(source.first_items(ITEMS)), sink)
    sample = write_shard(form, options, facts, items, sink)
    settled, questions = _questions(source)
    return ExportPreview(
        rows=sink.rows,
        items=facts.items,
        seen=items.seen,
        row_count=sample.rows,
        counts=_counts(sample.counts),
        skipped=_skipped(sample.skipped),
        settled=settled,
        questions=questions,
        not_settled=facts.not_settled,
        excluded=facts.excluded,
        overridden=facts.overridden,
        warnings=_warnings(source, facts, form, options),
        empty=why_empty(source),
    )


@dataclass
class _FirstItems:
    """Items until the sink has all the rows that it shows."""

    items: Sequence[ExportedItem]
    sink: PreviewSink
    seen: int = 0

    def __iter__(self) -> Iterator[ExportedItem]:
        for place, item in enumerate(self.items):
            if self.sink.is_full:
                return
            self.seen = place + 1
            yield item


def _warnings(source: ExportSource, facts: Facts, form: Format, options: Options) -> list[Reason]:
    found = []
    if options.text(ANSWERS_OF.name) == SIGNED_OFF and not source.project.signs_off:
        found.append(Reason(Code.NEVER_SIGNED_OFF))
    if source.selection.signed_off:
        taken = list(source.batches().values_list("name", flat=True))
        of = replace(source, selection=replace(source.selection, signed_off=False))
        total = of.batches().count()
        names = (*taken[:NAMED], *(["…"] if len(taken) > NAMED else []))
        if len(taken) < total:
            found.append(Reason(Code.SIGNED_OFF_ALONE, n=len(taken), total=total, names=names))
    if options.text("aggregation") == Aggregation.DAWID_SKENE:
        found.append(Reason(Code.PEOPLE_WEIGHED_LATER))
    if empty := _empty_splits(source, form, options):
        found.append(Reason(Code.SPLITS_EMPTY, names=empty))
    if facts.single:
        found.append(Reason(Code.ITEMS_OF_ONE_PERSON, count=facts.single, items=facts.items))
    return found


def _empty_splits(source: ExportSource, form: Format, options: Options) -> tuple[str, ...]:
    """The splits that no prompt falls into: those of a few prompts, so few are looked at."""
    unseen = splits_asked_for(form, options)
    percents = percents_of(options.text("split"))
    if percents is None or not unseen or source.is_empty():
        return ()
    splitter = Splitter(source.project.seed, options.whole("seed"), percents)
    for prompt in source.selected().values_list("prompt", flat=True)[:COUNTED].iterator():
        unseen.pop(splitter.split_of(prompt), None)
        if not unseen:
            break
    return tuple(unseen.values())


def _counts(counts: Mapping[str, Any]) -> list[CountedRows]:
    """What the format counts, a group each; of nested groups the innermost, singles last."""
    groups = {by: count for by, count in counts.items() if isinstance(count, Mapping)}
    singles = {name: count for name, count in counts.items() if name not in groups and count}
    found = [CountedRows(by, dict(_numbers(count))) for by, count in groups.items()]
    return [one for one in [*found, CountedRows("", singles)] if one.counts]


def _skipped(skipped: Mapping[str, Any]) -> list[SkippedCount]:
    """By reason over all questions, the most first."""
    totals: Counter[str] = Counter()
    for code, count in _numbers(skipped):
        totals[code] += count
    return [SkippedCount(Skipped(code), count) for code, count in totals.most_common() if count]


def _numbers(counts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Numbers by their last name, whatever they are nested in."""
    for name, count in counts.items():
        if isinstance(count, Mapping):
            yield from _numbers(count)
        else:
            yield name, count


def _questions(source: ExportSource) -> tuple[int, list[QuestionCount]]:
    """What is settled about each question, of at most COUNTED items (3 queries)."""
    settled = Consensus.objects.filter(project=source.project)
    if source.selection.batches:
        settled = settled.filter(item__batch__in=source.selection.batches)
    if source.selection.signed_off:
        settled = settled.filter(item__batch__verdict=BatchVerdict.SIGNED_OFF)
    some = settled.order_by("settled_at", "pk").values("pk")[:COUNTED]
    findings = Finding.objects.filter(consensus__in=some).values_list("question__key")
    answered = dict(findings.annotate(n=Count("consensus", distinct=True)))
    decided: dict[str, dict[str, int]] = {}
    won = findings.filter(decided=True, question__kind__in=kinds_where(lambda kind: kind.sides))
    for key, choice, count in won.annotate(choice=F("key"), n=Count("pk")).order_by("key"):
        decided.setdefault(key, {})[choice] = count
    return min(settled.count(), COUNTED), [
        QuestionCount(
            question.key,
            question.kind,
            answered.get(question.key, 0),
            decided.get(question.key, {}),
            answered.get(question.key, 0) - sum(decided.get(question.key, {}).values())
            if KINDS[question.kind].sides
            else None,
        )
        for question in source.questions
    ]
