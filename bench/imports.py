"""Items a second through the whole ingest: decode, re-encode, thumbnails, hashes, rows, slots."""

import io
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.core.management import call_command
from PIL import Image

from annotator.items.models import Item
from bench import seeds

SIDE = 512

Line = tuple[str, float, str]


def write_images(folder: Path, count: int) -> None:
    """Images like generated ones: smooth, with some grain; and a manifest of pairs."""
    rng = np.random.default_rng(11)
    rows = []
    for number in range(count):
        coarse = rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)
        smooth = np.asarray(Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
        grain = rng.normal(0, 3, smooth.shape)
        Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(
            folder / f"{number}.jpg", quality=92
        )
    for number in range(0, count - 1, 2):
        images = [{"file": f"{number + k}.jpg", "generator": f"generator-{k}"} for k in (0, 1)]
        rows.append(json.dumps({"prompt": f"image {number}", "images": images}))
    (folder / "manifest.jsonl").write_text("\n".join(rows))


def measure(images: int) -> Iterator[Line]:
    project = seeds.new_project("bench import")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_images(folder, images)
        started = time.perf_counter()
        call_command("import_batch", str(project.pk), str(folder), stdout=io.StringIO())
        seconds = time.perf_counter() - started
    items = Item.objects.filter(project=project).count()
    if items != images // 2:
        raise RuntimeError(f"{items} items instead of {images // 2}")
    yield "import.pairs_of_512x512_jpeg", items / seconds, "items/s"
    yield "import.images_of_512x512_jpeg", images / seconds, "images/s"
