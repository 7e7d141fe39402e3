"""The zip of a reward model's folder in the storage, named by its content."""

import hashlib
import io
import logging
import zipfile
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from annotator.core.storage import FileStore

log = logging.getLogger(__name__)

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


def serve(project_id: int, data: bytes) -> None:
    """Puts a zipped model where a reward service on this machine finds it, as `project-ID`.

    A service of another machine is given it by hand: what can't be written is no reason to fail.
    """
    folder = Path(settings.REWARD_HEADS_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            part.write(data)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(folder / f"project-{project_id}.zip")
    except OSError as error:
        log.warning(
            "The reward service is not given the model of project %s: %s", project_id, error
        )


def zipped(folder: Path) -> bytes:
    """The files of a folder as one zip, in the order of their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, WRITTEN), path.read_bytes())
    return stream.getvalue()
