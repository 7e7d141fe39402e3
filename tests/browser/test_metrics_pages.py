"""What a lead sees of metrics, in a real browser: chosen, measured, compared, held against people.

Images are the demo's, people are simulated, the metrics need no weights.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PROMPTS, MADE_BY = 5, GENERATORS[:2] + GENERATORS[-1:]
ITEMS = 15  # every pair of the three


@pytest.fixture(scope="module")
def judged(
    chromium: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Person, str]]:
    """A lead, and the address of a project of fifteen pairs that three people have judged."""
    folder = tmp_path_factory.mktemp("judged")
    lay_out(folder, form="pairs", prompts=PROMPTS, generators=MADE_BY)
    lead = Person(chromium, site, "lead").sign_in()
    settings = {"name": "Do metrics see it?", "template": "mps", "review_rate": 0.0}
    made = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", made, str(folder))
    site.manage("simulate", made)
    measured(lead, f"/projects/{made}")
    yield lead, f"/projects/{made}"
    lead.leave()


def measured(lead: Person, project: str) -> None:
    """Waits until the page of measurements says that all is done."""
    done = lead.go(f"{project}/measurements").page.get_by_text(
        re.compile(r"^(\d+) of \1 images measured$")
    )
    expect(done).to_be_visible()


def dialog(lead: Person) -> Locator:
    """The one that is open."""
    return lead.page.get_by_role("dialog")


def images(lead: Person) -> Locator:
    """The two of a pair, in the open dialog."""
    return dialog(lead).get_by_role("img", name=re.compile("^[ab]: "))


def close(lead: Person) -> None:
    lead.press("Escape")
    expect(dialog(lead)).to_be_hidden()


def test_metrics_are_chosen_measured_and_compared_by_generator(judged: tuple[Person, str]) -> None:
    lead, project = judged
    page = lead.go(f"{project}/measurements/choose").page
    expect(page.get_by_role("checkbox", name="sharpness")).to_be_checked()
    expect(page.get_by_role("checkbox", name="clip_score")).to_be_disabled()
    expect(page.get_by_text("python manage.py weights fetch").first).to_be_visible()
    lead.screenshot("metrics-choose")

    page.get_by_role("checkbox", name="contrast").uncheck()
    page.get_by_role("button", name="Save and measure").click()

    expect(page.get_by_role("status").filter(has_text="Asked for")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="sharpness")).to_be_checked()
    expect(page.get_by_role("checkbox", name="contrast")).not_to_be_checked()
    measured(lead, project)
    page.get_by_role("button", name=re.compile("^Open the image")).first.click()
    sharp = dialog(lead).get_by_role("row", name=re.compile("sharpness"))
    expect(sharp).to_contain_text("cpu")
    expect(sharp).to_contain_text("none needed")
    lead.screenshot("measurements-image")
    close(lead)

    lead.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Generators").click()
    page.get_by_role("button", name="sharpness").click()
    expect(page.get_by_role("columnheader", name=re.compile("sharpness"))).to_have_attribute(
        "aria-sort", "descending"
    )
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(1 + len(MADE_BY))
    expect(rows.nth(1)).to_contain_text(re.compile(r"n\s=\s\d+"))
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.get_by_role("menuitem", name="Copy as CSV").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].endswith(
        "generator,images,metric,version,n,failed,infinite,mean,sd,low_95,high_95"
    )
    assert {line.split(",")[0] for line in lines[1:]} == set(MADE_BY)
    lead.screenshot("metrics-generators")


def test_statistics_of_a_reference_are_brought_along_and_taken_away(
    judged: tuple[Person, str], tmp_path: Path
) -> None:
    lead, project = judged
    file = tmp_path / "coco-val.npz"
    np.savez_compressed(file, mu=np.zeros(2048), sigma=np.eye(2048))
    page = lead.go(f"{project}/measurements/sets").page
    missing = page.get_by_text(re.compile("its weights are not on this server")).first
    expect(missing).to_be_attached()
    # In a fold where others can be measured: the site is all tests', and one may have brought some.
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    expect(missing).to_be_visible()

    page.get_by_role("button", name="Add statistics").click()
    dialog(lead).locator("input[type=file]").set_input_files(file)
    expect(dialog(lead).get_by_label(re.compile("^Name"))).to_have_value("coco-val")
    dialog(lead).get_by_label(re.compile("Number of images")).fill("5000")
    dialog(lead).get_by_role("checkbox", name=re.compile("Zero-shot")).check()
    dialog(lead).get_by_role("button", name="Add").click()

    row = page.get_by_role("row", name=re.compile("coco-val"))
    expect(row).to_contain_text("5,000")
    expect(row).to_contain_text("zero-shot")
    lead.screenshot("metrics-sets")
    with page.expect_download() as download:
        row.get_by_role("link", name=re.compile("Download")).click()
    with np.load(download.value.path()) as brought_back:
        assert brought_back["sigma"].shape == (2048, 2048)

    card = page.locator("section").filter(has=page.get_by_role("button", name="Add statistics"))
    assert [(one["name"], one["n"]) for one in lead.table(card)] == [
        ("The project's reference images", "5"), ("coco-val", "5000"),
    ]  # fmt: skip

    row.get_by_role("button", name="Remove").click()
    dialog(lead).get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_a_metric_is_held_against_people_down_to_the_images(judged: tuple[Person, str]) -> None:
    lead, project = judged
    page = lead.go(f"{project}/metrics").page
    cell = page.get_by_role("button", name=re.compile("^sharpness, Overall: SRCC"))
    expect(cell).to_be_visible()
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("row", name=re.compile("^People themselves")).first).to_contain_text(
        re.compile(r"0\.\d\d")
    )
    page.get_by_text("Per prompt", exact=True).first.click()
    expect(page.get_by_text("Within each prompt").first).to_be_visible()

    plot = page.get_by_role("application")
    expect(plot.locator("[data-point]")).to_have_count(ITEMS)
    plot.focus()
    lead.press("ArrowRight", "ArrowRight")
    lead.screenshot("metrics-people")
    lead.press("Enter")
    expect(images(lead)).to_have_count(2)
    expect(dialog(lead)).to_contain_text("sharpness: a minus b")
    lead.screenshot("metrics-point")
    close(lead)
    # Where it lies: points may hide one another, and the plot takes the nearest.
    plot.locator("[data-point]").nth(3).click(force=True)
    expect(images(lead)).to_have_count(2)
    close(lead)
    page.get_by_text(f"{ITEMS} points as a list").click()
    expect(page.get_by_role("button", name=re.compile("^Open the image")).first).to_be_visible()
    page.get_by_text(f"{ITEMS} points as a list").click()

    queue = page.locator("section").filter(has_text="disagree most")
    card = queue.get_by_role("listitem").first
    expect(card).to_contain_text(re.compile("People prefer"))
    expect(card).to_contain_text("▲")
    card.scroll_into_view_if_needed()
    lead.screenshot("metrics-disagreements")
    card.get_by_role("button").click()
    expect(images(lead)).to_have_count(2)
    close(lead)

    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_role("heading", name="指标与人分歧最大之处")).to_be_visible()
    page.get_by_label("语言").select_option("English")
    expect(page.get_by_role("heading", name="Metrics and people")).to_be_visible()


def test_win_rates_stand_beside_each_other_with_and_without_the_metric(
    judged: tuple[Person, str], site: Site, tmp_path: Path
) -> None:
    """Of 24 pairs of as many prompts people have judged 21; the metric has measured all."""
    lead, _ = judged
    lay_out(tmp_path, form="pairs", prompts=24, generators=MADE_BY[:2])
    settings = {"name": "Half judged", "template": "mps", "review_rate": 0.0}
    made = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", made, str(tmp_path))
    site.manage("simulate", made, "--items", "21")
    measured(lead, f"/projects/{made}")

    page = lead.go(f"/projects/{made}/metrics").page
    section = page.locator("section").filter(
        has=page.get_by_role("heading", name="Votes and this metric in one interval")
    )
    table = section.get_by_role("table", name="Votes and this metric in one interval")
    expect(table.get_by_role("row")).to_have_count(1 + 2)
    for row in table.get_by_role("row").all()[1:]:
        expect(row).to_contain_text(re.compile(r"more votes?$|saves nothing$"))
    expect(section).to_contain_text("Measured pairs that nobody has judged: 3.")
    section.scroll_into_view_if_needed()
    lead.screenshot("metrics-powered")
    rows = lead.table(section)
    assert {row["of"] for row in rows} == {"alone", "powered"}
    assert {row["generator"] for row in rows} == set(MADE_BY[:2])

    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_role("heading", name="投票与该指标合成一个区间")).to_be_visible()
    page.get_by_label("语言").select_option("English")
