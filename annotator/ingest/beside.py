"""What a manifest shows beside an item's images: the image that was edited, a mask, references.

Keys of their own, because `reference` is what an image is measured against, and nobody sees it.
"""

from collections.abc import Callable, Mapping

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.ingest.values import UnfitValue, decoded
from annotator.items.models import MOST_BESIDE, ImageRole

SOURCE, MASK, REFERENCES = "source_image", "mask_image", "shown_references"
NAMES = (SOURCE, MASK, REFERENCES)

ReadFile = Callable[[object, str], str]
"""What a value of this name says of a file; "": nothing. Raises UnfitValue."""


class Beside(msgspec.Struct, frozen=True):
    """An image that is shown beside those that are judged."""

    file: str
    role: ImageRole


def beside_of(raw: Mapping[str, object], file: ReadFile) -> tuple[Beside, ...]:
    """What a line shows beside, in the order in which the desk has it. Raises UnfitValue."""
    source, mask = file(raw.get(SOURCE), SOURCE), file(raw.get(MASK), MASK)
    if mask and not source:
        raise UnfitValue(Reason(Code.MASK_WITHOUT_SOURCE), MASK)
    named = [(source, ImageRole.SOURCE), (mask, ImageRole.MASK)]
    listed = _listed(raw.get(REFERENCES))
    named += [(file(one, REFERENCES), ImageRole.REFERENCE) for one in listed]
    found = tuple(Beside(name, role) for name, role in named if name)
    if len(found) > MOST_BESIDE:
        count = Reason(Code.TOO_MANY_BESIDE, count=len(found), max=MOST_BESIDE)
        raise UnfitValue(count, REFERENCES)
    files = [one.file for one in found]
    for name in files:
        if files.count(name) > 1:
            raise UnfitValue(Reason(Code.ROW_IMAGE_TWICE), name)
    return found


def _listed(value: object) -> list[object]:
    """References: one file, a list of files, or such a list as the JSON of a table's cell."""
    if value is None or value == "":
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = decoded(value, REFERENCES, REFERENCES)
    return value if isinstance(value, list) else [value]
