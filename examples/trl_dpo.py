"""Rows for TRL's vision DPO trainer: two images to judge, people's verdict and its opposite.

    python examples/trl_dpo.py FOLDER

FOLDER is a `trl` export. Needs trl, datasets and pillow. TRL has no trainer of diffusion models: a
pair of images becomes a question to a vision-language model, and `chosen` is the answer that people
gave. With a real model:

    DPOTrainer(model, args=DPOConfig(max_length=None), train_dataset=rows(folder, "train"),
               processing_class=AutoProcessor.from_pretrained(...))

`max_length=None`, or image tokens are cut off.
"""

import argparse
from pathlib import Path
from typing import Any

from datasets import Dataset, load_dataset
from trl.data_utils import is_conversational, prepare_multimodal_messages


def rows(folder: Path, split: str) -> Dataset:
    """The split, checked: the first row decides for TRL how the whole file is read."""
    found = load_dataset(str(folder), split=split)
    if not is_conversational(found[0]) or not found[0]["images"]:
        raise ValueError("these rows are no conversations about images")
    return found


def prepared(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The conversation with its images in place, as TRL hands it to a processor."""
    return prepare_multimodal_messages(row["prompt"] + row["chosen"], images=row["images"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Opens a `trl` export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train")
    chosen = parser.parse_args()
    found = rows(chosen.folder, chosen.split)
    print(f"{chosen.split}: {len(found)} rows, {', '.join(found.column_names)}")
    for message in prepared(found[0]):
        kinds = [part["type"] for part in message["content"]]
        print(f"  {message['role']}: {', '.join(kinds)}")


if __name__ == "__main__":
    main()
