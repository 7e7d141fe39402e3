"""What a lead reads of people's numbers, in a real browser: which answers count, and places."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, Form, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

MADE_BY = GENERATORS[:2]


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


def judged(lead: Person, folder: Path, template: str, form: Form) -> str:
    """The address of a project of the demo's images that three people have judged."""
    lay_out(folder, prompts=12, form=form, generators=MADE_BY)
    settings = {"name": f"Numbers of {form}", "template": template, "review_rate": 0.2}
    made = str(lead.send("/projects", settings)["id"])
    lead.site.manage("import_batch", made, str(folder))
    lead.site.manage("simulate", made)
    return f"/projects/{made}"


def shot(lead: Person, name: str) -> None:
    """As a laptop and as a large screen show it."""
    for width in (1366, 2560):
        lead.page.set_viewport_size({"width": width, "height": 900})
        lead.screenshot(f"{name}-{width}")
    lead.page.set_viewport_size({"width": 1366, "height": 900})


def test_marks_are_compared_by_their_places_and_reports_say_which_answers_count(
    lead: Person, tmp_path: Path
) -> None:
    project = judged(lead, tmp_path, "richhf", "singles")

    page = lead.go(project).page
    card = page.locator("section").filter(has_text="Agreement between annotators")

    expect(card).to_contain_text("Counted: first answers")
    places = card.get_by_role("row", name=re.compile("^Same places")).first
    expect(places).to_contain_text(re.compile(r"\d\.\d\d"))
    expect(
        card.get_by_role("row", name=re.compile("^Each against the others")).first
    ).to_be_visible()
    card.scroll_into_view_if_needed()
    shot(lead, "numbers-places")
    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_text("标记位置是否相同").first).to_be_visible()
    page.get_by_text("标记位置是否相同").first.scroll_into_view_if_needed()
    shot(lead, "numbers-places-zh")
    page.get_by_label("语言").select_option("English")
