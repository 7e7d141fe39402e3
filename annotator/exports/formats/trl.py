"""`trl`: pairs recast as a judge's task, in conversational preference rows with two images.

Source: TRL's dataset formats and trl 1.16, trl/data_utils.py and trainer/dpo_trainer.py. There
`chosen` and `rejected` are texts: what is learnt is to say which image people prefer. A column
`images` makes it a vision dataset, `margin` is read by the reward trainer. The order of the two
images is drawn, so that the place tells nothing.
"""

from collections import Counter
from typing import Any

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import BoolOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.hub import IMAGE, described
from annotator.exports.images import image_name
from annotator.exports.orders import turned
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    Pair,
    aggregation_of,
    asked_about,
    decided_pairs,
    rankings_option,
    why_no_pairs,
)
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS
from annotator.questions.types import QuestionSpec

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
FIRST, SECOND = "The first image.", "The second image."
TASK = (
    "Both images were made from this prompt:\n\n{prompt}\n\n"
    "Which of them is better in this respect: {dimension}?"
)
SCHEMA = {
    "data/{train,validation,test}-*.parquet": {
        "prompt": "one message of the user: the prompt as it was, and the dimension asked about",
        "chosen, rejected": f"one message of the assistant: “{FIRST}” or “{SECOND}”",
        "images": "the two images, in an order drawn by chance; without images their names",
        "margin": "|a - b| / annotations, from 0 to 1",
        "dimension, item": "the question, the item's id",
        "generators": "of the two images, in their order",
    }
}
README = [
    "# A judge's preferences for TRL",
    "",
    "```python",
    "from datasets import load_dataset",
    "from trl import DPOConfig, DPOTrainer",
    'rows = load_dataset("THIS_FOLDER")',
    'config = DPOConfig(output_dir="judge", max_length=None)',
    'DPOTrainer(YOUR_VISION_MODEL, args=config, train_dataset=rows["train"]).train()',
    "```",
    "",
    "Keep `max_length=None`: it would cut the images' tokens. TRL has no trainer for generators",
    "of images; for those take the format diffusion-dpo.",
]


def options(questions: Questions) -> tuple[Option, ...]:
    """Whether the images are in the rows, and how rankings, if any, become pairs."""
    return (
        BoolOption("images", default=True, help="Put the images into the rows."),
        *rankings_option(questions),
    )


def schema_of(options: Options) -> pa.Schema:
    """The columns, the same in every row."""
    return described(
        [
            ("prompt", MESSAGES),
            ("chosen", MESSAGES),
            ("rejected", MESSAGES),
            ("images", pa.list_(IMAGE if options.wants("images") else pa.string())),
            ("margin", pa.float64()),
            ("dimension", pa.string()),
            ("item", pa.string()),
            ("generators", pa.list_(pa.string())),
        ]
    )


def write(shard: Shard, options: Options) -> Summary:
    """One row a strictly decided pair and dimension."""
    questions = asked_about(shard.questions, options)
    left_out: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    dimensions: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    schema = schema_of(options)
    items = 0
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        before = splits.total()
        for question in questions:
            for pair in decided_pairs(item, question, options, left_out[question.key]):
                table = shard.parquet(f"data/{split}", schema)
                table.write_row(_row(shard, item, question, pair, options))
                dimensions[question.key] += 1
                splits[split] += 1
        items += splits.total() > before
    return Summary(
        rows=splits.total(),
        items=items,
        left_out={"dimensions": left_out},
        counts={"splits": splits, "dimensions": dimensions},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became verdicts."""
    return About(
        aggregation={
            **aggregation_of(options),
            "ties": "left out and counted",
            "order": "drawn by a keyed hash of the pair, so about half of the answers are first",
        },
        schema=SCHEMA,
        readme=README,
    )


def _row(
    shard: Shard, item: ItemRow, question: QuestionSpec, pair: Pair, options: Options
) -> dict[str, Any]:
    names = (str(item.id), question.key, pair.first, pair.second)
    second_wins = turned(shard.facts.seed, options.whole("seed"), *names)
    images = [item.image(pair.chosen), item.image(pair.rejected)]
    answers = [FIRST, SECOND]
    if second_wins:
        images.reverse()
        answers.reverse()
    dimension = question.key.replace("_", " ")
    task = TASK.format(prompt=item.prompt, dimension=dimension)
    return {
        "prompt": [{"role": "user", "content": task}],
        "chosen": [{"role": "assistant", "content": answers[0]}],
        "rejected": [{"role": "assistant", "content": answers[1]}],
        "images": [_image(shard, image, options) for image in images],
        "margin": pair.votes.margin,
        "dimension": question.key,
        "item": str(item.id),
        "generators": [image.generator for image in images],
    }


def _image(shard: Shard, image: ExportedImage, options: Options) -> Any:
    name = image_name(image.sha256, shard.encoding)
    if not options.wants("images"):
        return name
    return {"bytes": shard.image_bytes(image), "path": name}


TRL = Format(
    name="trl",
    version="1",
    title="A judge's preferences with two images (parquet)",
    use="TRL's DPOTrainer with a vision-language model that learns to judge pairs as people do.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    options=options,
    common=(
        Common.DIMENSION,
        Common.AGGREGATION,
        Common.MIN_MARGIN,
        Common.PARTIAL,
        Common.SPLIT,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
    shard_items=500,
)
