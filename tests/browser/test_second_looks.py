"""Reviewers beside each other: a blind second look, a lead's word, an answer before the others'."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser


def judged(lead: Person, folder: Path, name: str, **settings: object) -> str:
    """Two pairs that three people answered, all of them drawn for review."""
    made = lead.send("/projects", {"name": name, "template": "mps", "review_rate": 1, **settings})
    project = str(made["id"])
    lay_out(folder, prompts=2, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    lead.site.manage("import_batch", project, str(folder))
    lead.site.manage("simulate", project)
    return project


def test_a_second_reviewer_differs_and_a_lead_overrides(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    project = judged(lead, tmp_path, "Twice", second_share=1)
    for name in ("first", "second"):
        site.person(name, project, "reviewer")
    first = Person(chromium, site, "first").sign_in().go(f"/projects/{project}/review")
    for left in (2, 1):
        expect(first.page.get_by_text(f"{left} waiting")).to_be_visible()
        expect(first.page.get_by_text("A1").first).to_be_visible()
        first.press("Shift+A", "Enter")
    expect(first.page.get_by_text("2 of 2 done")).to_be_visible()
    first.leave()

    second = Person(chromium, site, "second").sign_in().go(f"/projects/{project}/review")
    expect(second.page.get_by_text("second look").first).to_be_visible()
    expect(second.page.get_by_text("Accepted")).to_have_count(0)
    second.screenshot("second-look")
    second.press("r")
    second.page.get_by_placeholder("A number, or your own words").fill("the wrong side")
    second.press("Enter", "Enter")
    expect(second.page.get_by_text("the wrong side")).to_have_count(0)
    second.leave()

    page = lead.go(f"/projects/{project}/annotators").page
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.get_by_text("1 to be settled")).to_be_visible()
    page.get_by_text("How alike reviewers judge").scroll_into_view_if_needed()
    lead.screenshot("reviewers-differ")
    page.get_by_role("button", name="Override", exact=True).click()
    ask = page.get_by_role("dialog")
    ask.get_by_label("Why").fill("it is the left one")
    lead.screenshot("reviewers-override")
    ask.get_by_role("button", name="Make it rejected").click()
    expect(page.get_by_text("lead let it be rejected")).to_be_visible()
    assert "promises hold" in site.manage("verify", project)
    lead.leave()


def test_a_reviewer_answers_before_they_see_the_answers(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    project = judged(lead, tmp_path, "Blind first", answers_first=True)
    site.person("blind", project, "reviewer")
    blind = Person(chromium, site, "blind").sign_in().go(f"/projects/{project}/review")
    page = blind.page
    expect(page.get_by_role("heading", name="Your own answer first")).to_be_visible()
    expect(page.get_by_text("A1")).to_have_count(0)
    blind.screenshot("own-first")
    blind.press("f", "j", "Space", "f")
    page.get_by_role("button", name=re.compile("Show their answers")).click()
    expect(page.get_by_text("A1").first).to_be_visible()
    expect(page.get_by_text("You", exact=True).first).to_be_visible()
    blind.screenshot("own-beside-theirs")
    blind.press("Shift+A", "Enter")
    expect(page.get_by_role("heading", name="Your own answer first")).to_be_visible()
    assert "promises hold" in site.manage("verify", project)
    for one in (lead, blind):
        one.leave()
