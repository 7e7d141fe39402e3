"""`imagerewarddb`: the layout of ImageRewardDB, as its own loading script reads it.

Source: THUDM/ImageRewardDB, ImageRewardDB.py. A configuration asks for a fixed number of zips, each
with its images and its list flat at its root; rows of one prompt stand together, in one zip, as
many as `image_amount_in_total` says. Ranks hold within one item, so an item is a prompt here.
"""

from collections import Counter
from typing import Any

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import ChoiceOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import WEBP
from annotator.exports.ranks import Ranked, ranked
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS
from annotator.questions.types import QuestionSpec

RATINGS = {
    "overall_rating": "overall",
    "image_text_alignment_rating": "alignment",
    "fidelity_rating": "fidelity",
}
SCALE = (1, 7)
# How many zips of the train split a configuration wants; of the other two always two.
ZIPS = {"1k": 4, "2k": 8, "4k": 16, "8k": 32}
OTHERS = 2
COLUMNS = pa.schema(
    [
        ("image_path", pa.string()),
        ("prompt_id", pa.string()),
        ("prompt", pa.string()),
        ("classification", pa.string()),
        ("image_amount_in_total", pa.int8()),
        ("rank", pa.int8()),
        ("overall_rating", pa.int8()),
        ("image_text_alignment_rating", pa.int8()),
        ("fidelity_rating", pa.int8()),
    ]
)
SCHEMA = {
    "images/*/*.zip: *.json and metadata-{train,validation,test}.parquet": {
        "image_path": "images/split/split_n/name.webp: the file is at the root of that zip",
        "prompt_id": "the item's id: ranks are comparable within it",
        "prompt": "the prompt",
        "classification": "empty: prompts have no category here",
        "image_amount_in_total": "how many rows this prompt_id has, one after the other",
        "rank": "1 is best, equal numbers are ties; of everybody's mean ranks",
        "overall_rating, image_text_alignment_rating, fidelity_rating": "1 to 7, higher is "
        "better: the mean of everybody's, rounded, halves up",
    }
}


def why_not(questions: Questions) -> str | None:
    """It needs a ranking and three ratings of each image from 1 to 7."""
    missing = [] if _ranking(questions) else ["a ranking"]
    known = {q.key: q for q in questions if q.kind == "rating"}
    for key in RATINGS.values():
        question = known.get(key)
        if question is None or (question.scale_min, question.scale_max) != SCALE:
            missing.append(f"a rating “{key}” from 1 to 7")
    if not missing:
        return None
    return f"ImageRewardDB needs what this project does not ask: {', '.join(missing)}."


def options(questions: Questions) -> tuple[Option, ...]:
    """By which configuration it will be read."""
    return (
        ChoiceOption(
            "configuration",
            "1k",
            tuple(ZIPS),
            "Of the loading script: it decides how many zips there have to be.",
        ),
    )


def write(shard: Shard, options: Options) -> Summary:
    """A row and an image an image; all zips and tables are there, if need be empty."""
    ranking = _ranking(shard.questions)
    if ranking is None:
        raise ValueError("why_not refuses a project without a ranking")
    zips = dict.fromkeys(HUB_SPLITS.values(), OTHERS) | {
        "train": ZIPS[options.choice("configuration")]
    }
    albums = {
        name: shard.album(f"images/{_split(name)}/{name}.zip", f"{name}.json")
        for name in (f"{split}_{n}" for split, of in zips.items() for n in range(1, of + 1))
    }
    tables = {split: shard.table(f"metadata-{split}.parquet", COLUMNS) for split in zips}
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    items = 0
    for item in shard.items:
        found = ranked(item, ranking, options, left_out)
        if found is None:
            continue
        rated = {column: _means(item, key) for column, key in RATINGS.items()}
        if any(means.keys() != set(found.letters) for means in rated.values()):
            left_out["not_rated"] += 1
            continue
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        name = f"{split}_{item.id.int % zips[split] + 1}"
        for letter, row in _rows(item, found, rated, f"images/{split}/{name}"):
            albums[name].add(
                row["image_path"].rpartition("/")[2],
                shard.image_bytes(item.image(letter), WEBP),
            )
            albums[name].write_row(row)
            tables[split].write_row(row)
            splits[split] += 1
        items += 1
    return Summary(
        rows=splits.total(),
        items=items,
        left_out={"dimensions": {ranking.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How answers became ranks and ratings, and by which name to load them."""
    name = options.choice("configuration")
    return About(
        aggregation={
            "rank": "of the mean of everybody's ranks, as whole numbers from 1",
            "ratings": "the mean of everybody's, rounded, halves up",
        },
        schema=SCHEMA,
        readme=[
            "# ImageRewardDB's layout",
            "",
            "```python",
            "import json, zipfile",
            'with zipfile.ZipFile("THIS_FOLDER/images/train/train_1.zip") as found:',
            '    rows = json.loads(found.read("train_1.json"))',
            '    images = [found.read(row["image_path"].split("/")[-1]) for row in rows]',
            "```",
            "",
            f"ImageRewardDB.py, in place of the published files: the configurations {name},",
            f"{name}_group and {name}_pair. The others want more zips or leave some out. It is a",
            "script, which `datasets` runs before version 4 only.",
        ],
    )


def _ranking(questions: Questions) -> QuestionSpec | None:
    return next((question for question in questions if question.kind == "ranking"), None)


def _split(name: str) -> str:
    return name.partition("_")[0]


def _means(item: ItemRow, key: str) -> dict[str, int]:
    """Letter → everybody's mean rating, rounded."""
    given: dict[str, list[int]] = {}
    for answer in item.standing:
        for piece in answer.pieces.get(key, ()):
            if piece.number is not None:
                given.setdefault(piece.letter, []).append(piece.number)
    # floor(mean + 1/2) in whole numbers.
    return {
        letter: (2 * sum(all_) + len(all_)) // (2 * len(all_)) for letter, all_ in given.items()
    }


def _rows(
    item: ItemRow, found: Ranked, rated: dict[str, dict[str, int]], folder: str
) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            letter,
            {
                "image_path": f"{folder}/{item.id.hex}_{letter}.webp",
                "prompt_id": str(item.id),
                "prompt": item.prompt,
                "classification": "",
                "image_amount_in_total": len(found.letters),
                "rank": rank,
                **{column: means[letter] for column, means in rated.items()},
            },
        )
        for letter, rank in zip(found.letters, found.ranks, strict=True)
    ]


IMAGEREWARDDB = Format(
    name="imagerewarddb",
    version="1",
    title="ImageRewardDB's layout: zips, ranks and ratings",
    use="ImageRewardDB's own loading script, by rows, groups or pairs, and what is built on it.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.SPLIT),
    inside=True,
    shard_items=500,
)
