"""Rounds over HTTP on the site's own web process (gunicorn, PostgreSQL), beside a bare view's.

A round is an answer that brings the next item. Its CPU is counted apart from the client's: on a
busy machine that says more than rates and times do.
"""

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
from typing import Any, ClassVar, Protocol

import numpy as np
from django.core.management import CommandError, call_command
from django.db import connection

from annotator.ops.management.commands.serve import web
from annotator.projects.models import Project
from bench import seeds
from bench.costs import Spent, spent
from bench.seeds import Person

HOST = "127.0.0.1"
SITE = "annotator.config.wsgi:application"
FLOOR = "bench.floor:application"
SLICES = 4
QUESTIONS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")
ANSWERS = {question: {"choice": "a"} for question in QUESTIONS}
MOST_ROUNDS = 5_000
# More are made by the database alone: the site takes minutes for a million.
OPENED_BY_THE_SITE = 100_000
START_SECONDS = 30
# Until each thread of the web processes has its statements prepared and planned.
WARM_UP_SECONDS = 5.0

Line = tuple[str, float, str]


@dataclass
class Caller:
    """One person with one connection, who makes rounds until the time is up."""

    port: int
    person: Person
    until: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    problem: str = ""
    scheme: ClassVar[str] = "Bearer"

    def run(self) -> None:
        caller = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            self.begin(caller)
            while time.perf_counter() < self.until and len(self.milliseconds) < MOST_ROUNDS:
                started = time.perf_counter()
                self.round(caller)
                self.milliseconds.append((time.perf_counter() - started) * 1000)
        except (OSError, http.client.HTTPException, LookupError) as error:
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            caller.close()

    def begin(self, caller: http.client.HTTPConnection) -> None:
        """What comes before the first round."""

    def round(self, caller: http.client.HTTPConnection) -> None:
        raise NotImplementedError

    def ask(
        self, caller: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> dict[str, Any]:
        headers = {
            "Authorization": f"{self.scheme} {self.person.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        caller.request(method, path, None if body is None else json.dumps(body), headers)
        response = caller.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise LookupError(f"{method} {path}: {response.status} {content[:200]!r}")
        read: dict[str, Any] = json.loads(content)
        return read


class Annotator(Caller):
    """Answers what they hold; each answer brings the next item, as at the desk."""

    def begin(self, caller: http.client.HTTPConnection) -> None:
        path = f"/api/v1/projects/{self.person.project}/claims"
        self.held = self.ask(caller, "POST", path, {"count": 1})["assignments"]

    def round(self, caller: http.client.HTTPConnection) -> None:
        path = f"/api/v1/assignments/{self.held[0]['id']}/annotation?hold=1"
        answer = {"answers": ANSWERS, "active_ms": 5400}
        self.held = self.ask(caller, "PUT", path, answer)["claims"]["assignments"]


class OnTheFloor(Caller):
    """Has the same written by bench.floor."""

    def round(self, caller: http.client.HTTPConnection) -> None:
        path = f"/projects/{self.person.project}/rounds/{self.person.user}"
        self.ask(caller, "POST", path, {"answers": ANSWERS, "active_ms": 5400})


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def site(application: str = SITE) -> Iterator[tuple[int, int]]:
    """The web process that `serve` starts, on a free port; its port and its number."""
    port = free_port()
    command = [application if word == SITE else word for word in web(HOST, port).command]
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the site did not start")
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Load:
    """People at one web process: their rounds a second, each round's milliseconds, CPU seconds."""

    web: int
    callers: Sequence[Caller]
    elapsed: float = 0.0
    spent: Spent = field(default_factory=Spent)
    milliseconds: list[float] = field(default_factory=list)

    def go_on(self, seconds: float) -> None:
        """All of them at once, for so long."""
        before = spent(self.web)
        self.elapsed += together(self.callers, seconds)
        self.spent += spent(self.web).since(before)
        failed = [caller.problem for caller in self.callers if caller.problem]
        if failed:
            raise RuntimeError(f"{len(failed)} annotators met a problem, the first: {failed[0]}")
        self.milliseconds += [value for caller in self.callers for value in caller.milliseconds]

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.elapsed

    def cost(self, seconds: float) -> float:
        """Milliseconds of CPU a round."""
        return seconds / len(self.milliseconds) * 1000


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
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # the tables were empty when it was done last
    printed = io.StringIO()
    with contextlib.suppress(SystemExit, CommandError):
        call_command("verify", str(project), stdout=printed, stderr=io.StringIO())
    counts = re.findall(r"^\s*(\d+)\s+[a-z]+-[a-z-]+\s", printed.getvalue(), re.M)
    if not counts:
        raise RuntimeError(f"verify counted nothing: {printed.getvalue()[:500]}")
    return sum(map(int, counts))


def speed(name: str, found: Load) -> Iterator[Line]:
    yield f"{name}.rate", found.rate, "rounds/s"
    for share in (50, 95, 99):
        yield f"{name}.p{share}", float(np.percentile(found.milliseconds, share)), "ms"


def lines(name: str, found: Load) -> Iterator[Line]:
    yield from speed(name, found)
    yield f"{name}.cpu_web", found.cost(found.spent.web), "ms/round"
    yield f"{name}.cpu_database", found.cost(found.spent.database), "ms/round"


def pair_project(items: int) -> Project:
    if items <= OPENED_BY_THE_SITE:
        return seeds.pair_project(items)
    return seeds.large_pair_project(items)


class Other(Protocol):
    """Another product's site with as many pairs."""

    def load(self, count: int) -> Load: ...


# Starts one for so many items and so many people; one that is None is not measured.
Peer = Callable[[int, int], contextlib.AbstractContextManager[Other | None]]


def nobody(_items: int, _people: int) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


def measure(
    sizes: Sequence[int],
    crowds: Sequence[int],
    seconds: float,
    note: Callable[[str], None],
    peer: Peer = nobody,
) -> Iterator[Line]:
    for items in sizes:
        note(f"making {items:,} items, twice")
        started = time.perf_counter()
        project = pair_project(items)
        yield f"open.{items}_items", items / (time.perf_counter() - started), "items/s"
        beside = pair_project(items)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        with site() as ours, site(FLOOR) as bare, peer(items, max(crowds)) as other:
            for count in crowds:
                note(f"{count} annotators at {items:,} items, {seconds:.0f} s each")
                people = [Annotator(ours[0], person) for person in seeds.annotators(project, count)]
                floor = [OnTheFloor(bare[0], person) for person in seeds.annotators(beside, count)]
                found, least = Load(ours[1], people), Load(bare[1], floor)
                theirs = other.load(count) if other else None
                in_turns([found, least, *([theirs] if theirs else [])], seconds)
                where = f"{items}_items.{count}_annotators"
                yield from lines(f"claim_submit.{where}", found)
                yield from lines(f"floor.{where}", least)
                if theirs:
                    yield from speed(f"label_studio.{where}", theirs)
                yield f"claim_submit.{where}.of_floor", found.rate / least.rate, "ratio"
        if items == min(sizes):
            yield f"claim_submit.{items}_items.broken_promises", broken_promises(project.pk), "rows"


def in_turns(loads: Sequence[Load], seconds: float) -> None:
    """Each for so long, in slices, so that whatever else the machine does meets all alike."""
    for load in loads:
        together(load.callers, WARM_UP_SECONDS)
    for _ in range(SLICES):
        for load in loads:
            load.go_on(seconds / SLICES)
