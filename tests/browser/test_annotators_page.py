"""What a lead sees of annotators, in a real browser: planted people, worst first; one is paused."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PLANT = """
from annotator.projects.models import Project
from tests.planted import planted
from tests.planting import plant, review
project = Project.objects.get(pk={project})
plant(project, planted(3))
review(project, planted(3), every=5)
"""


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[tuple[Person, str]]:
    """A lead, and the address of a project in which twelve people have answered 400 pairs."""
    lead = Person(chromium, site, "lead").sign_in()
    made = project_of(lead, "Whom to trust?")
    site.manage("shell", "--verbosity", "0", "-c", PLANT.format(project=made))
    yield lead, f"/projects/{made}"
    lead.leave()


def project_of(lead: Person, name: str) -> str:
    question = {"id": "overall", "type": "preference", "title": "Which is better?"}
    settings = {"name": name, "template": "custom", "questions": [question]}
    return str(lead.send("/projects", settings)["id"])


def sized(lead: Person, name: str) -> None:
    """Both widths, kept when screenshots are."""
    for width, height in ((1366, 768), (2560, 1440)):
        lead.page.set_viewport_size({"width": width, "height": height})
        lead.screenshot(f"{name}-{width}")
    lead.page.set_viewport_size({"width": 1366, "height": 768})


def in_chinese(lead: Person, name: str) -> None:
    lead.page.get_by_label("Language").select_option("简体中文")
    expect(lead.page.get_by_role("link", name="标注员", exact=True)).to_be_visible()
    lead.screenshot(f"{name}-zh")
    lead.page.get_by_label("语言").select_option("English")
    expect(lead.page.get_by_role("link", name="Annotators", exact=True)).to_be_visible()


def test_planted_people_stand_worst_first_each_with_a_sentence(lead: tuple[Person, str]) -> None:
    person, project = lead
    person.go(project).page.get_by_role("link", name="Annotators", exact=True).click()
    page = person.page
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(1 + 13)
    expect(rows.nth(1)).to_contain_text(re.compile(r"copier.*May copy good-0", re.DOTALL))
    expect(rows.nth(2)).to_contain_text(
        re.compile(r"left-8.*Took the left image in 100% of 100 answers", re.DOTALL)
    )
    expect(rows.nth(3)).to_contain_text(re.compile("No better than chance"))
    expect(page.get_by_role("row", name=re.compile("good-2")).first).to_contain_text("Nothing")
    sized(person, "annotators")
    in_chinese(person, "annotators")

    page.get_by_text("With a hint", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("good-2"))).to_have_count(0)
    page.get_by_text("All", exact=True).click()
    page.get_by_label("Search by name").fill("RANDOM")
    expect(rows).to_have_count(2)


def test_a_person_has_plots_numbers_and_answers(lead: tuple[Person, str]) -> None:
    person, project = lead
    page = person.go(f"{project}/annotators").page
    page.get_by_role("link", name=re.compile("tired-11")).click()
    expect(page.get_by_role("heading", name=re.compile("tired-11"))).to_be_visible()
    minutes = page.get_by_role("figure", name="Agreement by minute of a session")
    expect(minutes.get_by_role("listitem").first).to_contain_text(re.compile("from minute 0"))
    expect(
        page.get_by_role("row", name=re.compile("Same answer when asked again"))
    ).to_contain_text("No repeats yet: none of this person's own items has come again.")
    expect(page.get_by_role("row", name=re.compile("^Left share"))).to_contain_text("100")
    sized(person, "annotator")
    in_chinese(person, "annotator")

    answers = page.locator("section").filter(has_text="Their answers").get_by_role("listitem")
    expect(answers).to_have_count(24)
    page.get_by_role("button", name="Show more").click()
    expect(answers).to_have_count(48)
    page.get_by_text("Rejected", exact=True).click()
    expect(answers.first).to_contain_text("not what is asked")
    answers.first.scroll_into_view_if_needed()
    person.screenshot("annotator-answers")
    answers.first.get_by_role("button").click()
    person.screenshot("annotator-dialog")
    images = page.get_by_role("dialog").get_by_role("img", name=re.compile("^[ab]: "))
    expect(images).to_have_count(2)
    person.press("Escape")


def test_a_lead_pauses_somebody_who_reads_why(
    lead: tuple[Person, str], chromium: Browser, site: Site
) -> None:
    person, _ = lead
    project = f"/projects/{project_of(person, 'Who is new?')}"  # the planted one stays as it is
    page = person.go(f"{project}/members").page
    page.get_by_label(re.compile("one a line")).fill("Nora, from the agency\n\nOtto")
    person.screenshot("invite-many-form")
    page.get_by_role("button", name="Make 2 links").click()
    made = page.get_by_role("status").filter(has_text="Invitation links")
    expect(made.get_by_role("row")).to_have_count(3)
    person.screenshot("invite-many")
    link = made.get_by_role("row").nth(1).get_by_text("/join/").inner_text()
    made.get_by_role("button", name="I have copied them").click()
    expect(made).to_be_hidden()
    expect(page.get_by_role("row", name=re.compile("Nora, from the agency"))).to_be_visible()
    nora = Person(chromium, site, "nora").join(link)

    page = person.go(f"{project}/members").page
    page.get_by_role("combobox", name="As", exact=True).click()
    page.get_by_role("option", name=re.compile("^Reviewer")).click()
    page.get_by_role("combobox", name="Person").fill("nora")
    page.get_by_role("option", name=re.compile("nora")).click()
    person.screenshot("member-added-form")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="as Reviewer")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("nora.*Reviewer"))).to_be_visible()

    page = person.go(f"{project}/annotators").page
    page.get_by_role("link", name="Nora").click()
    page.get_by_role("button", name="Pause").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("They are given no more items here.")
    dialog.get_by_label(re.compile("A word to them")).fill("Please read the guideline again.")
    person.screenshot("annotator-pause")
    dialog.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile("Paused since"))).to_be_visible()

    nora.go(f"{project}/annotate")
    expect(nora.page.get_by_text("Your work here is paused")).to_be_visible()
    expect(nora.page.get_by_text("Please read the guideline again.")).to_be_visible()
    nora.screenshot("desk-paused")

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    nora.page.get_by_role("button", name=re.compile("Look now")).click()
    expect(nora.page.get_by_text("Your work here is paused")).to_be_hidden()
    nora.leave()
