"""The desk in a real Chromium: from a key to the next image on the screen, and bytes until it is.

Pairs of 1024² of the mps template, four presses an item. `local` answers a whole day's set as fast
as fingers are; `slow` is a line of 10 Mbit/s and 100 ms there and back, made by the browser itself.
Afterwards the stored answers are compared with the pressed keys. Times are Chromium's own (event
and element timing): from the key, as the browser got it, to the screen with the item's last image.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from servers.chromium import chromium

from annotator.accounts.models import User
from annotator.projects.models import Project
from bench import claims, imports, seeds

SIDE = 1024
STEPS = 4
# What a key answers: the image at a place, or what is said of both.
KEYS: dict[str, int | str] = {"f": 0, "j": 1, "Space": "tie", "b": "both_bad", "n": "unsure"}
# Chromium's latency is that of a request and its answer together.
SLOW = {"downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8, "latency": 100}
# How long an item is looked at before it is answered.
LOCAL_SECONDS, SLOW_SECONDS = 0.1, 1.0
# Items of whoever comes first: a site's first requests take seconds, for it is then loaded.
WARM_UP = 8
# As fast as fingers are.
BETWEEN_KEYS = 0.08
# How often a site that says "try again" is asked.
WAIT_SECONDS = 30
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# When the last key came and when an item's images were painted, by the browser's own clock.
WATCH = """
const images = () => [...document.querySelectorAll('[role="img"] img')];
const at = new Map();
let key = 0, item = null, wanted = null;
const painted = [];
addEventListener("keydown", ({ timeStamp }) => (key = timeStamp), true);
new MutationObserver(() => {
  for (const image of images()) image.setAttribute("elementtiming", "image");
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((list) => {
  for (const { element, renderTime } of list.getEntries()) at.set(element, renderTime);
  const times = images().map((image) => at.get(image));
  if (times.length < 2 || !times.every(Boolean) || item === images()[0]) return;
  item = images()[0];
  painted.push([key, Math.max(...times)]);
  wanted?.();
}).observe({ type: "element" });
window.paintedItem = (number) => new Promise((resolve, reject) => {
  wanted = () => painted[number] && resolve(painted[number]);
  wanted();
  setTimeout(() => reject(new Error(`item ${number} was not painted`)), 120_000);
});
"""

Line = tuple[str, float, str]


@dataclass
class Met:
    """What one person met at the desk."""

    usable: float = 0.0
    page: int = 0
    milliseconds: list[float] = field(default_factory=list)
    transferred: dict[str, int] = field(default_factory=dict)

    def bytes_of(self, part: str) -> list[int]:
        """Of each file, by a part of its address."""
        return [size for url, size in self.transferred.items() if part in url]


def measure(items: int, slow_items: int, note: Callable[[str], None]) -> Iterator[Line]:
    """The lines of both."""
    with tempfile.TemporaryDirectory() as name, claims.site() as (port, _):
        note(f"taking in pairs of {SIDE}²")
        folder = Path(name)
        imports.write_images(folder, 2 * slow_items, SIDE)
        address = f"http://{claims.HOST}:{port}"
        people = [
            person_at(project_of(folder, slow_items, count), address)
            for count in (WARM_UP, items, slow_items)
        ]
        with sync_playwright() as driver:
            running = driver.chromium.launch(executable_path=str(chromium()), args=CHROMIUM)
            note("somebody comes before: site and browser have just started")
            with people[0].at_desk(running) as page:
                work(page, people[0], WARM_UP, LOCAL_SECONDS, {})
            note(f"{items} items on this machine")
            with people[1].at_desk(running) as page:
                met = work(page, people[1], items, LOCAL_SECONDS, {})
            yield from lines("desk.local", met)
            note(f"{slow_items} items over a slow line")
            with people[2].at_desk(running) as page:
                met = work(page, people[2], slow_items, SLOW_SECONDS, SLOW)
            yield from lines("desk.slow", met)
            running.close()


def lines(name: str, met: Met) -> Iterator[Line]:
    yield f"{name}.usable", met.usable, "ms"
    for share in (50, 95, 99):
        yield f"{name}.key_to_image.p{share}", float(np.percentile(met.milliseconds, share)), "ms"
    yield f"{name}.items_without_a_lost_press", len(met.milliseconds) + 1, "items"
    images = met.bytes_of("/images/")
    yield f"{name}.images", 2 * sum(images) / len(images) / 1e6, "MB/item"
    yield f"{name}.page", met.page / 1e3, "KB"
    yield f"{name}.page_later", (sum(met.bytes_of("/static/")) - met.page) / 1e3, "KB"


def project_of(folder: Path, own: int, items: int) -> Project:
    """So many pairs, the first ones of images of their own, the others of those of two before."""
    project = seeds.new_project(f"bench desk {items}", review_rate=0)
    files = 2 * own
    pairs = [
        (at, (at + apart) % files) for apart in range(1, files, 2) for at in range(0, files, 2)
    ]
    imports.write_pairs(folder, pairs[:items])
    call_command("import_batch", str(project.pk), str(folder), stdout=StringIO())
    return project


def person_at(project: Project, address: str) -> "Person":
    """A new annotator, signed in."""
    [person] = seeds.annotators(project, 1)
    client = Client()
    client.force_login(User.objects.get(pk=person.user))
    return Person(address, client.cookies["sessionid"].value, project.pk)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes to a desk with an empty cache."""

    address: str
    session: str
    project: int

    @contextmanager
    def at_desk(self, running: Browser) -> Iterator[Page]:
        context = running.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.address}])
        page = context.new_page()
        page.add_init_script(WATCH)
        yield page
        context.close()

    def answers(self, page: Page, items: int) -> list[dict[str, Any]]:
        """What is stored of their last answers, the first ones first."""
        rows: list[dict[str, Any]] = []
        while len(rows) < items:
            before = f"&before={rows[-1]['id']}" if rows else ""
            listed = f"projects/{self.project}/my-annotations?limit={min(items, 200)}{before}"
            rows += self.read(page, listed)
        return [
            self.read(page, f"assignments/{row['assignment']}") for row in reversed(rows[:items])
        ]

    def read(self, page: Page, path: str) -> Any:
        for _ in range(WAIT_SECONDS):
            answer = page.request.get(f"{self.address}/api/v1/{path}")
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(1)
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status} {answer.text()[:300]}")
        return answer.json()


def work(
    page: Page, person: Person, items: int, seconds: float, network: Mapping[str, float]
) -> Met:
    """Answers so many items, each as soon as it is painted and looked at for so long."""
    met = Met()
    watch_network(page, met.transferred, network)
    page.goto(f"{person.address}/projects/{person.project}/annotate", wait_until="commit")
    chance = Random(items)
    pressed = []
    for number in range(items):
        key_at, painted_at = page.evaluate("(number) => paintedItem(number)", number)
        if number == 0:
            met.usable = painted_at
            met.page = sum(met.bytes_of("/static/"))
        else:
            met.milliseconds.append(painted_at - key_at)
        time.sleep(seconds)
        pressed.append(chance.choices(list(KEYS), k=STEPS))
        for key in pressed[-1]:
            time.sleep(BETWEEN_KEYS)
            page.keyboard.press(key)
    page.get_by_text(re.compile(rf"#{items}\b")).wait_for()
    if gone := lost(pressed, person.answers(page, items)):
        raise RuntimeError(f"{gone} of {items} stored answers are not what was pressed")
    return met


def watch_network(page: Page, transferred: dict[str, int], network: Mapping[str, float]) -> None:
    """Counts what comes over the line, by address, and slows it down."""
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    if network:
        browser.send("Network.emulateNetworkConditions", {"offline": False, **network})
    asked: dict[str, str] = {}
    browser.on(
        "Network.requestWillBeSent",
        lambda event: asked.update({event["requestId"]: event["request"]["url"]}),
    )

    def came(event: dict[str, Any]) -> None:
        url = asked[event["requestId"]]
        transferred[url] = transferred.get(url, 0) + event["encodedDataLength"]

    browser.on("Network.loadingFinished", came)


def lost(pressed: Sequence[Sequence[str]], stored: Sequence[dict[str, Any]]) -> int:
    """How many answers are not what was pressed."""
    return sum(
        [choice_of(key, one["shown"]["order"]) for key in keys]
        != [one["answers"][question]["choice"] for question in claims.QUESTIONS]
        for keys, one in zip(pressed, stored, strict=True)
    )


def choice_of(key: str, order: Sequence[str]) -> str:
    choice = KEYS[key]
    return order[choice] if isinstance(choice, int) else choice
