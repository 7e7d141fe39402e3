"""`diffusion-dpo`: the four columns that the scripts of Diffusion-DPO read, decided pairs only.

Source: SalesforceAIResearch/DiffusionDPO (train.py) and diffusers' train_diffusion_dpo.py and
_sdxl.py. They open `jpg_0` and `jpg_1` as encoded bytes and turn a pair over where `label_0` is 0;
all else, a tie's 0.5 too, they take for "jpg_0 is better". The SDXL script stretches the second
image to the first one's size.
"""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import ChoiceOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import Size
from annotator.exports.orders import turned
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    aggregation_of,
    asked_about,
    decided_pairs,
    rankings_option,
    why_no_pairs,
)
from annotator.exports.rows import ExportedImage
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS

CUT, KEEP, LEAVE_OUT = "cut", "keep", "leave_out"
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
README = [
    "# Pairs for Diffusion-DPO",
    "",
    "```python",
    "import io",
    "from datasets import load_dataset",
    "from PIL import Image",
    'row = load_dataset("THIS_FOLDER", split="train")[0]',
    'better = Image.open(io.BytesIO(row["jpg_0"] if row["label_0"] else row["jpg_1"]))',
    "```",
    "",
    "As it stands: `--dataset_name THIS_FOLDER` of Salesforce's train.py or of diffusers'",
    "train_diffusion_dpo.py and train_diffusion_dpo_sdxl.py. They mirror images at random unless",
    "`--no_hflip` is given: give it where prompts speak of left, right or lettering. Salesforce's",
    "script drops the last batch if it is not full.",
]


def options(questions: Questions) -> tuple[Option, ...]:
    """What becomes of pairs of different sizes, and of rankings."""
    return (
        ChoiceOption(
            "unequal_sizes",
            CUT,
            (CUT, KEEP, LEAVE_OUT),
            "Pairs of different sizes: both scaled and cut around the middle to the smaller width "
            "and height, kept as they are (the SDXL script distorts them), or left out.",
        ),
        *rankings_option(questions),
    )


def write(shard: Shard, options: Options) -> Summary:
    """One row a strictly decided pair."""
    [question] = asked_about(shard.questions, options)
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    items = 0
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        before = splits.total()
        for pair in decided_pairs(item, question, options, left_out):
            chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
            size = _size(chosen, rejected, options)
            if size is None and options.choice("unequal_sizes") == LEAVE_OUT:
                left_out["sizes_differ"] += 1
                continue
            names = (str(item.id), question.key, pair.first, pair.second)
            label = int(not turned(shard.facts.seed, options.whole("seed"), *names))
            first, second = (chosen, rejected) if label else (rejected, chosen)
            shard.parquet(f"data/{split}", COLUMNS).write_row(
                {
                    "jpg_0": shard.image_bytes(first, size=_other(first, size)),
                    "jpg_1": shard.image_bytes(second, size=_other(second, size)),
                    "label_0": label,
                    "caption": item.prompt,
                }
            )
            splits[split] += 1
        items += splits.total() > before
    return Summary(
        rows=splits.total(),
        items=items,
        left_out={"dimensions": {question.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became pairs."""
    return About(
        aggregation={
            **aggregation_of(options),
            "ties": "left out and counted: these scripts would take one for a decision",
            "order": "drawn by a keyed hash of the pair, so about half of label_0 is 1",
        },
        schema=SCHEMA,
        readme=[*README, *_splits(total)],
    )


def _splits(total: Summary) -> Sequence[str]:
    missing = [name for name in HUB_SPLITS.values() if not total.counts["splits"].get(name)]
    return ["", f"No rows fell into: {', '.join(missing)}; they have no file."] if missing else []


def _size(first: ExportedImage, second: ExportedImage, options: Options) -> Size | None:
    """What both shall have; None where they differ and may."""
    if (first.width, first.height) == (second.width, second.height):
        return first.width, first.height
    if options.choice("unequal_sizes") == CUT:
        return min(first.width, second.width), min(first.height, second.height)
    return None


def _other(image: ExportedImage, size: Size | None) -> Size | None:
    """The size if the image has another one: an image of that size keeps its bytes."""
    return None if size == (image.width, image.height) else size


DIFFUSION_DPO = Format(
    name="diffusion-dpo",
    version="1",
    title="Strictly decided pairs for Diffusion-DPO (parquet)",
    use="Diffusion-DPO of Salesforce and of diffusers, SD and SDXL: `--dataset_name FOLDER`.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    options=options,
    common=(
        Common.ONE_DIMENSION,
        Common.AGGREGATION,
        Common.MIN_MARGIN,
        Common.PARTIAL,
        Common.SPLIT,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
    inside=True,
    shard_items=500,
)
