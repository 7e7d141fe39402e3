"""Rows a second of exports and the peak memory of the process that writes them.

In a process of its own, as an export runs in a worker; what it takes to start is in both numbers.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from bench import seeds

FORMATS = ("annotations", "preferences")

Line = tuple[str, float, str]


def export(project: int, name: str, folder: Path) -> tuple[int, float, float]:
    """Rows, seconds and the peak resident memory in MB of one export."""
    out = folder / f"{name}-{project}"
    started = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "manage.py", "export", str(project), "--format", name, "--out", str(out)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.01)
    seconds = time.perf_counter() - started
    if process.wait() != 0:
        raise RuntimeError(f"the export {name} of project {project} failed")
    return json.loads((out / "manifest.json").read_text())["rows"], seconds, peak / 1024**2


def measure(items: int, note: Callable[[str], None]) -> Iterator[Line]:
    note(f"making {items:,} settled items")
    project = seeds.answered_project(items)
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            note(f"exporting {name}")
            rows, seconds, peak = export(project.pk, name, Path(folder))
            yield f"export.{name}.rows", rows, "rows"
            yield f"export.{name}.rate", rows / seconds, "rows/s"
            yield f"export.{name}.peak_memory", peak, "MB"
