"""`masks`: where to paint anew, an image and a mask of equal size for each flawed image."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image as Pillow

from annotator.exports.facts import Facts
from annotator.exports.formats.common import ALL, Common
from annotator.exports.formats.options import (
    BoolOption,
    ChoiceOption,
    NumberOption,
    Option,
    Options,
)
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import image_name
from annotator.exports.maps import (
    NO_MARKS,
    Drawing,
    Point,
    drawing,
    drawing_options,
    flaws_of,
    made_ahead,
    people_of,
)
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.shard import Shard
from scoring.heatmap import FloatMap
from scoring.masks import Mask, heatmap_to_mask
from scoring.png import grey_png

FILE = "masks.jsonl"
INSIDE = np.uint8(255)

SCHEMA = {
    FILE: {
        "image": "the image, in images/",
        "mask": "PNG, 8-bit grey, of the image's size: 255 is to be painted anew, 0 to be kept",
        "prompt": "what the image was made from, for the inpainting model",
        "share": "of the image that is masked, from 0 to 1",
        "flaws": "which flaws the mask joins",
        "peak": "the highest value of the map before the threshold",
        "item, key, letter, sha256, generator, width, height": "which image this is",
        "people, marked": "who answered, and who of them marked anything",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    }
}


def why_not(questions: Questions) -> str | None:
    """It needs marks."""
    return None if flaws_of(questions) else NO_MARKS


def options(questions: Questions) -> tuple[Option, ...]:
    """Which flaws, from where on, how far around, and how the map is drawn."""
    return (
        ChoiceOption("flaw", ALL, (ALL, *flaws_of(questions)), "Masks of one flaw, or of any."),
        NumberOption(
            "threshold",
            0.3,
            0.001,
            1.0,
            "Masked is where the map is at least this high; one person of three makes 0.33.",
        ),
        NumberOption("margin_px", 12.0, 0.0, 512.0, "Pixels of the map to grow the mask by."),
        BoolOption("empty", default=False, help="Also images in which nothing is masked."),
        *drawing_options("gaussian"),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """An image, each person's marks by flaw, how many were asked and how many marked anything."""

    item: ItemRow
    image: ExportedImage
    flaws: Mapping[str, Sequence[Sequence[Point]]]
    people: int
    marked: int


def write(shard: Shard, options: Options) -> Summary:
    """A mask, its image and a line for each image."""
    draw = drawing(options)
    chosen = options.choice("flaw")
    flaws = [flaw for flaw in flaws_of(shard.questions) if chosen in (ALL, flaw)]
    left_out: Counter[str] = Counter()
    items: set[str] = set()
    rows = 0
    out = shard.lines(FILE)

    def masked(judged: Judged) -> tuple[Mask, float]:
        heatmap = joined_map(judged, draw)
        mask = heatmap_to_mask(
            heatmap,
            threshold=options.number("threshold"),
            margin_px=options.number("margin_px"),
        )
        return stretched(mask, judged.image), float(heatmap.max())

    for judged, (mask, peak) in made_ahead(_judged(shard.items, flaws, left_out), masked):
        if not mask.any() and not options.wants("empty"):
            left_out["nothing_masked"] += 1
            continue
        name = f"masks/{judged.item.id}_{judged.image.letter}.png"
        shard.file(name, grey_png(mask.astype(np.uint8) * INSIDE))
        shard.image(judged.image)
        out.write_row(_row(judged, options, name, float(mask.mean()), peak))
        items.add(str(judged.item.id))
        rows += 1
    return Summary(rows=rows, items=len(items), left_out=left_out)


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How marks became masks."""
    return About(
        aggregation={
            **drawing(options).describe(),
            "flaws": "the maximum over the maps of the chosen flaws",
            "threshold": options.number("threshold"),
            "margin_px": options.number("margin_px"),
            "stretched": "from the square map to the image, bilinear, inside from one half on",
        },
        schema=SCHEMA,
        readme=["Open `image` and `mask` of a line and give both, with `prompt`, to an inpainting",
                "pipeline (diffusers: image=…, mask_image=…, prompt=…)."],
    )  # fmt: skip


def joined_map(judged: Judged, draw: Drawing) -> FloatMap:
    """float32 (size, size): the maximum over the flaws, each the mean over its people."""
    joined: FloatMap = np.maximum.reduce([draw.map_of(marks) for marks in judged.flaws.values()])
    return joined


def stretched(mask: Mask, image: ExportedImage) -> Mask:
    """The mask at the image's size: bool (height, width)."""
    square = Pillow.fromarray(mask.astype(np.uint8) * INSIDE)
    resized = square.resize((image.width, image.height), Pillow.Resampling.BILINEAR)
    inside: Mask = np.asarray(resized) >= 128
    return inside


def _judged(
    items: Iterable[ItemRow], flaws: Sequence[str], left_out: Counter[str]
) -> Iterator[Judged]:
    for item in items:
        for image in item.images:
            people = {flaw: people_of(item, flaw, image.letter) for flaw in flaws}
            marks = {flaw: [one for _, one in each] for flaw, each in people.items() if each}
            if not marks:
                left_out["nobody_answered"] += 1
                continue
            asked = {answer.said.id for each in people.values() for answer, _ in each}
            marked = {answer.said.id for each in people.values() for answer, one in each if one}
            yield Judged(item, image, marks, len(asked), len(marked))


def _row(judged: Judged, options: Options, name: str, share: float, peak: float) -> dict[str, Any]:
    item, image = judged.item, judged.image
    return {
        "image": image_name(image.sha256, options.choice("encoding")),
        "mask": name,
        "prompt": item.prompt,
        "share": share,
        "flaws": list(judged.flaws),
        "peak": peak,
        "item": str(item.id),
        "key": item.key,
        "letter": image.letter,
        "sha256": image.sha256,
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
        "people": judged.people,
        "marked": judged.marked,
        "settled": item.settled,
    }


MASKS = Format(
    name="masks",
    version="1",
    title="Inpainting masks: where people saw flaws, with a margin",
    use="Inpainting: each line names an image, its mask and the prompt to paint it anew from.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.ENCODING),
    shard_items=500,
)
