"""Rows a second of exports and the peak memory of the process that writes them.

In a process of its own, as an export runs in a worker; what it takes to start is in both numbers.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
from django.utils import timezone

from annotator.accounts.models import User
from annotator.exports.formats.registry import FORMATS
from annotator.items.models import Image
from annotator.projects.models import Batch, BatchState, Project
from bench import bulk, seeds

WITHOUT_IMAGES = {"images": "false"}
MEASURED: Mapping[str, Mapping[str, str]] = {
    "preferences": WITHOUT_IMAGES,
    "pickapic": WITHOUT_IMAGES,
    "trl": WITHOUT_IMAGES,
    "annotations": {},
}
QUESTIONS = 4
IMAGES = 200
PEOPLE = 3

Line = tuple[str, float, str]


def answered_project(items: int) -> Project:
    """Settled pairs of the mps template; each of its four questions is decided in each."""
    project = seeds.new_project(f"bench exports {items}")
    batch = Batch.objects.create(
        project=project, name="bench", filename="bench.zip", size=0, state=BatchState.DONE,
        created_by=seeds.owner(), created_at=timezone.now(),
    )  # fmt: skip
    images = Image.objects.bulk_create(seeds.image(batch, number) for number in range(IMAGES))
    seeds.annotators(project, PEOPLE)
    people = User.objects.filter(username__startswith=f"bench-{project.pk}-").order_by("pk")
    bulk.fill(
        bulk.Crowd(
            project=project.pk,
            batch=batch.pk,
            items=items,
            images=[image.pk for image in images],
            people=list(people.values_list("pk", flat=True)),
        )
    )
    return project


def export(
    project: int, name: str, folder: Path, options: Mapping[str, str]
) -> tuple[int, float, float]:
    """Rows, seconds and the peak resident memory in MB of one export."""
    out = folder / f"{name}-{project}"
    command = [sys.executable, "manage.py", "export", str(project), "--format", name]
    chosen = [word for option in options.items() for word in ("--option", "=".join(option))]
    started = time.perf_counter()
    process = psutil.Popen(
        [*command, "--out", str(out), *chosen],
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


def measure(rows: int, note: Callable[[str], None]) -> Iterator[Line]:
    """Of about so many preference rows: four an item."""
    note(f"making {rows // QUESTIONS:,} settled items")
    project = answered_project(rows // QUESTIONS)
    for name, options in MEASURED.items():
        if name not in FORMATS:
            continue
        note(f"exporting {name}")
        with tempfile.TemporaryDirectory() as folder:
            written, seconds, peak = export(project.pk, name, Path(folder), options)
        yield f"export.{name}.rows", written, "rows"
        yield f"export.{name}.rate", written / seconds, "rows/s"
        yield f"export.{name}.peak_memory", peak, "MB"
