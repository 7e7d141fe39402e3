"""`preferences`: pairs of which one is strictly preferred, with the votes behind them."""

from functools import partial
from typing import Any

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, picked
from annotator.questions.types import QuestionSpec

LINES = Lines("preferences.jsonl")
SCHEMA = {
    LINES.name: {
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
        "overridden": "true: the one answer is a lead's own, in the place of the annotators'",
        "source": "preference or ranking",
        "ranking": "id of the ranking this pair is a part of, so that it can be weighed as one",
        "annotator": "pseudonym, for pairs of one person's ranking alone",
    }
}
SNIPPET = """\
import json
from PIL import Image
rows = [json.loads(line) for line in open("THIS_FOLDER/preferences.jsonl", encoding="utf-8")]
better = Image.open("THIS_FOLDER/" + rows[0]["chosen"])
print(rows[0]["prompt"], rows[0]["dimension"], rows[0]["votes"], better.size)"""


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    better, worse = pair.chosen, pair.rejected
    chosen, rejected = item.image(better), item.image(worse)
    row: dict[str, Any] = {
        "prompt": item.prompt,
        "chosen": shard.name_of(chosen),
        "rejected": shard.name_of(rejected),
        "dimension": question.key,
        "votes": dict(pair.votes.counts),
        "margin": pair.votes.margin,
        "chosen_share": pair.shares[0] if better == pair.first else pair.shares[1],
        "belief": pair.belief,
        "majority": pair.majority if pair.overruled else None,
        "item": item.id,
        "key": item.key,
        "pair": [pair.first, pair.second],
        "letters": {"chosen": better, "rejected": worse},
        "generators": {"chosen": chosen.generator, "rejected": rejected.generator},
        "annotations": len(pair.annotations),
        "reviewed": len(pair.annotations) - [one.verdict for one in pair.annotations].count(None),
        "settled": item.settled,
        "overridden": item.override is not None,
        "source": question.kind,
        "ranking": pair.ranking,
        "annotator": None if pair.person is None else shard.facts.annotator(pair.person),
    }
    return ExportRow(
        to=(LINES,),
        value=row,
        items=(item,),
        counts={("dimensions", question.key): 1},
        copies=shard.copies(chosen, rejected),
        figures=(
            Figure("chosen", chosen, ImageOutcome.PREFERRED),
            Figure("rejected", rejected, ImageOutcome.OTHER),
        ),
        facts=picked(row, "dimension", "votes", "margin", "chosen_share", "belief", "majority",
                     "generators", "annotations", "reviewed", "settled", "overridden",
                     "source", "ranking", "annotator"),
    )  # fmt: skip


PREFERENCES = Format(
    name="preferences",
    version="3",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.any_dimension, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: (LINES,),
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted: tie, both_bad, unsure, no_majority"),
    schema=SCHEMA,
    snippet=SNIPPET,
    counts={"dimensions": {}},
)
