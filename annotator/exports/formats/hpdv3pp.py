"""`hpdv3pp`: one file of pairs a dimension, as HPSv3++ trains on the axes of HPDv3++.

Source: HPDv3++'s card and HPSv3-PlusPlus (hpsv3/dataset/json_loader.py, pairwise_dataset.py).
`path1` is the preferred one, relative to the data root. The published files leave the vote fields
null; here they are filled. A prompt is in one split on all axes.
"""

from functools import partial

import msgspec

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.hpdv3 import README_OF_UNSURE, pair_row
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Skip
from annotator.exports.store.text import json_text
from annotator.questions.types import QuestionSpec

SCHEMA = {
    "{train,valid,test}/{train,valid,test}_{dimension}.json": {
        "prompt": "what the images were made from",
        "path1, path2": "the preferred image and the other, relative to this folder",
        "confidence": "share of path1 among all that judged, a tie half to each, from 0.5 to 1; "
        "not sure judged nothing",
        "choice_dist": "votes for path1 and for path2 as a text, ties not among them",
        "model1, model2": "their generators",
    }
}
SNIPPET = """\
import json
rows = json.load(open("THIS_FOLDER/train/train_DIMENSION.json", encoding="utf-8"))
for row in rows[:3]:
    print(row["prompt"], "THIS_FOLDER/" + row["path1"], "is better than", row["path2"])"""
README = [
    "HPSv3++: `data_root` is this folder, `data_json_list` the files of one axis or of several. A",
    "prompt is in the same split in all of them. Its own axes are called aes and tf.",
    *README_OF_UNSURE,
]


def file_of(split: str, dimension: str) -> str:
    """Where the pairs of a split and a dimension stand."""
    return f"{split}/{split}_{dimension}.json"


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow | Skip:
    file = file_of(shard.split_of(item.prompt), question.key)
    row = pair_row(shard, item, question, pair, file)
    if isinstance(row, Skip):
        return row
    # Its loader parses a text, and takes a list for no votes at all.
    value = {**row.value, "choice_dist": json_text(row.value["choice_dist"])}
    return msgspec.structs.replace(row, value=value)


HPDV3PP = Format(
    name="hpdv3pp",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.any_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: [
        JsonList(file_of(split, question.key)) for split in OWN_SPLITS for question in shard.asked
    ],
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted"),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "dimensions": {}},
    splits=OWN_SPLITS,
)
