"""`trl`: pairs recast as a judge's task, in conversational preference rows with two images.

Source: TRL's dataset formats and trl 1.16, trl/data_utils.py and trainer/dpo_trainer.py. There
`chosen` and `rejected` are texts: what is learnt is to say which image people prefer. A column
`images` makes it a vision dataset, `margin` is read by the reward trainer. The order of the two
images is drawn, so that the place tells nothing.
"""

from functools import cache, partial
from typing import Any

import pyarrow as pa

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import messages, options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import turned
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.features import described, images_type
from annotator.exports.store.outputs import Parquet
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, picked
from annotator.questions.types import QuestionSpec

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
FIRST, SECOND = "The first image.", "The second image."
JUDGE_PROMPT = (
    "Both images were made from this prompt:\n\n{prompt}\n\n"
    "Which of them is better in this respect: {dimension}?"
)
OF_EDIT = (
    "The first image was edited by this instruction:\n\n{prompt}\n\n"
    "The other two are results. Which of them is better in this respect: {dimension}?"
)
FIRST_RESULT, SECOND_RESULT = "The first result.", "The second result."
SCHEMA = {
    "data/{train,validation,test}-*.parquet": {
        "prompt": "one message of the user: the prompt as it was, and the dimension asked about",
        "chosen, rejected": f"one message of the assistant: “{FIRST}” or “{SECOND}”",
        "images": "the two images, in an order drawn by chance; without images their names. Of an "
        "edit its source before them, and the answers speak of the first or second result",
        "margin": "|a - b| / annotations, from 0 to 1",
        "dimension, item": "the question, the item's id",
        "generators": "of the two images, in their order",
        "meta": "what came with each of them (seed, step …) as JSON, in their order",
    }
}
SNIPPET = """\
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer
rows = load_dataset("THIS_FOLDER")
config = DPOConfig(output_dir="judge", max_length=None)
DPOTrainer(YOUR_VISION_MODEL, args=config, train_dataset=rows["train"]).train()"""
README = [
    "Keep `max_length=None`: it would cut the images' tokens. TRL has no trainer for generators",
    "of images; for those take the format diffusion-dpo. **Its RewardTrainer ignores images:** it",
    "trains on the texts alone, which say the same of any pair, and so learns nothing. For a",
    "Bradley–Terry reward on the images take the format swift.",
]


@cache
def schema_of(*, images: bool) -> pa.Schema:
    """The columns, the same in every row."""
    return described(
        [
            ("prompt", MESSAGES),
            ("chosen", MESSAGES),
            ("rejected", MESSAGES),
            ("images", images_type(inside=images)),
            ("margin", pa.float64()),
            ("dimension", pa.string()),
            ("item", pa.string()),
            ("generators", pa.list_(pa.string())),
            ("meta", pa.list_(pa.string())),
        ]
    )


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    names = (item.id, question.key, pair.first, pair.second)
    images = [item.image(pair.chosen), item.image(pair.rejected)]
    answers = [FIRST_RESULT, SECOND_RESULT] if item.source else [FIRST, SECOND]
    outcomes = [ImageOutcome.PREFERRED, ImageOutcome.OTHER]
    if turned(shard.facts.seed, shard.options.whole("seed"), *names):
        images.reverse()
        answers.reverse()
        outcomes.reverse()
    asked = OF_EDIT if item.source else JUDGE_PROMPT
    task = asked.format(prompt=item.prompt, dimension=messages.in_words(question.key))
    row: dict[str, Any] = {
        "prompt": [{"role": "user", "content": task}],
        "chosen": [{"role": "assistant", "content": answers[0]}],
        "rejected": [{"role": "assistant", "content": answers[1]}],
        "images": shard.inside(item.behind_source(*images)),
        "margin": pair.votes.margin,
        "dimension": question.key,
        "item": item.id,
        "generators": [image.generator for image in images],
        "meta": messages.metas(images),
    }
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    figures = zip(images, outcomes, strict=True)
    return ExportRow(
        to=(Parquet(f"data/{split}", schema_of(images=shard.options.wants("images"))),),
        value=row,
        items=(item,),
        counts={("splits", split): 1, ("dimensions", question.key): 1},
        figures=tuple(Figure("images", image, role) for image, role in figures),
        facts={"chosen": answers[0], **picked(row, "margin", "dimension", "generators")},
    )


TRL = Format(
    name="trl",
    version="2",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.any_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(
        ties="left out and counted",
        order="drawn by a keyed hash of the pair, so about half of the answers are first",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "dimensions": {}},
    splits=HUB_SPLITS,
    shard_items=500,
)
