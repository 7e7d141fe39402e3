"""Published datasets in a real browser: a file of one, one by its address, and what is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import published
from tests.browser.people import Person, Site
from tests.buckets import BUCKET, BucketServer
from tests.waiting import HANG_SECONDS

pytestmark = pytest.mark.browser


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


@pytest.fixture
def foxes(lake: Path, tmp_path: Path) -> Iterator[Path]:
    """Pick-a-Pic's first rows, in a folder of the source `lake`; another test wants it empty."""
    whole = published.write(tmp_path / "foxes", {"train-0.parquet": published.pickapic(3)})
    yield Path(shutil.copytree(whole, lake / "foxes"))
    shutil.rmtree(lake / "foxes")


def test_a_dataset_is_uploaded_as_it_is_and_said_what_it_is(lead: Person, tmp_path: Path) -> None:
    project = lead.send("/projects", {"name": "Published", "template": "mps"})["id"]
    rows = published.pickapic(4)
    file = tmp_path / "train-00000.parquet"
    file.write_bytes(rows)
    page = lead.go(f"/projects/{project}/batches").page
    page.get_by_role("button", name="What can I upload?").click()
    lead.in_both_languages("datasets-upload")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Start the upload").click()
    page.get_by_role("link", name="train-00000", exact=True).click()
    expect(page.get_by_text("Recognised as Pick-a-Pic")).to_be_visible()
    expect(page.get_by_text("Taken in", exact=True).first).to_be_visible()
    lead.in_both_languages("datasets-recognised")


@pytest.mark.usefixtures("foxes")
def test_a_dataset_is_taken_by_its_address_or_refused_beside_the_field(lead: Person) -> None:
    project = lead.send("/projects", {"name": "By address", "template": "mps"})["id"]
    page = lead.go(f"/projects/{project}/batches").page
    address = page.get_by_label("Or the address of a dataset")
    take = page.get_by_role("button", name="Take it in")
    expect(take).to_be_disabled()

    address.fill("hf://datasets/owner/name")
    take.click()
    expect(page.get_by_text("HUB_DATASETS", exact=False)).to_be_visible()
    lead.in_both_languages("datasets-address")

    address.fill("lake://foxes")
    take.click()
    page.get_by_role("link", name="foxes", exact=True).click()
    expect(page.get_by_text("Recognised as Pick-a-Pic")).to_be_visible()
    expect(page.get_by_text("Taken in", exact=True).first).to_be_visible()


def test_a_zip_in_a_bucket_is_taken_by_its_address(
    lead: Person, bucket: BucketServer, pairs_zip: Path
) -> None:
    bucket.client().upload_file(str(pairs_zip), BUCKET, "sets/may/pairs.zip")
    project = lead.send("/projects", {"name": "In a bucket", "template": "mps"})["id"]
    page = lead.go(f"/projects/{project}/batches").page
    address = page.get_by_label("Or the address of a dataset")
    take = page.get_by_role("button", name="Take it in")

    address.fill(f"s3://{BUCKET}/elsewhere/pairs.zip")
    take.click()
    expect(page.get_by_text("outside of what this site may read", exact=False)).to_be_visible()

    address.fill(f"s3://{BUCKET}/sets/may/pairs.zip")
    page.get_by_label("Training step (optional)").fill("12000")
    take.click()
    expect(page.get_by_text("Training step 12,000")).to_be_visible()
    page.get_by_role("link", name="pairs.zip", exact=True).click()
    taken = page.get_by_text("Taken in", exact=True).first
    expect(taken).to_be_visible(timeout=HANG_SECONDS * 1000)
    expect(page.get_by_text("broken.png", exact=False).first).to_be_visible()
    lead.in_both_languages("datasets-zip-in-a-bucket")
