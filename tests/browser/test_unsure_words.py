"""Words of which one is not sure: composed, said by keys and mouse, seen by a reviewer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person, Site
from tests.browser.test_accessibility import in_all_sizes, report
from tests.browser.test_ratings import answers_of, at, composing, created, laid_out

pytestmark = pytest.mark.browser


def test_a_second_press_on_a_word_says_not_sure(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    page = composing(lead, "Unsure words")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name=re.compile("[Ww]ords of the prompt")).click()
    page.get_by_label("Title", exact=True).fill("Wrong words")
    page.get_by_role("switch", name="Not sure of a word").click()
    lead.screenshot("unsure-words-composer")
    person = created(lead, site, laid_out(tmp_path, 1), "hesitant")
    lead.send(f"/projects/{person.project}", {"review_rate": 1.0}, method="PATCH")

    at(person, 0)
    words = person.page.get_by_role("region").locator("button[aria-pressed]")
    words.nth(0).click()
    words.nth(1).click()
    words.nth(1).click()
    person.press("ArrowRight", "u")
    expect(words.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(words.nth(1)).to_have_attribute("aria-pressed", "mixed")
    expect(words.nth(2)).to_have_attribute("aria-pressed", "mixed")
    expect(person.page.get_by_text("1 word, 2 not sure")).to_be_visible()
    person.screenshot("unsure-words-desk")
    found = in_all_sizes(person, "unsure words", ("1366", "tablet", "200%"))
    person.page.set_viewport_size({"width": 1366, "height": 768})
    person.press("Enter")
    at(person, 1)

    assert answers_of(person, site) == [{"wrong_words": {"tokens": [0], "unsure": [1, 2]}}]
    assert found == [], report(found)
