"""Learning at the desk: a guideline that changed is read once, keys are one's own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
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


def test_who_is_new_learns_on_settled_items_before_they_work(
    chromium: Browser, site: Site, pairs_zip: Path, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    lead.page.set_viewport_size({"width": 1366, "height": 768})
    settings = {"name": "Taught", "template": "mps", "review_rate": 0}
    project = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", project, str(pairs_zip))
    site.manage("simulate", project)
    page = lead.go(f"/projects/{project}/items?state=settled").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    page.get_by_role("button", name="Use for training…").click()
    page.get_by_label("Note").fill("Look at the light first.")
    lead.screenshot("training-item")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Take out of training")).to_be_visible()
    lead.go(f"/projects/{project}/training")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.get_by_label("Annotators are given work only once they have passed").check(force=True)
    page.get_by_label("Percent right to pass").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    lay_out(tmp_path, prompts=4, form="pairs", generators=GENERATORS[1:3])
    site.manage("import_batch", project, str(tmp_path))
    site.person("pupil", project, "annotator")
    pupil = Person(chromium, site, "pupil").sign_in().go(f"/projects/{project}/annotate")
    seen = pupil.page
    expect(seen.get_by_role("heading", name="Training comes first")).to_be_visible()
    pupil.screenshot("training-required")
    seen.get_by_role("link", name="To the training").click()
    pupil.screenshot("training-intro")
    seen.get_by_role("button", name="Begin").click()
    expect(seen.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    pupil.screenshot("training-desk")
    pupil.press("f", "f", "f", "f")
    expect(seen.get_by_text("Look at the light first.")).to_be_visible()
    pupil.screenshot("training-feedback")
    pupil.speak("zh-Hans").screenshot("training-feedback-chinese").speak("en")
    seen.get_by_role("button", name="See the result").click()
    expect(seen.get_by_role("heading", name="You have passed")).to_be_visible()
    pupil.screenshot("training-passed")
    seen.get_by_role("link", name="To the work").click()
    expect(seen.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    pupil.go(f"/projects/{project}/mine").screenshot("mine-progress")

    lead.go(f"/projects/{project}/training")
    row = page.get_by_role("row", name=re.compile("pupil"))
    expect(row.get_by_text("of 1")).to_be_visible()
    lead.screenshot("training-lead").speak("zh-Hans").screenshot("training-lead-chinese")
    lead.page.set_viewport_size({"width": 2560, "height": 1440})
    lead.speak("en").screenshot("training-lead-wide")
    assert lead.troubles == pupil.troubles == []
