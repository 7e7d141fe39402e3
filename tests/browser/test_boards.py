"""What a lead sees of generators, in a real browser: boards, their plots, and all of it as files.

Images are the demo's, people are simulated.
"""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import SCREENSHOTS, Person, Site

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


def drawn_alone(lead: Person, drawing: str, name: str) -> Image.Image:
    """A saved SVG as a program shows it that has no style sheet and nothing else of the site."""
    alone = lead.context.new_page()
    alone.set_viewport_size({"width": 1000, "height": 900})
    encoded = base64.b64encode(drawing.encode()).decode()
    alone.set_content(f'<img src="data:image/svg+xml;base64,{encoded}">')
    alone.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
    picture = Image.open(io.BytesIO(alone.locator("img").screenshot())).convert("RGB")
    alone.close()
    return kept(picture, name)


def kept(picture: Image.Image, name: str) -> Image.Image:
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        picture.save(Path(SCREENSHOTS) / f"{name}.png")
    return picture


def colours_of(picture: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in picture.convert("RGB").getcolors(1 << 22) or []}


def test_pairs_are_a_board_whose_every_number_has_an_interval(
    lead: Person, site: Site, tmp_path: Path
) -> None:
    project = judged_project(lead, site, tmp_path, "pairs", "mps")
    page = lead.go(project).page
    board = card(lead, "Leaderboard of generators")
    expect(board.get_by_role("row", name=re.compile(MADE_BY[0])).first).to_contain_text("%")
    expect(board).to_contain_text(re.compile("went to the one on the left"))
    decisive = board.get_by_text(re.compile("first by strength"))
    expect(decisive).to_be_visible()
    for link in decisive.get_by_role("link").all():
        assert re.search(r"/items\?item=[0-9a-f-]{36}$", link.get_attribute("href") or "")
    board.scroll_into_view_if_needed()
    lead.screenshot("boards-outcomes")

    board.get_by_text("Strength (Elo)").click()
    expect(board.locator("svg").filter(has_text="Strength (Elo)")).to_be_visible()
    board.get_by_text("How this is computed").click()
    expect(board).to_contain_text("Davidson")
    lead.screenshot("boards-elo")

    rows = lead.table(board)
    assert {row["generator"] for row in rows} == set(MADE_BY)
    assert all(float(row["low_95"]) <= float(row["value"]) <= float(row["high_95"]) for row in rows)
    assert {"option", "part", "measure", "answers", "n"} < set(rows[0])
    pairs = lead.saved(board, "Wins matrix (CSV)").read_text("utf-8-sig").splitlines()
    assert len(pairs) == 1 + len(MADE_BY) * (len(MADE_BY) - 1)
    drawing = lead.saved(board, "Plot (SVG)").read_text("utf-8")
    assert drawing.startswith("<svg")
    assert "Leaderboard of generators" in drawing
    assert "class=" not in drawing
    # The dots are ink, the ground is white: it was drawn, and with its styles; whoever has their
    # system dark saves the same.
    shown = {(255, 255, 255), (0x23, 0x26, 0x2B), (0x5B, 0x7F, 0xA6)}
    assert shown <= colours_of(drawn_alone(lead, drawing, "boards-saved-svg"))
    light = kept(Image.open(lead.saved(board, "Plot (PNG)")), "boards-saved-png")
    assert light.width == 2 * (720 + 24)
    assert shown <= colours_of(light)
    page.emulate_media(color_scheme="dark")
    dark = kept(Image.open(lead.saved(board, "Plot (PNG)")), "boards-saved-png-dark")
    assert dark.tobytes() == light.tobytes()
    assert lead.saved(board, "Plot (SVG)").read_text("utf-8") == drawing
    page.emulate_media(color_scheme="light")

    for title in (
        "Progress", "Answers per day", "Agreement between annotators", "Did the side matter?",
    ):  # fmt: skip
        of = card(lead, title)
        assert len(lead.saved(of, "Table (CSV)").read_text("utf-8-sig").splitlines()) > 1, title
        assert "<text" in lead.saved(of, "Plot (SVG)").read_text("utf-8"), title
    people = lead.saved(card(lead, "Annotators"), "Table (CSV)").read_text("utf-8-sig")
    assert people.startswith("id,name,answers")

    page.get_by_label("Language").select_option("简体中文")
    expect(page.get_by_role("heading", name="生成器排行")).to_be_visible()
    lead.screenshot("boards-zh")
    page.set_viewport_size({"width": 2560, "height": 2600})
    lead.screenshot("boards-wide")
    page.set_viewport_size({"width": 1366, "height": 2600})
    page.get_by_label("语言").select_option("English")

    # The demo's prompts count or do not: a board each, and who stands how in both.
    board.get_by_role("combobox", name="By").click()
    page.get_by_role("option", name="A board for each category").click()
    parts = board.get_by_role("table", name="Every part")
    expect(parts.get_by_role("row")).to_have_count(3)
    parts.get_by_role("button", name="single objects").click()
    expect(parts.get_by_role("button", name="single objects")).to_have_attribute(
        "aria-pressed", "true"
    )
    lead.screenshot("boards-by-category")
    lines = lead.saved(board, "Table (CSV)").read_text("utf-8-sig").splitlines()
    assert {line.split(",")[2] for line in lines[1:]} == {"counting", "single objects"}
    lead.go(f"{project}/items?meta=category&meta_value=counting")
    expect(page.get_by_text("category counting").first).to_be_visible()
    lead.screenshot("items-by-meta")


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
