"""What a lead sees of generators, in a real browser: boards, their plots, and all of it as files.

Images are the demo's, people are simulated.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

MADE_BY = GENERATORS[:3] + GENERATORS[-1:]
PROMPTS = 8


@pytest.fixture(scope="module")
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    person = Person(chromium, site, "lead").sign_in()
    person.page.set_viewport_size({"width": 1366, "height": 2600})
    yield person
    person.leave()


def judged_project(lead: Person, site: Site, folder: Path, form: str, template: str) -> str:
    """The address of a project whose items three people have judged."""
    lay_out(folder, form=form, prompts=PROMPTS, generators=MADE_BY)
    settings = {"name": f"Boards of {template}", "template": template, "review_rate": 0.0}
    made = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", made, str(folder))
    site.manage("simulate", made)
    return f"/projects/{made}"


def card(lead: Person, title: str) -> Locator:
    return lead.page.locator("section").filter(
        has=lead.page.get_by_role("heading", name=title, exact=True)
    )


def saved(lead: Person, of: Locator, kind: str) -> Path:
    of.get_by_role("button", name=re.compile("^Save")).click()
    with lead.page.expect_download() as download:
        lead.page.get_by_role("menuitem", name=kind).click()
    # The menu fades; the next one is asked for by the same names.
    expect(lead.page.get_by_role("menu")).to_have_count(0)
    return Path(download.value.path())


def test_pairs_are_a_board_whose_every_number_has_an_interval(
    lead: Person, site: Site, tmp_path: Path
) -> None:
    project = judged_project(lead, site, tmp_path, "pairs", "mps")
    page = lead.go(project).page
    board = card(lead, "Leaderboard of generators")
    expect(board.get_by_role("row", name=re.compile(MADE_BY[0])).first).to_contain_text("%")
    expect(board).to_contain_text(re.compile("went to the one on the left"))
    board.scroll_into_view_if_needed()
    lead.screenshot("boards-outcomes")

    board.get_by_text("Strength (Elo)").click()
    expect(board.locator("svg").filter(has_text="Strength (Elo)")).to_be_visible()
    board.get_by_text("How this is computed").click()
    expect(board).to_contain_text("Davidson")
    lead.screenshot("boards-elo")

    lines = saved(lead, board, "Table (CSV)").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("question,option,measure,answers,generator,n,value,low_95")
    assert {line.split(",")[4] for line in lines[1:]} == set(MADE_BY)
    pairs = saved(lead, board, "Wins matrix (CSV)").read_text("utf-8-sig").splitlines()
    assert len(pairs) == 1 + len(MADE_BY) * (len(MADE_BY) - 1)
    drawing = saved(lead, board, "Plot (SVG)").read_text("utf-8")
    assert drawing.startswith("<svg")
    assert "Leaderboard of generators" in drawing
    assert "class=" not in drawing
    with Image.open(saved(lead, board, "Plot (PNG)")) as picture:
        assert picture.width == 2 * (720 + 24)
        # The dots are ink, the ground is white: it was drawn, and with its styles.
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or []}
    assert {(255, 255, 255), (0x23, 0x26, 0x2B), (0x5B, 0x7F, 0xA6)} <= colours

    for title in (
        "Progress", "Answers per day", "Agreement between annotators", "Did the side matter?",
    ):  # fmt: skip
        of = card(lead, title)
        assert len(saved(lead, of, "Table (CSV)").read_text("utf-8-sig").splitlines()) > 1, title
        assert "<text" in saved(lead, of, "Plot (SVG)").read_text("utf-8"), title
    people = saved(lead, card(lead, "Annotators"), "Table (CSV)").read_text("utf-8-sig")
    assert people.startswith("id,name,answers")

    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_role("heading", name="生成器排行")).to_be_visible()
    lead.screenshot("boards-zh")
    page.set_viewport_size({"width": 2560, "height": 2600})
    lead.screenshot("boards-wide")
    page.set_viewport_size({"width": 1366, "height": 2600})
    page.get_by_label("语言").select_option("English")


def test_rankings_and_ratings_have_boards_too(lead: Person, site: Site, tmp_path: Path) -> None:
    project = judged_project(lead, site, tmp_path, "groups", "imagereward")
    page = lead.go(project).page
    board = card(lead, "Leaderboard of generators")
    expect(board.get_by_role("row").nth(1)).to_be_visible()
    board.get_by_role("combobox", name="Question").click()
    page.get_by_role("option", name=re.compile("Rank", re.IGNORECASE)).first.click()
    expect(board).to_contain_text("Who was ranked above whom")
    expect(board).to_contain_text("Mean rank")
    board.scroll_into_view_if_needed()
    lead.screenshot("boards-rankings")
