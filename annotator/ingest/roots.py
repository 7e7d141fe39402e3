"""Sources: folders and buckets that images may be read from which a manifest only names.

IMAGE_SOURCES gives each a name and a root: `lake=s3://bucket/prefix,disk=/mnt/images`. A manifest
says `lake://cats/1.png`; `s3://bucket/prefix/cats/1.png` is the same file. Nothing outside a root
is ever read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import BadName, check_length, check_letters, shown

BUCKETS = "s3"
# Read as something else than the name of a source.
RESERVED = frozenset({BUCKETS, "file", "ftp", "ftps", "gs", "hf", "http", "https", "data", "az"})

_ADDRESS = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://(.*)", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NO_NAMES = frozenset({"", ".", ".."})


@dataclass(frozen=True, slots=True)
class Root:
    """A source: a folder, or what lies in a bucket below a prefix ("" or one that ends in /)."""

    name: str
    folder: str = ""
    bucket: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Roots:
    """The site's sources by their names; without any, no manifest may name an address."""

    by_name: Mapping[str, Root] = field(default_factory=dict)

    def address(self, text: str) -> str:
        """A file's address as SOURCE://PATH, whichever way it is written. Raises BadName."""
        match = _ADDRESS.fullmatch(text)
        if match is None or not self.by_name:
            raise BadName(Reason(Code.NAME_IS_ADDRESS))
        check_letters(text)
        scheme, path = match[1].lower(), match[2]
        root = self._of_bucket(path) if scheme == BUCKETS else self.by_name.get(scheme)
        if root is None and scheme == BUCKETS:
            raise BadName(Reason(Code.SOURCE_OUTSIDE, known=self._known))
        if root is None:
            raise BadName(Reason(Code.SOURCE_UNKNOWN, source=shown(scheme, 40), known=self._known))
        inner = path.removeprefix(f"{root.bucket}/{root.prefix}") if scheme == BUCKETS else path
        if not _NO_NAMES.isdisjoint(inner.split("/")):
            raise BadName(Reason(Code.SOURCE_PATH))
        check_length(inner)
        return f"{root.name}://{inner}"

    def _of_bucket(self, path: str) -> Root | None:
        """The narrowest source that a place in a bucket lies in."""
        fitting = (
            root
            for root in self.by_name.values()
            if root.bucket and path.startswith(f"{root.bucket}/{root.prefix}")
        )
        return max(fitting, key=lambda root: len(root.prefix), default=None)

    @property
    def _known(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_name))


def is_address(name: str) -> bool:
    """Whether a name is of a file at a source, rather than in the upload."""
    return "://" in name and _ADDRESS.fullmatch(name) is not None


def apart(address: str) -> tuple[str, str]:
    """An address that Roots has given: its source's name, and its path there."""
    name, _, path = address.partition("://")
    return name, path


def configured() -> Roots:
    """The sources of this process."""
    return roots_of(settings.IMAGE_SOURCES)


@lru_cache(maxsize=4)
def roots_of(text: str) -> Roots:
    """The setting, read; ImproperlyConfigured names the part that can't be."""
    by_name: dict[str, Root] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        root = _root(part)
        if root.name in by_name:
            raise ImproperlyConfigured(f"IMAGE_SOURCES: {root.name!r} stands there twice.")
        by_name[root.name] = root
    return Roots(by_name)


def _root(part: str) -> Root:
    name, _, at = (side.strip() for side in part.partition("="))
    if _NAME.fullmatch(name) is None or name in RESERVED:
        raise ImproperlyConfigured(
            f"IMAGE_SOURCES: {part!r} needs a name of small letters, digits and hyphens before =, "
            f"none of {', '.join(sorted(RESERVED))}."
        )
    if at.startswith(f"{BUCKETS}://"):
        bucket, _, prefix = at.removeprefix(f"{BUCKETS}://").partition("/")
        inner = prefix.strip("/")
        if _BUCKET.fullmatch(bucket) and (not inner or _NO_NAMES.isdisjoint(inner.split("/"))):
            return Root(name, bucket=bucket, prefix=f"{inner}/" if inner else "")
    elif at.startswith("/") and ".." not in PurePosixPath(at).parts:
        return Root(name, folder=at)
    raise ImproperlyConfigured(
        f"IMAGE_SOURCES: {part!r} is none of NAME=/folder, NAME=s3://bucket, NAME=s3://bucket/prefix."
    )


def refuse_own_places(roots: Roots) -> None:
    """Refuses a source by which one project could read what the site stored for another."""
    folders = [
        Path(folder).resolve()
        for folder in (
            settings.DATA_DIR, settings.MEDIA_ROOT, settings.UPLOAD_ROOT, settings.EXPORT_ROOT,
        )
    ]  # fmt: skip
    below = [f"{name}/" for name in ("projects", *filter(None, settings.IN_THE_BUCKET.values()))]
    for root in roots.by_name.values():
        if root.folder:
            own = _meets(Path(root.folder).resolve(), folders)
        else:
            own = root.bucket == settings.S3_BUCKET and any(
                name.startswith(root.prefix) or root.prefix.startswith(name) for name in below
            )
        if own:
            raise ImproperlyConfigured(
                f"IMAGE_SOURCES: {root.name!r} would give away what the site itself keeps there."
            )


def _meets(folder: Path, others: Iterable[Path]) -> bool:
    return any(folder.is_relative_to(one) or one.is_relative_to(folder) for one in others)
