"""The desks and a lead's pages, held against axe-core's rules: nothing serious, in any size.

200 % is a screen of half the size: the browser then lays out as for one of 683 × 384. With
TRIPTYCH_AXE_SWEEP set, in every size, both languages and on each surround: minutes. What a key
opens at the desk: test_desk_states.
"""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, Form, lay_out
from tests.browser.people import Person, Site
from tests.sites import ROOT

pytestmark = pytest.mark.browser

AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()
RUN = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(({ target, html }) => ({ id, impact, at: target.join(" "), html })));
}"""
SIZES = {"1366": (1366, 768), "2560": (2560, 1440), "tablet": (820, 1180), "200%": (683, 384)}
SWEEP = bool(os.environ.get("TRIPTYCH_AXE_SWEEP"))
# What is laid out by the same rules at any width is held against them at the two ends.
NARROW = tuple(SIZES) if SWEEP else ("1366", "200%")
# Template, how its items are made of the demo's images.
DESKS: dict[str, Form] = {
    "mps": "pairs",
    "richhf": "singles",
    "imagereward": "groups",
    "entitydraw": "faithful",
    "evalmuse": "checked",
    "edit": "edits",
}


Finding = tuple[str, str]


def report(found: list[Finding]) -> str:
    """Each finding once, with the states that it was seen in."""
    seen: dict[str, list[str]] = {}
    for state, what in found:
        seen.setdefault(what, []).append(state)
    return "\n".join(f"{what}  [{', '.join(states)}]" for what, states in seen.items())


def serious(person: Person, state: str) -> list[Finding]:
    """What axe finds serious or critical in the page as it stands, in words."""
    person.page.evaluate(AXE)
    found: list[dict[str, Any]] = person.page.evaluate(RUN)
    return [
        (state, f"{one['id']} at {one['at']}: {one['html'][:160]}")
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def in_all_sizes(person: Person, state: str, sizes: Collection[str] = SIZES) -> list[Finding]:
    found: list[Finding] = []
    for size in sizes:
        width, height = SIZES[size]
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.wait_for_timeout(100)
        person.screenshot(f"axe-{state}-{size}".replace("%", ""))
        found += serious(person, f"{state} {size}")
    person.page.set_viewport_size({"width": 1366, "height": 768})
    return found


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    person = Person(chromium, site, "lead").sign_in()
    yield person
    person.leave()


def project_of(lead: Person, folder: Path, template: str) -> str:
    """Items of three prompts, one of them open to be annotated."""
    settings = {"name": f"axe {template}", "template": template, "review_rate": 0.5}
    made = str(lead.send("/projects", settings)["id"])
    lay_out(folder, prompts=3, form=DESKS[template], generators=GENERATORS[:4])
    lead.site.manage("import_batch", made, str(folder))
    return made


@pytest.mark.parametrize("template", DESKS)
def test_nothing_is_serious_at_the_desk(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path, template: str
) -> None:
    project = project_of(lead, tmp_path, template)
    name = f"axe-{template}"
    site.person(name, project, "annotator")
    person = Person(chromium, site, name).sign_in()
    page = person.page
    found: list[Finding] = []
    if template == "mps":
        person.go("/")
        expect(page.get_by_role("heading", name="My projects")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += in_all_sizes(person, "home")
    person.go(f"/projects/{project}/annotate")
    expect(page.get_by_role("img").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    found += in_all_sizes(person, f"{template}-desk")
    person.speak("zh-Hans")
    found += in_all_sizes(person, f"{template}-desk-zh", NARROW)
    if SWEEP:
        for surround in ("grey", "light"):
            page.evaluate("(chosen) => localStorage.setItem('triptych.surround', chosen)", surround)
            page.reload()
            expect(page.get_by_role("img").first).to_be_visible()
            found += in_all_sizes(person, f"{template}-{surround}")
    person.leave()
    assert not found, report(found)


def test_nothing_is_serious_on_a_leads_pages(lead: Person, tmp_path: Path) -> None:
    project = project_of(lead, tmp_path, "mps")
    lead.site.manage("simulate", project)
    page = lead.page
    found: list[Finding] = []
    for path in (
        "", "/batches", "/items", "/annotators", "/gold", "/measurements", "/measurements/choose",
        "/metrics", "/reward-model", "/exports", "/members", "/webhooks", "/audit",
    ):  # fmt: skip
        lead.go(f"/projects/{project}{path}")
        expect(page.get_by_role("heading").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += in_all_sizes(lead, f"lead-{path.replace('/', '-') or 'overview'}", NARROW)
    lead.send(
        f"/projects/{project}/webhooks", {"url": "https://example.org/", "events": ["export.done"]}
    )
    lead.go(f"/projects/{project}/webhooks")
    expect(page.get_by_role("heading", name="https://example.org/")).to_be_visible()
    found += in_all_sizes(lead, "lead-webhooks", NARROW)
    lead.send("/tokens", {"name": "pull", "scope": "read", "project_id": int(project)})
    lead.go("/settings")
    expect(page.get_by_role("cell", name="pull", exact=True)).to_be_visible()
    found += in_all_sizes(lead, "lead-settings", NARROW)
    lead.go(f"/projects/{project}/batches")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Verdict")).to_be_visible()
    found += in_all_sizes(lead, "lead-batch")
    lead.go(f"/projects/{project}/items")
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(page.get_by_role("heading", name="Answers")).to_be_visible()
    found += in_all_sizes(lead, "lead-item")
    lead.go(f"/projects/{project}/review")
    expect(page.get_by_text("A1").first).to_be_visible()
    found += in_all_sizes(lead, "review")
    assert not found, report(found)
