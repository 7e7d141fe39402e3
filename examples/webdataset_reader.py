"""Samples out of tar shards, as large trainings stream them.

    python examples/webdataset_reader.py FOLDER

FOLDER is a `webdataset` export. Needs webdataset and pillow.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import webdataset


def samples(folder: Path, *, shuffled: int = 0) -> Iterator[dict[str, Any]]:
    """One item a sample: its key, `json` with what was said, and a decoded image a letter.

    `shuffled` is how many samples wait to be drawn from; 0 keeps the order.
    """
    shards = sorted(str(path) for path in folder.rglob("*.tar"))
    if not shards:
        raise FileNotFoundError(f"there is no tar in {folder}")
    reader = webdataset.WebDataset(shards, shardshuffle=len(shards) if shuffled else False)
    if shuffled:
        reader = reader.shuffle(shuffled)
    yield from reader.decode("pil")


def main() -> None:
    parser = argparse.ArgumentParser(description="The samples of a `webdataset` export.")
    parser.add_argument("folder", type=Path)
    count = 0
    for sample in samples(parser.parse_args().folder):
        if not count:
            names = sorted(name for name in sample if not name.startswith("__"))
            print(f"{sample['__key__']}: {', '.join(names)}")
            print(f"  {sample['json'].get('prompt')}")
        count += 1
    print(f"{count} samples")


if __name__ == "__main__":
    main()
