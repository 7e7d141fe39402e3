"""Every state of the desk, in both languages, held against axe-core's rules.

A template's own states at 1366 × 768; with TRIPTYCH_AXE_SWEEP set all templates, on a large screen
and a tablet too: minutes, and with TRIPTYCH_SCREENSHOTS the images to look at.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from demo.dataset import GENERATORS, Form, lay_out
from tests.browser.people import Person, Site
from tests.browser.test_accessibility import SWEEP, Finding, in_all_sizes, report

pytestmark = pytest.mark.browser

SIZES = ("1366", "2560", "tablet") if SWEEP else ("1366",)
# Template: how its items are made, and the keys that answer one of them.
DESKS: dict[str, tuple[Form, str]] = {
    "mps": ("pairs", "f Space b f"),
    "richhf": ("singles", "e e e 5 4 3 4 Enter"),
    "imagereward": ("groups", "5 4 3 2 5 4 3 2 5 4 3 2 r 1 2 3"),
    "entitydraw": ("faithful", "2 1 e"),
    "evalmuse": ("checked", "y n"),
    "edit": ("edits", "4 3 2"),
    "richhf-plus": ("singles", "e e e e 5 4 3 4 Enter"),
    "hpsv3": ("pairs", "f"),
    "graded": ("pairs", "2"),
    "edit-graded": ("edit_pairs", "2 3 4 5"),
    "triage": ("singles", "f"),
}
TEMPLATES = tuple(DESKS) if SWEEP else ("mps", "richhf")
# What a key opens, and what closes it again.
OPENED = (
    ("?", "help", "Escape"), ("s", "skip", "Escape"), ("h", "recent", "Escape"),
    ("g", "guideline", "g"),
)  # fmt: skip
ZOOMED = (("+", "zoomed", "0"), ("o", "pixels", "0"))
COMPARED = (("v", "swapped", "Escape"), ("p", "difference", "Escape"), ("m", "enlarged", "Escape"))
GUIDELINE = "# Hands\n\nCount the fingers.\n\n## Aesthetics\n\nLook at the *light*."


class Walk:
    """One person's way through the states, with what axe finds on it."""

    def __init__(self, person: Person, name: str, sizes: Collection[str] = SIZES) -> None:
        self.person, self.name, self.sizes = person, name, sizes
        self.found: list[Finding] = []

    def see(self, state: str) -> None:
        self.found += in_all_sizes(self.person, f"{self.name}-{state}", self.sizes)

    def see_each(self, states: tuple[tuple[str, str, str], ...]) -> None:
        for key, state, back in states:
            self.person.press(key)
            self.see(state)
            self.person.press(back)


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    person = Person(chromium, site, "lead").sign_in()
    yield person
    person.leave()


def project_of(lead: Person, folder: Path, template: str, prompts: int = 3) -> str:
    settings = {
        "name": f"states {template}", "template": template, "review_rate": 0,
        "guideline": GUIDELINE,
    }  # fmt: skip
    made = str(lead.send("/projects", settings)["id"])
    lay_out(folder, prompts=prompts, form=DESKS[template][0], generators=GENERATORS[:4])
    lead.site.manage("import_batch", made, str(folder))
    return made


def seated(lead: Person, chromium: Browser, project: str, name: str, language: str) -> Person:
    lead.site.person(name, project, "annotator")
    person = Person(chromium, lead.site, name).sign_in()
    person.page.set_viewport_size({"width": 1366, "height": 768})
    person.go(f"/projects/{project}/annotate")
    at_item(person.page)
    return person.speak(language)


def at_item(page: Page) -> None:
    """Waits until the item's images are on the screen and the keys are live."""
    expect(page.get_by_role("img").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_serious_in_any_state_of_an_item(
    chromium: Browser, lead: Person, tmp_path: Path, template: str, language: str
) -> None:
    project = project_of(lead, tmp_path, template)
    person = seated(lead, chromium, project, f"states-{template}-{language}", language)
    walk, page = Walk(person, f"{template}-{language}"), person.page
    at_item(page)
    walk.see("first")
    walk.see_each(OPENED)
    walk.see_each(ZOOMED)
    if page.get_by_role("img").count() > 1:
        walk.see_each(COMPARED)
    person.press("?")
    page.get_by_role("button", name=re.compile("^(Change keys…|更改按键…|修改按键…)$")).click()
    walk.see("keys")
    person.press("Escape", "Escape")
    keys = DESKS[template][1].split()
    for number, key in enumerate(keys):
        person.press(key)
        if number == len(keys) // 2 - 1:
            walk.see("begun")
    page.wait_for_timeout(1500)
    walk.see("answered")
    person.press("Backspace")
    page.wait_for_timeout(500)
    walk.see("revised")
    person.leave()
    assert not walk.found, report(walk.found)


def option(key: str, parent: str = "") -> dict[str, str]:
    return {"id": key, "title": key.title(), "title_zh": key, "parent": parent}


TREE = [option("body"), option("hands", "body"), option("face", "body"), option("object")]
ASKED: list[dict[str, object]] = [
    {"id": "ends", "type": "best_worst", "title": "Best and worst"},
    {"id": "why", "type": "reasons", "title": "Why?", "options": [option("light"), option("text")]},
    {"id": "faults", "type": "flags", "title": "Faults", "options": TREE},
    {"id": "true", "type": "rating", "title": "True?", "scale": {"min": 0, "max": 100}, "na": True},
]


def test_nothing_is_serious_with_two_edits_or_with_the_kinds_that_no_template_has(
    chromium: Browser, lead: Person, tmp_path: Path
) -> None:
    """Each once in English, in three sizes; in Chinese as it looks when all is answered."""
    sizes = ("1366", "2560", "tablet")
    edits, own = tmp_path / "edits", tmp_path / "own"
    settings = {"name": "own kinds", "template": "custom", "review_rate": 0, "questions": ASKED}
    composed = str(lead.send("/projects", settings)["id"])
    lay_out(own, prompts=2, form="groups", generators=GENERATORS[:4])
    lead.site.manage("import_batch", composed, str(own))
    # The keys that answer each question but the last: what is answered last is sent.
    for name, project, keys in (
        ("edit-graded", project_of(lead, edits, "edit-graded", 2), ("2", "3", "4")),
        ("own-kinds", composed, ("1 2", "1 2 Enter", "2 e e e")),
    ):
        person = seated(lead, chromium, project, f"states-{name}", "en")
        walk = Walk(person, name, sizes)
        for number, each in enumerate(keys):
            walk.see(f"question-{number}")
            person.press(*each.split())
        walk.see("last")
        person.speak("zh-Hans")
        at_item(person.page)
        walk.see("last-zh")
        person.leave()
        assert not walk.found, report(walk.found)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_nothing_is_serious_where_no_item_can_be_sent_or_had(
    chromium: Browser, lead: Person, tmp_path: Path, language: str
) -> None:
    project = project_of(lead, tmp_path, "mps", prompts=1)
    person = seated(lead, chromium, project, f"states-none-{language}", language)
    walk, page = Walk(person, f"none-{language}"), person.page
    at_item(page)
    person.context.set_offline(True)
    person.press("f", "f", "f", "f")
    expect(page.get_by_text(re.compile("1 waiting|1 个待发送"))).to_be_visible()
    walk.see("offline")
    person.press("h")
    walk.see("offline-recent")
    person.press("Escape")
    person.context.set_offline(False)
    expect(page.get_by_text(re.compile("#1|第 1 个"))).to_be_visible()
    cookies = person.context.cookies()
    person.context.clear_cookies()
    person.press("f", "f", "f", "f")
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.see("signed-out")
    person.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    page.get_by_role("dialog").get_by_label(re.compile("Password|密码")).fill(person.site.password)
    person.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    other = person.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading")).to_be_visible()
    first, person.page = page, other
    walk.see("second-tab")
    person.page = first
    other.close()

    lead.send(f"/projects/{project}", {"guideline": GUIDELINE + "\n\nAnd toes."}, method="PATCH")
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.see("guideline-changed")
    page.get_by_role("dialog").get_by_role("button").last.click()

    at_item(page)
    for _ in range(6):
        if not page.get_by_role("img").count():
            break
        person.press("f", "f", "f", "f")
        page.wait_for_timeout(700)
    expect(page.get_by_role("heading")).to_be_visible()
    walk.see("nothing-left")
    lead.send(f"/projects/{project}/pause", {})
    page.reload()
    expect(page.get_by_role("heading")).to_be_visible()
    walk.see("project-paused")
    person.go(f"/projects/{project}/mine")
    expect(page.get_by_role("heading").first).to_be_visible()
    walk.see("mine")
    person.go("/")
    expect(page.get_by_role("heading").first).to_be_visible()
    walk.see("home")
    person.leave()
    assert not walk.found, report(walk.found)


def test_nothing_is_serious_when_a_break_is_due(
    chromium: Browser, lead: Person, tmp_path: Path
) -> None:
    project = project_of(lead, tmp_path, "mps")
    for language in ("en", "zh-Hans"):
        person = seated(lead, chromium, project, f"states-break-{language}", language)
        walk, page = Walk(person, f"break-{language}"), person.page
        page.clock.install()
        page.reload()
        at_item(page)
        for step in range(150):
            page.mouse.move(300 + step % 7, 300)
            page.clock.run_for(15_000)
        page.mouse.move(310, 310)
        note = page.get_by_role("status").filter(has_text="25")
        expect(note).to_be_visible()
        box, image = note.bounding_box(), page.get_by_role("img").first.bounding_box()
        assert box
        assert image
        assert image["y"] <= box["y"] <= image["y"] + image["height"] - box["height"]
        walk.see("due")
        person.leave()
        assert not walk.found, report(walk.found)


@pytest.mark.parametrize(
    ("template", "width", "height"),
    [("mps", 1366, 768), ("mps", 820, 1180), ("entitydraw", 820, 1180)],
)
def test_images_stay_where_they_are_while_an_item_is_answered(
    chromium: Browser, lead: Person, tmp_path: Path, template: str, width: int, height: int
) -> None:
    project = project_of(lead, tmp_path, template)
    person = seated(lead, chromium, project, f"stays-{template}-{width}", "en")
    page = person.page
    page.set_viewport_size({"width": width, "height": height})
    at_item(page)
    first = places(page)
    for key in DESKS[template][1].split()[:-1]:
        person.press(key)
        assert places(page) == first, key
    person.leave()


def places(page: Page) -> list[FloatRect | None]:
    """Where the item's images are on the screen, and how large."""
    return [image.bounding_box() for image in page.get_by_role("img").all()]
