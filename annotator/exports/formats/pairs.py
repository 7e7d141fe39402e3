"""What formats of pairs share: whom they fit, what can be chosen, and their walk over the items."""

from collections.abc import Callable, Iterator, Mapping

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.pairs import (
    Aggregation,
    Pair,
    PairRules,
    RankingPairs,
    decided_pairs,
)
from annotator.exports.aggregate.votes import Questions, comparing, ordered
from annotator.exports.formats.format import OptionMaker, WholeExport
from annotator.exports.formats.options import (
    ENCODING,
    PARTIAL,
    ExportOption,
    Options,
    choice,
    number,
    question,
)
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.rows import ExportRow, Skip
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import judges_needed

ALL = "all"
PREFERRED_DIMENSION = "overall"
AGGREGATION = choice("aggregation", Aggregation)
MIN_MARGIN = number("min_margin", 0, 0, 1)

PairRow = Callable[[Shard, ExportedItem, QuestionSpec, Pair], ExportRow | Skip]


def compares(questions: Questions) -> Reason | None:
    """Formats of pairs need a preference or a ranking."""
    return None if comparing(questions) else Reason(Code.NO_COMPARISON)


def asked_about(questions: Questions, options: Options) -> tuple[QuestionSpec, ...]:
    """The questions with pairs that the option `dimension` chooses."""
    chosen = options.text("dimension", ALL)
    return tuple(q for q in comparing(questions) if chosen in (ALL, q.key))


def any_dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """Pairs of one question, or of all."""
    keys = (q.key for q in comparing(questions))
    return (question("dimension", (ALL, *keys)),)


def one_dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """The question that decides."""
    keys = [q.key for q in comparing(questions)]
    preferred = PREFERRED_DIMENSION if PREFERRED_DIMENSION in keys else ""
    return (question("dimension", keys, preferred),)


def rankings(questions: Questions) -> tuple[ExportOption, ...]:
    """How rankings become pairs, for projects that have any."""
    return (choice("rankings", RankingPairs),) if ordered(questions) else ()


def pair_options(
    dimension: OptionMaker, *more: ExportOption
) -> tuple[ExportOption | OptionMaker, ...]:
    """Of formats of decided pairs; `more` stand before the encoding."""
    return (dimension, AGGREGATION, MIN_MARGIN, PARTIAL, *more, ENCODING, rankings)


def rules_of(options: Options, facts: Facts) -> PairRules:
    """The options as the aggregation takes them, of a project that asks so many people an item."""
    return PairRules(
        aggregation=options.text("aggregation", Aggregation.MAJORITY),
        rankings=options.text("rankings", RankingPairs.MEAN_RANK),
        min_margin=options.number("min_margin"),
        judges=judges_needed(facts.overlap),
    )


def described(whole: WholeExport) -> dict[str, str]:
    """The rules of the pairs, for the manifest."""
    rules = rules_of(whole.options, whole.facts)
    ends = any(KINDS[question.kind].ends_alone for question in whole.facts.questions)
    return rules.describe(rankings="rankings" in whole.options.values, ends=ends)


def rules_and(**more: str) -> Callable[[WholeExport], Mapping[str, str]]:
    """The same, and what a format adds to them."""
    return lambda whole: {**described(whole), **more}


def decided_rows(shard: Shard, row: PairRow) -> Iterator[ExportRow | Skip]:
    """What `row` makes of every strictly decided pair."""
    rules = rules_of(shard.options, shard.facts)
    for item in shard.items:
        yield from _decided_rows(shard, item, row, rules)


def decided_rows_of(shard: Shard, item: ExportedItem, row: PairRow) -> Iterator[ExportRow | Skip]:
    """The same of one item."""
    return _decided_rows(shard, item, row, rules_of(shard.options, shard.facts))


def _decided_rows(
    shard: Shard, item: ExportedItem, row: PairRow, rules: PairRules
) -> Iterator[ExportRow | Skip]:
    for asked in shard.asked:
        for pair in decided_pairs(item, asked, rules):
            yield pair if isinstance(pair, Skip) else row(shard, item, asked, pair)
