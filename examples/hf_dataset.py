"""`datasets.load_dataset` on an export: rows with images decoded.

    python examples/hf_dataset.py FOLDER

FOLDER is an `hf-dataset` export (any export with parquet opens the same way). Needs datasets and
pillow.
"""

import argparse
from pathlib import Path
from typing import Any

from datasets import DatasetDict, load_dataset


def opened(folder: Path) -> DatasetDict:
    """The splits by name."""
    return load_dataset(str(folder))


def shown(value: Any) -> str:
    """A column's value in a line."""
    if hasattr(value, "size") and hasattr(value, "mode"):
        return f"an image of {value.size[0]} × {value.size[1]}"
    if isinstance(value, list) and value and hasattr(value[0], "mode"):
        return f"{len(value)} images"
    text = str(value)
    return text if len(text) <= 100 else f"{text[:97]}…"


def main() -> None:
    parser = argparse.ArgumentParser(description="Opens an `hf-dataset` export.")
    parser.add_argument("folder", type=Path)
    splits = opened(parser.parse_args().folder)
    for name, rows in splits.items():
        print(f"{name}: {len(rows)} rows")
    first = next(iter(splits.values()))[0]
    for column, value in first.items():
        print(f"  {column}: {shown(value)}")


if __name__ == "__main__":
    main()
