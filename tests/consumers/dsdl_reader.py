"""Reads a DSDL folder with the `dsdl` package itself, strictly.

    dsdl_reader.py FOLDER … → {FOLDER: {"sets": {"set-train/train.yaml": {"type", "samples": how
    many the set's files hold, "made": how many became objects, "images": how many images of
    them opened, "failures": [why, …]}}}}

A folder has `config.py` (a `local` reader) and its sets in set-*/*.yaml. `dsdl check` ends with 0
also when samples fail, and never opens an image: so samples and images are counted here. What
does not parse at all is {"error": why} in place of the counts. Relative working directories in
config.py count from the folder.
"""

import contextlib
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from dsdl.dataset import Dataset
from dsdl.parser import check_dsdl_parser
from dsdl.tools.commons import load_samples
from PIL import Image
from yaml import safe_load


def said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"


def local_reader(folder: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    # As `dsdl check` itself reads it.
    exec((folder / "config.py").read_text(encoding="utf-8"), names)  # noqa: S102
    local: dict[str, Any] = names["local"]
    return {**local, "working_dir": str(folder / local["working_dir"])}


def open_images(sample: Any) -> int:
    """How many images of a sample open; raises at the first that does not."""
    media = sample.extract_field_info(["Image"])["Image"]
    for medium in media:
        with Image.open(medium.to_bytes()) as image:
            image.load()
    return len(media)


def read_set(path: Path, reader: dict[str, Any]) -> dict[str, Any]:
    # Definitions are found beside the set, as `$import` says; without a report errors are raised.
    code = check_dsdl_parser(str(path), dsdl_library_path="", report_flag=False)["dsdl_py"]
    exec(code, {})  # noqa: S102 (registers the structs that it defines)
    data = safe_load(path.read_text(encoding="utf-8"))["data"]
    samples = load_samples(str(path), data["sample-path"])
    kind = Dataset([], data["sample-type"], reader, strict_init=True).sample_type
    found: dict[str, Any] = {
        "type": data["sample-type"],
        "samples": len(samples),
        "made": 0,
        "images": 0,
        "failures": [],
    }
    for number, sample in enumerate(samples):
        try:
            made = kind(sample)
            found["made"] += 1
            found["images"] += open_images(made)
        except Exception as problem:  # noqa: BLE001 (whatever it says, it is the answer)
            found["failures"].append(f"{number}: {said(problem)}")
    return found


def read(folder: Path) -> dict[str, Any]:
    try:
        reader = local_reader(folder)
    except (OSError, LookupError, SyntaxError) as problem:
        return {"error": said(problem), "sets": {}}
    sets: dict[str, Any] = {}
    for path in sorted(folder.glob("set-*/*.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            sets[name] = read_set(path, reader)
        except Exception as problem:  # noqa: BLE001 (the package raises Exception itself)
            sets[name] = {"error": said(problem)}
    return {"sets": sets}


def main() -> None:
    warnings.simplefilter("ignore")
    os.environ["MPLBACKEND"] = "agg"
    # The package talks on standard output.
    with contextlib.redirect_stdout(sys.stderr):
        answer = {name: read(Path(name).resolve()) for name in sys.argv[1:]}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
