"""What makes an item the same as one that came before: its own id, else what it holds."""

import hashlib
from collections.abc import Iterable, Mapping

from annotator.core.reasons import Code, Reason
from annotator.ingest.manifest import Row
from annotator.ingest.names import shown
from annotator.items.selectors import Earlier, StoredFile
from scoring.prompts import normal_form


def identity_of_id(key: str) -> str:
    """Of an item that its uploader has named."""
    return _hash("id", key)


def identity_of_content(prompt: str, images: Iterable[str]) -> str:
    """Of an item without a name: its prompt in the normal form and its images in their order."""
    return _hash("content", normal_form(prompt), *images)


def identity_of(row: Row, stored: Mapping[str, StoredFile]) -> str:
    """A row's; `stored` has its files. The order of a pair that the site drew says nothing.

    What is shown beside is part of it: the same result of another source is another item.
    """
    if row.named:
        return identity_of_id(row.key)
    images = [
        ":".join(stored[file].source_sha256 for file in (one.file, one.reference) if file)
        for one in row.images
    ]
    drawn = row.selection_probability is not None
    beside = [f"{one.role}:{stored[one.file].source_sha256}" for one in row.beside]
    return identity_of_content(row.prompt, [*(sorted(images) if drawn else images), *beside])


def already(earlier: Earlier) -> Reason:
    """That it is there, and where."""
    return Reason(Code.ITEM_REPEATED, batch=earlier.batch, name=shown(earlier.name, 60))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
