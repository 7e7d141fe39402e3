"""Pairs for Diffusion-DPO: the transform and the collate of its training scripts.

    python examples/diffusion_dpo.py FOLDER [--resolution 512] [--batch 4]

FOLDER is a `diffusion-dpo` export. Needs torch, pillow, numpy and datasets. A batch holds the
preferred image in the first three channels and the other in the last three, as the loss wants:
-log sigmoid(-beta / 2 * (difference of the model's errors - difference of the reference's)).
"""

import argparse
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, load_dataset
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import DataLoader


def image(encoded: bytes, resolution: int) -> Tensor:
    """float32 (3, resolution, resolution) in [-1, 1]: scaled to cover, cut around the middle.

    No mirroring: it would turn "left of" and lettering around, for one image of a pair alone.
    """
    with Image.open(io.BytesIO(encoded)) as opened:
        fitted = ImageOps.fit(opened.convert("RGB"), (resolution, resolution))
    return torch.from_numpy(np.array(fitted)).permute(2, 0, 1).float() / 127.5 - 1


def example(row: Mapping[str, Any], resolution: int) -> dict[str, Any]:
    """One pair, the preferred image first whatever its column."""
    if row["label_0"] not in (0, 1):
        raise ValueError(f"a tie can't be trained on: label_0 is {row['label_0']}")
    first, second = (row["jpg_0"], row["jpg_1"])[:: 1 if row["label_0"] == 1 else -1]
    both = [image(first, resolution), image(second, resolution)]
    return {"pixel_values": torch.cat(both), "caption": row["caption"]}


def collate(examples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """pixel_values float32 (batch, 6, resolution, resolution), and the captions."""
    return {
        "pixel_values": torch.stack([one["pixel_values"] for one in examples]),
        "captions": [one["caption"] for one in examples],
    }


def batches(folder: Path, split: str, resolution: int, batch: int) -> DataLoader[Dataset]:
    """The split's pairs, shuffled."""
    rows = load_dataset(str(folder), split=split)
    examples = rows.with_transform(
        lambda columns: {
            "example": [
                example({name: values[place] for name, values in columns.items()}, resolution)
                for place in range(len(columns["caption"]))
            ]
        }
    )
    return DataLoader(
        examples,
        batch_size=batch,
        shuffle=True,
        collate_fn=lambda rows: collate([row["example"] for row in rows]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Batches of a `diffusion-dpo` export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--resolution", type=int, default=512)
    parser.add_argument("--batch", type=int, default=4)
    chosen = parser.parse_args()
    loader = batches(chosen.folder, chosen.split, chosen.resolution, chosen.batch)
    first = next(iter(loader))
    print(f"{len(loader.dataset)} pairs; a batch is {tuple(first['pixel_values'].shape)}")
    print(f"its first prompt: {first['captions'][0]}")


if __name__ == "__main__":
    main()
