"""What formats of pairs share: whom they fit, what can be chosen, and their walk over the items."""

from collections.abc import Callable, Iterator

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.pairs import (
    KINDS_WITH_PAIRS,
    Aggregation,
    Pair,
    PairRules,
    RankingPairs,
    decided_pairs,
)
from annotator.exports.aggregate.votes import Questions, of_kinds
from annotator.exports.formats.format import ENCODING, PARTIAL
from annotator.exports.formats.options import ExportOption, Options, choice, number, question
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.rows import ExportRow, Skip
from annotator.questions.types import QuestionSpec

ALL = "all"
PREFERRED_DIMENSION = "overall"
AGGREGATION = choice("aggregation", Aggregation)
MIN_MARGIN = number("min_margin", 0, 0, 1)

PairRow = Callable[[Shard, ExportedItem, QuestionSpec, Pair], ExportRow | Skip]


def compares(questions: Questions) -> Reason | None:
    """Formats of pairs need a preference or a ranking."""
    return None if of_kinds(questions, KINDS_WITH_PAIRS) else Reason(Code.NO_COMPARISON)


def asked_about(questions: Questions, options: Options) -> tuple[QuestionSpec, ...]:
    """The questions with pairs that the option `dimension` chooses."""
    wanted = options.text("dimension", ALL)
    return tuple(q for q in of_kinds(questions, KINDS_WITH_PAIRS) if wanted in (ALL, q.key))


def any_dimension(questions: Questions) -> ExportOption:
    """Pairs of one question, or of all."""
    return question("dimension", (ALL, *(q.key for q in of_kinds(questions, KINDS_WITH_PAIRS))))


def one_dimension(questions: Questions) -> ExportOption:
    """The question that decides."""
    keys = [q.key for q in of_kinds(questions, KINDS_WITH_PAIRS)]
    preferred = PREFERRED_DIMENSION if PREFERRED_DIMENSION in keys else ""
    return question("dimension", keys, preferred)


def rankings_option(questions: Questions) -> tuple[ExportOption, ...]:
    """How rankings become pairs, for projects that have any."""
    if not of_kinds(questions, ("ranking",)):
        return ()
    return (choice("rankings", RankingPairs),)


def pair_options(questions: Questions, *more: ExportOption) -> tuple[ExportOption, ...]:
    """Of formats of decided pairs about one question; `more` stand before the encoding."""
    return (
        one_dimension(questions),
        AGGREGATION,
        MIN_MARGIN,
        PARTIAL,
        *more,
        ENCODING,
        *rankings_option(questions),
    )


def rules_of(options: Options) -> PairRules:
    """The options as the aggregation takes them."""
    return PairRules(
        aggregation=options.text("aggregation", Aggregation.MAJORITY),
        rankings=options.text("rankings", RankingPairs.MEAN_RANK),
        min_margin=options.number("min_margin"),
    )


def described(options: Options) -> dict[str, str]:
    """The rules of the pairs, for the manifest."""
    return rules_of(options).describe(rankings="rankings" in options.values)


def decided_rows(shard: Shard, row: PairRow) -> Iterator[ExportRow | Skip]:
    """What `row` makes of every strictly decided pair."""
    for item in shard.items:
        yield from decided_rows_of(shard, item, row)


def decided_rows_of(shard: Shard, item: ExportedItem, row: PairRow) -> Iterator[ExportRow | Skip]:
    """The same of one item."""
    rules = rules_of(shard.options)
    for question_asked in shard.asked:
        for pair in decided_pairs(item, question_asked, rules):
            yield pair if isinstance(pair, Skip) else row(shard, item, question_asked, pair)
