"""`diffusion-dpo`: the four columns that the scripts of Diffusion-DPO read, decided pairs only.

Source: SalesforceAIResearch/DiffusionDPO (train.py) and diffusers' train_diffusion_dpo.py and
_sdxl.py. They open `jpg_0` and `jpg_1` as encoded bytes and turn a pair over where `label_0` is 0;
all else, a tie's 0.5 too, they take for "jpg_0 is better". The SDXL script stretches the second
image to the first one's size.
"""

from functools import partial

import pyarrow as pa

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import turned
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.images import Size
from annotator.exports.store.outputs import Parquet
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, Skip, Skipped, picked
from annotator.questions.types import QuestionSpec

CUT, KEEP, LEAVE_OUT = "cut", "keep", "leave_out"
UNEQUAL_SIZES = options.choice("unequal_sizes", (CUT, KEEP, LEAVE_OUT))
COLUMNS = pa.schema(
    [
        ("jpg_0", pa.binary()),
        ("jpg_1", pa.binary()),
        ("label_0", pa.int64()),
        ("caption", pa.string()),
    ]
)
SCHEMA = {
    "data/{train,validation,test}-*.parquet": {
        "jpg_0, jpg_1": "the two images as encoded files, in an order drawn by chance",
        "label_0": "1: jpg_0 is preferred, 0: jpg_1 is",
        "caption": "the prompt",
    }
}
SNIPPET = """\
import io
from datasets import load_dataset
from PIL import Image
row = load_dataset("THIS_FOLDER", split="train")[0]
better = Image.open(io.BytesIO(row["jpg_0"] if row["label_0"] else row["jpg_1"]))"""
README = [
    "As it stands: `--dataset_name THIS_FOLDER` of Salesforce's train.py or of diffusers'",
    "train_diffusion_dpo.py and train_diffusion_dpo_sdxl.py. They mirror images at random unless",
    "`--no_hflip` is given: give it where prompts speak of left, right or lettering. Salesforce's",
    "script drops the last batch if it is not full.",
]


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow | Skip:
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    size = size_of(chosen, rejected, shard.options)
    if size is None and shard.options.text("unequal_sizes") == LEAVE_OUT:
        return Skip(Skipped.SIZES_DIFFER, question.key)
    names = (item.id, question.key, pair.first, pair.second)
    label = int(not turned(shard.facts.seed, shard.options.whole("seed"), *names))
    first, second = (chosen, rejected) if label else (rejected, chosen)
    row = {
        "jpg_0": shard.image_bytes(first, size=other_size(first, size)),
        "jpg_1": shard.image_bytes(second, size=other_size(second, size)),
        "label_0": label,
        "caption": item.prompt,
    }
    outcomes = (
        (ImageOutcome.PREFERRED, ImageOutcome.OTHER)
        if label
        else (ImageOutcome.OTHER, ImageOutcome.PREFERRED)
    )
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    return ExportRow(
        to=(Parquet(f"data/{split}", COLUMNS),),
        value=row,
        items=(item,),
        counts={("splits", split): 1},
        figures=(Figure("jpg_0", first, outcomes[0]), Figure("jpg_1", second, outcomes[1])),
        facts=picked(row, "label_0"),
    )


def size_of(first: ExportedImage, second: ExportedImage, options: Options) -> Size | None:
    """What both shall have; None where they differ and may."""
    if (first.width, first.height) == (second.width, second.height):
        return first.width, first.height
    if options.text("unequal_sizes") == CUT:
        return min(first.width, second.width), min(first.height, second.height)
    return None


def other_size(image: ExportedImage, size: Size | None) -> Size | None:
    """The size if the image has another one: an image of that size keeps its bytes."""
    return None if size == (image.width, image.height) else size


DIFFUSION_DPO = Format(
    name="diffusion-dpo",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.one_dimension, *options.SPLIT, UNEQUAL_SIZES),
    asked=pairs.asked_about,
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(
        ties="left out and counted: these scripts would take one for a decision",
        order="drawn by a keyed hash of the pair, so about half of label_0 is 1",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}},
    splits=HUB_SPLITS,
    inside=True,
    shard_items=500,
)
