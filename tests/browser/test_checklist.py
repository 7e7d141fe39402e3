"""A checklist from the desk to the item's page: answered by keys and by presses, gates and all."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.conftest import zipped
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PUT = re.compile(r"/assignments/[^/]+/annotation(\?|$)")
ROWS = [
    {"id": "cone", "text": "Is there a cone?", "kind": "object"},
    {"id": "red", "text": "Is the cone red?", "kind": "colour", "depends_on": "cone"},
    {"id": "shiny", "text": "Does the red shine?", "kind": "texture", "depends_on": ["red"]},
    {"id": "table", "text": "Is there a table?", "kind": "object"},
]


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "lead").sign_in()


@pytest.fixture
def desk(chromium: Browser, site: Site, lead: Person, tmp_path: Path) -> Person:
    """An annotator before the first of two items with the same four rows."""
    manifest = lay_out(tmp_path, form="singles", prompts=1, generators=GENERATORS[:2])
    rows: list[dict[str, Any]] = [
        {**json.loads(line), "checklist": ROWS} for line in manifest.read_text().splitlines()
    ]
    settings = {"name": "Checked", "template": "evalmuse", "review_rate": 0, "overlap": 1}
    made = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", made, str(zipped(tmp_path, tmp_path / "checked.zip", rows)))
    site.person("checker", made, "annotator")
    person = Person(chromium, site, "checker").sign_in()
    person.project = made
    return person.go(f"/projects/{made}/annotate")


def row(person: Person, text: str) -> Locator:
    return person.page.get_by_role("listitem").filter(has_text=text)


def test_rows_are_gone_through_by_keys_and_a_no_says_what_it_skips(
    desk: Person, lead: Person
) -> None:
    page = desk.page
    first = row(desk, "Is there a cone?")
    expect(first.get_by_role("button", name="Yes", exact=False)).to_be_enabled()
    expect(first).to_have_attribute("aria-current", "step")
    before = [one.bounding_box() for one in page.get_by_role("listitem").all()]

    page.keyboard.press("y")
    expect(row(desk, "Is the cone red?").first).to_have_attribute("aria-current", "step")
    assert [one.bounding_box() for one in page.get_by_role("listitem").all()] == before
    page.keyboard.press("n")

    skipped = row(desk, "Does the red shine?")
    expect(skipped).to_contain_text("Skipped: “Is the cone red?” is answered “no”.")
    expect(skipped.get_by_role("button")).to_have_count(0)
    expect(row(desk, "Is there a table?")).to_have_attribute("aria-current", "step")
    desk.screenshot("checklist")
    page.keyboard.press("u")
    with page.expect_response(PUT, timeout=20_000) as sent:
        page.keyboard.press("4")

    assert json.loads(sent.value.request.post_data or "")["answers"] == {
        "elements": {"rows": {"cone": "yes", "red": "no", "table": "unsure"}},
        "alignment": {"ratings": {"a": 4}},
    }

    # The next one by presses, in whatever order.
    expect(row(desk, "Is there a cone?")).to_have_attribute("aria-current", "step")
    row(desk, "Is there a table?").get_by_role("button", name="Yes").click()
    row(desk, "Is there a cone?").get_by_role("button", name="No", exact=True).click()
    expect(row(desk, "Does the red shine?")).to_contain_text("Skipped, as is “Is the cone red?”")
    with page.expect_response(PUT, timeout=20_000) as sent:
        page.keyboard.press("1")
    assert json.loads(sent.value.request.post_data or "")["answers"]["elements"] == {
        "rows": {"cone": "no", "table": "yes"}
    }

    page = lead.go(f"/projects/{desk.project}/items").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(page.get_by_role("row", name="Does the red shine?")).to_contain_text("skipped")
    expect(page.get_by_text("Is there a table? – ")).to_be_visible()
    lead.screenshot("checklist-item")
