"""Weights of our own making under a published name: the published ones no test can have.

The registry's entry is replaced by one without the publisher's size and hash (`monkeypatch.setitem
(PUBLISHED, "inception", ENTRY)`); whatever looks for weights, checks and notes them is the
product's. `tests/own_weights_worker.py` does the same in a worker's process.
"""

from pathlib import Path

from scoring.weights.hashes import file_sha256, note_path
from tests.scoring.inceptions import PLACE, REGISTRY, write_random_inception

ENTRY = REGISTRY["inception"]


def random_inception_here(root: Path) -> str:
    """A random Inception, 95 MB; its hash."""
    return file_sha256(write_random_inception(root))


def something_here(root: Path, content: bytes = b"never read") -> str:
    """A file that is found, and never read: for what works on features that are there."""
    path = root / PLACE
    path.parent.mkdir(parents=True, exist_ok=True)
    note_path(path).unlink(missing_ok=True)
    path.write_bytes(content)
    return file_sha256(path)
