"""Clean a training set: keep what a reward model likes best, and look at what is dropped.

    python examples/clean_training_set.py HEAD WEIGHTS IMAGES OUT [--keep 0.8] [--dimension overall]

Writes kept.txt and dropped.txt, a name a line, and gallery.html, where both lie side by side from
the worst to the best: look at it before you delete anything. Needs Triptych's `scoring`.
"""

import argparse
import html
import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from urllib.parse import quote

from scoring.images import read_rgb
from scoring.rewards.model import BATCH, Loaded, load

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
PAGE = """<!doctype html><meta charset="utf-8"><title>Kept and dropped</title>
<style>body {{ font: 14px system-ui; display: grid; grid-template-columns: 1fr 1fr; gap: 24px }}
img {{ width: 160px; height: 160px; object-fit: contain; background: #222 }}
figure {{ display: inline-block; margin: 4px; width: 160px }}
figcaption {{ overflow-wrap: anywhere }}</style>
<section><h1>Dropped: {dropped}</h1>{dropped_images}</section>
<section><h1>Kept: {kept}</h1>{kept_images}</section>"""


@dataclass(frozen=True)
class Scored:
    """An image and its reward."""

    path: Path
    reward: float


def scored(scorer: Loaded, images: Path, dimension: str) -> list[Scored]:
    """All images of a folder and those below it, the worst first."""
    paths = sorted(path for path in images.rglob("*") if path.suffix.lower() in SUFFIXES)
    found = []
    for at in range(0, len(paths), BATCH):
        some = paths[at : at + BATCH]
        rewards = scorer.score([read_rgb(path) for path in some])[dimension]
        found += [Scored(path, float(reward)) for path, reward in zip(some, rewards, strict=True)]
    return sorted(found, key=lambda one: one.reward)


def write(found: Sequence[Scored], images: Path, out: Path, keep: float) -> tuple[int, int]:
    """How many are kept and dropped; `keep` is the share that stays, rounded up."""
    cut = len(found) - ceil(len(found) * keep)
    dropped, kept = found[:cut], found[cut:]
    out.mkdir(parents=True, exist_ok=True)
    for name, some in (("kept.txt", kept), ("dropped.txt", dropped)):
        names = sorted(one.path.relative_to(images).as_posix() for one in some)
        (out / name).write_text("".join(f"{one}\n" for one in names), encoding="utf-8")
    page = PAGE.format(
        dropped=len(dropped), kept=len(kept),
        dropped_images=_gallery(dropped, out), kept_images=_gallery(kept, out),
    )  # fmt: skip
    (out / "gallery.html").write_text(page, encoding="utf-8")
    return len(kept), len(dropped)


def _gallery(some: Sequence[Scored], out: Path) -> str:
    figures = []
    for one in some:
        # A file's name is somebody else's text: it may hold quotes and tags.
        link = html.escape(quote(Path(os.path.relpath(one.path, out)).as_posix()))
        name = html.escape(one.path.name)
        figures.append(
            f'<figure><img loading="lazy" src="{link}" alt="{name}">'
            f"<figcaption>{one.reward:+.2f} {name}</figcaption></figure>"
        )
    return "\n".join(figures)


def main() -> None:
    """Scores, sorts, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--keep", type=float, default=0.8)
    parser.add_argument("--dimension", default="overall")
    options = parser.parse_args()
    scorer = load(options.head, weights=options.weights)
    found = scored(scorer, options.images, options.dimension)
    kept, dropped = write(found, options.images, options.out, options.keep)
    print(f"{kept} kept, {dropped} dropped: look at {options.out / 'gallery.html'}")


if __name__ == "__main__":
    main()
