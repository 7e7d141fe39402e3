"""Spans of words tied to marks: composed, answered by keys and by fingers."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Person, Site
from tests.browser.test_accessibility import in_all_sizes, report
from tests.browser.test_ratings import answers_of, at, composing, created, laid_out

pytestmark = pytest.mark.browser


def composed(page: Page, kind: str, title: str) -> None:
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name=re.compile(kind)).click()
    page.get_by_label("Title", exact=True).fill(title)


def middle(page: Page) -> tuple[float, float]:
    box = page.locator('[role="img"]').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_spans_are_tied_to_marks_by_keys_and_by_fingers(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    page = composing(lead, "Linked words")
    composed(page, "Points clicked", "Flaw")
    page.get_by_role("button", name="Add a question").click()
    composed(page, "Words of the prompt", "Wrong")
    page.get_by_role("switch", name="Spans of words").click()
    page.get_by_role("switch", name="Words tied to places").click()
    lead.screenshot("linked-words-composer")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Title", exact=True).fill("Care")
    person = created(lead, site, laid_out(tmp_path, 1), "tying")

    # By keys: a mark in the middle, the second word tied to it, and the span drawn on.
    at(person, 0)
    words = person.page.get_by_role("group", name="Prompt").get_by_role("button")
    person.press("c", "Enter", "]", "ArrowRight", "j", "Shift+ArrowRight")
    expect(words.nth(1)).to_have_attribute("data-numbers", "1")
    expect(words.nth(2)).to_have_attribute("data-goes-on", "true")
    expect(person.page.get_by_text("1 span, 1 tied")).to_be_visible()
    person.screenshot("linked-words-desk")
    person.speak("zh-Hans").screenshot("linked-words-desk-chinese")
    person.speak("en")
    found = in_all_sizes(person, "linked words", ("1366", "tablet", "200%"))
    person.page.set_viewport_size({"width": 1366, "height": 768})
    person.press("Enter", "4", "Enter")
    at(person, 1)
    person.leave()

    # By fingers: the mark, "tie", the word, and the mark again.
    hand = Person(chromium, site, "tying", touch=True).sign_in()
    hand.project = person.project
    page = hand.go(f"/projects/{hand.project}/annotate").page
    at(hand, 0)
    words = page.get_by_role("group", name="Prompt").get_by_role("button")
    page.touchscreen.tap(*middle(page))
    expect(page.get_by_text("1 mark", exact=True)).to_be_visible()
    page.get_by_role("button", name="Tie to a place").tap()
    words.nth(3).tap()
    expect(words.nth(3)).to_have_attribute("aria-pressed", "true")
    page.touchscreen.tap(*middle(page))
    expect(words.nth(3)).to_have_attribute("data-numbers", "1")
    hand.screenshot("linked-words-touch")
    page.get_by_role("button", name="Care: 5", exact=True).tap()
    page.get_by_role("button", name=re.compile("^Send")).tap()
    expect(page.get_by_text(re.compile(r"#2\b"))).to_be_visible()

    def link(token: int) -> dict[str, object]:
        return {"token": token, "question": "flaw", "image": "a", "mark": 0}

    keyed, touched = answers_of(hand, site)
    assert keyed["wrong"] == {"spans": [[1, 2]], "links": [link(1)]}
    assert touched["wrong"] == {"spans": [[3, 3]], "links": [link(3)]}
    assert (keyed["care"], touched["care"]) == ({"ratings": {"a": 4}}, {"ratings": {"a": 5}})
    [point] = touched["flaw"]["marks"]["a"]
    assert point == {"x": pytest.approx(0.5, abs=0.02), "y": pytest.approx(0.5, abs=0.02)}
    assert found == [], report(found)
