"""Other people's readers that can't live beside the site, each in a process of its own.

TensorFlow and the `dsdl` package pin old versions of what the site uses, so `make dev` puts them
into .venv/consumers. A reader here is a small script that is run with that folder as its only
packages: it takes paths, and prints one JSON object.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.waiting import HANG_SECONDS

HERE = Path(__file__).parent
PACKAGES = HERE.parent.parent / ".venv" / "consumers"


def ask(reader: str, *paths: Path) -> dict[str, Any]:
    """What the script `reader` prints about `paths`. Slow to start: ask once about many.

    Raises AssertionError with the reader's own words if it breaks; a file that it can't read is
    no break, but part of its answer.
    """
    assert PACKAGES.is_dir(), "other people's readers are not installed: `make dev`"
    # -S leaves the site's own packages out: of two numpys the wrong one would be found.
    ended = subprocess.run(
        [sys.executable, "-S", str(HERE / f"{reader}.py"), *map(str, paths)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PACKAGES),
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
    answer = json.loads(ended.stdout)
    assert isinstance(answer, dict)
    return answer
