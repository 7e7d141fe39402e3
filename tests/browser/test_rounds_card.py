"""The card of rounds, in a real browser: what is left, a press, the batch that it makes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

LEFT = re.compile(r"(\d+) of (\d+) pairs have not been asked about")


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


def test_a_press_draws_a_round_of_the_images_that_are_there(lead: Person, tmp_path: Path) -> None:
    lay_out(tmp_path, prompts=6, form="pairs", pairs_each=2)
    settings = {"name": "In rounds", "template": "hpsv3", "review_rate": 0}
    made = str(lead.send("/projects", settings)["id"])
    lead.send(f"/projects/{made}/metrics", {"chosen": []}, method="PUT")
    lead.site.manage("import_batch", made, str(tmp_path))
    lead.site.manage("simulate", made)
    page = lead.go(f"/projects/{made}/batches").page
    card = page.locator("section").filter(has_text="What to look at next")
    told = card.get_by_text(LEFT)
    expect(told).to_be_visible()
    left, possible = LEFT.findall(told.inner_text())[0]
    expect(card.get_by_text("is first with")).to_be_visible()

    card.get_by_text("Where a vote tells most").click()
    card.get_by_role("textbox", name="Pairs").fill("5")
    card.get_by_role("button", name="Put them to people").click()

    expect(page.get_by_role("link", name="Round 1")).to_be_visible()
    expect(card.get_by_text(f"{int(left) - 5} of {possible} pairs")).to_be_visible()
    expect(card.get_by_text("5 of 17 items")).to_be_visible()
    expect(card.get_by_text(re.compile(r"Only \d+ pairs are open or can still"))).to_be_visible()
    expect(card.get_by_text("When that is there: A forecast takes three days")).to_be_visible()
    lead.in_both_languages("rounds")


def test_a_round_for_evaluation_says_who_takes_what(lead: Person, tmp_path: Path) -> None:
    lay_out(tmp_path, prompts=6, form="pairs", pairs_each=2)
    settings = {"name": "For evaluation", "template": "hpsv3", "review_rate": 0}
    made = str(lead.send("/projects", settings)["id"])
    lead.send(f"/projects/{made}/metrics", {"chosen": []}, method="PUT")
    lead.site.manage("import_batch", made, str(tmp_path))
    lead.site.manage("simulate", made)
    page = lead.go(f"/projects/{made}/batches").page
    card = page.locator("section").filter(has_text="What to look at next")

    card.get_by_text("1 each, a fifth 3").click()
    card.get_by_role("textbox", name="Pairs").fill("5")
    expect(card.get_by_text("For evaluation: more pairs for the same answers")).to_be_visible()
    expect(card.get_by_text("7 answers in all.")).to_be_visible()
    lead.in_both_languages("round-for-evaluation")
    card.get_by_role("button", name="Put them to people").click()
    page.get_by_role("link", name="Round 1").click()

    expect(page.get_by_text("4 of 5 items take one person each.")).to_be_visible()
    lead.site.manage("simulate", made)
    lead.go(f"/projects/{made}")
    expect(page.get_by_text("4 items were put to one person each.").first).to_be_visible()
