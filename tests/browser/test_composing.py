"""Composing questions beside the live desk, and asking otherwise once people have begun."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser


def card(page: Page, number: int) -> None:
    """Opens the card of a question."""
    page.get_by_role("button", name=re.compile(rf"^{number}\. ")).click()


def test_questions_are_composed_beside_a_desk_that_asks_them(chromium: Browser, site: Site) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    lead.page.set_viewport_size({"width": 1366, "height": 768})
    page = lead.go("/projects/new").page
    page.get_by_role("radio", name=re.compile("Custom|Own")).click()
    page.get_by_label("Title", exact=True).fill("Light")
    page.get_by_label("Title in Chinese").fill("光线")
    page.get_by_label("Explanation", exact=True).fill("Is the light as it should be?")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Preference between two images").click()
    page.get_by_label("Title", exact=True).fill("Better")

    desk = page.get_by_role("group", name="The desk with these questions")
    expect(desk.get_by_text("Light").first).to_be_visible()
    lead.screenshot("composer-two")

    # By keys: the second question goes first.
    page.get_by_role("button", name="Move question 2: drag, or the arrow keys").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name=re.compile(r"^1\. Better"))).to_be_visible()
    # By drag, back again.
    page.get_by_role("button", name="Move question 1: drag, or the arrow keys").drag_to(
        page.get_by_role("button", name=re.compile(r"^2\. Light"))
    )
    expect(page.get_by_role("button", name=re.compile(r"^1\. Light"))).to_be_visible()

    # Answered by keys, nowhere.
    desk.click(position={"x": 5, "y": 5})
    page.keyboard.press("4")
    page.keyboard.press("3")
    lead.screenshot("composer-answered")
    page.keyboard.press("f")
    expect(page.get_by_text("Answered 1 time. Nothing is kept.")).to_be_visible()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("region", name="Preview").get_by_text("光线").first).to_be_visible()
    lead.screenshot("composer-preview-chinese")

    # Each thing that the server refuses stands beside its field.
    page.get_by_label("Name").first.fill("Composed")
    card(page, 1)
    page.get_by_label("Id", exact=True).fill("Not an id")
    page.get_by_label("Highest").fill("1")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("can't be used as an id").first).to_be_visible()
    lead.screenshot("composer-refused")
    page.get_by_label("Id", exact=True).fill("light")
    page.get_by_label("Highest").fill("5")
    lead.page.set_viewport_size({"width": 2560, "height": 1440})
    lead.screenshot("composer-wide")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/projects/\d+/batches"))
    assert lead.troubles == []


def test_a_question_that_is_asked_otherwise_is_a_new_version(
    chromium: Browser, site: Site, pairs_zip: Path, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    lead.page.set_viewport_size({"width": 1366, "height": 768})
    question = {"id": "light", "type": "rating", "title": "Light", "scale": {"min": 1, "max": 5}}
    settings = {"name": "Again", "template": "custom", "review_rate": 0, "questions": [question]}
    project = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", project, str(pairs_zip))
    site.person("versioned", project, "annotator")
    person = Person(chromium, site, "versioned").sign_in().go(f"/projects/{project}/annotate")
    expect(person.page.get_by_text("Light").first).to_be_visible()
    person.press("4", "4")
    expect(person.page.get_by_text("#1")).to_be_visible()

    page = lead.go(f"/projects/{project}").page
    page.get_by_role("link", name="Edit questions").click()
    page.get_by_label("Highest").fill("7")
    expect(page.get_by_label("Id", exact=True)).to_have_value("light_2")
    lead.screenshot("questions-changed")
    page.get_by_role("button", name="Save the questions").click()
    expect(page.get_by_text("The project asks version 2 now.")).to_be_visible()
    lead.screenshot("questions-version-2")
    lead.speak("zh-Hans").screenshot("questions-version-2-chinese")
    lead.speak("en")

    lay_out(tmp_path, prompts=5, form="pairs", generators=GENERATORS[1:3])
    site.manage("import_batch", project, str(tmp_path))
    # What is held already keeps its question; what comes next is asked anew, without a reload.
    for _ in range(10):
        if person.page.get_by_role("button", name=re.compile(r"\b7$")).count():
            break
        person.press("4", "4")
        person.page.wait_for_timeout(500)
    expect(person.page.get_by_role("button", name=re.compile(r"\b7$")).first).to_be_visible()
    person.screenshot("desk-version-2")
    assert lead.troubles == person.troubles == []


def test_what_a_ready_template_asks_is_read_and_tried(chromium: Browser, site: Site) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    made = lead.send("/projects", {"name": "Ready made", "template": "richhf"})["id"]
    page = lead.go(f"/projects/{made}").page
    page.get_by_role("link", name="See the desk").click()
    page.wait_for_url(f"**/projects/{made}/questions")

    asked = page.get_by_role("main").get_by_role("list").get_by_role("listitem")
    expect(asked).to_have_count(7)
    expect(asked.first).to_contain_text("Implausible")
    desk = page.get_by_role("group", name="The desk with these questions")
    expect(desk.get_by_text("Plausibility").first).to_be_visible()
    expect(page.get_by_role("link", name="Ask your own questions in a new project")).to_be_visible()
    lead.screenshot("questions-ready")
    lead.leave()


def test_of_two_languages_chosen_quickly_the_last_one_stays(chromium: Browser, site: Site) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    page = lead.go("/projects/new").page

    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if route.request.method == "PATCH" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/me", hold_first)
    lead.speak("zh-Hans").speak("en")
    with page.expect_response(lambda one: one.request.post_data_json == {"language": "en"}):
        held[0].continue_()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.request.get(f"{site.url}/api/v1/me").json()["language"] == "en"
    lead.leave()
