"""A manifest alone in a real browser: its images lie at a source that is away at first."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person, Site
from tests.waiting import HANG_SECONDS

pytestmark = pytest.mark.browser


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


def test_a_lead_sees_what_a_batch_waits_for_and_how_many_images_are_fetched(
    lead: Person, lake: Path, images: Path, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in (images / "manifest.jsonl").read_text().splitlines()]
    for row in rows:
        for image in row["images"]:
            for name in {"file", "reference"} & image.keys():
                image[name] = f"lake://made/{image[name]}"
    manifest = tmp_path / "named.jsonl"
    manifest.write_text("\n".join(json.dumps(row) for row in rows))
    project = lead.send("/projects", {"name": "At a source", "template": "mps"})["id"]

    page = lead.go(f"/projects/{project}/batches").page
    page.get_by_role("button", name="What can I upload?").click()
    expect(page.get_by_text("lake://cats/1.png")).to_be_visible()
    page.get_by_label("Choose a file").set_input_files(manifest)
    page.get_by_role("button", name="Start the upload").click()
    page.get_by_role("link", name="named", exact=True).click(timeout=HANG_SECONDS * 1000)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("source “lake”", timeout=HANG_SECONDS * 1000)
    expect(page.get_by_text("5 of 5 lines")).to_be_visible()
    expect(page.get_by_text("0 of 10 images fetched.", exact=False)).to_be_visible()
    lead.screenshot("sources-waits")

    # Whole, then under its name: the worker may look at any moment.
    shutil.copytree(images, lake.parent / "coming")
    (lake.parent / "coming").rename(lake / "made")

    done = page.get_by_text("10 of 10 images fetched.", exact=True)
    expect(done).to_be_visible(timeout=HANG_SECONDS * 1000)
    expect(alert).to_have_count(0)
    expect(page.get_by_text("Taken in", exact=True).first).to_be_visible()
    lead.screenshot("sources-done")
