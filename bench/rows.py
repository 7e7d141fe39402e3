"""Items a second whose images are there already, in turns with their rows' bare COPY.

The ingest reads the manifest, checks each row, adds items, places, slots and reviews. The ceiling
copies the rows of items, places and slots into the same tables, and takes them back.
"""

import json
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from annotator.assignments.models import Assignment
from annotator.core import copying
from annotator.items.models import Item, ItemImage
from annotator.projects.models import Batch, BatchState, Project
from bench import seeds
from bench.beside import beside, best, cpu_with
from bench.imports import take_in, write_images

IMAGES = 8
OVERLAP = 3
ITEM = ("id", "project_id", "batch_id", "prompt", "key")
PLACE = ("item_id", "image_id", "place")
SLOT = ("id", "item_id", "project_id", "slot", "state", "position", "shown_order")

Line = tuple[str, float, str]


class _TakenBack(Exception):
    """Ends a transaction without a trace."""


def write_manifest(folder: Path, items: int) -> None:
    """Pairs of the same few images, with ids of their own."""
    write_images(folder, IMAGES)
    rows = (
        {
            "id": str(number),
            "prompt": "a cube beside two spheres",
            "images": [{"file": f"{(number + k) % IMAGES}.jpg"} for k in (0, 1)],
        }
        for number in range(items)
    )
    with (folder / "manifest.jsonl").open("w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def ceiling(items: int) -> Callable[[], None]:
    """The rows, made before; what copies them."""
    project = seeds.new_project("bench copy")
    batch = Batch.objects.create(
        project=project, name="bench", filename="bench.zip", size=0, state=BatchState.RUNNING,
        created_by=seeds.owner(), created_at=timezone.now(),
    )  # fmt: skip
    image = seeds.image(batch, 0)
    image.save()
    prompt, ids = "a cube beside two spheres", [uuid.uuid4() for _ in range(items)]
    rows = [(pk, project.pk, batch.pk, prompt, str(n)) for n, pk in enumerate(ids)]
    places = [(pk, image.pk, place) for pk in ids for place in (0, 1)]
    slots = [
        (uuid.uuid4(), pk, project.pk, slot, "open", n, "ab")
        for n, pk in enumerate(ids)
        for slot in range(OVERLAP)
    ]

    def copy() -> None:
        with suppress(_TakenBack), transaction.atomic():
            copying.add(Item, ITEM, rows)
            copying.add(ItemImage, PLACE, places)
            copying.add(Assignment, SLOT, slots)
            raise _TakenBack

    return copy


def measure(items: int, turns: int) -> Iterator[Line]:
    """Each turn into a project of its own, made before."""
    projects = [seeds.new_project(f"bench rows {turn}") for turn in range(turns)]
    waiting: Iterator[Project] = iter(projects)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_manifest(folder, items)
        found = beside(
            lambda: take_in(folder, next(waiting)),
            ceiling(items),
            turns=turns,
            cpu=lambda: cpu_with(backend),
        )
    made = Item.objects.filter(project__in=projects).count()
    if made != items * turns:
        raise RuntimeError(f"{made} items instead of {items * turns}")
    ours, copied = best(found.ours), best(found.ceiling)
    yield "import.rows.rate", items / ours.clock, "items/s"
    yield "import.rows.cpu", ours.cpu / items * 1e6, "us/item"
    yield "import.rows.ceiling", items / copied.clock, "items/s"
    yield "import.rows.ceiling_cpu", copied.cpu / items * 1e6, "us/item"
    yield "import.rows.of_ceiling", found.ratio, "ratio"
