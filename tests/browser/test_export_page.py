"""Exports in a real browser: chosen by use, looked at, changed, made, opened; cancelled, unfit.

Images are the demo's, people are simulated.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.dataset import GENERATORS, Form, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

MADE_BY = [GENERATORS[0], GENERATORS[-1]]
PROMPTS = 8


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    lead.context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield lead
    lead.leave()


def judged(lead: Person, folder: Path, template: str, form: Form) -> str:
    """The address of a project of the demo's images that three people have judged."""
    lay_out(folder, prompts=PROMPTS, form=form, generators=MADE_BY)
    settings = {"name": f"Export {form}", "template": template, "review_rate": 0.0}
    made = str(lead.send("/projects", settings)["id"])
    lead.site.manage("import_batch", made, str(folder))
    lead.site.manage("simulate", made)
    return f"/projects/{made}"


@pytest.fixture(scope="module")
def pairs(lead: Person, tmp_path_factory: pytest.TempPathFactory) -> str:
    return judged(lead, tmp_path_factory.mktemp("pairs"), "mps", "pairs")


@pytest.fixture(scope="module")
def points(lead: Person, tmp_path_factory: pytest.TempPathFactory) -> str:
    return judged(lead, tmp_path_factory.mktemp("points"), "richhf", "singles")


def ahead(page: Page) -> Locator:
    """The panel that says what an export will hold."""
    return page.get_by_role("region", name="What it will hold")


def number_of(page: Page, tile: str) -> int:
    """The number of a tile of the panel, once it is as of now."""
    expect(ahead(page).get_by_text("As of now")).to_be_visible()
    said = ahead(page).locator("dl > div").filter(has=page.get_by_text(tile, exact=True))
    found = re.search(r"\d+", said.locator("dd").inner_text())
    assert found
    return int(found.group())


def newest(page: Page) -> Locator:
    """The card of the export asked for last."""
    return page.get_by_role("article").first


def test_pairs_are_looked_at_changed_made_and_opened(
    lead: Person, pairs: str, tmp_path: Path
) -> None:
    page = lead.go(f"{pairs}/exports").page
    expect(page.get_by_role("radio", name="Train a reward model")).to_be_checked()
    page.get_by_role("radio", name="Train a reward model").click()
    expect(ahead(page).get_by_text("preferred").first).to_be_visible()
    lead.screenshot("exports-uses")
    ahead(page).evaluate("panel => panel.scrollIntoView()")
    page.mouse.wheel(0, -60)
    page.wait_for_function("document.querySelector('li figure img').naturalWidth > 0")
    lead.screenshot("exports-preview")
    counted = {row["of"]: row["count"] for row in lead.table(ahead(page)) if not row["what"]}
    assert float(counted["rows"]) == number_of(page, "Rows")
    assert int(counted["items"]) >= int(counted["excluded"])

    before = number_of(page, "Rows")
    page.get_by_label("Smallest margin").fill("2")
    expect(page.get_by_text("A number from 0 to 1.")).to_be_visible()
    expect(page.get_by_role("button", name="Make the export")).to_be_disabled()
    page.get_by_label("Smallest margin").fill("0")
    page.get_by_role("combobox", name="Question").click()
    page.get_by_role("option", name="all", exact=True).click()
    expect(ahead(page).get_by_text(re.compile("^Detail quality")).first).to_be_visible()
    expect(ahead(page).get_by_text("Looking …")).to_be_hidden()
    rows = number_of(page, "Rows")
    assert rows > before
    ahead(page).get_by_role("button", name="Row 1: raw JSON").click()
    first = json.loads(ahead(page).locator("pre").first.inner_text())

    page.get_by_role("button", name="Make the export").click()
    expect(page.get_by_role("status").filter(has_text="Started")).to_be_visible()
    download = newest(page).get_by_role("link", name="Download all (zip)")
    expect(download).to_be_visible()
    with page.expect_download() as downloaded:
        download.click()
    downloaded.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        lines = archive.read("preferences/preferences.jsonl").decode().splitlines()
        assert json.loads(lines[0]) == first
        assert f"preferences/{first['chosen']}" in archive.namelist()
    expect(newest(page)).to_contain_text(f"{len(lines)} rows")

    newest(page).get_by_role("button", name="Files").click()
    copy = newest(page).get_by_role("button", name="Copy the SHA-256 of manifest.json")
    copy.click()
    assert re.fullmatch("[0-9a-f]{64}", page.evaluate("navigator.clipboard.readText()"))
    newest(page).get_by_role("button", name="How to load it").click()
    newest(page).get_by_role("button", name="Copy the command").click()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith(f"python manage.py export {pairs.rpartition('/')[2]} --format pref")
    newest(page).get_by_role("button", name="Files").click()
    newest(page).scroll_into_view_if_needed()
    lead.screenshot("exports-done")

    # The command is not only shown: the site's own command line makes the very same rows.
    again = command.split()[3:]
    again[again.index("--out") + 1] = str(tmp_path / "again")
    lead.site.manage("export", *again)
    made = (tmp_path / "again" / "preferences.jsonl").read_text()
    assert made.splitlines() == lines


def test_maps_lie_over_images_and_an_unfit_format_says_why(lead: Person, points: str) -> None:
    page = lead.go(f"{points}/exports").page
    unfit = page.get_by_role("radio", name="Train a reward model")
    expect(unfit).to_be_disabled()
    expect(unfit).to_contain_text("nothing in it compares two images")
    page.get_by_role("button", name="All formats").click()
    expect(page.get_by_role("radio", name="hpdv3", exact=True)).to_be_disabled()
    page.get_by_role("radio", name="heatmaps", exact=True).click()

    drawn = ahead(page).get_by_role("img", name=re.compile("drawn over the image")).first
    expect(drawn).to_be_visible()
    strength = ahead(page).get_by_role("slider", name="Maps over the images")
    strength.focus()
    lead.press("End")
    expect(strength).to_have_attribute("aria-valuenow", "100")
    drawn.evaluate("map => map.scrollIntoView({block: 'center'})")
    lead.screenshot("exports-heatmaps")
    lead.press("Home")
    assert drawn.evaluate("map => getComputedStyle(map).opacity") == "0"


def test_an_export_is_cancelled_and_deleted(lead: Person, points: str) -> None:
    page = lead.go(f"{points}/exports").page
    page.get_by_role("button", name="All formats").click()
    page.get_by_role("radio", name="heatmaps", exact=True).click()
    page.get_by_label("Size of the maps").fill("4096")
    page.get_by_role("button", name="Make the export").click()
    newest(page).get_by_role("button", name=re.compile("^Cancel the export")).click()
    expect(newest(page)).to_contain_text("nothing of it was kept")

    newest(page).get_by_role("button", name=re.compile("^Delete the export")).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("No exports yet")).to_be_visible()
