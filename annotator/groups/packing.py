"""The upload that a group is: a manifest of its items and its images, as a zip. Pure."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from annotator.questions.types import ImageBounds

PAIR = 2
# Of a circle of so many, neighbours and their neighbours are all the pairs that there are.
ALL_NEAR = 5
# The oldest time that a zip can say.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group as a training loop asks for it; `names` are as many as `images`, or none."""

    prompt: str
    images: Sequence[bytes]
    seconds: int
    least: int | None = None
    most: int | None = None
    step: int | None = None
    names: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """The same for the same images on the same terms."""
        terms = [self.prompt, self.seconds, self.least, self.most, self.step, list(self.names)]
        images = [hashlib.sha256(image).hexdigest() for image in self.images]
        return hashlib.sha256(json.dumps([terms, images]).encode()).hexdigest()


def items_among(count: int, bounds: ImageBounds, rng: Random) -> list[tuple[int, ...]]:
    """Which candidates each item shows: all of them in one, else pairs; none where neither fits.

    Pairs are those at a distance of one or two on a drawn circle: all there are of up to five
    candidates, of more each is in four.
    """
    if bounds.fewest <= count <= bounds.most:
        return [tuple(range(count))]
    if not bounds.fewest <= PAIR <= bounds.most:
        return []
    if count <= ALL_NEAR:
        return list(combinations(range(count), PAIR))
    circle = rng.sample(range(count), count)
    return [(circle[i - far], circle[i]) for far in (1, 2) for i in range(count)]


def packed(group: NewGroup, items: Sequence[Sequence[int]], token: str) -> bytes:
    """The zip; `token` makes the items' ids nobody else's.

    So the same images may be put to people at one step after the other.
    """
    step = {} if group.step is None else {"step": group.step}
    rows = [
        {
            "id": f"group-{token}-{number}",
            "prompt": group.prompt,
            "images": [_image(group, candidate, step) for candidate in shown],
            "meta": step,
        }
        for number, shown in enumerate(items)
    ]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for candidate, image in enumerate(group.images):
            archive.writestr(zipfile.ZipInfo(name_of(candidate), NO_TIME), image)
        manifest = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        archive.writestr(zipfile.ZipInfo("manifest.jsonl", NO_TIME), manifest)
    return stream.getvalue()


def _image(group: NewGroup, candidate: int, step: dict[str, int]) -> dict[str, object]:
    named = {"generator": group.names[candidate]} if group.names else {}
    return {"file": name_of(candidate), **named, "meta": {**step, "candidate": candidate}}


def name_of(candidate: int) -> str:
    """What the candidate's image is called in the upload."""
    return f"candidates/{candidate}"


def candidate_of(name: str) -> int:
    """The candidate again, by its image's `source_name`."""
    return int(name.rpartition("/")[2])
