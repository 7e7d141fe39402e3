"""The page of a reward model, in a real browser: a press, the progress, the report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PROMPTS = 22


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


def test_a_press_trains_a_model_and_the_page_says_how_good_it_is(
    lead: Person, tmp_path: Path
) -> None:
    lead.site.manage("weights", "fetch", "efficientnet-lite0")
    lay_out(tmp_path, prompts=PROMPTS, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    settings = {"name": "Rewarded", "template": "hpsv3", "review_rate": 0}
    made = str(lead.send("/projects", settings)["id"])
    # Nothing is measured but what the model needs.
    lead.send(f"/projects/{made}/metrics", {"chosen": []}, method="PUT")
    page = lead.go(f"/projects/{made}/reward-model").page
    expect(page.get_by_text("Not enough votes yet")).to_be_visible()
    lead.site.manage("import_batch", made, str(tmp_path))
    lead.site.manage("simulate", made)
    page.reload()
    expect(page.get_by_text("Not enough votes yet")).to_have_count(0)

    page.get_by_role("button", name="Train a reward model").click()

    expect(page.get_by_label("Progress of the training")).to_be_attached()
    expect(page.get_by_role("link", name="Download the model")).to_be_visible()
    card = page.locator("section").filter(has_text="How often it is right")
    expect(card.get_by_role("row", name=re.compile(r"^This model \d+\.\d%"))).to_be_visible()
    expect(card.get_by_role("row", name=re.compile(r"^One person \d+\.\d%"))).to_be_visible()
    expect(page.get_by_text("Another 500 votes, by its learning curve")).to_be_visible()
    lead.screenshot("reward-model")


def test_ratings_give_a_model_that_is_told_by_how_alike_it_orders_images(
    lead: Person, tmp_path: Path
) -> None:
    lead.site.manage("weights", "fetch", "efficientnet-lite0")
    lay_out(tmp_path, prompts=PROMPTS, form="singles", generators=[GENERATORS[0], GENERATORS[-1]])
    settings = {"name": "Rated", "template": "richhf", "review_rate": 0}
    made = str(lead.send("/projects", settings)["id"])
    lead.send(f"/projects/{made}/metrics", {"chosen": []}, method="PUT")
    lead.site.manage("import_batch", made, str(tmp_path))
    lead.site.manage("simulate", made)
    page = lead.go(f"/projects/{made}/reward-model").page
    expect(page.get_by_role("columnheader", name="Ratings")).to_be_visible()

    page.get_by_role("button", name="Train a reward model").click()

    expect(page.get_by_role("link", name="Download the model")).to_be_visible(timeout=60_000)
    card = page.locator("section").filter(has_text="How alike it orders images")
    expect(card.get_by_role("row", name=re.compile(r"^This model -?\d\.\d\d"))).to_be_visible()
    expect(card.get_by_role("row", name=re.compile(r"^One person -?\d\.\d\d"))).to_be_visible()
    expect(page.get_by_text("Whether people give what it expects")).to_be_visible()
    lead.page.set_viewport_size({"width": 1280, "height": 2200})
    lead.screenshot("reward-model-of-ratings")
