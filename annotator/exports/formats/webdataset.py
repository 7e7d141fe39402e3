"""`webdataset`: tar shards, one sample an item: its JSON and its images under one key.

Source: webdataset 1.0.2. A sample is a run of files that agree up to the first dot of their name,
so keys have none; USTAR headers hold nothing but names and sizes, so the same data gives the same
bytes.
"""

from collections import Counter
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.hashed import ROW
from annotator.exports.images import SUFFIXES
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS
from annotator.exports.together import meanings_of, together

README = [
    "# Samples for webdataset",
    "",
    "```python",
    "import glob",
    "import webdataset",
    'tars = sorted(glob.glob("THIS_FOLDER/data/train-*.tar"))',
    'for sample in webdataset.WebDataset(tars, shardshuffle=False).decode("pil"):',
    '    print(sample["json"]["prompt"], sample["json"]["answers"], sample["a.SUFFIX"].size)',
    "```",
    "",
    "The images are a.SUFFIX, b.SUFFIX … by letter. With more loader workers than tars pass",
    "`empty_check=False`.",
]


def why_not(questions: Questions) -> str | None:
    """It fits every project that asks anything."""
    return None if questions else "This project asks no questions."


def write(shard: Shard, options: Options) -> Summary:
    """One sample an item, in the tars of its prompt's split."""
    splits: Counter[str] = Counter()
    suffix = SUFFIXES[shard.encoding]
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        tar = shard.tar(f"data/{split}")
        tar.add(f"{item.id.hex}.json", ROW.encode(_sample(shard, item)).encode())
        for image in item.images:
            tar.add(f"{item.id.hex}.{image.letter}.{suffix}", shard.image_bytes(image))
        splits[split] += 1
    return Summary(rows=splits.total(), items=splits.total(), counts={"splits": splits})


def about(options: Options, facts: Facts, total: Summary) -> About:
    """The parts of a sample."""
    suffix = SUFFIXES[options.choice("encoding")]
    return About(
        aggregation={"rule": "counts, means and shares of all answers that stand, as `schema` has"},
        schema={
            "data/{train,validation,test}-*.tar": {
                "KEY.json": "item, key, prompt, tokens, settled, and of the images by letter: "
                "letters, generators, sha256; answers by question, null where nobody answered",
                f"KEY.a.{suffix}, KEY.b.{suffix} …": "the images",
                **meanings_of(facts.questions),
            }
        },
        readme=[line.replace("SUFFIX", suffix) for line in README],
    )


def _sample(shard: Shard, item: ItemRow) -> dict[str, Any]:
    return {
        "item": str(item.id),
        "key": item.key,
        "prompt": item.prompt,
        "tokens": list(item.tokens),
        "settled": item.settled,
        "letters": [image.letter for image in item.images],
        "generators": [image.generator for image in item.images],
        "sha256": [image.sha256 for image in item.images],
        "answers": together(item, shard.questions),
    }


WEBDATASET = Format(
    name="webdataset",
    version="1",
    title="One sample an item, with images and answers (tar)",
    use='Streaming training data: `webdataset.WebDataset(tars).decode("pil")`, in any framework.',
    why_not=why_not,
    write=write,
    about=about,
    common=(Common.PARTIAL, Common.SPLIT, Common.ENCODING),
    inside=True,
    shard_items=500,
)
