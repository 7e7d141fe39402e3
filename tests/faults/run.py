"""One run: a crowd at work and an upload on its way, a fault, and what became of all of it."""

import http
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil
from django.db import connection

from annotator.projects.models import BatchState, Project
from tests.faults import people
from tests.faults.crowd import Asker, Crowd
from tests.faults.ground import Ground
from tests.faults.history import Verdict
from tests.faults.injections import FAULTS
from tests.faults.stage import Stage, stage
from tests.waiting import until

ITEMS = 2500
ANNOTATORS = 16
PAIRS = 400
BEFORE_SECONDS = 4.0
AFTER_SECONDS = 8.0
CHUNK = 8 << 20
PARTS = 4  # of `serve`: web, beat, worker, scorer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found; times in seconds from the fault on."""

    fault: str
    in_flight: int
    verdict: Verdict
    broken_promises: str
    # The longest time in which nobody's answer was acknowledged.
    silence: float
    # Until every process of the site runs again and it calls itself ready.
    whole: float
    # Until the upload that was being taken in when the fault came was done.
    upload: float
    upload_images: int
    troubles: dict[str, int]
    refused: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, and the fault really hit somebody."""
        hit = self.in_flight > 0 or self.fault == "nothing"
        return hit and self.verdict.holds and not self.broken_promises


def chosen(parts: Sequence[str]) -> list[str]:
    """The faults whose name holds one of the parts."""
    return [name for name in FAULTS if any(part in name for part in parts)]


def outcomes(servers: Ground, faults: Sequence[str], times: int) -> Iterator[Outcome]:
    """Does each of the faults so many times, to one site."""
    with stage(servers) as site:
        for fault in faults:
            for _ in range(times):
                yield run(site, fault)


def run(site: Stage, fault: str) -> Outcome:
    """Does one fault to a site at work."""
    project = people.project_of(ITEMS)
    crowd = Crowd(site.to_web.port, project.pk, people.tokens(project, ANNOTATORS))
    batch = send_upload(site, project)
    until(lambda: people.batch_state(batch)[1] > 0, "the upload is being taken in")
    crowd.begin()
    time.sleep(BEFORE_SECONDS)
    until(lambda: crowd.history.in_flight > 0, "an answer is on its way")
    in_flight, began = crowd.history.in_flight, time.monotonic()
    FAULTS[fault](site)
    connection.close()  # ours may be among the dead
    until(lambda: is_whole(site), "the site is whole", every=0.2)
    whole = time.monotonic() - began
    time.sleep(AFTER_SECONDS)
    ended = time.monotonic()
    crowd.end()
    until(lambda: has_ended(batch), "the upload is taken in", every=0.2)
    uploaded = time.monotonic() - began
    return Outcome(
        fault=fault,
        in_flight=in_flight,
        verdict=crowd.history.verdict(people.stored(project)),
        broken_promises=people.broken_promises(),
        silence=crowd.history.longest_silence(began, ended),
        whole=whole,
        upload=uploaded,
        upload_images=people.images_of(batch),
        troubles=dict(crowd.history.troubles),
        refused=refusals(crowd),
    )


def send_upload(stage: Stage, project: Project) -> int:
    """An upload, whole; workers begin to take it in."""
    data = people.upload_of(PAIRS)
    asker = Asker(stage.site.port, people.manager_token(project))
    status, made = asker.ask(
        "POST", f"projects/{project.pk}/batches", {"filename": "a.zip", "size": len(data)}
    )
    assert status == http.HTTPStatus.CREATED, made
    batch: int = made["id"]
    for at in range(0, len(data), CHUNK):
        asker.send_chunk(batch, at, data[at : at + CHUNK])
    return batch


def has_ended(batch: int) -> bool:
    """Whether the upload is taken in; a failed one raises."""
    state, _ = people.batch_state(batch)
    assert state != BatchState.FAILED, "the upload failed"
    return state == BatchState.DONE


def is_whole(stage: Stage) -> bool:
    """Whether all of `serve` runs, none of it stopped, and the site is ready."""
    try:
        children = psutil.Process(stage.site.process.pid).children(recursive=True)
        states = {child.status() for child in children}
        parts = len(psutil.Process(stage.site.process.pid).children())
    except psutil.NoSuchProcess:
        return False
    if parts < PARTS or states & {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}:
        return False
    return Asker(stage.site.port, "").is_ready()


def refusals(crowd: Crowd) -> dict[str, int]:
    """Why answers were refused for good, and how many."""
    counts: dict[str, int] = {}
    for answer in crowd.history.answers.values():
        if answer.refused:
            counts[answer.refused] = counts.get(answer.refused, 0) + 1
    return counts
