"""Edits at the desk: the source beside the results, looked at with it, answered by keys alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PUT = re.compile(r"/assignments/[^/]+/annotation(\?|$)")
SIZES = {"1366": (1366, 768), "2560": (2560, 1440), "tablet": (820, 1180)}
KEYS = ("instruction_following", "preservation", "visual_quality")
ITEMS = 20


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    person = Person(chromium, site, "lead").sign_in()
    yield person
    person.leave()


def project_of(lead: Person, folder: Path, template: str, *, prompts: int) -> str:
    form = "edits" if template == "edit" else "faithful"
    generators = GENERATORS[-3:] if template == "edit" else ()
    lay_out(folder, form=form, prompts=prompts, generators=generators)
    settings = {"name": f"beside {template}", "template": template, "review_rate": 1, "overlap": 1}
    made = str(lead.send("/projects", settings)["id"])
    lead.site.manage("import_batch", made, str(folder))
    return made


def at_the_desk(chromium: Browser, lead: Person, name: str, project: str) -> Person:
    lead.site.person(name, project, "annotator")
    person = Person(chromium, lead.site, name).sign_in()
    person.project = project
    return person.go(f"/projects/{project}/annotate")


def rating(person: Person) -> Locator:
    return person.page.get_by_role("button", name="Instruction followed: 4").first


def shown_source(person: Person) -> Locator:
    return person.page.get_by_role("img", name="Source", exact=True)


def seen_in_all_sizes(person: Person, name: str) -> None:
    for size, (width, height) in SIZES.items():
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.wait_for_timeout(200)
        person.screenshot(f"{name}-{size}")
    person.page.set_viewport_size({"width": 1366, "height": 768})


def test_twenty_edits_are_answered_by_keys_alone(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path
) -> None:
    project = project_of(lead, tmp_path, "edit", prompts=ITEMS)
    person = at_the_desk(chromium, lead, "editor", project)
    page = person.page
    sent = []
    for number in range(ITEMS):
        expect(shown_source(person)).to_be_visible()
        expect(page.get_by_role("group", name="Instruction", exact=True)).to_contain_text(
            "Mend this drawing"
        )
        expect(rating(person)).to_be_enabled()
        if number:
            expect(page.get_by_text(f"#{number}")).to_be_visible()
        else:
            seen_in_all_sizes(person, "edit-desk")
            person.speak("zh-Hans")
            seen_in_all_sizes(person, "edit-desk-chinese")
            person.speak("en")
            expect(rating(person)).to_be_enabled()
        with page.expect_response(PUT, timeout=20_000) as answered:
            for key in "413243":
                page.keyboard.press(key)
        sent.append(json.loads(answered.value.request.post_data or ""))
    expect(page.get_by_role("heading", name=re.compile("Nothing|done|finished"))).to_be_visible()

    for body in sent:
        ratings = [body["answers"][key]["ratings"] for key in KEYS]
        assert [sorted(one) for one in ratings] == [["a", "b"]] * 3
        assert [sorted(one.values()) for one in ratings] == [[1, 4], [2, 3], [3, 4]]
    assert person.troubles == []
    person.leave()


def test_the_result_in_turn_is_held_against_its_source_by_keys(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path
) -> None:
    project = project_of(lead, tmp_path, "edit", prompts=2)
    person = at_the_desk(chromium, lead, "looker", project)
    page = person.page
    expect(rating(person)).to_be_enabled()

    # What they differ in: the result that is asked about, and the source.
    page.keyboard.press("p")
    expect(
        page.get_by_role("status").filter(has_text="What 1 and Source differ in")
    ).to_be_visible()
    expect(shown_source(person)).to_be_hidden()
    person.screenshot("edit-difference")
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    page.keyboard.press("p")
    expect(
        page.get_by_role("status").filter(has_text="What 2 and Source differ in")
    ).to_be_visible()
    page.keyboard.press("Escape")
    # Both in one place, one after the other.
    page.keyboard.press("v")
    expect(shown_source(person)).to_be_visible()
    page.keyboard.press("v")
    expect(shown_source(person)).to_be_hidden()
    page.keyboard.press("Escape")
    # One lens for all.
    page.keyboard.press("+")
    expect(page.get_by_role("status").filter(has_text="%").first).to_be_visible()
    person.screenshot("edit-zoomed")
    page.keyboard.press("0")

    # The source is no answer: a press on it changes nothing.
    before = page.get_by_role("button", pressed=True).count()
    shown_source(person).click()
    assert page.get_by_role("button", pressed=True).count() == before
    assert person.troubles == []
    person.leave()


def test_a_reviewer_and_a_lead_see_the_source(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path
) -> None:
    project = project_of(lead, tmp_path, "edit", prompts=3)
    lead.site.manage("simulate", project)
    lead.site.person("edit-checker", project, "reviewer")
    reviewer = Person(chromium, site, "edit-checker").sign_in().go(f"/projects/{project}/review")
    expect(shown_source(reviewer)).to_be_visible()
    seen_in_all_sizes(reviewer, "edit-review")
    reviewer.leave()

    page = lead.go(f"/projects/{project}/items").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(shown_source(lead)).to_be_visible()
    lead.screenshot("edit-item")


def test_references_stand_beside_what_is_to_be_faithful_to_them(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path
) -> None:
    project = project_of(lead, tmp_path, "entitydraw", prompts=2)
    person = at_the_desk(chromium, lead, "faithful", project)
    page = person.page
    reference = page.get_by_role("img", name="Reference", exact=True)
    expect(reference).to_be_visible()
    expect(page.get_by_role("group", name="Prompt")).to_be_visible()
    person.screenshot("reference-desk")

    reference.click()
    page.keyboard.press("2")
    with page.expect_response(PUT, timeout=20_000) as sent:
        page.keyboard.press("1")
        page.keyboard.press("1")

    best = json.loads(sent.value.request.post_data or "")["answers"]["best"]["choice"]
    assert best in "abcd"
    assert person.troubles == []
    person.leave()
