"""Rows a second of exports, what a row costs, and the peak memory of the process that writes them.

In a process of its own, as an export runs in a worker (bench/exporting.py).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.utils import timezone

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
CEILED = "preferences"
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
    people = [person.user for person in seeds.annotators(project, PEOPLE)]
    bulk.fill(
        bulk.Crowd(
            project=project.pk,
            batch=batch.pk,
            items=items,
            images=[image.pk for image in images],
            people=people,
        )
    )
    return project


def export(project: int, name: str, workers: int, turns: int) -> dict[str, float]:
    """What bench.exporting prints."""
    options = ["=".join(option) for option in MEASURED[name].items()]
    command = [sys.executable, "-m", "bench.exporting", str(project), name, str(workers)]
    done = subprocess.run(
        [*command, str(turns), *options],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the export {name} of project {project} failed: {done.stderr.decode()}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(
    rows: int, names: Sequence[str], turns: int, note: Callable[[str], None]
) -> Iterator[Line]:
    """Of about so many preference rows: four an item."""
    note(f"making {rows // QUESTIONS:,} settled items")
    project = answered_project(rows // QUESTIONS)
    for name in names:
        note(f"exporting {name}")
        found = export(project.pk, name, 1, turns if name == CEILED else 1)
        yield f"export.{name}.rows", found["rows"], "rows"
        yield f"export.{name}.rate", found["rows"] / found["seconds"], "rows/s"
        yield f"export.{name}.cpu", found["cpu"] / found["rows"] * 1e6, "us/row"
        yield f"export.{name}.peak_memory", found["peak"], "MB"
        if name == CEILED:
            yield f"export.{name}.ceiling", found["rows"] / found["ceiling_seconds"], "rows/s"
            yield f"export.{name}.ceiling_cpu", found["ceiling_cpu"] / found["rows"] * 1e6, "us/row"
            yield f"export.{name}.of_ceiling", found["ratio"], "ratio"


def on_all_cores(rows: int, turns: int, note: Callable[[str], None]) -> Iterator[Line]:
    """The same with a process a core for the shards, as the site's workers share them."""
    cores = os.cpu_count() or 1
    note(f"making {rows // QUESTIONS:,} settled items for {cores} processes")
    found = export(answered_project(rows // QUESTIONS).pk, CEILED, cores, turns)
    name = f"export.{CEILED}.all_{cores}_cores"
    yield f"{name}.rate", found["rows"] / found["seconds"], "rows/s"
