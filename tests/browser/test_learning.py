"""Learning at the desk: a guideline that changed is read once, keys are one's own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

BEFORE = "# Hands\n\nCount the fingers.\n\n## Aesthetics\n\nLook at the *light*."
AFTER = "# Hands\n\nCount the fingers of **every** hand.\n\n## Aesthetics\n\nLook at the *light*."


def test_a_guideline_that_changed_is_read_once_and_keys_are_changed(
    chromium: Browser, site: Site, pairs_zip: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    settings = {"name": "Read", "template": "mps", "review_rate": 0, "guideline": BEFORE}
    project = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", project, str(pairs_zip))
    site.person("reader", project, "annotator")
    reader = Person(chromium, site, "reader").sign_in().go(f"/projects/{project}/annotate")
    page = reader.page
    expect(page.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    reader.press("g")
    expect(page.get_by_text("Count the fingers.")).to_be_visible()
    reader.screenshot("guideline-open").press("g")
    reader.press("f", "f", "f", "f")
    expect(page.get_by_text("#1")).to_be_visible()

    lead.send(f"/projects/{project}", {"guideline": AFTER}, method="PATCH")
    page.reload()
    expect(page.get_by_role("heading", name="The guideline has changed")).to_be_visible()
    expect(page.get_by_text("every")).to_be_visible()
    reader.screenshot("guideline-changed")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("heading", name="The guideline has changed")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    expect(page.get_by_role("heading", name="The guideline has changed")).to_have_count(0)

    reader.press("?")
    page.get_by_role("button", name="Change keys…").click()
    reader.screenshot("keys-usual")
    page.get_by_role("button", name="Left hand", exact=True).click()
    reader.screenshot("keys-left-hand")
    page.get_by_role("button", name="Done").click()
    reader.press("Escape")
    page.reload()
    expect(page.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    reader.screenshot("desk-left-hand")
    reader.press("a", "f", "a", "f")
    expect(page.get_by_text("#2")).to_be_visible()

    seen = lead.go(f"/projects/{project}").page
    seen.get_by_role("button", name="Versions").click()
    expect(seen.get_by_text("read by 1 person")).to_be_visible()
    lead.screenshot("guideline-versions")
    expect(seen.get_by_text(re.compile("answer under it")).first).to_be_visible()
    for one in (lead, reader):
        one.leave()
