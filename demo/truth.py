"""What is known of drawn images: one line of `truth.jsonl` each, found again by the file's SHA-256.

`truth.jsonl` lies beside the images and is no part of an upload; it is what simulated people and
tests go by.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

TRUTH = "truth.jsonl"


@dataclass(frozen=True, slots=True)
class PlacedFlaw:
    """A flaw's centre and radius in fractions (radius of the height), and how plain it is."""

    kind: str
    cause: str
    x: float
    y: float
    radius: float
    severity: float
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImageTruth:
    """One image: how good it is, and what is wrong with it.

    ``sha256`` is of the file's bytes. ``quality``: aesthetics, detail_quality, alignment,
    plausibility, overall, each in [0, 1], higher is better. ``words``: tokens of the prompt that
    the image belies. ``missing`` flaws have no place to click: theirs is where the thing would
    have stood.
    """

    file: str
    sha256: str
    prompt: str
    generator: str
    quality: Mapping[str, float]
    flaws: tuple[PlacedFlaw, ...]
    missing: tuple[PlacedFlaw, ...]
    words: tuple[int, ...]


def load_truths(path: Path) -> list[ImageTruth]:
    """What `write_truths` wrote. Raises OSError, or ValueError for what is no truth file."""
    with path.open(encoding="utf-8") as lines:
        return [_truth(json.loads(line)) for line in lines]


def write_truths(path: Path, truths: Sequence[ImageTruth]) -> None:
    write_lines(path, [asdict(truth) for truth in truths])


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
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
