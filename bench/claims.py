"""Claim + submit round trips over HTTP, on the site's own web process (gunicorn, PostgreSQL)."""

import contextlib
import http.client
import io
import json
import re
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.core.management import CommandError, call_command
from django.db import connection

from annotator.ops.management.commands.serve import web
from bench import seeds

HOST = "127.0.0.1"
QUESTIONS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")
ANSWERS = {question: {"choice": "a"} for question in QUESTIONS}
MOST_ROUNDS = 5_000
START_SECONDS = 30
WARM_UP_SECONDS = 1.0

Line = tuple[str, float, str]


@dataclass
class Caller:
    """One annotator with one connection, who claims and answers until the time is up."""

    port: int
    project: int
    token: str
    until: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    problem: str = ""

    def run(self) -> None:
        caller = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            while time.perf_counter() < self.until and len(self.milliseconds) < MOST_ROUNDS:
                started = time.perf_counter()
                self.round(caller)
                self.milliseconds.append((time.perf_counter() - started) * 1000)
        except (OSError, http.client.HTTPException, LookupError) as error:
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            caller.close()

    def round(self, caller: http.client.HTTPConnection) -> None:
        held = self.ask(caller, "POST", f"/api/v1/projects/{self.project}/claims", {"count": 1})
        assignment = held["assignments"][0]["id"]
        answer = {"answers": ANSWERS, "active_ms": 5400}
        self.ask(caller, "PUT", f"/api/v1/assignments/{assignment}/annotation", answer)

    def ask(
        self, caller: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> dict[str, list[dict[str, str]]]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        caller.request(method, path, json.dumps(body), headers)
        response = caller.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise LookupError(f"{method} {path}: {response.status} {content[:200]!r}")
        read: dict[str, list[dict[str, str]]] = json.loads(content)
        return read


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


@contextlib.contextmanager
def site() -> Iterator[int]:
    """The web process that `serve` starts, on a free port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(web(HOST, port).command)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the site did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def load(
    port: int, project: int, tokens: Sequence[str], seconds: float
) -> tuple[float, list[float]]:
    """Rounds a second, and every round's milliseconds."""
    callers = [Caller(port, project, token) for token in tokens]
    together(callers, WARM_UP_SECONDS)
    elapsed = together(callers, seconds)
    failed = [caller.problem for caller in callers if caller.problem]
    if failed:
        raise RuntimeError(f"{len(failed)} annotators met a problem, the first: {failed[0]}")
    every = [value for caller in callers for value in caller.milliseconds]
    return len(every) / elapsed, every


def together(callers: Sequence[Caller], seconds: float) -> float:
    """All of them at once; how long it really took."""
    threads = [threading.Thread(target=caller.run) for caller in callers]
    started = time.perf_counter()
    for caller, thread in zip(callers, threads, strict=True):
        caller.milliseconds.clear()
        caller.until = started + seconds
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def broken_promises(project: int) -> int:
    """What `verify` counts after the race."""
    printed = io.StringIO()
    with contextlib.suppress(SystemExit, CommandError):
        call_command("verify", str(project), stdout=printed, stderr=io.StringIO())
    counts = re.findall(r"^\s*(\d+)\s+[a-z]+-[a-z-]+\s", printed.getvalue(), re.M)
    if not counts:
        raise RuntimeError(f"verify counted nothing: {printed.getvalue()[:500]}")
    return sum(map(int, counts))


def measure(
    sizes: Sequence[int], crowds: Sequence[int], seconds: float, note: Callable[[str], None]
) -> Iterator[Line]:
    for items in sizes:
        note(f"making {items:,} items")
        started = time.perf_counter()
        project = seeds.pair_project(items)
        yield f"open.{items}_items", items / (time.perf_counter() - started), "items/s"
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        with site() as port:
            for count in crowds:
                note(f"{count} annotators at {items:,} items for {seconds:.0f} s")
                tokens = seeds.annotators(project, count)
                rate, milliseconds = load(port, project.pk, tokens, seconds)
                name = f"claim_submit.{items}_items.{count}_annotators"
                yield f"{name}.rate", rate, "rounds/s"
                for share in (50, 95, 99):
                    yield f"{name}.p{share}", float(np.percentile(milliseconds, share)), "ms"
        if items == min(sizes):
            yield f"claim_submit.{items}_items.broken_promises", broken_promises(project.pk), "rows"
