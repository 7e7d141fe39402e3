"""Pick-a-Pic v1 and v2, and what Diffusion-DPO scripts read of it: pairs inside parquet.

Columns: pickapic_v1's and v2's cards (yuvalkirstain). Each row is one person's choice, `user_id`;
the rows of one pair need not stand together, so each is an item of its own.
"""

from collections.abc import Iterator
from typing import Any

from annotator.ingest.datasets.columns import (
    ImagesInside,
    image_name,
    is_binary,
    rows_of,
    schema_of,
)
from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    chosen,
    image,
    made,
    vote,
)
from annotator.ingest.rows import Raw

IMAGES = ("jpg_0", "jpg_1")
NEEDED = {*IMAGES, "caption", "label_0"}
TOLD = (
    "caption", "label_0", "label_1", "has_label", "user_id", "ranking_id", "model_0", "model_1",
    "image_0_uid", "image_1_uid", "num_example_per_prompt", "created_at",
)  # fmt: skip
QUESTION = "overall"
NEAR = 1e-6


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the columns of its parquet files."""
    shards = [name for name in files.ending(".parquet") if _is_shard(files, name)]
    if not shards:
        return None
    return Dataset(lambda: _rows(files, shards), ImagesInside(files).read)


def _is_shard(files: UploadedFiles, name: str) -> bool:
    schema = schema_of(files, name)
    return schema.keys() >= NEEDED and all(is_binary(schema[one]) for one in IMAGES)


def _rows(files: UploadedFiles, shards: list[str]) -> Iterator[Raw]:
    line = 0
    for shard in shards:
        told = [column for column in TOLD if column in schema_of(files, shard)]
        for row, found in enumerate(rows_of(files, shard, told)):
            line += 1
            yield made(line, _item, shard, row, found)


def _item(shard: str, row: int, found: dict[str, Any]) -> dict[str, object]:
    ranking = found.get("ranking_id")
    return {
        # Other people's choices of the same pair are rankings of their own; one that stands in
        # `validation_unique`, too, is the same.
        "id": f"ranking {ranking}" if isinstance(ranking, int) else None,
        # The collection app wrote quotes so.
        "prompt": str(found["caption"] or "").replace("[single_quote]", "'"),
        "images": [
            image(
                image_name(shard, row, IMAGES[side]),
                found.get(f"model_{side}"),
                uid=found.get(f"image_{side}_uid"),
            )
            for side in (0, 1)
        ],
        "meta": {"ranking_id": ranking},
        "votes": _votes(found),
    }


def _votes(found: dict[str, Any]) -> list[dict[str, Any]]:
    first, second = found["label_0"], found.get("label_1")
    if first is None or found.get("has_label") is False:
        return []
    second = 1 - first if second is None else second
    if not abs(first + second - 1) < NEAR:  # nobody's choice; NaN is none either
        return []
    choice = "tie" if first == second else "a" if first > second else "b"
    return [vote({QUESTION: chosen(choice)}, judge=found.get("user_id"))]


PICKAPIC = PublishedLayout("pickapic", recognise)
