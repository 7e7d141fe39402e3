"""Datasets on a hub that answers as Hugging Face's does, as a Place (elsewhere.py)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from django.conf import settings
from httpx2 import HTTPError  # what the hub's client raises where nothing answers
from huggingface_hub import HfFileSystem
from huggingface_hub.errors import HFValidationError

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import BadName, check_letters
from annotator.ingest.reading import away
from annotator.ingest.refusals import UploadRefused

_ADDRESS = re.compile(
    r"hf://datasets/([\w.-]+/[\w.-]+)(?:@([\w.-]+|refs/[\w.-]+/[\w.-]+))?(?:/(.*))?", re.ASCII
)
_NO_NAMES = frozenset({"", ".", ".."})


def parts_of(address: str) -> tuple[str, str, str]:
    """Owner and name, the revision or "", and the path below or "". Raises BadName."""
    match = _ADDRESS.fullmatch(address.rstrip("/"))
    if match is None:
        raise BadName(Reason(Code.HUB_ADDRESS))
    repository, revision, path = match[1], match[2] or "", match[3] or ""
    check_letters(path)
    if path and not _NO_NAMES.isdisjoint(path.split("/")):
        raise BadName(Reason(Code.SOURCE_PATH))
    return repository, revision, path


class HubPlace:
    """Below a path in a repository of a dataset."""

    def __init__(self, address: str) -> None:
        self._repository, revision, path = parts_of(address)
        at = f"@{revision.replace('/', '%2F')}" if revision else ""
        self._below = f"datasets/{self._repository}{at}/{path}".rstrip("/") + "/"
        self._files = HfFileSystem(
            endpoint=settings.HUB_ENDPOINT or None,
            # Without one it would take what somebody signed in with on this machine.
            token=settings.HUB_TOKEN or False,
            skip_instance_cache=True,
        )

    def sizes(self) -> Mapping[str, int]:
        """See Place."""
        with _away_from_it():
            try:
                found = cast(
                    "dict[str, dict[str, int]]",
                    self._files.find(self._below.rstrip("/"), detail=True),
                )
            except (FileNotFoundError, HFValidationError) as error:
                why = Reason(Code.HUB_NOT_FOUND, name=self._repository)
                raise UploadRefused(why) from error
        return {name.removeprefix(self._below): one["size"] for name, one in found.items()}

    def read(self, name: str, most: int) -> bytes:
        """See Place."""
        with _away_from_it():
            return cast("bytes", self._files.cat_file(self._below + name, start=0, end=most))

    def between(self, name: str, start: int, stop: int) -> bytes:
        """See Place."""
        with _away_from_it():
            return cast("bytes", self._files.cat_file(self._below + name, start=start, end=stop))


@contextmanager
def _away_from_it() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (HTTPError, OSError) as error:
        raise away("hf", str(error)) from error
