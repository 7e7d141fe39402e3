"""Other people's readers that can't live beside the site, each in a process of its own.

TensorFlow and the `dsdl` package pin old versions of what the site uses, so `make dev` puts them
into .venv/consumers. A reader here is a small script that is run with that folder as its only
packages: it takes paths, and prints one JSON object. Trainers' loaders do with the site's versions:
their packages lie in .venv/trainers, and are looked for after the site's own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.waiting import HANG_SECONDS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PACKAGES = ROOT / ".venv" / "consumers"
TRAINERS = ROOT / ".venv" / "trainers"


def ask(reader: str, *paths: Path) -> dict[str, Any]:
    """What the script `reader` prints about `paths`. Slow to start: ask once about many.

    Raises AssertionError with the reader's own words if it breaks; a file that it can't read is
    no break, but part of its answer.
    """
    # -S leaves the site's own packages out: of two numpys the wrong one would be found.
    return _answer(["-S", str(HERE / f"{reader}.py"), *map(str, paths)], PACKAGES)


def ask_trainer(reader: str, *paths: Path) -> dict[str, Any]:
    """The same of a trainer's loader, which runs beside the site's own packages."""
    return _answer([str(HERE / f"{reader}.py"), *map(str, paths)], ROOT, TRAINERS)


def _answer(arguments: Sequence[str], *packages: Path) -> dict[str, Any]:
    for folder in packages:
        assert folder.is_dir(), "other people's readers are not installed: `make dev`"
    ended = subprocess.run(
        [sys.executable, *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", ""),
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CUDA_VISIBLE_DEVICES": "",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    # Above it stands what their packages have to say.
    answer = json.loads(ended.stdout.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer
