"""An export's folder as a table."""

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych_client.errors import MissingExtra, TriptychError

if TYPE_CHECKING:
    import datasets
    import pandas as pd

ALL = "all"
# What says something of the export and is no row of it.
NO_ROWS = {"manifest.json", "dataset_info.json"}


def files_of(folder: Path, split: str) -> list[Path]:
    """The files that hold an export's rows, of one kind; of those in splits one split's."""
    for kind in ("parquet", "jsonl", "csv", "json"):
        found = sorted(path for path in folder.rglob(f"*.{kind}") if path.name not in NO_ROWS)
        if not found:
            continue
        splits = {_split_of(path) for path in found} - {""}
        if not splits or split == ALL:
            return found
        if split not in splits:
            raise TriptychError(f"There is no split {split!r}; there are: {sorted(splits)}.")
        return [path for path in found if _split_of(path) == split]
    raise TriptychError(f"{folder} holds no table; its README says what it is.")


def _split_of(path: Path) -> str:
    """train, validation or test, by how the file's or its folder's name begins."""
    for called in (path.name, path.parent.name):
        name = called.replace(".", "-").replace("_", "-").split("-")[0]
        if name in {"train", "validation", "test"}:
            return name
    return ""


def package(name: str) -> Any:
    """A package that makes tables, asked for before anything is fetched for it.

    Raises MissingExtra where it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(name) from error


def dataset_of(folder: Path, split: str) -> "datasets.Dataset":
    """As Hugging Face's `datasets` reads it, images as images."""
    datasets = package("datasets")
    files = files_of(folder, split)
    kind = files[0].suffix.removeprefix(".").replace("jsonl", "json")
    loaded = datasets.load_dataset(kind, data_files=[str(path) for path in files], split="train")
    if not isinstance(loaded, datasets.Dataset):
        raise TriptychError("These rows are no table.")
    return loaded


def frame_of(folder: Path, split: str) -> "pd.DataFrame":
    """As a pandas DataFrame."""
    pd = package("pandas")
    return pd.concat([_frame(pd, path) for path in files_of(folder, split)], ignore_index=True)


def _frame(pd: Any, path: Path) -> Any:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix == ".csv":
        return pd.read_csv(path)
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if path.suffix == ".jsonl" else []
    rows = [json.loads(line) for line in lines if line] if lines else json.loads(text)
    return pd.DataFrame(rows)
