"""Draws many prompts by every generator, into files and their truth."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from demo.drawing.flaws import Flaw
from demo.drawing.generators import GENERATORS, reference, render
from demo.drawing.scenes import make_scene
from demo.truth import TRUTH, ImageTruth, PlacedFlaw, write_truths
from scoring.images import RGB

QUALITY = 85


def scene_seed(seed: int, number: int) -> int:
    """The seed of a data set's n-th scene."""
    return seed * 100_003 + number


def draw(folder: Path, *, prompts: int, seed: int, processes: int = 1) -> list[ImageTruth]:
    """Writes the images and the truth; the same arguments give the same bytes."""
    one = partial(_draw_one, folder, seed)
    truths = [truth for each in _each(one, range(1, prompts + 1), processes) for truth in each]
    write_truths(folder / TRUTH, truths)
    return truths


def _each(
    one: Callable[[int], list[ImageTruth]], numbers: range, processes: int
) -> Iterator[list[ImageTruth]]:
    if processes == 1:
        yield from map(one, numbers)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(one, numbers)


def _draw_one(folder: Path, seed: int, number: int) -> list[ImageTruth]:
    scene = make_scene(scene_seed(seed, number))
    _write_image(folder / f"references/{number:04}.webp", reference(scene))
    truths = []
    for generator in GENERATORS:
        drawn = render(scene, generator, seed)
        file = f"{generator.name}/{number:04}.webp"
        truths.append(
            ImageTruth(
                file=file,
                sha256=_write_image(folder / file, drawn.image),
                prompt=scene.prompt,
                generator=generator.name,
                quality={name: round(value, 4) for name, value in drawn.quality.items()},
                flaws=tuple(placed(flaw) for flaw in drawn.flaws if flaw.has_place),
                missing=tuple(placed(flaw) for flaw in drawn.flaws if not flaw.has_place),
                words=tuple(sorted({token for flaw in drawn.flaws for token in flaw.tokens})),
            )
        )
    return truths


def placed(flaw: Flaw) -> PlacedFlaw:
    return PlacedFlaw(
        kind=flaw.kind,
        cause=flaw.cause.value,
        x=round(flaw.x, 4),
        y=round(flaw.y, 4),
        radius=round(flaw.radius, 4),
        severity=round(flaw.severity, 4),
        tokens=flaw.tokens,
    )


def _write_image(path: Path, image: RGB) -> str:
    """Writes a WebP; returns the SHA-256 of its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "WEBP", quality=QUALITY, method=6)
    path.write_bytes(buffer.getvalue())
    return sha256(buffer.getvalue()).hexdigest()
