"""Options that mean the same in every format that takes them, declared once."""

from collections.abc import Collection, Sequence
from enum import Enum

from annotator.exports.formats.options import (
    BoolOption,
    ChoiceOption,
    NumberOption,
    Option,
    RatiosOption,
    TextOption,
)
from annotator.exports.images import ENCODINGS, PNG

ALL = "all"
MAJORITY, MEAN, DAWID_SKENE = "majority", "mean", "dawid_skene"
DIMENSION_OF_CHOICE = "overall"
BATCHES = r"|\d{1,9}(,\d{1,9}){0,99}"


class Common(Enum):
    """Which of them a format takes; all take `partial` (but those of everything), `batches`."""

    DIMENSION = "dimension"  # of one question, or of all
    ONE_DIMENSION = "one dimension"  # of one question
    AGGREGATION = "aggregation"
    MIN_MARGIN = "min_margin"
    PARTIAL = "partial"
    SPLIT = "split"  # and `seed`
    IMAGES = "images"  # copied beside: yes unless said otherwise
    IMAGES_ASKED = "images asked for"  # copied beside: no unless said otherwise
    ENCODING = "encoding"


def common_options(
    taken: Collection[Common], keys: Sequence[str], shard_items: int
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """What stands before and after a format's own options; `keys`: the dimensions there are."""
    dimension = ChoiceOption("dimension", ALL, (ALL, *keys), "Pairs of one question, or of all.")
    preferred = DIMENSION_OF_CHOICE if DIMENSION_OF_CHOICE in keys else next(iter(keys), "")
    declared: dict[Common, tuple[Option, ...]] = {
        Common.DIMENSION: (dimension,),
        Common.ONE_DIMENSION: (
            ChoiceOption("dimension", preferred, tuple(keys), "The question that decides."),
        ),
        Common.AGGREGATION: (
            ChoiceOption(
                "aggregation",
                MAJORITY,
                (MAJORITY, MEAN, DAWID_SKENE),
                "What several people say together: more than half of everybody; the side with "
                "more votes; or votes weighed by each person's reliability (needs some 50 items "
                "a person).",
            ),
        ),
        Common.MIN_MARGIN: (
            NumberOption(
                "min_margin", 0.0, 0.0, 1.0, "Leave out pairs with a smaller |a - b| / n."
            ),
        ),
        Common.PARTIAL: (
            BoolOption(
                "partial", default=False, help="Also items not settled yet, marked as such."
            ),
        ),
        Common.SPLIT: (
            RatiosOption("split", "90/5/5", "Percents of the prompts for train, valid and test."),
            NumberOption("seed", 0, 0, 2**31 - 1, "Draws the splits anew.", whole=True),
        ),
        Common.IMAGES: (BoolOption("images", default=True, help="Copy the images into images/."),),
        Common.IMAGES_ASKED: (
            BoolOption("images", default=False, help="Copy the images into images/."),
        ),
        Common.ENCODING: (
            ChoiceOption(
                "encoding",
                PNG,
                ENCODINGS,
                "Of the images: PNG as stored, JPEG of quality 95, or lossless WebP.",
            ),
        ),
    }
    first = tuple(option for one in Common if one in taken for option in declared[one])
    last: tuple[Option, ...] = (
        TextOption(
            "batches",
            "",
            BATCHES,
            "numbers of batches with commas between, or nothing for all",
            "Items of these uploads alone; empty for all.",
        ),
        NumberOption(
            "shard_items",
            shard_items,
            1,
            100_000,
            "Items in a shard: what a killed worker loses, and a numbered file holds.",
            whole=True,
        ),
    )
    return first, last
