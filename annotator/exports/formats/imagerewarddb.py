"""`imagerewarddb`: the layout of ImageRewardDB, as its own loading script reads it.

Source: THUDM/ImageRewardDB, ImageRewardDB.py. A configuration asks for a fixed number of zips, each
with its images and its list flat at its root; rows of one prompt stand together, in one zip, as
many as `image_amount_in_total` says. Ranks hold within one item, so an item is a prompt here.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pyarrow as pa

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.ranks import RankedImages, ranks_of
from annotator.exports.aggregate.votes import Questions, answered, ordered
from annotator.exports.formats import options
from annotator.exports.formats.format import HUB_SPLITS, Format, Group, WholeExport
from annotator.exports.formats.options import Options
from annotator.exports.formats.pairs import rules_of
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.images import WEBP
from annotator.exports.store.outputs import Album, Output, Table
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
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
SNIPPET = """\
import json, zipfile
with zipfile.ZipFile("THIS_FOLDER/images/train/train_1.zip") as found:
    rows = json.loads(found.read("train_1.json"))
    images = [found.read(row["image_path"].split("/")[-1]) for row in rows]"""


def misfit(questions: Questions) -> Reason | None:
    """It needs a ranking and three ratings of each image from 1 to 7."""
    missing = [] if _rankings(questions) else ["ranking"]
    known = {q.key: q for q in questions if q.kind == "rating"}
    for key in RATINGS.values():
        question = known.get(key)
        if question is None or (question.scale_min, question.scale_max) != SCALE:
            missing.append(f"{key} (rating {SCALE[0]}–{SCALE[1]})")
    return Reason(Code.QUESTIONS_MISSING, names=tuple(missing)) if missing else None


def outputs(shard: Shard) -> list[Output]:
    """All zips and tables that a configuration wants."""
    zips = _zips(shard.options)
    names = [f"{split}_{n}" for split, of in zips.items() for n in range(1, of + 1)]
    return [*map(_album, names), *map(_table, zips)]


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """A row and an image an image, in the zip that its item's id draws."""
    [ranking] = shard.asked
    questions = {question.key: question for question in shard.questions}
    zips, rules = _zips(shard.options), rules_of(shard.options, shard.facts)
    for item in shard.items:
        ranked = ranks_of(item, ranking, rules)
        if isinstance(ranked, Skip):
            yield ranked
            continue
        ratings = {column: _means(item, questions[key]) for column, key in RATINGS.items()}
        if any(means.keys() != set(ranked.letters) for means in ratings.values()):
            yield Skip(Skipped.NOT_RATED, ranking.key)
            continue
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        name = f"{split}_{UUID(item.id).int % zips[split] + 1}"
        yield from _rows(shard, item, ranked, ratings, name)


def readme(whole: WholeExport) -> list[str]:
    """By which names to load it."""
    name = whole.options.text("configuration")
    return [
        f"ImageRewardDB.py, in place of the published files: the configurations {name},",
        f"{name}_group and {name}_pair. The others want more zips or leave some out. It is a",
        "script, which `datasets` runs before version 4 only.",
    ]


def _rankings(questions: Questions) -> tuple[QuestionSpec, ...]:
    return ordered(questions)


def _zips(chosen: Options) -> dict[str, int]:
    """How many zips there are of each split."""
    of_train = ZIPS[chosen.text("configuration")]
    return dict.fromkeys(HUB_SPLITS.values(), OTHERS) | {"train": of_train}


def _album(name: str) -> Album:
    return Album(f"images/{name.partition('_')[0]}/{name}.zip", f"{name}.json")


def _table(split: str) -> Table:
    return Table(f"metadata-{split}.parquet", COLUMNS)


def _means(item: ExportedItem, question: QuestionSpec) -> dict[str, int]:
    """Letter → everybody's mean rating, rounded."""
    given: dict[str, list[float]] = {}
    for annotation in answered(item, question):
        for piece in annotation.pieces[question.key]:
            if piece.amount is not None:
                given.setdefault(piece.letter, []).append(piece.amount)
    # floor(mean + 1/2); sums of halves are exact.
    return {
        letter: int((2 * sum(all_) + len(all_)) // (2 * len(all_)))
        for letter, all_ in given.items()
    }


def _rows(
    shard: Shard,
    item: ExportedItem,
    ranked: RankedImages,
    ratings: Mapping[str, Mapping[str, int]],
    name: str,
) -> Iterator[ExportRow]:
    split = name.partition("_")[0]
    for letter, rank in zip(ranked.letters, ranked.ranks, strict=True):
        image = item.image(letter)
        file = f"{item.digits}_{letter}.webp"
        row: dict[str, Any] = {
            "image_path": f"images/{split}/{name}/{file}",
            "prompt_id": item.id,
            "prompt": item.prompt,
            "classification": "",
            "image_amount_in_total": len(ranked.letters),
            "rank": rank,
            **{column: means[letter] for column, means in ratings.items()},
        }
        yield ExportRow(
            to=(_album(name), _table(split)),
            value=row,
            members={file: shard.image_bytes(image, WEBP)},
            items=(item,),
            counts={("splits", split): 1},
            figures=(Figure("image_path", image, rank=rank),),
            facts=picked(row, "rank", *RATINGS),
        )


IMAGEREWARDDB = Format(
    name="imagerewarddb",
    version="1",
    group=Group.RANKINGS,
    misfit=misfit,
    options=(options.PARTIAL, *options.SPLIT, options.choice("configuration", ZIPS)),
    asked=lambda questions, options: _rankings(questions)[:1],
    outputs=outputs,
    rows=rows,
    aggregation={
        "rank": "of the mean of everybody's ranks, as whole numbers from 1",
        "ratings": "the mean of everybody's, rounded, halves up",
    },
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=readme,
    counts={"splits": {}},
    splits=HUB_SPLITS,
    inside=True,
    shard_items=500,
)
