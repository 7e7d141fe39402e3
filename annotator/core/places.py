"""Where the files lie that one process leaves for another: in a bucket, or in a folder with an id.

Every machine of a site sees its bucket. A folder is seen by those that have it mounted, and they
find the same id in it. A row that names files says their place, so that a machine which can't see
them knows it, and leaves the work to one that can.
"""

import os
import uuid
from enum import StrEnum
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.files.storage import storages

from annotator.core.storage import DurableFileStorage, FileStore, sync_folder

BUCKET = "bucket"
# In each folder, made once: its id.
MARK = ".place"


class Files(StrEnum):
    """What is left for others; in a bucket each has a storage of its own."""

    UPLOADS = "uploads"
    EXPORTS = "exports"


def root(files: Files) -> Path:
    """This machine's folder for them: all there is without a bucket, with one for work alone."""
    return Path(settings.UPLOAD_ROOT if files is Files.UPLOADS else settings.EXPORT_ROOT)


def is_shared(files: Files) -> bool:
    """Whether new ones go into a bucket."""
    return files.value in settings.STORAGES


def here(files: Files) -> str:
    """The place of what is written now: BUCKET, or the id of this machine's folder."""
    return BUCKET if is_shared(files) else _id_of(root(files))


def reaches(files: Files, place: str) -> bool:
    """Whether this machine can see what lies there; "" is from before places were noted."""
    if place == BUCKET:
        return is_shared(files)
    return not place or place == _id_of(root(files))


def store(files: Files, place: str) -> FileStore:
    """The storage of what lies at a place that this machine reaches."""
    if place == BUCKET:
        return cast(FileStore, storages[files.value])
    return DurableFileStorage(location=root(files))


def _id_of(folder: Path) -> str:
    mark = folder / MARK
    if not mark.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(mark)
    return mark.read_text()


def _make(mark: Path) -> None:
    """Two processes may come at once: the first one's id is it, and it appears whole."""
    own = mark.with_name(f"{mark.name}.{uuid.uuid4().hex}")
    own.write_text(uuid.uuid4().hex)
    try:
        os.link(own, mark)
    except FileExistsError:
        pass
    finally:
        own.unlink()
    sync_folder(str(mark.parent))
