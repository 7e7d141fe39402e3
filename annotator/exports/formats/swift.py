"""`swift`: pairs for ms-swift's Bradley–Terry reward and its DPO, each side with its own image.

Source: ms-swift 4.6, swift/dataset/preprocessor/core.py and swift/template/template_inputs.py. The
rejected side is `rejected_images`, and takes the messages of the chosen one. `margin` is what the
reward trainer asks the better image to be ahead by.
"""

from functools import partial
from typing import Any

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import messages, options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group, WholeExport
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, picked
from annotator.exports.store.text import json_text
from annotator.questions.types import QuestionSpec

ASKED = (
    "{image}This image was made from the prompt:\n\n{prompt}\n\n"
    "How good is it in this respect: {dimension}?"
)
ASKED_OF_EDIT = (
    "{image}{image}The first image was edited by this instruction, and the second is the result:"
    "\n\n{prompt}\n\nHow good is the result in this respect: {dimension}?"
)
ANSWER = "As good as people find it."
SCHEMA = {
    "{train,validation,test}.jsonl": {
        "messages": "of the user: <image>, the prompt as it was and the dimension; of the "
        "assistant: the same few words in every row, behind which the reward is read",
        "images, rejected_images": "the preferred image and the other, from this folder, one each; "
        "of an edit its source before each",
        "margin": "|a - b| / annotations, from 0 to 1",
        "dimension, item, key": "the question; the item's id and the uploader's name for it",
        "generators": "chosen, rejected",
        "meta, item_meta": "what came with chosen and rejected (seed, step …) and with the item, "
        "as JSON",
    }
}
SNIPPET = """\
# swift rlhf --rlhf_type rm --model YOUR_VISION_MODEL --dataset train.jsonl, started in the folder
import json
row = json.loads(open("THIS_FOLDER/train.jsonl", encoding="utf-8").readline())
print(row["images"], "is better than", row["rejected_images"], "by", row["margin"])"""
README = [
    "Start `swift rlhf` in this folder, or set ROOT_IMAGE_DIR to it: it opens paths as they stand.",
    "`--rlhf_type rm` learns a reward from both images, the better one ahead by `margin`. A tag",
    "such as <image> in a prompt is written `< image>`, for it would ask for one image more.",
]


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    text = (ASKED_OF_EDIT if item.source else ASKED).format(
        image=messages.IMAGE,
        prompt=messages.without_tags(item.prompt),
        dimension=messages.in_words(question.key),
    )
    row: dict[str, Any] = {
        "messages": messages.task(text, ANSWER),
        "images": [shard.name_of(image) for image in item.behind_source(chosen)],
        "rejected_images": [shard.name_of(image) for image in item.behind_source(rejected)],
        "margin": pair.votes.margin,
        "dimension": question.key,
        "item": item.id,
        "key": item.key,
        "generators": [chosen.generator, rejected.generator],
        "meta": messages.metas((chosen, rejected)),
        "item_meta": json_text(item.meta),
    }
    return ExportRow(
        to=(Lines(f"{split}.jsonl"),),
        value=row,
        items=(item,),
        counts={("splits", split): 1, ("dimensions", question.key): 1},
        copies=shard.copies(*item.behind_source(chosen, rejected)),
        figures=(
            Figure("images", chosen, ImageOutcome.PREFERRED),
            Figure("rejected_images", rejected, ImageOutcome.OTHER),
        ),
        facts=picked(row, "margin", "dimension", "generators"),
    )


def files(whole: WholeExport) -> dict[str, dict[str, str]]:
    """The splits that have rows."""
    return {"default": {split: f"{split}.jsonl" for split in whole.total.counts["splits"]}}


SWIFT = Format(
    name="swift",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.any_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: [Lines(f"{split}.jsonl") for split in HUB_SPLITS.values()],
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted"),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    card=messages.card(files),
    counts={"splits": {}, "dimensions": {}},
    splits=HUB_SPLITS,
)
