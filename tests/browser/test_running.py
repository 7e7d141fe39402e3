"""A lead runs projects in a real browser: pauses, archives, copies, deletes; reads who did what."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site
from tests.waiting import until

pytestmark = pytest.mark.browser

NAME = "Which cat is better?"
SIZES = {"1366": (1366, 768), "2560": (2560, 1440)}


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


@pytest.fixture(scope="module")
def judged(lead: Person, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The number of a project that three people have judged, with an annotator called ada."""
    folder = tmp_path_factory.mktemp("judged")
    lay_out(folder, prompts=4, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    made = str(lead.send("/projects", {"name": NAME, "template": "mps", "review_rate": 0})["id"])
    lead.site.manage("import_batch", made, str(folder))
    lead.site.manage("simulate", made)
    lay_out(folder, prompts=4, form="pairs", generators=GENERATORS[1:3])
    lead.site.manage("import_batch", made, str(folder))
    lead.site.person("ada", made, "annotator")
    return made


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def pictured(person: Person, name: str) -> None:
    """The page in both languages, on a small and on a large screen."""
    page = person.page
    for language, option in (("en", "English"), ("zh", "简体中文")):
        page.get_by_label(re.compile("^(Language|语言)$")).select_option(label=option)
        page.wait_for_timeout(300)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            person.screenshot(f"{name}-{language}-{size}")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_label(re.compile("^(Language|语言)$")).select_option(label="English")
    expect(page.get_by_label("Language")).to_be_visible()


def test_a_lead_pauses_and_the_desk_says_so_calmly(
    chromium: Browser, lead: Person, judged: str, tmp_path: Path
) -> None:
    lay_out(tmp_path, prompts=4, form="pairs", generators=GENERATORS[2:4])
    lead.site.manage("import_batch", judged, str(tmp_path))
    ada = Person(chromium, lead.site, "ada").sign_in().go("/")
    expect(ada.page.get_by_text(re.compile("items left for you"))).to_be_visible()
    page = lead.go("/").page
    own = page.get_by_role("navigation", name=NAME, exact=True)
    card = page.get_by_role("listitem").filter(has=own)
    expect(card.get_by_text(re.compile("^4 of (8|12) items settled$"))).to_be_visible()
    pictured(lead, "running-home")
    page = lead.go(f"/projects/{judged}").page
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("This project is paused")).to_be_visible()
    pictured(lead, "running-paused")

    ada.go(f"/projects/{judged}/annotate")
    expect(ada.page.get_by_role("heading", name="This project is paused")).to_be_visible()
    ada.screenshot("running-desk-paused")
    ada.go("/")
    expect(ada.page.get_by_text("paused", exact=True)).to_be_visible()

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("This project is paused")).to_be_hidden()
    ada.go(f"/projects/{judged}/annotate")
    expect(ada.page.get_by_role("heading", name="This project is paused")).to_be_hidden()
    expect(ada.page.get_by_role("img").first).to_be_visible()
    ada.leave()


def test_a_lead_renames_a_batch_and_deletes_it(lead: Person, judged: str) -> None:
    page = lead.go(f"/projects/{judged}/batches").page
    there = len(lead.page.request.get(f"{lead.site.url}/api/v1/projects/{judged}/batches").json())
    batches = page.get_by_role("table").get_by_role("link")
    batches.first.click()
    page.get_by_role("button", name="Rename").click()
    dialog(page).get_by_label("Name").fill("Second thoughts")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Second thoughts")).to_be_visible()
    pictured(lead, "running-batch")

    page.get_by_role("button", name="Delete…").click()
    expect(dialog(page).get_by_text("4 items", exact=True)).to_be_visible()
    lead.screenshot("running-batch-delete")
    # Nobody has answered any of it: one press, no name.
    dialog(page).get_by_role("button", name="Delete for good").click()
    page.wait_for_url(f"**/projects/{judged}/batches")
    expect(page.get_by_role("link", name="Second thoughts")).to_be_hidden()
    expect(page.get_by_text("Being deleted")).to_be_hidden()
    expect(batches).to_have_count(there - 1)


def test_an_unfinished_upload_disappears_with_one_press(lead: Person, judged: str) -> None:
    lead.send(f"/projects/{judged}/batches", {"filename": "never.zip", "size": 10})
    page = lead.go(f"/projects/{judged}/batches").page
    page.get_by_role("button", name="Delete the upload never.zip").first.click()

    expect(page.get_by_text("never.zip")).to_have_count(0)


def test_a_copy_is_archived_shown_again_and_deleted(lead: Person, judged: str) -> None:
    page = lead.go(f"/projects/{judged}").page
    page.get_by_role("button", name="Duplicate…").click()
    expect(dialog(page).get_by_label("Name of the copy")).to_have_value(f"{NAME} (copy)")
    dialog(page).get_by_label("Name of the copy").fill("A copy")
    lead.screenshot("running-duplicate")
    dialog(page).get_by_role("button", name="Make the copy").click()
    page.wait_for_url(re.compile(rf"/projects/(?!{judged}$)\d+$"))
    copy = page.url.rpartition("/")[2]

    page.get_by_role("button", name="Archive").click()
    dialog(page).get_by_role("button", name="Archive").click()
    expect(page.get_by_text("This project is archived")).to_be_visible()
    page.goto(f"{lead.site.url}/")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_role("heading", name="A copy")).to_be_hidden()
    page.get_by_label(re.compile("Show 1 archived project")).check()
    expect(page.get_by_role("heading", name="A copy")).to_be_visible()
    lead.screenshot("running-home-archived")

    page = lead.go(f"/projects/{copy}").page
    page.get_by_role("button", name="Delete…").click()
    sure = dialog(page).get_by_role("button", name="Delete for good")
    expect(sure).to_be_disabled()
    dialog(page).get_by_label("Type its name to confirm").fill("A copy")
    lead.screenshot("running-delete-project")
    sure.click()
    page.wait_for_url(f"{lead.site.url}/")
    expect(page.get_by_role("heading", name="A copy")).to_be_hidden()
    expect(page.get_by_label(re.compile("archived"))).to_be_hidden()


def something_happens(lead: Person, project: str) -> None:
    """A pause, another name for a batch, and a project that is made and taken away."""
    lead.send(f"/projects/{project}/pause", {})
    lead.send(f"/projects/{project}/resume", {})
    address = f"{lead.site.url}/api/v1"
    [batch, *_] = lead.page.request.get(f"{address}/projects/{project}/batches").json()
    lead.send(f"/batches/{batch['id']}", {"name": batch["name"] + "!"}, method="PATCH")
    gone = lead.send("/projects", {"name": "Short lived", "template": "mps"})
    lead.send(f"/projects/{gone['id']}/pause", {})
    lead.send(f"/projects/{gone['id']}/delete", {"name": "Short lived"})
    until(lambda: "project.deleted" in lead.page.request.get(f"{address}/audit").text())


def test_a_lead_reads_who_did_what_and_takes_it_along(
    lead: Person, judged: str, tmp_path: Path
) -> None:
    something_happens(lead, judged)
    page = lead.go(f"/projects/{judged}/audit").page
    table = page.get_by_role("table")
    expect(table.get_by_text("Paused the project").first).to_be_visible()
    expect(table.get_by_text("name: ")).not_to_have_count(0)
    pictured(lead, "running-audit")
    page.get_by_label("What").select_option(label="Batches")
    expect(table.get_by_text("Paused the project")).to_have_count(0)
    expect(table.get_by_text("Renamed a batch").first).to_be_visible()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download: CSV").click()
    downloaded.value.save_as(tmp_path / "audit.csv")
    read = (tmp_path / "audit.csv").read_text("utf-8-sig")
    assert "batch.renamed" in read
    assert "project.paused" not in read

    page = lead.go("/").page
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("heading", name="Who did what on this site")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_text("Signed in").first).to_be_visible()
    expect(table.get_by_text("Deleted the project").first).to_be_visible()
    expect(table.get_by_text(re.compile("^project \\d+, gone$")).first).to_be_visible()
    pictured(lead, "running-audit-site")


def test_a_manager_reads_the_key_and_the_look_is_noted(lead: Person, judged: str) -> None:
    page = lead.go(f"/projects/{judged}/exports").page
    page.get_by_role("button", name="Show the key").click()
    expect(page.get_by_text(re.compile("^A-[0-9a-f]{10}$")).first).to_be_visible()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download as CSV").click()
    assert "pseudonym,role,user_id,username" in Path(downloaded.value.path()).read_text("utf-8-sig")
    page.get_by_role("button", name="Download as CSV").scroll_into_view_if_needed()
    lead.screenshot("running-key")

    page = lead.go(f"/projects/{judged}/audit").page
    expect(page.get_by_text("Looked up who stands behind the pseudonyms")).to_be_visible()
