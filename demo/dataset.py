"""The images that come with the repository, laid out as somebody would upload them.

    <generator>/0001.webp …   references/0001.webp …   manifest.jsonl   truth.jsonl

24 prompts by four generators, and what a faultless one would draw. File names name the generator on
purpose: hiding it is the site's duty, and is tested with these. `python -m demo.drawing` drew them.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from pathlib import Path
from random import Random
from typing import Any, Literal

from demo.checklists import rows_of
from demo.drawing.files import scene_seed
from demo.drawing.scenes import make_scene
from demo.truth import TRUTH, ImageTruth, load_truths, write_lines, write_truths

Form = Literal["pairs", "singles", "checked", "groups", "faithful", "edits", "edit_pairs"]
"""One item: two generators' images; one image, with its reference; one with a checklist; all of
them; all beside the reference; the last one mended by the others, or by two of them."""
PAIRED = ("pairs", "edit_pairs")
EDITED = ("edits", "edit_pairs")

IMAGES = Path(__file__).parent / "images"
MANIFEST = "manifest.jsonl"
SEED = 7
GENERATORS = ("aurora-3", "brush-2", "cobalt-1", "dauber-0")  # from the best to the worst

COUNTED = re.compile(r"\b(two|three)\b")
# Shapes that generators have seldom seen: EntityDrawBench tells results on them apart.
SELDOM = re.compile(r"\b(rings?|prisms?)\b")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt's images, in the generators' order, and the reference."""

    number: int
    text: str
    images: tuple[ImageTruth, ...]
    reference: str

    @property
    def files(self) -> list[str]:
        return [self.reference, *(image.file for image in self.images)]


def truths() -> list[ImageTruth]:
    """What is known of all the images here."""
    return load_truths(IMAGES / TRUTH)


def lay_out(
    folder: Path,
    *,
    form: Form,
    prompts: int,
    generators: Sequence[str] = (),
    pairs_each: int | None = None,
) -> Path:
    """Copies the first `prompts`' images and writes manifest and truth; returns the manifest.

    The same arguments give the same bytes. `generators`: only these (default: all). `pairs_each`:
    how many of a prompt's pairs become items (default: all).
    """
    some = prompts_by(generators)[:prompts]
    for file in (file for prompt in some for file in prompt.files):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(IMAGES / file, folder / file)
    rng = Random(f"manifest {SEED}")  # noqa: S311 - images, not secrets
    rows = [row for prompt in some for row in _rows(prompt, form, pairs_each, rng)]
    write_lines(folder / MANIFEST, rows)
    write_truths(folder / TRUTH, [image for prompt in some for image in prompt.images])
    return folder / MANIFEST


def prompts_by(generators: Sequence[str] = ()) -> list[Prompt]:
    """All the prompts, with the images of these generators (default: of all)."""
    kept = [truth for truth in truths() if not generators or truth.generator in generators]
    found = []
    for name, images in groupby(kept, key=lambda truth: Path(truth.file).stem):
        together = tuple(images)
        reference = f"references/{Path(together[0].file).name}"
        found.append(Prompt(int(name), together[0].prompt, together, reference))
    return found


def _rows(prompt: Prompt, form: Form, pairs_each: int | None, rng: Random) -> list[dict[str, Any]]:
    """The prompt's lines of the manifest; an item's images stand in a random order."""
    judged = prompt.images[:-1] if form in EDITED else prompt.images
    sets = [[image] for image in judged]
    if form in ("groups", "faithful", "edits"):
        sets = [list(judged)]
    elif form in PAIRED:
        sets = [list(pair) for pair in combinations(judged, 2)]
        if pairs_each is not None:
            sets = rng.sample(sets, min(pairs_each, len(sets)))
    for images in sets:
        rng.shuffle(images)
    return [
        {
            "id": f"{prompt.number:04}-{'-'.join(sorted(image.generator for image in images))}",
            "prompt": _asked(prompt, form),
            "category": "counting" if COUNTED.search(prompt.text) else "single objects",
            "images": [_entry(image, prompt) for image in images],
            **_checklist(prompt, form),
            **_beside(prompt, form),
            **_frequency(prompt, form),
        }
        for images in sets
    ]


def _asked(prompt: Prompt, form: Form) -> str:
    """What the images were made from; of edits the instruction."""
    return f"Mend this drawing: it is to show {prompt.text}" if form in EDITED else prompt.text


def _beside(prompt: Prompt, form: Form) -> dict[str, Any]:
    if form in EDITED:
        return {"source_image": prompt.images[-1].file}
    return {"shown_references": [prompt.reference]} if form == "faithful" else {}


def _frequency(prompt: Prompt, form: Form) -> dict[str, Any]:
    if form != "faithful":
        return {}
    return {"meta": {"frequency": "infrequent" if SELDOM.search(prompt.text) else "frequent"}}


def _checklist(prompt: Prompt, form: Form) -> dict[str, Any]:
    if form != "checked":
        return {}
    return {"checklist": rows_of(make_scene(scene_seed(SEED, prompt.number)))}


def _entry(image: ImageTruth, prompt: Prompt) -> dict[str, Any]:
    return {
        "file": image.file,
        "generator": image.generator,
        "reference": prompt.reference,
        "meta": {"seed": scene_seed(SEED, prompt.number)},
    }
