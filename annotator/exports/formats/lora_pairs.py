"""`lora-pairs`: chosen and rejected images as files of equal names, as trainers of LoRAs pair them.

Source: kohya sd-scripts, pull request 1427 (Diffusion-DPO, MaPO: `1_name/w` and `1_name/l`, each
image with its .caption); Nerogar/OneTrainer, pull request 1403 (two concepts paired by file name,
or one with `x.png` and `x-rejectedlabel.png`, captions as .txt). Both are open: the layout is an
option.
"""

from functools import partial

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.formats import options, pairs
from annotator.exports.formats.diffusion_dpo import LEAVE_OUT, UNEQUAL_SIZES, other_size, size_of
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.images import SUFFIXES
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, Skip, Skipped, picked
from annotator.questions.types import QuestionSpec

KOHYA, TWO_FOLDERS, REJECTED_LABEL = "kohya", "two_folders", "rejected_label"
# Where the chosen and the rejected image of a pair stand in a split, and the ending of captions.
LAYOUTS = {
    KOHYA: ("1_{dimension}/w/{name}", "1_{dimension}/l/{name}", "caption"),
    TWO_FOLDERS: ("chosen/{name}", "rejected/{name}", "txt"),
    REJECTED_LABEL: ("{name}", "{name}-rejectedlabel", "txt"),
}
PAIRS = Lines("pairs.jsonl")
SCHEMA = {
    PAIRS.name: {
        "prompt": "what the images were made from",
        "chosen, rejected": "the two files",
        "margin": "|a - b| / annotations, from 0 to 1",
        "dimension, item, key": "the question; the item's id and the uploader's name for it",
        "generators, meta": "of both; meta: what came with each and with the item",
    },
    "{train,valid,test}/…": {
        "kohya": "1_DIMENSION/w/NAME.png is preferred to 1_DIMENSION/l/NAME.png, each with its "
        "prompt in NAME.caption",
        "two_folders": "chosen/NAME.png is preferred to rejected/NAME.png, each with its prompt in "
        "NAME.txt",
        "rejected_label": "NAME.png, with its prompt in NAME.txt, is preferred to "
        "NAME-rejectedlabel.png",
        "NAME": "the item's id and the letters of the two images",
    },
}
SNIPPET = """\
from pathlib import Path
for caption in Path("THIS_FOLDER/train").rglob("w/*.caption"):
    better = caption.with_suffix(".SUFFIX")
    print(caption.read_text(encoding="utf-8"), better, better.parent.parent / "l" / better.name)"""
README = [
    "`kohya`: train_data_dir is THIS_FOLDER/train, with `--preference` or a subset's",
    "`preference = true`. `two_folders`: two concepts of OneTrainer, chosen and rejected, which it",
    "pairs by file name. `rejected_label`: one of its concepts. Both are in pull requests",
    "(sd-scripts 1427, OneTrainer 1403), not in releases: those learn from `w` or `chosen` alone,",
    "as a subset or concept of its own. Without a prompt a caption is one empty line.",
]


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow | Skip:
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    size = size_of(chosen, rejected, shard.options)
    if size is None and shard.options.text(UNEQUAL_SIZES.name) == LEAVE_OUT:
        return Skip(Skipped.SIZES_DIFFER, question.key)
    split, layout = shard.split_of(item.prompt), shard.options.text("layout")
    *stems, captions = LAYOUTS[layout]
    names = {"dimension": question.key, "name": f"{item.id}_{pair.first}{pair.second}"}
    better, worse = (f"{split}/{stem.format(**names)}" for stem in stems)
    # A caption without a line ends kohya's loading.
    suffix, caption = SUFFIXES[shard.encoding], (item.prompt or "\n").encode()
    files = {
        f"{better}.{suffix}": shard.image_bytes(chosen, size=other_size(chosen, size)),
        f"{worse}.{suffix}": shard.image_bytes(rejected, size=other_size(rejected, size)),
        f"{better}.{captions}": caption,
    }
    if layout != REJECTED_LABEL:
        files[f"{worse}.{captions}"] = caption
    row = {
        "prompt": item.prompt,
        "chosen": f"{better}.{suffix}",
        "rejected": f"{worse}.{suffix}",
        "margin": pair.votes.margin,
        "dimension": question.key,
        "item": item.id,
        "key": item.key,
        "generators": {"chosen": chosen.generator, "rejected": rejected.generator},
        "meta": {"chosen": chosen.meta, "rejected": rejected.meta, "item": item.meta},
    }
    return ExportRow(
        to=(PAIRS,),
        value=row,
        items=(item,),
        counts={("splits", split): 1, ("dimensions", question.key): 1},
        files=files,
        figures=(
            Figure("chosen", chosen, ImageOutcome.PREFERRED),
            Figure("rejected", rejected, ImageOutcome.OTHER),
        ),
        facts=picked(row, "margin", "dimension", "generators", "meta"),
    )


LORA_PAIRS = Format(
    name="lora-pairs",
    version="2",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=(
        pairs.one_dimension,
        pairs.AGGREGATION,
        pairs.MIN_MARGIN,
        options.PARTIAL,
        options.choice("layout", LAYOUTS),
        *options.SPLIT,
        UNEQUAL_SIZES,
        options.ENCODING,
    ),
    asked=pairs.asked_about,
    outputs=lambda shard: (PAIRS,),
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(ties="left out and counted"),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "dimensions": {}},
    splits=OWN_SPLITS,
    inside=True,
    shard_items=500,
)
