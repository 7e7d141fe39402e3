"""`preferences`: pairs of which one is strictly preferred, with the votes behind them."""

from collections import Counter
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary
from annotator.exports.images import image_name
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    Pair,
    aggregation_of,
    asked_about,
    decided_pairs,
    rankings_option,
    why_no_pairs,
)
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.questions.types import QuestionSpec

FILE = "preferences.jsonl"

SCHEMA = {
    FILE: {
        "prompt": "what the images were made from",
        "chosen, rejected": "the images' names in this folder, by content",
        "dimension": "the question",
        "votes": "a and b: for the first and the second letter of `pair`; tie, both_bad, unsure",
        "margin": "|a - b| / annotations, from 0 to 1",
        "chosen_share": "soft target: (votes for chosen + even ones / 2) / all that judged",
        "belief": "probability of chosen where people were weighed (dawid_skene), else null",
        "majority": "the letter or word of more than half, where belief decided otherwise, or null",
        "item, key": "the item's id and the uploader's name for it",
        "pair": "the letters that votes a and b stand for",
        "letters": "chosen, rejected",
        "generators": "chosen, rejected",
        "annotations": "how many answers the votes are of",
        "reviewed": "how many of them a reviewer accepted",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
        "source": "preference or ranking",
        "ranking": "id of the ranking this pair is a part of, so that it can be weighed as one",
        "annotator": "pseudonym, for pairs of one person's ranking alone",
    }
}


def write(shard: Shard, options: Options) -> Summary:
    """One line a pair; what gives no pair is counted by dimension and reason."""
    questions = asked_about(shard.questions, options)
    left_out: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    dimensions: Counter[str] = Counter()
    items = 0
    out = shard.lines(FILE)
    for item in shard.items:
        before = dimensions.total()
        for question in questions:
            for pair in decided_pairs(item, question, options, left_out[question.key]):
                out.write_row(_row(shard, item, question, pair, options))
                dimensions[question.key] += 1
        items += dimensions.total() > before
    return Summary(
        rows=dimensions.total(),
        items=items,
        left_out={"dimensions": left_out},
        counts={"dimensions": dimensions},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became pairs."""
    return About(
        aggregation={
            **aggregation_of(options),
            "ties": "left out and counted: tie, both_bad, unsure, no_majority",
        },
        schema=SCHEMA,
    )


def _row(
    shard: Shard, item: ItemRow, question: QuestionSpec, pair: Pair, options: Options
) -> dict[str, Any]:
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    encoding = options.choice("encoding")
    if options.wants("images"):
        shard.image(chosen)
        shard.image(rejected)
    return {
        "prompt": item.prompt,
        "chosen": image_name(chosen.sha256, encoding),
        "rejected": image_name(rejected.sha256, encoding),
        "dimension": question.key,
        "votes": dict(pair.votes.counts),
        "margin": pair.votes.margin,
        "chosen_share": pair.shares[0] if pair.chosen == pair.first else pair.shares[1],
        "belief": pair.belief,
        "majority": pair.majority if pair.overruled else None,
        "item": str(item.id),
        "key": item.key,
        "pair": [pair.first, pair.second],
        "letters": {"chosen": pair.chosen, "rejected": pair.rejected},
        "generators": {"chosen": chosen.generator, "rejected": rejected.generator},
        "annotations": len(pair.answers),
        "reviewed": sum(answer.judgement is not None for answer in pair.answers),
        "settled": item.settled,
        "source": question.kind,
        "ranking": pair.ranking,
        "annotator": None if pair.person is None else shard.annotator(pair.person),
    }


PREFERENCES = Format(
    name="preferences",
    version="2",
    title="Strictly decided pairs with their votes (JSONL)",
    use="Reward models and anything of your own: read a line, open two images, train.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    options=rankings_option,
    common=(
        Common.DIMENSION,
        Common.AGGREGATION,
        Common.MIN_MARGIN,
        Common.PARTIAL,
        Common.IMAGES,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
)
