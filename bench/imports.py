"""Items a second through the whole ingest, in turns with its ceiling.

The ingest: decode apart, keep, derive, hash, rows, slots. The ceiling: the same files decoded and
their derivatives encoded by Pillow, in a process a core, and nothing kept.
"""

import io
import itertools
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from django.core.management import call_command
from django.db import connection
from PIL import Image

from annotator.ingest.services import image_limits
from annotator.items.models import Item
from annotator.projects.models import Project
from bench import seeds
from bench.beside import beside, best, cpu_with
from bench.decoding import decode

SIDE = 512
AT_ONCE = 8

Line = tuple[str, float, str]


def write_images(folder: Path, count: int, side: int = SIDE) -> None:
    """Images like generated ones: smooth, with some grain; and a manifest of pairs."""
    rng = np.random.default_rng(11)
    for number in range(count):
        coarse = rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)
        smooth = np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC))
        grain = rng.normal(0, 3, smooth.shape)
        Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(
            folder / f"{number}.jpg", quality=92
        )
    write_pairs(folder, [(number, number + 1) for number in range(0, count - 1, 2)])


def write_pairs(folder: Path, pairs: Sequence[tuple[int, int]]) -> None:
    """The manifest of these images, two by two."""
    rows = []
    for pair in pairs:
        images = [{"file": f"{n}.jpg", "generator": f"generator-{n % 2}"} for n in pair]
        rows.append(json.dumps({"prompt": "image {} or {}".format(*pair), "images": images}))
    (folder / "manifest.jsonl").write_text("\n".join(rows))


def take_in(folder: Path, project: Project) -> None:
    call_command("import_batch", str(project.pk), str(folder), stdout=io.StringIO())


def measure(images: int, turns: int) -> Iterator[Line]:
    """Each turn into a project of its own, made before."""
    projects = [seeds.new_project(f"bench import {turn}") for turn in range(turns)]
    waiting = iter(projects)
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes,
    ):
        folder = Path(name)
        write_images(folder, images)
        one = partial(decode, thumbnail=image_limits().thumbnail)
        files = [folder / f"{number}.jpg" for number in range(images)]
        list(processes.map(one, itertools.islice(itertools.cycle(files), AT_ONCE)))  # all are up
        decoded: list[float] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        found = beside(
            lambda: take_in(folder, next(waiting)),
            lambda: decoded.extend(processes.map(one, files, chunksize=AT_ONCE)),
            turns=turns,
            cpu=lambda: cpu_with(backend) + sum(decoded),
        )
    items = Item.objects.filter(project__in=projects).count()
    if items != images // 2 * turns:
        raise RuntimeError(f"{items} items instead of {images // 2 * turns}")
    yield "import.pairs_of_512x512_jpeg", images // 2 / best(found.ours).clock, "items/s"
    yield "import.images_of_512x512_jpeg", images / best(found.ours).clock, "images/s"
    yield "import.ceiling", images / best(found.ceiling).clock, "images/s"
    yield "import.cpu", best(found.ours).cpu / images * 1000, "ms/image"
    yield "import.ceiling_cpu", best(found.ceiling).cpu / images * 1000, "ms/image"
    yield "import.of_ceiling", found.ratio, "ratio"
