"""Decoders at work side by side: each a process that may die of an image without harm to us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from annotator.core.reasons import Code, Reason
from annotator.ingest.decoder import LENGTH, read_answer
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.restoring import Limits, Restored, check_size

ATTEMPTS = 3
MOST_DECODERS = 8
TICK_SECONDS = 2.0
_ROOT = Path(__file__).resolve().parents[2]
# NumPy's linear algebra reserves some 40 MB of address space for each core of the machine, of which
# a decoder has little and needs none of that.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Key = TypeVar("Key")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one decoder may use: bytes of address space, seconds of CPU and of waiting an image."""

    memory: int = 2 * 1024**3
    cpu_seconds: int = 30
    wait_seconds: float = 90


class DecoderDied(Exception):
    """The decoder's process ended at an image; `fatal`: it would again, there is no use trying."""

    def __init__(self, reason: Reason, *, fatal: bool) -> None:
        super().__init__(str(reason.code))
        self.reason = reason
        self.fatal = fatal


class Decoder:
    """One process; a new one is started when the last has died."""

    def __init__(self, limits: Limits, allowance: Allowance) -> None:
        self.limits = limits
        self.allowance = allowance
        self.process: subprocess.Popen[bytes] | None = None

    def restore(self, data: bytes) -> Restored:
        """See restoring.restore. An image at which the process dies is refused in the end."""
        check_size(len(data), self.limits)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask(data)
            except DecoderDied as death:
                if death.fatal or attempt == ATTEMPTS:
                    raise ImageRefused(death.reason) from death
        raise AssertionError

    def close(self) -> None:
        """Ends the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _ask(self, data: bytes) -> Restored:
        process = self._running()
        started = time.monotonic()
        overdue = threading.Timer(self.allowance.wait_seconds, process.kill)
        overdue.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise AssertionError
            process.stdin.write(LENGTH.pack(len(data)))
            process.stdin.write(data)
            process.stdin.flush()
            answer = read_answer(process.stdout)
        except (EOFError, OSError) as error:
            raise self._death(process, time.monotonic() - started) from error
        finally:
            overdue.cancel()
        if isinstance(answer, ImageRefused):
            raise answer
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            limits, allowed = self.limits, self.allowance
            numbers = (limits.side, limits.pixels, limits.bytes, limits.thumbnail)
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "annotator.ingest.decoder"),
                    *map(str, (*numbers, allowed.memory, allowed.cpu_seconds)),
                ],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), **_ONE_THREAD},
            )
        return self.process

    def _death(self, process: subprocess.Popen[bytes], seconds: float) -> DecoderDied:
        code = process.wait()
        self.close()
        if code == -signal.SIGXCPU or seconds >= self.allowance.wait_seconds:
            slow = Reason(Code.IMAGE_TOO_SLOW, seconds=self.allowance.cpu_seconds)
            return DecoderDied(slow, fatal=True)
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        crash = Reason(Code.IMAGE_CRASHES, count=ATTEMPTS, how=how)
        return DecoderDied(crash, fatal=False)


class Decoders(Generic[Key, Result]):
    """A crew of decoders for one ingest; use it as a context, it ends their processes."""

    def __init__(self, limits: Limits, allowance: Allowance, count: int = 0) -> None:
        self._limits = limits
        self._allowance = allowance
        self._own = threading.local()
        self._all: list[Decoder] = []
        count = count or min(MOST_DECODERS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="decoder")

    def __enter__(self) -> "Decoders[Key, Result]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for decoder in self._all:
            decoder.close()

    def each(
        self, keys: Sequence[Key], work: Callable[[Decoder, Key], Result], tick: Callable[[], None]
    ) -> Iterator[tuple[Key, Result | ImageRefused]]:
        """`work` with a decoder for each key, side by side; results in the order of the keys.

        `tick` is called in the caller's thread every few seconds while it waits.
        """
        futures: list[tuple[Key, Future[Result]]] = [
            (key, self._threads.submit(self._with_own, work, key)) for key in keys
        ]
        for key, future in futures:
            while wait([future], timeout=TICK_SECONDS).not_done:
                tick()
            try:
                yield key, future.result()
            except ImageRefused as refused:
                yield key, refused

    def _with_own(self, work: Callable[[Decoder, Key], Result], key: Key) -> Result:
        decoder: Decoder | None = getattr(self._own, "decoder", None)
        if decoder is None:
            decoder = self._own.decoder = Decoder(self._limits, self._allowance)
            self._all.append(decoder)
        return work(decoder, key)
