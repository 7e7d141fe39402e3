"""Images of many prompts by several generators, on disk: files, a manifest, and the truth.

    <generator>/0001.png …   references/0001.png …   manifest.jsonl   truth.jsonl

File names name the generator on purpose: hiding it is the site's duty, and is tested with these.
`truth.jsonl` is no part of an upload; it is what simulated people and tests go by.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Literal

from PIL import Image

from annotator.demo.flaws import Flaw
from annotator.demo.images import GENERATORS, Generator, reference, render
from annotator.demo.scenes import make_scene
from scoring.images import RGB

Form = Literal["pairs", "singles", "groups"]
"""One item: two generators' images; one image with its reference; all generators' images."""

MANIFEST, TRUTH = "manifest.jsonl", "truth.jsonl"


@dataclass(frozen=True, slots=True)
class PlacedFlaw:
    """A flaw that can be clicked: centre and radius in fractions (radius of the height)."""

    kind: str
    cause: str
    x: float
    y: float
    radius: float
    severity: float
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImageTruth:
    """One line of truth.jsonl.

    ``sha256`` is of the file's bytes, ``pixels_sha256`` of what it shows (see there). ``quality``:
    aesthetics, detail_quality, alignment, plausibility, overall, each in [0, 1], higher is better.
    ``words``: tokens that the image belies. ``missing`` flaws have no place to click: theirs is
    where the thing would have stood.
    """

    file: str
    sha256: str
    pixels_sha256: str
    prompt: str
    generator: str
    quality: Mapping[str, float]
    flaws: tuple[PlacedFlaw, ...]
    missing: tuple[PlacedFlaw, ...]
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One prompt's images: truths by generator, in the generators' order, and the reference."""

    number: int
    prompt: str
    images: tuple[ImageTruth, ...]
    reference: str


Progress = Callable[[int, int], None]


def write_dataset(
    folder: Path,
    *,
    prompts: int,
    form: Form,
    generators: Sequence[Generator] = GENERATORS,
    seed: int = 0,
    pairs_each: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Draws ``prompts`` scenes by every generator and writes images, manifest and truth.

    The same arguments give the same bytes. ``pairs_each``: how many of a prompt's pairs become
    items (default: all). ``progress`` is told (prompts done, all). Returns the manifest's path.
    """
    drawn = draw(folder, prompts=prompts, generators=generators, seed=seed, progress=progress)
    return write_manifest(folder, drawn, form=form, seed=seed, pairs_each=pairs_each)


def draw(
    folder: Path,
    *,
    prompts: int,
    generators: Sequence[Generator] = GENERATORS,
    seed: int = 0,
    processes: int = 1,
    progress: Progress | None = None,
) -> list[Drawn]:
    """Writes the images and the truth; several manifests may be made of one drawing."""
    one = partial(_draw_one, folder, generators=generators, seed=seed)
    drawn = []
    for each in _each(one, range(1, prompts + 1), processes):
        drawn.append(each)
        if progress is not None:
            progress(each.number, prompts)
    truths = [asdict(image) for each in drawn for image in each.images]
    _write_lines(folder / TRUTH, truths)
    return drawn


def _each(one: Callable[[int], Drawn], numbers: range, processes: int) -> Iterator[Drawn]:
    """Each number's drawing, in order."""
    if processes == 1:
        yield from map(one, numbers)
        return
    # Started afresh: a fork would share the caller's database connection.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(one, numbers)


def write_manifest(
    folder: Path,
    drawn: Sequence[Drawn],
    *,
    form: Form,
    seed: int = 0,
    pairs_each: int | None = None,
    name: str = MANIFEST,
) -> Path:
    """One line an item, in the upload's manifest format; its images stand in a random order."""
    rng = Random(f"manifest {seed}")  # noqa: S311 - images, not secrets
    rows = [row for one in drawn for row in _rows(one, form, pairs_each, rng)]
    _write_lines(folder / name, rows)
    return folder / name


def load_truths(path: Path) -> list[ImageTruth]:
    """What `draw` wrote. Raises OSError, or ValueError for what is no truth file."""
    with path.open(encoding="utf-8") as lines:
        return [_truth(json.loads(line)) for line in lines]


def pixels_sha256(image: RGB) -> str:
    """An image's identity whatever its file: SHA-256 of ``width×height`` and the RGB bytes."""
    height, width = image.shape[:2]
    return sha256(f"{width}x{height}:".encode() + image.tobytes()).hexdigest()


def _draw_one(folder: Path, number: int, generators: Sequence[Generator], seed: int) -> Drawn:
    scene = make_scene(seed * 100_003 + number)
    ideal = f"references/{number:04}.png"
    _write_image(folder / ideal, reference(scene))
    truths = []
    for generator in generators:
        image = render(scene, generator, seed)
        file = f"{generator.name}/{number:04}.png"
        flaws = image.flaws
        truths.append(
            ImageTruth(
                file=file,
                sha256=_write_image(folder / file, image.image),
                pixels_sha256=pixels_sha256(image.image),
                prompt=scene.prompt,
                generator=generator.name,
                quality={name: round(value, 4) for name, value in image.quality.items()},
                flaws=tuple(_placed(flaw) for flaw in flaws if flaw.has_place),
                missing=tuple(_placed(flaw) for flaw in flaws if not flaw.has_place),
                words=tuple(sorted({token for flaw in flaws for token in flaw.tokens})),
            )
        )
    return Drawn(number, scene.prompt, tuple(truths), ideal)


def _placed(flaw: Flaw) -> PlacedFlaw:
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
    """Writes a PNG; returns the SHA-256 of its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=3)
    path.write_bytes(buffer.getvalue())
    return sha256(buffer.getvalue()).hexdigest()


def _rows(one: Drawn, form: Form, pairs_each: int | None, rng: Random) -> list[dict[str, Any]]:
    if form == "singles":
        return [
            {"id": f"{one.number:04}-{i}", "prompt": one.prompt, "images": [_entry(image, one)]}
            for i, image in enumerate(one.images)
        ]
    if form == "groups":
        sets = [list(one.images)]
    else:
        sets = [list(pair) for pair in combinations(one.images, 2)]
        if pairs_each is not None:
            sets = rng.sample(sets, min(pairs_each, len(sets)))
    for images in sets:
        rng.shuffle(images)
    return [
        {
            "id": f"{one.number:04}-{i}",
            "prompt": one.prompt,
            "images": [_entry(image, one) for image in images],
        }
        for i, images in enumerate(sets)
    ]


def _entry(image: ImageTruth, one: Drawn) -> dict[str, str]:
    return {"file": image.file, "generator": image.generator, "reference": one.reference}


def _write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def _truth(row: Mapping[str, Any]) -> ImageTruth:
    try:
        flaws, missing = (
            tuple(PlacedFlaw(**{**flaw, "tokens": tuple(flaw["tokens"])}) for flaw in row[name])
            for name in ("flaws", "missing")
        )
        plain = {**row, "flaws": flaws, "missing": missing, "words": tuple(row["words"])}
        return ImageTruth(**plain)
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no line of a truth file: {error}") from error
