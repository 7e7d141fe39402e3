"""Published datasets at small size, written by hand after their documentation."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tests.uploads import image_bytes

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def write(
    folder: Path, files: Mapping[str, bytes | str | Sequence[Any] | Mapping[str, Any]]
) -> Path:
    """A folder of files; what is neither bytes nor text goes as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def table(
    rows: Sequence[Mapping[str, Any]], schema: pa.Schema | None = None, **options: Any
) -> bytes:
    """A parquet file."""
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows), schema=schema), stream, **options)
    return stream.getvalue()


def pickapic(count: int = 3, **options: Any) -> bytes:
    """Pick-a-Pic v2's columns: the first row prefers image 0, the next 1, the third neither."""
    labels = [(1.0, 0.0, "0"), (0.0, 1.0, "1"), (0.5, 0.5, "none")]
    rows = []
    for row in range(count):
        first, second, best = labels[row % 3]
        rows.append(
            {
                "are_different": True, "best_image_uid": best,
                "caption": f"a fox [single_quote]{row}",
                "created_at": None, "has_label": True, "image_0_uid": f"u{row}-0",
                "image_0_url": "", "image_1_uid": f"u{row}-1", "image_1_url": "",
                "jpg_0": image_bytes(2 * row, kind="JPEG"),
                "jpg_1": image_bytes(2 * row + 1, kind="JPEG"), "label_0": first,
                "label_1": second, "model_0": "sdxl", "model_1": "dreamlike", "ranking_id": row,
                "user_id": 100 + row, "num_example_per_prompt": 1, "__index_level_0__": row,
            }
        )  # fmt: skip
    return table(rows, **options)


def with_image_column(count: int = 3) -> bytes:
    """What `datasets` writes of an Image column."""
    rows = [
        {"image": {"bytes": image_bytes(n), "path": f"{n}.png"}, "prompt": f"cat {n}", "seed": n}
        for n in range(count)
    ]
    schema = pa.schema([("image", IMAGE), ("prompt", pa.string()), ("seed", pa.int64())])
    return table(rows, schema)


def image_reward_db(folder: Path, *, zipped: bool) -> Path:
    """Two prompts of four images: `metadata-train.parquet` and one shard."""
    rows, images = [], {}
    for prompt in range(2):
        for place in range(4):
            name = f"{prompt}{place}.webp"
            images[name] = image_bytes(10 * prompt + place, kind="WEBP")
            rows.append(
                {
                    "image_path": f"images/train/train_1/{name}", "prompt_id": f"p-{prompt}",
                    "prompt": f"a house {prompt}", "classification": "Buildings",
                    "image_amount_in_total": 4, "rank": [1, 2, 2, 3][place],
                    "overall_rating": 7 - place, "image_text_alignment_rating": 6 - place,
                    "fidelity_rating": 5 - place,
                }
            )  # fmt: skip
    shard = io.BytesIO()
    with zipfile.ZipFile(shard, "w") as made:
        made.writestr("train_1.json", json.dumps(rows))
        for name, data in images.items():
            made.writestr(name, data)
    files: dict[str, bytes] = {"metadata-train.parquet": table(rows)}
    if zipped:
        files["images/train/train_1.zip"] = shard.getvalue()
    else:
        files |= {f"images/train/train_1/{name}": data for name, data in images.items()}
    return write(folder, files)


def tar(members: Mapping[str, bytes | Mapping[str, Any]]) -> bytes:
    """A WebDataset shard."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for name, content in members.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return stream.getvalue()
