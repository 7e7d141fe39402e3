"""A batch in a real browser: reviewed, sent back, answered again, signed off, exported."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site
from tests.browser.test_desk import armed

pytestmark = pytest.mark.browser

PROMPTS = 10
SIZES = ((1366, 768), (2560, 1440))


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


@pytest.fixture
def project(lead: Person, tmp_path: Path) -> str:
    """The number of a project of which three simulated people have answered ten pairs."""
    lay_out(tmp_path, prompts=PROMPTS, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    made = str(lead.send("/projects", {"name": "Signed or not", "template": "mps"})["id"])
    lead.site.manage("import_batch", made, str(tmp_path))
    lead.site.manage("simulate", made)
    return made


def batch_page(lead: Person, project: str) -> Page:
    page = lead.go(f"/projects/{project}/batches").page
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Verdict", exact=True)).to_be_visible()
    return page


def shots(lead: Person, name: str) -> None:
    """The page at both widths, in both languages."""
    page = lead.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        lead.screenshot(f"{name}-{width}")
    page.set_viewport_size({"width": 1366, "height": 900})


def accept_all(reviewer: Person, project: str, items: int) -> None:
    """Accepts what waits, and waits for the next to be there before it goes on."""
    page = reviewer.go(f"/projects/{project}/review").page
    for left in range(items, 0, -1):
        expect(page.get_by_text(f"{left} waiting")).to_be_visible()
        expect(page.get_by_text("A1").first).to_be_visible()
        reviewer.press("Shift+A", "Enter")
    expect(page.get_by_text("0 waiting")).to_be_visible()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def value_of(page: Page, label: str) -> str:
    row = dialog(page).get_by_role("row", name=re.compile(f"^{label}"))
    return row.get_by_role("cell").inner_text()


def test_a_batch_is_sent_back_answered_again_and_signed_off(
    chromium: Browser, site: Site, lead: Person, project: str
) -> None:
    lead.site.person("judge", project, "reviewer")
    lead.site.person("fourth", project, "annotator")
    reviewer = Person(chromium, site, "judge").sign_in()
    lead.page.set_viewport_size({"width": 1366, "height": 900})
    page = batch_page(lead, project)
    expect(page.get_by_text("Not decided: too few are reviewed.")).to_be_visible()
    expect(page.get_by_text(re.compile("Of 6 reviewed answers at most 1"))).to_be_visible()
    shots(lead, "verdict-open")
    page.get_by_role("button", name="Sign off").click()
    expect(dialog(page).get_by_text("2 sampled items still wait for a reviewer.")).to_be_visible()
    expect(dialog(page).get_by_role("button", name="Cancel")).to_be_enabled()
    expect(dialog(page).get_by_role("button", name="Sign off")).to_have_count(0)
    shots(lead, "sign-off-refused")
    page.keyboard.press("Escape")

    accept_all(reviewer, project, items=2)
    # What was just said is taken back with one key, and said again.
    reviewer.page.get_by_role("button", name=re.compile("^Undo the last item")).click()
    expect(reviewer.page.get_by_text("A1").first).to_be_visible()
    reviewer.screenshot("review-undone")
    reviewer.press("Shift+A", "Enter")
    expect(reviewer.page.get_by_text("2 of 2 done")).to_be_visible()
    page = batch_page(lead, project)
    expect(page.get_by_text("The rule is met.")).to_be_visible()
    page.get_by_role("button", name="Send back").click()
    dialog(page).get_by_label("Whose answers").select_option("all")
    expect(dialog(page).get_by_role("row", name="Answers sent back 30")).to_be_visible()
    assert value_of(page, "Answers sent back") == "30"
    options = dialog(page).get_by_label("Whose answers").locator("option").all_inner_texts()
    dialog(page).get_by_label("Whose answers").select_option(options[2])
    expect(dialog(page).get_by_role("row", name="Answers sent back 10")).to_be_visible()
    assert value_of(page, "Settled items that are open again") == "10"
    yes = dialog(page).get_by_role("button", name="Send 10 answers back")
    expect(yes).to_be_disabled()
    dialog(page).get_by_label("Reason").fill("Always the left side.")
    shots(lead, "send-back")
    yes.click()
    expect(page.get_by_text("Sent back", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("Always the left side"))).to_be_visible()
    shots(lead, "verdict-returned")

    fourth = Person(chromium, site, "fourth").sign_in().go(f"/projects/{project}/annotate")
    for number in range(1, PROMPTS + 1):
        expect(fourth.page.get_by_role("button", name="Left", exact=True)).to_be_enabled()
        fourth.press("f", "Space", "j", "f")
        expect(fourth.page.get_by_text(f"#{number}")).to_be_visible()
    fourth.go(f"/projects/{project}/mine")
    expect(fourth.page.get_by_role("main").get_by_role("listitem")).to_have_count(PROMPTS)
    fourth.screenshot("my-answers")
    accept_all(reviewer, project, items=2)

    page = batch_page(lead, project)
    expect(page.get_by_text("The rule is met.")).to_be_visible()
    page.get_by_role("button", name="Sign off").click()
    expect(dialog(page).get_by_role("row", name=re.compile("10 of 10"))).to_be_visible()
    shots(lead, "sign-off")
    dialog(page).get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("Signed off", exact=True)).to_be_visible()
    shots(lead, "verdict-signed")
    page.get_by_role("link", name="Export what is signed off").click()
    expect(page.get_by_text("Answers of").first).to_be_visible()
    shots(lead, "exports-signed")
    page = batch_page(lead, project)
    page.get_by_role("button", name="Change the rules").click()
    expect(dialog(page).get_by_label("Rejected at most")).to_be_visible()
    shots(lead, "rules")
    page.keyboard.press("Escape")
    page = lead.go(f"/projects/{project}").page
    page.get_by_role("button", name="Change the rules").click()
    expect(dialog(page).get_by_label("Rejected at most")).to_be_visible()
    page.keyboard.press("Escape")
    for person in (reviewer, fourth):
        person.leave()


def test_the_page_of_a_batch_is_in_chinese_too(lead: Person, project: str) -> None:
    lead.page.set_viewport_size({"width": 1366, "height": 900})
    batch_page(lead, project)
    lead.speak("zh-Hans")
    expect(lead.page.get_by_role("heading", name="批次结论")).to_be_visible()
    shots(lead, "verdict-zh")
    lead.page.get_by_role("button", name="退回", exact=True).click()
    dialog(lead.page).get_by_role("combobox").select_option("all")
    expect(lead.page.get_by_role("dialog").get_by_text("退回的回答")).to_be_visible()
    shots(lead, "send-back-zh")
    lead.press("Escape")
    expect(lead.page.get_by_role("dialog")).to_have_count(0)
    lead.speak("en")


def test_three_people_answer_again_what_was_rejected_and_the_batch_is_signed_off(
    chromium: Browser, site: Site, lead: Person, tmp_path: Path
) -> None:
    lay_out(tmp_path, prompts=2, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    settings = {"name": "Only three", "template": "mps", "review_rate": 0.5}
    project = str(lead.send("/projects", settings)["id"])
    page = lead.go(f"/projects/{project}").page
    steps = page.get_by_role("list").filter(has_text="Write a guideline").get_by_role("listitem")
    expect(steps.filter(has_text="(open)")).to_have_count(4)
    shots(lead, "first-steps")
    lead.site.manage("import_batch", project, str(tmp_path))
    three = [Person(chromium, site, name) for name in ("una", "dos", "tria")]
    for person in three:
        lead.site.person(person.name, project, "annotator")
        page = person.sign_in().go(f"/projects/{project}/annotate").page
        for left in (2, 1):
            expect(page.get_by_text(f"about {left} left for you")).to_be_visible()
            armed(person).press("f", "f", "f", "f", "Enter")
        expect(
            page.get_by_role("heading", name=re.compile("Nothing left|All done"))
        ).to_be_visible()
    lead.site.person("rejecting", project, "reviewer")
    reviewer = Person(chromium, site, "rejecting").sign_in()
    page = reviewer.go(f"/projects/{project}/review").page
    expect(page.get_by_text("A1").first).to_be_visible()
    # The keys are the item's again as soon as a language is chosen.
    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_role("button", name="标注指南")).to_be_visible()
    page.get_by_label("语言").select_option("English")
    expect(page.get_by_role("button", name="Guideline")).to_be_visible()
    reviewer.press("1", "r", "1", "Enter", "Shift+A", "Enter")
    expect(page.get_by_text("0 waiting")).to_be_visible()

    # Nobody is told of work that is not theirs; the lead is told the way out before the sign-off.
    for person in three:
        card = person.go("/").page.get_by_role("listitem").first
        expect(card.get_by_text("nothing left for you")).to_be_visible()
    page = lead.go(f"/projects/{project}/members").page
    expect(
        page.get_by_text(re.compile("^3 people annotate here, as many as an item needs"))
    ).to_be_visible()
    page = lead.go(f"/projects/{project}").page
    expect(page.get_by_role("link", name="Or let authors answer again")).to_be_visible()
    page = batch_page(lead, project)
    told = page.get_by_text(re.compile("^1 rejected answer waits for somebody new"))
    expect(told).to_be_visible()
    expect(page.get_by_text("0 of 1 sampled items are through review")).to_be_visible()
    page.get_by_role("button", name="Sign off").click()
    dialog(page).get_by_role("link", name="See the items that are still in work").click()
    expect(page.get_by_text("One item shown")).to_be_visible()
    page = batch_page(lead, project)
    shots(lead, "for-nobody")
    page.get_by_role("button", name="Let their authors answer again").click()
    expect(told).to_have_count(0)

    author = next(
        person
        for person in three
        if person.go("/").page.get_by_text(re.compile("left for you")).first.inner_text()[0] == "1"
    )
    page = author.go(f"/projects/{project}/annotate").page
    armed(author).press("j", "j", "j", "j", "Enter")
    expect(page.get_by_role("heading", name=re.compile("Nothing left|All done"))).to_be_visible()
    accept_all(reviewer, project, items=1)
    page = batch_page(lead, project)
    page.get_by_role("button", name="Sign off").click()
    dialog(page).get_by_label("Reason").fill("Small, and looked at.")
    dialog(page).get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("Signed off", exact=True)).to_be_visible()
    for person in (*three, reviewer):
        person.leave()
