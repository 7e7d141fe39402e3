"""Ratings of halves, long scales, "does not apply", and the best and the worst: by keys alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.conftest import zipped
from tests.browser.people import Person, Site
from tests.browser.test_accessibility import in_all_sizes, report

pytestmark = pytest.mark.browser

ITEMS = 20
# Every point and every half between, then "does not apply".
CARE: list[tuple[str, float | None]] = [
    ("1", 1), ("q", 1.5), ("2", 2), ("w", 2.5), ("3", 3), ("e", 3.5), ("4", 4), ("r", 4.5),
    ("5", 5), ("n", None),
]  # fmt: skip
# What the slider's keys come to, from nothing said.
TRUE: list[tuple[tuple[str, ...], float | None]] = [
    (("ArrowRight", "ArrowRight", "Enter"), 51),
    (("7", "ArrowLeft", "Enter"), 69),
    (("0", "PageUp", "Shift+ArrowRight", "Enter"), 20),
    (("End", "PageDown", "Enter"), 90),
    (("n",), None),
]


def laid_out(folder: Path, images: int) -> Path:
    """Twenty items, each of the same images under another prompt."""
    manifest = lay_out(folder, form="groups", prompts=1, generators=GENERATORS[:4])
    row = json.loads(manifest.read_text().splitlines()[0])
    rows: list[dict[str, Any]] = [
        {"id": f"{n:02}", "prompt": f"{row['prompt']}, take {n}", "images": row["images"][:images]}
        for n in range(ITEMS)
    ]
    return zipped(folder, folder / "set.zip", rows)


def composing(lead: Person, name: str) -> Page:
    """The composer of a new project, with its first question open."""
    lead.page.set_viewport_size({"width": 1366, "height": 768})
    page = lead.go("/projects/new").page
    page.get_by_role("radio", name=re.compile("Custom|Own")).click()
    page.get_by_label("Name").first.fill(name)
    return page


def created(lead: Person, site: Site, uploaded: Path, annotator: str) -> Person:
    """The project as it is composed, and its annotator before the first item."""
    lead.page.get_by_role("button", name="Create").click()
    lead.page.wait_for_url(re.compile(r"/projects/\d+/batches"))
    [project] = re.findall(r"/projects/(\d+)/", lead.page.url)
    lead.send(f"/projects/{project}", {"review_rate": 0.0, "overlap": 1}, method="PATCH")
    site.manage("import_batch", project, str(uploaded))
    site.person(annotator, project, "annotator")
    person = Person(lead.context.browser or pytest.fail("no browser"), site, annotator).sign_in()
    person.project = project
    person.page.set_viewport_size({"width": 1366, "height": 768})
    return person.go(f"/projects/{project}/annotate")


def at(person: Person, number: int) -> None:
    """Waits until the item after so many answered ones can be answered."""
    if number:
        expect(person.page.get_by_text(re.compile(rf"#{number}\b"))).to_be_visible()
    first = person.page.get_by_role("region").get_by_role("button", disabled=False)
    expect(first.first).to_be_visible()


def answers_of(person: Person, site: Site) -> list[dict[str, Any]]:
    """Everything that they answered, the first of all first."""
    get = person.page.request.get
    rows = get(f"{site.url}/api/v1/projects/{person.project}/my-annotations").json()
    return [
        get(f"{site.url}/api/v1/assignments/{row['assignment']}").json()["answers"]
        for row in rows[::-1]
    ]


def test_halves_anchors_and_a_slider_are_composed_and_answered_by_keys(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    page = composing(lead, "Careful ratings")
    page.get_by_label("Title", exact=True).fill("Care")
    page.get_by_label("Title in Chinese").fill("用心")
    page.get_by_role("switch", name="Half points").click()
    page.get_by_role("switch", name="May not apply").click()
    for point, words, chinese in (
        (1, "Careless", "粗心"),
        (3, "As usual", "一般"),
        (5, "With love", "用心"),
    ):
        page.get_by_label(f"Words at {point}", exact=True).fill(words)
        page.get_by_label(f"Words at {point} in Chinese").fill(chinese)
    lead.screenshot("ratings-composer")
    lead.speak("zh-Hans").screenshot("ratings-composer-chinese")
    lead.speak("en")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Title", exact=True).fill("True to life")
    page.get_by_label("Lowest").fill("0")
    page.get_by_label("Highest").fill("100")
    page.get_by_role("switch", name="May not apply").click()
    page.get_by_label("Words at 0", exact=True).fill("Nothing is")
    page.get_by_label("Words at 100", exact=True).fill("All is")
    found = in_all_sizes(lead, "composer", ("1366",))
    person = created(lead, site, laid_out(tmp_path, 1), "rater")

    expect(person.page.get_by_text("Careless")).to_be_visible()
    for number in range(ITEMS):
        at(person, number)
        if number == 1:
            person.screenshot("ratings-desk").speak("zh-Hans").screenshot("ratings-desk-chinese")
            person.speak("en")
            found += in_all_sizes(person, "halves", ("1366", "tablet", "200%"))
            person.page.set_viewport_size({"width": 820, "height": 1180})
            person.screenshot("ratings-desk-tablet")
            person.page.set_viewport_size({"width": 1366, "height": 768})
        key, _ = CARE[number % len(CARE)]
        person.press(key)
        keys, _ = TRUE[number % len(TRUE)]
        if number == 1:
            person.press(keys[0])
            person.screenshot("ratings-slider")
            found += in_all_sizes(person, "slider", ("1366", "tablet", "200%"))
            person.page.set_viewport_size({"width": 1366, "height": 768})
            person.press(*keys[1:])
        else:
            person.press(*keys)
    expect(
        person.page.get_by_role("heading", name=re.compile("Nothing|done|finished"))
    ).to_be_visible()

    assert answers_of(person, site) == [
        {
            "care": {"ratings": {"a": CARE[number % len(CARE)][1]}},
            "true_to_life": {"ratings": {"a": TRUE[number % len(TRUE)][1]}},
        }
        for number in range(ITEMS)
    ]
    assert report(found) == ""
    lead.go(f"/projects/{person.project}").screenshot("ratings-overview")
    assert lead.troubles == person.troubles == []


def test_the_slider_and_not_applicable_are_pressed_too(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    scale = {"min": 0, "max": 100}
    care = {"id": "care", "type": "rating", "title": "Care", "scale": scale, "na": True}
    settings = {
        "name": "Pressed",
        "template": "custom",
        "review_rate": 0,
        "overlap": 1,
        "questions": [care],
    }
    project = str(lead.send("/projects", settings)["id"])
    site.manage("import_batch", project, str(laid_out(tmp_path, 1)))
    site.person("presser", project, "annotator")
    person = Person(chromium, site, "presser").sign_in()
    person.project = project
    page = person.go(f"/projects/{project}/annotate").page

    slider = page.get_by_role("slider", name="Care")
    expect(slider).to_be_enabled()
    box = slider.bounding_box() or pytest.fail("the slider has no place")
    # The middle, where its thumb lies already.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("status").filter(has_text="50")).to_be_visible()
    # The keys are the desk's still.
    person.press("ArrowRight", "Enter")
    at(person, 1)
    page.get_by_role("button", name="Does not apply").click()
    expect(page.get_by_text(re.compile(r"#2\b"))).to_be_visible()

    given = [one["care"]["ratings"]["a"] for one in answers_of(person, site)]
    assert given == [51, None]
    assert person.troubles == []


def test_the_best_and_the_worst_are_two_keys_or_two_presses(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    page = composing(lead, "Ends")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="The best and the worst of several").click()
    page.get_by_label("Title", exact=True).fill("Ends")
    lead.screenshot("best-worst-composer")
    person = created(lead, site, laid_out(tmp_path, 4), "chooser")
    found = []
    for number in range(ITEMS):
        at(person, number)
        best, worst = number % 4 + 1, (number + 1 + number % 3) % 4 + 1
        if number == 2:
            # By presses: on the image, then on its button.
            person.page.get_by_role("img", name=f"Image {best}").click()
            person.screenshot("best-worst-desk").speak("zh-Hans")
            person.screenshot("best-worst-desk-chinese").speak("en")
            found += in_all_sizes(person, "best and worst", ("1366", "tablet", "200%"))
            person.page.set_viewport_size({"width": 820, "height": 1180})
            person.screenshot("best-worst-tablet")
            person.page.set_viewport_size({"width": 1366, "height": 768})
            person.page.get_by_role("button", name=f"Image {worst}", exact=True).click()
        else:
            person.press(str(best), str(worst))
    expect(
        person.page.get_by_role("heading", name=re.compile("Nothing|done|finished"))
    ).to_be_visible()

    given = answers_of(person, site)
    assert len(given) == ITEMS
    assert all(one["ends"]["best"] != one["ends"]["worst"] for one in given)
    assert report(found) == ""
    page = lead.go(f"/projects/{person.project}").page
    expect(page.get_by_text("Best less worst").first).to_be_visible()
    lead.screenshot("best-worst-overview")
    page = lead.go(f"/projects/{person.project}/items").page
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    expect(page.get_by_text("Best").first).to_be_visible()
    lead.screenshot("best-worst-item")
    assert lead.troubles == person.troubles == []
