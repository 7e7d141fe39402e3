"""Reads JSON lines with ms-swift's own loader and makes its template's inputs of each row.

    swift_reader.py FILE … → {FILE: [{"chosen": {"messages", "images": [[name, width, height]]},
    "rejected": the same, "margin"}, …]}

Paths of images are relative to the folder of the file, in which it is run (ROOT_IMAGE_DIR).
"""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

CACHE = tempfile.mkdtemp()
os.environ.update(HF_HUB_OFFLINE="1", MODELSCOPE_CACHE=CACHE, HF_DATASETS_CACHE=CACHE)
import tests.references  # noqa: E402, F401 - before what wants torchvision

with contextlib.redirect_stdout(sys.stderr):
    from swift.dataset import load_dataset
    from swift.template.template_inputs import StdTemplateInputs, TemplateInputs
from PIL import Image  # noqa: E402


def read(path: Path) -> list[dict[str, Any]]:
    rows, _ = load_dataset([str(path)], load_from_cache_file=False, remove_unused_columns=False)
    return [row(dict(one), path.parent) for one in rows]


def row(one: dict[str, Any], folder: Path) -> dict[str, Any]:
    inputs = TemplateInputs.from_dict(one)
    return {
        "chosen": side(inputs.chosen, folder),
        "rejected": side(inputs.rejected, folder),
        "margin": inputs.chosen.margin,
    }


def side(inputs: StdTemplateInputs, folder: Path) -> dict[str, Any]:
    return {
        "messages": [[one["role"], one["content"]] for one in inputs.messages],
        "images": [opened(image, folder) for image in inputs.images],
    }


def opened(image: Any, folder: Path) -> list[Any]:
    path = image["path"] if isinstance(image, dict) else image
    with Image.open(folder / path) as found:
        found.load()
        return [path, *found.size]


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        found = {path: read(Path(path)) for path in sys.argv[1:]}
    print(json.dumps(found))
