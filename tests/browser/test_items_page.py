"""What a lead does with items, in a real browser: found, opened, reopened, asked again, kept out.

Images are the demo's, people are simulated.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

SIZES = {"1366": {"width": 1366, "height": 768}, "2560": {"width": 2560, "height": 1440}}


def judged(
    lead: Person, site: Site, folder: Path, template: str, form: str, name: str
) -> tuple[str, str]:
    """A project that simulated people have judged: its number, its address."""
    settings = {"name": name, "template": template, "review_rate": 0.0}
    made = str(lead.send("/projects", settings)["id"])
    lay_out(folder, prompts=4, form=form, generators=GENERATORS[:3])
    site.manage("import_batch", made, str(folder))
    site.manage("simulate", made)
    return made, f"/projects/{made}/items"


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    person = Person(chromium, site, "lead").sign_in()
    yield person
    person.leave()


@pytest.fixture(scope="module")
def pairs(lead: Person, site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Twelve pairs, settled by three people each."""
    folder = tmp_path_factory.mktemp("pairs")
    return judged(lead, site, folder, "mps", "pairs", "Which cube?")


def opened(lead: Person) -> Locator:
    """The item that is open over the list."""
    return lead.page.get_by_role("dialog").first


def asked(lead: Person, title: str) -> Locator:
    """The dialog that asks before a move."""
    dialog = lead.page.get_by_role("dialog", name=title)
    expect(dialog.get_by_text("What happens")).to_be_visible()
    return dialog


def test_a_lead_finds_an_item_and_does_with_it_all_that_can_be_done(
    lead: Person, site: Site, tmp_path: Path
) -> None:
    number, address = judged(lead, site, tmp_path, "mps", "pairs", "Which of these cubes?")
    page = lead.go(address).page
    page.set_viewport_size(SIZES["1366"])
    expect(page.get_by_text("12 items shown")).to_be_visible()
    lead.screenshot("items-list-en-1366")
    listed = lead.table(page.locator("section").filter(has_text="12 items shown"))
    assert len({row["id"] for row in listed}) == 12
    assert all(row["prompt"] and row["generators"].count(" | ") == 1 for row in listed)

    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="Widest disagreement first").click()
    page.wait_for_url(re.compile("order=disagreement"))
    page.get_by_role("combobox", name="State").click()
    with page.expect_response(re.compile("items.*state=settled")):
        page.get_by_role("option", name="Settled").click()
    page.wait_for_url(re.compile("state=settled"))
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(opened(lead).get_by_role("heading", name="Consensus")).to_be_visible()
    expect(opened(lead).get_by_text("Of 3 answers that count.")).to_be_visible()
    # It stands at the right, and the list beside it stays in sight.
    box = opened(lead).bounding_box()
    assert box is not None
    assert 200 < box["x"] < 500
    assert box["x"] + box["width"] > 1340
    lead.screenshot("items-one-en-1366")
    first = page.url
    name = opened(lead).get_by_role("definition").first
    its_name = name.inner_text()
    lead.press("j")
    expect(page).not_to_have_url(first)
    # The address is a moment ahead of the page.
    expect(opened(lead).get_by_role("button", name="Previous (k)")).to_be_enabled()
    lead.press("k")
    expect(page).to_have_url(first)
    expect(name).to_have_text(its_name)

    # Reopened: the consensus goes, the place opens for somebody else.
    opened(lead).get_by_role("button", name=re.compile("^Reopen ")).first.click()
    ask = page.get_by_role("dialog", name=re.compile("^Reopen .*'s answer"))
    expect(ask.get_by_text("Its consensus is withdrawn.")).to_be_visible()
    expect(ask.get_by_text("One place opens.")).to_be_visible()
    yes = ask.get_by_role("button", name="Reopen")
    expect(yes).to_be_disabled()
    ask.get_by_label("Why").fill("the other way round")
    lead.screenshot("items-reopen-en-1366")
    yes.click()
    expect(ask).to_be_hidden()
    expect(opened(lead).get_by_text("Not settled yet.")).to_be_visible()
    expect(opened(lead).get_by_text("the other way round")).to_be_visible()
    expect(opened(lead).get_by_text("In work", exact=True)).to_be_visible()
    expect(opened(lead).get_by_role("button", name="Override")).to_be_hidden()
    lead.screenshot("items-reopened-en-1366")

    # The next one: an extra vote.
    lead.press("Escape")
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    opened(lead).get_by_role("button", name="Ask an extra vote").click()
    ask = asked(lead, "Ask an extra vote?")
    expect(ask.get_by_text("Its consensus stays.")).to_be_visible()
    ask.get_by_role("button", name="Ask an extra vote").click()
    expect(ask).to_be_hidden()
    expect(opened(lead).get_by_text("place 4 · extra vote")).to_be_visible()
    expect(opened(lead).get_by_role("button", name="Call the extra vote off")).to_be_enabled()
    expect(opened(lead).get_by_role("button", name="Ask an extra vote")).to_have_count(0)

    # Overridden: a lead's own answer, and nobody's is changed.
    opened(lead).get_by_role("button", name="Override").click()
    ask = asked(lead, "Override the consensus?")
    ask.get_by_role("group", name="Overall").get_by_text("tie").click()
    ask.get_by_label("Why").fill("six fingers in both")
    lead.screenshot("items-override-en-1366")
    ask.get_by_role("button", name="Override").click()
    expect(ask).to_be_hidden()
    expect(opened(lead).get_by_text("A lead's own answer, in the place")).to_be_visible()
    expect(opened(lead).get_by_text("the lead's").first).to_be_visible()
    lead.screenshot("items-overridden-en-1366")
    opened(lead).get_by_role("button", name="Withdraw the override").click()
    asked(lead, "Withdraw the override?").get_by_role(
        "button", name="Withdraw the override"
    ).click()
    expect(opened(lead).get_by_text("Of 3 answers that count.")).to_be_visible()

    # Kept out, and back again.
    opened(lead).get_by_role("button", name="Exclude").click()
    ask = asked(lead, "Exclude this item?")
    ask.get_by_label("Why").fill("shows a real person")
    ask.get_by_role("button", name="Exclude").click()
    expect(opened(lead).get_by_text("shows a real person").first).to_be_visible()
    lead.screenshot("items-excluded-en-1366")
    lead.go(f"{address}?state=excluded")
    expect(page.get_by_text("One item shown")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    opened(lead).get_by_role("button", name="Include again").click()
    asked(lead, "Include this item again?").get_by_role("button", name="Include again").click()
    expect(opened(lead).get_by_text("Of 3 answers that count.")).to_be_visible()
    assert "promises hold" in lead.site.manage("verify", number)


def test_a_budget_of_extra_votes_is_shown_before_it_is_spent(
    lead: Person, pairs: tuple[str, str]
) -> None:
    _, address = pairs
    page = lead.go(address).page
    page.set_viewport_size(SIZES["1366"])
    page.get_by_role("button", name="Ask extra votes").click()
    dialog = page.get_by_role("dialog", name="Extra votes for the widest disagreements")
    dialog.get_by_label("Disagreement at least").fill("0")
    dialog.get_by_label("How many at most").fill("2")
    yes = dialog.get_by_role("button", name=re.compile("^Ask (one|2) extra votes?$"))
    expect(yes).to_be_enabled()
    lead.screenshot("items-budget-en-1366")
    yes.click()
    expect(dialog.get_by_role("status")).to_contain_text(re.compile("asked"))
    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("one extra vote asked").first).to_be_visible()


def test_a_list_that_finds_nothing_says_so_and_lets_go_of_its_filters(
    lead: Person, pairs: tuple[str, str]
) -> None:
    _, address = pairs
    page = lead.go(f"{address}?search=zebra").page
    expect(page.get_by_text("No item is like that")).to_be_visible()
    lead.screenshot("items-none-en-1366")
    page.get_by_role("button", name="Take all filters away").click()
    expect(page.get_by_text("12 items shown")).to_be_visible()


def test_marks_lie_over_the_image_as_layers_heatmap_and_variance(
    lead: Person, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("singles")
    _, address = judged(lead, site, folder, "richhf", "singles", "What is wrong?")
    page = lead.go(f"{address}?order=disagreement").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    layers = opened(lead).get_by_role("toolbar", name="What lies over the images")
    expect(layers.get_by_role("button", name="Marks", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    lead.screenshot("items-marks-en-1366")
    layers.get_by_role("button", name="Heatmap").click()
    lead.screenshot("items-heatmap-en-1366")
    layers.get_by_role("button", name="Variance").click()
    expect(layers.get_by_role("button", name="Heatmap")).to_have_attribute("aria-pressed", "false")
    expect(opened(lead).locator("canvas").first).to_be_visible()
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        lead.screenshot(f"items-variance-en-{size}")


def test_the_pages_speak_chinese_too(lead: Person, pairs: tuple[str, str]) -> None:
    _, address = pairs
    page = lead.go(address).page
    lead.speak("zh-Hans")
    expect(page.get_by_role("heading", name="条目").first).to_be_visible()
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        lead.go(address)
        expect(page.get_by_role("heading", name="条目").first).to_be_visible()
        lead.screenshot(f"items-list-zh-{size}")
        page.get_by_role("button", name=re.compile("^打开“")).first.click()
        expect(opened(lead).get_by_role("heading", name="共识")).to_be_visible()
        lead.screenshot(f"items-one-zh-{size}")
    lead.press("Escape")
    lead.speak("en")
    expect(page.get_by_role("heading", name="Items").first).to_be_visible()
    page.set_viewport_size(SIZES["2560"])
    lead.go(address)
    expect(page.get_by_role("heading", name="Items").first).to_be_visible()
    lead.screenshot("items-list-en-2560")
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(opened(lead).get_by_role("heading", name="Consensus")).to_be_visible()
    lead.screenshot("items-one-en-2560")
