"""Who marked what, out of an exported `heatmaps` folder with images."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.arrays import Floats
from scoring.heatmap import marks_to_heatmap
from scoring.rewards.maps.head import SIDE

Line = Mapping[str, Any]
"""A line of heatmaps.jsonl or of points.jsonl."""


@dataclass(frozen=True, slots=True)
class MarkedImage:
    """An image by its file's name, its prompt, and each person's marks (m, 2), none or more."""

    image: str
    prompt: str
    people: Sequence[Floats]


def drawn(people: Sequence[Floats]) -> Floats:
    """(SIDE, SIDE) in [0, 1]: people's Gaussians together, as the export draws them."""
    return marks_to_heatmap(people, size=(SIDE, SIDE)).astype(np.float64)


def marked_images(maps: Iterable[Line], points: Iterable[Line]) -> dict[str, list[MarkedImage]]:
    """By flaw the images that people answered about; regions are left out.

    Raises ValueError where the folder has no images.
    """
    people: defaultdict[tuple[str, str, str], list[Floats]] = defaultdict(list)
    for line in points:
        if "marks" in line:
            marks = [(mark["x"], mark["y"]) for mark in line["marks"]]
            people[_which(line)].append(np.array(marks, np.float64).reshape(-1, 2))
    found: defaultdict[str, list[MarkedImage]] = defaultdict(list)
    for line in maps:
        if given := people.get(_which(line)):
            if line["image"] is None:
                raise ValueError("the export holds no images: ask for it with `images`")
            found[line["flaw"]].append(MarkedImage(line["image"], line["prompt"], given))
    return dict(found)


def _which(line: Line) -> tuple[str, str, str]:
    return line["item"], line["letter"], line["flaw"]
