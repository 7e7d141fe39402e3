"""Reads a folder's datasets with LLaMA-Factory's own loader, as its trainer is given them.

    llamafactory_reader.py FOLDER … → {FOLDER: {NAME of dataset_info.json: [{"prompt", "response",
    "images": [[name, width, height], …]}, …]}}

LLaMA-Factory imports torchaudio, which no sound is asked of here: an empty module takes its place.
It is newer than some of what it pins (DISABLE_VERSION_CHECK), which its loader does not mind.
"""

import contextlib
import json
import os
import sys
import tempfile
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

os.environ.update(DISABLE_VERSION_CHECK="1", HF_HUB_OFFLINE="1", TRL_EXPERIMENTAL_SILENCE="1")
import transformers
import trl  # noqa: F401 - looks for torchaudio, and must find none

import tests.references  # noqa: F401 - before what wants torchvision

torchaudio = types.ModuleType("torchaudio")
torchaudio.__spec__ = ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = torchaudio

from llamafactory.data.loader import _load_single_dataset  # noqa: E402
from llamafactory.data.parser import get_dataset_list  # noqa: E402
from llamafactory.hparams import DataArguments, ModelArguments  # noqa: E402
from PIL import Image  # noqa: E402


def read(folder: Path, cache: str) -> dict[str, Any]:
    names = list(json.loads((folder / "dataset_info.json").read_text()))
    data = DataArguments(dataset_dir=str(folder), media_dir=str(folder), template="qwen2_vl")
    model = ModelArguments(model_name_or_path="none", cache_dir=cache)
    training = transformers.Seq2SeqTrainingArguments(output_dir=cache, use_cpu=True)
    return {
        name: [row(one, folder) for one in _load_single_dataset(each, model, data, training)]
        for name, each in zip(names, get_dataset_list(names, str(folder)), strict=True)
    }


def row(aligned: dict[str, Any], folder: Path) -> dict[str, Any]:
    ((prompt,), (response,)) = aligned["_prompt"], aligned["_response"]
    return {
        "prompt": prompt["content"],
        "response": response["content"],
        "roles": [prompt["role"], response["role"]],
        "images": [opened(Path(path), folder) for path in aligned["_images"]],
    }


def opened(path: Path, folder: Path) -> list[Any]:
    with Image.open(path) as image:
        image.load()
        return [str(path.relative_to(folder)), *image.size]


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory() as cache:
        found = {path: read(Path(path), cache) for path in sys.argv[1:]}
    print(json.dumps(found))
