"""Items a second of a manifest that only names its images, in turns with their rows' bare COPY.

The ingest reads the manifest, checks each row, plans its items, and looks at all of them together;
no image is fetched. The ceiling copies the same rows into the same table, and takes them back.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from annotator.ingest.models import PlannedItem
from annotator.ingest.planning import COLUMNS
from annotator.projects.models import Batch, Project
from bench import seeds
from bench.beside import beside, best, cpu_with
from bench.imports import take_in

SOURCE = "bench"
# Of fewer, the ceiling takes a tick of the system's clock or two.
FEWEST = 20_000

Line = tuple[str, float, str]


def write_manifest(folder: Path, items: int) -> None:
    """Pairs of images, each named once."""
    rows = (
        {
            "id": str(number),
            "prompt": f"a cube beside {number} spheres",
            "images": [
                {"file": f"{SOURCE}://{generator}/{number}.jpg", "generator": generator}
                for generator in ("generator-0", "generator-1")
            ],
        }
        for number in range(items)
    )
    with (folder / "manifest.jsonl").open("w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def copy_bare(server: "psycopg.Connection[Any]", rows: list[tuple[Any, ...]]) -> None:
    """Of the rows of a batch, to another; nothing of it stays."""
    table, columns = PlannedItem._meta.db_table, ", ".join(COLUMNS)
    with (
        server.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
    server.rollback()


def measure(items: int, turns: int) -> Iterator[Line]:
    """Of so many items, or FEWEST; each turn into a project of its own, made before."""
    items = max(items, FEWEST)
    projects = [seeds.new_project(f"bench referred {turn}") for turn in range(turns + 1)]
    waiting: Iterator[Project] = iter(projects)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_manifest(folder, items)
        settings.IMAGE_SOURCES = f"{SOURCE}=/nowhere"
        server = stack.enter_context(psycopg.connect(settings.DATABASE_URL))
        take_in(folder, next(waiting))
        rows = list(PlannedItem.objects.values_list(*COLUMNS))
        pids = (connection.connection.info.backend_pid, server.info.backend_pid)
        found = beside(
            lambda: take_in(folder, next(waiting)),
            lambda: copy_bare(server, rows),
            turns=turns,
            cpu=lambda: cpu_with(*pids),
        )
    batches = Batch.objects.filter(project__in=projects)
    planned = PlannedItem.objects.filter(batch__in=batches).count()
    if planned != items * (turns + 1):
        raise RuntimeError(f"{planned} items instead of {items * (turns + 1)}")
    ours, copied = best(found.ours), best(found.ceiling)
    yield "import.by_reference.rate", items / ours.clock, "items/s"
    yield "import.by_reference.cpu", ours.cpu / items * 1e6, "us/item"
    yield "import.by_reference.ceiling", items / copied.clock, "items/s"
    yield "import.by_reference.ceiling_cpu", copied.cpu / items * 1e6, "us/item"
    yield "import.by_reference.of_ceiling", found.ratio, "ratio"
