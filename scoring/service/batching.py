"""Images of requests that arrive within a few milliseconds go through a network together.

One thread scores, for networks are not for several at once. While it is at a batch the next one
gathers, so a busy service waits for nobody.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from scoring.metric_functions import Subject
from scoring.service.rewards import Values

MOST = 64
WAIT_SECONDS = 0.005

Score = Callable[[Sequence[str], Sequence[Subject]], Sequence[Values]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One image, the rewards that it is asked for, and where they are waited for."""

    names: tuple[str, ...]
    subject: Subject
    future: Future[Values] = field(default_factory=Future)


class Batcher:
    """Scores what is submitted, up to ``most`` images at a time, in a thread of its own.

    The first of a batch waits ``wait_seconds`` for others, unless it is full before.
    """

    def __init__(
        self, score: Score, *, most: int = MOST, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self.score, self.most, self.wait_seconds = score, most, wait_seconds
        self._queue: SimpleQueue[Waiting] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name="scorer").start()

    def submit(self, names: Sequence[str], subject: Subject) -> Future[Values]:
        """An image's rewards when they are there; cancelled, it is not scored any more."""
        one = Waiting(tuple(names), subject)
        self._queue.put(one)
        return one.future

    def _run(self) -> None:
        while True:
            together = defaultdict(list)
            for one in self._gathered():
                if one.future.set_running_or_notify_cancel():
                    together[one.names].append(one)
            for names, some in together.items():
                self._score(names, some)

    def _score(self, names: Sequence[str], some: Sequence[Waiting]) -> None:
        try:
            found = self.score(names, [one.subject for one in some])
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            for one in some:
                one.future.set_exception(error)
            return
        for one, values in zip(some, found, strict=True):
            one.future.set_result(values)

    def _gathered(self) -> list[Waiting]:
        batch = [self._queue.get()]
        until = time.monotonic() + self.wait_seconds
        while len(batch) < self.most:
            try:
                batch.append(self._queue.get(timeout=max(until - time.monotonic(), 0)))
            except Empty:
                break
        return batch
