"""The zip of a reward model's folder in the storage, named by its content."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from annotator.core.storage import FileStore

# In every entry, so that the same folder gives the same bytes.
WRITTEN = (1980, 1, 1, 0, 0, 0)


def path_of(project_id: int, sha256: str) -> str:
    """A reward model in the storage."""
    return f"projects/{project_id}/reward-models/{sha256[:2]}/{sha256}.zip"


def store() -> FileStore:
    """Where reward models lie."""
    return cast(FileStore, storages["default"])


def keep(project_id: int, data: bytes) -> str:
    """Stores a zipped reward model; its SHA-256, by which it is found again."""
    sha256 = hashlib.sha256(data).hexdigest()
    store().save(path_of(project_id, sha256), ContentFile(data))
    return sha256


def zipped(folder: Path) -> bytes:
    """The files of a folder as one zip, in the order of their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, WRITTEN), path.read_bytes())
    return stream.getvalue()
