"""A training loop against a running site: three people look, answer, and are heard in time."""

import asyncio
import io
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from triptych_client import AsyncTriptych, GroupFailed, Triptych, moves

from examples import training_loop
from tests.factories import MPS
from tests.receivers import Receiver
from tests.sites import Site, embedded_environment, free_port, manage
from tests.uploads import encoded
from tests.waiting import HANG_SECONDS, until

PEOPLE = ("ada", "ben", "eve")
# How bright each candidate is; people like bright images.
BRIGHTNESS = (40, 200, 120, 240)
PLANTED = [3, 1, 2, 0]


@dataclass
class Running:
    """A site with a lead and three annotators, who are in each of its projects."""

    url: str
    lead: str
    people: list[str]

    def project(self, name: str) -> int:
        """A new project of pairs, with all three in it."""
        with Triptych(self.url, self.lead) as lead:
            asked = {"name": name, "template": "mps", "review_rate": 0.0}
            made: int = lead.run(call("POST", "/projects", asked))["id"]
            for token in self.people:
                path = f"/projects/{made}/invitations"
                link: str = lead.run(call("POST", path, {"role": "annotator"}))["url"]
                secret = link.rstrip("/").rpartition("/")[2]
                with Triptych(self.url, token) as person:
                    person.run(call("POST", f"/invitations/{secret}/accept", {}))
        return made

    @contextmanager
    def at_work(self, project: int, tokens: Sequence[str] | None = None) -> Iterator[None]:
        """People who answer all that there is, until the block ends."""
        over = threading.Event()
        chosen = self.people if tokens is None else tokens
        with ThreadPoolExecutor(len(PEOPLE)) as threads:
            jobs = [threads.submit(work, self.url, one, project, over) for one in chosen]
            try:
                yield
            finally:
                over.set()
        for job in jobs:
            job.result()


def call(method: str, path: str, body: Any = None, **more: Any) -> moves.Moves[Any]:
    return (yield moves.Call(method, path, json=body, **more)).json()


def work(url: str, token: str, project: int, over: threading.Event) -> None:
    """One person: claims, looks at the images, prefers the brighter one."""
    with Triptych(url, token) as person:
        while not over.is_set():
            claimed = person.run(call("POST", f"/projects/{project}/claims", {"count": 3}))
            for held in claimed["assignments"]:
                seen = {one["letter"]: brightness(person, one) for one in held["item"]["images"]}
                best = max(seen, key=lambda letter: seen[letter])
                person.run(call(
                    "PUT", f"/assignments/{held['id']}/annotation",
                    {"answers": {key: {"choice": best} for key in MPS}},
                    headers={"Idempotency-Key": held["id"]},
                ))  # fmt: skip
            over.wait(0.3)


def brightness(person: Triptych, image: dict[str, Any]) -> float:
    path = image["url"].removeprefix("/api/v1")
    data = person.run(_content(path))
    return float(np.asarray(Image.open(io.BytesIO(data)).convert("L")).mean())


def _content(path: str) -> moves.Moves[bytes]:
    return (yield moves.Call("GET", path)).content


def candidates(prompt: str, step: int) -> list[Image.Image]:
    """As a model would make them, each a little different at every step."""
    return [Image.new("RGB", (64, 48), (level - step, level, level)) for level in BRIGHTNESS]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    env = embedded_environment(tmp_path_factory.mktemp("site"))
    env |= {"WEBHOOK_PRIVATE_ADDRESSES": "true", "SWEEP_SECONDS": "1"}
    assert manage(env, "migrate", "--verbosity", "0").returncode == 0
    for name, *more in (("lead", "--lead"), *((name,) for name in PEOPLE)):
        made = manage(env, "create_user", name, *more, "--password-stdin", given="a long walk home")
        assert made.returncode == 0, made.stderr
    port = free_port()
    site = Site(env, port)
    site.wait_for("ready: ")
    tokens = [manage(env, "create_token", name).stdout.strip() for name in ("lead", *PEOPLE)]
    yield Running(f"http://127.0.0.1:{port}", tokens[0], tokens[1:])
    site.process.terminate()
    site.process.wait(HANG_SECONDS)


def test_a_loop_of_twenty_lines_gets_rankings_from_three_people(running: Running) -> None:
    project = running.project("A loop")
    learnt: dict[str, Sequence[float]] = {}

    with running.at_work(project):
        orders = training_loop.main(
            running.url, running.lead, project, candidates, learnt.__setitem__, ttl=HANG_SECONDS
        )

    assert orders == [PLANTED] * len(training_loop.PROMPTS)
    assert list(learnt) == list(training_loop.PROMPTS)
    groups = Triptych(running.url, running.lead).get(f"/projects/{project}/groups")
    assert [(one["step"], one["state"], one["votes"]) for one in groups] == [
        # Six pairs of four candidates, three people each.
        (step, "whole", 18) for step in (2, 1, 0)
    ]  # fmt: skip


def test_what_is_asked_in_a_crowded_project_comes_first(running: Running, tmp_path: Path) -> None:
    number = running.project("Crowded")
    project = Triptych(running.url, running.lead).project(number)
    many = [[Image.new("RGB", (32, 24), (n, 0, side)) for side in (0, 9)] for n in range(60)]
    batch = project.push(many, [f"prompt {n}" for n in range(60)])
    project.wait_for_batch(batch, timeout=HANG_SECONDS)

    with running.at_work(number):
        people = project.rank(candidates("", 0), "a cube", ttl=HANG_SECONDS)
        waiting = project.site.get(f"/projects/{number}")

    assert (people.ranking, people.partial) == (PLANTED, False)
    assert people.of("aesthetics").ranking == PLANTED
    assert waiting["settled"] < waiting["items"]


def test_nobody_there_is_told_when_time_is_up(running: Running) -> None:
    project = Triptych(running.url, running.lead).project(running.project("Nobody"))

    people = project.rank(candidates("", 0), "a cube", ttl=3)

    assert (people.state, people.partial, people.votes) == ("expired", True, 0)
    assert (people.ranking, people.best) == ([], None)
    assert people.wins == [[0] * 4] * 4
    assert people.intervals[0][0] < 0 < people.intervals[0][1]


def test_a_webhook_tells_what_a_loop_would_have_been_told(running: Running) -> None:
    number = running.project("A webhook")
    site = Triptych(running.url, running.lead)
    with Receiver() as receiver:
        asked = {"url": receiver.url, "events": ["group.done"]}
        site.run(call("POST", f"/projects/{number}/webhooks", asked))
        people = site.project(number).rank(candidates("", 0)[:2], "a cube", ttl=2, step=4)
        until(lambda: bool(receiver.received), "the message arrives")

    message = json.loads(receiver.received[0].body)
    assert message["type"] == "group.done"
    assert (message["data"]["id"], message["data"]["step"]) == (people.group, 4)
    assert message["data"]["rankings"] == people.told["rankings"]


def test_files_bytes_and_pillows_images_are_taken_and_others_refused(
    running: Running, tmp_path: Path
) -> None:
    project = Triptych(running.url, running.lead).project(running.project("Forms"))
    dark, light = candidates("", 0)[:2]
    file = tmp_path / "dark.png"
    file.write_bytes(encoded(dark))

    with running.at_work(project.id):
        people = project.rank([file, str(file), encoded(light)], "a cube", ttl=HANG_SECONDS)

    assert people.best == 2
    with pytest.raises(GroupFailed) as failed:
        project.rank([b"no image", light], "a cube", ttl=HANG_SECONDS)
    assert failed.value.code == "image_no_image"


async def asynchronously(running: Running, number: int) -> tuple[str, int]:
    async with AsyncTriptych(running.url, running.lead) as site:
        people = await (await site.project(number)).rank(candidates("", 0), "a cube", ttl=2)
        return people.state, people.votes


def test_the_same_with_await(running: Running) -> None:
    found = asyncio.run(asynchronously(running, running.project("With await")))

    assert found == ("expired", 0)
