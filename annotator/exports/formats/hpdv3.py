"""`hpdv3`: pairs with vote counts as HPSv3's loader reads them.

Source: the published package hpsv3 1.0.0, hpsv3/dataset/pairwise_dataset.py. `path1` is always the
preferred one; the loader sorts `choice_dist`, so it can't say otherwise. `confidence` has to be a
number, and a threshold (0.95 in the published configuration) drops rows below it.
"""

from functools import partial
from typing import Any

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, Skip, Skipped, picked
from annotator.questions.types import QuestionSpec

SCHEMA = {
    "{train,valid,test}.json": {
        "prompt": "what the images were made from",
        "path1, path2": "the preferred image and the other, from this folder",
        "confidence": "share of path1 among all that judged, a tie half to each, from 0.5 to 1; "
        "not sure judged nothing, so it lowers no confidence: of a, a and not sure it is 1",
        "choice_dist": "votes for path1 and for path2, ties not among them",
        "model1, model2": "their generators",
    }
}
SNIPPET = """\
import json, os
os.chdir("THIS_FOLDER")
row = json.load(open("train.json", encoding="utf-8"))[0]
print(row["prompt"], row["path1"], "is better than", row["path2"], row["choice_dist"])"""
README_OF_UNSURE = [
    "**Not sure is no vote:** where two chose path1 and the third was not sure, confidence is 1,",
    "as if all had agreed. `min_margin` counts everybody asked.",
]
README = [
    "HPSv3 opens the paths as they stand: start its training in this folder, with",
    "`train_json_list: [train.json]`. **Its published configuration has confidence_threshold",
    "0.95:** a pair that two of three people decided has confidence 0.67 and is dropped, one",
    "that all agree on stays. Lower the threshold to keep them, or set soft_label to learn from",
    "the votes.",
    *README_OF_UNSURE,
]


def pair_row(
    shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair, file: str
) -> ExportRow | Skip:
    """A pair as HPSv3's loaders read it, in this file."""
    votes = pair.votes.counts["a"], pair.votes.counts["b"]
    if pair.chosen == pair.second:
        votes = votes[1], votes[0]
    if votes[0] <= votes[1]:
        # Where people are weighed, fewer votes can decide: the loader would turn it over.
        return Skip(Skipped.DECIDED_AGAINST_THE_VOTES, question.key)
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    split = shard.split_of(item.prompt)
    row: dict[str, Any] = {
        "prompt": item.prompt,
        "path1": shard.name_of(chosen),
        "path2": shard.name_of(rejected),
        "confidence": max(pair.shares),
        "choice_dist": list(votes),
        "model1": chosen.generator,
        "model2": rejected.generator,
    }
    return ExportRow(
        to=(JsonList(file),),
        value=row,
        items=(item,),
        counts={("splits", split): 1, ("dimensions", question.key): 1},
        copies=shard.copies(chosen, rejected),
        figures=(
            Figure("path1", chosen, ImageOutcome.PREFERRED),
            Figure("path2", rejected, ImageOutcome.OTHER),
        ),
        facts=picked(row, "confidence", "choice_dist", "model1", "model2"),
    )


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow | Skip:
    return pair_row(shard, item, question, pair, f"{shard.split_of(item.prompt)}.json")


HPDV3 = Format(
    name="hpdv3",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.one_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: [JsonList(f"{split}.json") for split in SPLITS],
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted"),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "dimensions": {}},
    splits=OWN_SPLITS,
)
