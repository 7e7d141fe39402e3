"""What a program says to a site, told once for both worlds, with and without `await`.

A move is a generator: it yields a Call and gets its answer, or a Pause and gets nothing. `run` and
`run_async` do what it yields; retries, broken downloads and refusals are their business.
"""

import asyncio
import random
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from triptych_client.errors import ApiError, error_of

T = TypeVar("T")

TRIES = 6
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 20.0
# Nothing was done: the site was busy, or not there.
NOT_DONE = {429, 503}
# The same, unless a proxy lost an answer that was on its way.
PERHAPS_DONE = {502, 504}


@dataclass(frozen=True)
class Call:
    """One request below /api/v1. `repeatable`: to be answered twice does no harm.

    `form` and `files` go as multipart/form-data. With `save_to` the answer goes into that file,
    after what is there already.
    """

    method: str
    path: str
    json: Any = None
    content: bytes | None = None
    form: Mapping[str, Any] | None = None
    files: Sequence[tuple[str, tuple[str, bytes]]] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    save_to: Path | None = None
    on_bytes: Callable[[int], None] = lambda _count: None

    @property
    def url(self) -> str:
        """Below the site's own address."""
        return f"/api/v1{self.path}"


@dataclass(frozen=True)
class Pause:
    """Nothing to do for so long."""

    seconds: float


Moves = Generator[Call | Pause, Any, T]


class _Tries:
    """Whether a call is tried once more, and when."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.made = 0

    def pause_after(self, failure: httpx.Response | httpx.TransportError) -> float | None:
        """Seconds until the next try; None: the failure stands."""
        self.made += 1
        if self.made >= TRIES or not self._may_repeat(failure):
            return None
        pause: float = FIRST_PAUSE_SECONDS * 2 ** (self.made - 1) * random.uniform(0.75, 1.25)  # noqa: S311
        if isinstance(failure, httpx.Response):
            asked = failure.headers.get("Retry-After", "")
            pause = max(pause, float(asked) if asked.isdecimal() else 0)
        return min(pause, LONGEST_PAUSE_SECONDS)

    def _may_repeat(self, failure: httpx.Response | httpx.TransportError) -> bool:
        if isinstance(failure, httpx.Response):
            again = NOT_DONE | PERHAPS_DONE if self.call.repeatable else NOT_DONE
            return failure.status_code in again
        never_sent = isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout)
        return self.call.repeatable or never_sent


def run(client: httpx.Client, moves: Moves[T]) -> T:
    """Does what a move says, and returns what it returns."""
    try:
        step = next(moves)
        while True:
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                step = next(moves)
                continue
            try:
                answer = _answered(client, step)
            except (ApiError, httpx.TransportError) as error:
                # The move may know what to do.
                step = moves.throw(error)
            else:
                step = moves.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def run_async(client: httpx.AsyncClient, moves: Moves[T]) -> T:
    """The same, letting others work meanwhile."""
    try:
        step = next(moves)
        while True:
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                step = next(moves)
                continue
            try:
                answer = await _answered_async(client, step)
            except (ApiError, httpx.TransportError) as error:
                step = moves.throw(error)
            else:
                step = moves.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _answered(client: httpx.Client, call: Call) -> httpx.Response:
    tries = _Tries(call)
    while True:
        try:
            response = _sent(client, call)
        except httpx.TransportError as error:
            pause = tries.pause_after(error)
            if pause is None:
                raise
        else:
            if response.status_code < httpx.codes.BAD_REQUEST:
                return response
            pause = tries.pause_after(response)
            if pause is None:
                raise error_of(response)
        time.sleep(pause)


async def _answered_async(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    tries = _Tries(call)
    while True:
        try:
            response = await _sent_async(client, call)
        except httpx.TransportError as error:
            pause = tries.pause_after(error)
            if pause is None:
                raise
        else:
            if response.status_code < httpx.codes.BAD_REQUEST:
                return response
            pause = tries.pause_after(response)
            if pause is None:
                raise error_of(response)
        await asyncio.sleep(pause)


def _sent(client: httpx.Client, call: Call) -> httpx.Response:
    request = _request(client, call)
    response = client.send(request, stream=call.save_to is not None)
    if call.save_to is None:
        return response
    try:
        if response.status_code >= httpx.codes.BAD_REQUEST:
            response.read()
            return response
        with call.save_to.open(_mode(response)) as target:
            for piece in response.iter_bytes():
                target.write(piece)
                call.on_bytes(len(piece))
        return response
    finally:
        response.close()


async def _sent_async(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    request = _request(client, call)
    response = await client.send(request, stream=call.save_to is not None)
    if call.save_to is None:
        return response
    try:
        if response.status_code >= httpx.codes.BAD_REQUEST:
            await response.aread()
            return response
        with call.save_to.open(_mode(response)) as target:
            async for piece in response.aiter_bytes():
                target.write(piece)
                call.on_bytes(len(piece))
        return response
    finally:
        await response.aclose()


def _request(client: httpx.Client | httpx.AsyncClient, call: Call) -> httpx.Request:
    headers = dict(call.headers)
    if call.save_to is not None and call.save_to.exists() and call.save_to.stat().st_size:
        headers["Range"] = f"bytes={call.save_to.stat().st_size}-"
    return client.build_request(
        call.method, call.url, json=call.json, content=call.content, data=call.form,
        files=call.files, params=call.params, headers=headers,
    )  # fmt: skip


def _mode(response: httpx.Response) -> str:
    """A part is added to what is there, the whole takes its place."""
    return "ab" if response.status_code == httpx.codes.PARTIAL_CONTENT else "wb"
