"""`preferences`: pairs of which one is strictly preferred, with the votes behind them."""

from functools import cache, partial
from typing import Any

import pyarrow as pa

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group
from annotator.exports.formats.image_table import FILE, image_table, named_table
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import Lines, Table
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, picked
from annotator.questions.types import QuestionSpec

LINES = Lines("preferences.jsonl", typed=False)
SCHEMA = {
    LINES.name: {
        "prompt": "what the images were made from",
        "chosen, rejected": "the images' names in this folder, by content",
        "split": "train, validation or test, by the prompt: a prompt is in one alone",
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
        "meta": "chosen, rejected, item: what came with each: seed, step, category …",
        "design": "the rule by which the site drew the pair; null: the upload listed it",
        "selection_probability": "how likely that rule was to draw it",
        "overlap": "how many people the item was put to, extra votes apart",
        "annotations": "how many answers the votes are of",
        "reviewed": "how many of them a reviewer accepted",
        "imported": "how many of them are of imported judges, not of this project's people",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
        "overridden": "true: the one answer is a lead's own, in the place of the annotators'",
        "source": "the kind of the question: preference, ranking …",
        "ranking": "id of the ranking this pair is a part of, so that it can be weighed as one",
        "annotator": "pseudonym, for pairs of one person's ranking alone",
    },
    f"{{train,validation,test}}/{FILE}": "the same for `datasets`, images decoded; without images "
    "data/{train,validation,test}.parquet with their names",
}
VOTES = pa.struct([(name, pa.int32()) for name in ("a", "b", "tie", "both_bad", "unsure")])
OF_EACH = pa.struct([("chosen", pa.string()), ("rejected", pa.string())])
COLUMNS = (
    ("prompt", pa.string()),
    ("dimension", pa.string()),
    ("split", pa.string()),
    ("votes", VOTES),
    *((name, pa.float64()) for name in ("margin", "chosen_share", "belief")),
    *((name, pa.string()) for name in ("majority", "item", "key")),
    ("pair", pa.list_(pa.string())),
    ("letters", OF_EACH),
    ("generators", OF_EACH),
    *((name, pa.string()) for name in ("meta", "design")),
    ("selection_probability", pa.float64()),
    ("overlap", pa.int32()),
    *((name, pa.int32()) for name in ("annotations", "reviewed", "imported")),
    *((name, pa.bool_()) for name in ("settled", "overridden")),
    *((name, pa.string()) for name in ("source", "ranking", "annotator")),
)
SNIPPET = """\
import json
from PIL import Image
rows = [json.loads(line) for line in open("THIS_FOLDER/preferences.jsonl", encoding="utf-8")]
better = Image.open("THIS_FOLDER/" + rows[0]["chosen"])
print(rows[0]["prompt"], rows[0]["dimension"], rows[0]["votes"], better.size)"""
README = [
    "`datasets.load_dataset` gives the same rows by split, with `chosen` and `rejected` decoded.",
]


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    better, worse = pair.chosen, pair.rejected
    chosen, rejected = item.image(better), item.image(worse)
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    row: dict[str, Any] = {
        "prompt": item.prompt,
        "chosen": shard.name_of(chosen, split),
        "rejected": shard.name_of(rejected, split),
        "split": split,
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
        "meta": {"chosen": chosen.meta, "rejected": rejected.meta, "item": item.meta},
        "design": item.design or None,
        "selection_probability": item.selection_probability,
        "overlap": item.overlap or shard.facts.overlap,
        "annotations": len(pair.annotations),
        "reviewed": len(pair.annotations) - [one.verdict for one in pair.annotations].count(None),
        "imported": sum(one.imported != "" for one in pair.annotations),
        "settled": item.settled,
        "overridden": item.override is not None,
        "source": question.kind,
        "ranking": pair.ranking,
        "annotator": None if pair.person is None else shard.facts.annotator(pair.person),
    }
    return ExportRow(
        to=(LINES, _table(split, images=shard.options.wants("images"))),
        value=row,
        items=(item,),
        counts={("splits", split): 1, ("dimensions", question.key): 1},
        copies=shard.copies(chosen, rejected, folder=split),
        figures=(
            Figure("chosen", chosen, ImageOutcome.PREFERRED),
            Figure("rejected", rejected, ImageOutcome.OTHER),
        ),
        facts=picked(row, "dimension", "split", "votes", "margin", "chosen_share", "belief",
                     "majority", "generators", "meta", "annotations", "reviewed", "imported",
                     "settled", "overridden", "source", "ranking", "annotator"),
    )  # fmt: skip


@cache
def _table(split: str, *, images: bool) -> Table:
    if images:
        return image_table(("chosen", "rejected"), COLUMNS, f"{split}/")
    return named_table(f"data/{split}.parquet", ("chosen", "rejected"), COLUMNS)


PREFERENCES = Format(
    name="preferences",
    version="6",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.any_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: (LINES,),
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted: tie, both_bad, unsure, no_majority"),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "dimensions": {}},
    splits=HUB_SPLITS,
)
