"""Regions in a real browser: composed, drawn by mouse, by keys and by touch, stored, reviewed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site
from tests.browser.test_accessibility import report, serious

pytestmark = pytest.mark.browser

PUT = re.compile(r"/assignments/[^/]+/annotation(\?|$)")
OPTIONS = [
    {"id": "body", "title": "Body", "title_zh": "身体"},
    {"id": "hands", "title": "Hands", "title_zh": "手", "parent": "body"},
    {"id": "face", "title": "Face", "title_zh": "脸", "parent": "body"},
    {"id": "text", "title": "Text", "title_zh": "文字"},
]
QUESTION: dict[str, Any] = {
    "id": "flaws",
    "type": "regions",
    "title": "What is wrong?",
    "title_zh": "哪里有问题？",
    "help": "Draw around every flaw that you see.",
    "help_zh": "画出您看到的每一处缺陷。",
    "options": OPTIONS,
}
Point = tuple[float, float]
CLOSE = 1e-4


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "lead").sign_in()


@pytest.fixture
def project(lead: Person, site: Site, tmp_path: Path) -> str:
    """One image that three people are asked about, all of it reviewed."""
    settings = {"name": "Regions", "template": "custom", "review_rate": 1, "questions": [QUESTION]}
    made = str(lead.send("/projects", settings)["id"])
    lay_out(tmp_path, form="singles", prompts=1, generators=GENERATORS[-1:])
    site.manage("import_batch", made, str(tmp_path))
    return made


class Drawing:
    """Somebody before the item's one image."""

    def __init__(self, person: Person, project: str) -> None:
        self.person, self.page = person, person.page
        person.site.person(person.name, project, "annotator")
        person.sign_in().go(f"/projects/{project}/annotate")
        expect(self.page.get_by_role("button", name="No flaw")).to_be_enabled()

    def at(self, *points: Point) -> tuple[list[Point], list[list[float]]]:
        """Whole pixels of the screen near these fractions, and the fractions that those are."""
        box = self.page.locator('[role="img"] img').bounding_box()
        assert box
        pixels = [
            (round(box["x"] + x * box["width"]), round(box["y"] + y * box["height"]))
            for x, y in points
        ]
        fractions = [
            [(x - box["x"]) / box["width"], (y - box["y"]) / box["height"]] for x, y in pixels
        ]
        return [(float(x), float(y)) for x, y in pixels], fractions

    def drag(self, *points: Point) -> list[list[float]]:
        (first, *others), fractions = self.at(*points)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for x, y in others:
            self.page.mouse.move(x, y, steps=4)
        self.page.mouse.up()
        return fractions

    def touching(self) -> Callable[..., None]:
        line = self.person.context.new_cdp_session(self.page)

        def touch(kind: str, *fingers: Point) -> None:
            points = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(fingers)]
            line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        return touch

    def swipe(self, *points: Point) -> list[list[float]]:
        (first, *others), fractions = self.at(*points)
        touch = self.touching()
        touch("touchStart", first)
        x, y = first
        for to_x, to_y in others:
            for part in range(1, 5):
                touch("touchMove", (x + (to_x - x) * part / 4, y + (to_y - y) * part / 4))
            x, y = to_x, to_y
        touch("touchEnd")
        return fractions

    def pinch(self) -> tuple[float, float]:
        """A second finger comes while one draws: how much larger the image is, how far it went."""
        image = self.page.locator('[role="img"] img')
        before = image.bounding_box()
        touch = self.touching()
        touch("touchStart", (300, 300))
        touch("touchMove", (330, 300))
        touch("touchStart", (330, 300), (430, 300))
        for part in range(1, 6):
            touch("touchMove", (330 - 10 * part, 300), (430 + 10 * part, 300))
        self.page.wait_for_timeout(300)
        larger = image.bounding_box()
        for part in range(1, 6):
            touch("touchMove", (280, 300 + 6 * part), (480, 300 + 6 * part))
        touch("touchEnd")
        self.page.wait_for_timeout(300)
        after = image.bounding_box()
        assert before
        assert larger
        assert after
        return larger["width"] / before["width"], after["y"] - larger["y"]

    def send(self) -> Any:
        with self.page.expect_response(PUT, timeout=60_000) as sent:
            self.person.press("Enter")
        assert sent.value.ok, sent.value.text()
        return json.loads(sent.value.request.post_data or "")["answers"]


def box_of(points: list[list[float]]) -> Any:
    (x, y), (right, bottom) = points
    return pytest.approx([x, y, right - x, bottom - y], abs=CLOSE)


def line_of(points: list[list[float]]) -> list[Any]:
    return [pytest.approx(point, abs=CLOSE) for point in points]


def shown(person: Person) -> int:
    return person.page.locator("svg[data-regions] [data-region]").count()


def test_regions_drawn_by_mouse_keys_and_touch_are_stored_as_drawn_and_reviewed_in_layers(
    chromium: Browser, site: Site, lead: Person, project: str
) -> None:
    # By mouse, with every tool; the flaw before or after it.
    mouse = Drawing(Person(chromium, site, "mouse"), project)
    page = mouse.page
    box = mouse.drag((0.1, 0.2), (0.3, 0.5))
    expect(page.get_by_text("What is wrong there?")).to_be_visible()
    mouse.person.press("1", "1")
    expect(page.get_by_role("button", name="Region 1: Hands")).to_be_visible()
    mouse.person.press("n", "2", "f", "]")
    stroke = mouse.drag((0.5, 0.3), (0.8, 0.3), (0.8, 0.5))
    mouse.person.press("a")
    lasso = mouse.drag((0.5, 0.6), (0.7, 0.6), (0.6, 0.8))
    mouse.person.press("r", "[")
    rubbed = mouse.drag((0.55, 0.3), (0.6, 0.3))
    mouse.drag((0.7, 0.2), (0.7, 0.4))
    mouse.person.press("Backspace").screenshot("regions-desk")
    expect(page.get_by_role("button", name="Region 2: Text")).to_be_visible()

    # Held down, Y hides them; the answer stays.
    assert shown(mouse.person) == 2
    page.keyboard.down("y")
    expect(page.locator("svg[data-regions] [data-region]")).to_have_count(0)
    page.keyboard.up("y")
    expect(page.locator("svg[data-regions] [data-region]")).to_have_count(2)
    mouse.person.in_both_languages("regions-desk")
    page.set_viewport_size({"width": 820, "height": 1180})
    mouse.person.screenshot("regions-desk-tablet")
    assert report(serious(mouse.person, "desk")) == ""
    assert mouse.send() == {
        "flaws": {
            "regions": {
                "a": [
                    {"flaw": "hands", "box": box_of(box)},
                    {
                        "flaw": "text",
                        "strokes": [
                            {"tool": "brush", "radius": 0.0375, "points": line_of(stroke)},
                            {"tool": "lasso", "points": line_of(lasso)},
                            {"tool": "erase", "radius": 0.03, "points": line_of(rubbed)},
                        ],
                    },
                ]
            }
        }
    }
    mouse.person.leave()

    # By keys alone: C brings the crosshair to the middle, Enter sets two corners.
    by_keys = Drawing(Person(chromium, site, "keys"), project)
    by_keys.person.press("2", "c", "Enter")
    by_keys.person.press(*["Shift+ArrowRight"] * 6, *["Shift+ArrowDown"] * 4, "Enter")
    scale = by_keys.page.locator('[role="img"] img').bounding_box()
    assert scale
    by_keys.person.press("Escape", "n", "Tab").screenshot("regions-keys")
    assert by_keys.send() == {
        "flaws": {
            "regions": {
                "a": [
                    {
                        "flaw": "text",
                        "box": pytest.approx(
                            [0.5, 0.5, 60 / scale["width"], 40 / scale["height"]], abs=CLOSE
                        ),
                    }
                ]
            }
        }
    }
    by_keys.person.leave()

    # By touch, on a tablet.
    finger = Drawing(Person(chromium, site, "finger", touch=True), project)
    finger.page.set_viewport_size({"width": 820, "height": 1180})
    finger.page.get_by_role("button", name="Body", exact=False).first.tap()
    finger.page.get_by_role("button", name="Brush", exact=False).first.tap()
    # Two fingers look closer and move the image; what one of them had begun is no stroke.
    assert finger.pinch() == pytest.approx((2, 30), abs=0.01)
    assert shown(finger.person) == 0
    finger.person.press("0")
    swiped = finger.swipe((0.2, 0.4), (0.6, 0.4))
    expect(finger.page.get_by_role("button", name="Region 1: Body")).to_be_visible()
    finger.person.screenshot("regions-touch-tablet")
    assert finger.send() == {
        "flaws": {
            "regions": {
                "a": [
                    {
                        "flaw": "body",
                        "strokes": [{"tool": "brush", "radius": 0.03, "points": line_of(swiped)}],
                    }
                ]
            }
        }
    }
    finger.person.leave()

    # What all three drew, for the reviewer and on the item's page.
    page = lead.go(f"/projects/{project}/review").page
    layers = page.get_by_role("toolbar", name="Layers")
    expect(page.locator("svg[data-regions] [data-region]")).to_have_count(4)
    expect(page.get_by_text("2 regions: Hands, Text")).to_be_visible()
    lead.screenshot("regions-review")
    layers.get_by_role("button", name=re.compile("^1 of 3")).click()
    expect(page.locator("svg[data-regions]")).to_have_count(0)
    expect(page.locator('[role="img"] canvas')).to_have_count(1)
    lead.screenshot("regions-review-1-of-3")
    layers.get_by_role("button", name=re.compile("^1 of 3")).click()
    expect(page.locator('[role="img"] canvas')).to_have_count(0)

    page = lead.go(f"/projects/{project}/items").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(page.locator("svg[data-regions] [data-region]")).to_have_count(4)
    page.get_by_role("button", name="Variance").click()
    expect(page.locator('[role="img"] canvas')).to_have_count(1)
    lead.screenshot("regions-item")
    lead.leave()


def test_a_tree_of_flaws_is_composed_beside_a_desk_that_draws(
    chromium: Browser, site: Site
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    lead.page.set_viewport_size({"width": 1366, "height": 768})
    page = lead.go("/projects/new").page
    page.get_by_role("radio", name=re.compile("Custom|Own")).click()
    page.get_by_label("Title", exact=True).fill("What is wrong?")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Regions drawn on the image").click()
    page.get_by_label("Flaw 1", exact=True).fill("Body")
    for number, title in ((2, "Hands"), (3, "Text")):
        page.get_by_role("button", name="Add a flaw").click()
        page.get_by_label(f"Flaw {number}", exact=True).fill(title)
    page.get_by_role("button", name="Under the one above: Flaw 2").click()
    expect(page.get_by_role("button", name="Under the one above: Flaw 2")).to_be_disabled()

    desk = page.get_by_role("group", name="The desk with these questions")
    flaws = desk.get_by_role("group", name="Flaws")
    expect(flaws.get_by_role("listitem").first.get_by_role("listitem")).to_have_text(
        re.compile("Hands")
    )
    place = desk.locator('[role="img"] img').first.bounding_box()
    assert place
    page.mouse.move(place["x"] + 30, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(place["x"] + 90, place["y"] + 90, steps=4)
    page.mouse.up()
    expect(desk.get_by_role("button", name="Region 1, image 1: not said yet")).to_be_visible()
    flaws.get_by_role("button", name=re.compile("Hands")).click()
    expect(desk.get_by_role("button", name="Region 1, image 1: Hands")).to_be_visible()
    lead.screenshot("regions-composer")

    page.get_by_label("Name").first.fill("Composed regions")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/projects/\d+/batches"))
    [number] = re.findall(r"/projects/(\d+)/", page.url)
    made = page.request.get(f"{site.url}/api/v1/projects/{number}").json()["questions"][0]
    assert [(one["id"], one["parent"]) for one in made["options"]] == [
        ("body", ""),
        ("hands", "body"),
        ("text", ""),
    ]
    lead.leave()
