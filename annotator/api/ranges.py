"""Answers that a broken download can go on with: `Range`, `If-Range`, `ETag` (RFC 9110, 14)."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from annotator.api.schema import person
from annotator.core.errors import TooManyDownloads

ONE_RANGE = re.compile(r"bytes=(?!-$)(\d{0,18})-(\d{0,18})", re.ASCII)

# What the system's own buffers take is sent at once, however slow its reader is.
LARGE_BYTES = 2**20
TRY_AGAIN_SECONDS = 30

Reader = Callable[[int, int], Iterator[bytes]]


class Places:
    """How many large downloads this process has under way, and for whom."""

    def __init__(self, *, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()

    def take(self, person: int) -> bool:
        """Whether there is one left for this person, who then has it."""
        with self._lock:
            free = self._taken.total() < self._most and self._taken[person] < self._most_each
            self._taken[person] += free
            return free

    def give_back(self, person: int) -> None:
        """One less."""
        with self._lock:
            self._taken[person] -= 1
            self._taken += Counter()  # drops those who have none


PLACES = Places(most=settings.DOWNLOADS_AT_ONCE, most_each=settings.DOWNLOADS_EACH)


class LargeDownload(Iterator[bytes]):
    """One of the places that this process has for large downloads, until it is closed.

    Raises TooManyDownloads when all are taken, or all that one person may have.
    """

    def __init__(self, pieces: Iterator[bytes], *, person: int) -> None:
        self.pieces = pieces
        self.person = person
        self.taken = PLACES.take(person)
        if not self.taken:
            raise TooManyDownloads(TRY_AGAIN_SECONDS)

    def __next__(self) -> bytes:
        return next(self.pieces)

    def close(self) -> None:
        """The server calls it at the end, and when the reader has gone."""
        taken, self.taken = self.taken, False
        if taken:
            PLACES.give_back(self.person)

    def __del__(self) -> None:
        """For an answer that nobody came to send."""
        self.close()


class WhateverIsAccepted(BaseContentNegotiation):
    """A download is what it is: `Accept: application/zip` is no reason to refuse it."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The first; a download has no body."""
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first; it is for errors."""
        first = next(iter(renderers))
        return first, first.media_type


def download(
    request: Request, *, read: Reader, size: int, etag: str, filename: str, content_type: str
) -> HttpResponseBase:
    """`read(start, stop)` of `size` bytes as an attachment; `etag` changes whenever they do.

    One range is honoured; several at once are answered with the whole, as a server may. `filename`
    is ours, plain ASCII.
    """
    quoted = f'"{etag}"'
    headers = {
        "ETag": quoted,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{filename}"',
    }
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked and request.headers.get("If-Range", quoted) == quoted:
        part = _part(asked.group(1), asked.group(2), size)
        if part is None:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        start, stop = part
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        return _stream(request, read, start, stop, 206, headers, content_type)
    return _stream(request, read, 0, size, 200, headers, content_type)


def from_the_proxy(*, door: str, name: str, filename: str, content_type: str) -> HttpResponseBase:
    """Has the proxy send the file `name` of its internal location `door`; no thread of ours waits.

    It answers ranges, and says its own ETag: the time and size of a file that never changes.
    """
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "X-Accel-Redirect": f"{door.rstrip('/')}/{quote(name)}",
    }
    return HttpResponse(headers=headers, content_type=content_type)


def begins_at_start(request: Request) -> bool:
    """Whether a download is asked for from its first byte on, not gone on with."""
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    return asked is None or int(asked.group(1) or 1) == 0


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """(start, stop) of "first-last", "first-" or "-length"; None where there is nothing."""
    if not first:
        length = min(int(last or 0), size)
        return (size - length, size) if length else None
    start, stop = int(first), min(int(last) + 1 if last else size, size)
    return (start, stop) if start < stop else None


def _stream(
    request: Request,
    read: Reader,
    start: int,
    stop: int,
    status: int,
    headers: dict[str, str],
    content_type: str,
) -> HttpResponseBase:
    headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=content_type)
    pieces = read(start, stop)
    if stop - start > LARGE_BYTES:
        pieces = LargeDownload(pieces, person=person(request).pk)
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=content_type)
