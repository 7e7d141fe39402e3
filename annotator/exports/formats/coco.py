"""`coco`: regions as COCO's JSON, of each person and of k of n people.

Segmentations are COCO's packed run lengths, as pycocotools reads them; a category is a flaw of the
project's tree, its supercategory the flaw above it.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.regions import (
    Drawn,
    drawn_by,
    mask_of,
    of_flaw,
    regions_asked,
)
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Found, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Coco
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.exports.store.text import json_text
from annotator.questions.types import QuestionSpec
from scoring.masks import Mask
from scoring.png import grey_png
from scoring.regions import box_around, layers, packed, run_lengths

FILE = "annotations.json"
BOTH, PEOPLE, LAYERS = "people_and_layers", "people", "layers"
SCHEMA = {
    FILE: {
        "images": "id, file_name, width, height; item, key, letter, prompt, generator, sha256, "
        "settled; people: how many answered. An image of several items is there once for each",
        "categories": "id, name: the flaw; supercategory: the flaw above it in the tree, else the "
        "question; question",
        "annotations": "id, image_id, category_id, segmentation (packed run lengths), bbox, area "
        "in pixels, iscrowd 0; a region of one person, or a layer of all",
        "annotator": "pseudonym of whose region it is; null: a layer",
        "layer, of": "of a layer: what so many at least, of so many people, drew of this flaw or "
        "one below it; null: a person's region",
    }
}
SNIPPET = """\
from pycocotools.coco import COCO
coco = COCO("THIS_FOLDER/annotations.json")
for one in coco.loadAnns(coco.getAnnIds()):
    if one["layer"] == 2:
        print(coco.loadCats(one["category_id"])[0]["name"], coco.annToMask(one).sum())"""
README = [
    "`layer` tells the two sorts of annotations apart: take one of them for training, not both.",
    "An image without annotations is one in which nobody saw a flaw.",
]

Categories = Mapping[tuple[str, str], int]


def misfit(questions: Questions) -> Reason | None:
    """It needs regions."""
    return None if regions_asked(questions) else Reason(Code.NO_REGIONS)


def rows(shard: Shard) -> Iterator[Found]:
    """A row an image, with its annotations."""
    categories = _numbered(shard.questions)
    for item in shard.items:
        for image in item.images:
            people = {
                question: drawn_by(item, question.key, image.letter)
                for question in regions_asked(shard.questions)
            }
            if any(people.values()):
                yield partial(_rows, shard, item, image, people, categories)
            else:
                yield Skip(Skipped.NOBODY_ANSWERED)


def _numbered(questions: Questions) -> Categories:
    number = count(1)
    return {
        (question.key, flaw): next(number)
        for question in regions_asked(questions)
        for flaw in question.options
    }


def _output(questions: Questions) -> Coco:
    """The file, with what stands in it whatever the rows are."""
    several = len(regions_asked(questions)) > 1
    categories = [
        {
            "id": _numbered(questions)[question.key, flaw],
            "name": f"{question.key}.{flaw}" if several else flaw,
            "supercategory": parent or question.key,
            "question": question.key,
        }
        for question in regions_asked(questions)
        for flaw, parent in zip(question.options, question.parents, strict=True)
    ]
    return Coco(FILE, json_text({"info": {"description": "triptych"}, "categories": categories}))


def _rows(
    shard: Shard,
    item: ExportedItem,
    image: ExportedImage,
    people: Mapping[QuestionSpec, list[Drawn]],
    categories: Categories,
) -> list[ExportRow]:
    requested = shard.options.text("kept")
    found: list[dict[str, Any]] = []
    for question, drawn in people.items():
        if requested != LAYERS:
            found += _of_people(shard, image, question, drawn, categories)
        if requested != PEOPLE:
            found += _of_layers(image, question, drawn, categories)
    about: dict[str, Any] = {
        "file_name": shard.name_of(image),
        "width": image.width,
        "height": image.height,
        "item": item.id,
        "key": item.key,
        "letter": image.letter,
        "prompt": item.prompt,
        "generator": image.generator,
        "sha256": image.sha256,
        "people": max(len(drawn) for drawn in people.values()),
        "settled": item.settled,
    }
    every = [piece for drawn in people.values() for _, pieces in drawn for piece in pieces]
    png = grey_png(mask_of(every, image).astype("uint8") * 255)
    return [
        ExportRow(
            to=(_output(shard.questions),),
            value={"image": about, "annotations": found},
            items=(item,),
            counts={("annotations",): len(found)},
            copies=shard.copies(image),
            figures=(Figure("file_name", image, map=png),),
            facts={**picked(about, "generator", "people", "settled"), "annotations": len(found)},
        )
    ]


def _of_people(
    shard: Shard,
    image: ExportedImage,
    question: QuestionSpec,
    people: list[Drawn],
    categories: Categories,
) -> Iterator[dict[str, Any]]:
    for annotation, pieces in people:
        for piece in pieces:
            yield from _annotation(
                mask_of([piece], image),
                categories[question.key, piece.choice],
                annotator=shard.facts.annotator(annotation.annotator_id),
            )


def _of_layers(
    image: ExportedImage, question: QuestionSpec, people: list[Drawn], categories: Categories
) -> Iterator[dict[str, Any]]:
    for flaw in question.options:
        own = [of_flaw(pieces, flaw, question) for _, pieces in people]
        if any(own):
            masks = [mask_of(pieces, image) for pieces in own]
            for k, layer in enumerate(layers(masks), 1):
                number = categories[question.key, flaw]
                yield from _annotation(layer, number, layer=k, of=len(people))


def _annotation(
    mask: Mask,
    category: int,
    *,
    annotator: str | None = None,
    layer: int | None = None,
    of: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Nothing of a mask without a pixel: loaders refuse boxes of no size."""
    box = box_around(mask)
    if box:
        height, width = mask.shape
        yield {
            "category_id": category,
            "segmentation": {"size": [height, width], "counts": packed(run_lengths(mask))},
            "bbox": list(box),
            "area": int(mask.sum()),
            "iscrowd": 0,
            "annotator": annotator,
            "layer": layer,
            "of": of,
        }


COCO = Format(
    name="coco",
    version="1",
    group=Group.MARKS,
    misfit=misfit,
    options=(
        options.PARTIAL,
        options.IMAGES,
        options.ENCODING,
        options.choice("kept", (BOTH, PEOPLE, LAYERS)),
    ),
    outputs=lambda shard: (_output(shard.questions),),
    rows=rows,
    aggregation={
        "layers": "of each flaw what k of n people at least drew, a person's regions joined; a "
        "flaw counts for those above it in the tree",
        "pixels": "inside if their centre is",
    },
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"annotations": 0},
    shard_items=500,
)
