"""The desk when things go wrong: no network, lost answers, reloads, second thoughts."""

import json
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.conftest import zipped
from tests.browser.people import Person, Site
from tests.waiting import until

pytestmark = pytest.mark.browser

PUT = re.compile(r"/assignments/[^/]+/annotation(\?|$)")


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "lead").sign_in()


@pytest.fixture
def desk(
    chromium: Browser, site: Site, lead: Person, pairs_zip: Path, request: pytest.FixtureRequest
) -> Callable[..., Person]:
    """Makes a project of five pairs with one annotator, who sits at the desk."""

    def sit(items: Path = pairs_zip, template: str = "mps") -> Person:
        name = re.sub(r"\W", "", request.node.name)[:40]
        made = lead.send("/projects", {"name": name, "template": template, "review_rate": 0.0})
        site.manage("import_batch", str(made["id"]), str(items))
        site.person(name, str(made["id"]), "annotator")
        person = Person(chromium, site, name).sign_in()
        person.project = str(made["id"])
        return person.go(f"/projects/{made['id']}/annotate")

    return sit


def armed(person: Person) -> Person:
    """Waits until both images are on the screen and the keys are live."""
    expect(person.page.get_by_role("button", name="Left", exact=True)).to_be_enabled()
    return person


def stored(person: Person) -> list[dict[str, Any]]:
    """The person's answers as the server has them, newest first."""
    answer = person.page.request.get(
        f"{person.site.url}/api/v1/projects/{person.project}/my-annotations"
    )
    rows: list[dict[str, Any]] = answer.json()
    return rows


def answers_of(person: Person, row: dict[str, Any]) -> dict[str, Any]:
    """One stored answer in full."""
    answer = person.page.request.get(f"{person.site.url}/api/v1/assignments/{row['assignment']}")
    found: dict[str, Any] = answer.json()["answers"]
    return found


def fetched(person: Person, part: str) -> list[str]:
    """The addresses with this part that the page has loaded."""
    names: list[str] = person.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    return [name for name in names if part in name]


def test_ten_answers_given_without_a_network_arrive_once_and_in_order_when_it_is_back(
    desk: Callable[..., Person], tmp_path: Path
) -> None:
    manifest = lay_out(
        tmp_path, form="pairs", prompts=14, generators=[GENERATORS[0], GENERATORS[-1]]
    )
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    person = armed(desk(zipped(tmp_path, tmp_path / "pairs.zip", rows)))
    # The two images of the item on the desk and of each of the ten that come next.
    until(lambda: len(fetched(person, "/views/")) >= 2 * 11, "the next items' images are here")
    keys = {"Space": "tie", "b": "both_bad", "n": "unsure"}
    given = list(product(keys, repeat=3))[:10]

    person.context.set_offline(True)
    for several in given:
        armed(person).press(*several, several[0])
    expect(person.page.get_by_text(re.compile("10 waiting"))).to_be_visible()
    person.screenshot("desk-offline")
    with person.page.expect_event("dialog") as warned:
        person.page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    warned.value.dismiss()
    person.context.set_offline(False)

    expect(person.page.get_by_text("#10")).to_be_visible()
    stored_rows = stored(person)
    assert len(stored_rows) == 10
    said = [answers_of(person, row) for row in reversed(stored_rows)]
    assert [
        tuple(one[key]["choice"] for key in ("aesthetics", "detail_quality", "semantic_alignment"))
        for one in said
    ] == [tuple(keys[key] for key in several) for several in given]
    # There is more to do at once.
    armed(person).leave()


def test_an_answer_whose_receipt_was_lost_is_stored_once(desk: Callable[[], Person]) -> None:
    person = desk()
    lost: list[str] = []

    def lose_the_first_receipt(route: Route) -> None:
        if lost:
            route.continue_()
            return
        # The request arrives whole; only its answer never comes back.
        route.fetch()
        lost.append(route.request.headers["idempotency-key"])
        route.abort("connectionreset")

    person.page.route(PUT, lose_the_first_receipt)
    armed(person).press("f", "f", "f", "f")

    expect(person.page.get_by_text("#1")).to_be_visible()
    assert len(lost) == 1
    assert len(stored(person)) == 1
    person.leave()


def test_an_unsent_answer_survives_a_reload(desk: Callable[[], Person]) -> None:
    person = desk()
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.route(PUT, lambda route: route.abort("connectionrefused"))
    armed(person).press("j", "j", "j", "j")
    expect(person.page.get_by_text(re.compile("1 waiting"))).to_be_visible()
    assert stored(person) == []

    person.page.unroute(PUT)
    person.page.reload()

    expect(person.page.get_by_text("#1")).to_be_visible()
    assert len(stored(person)) == 1
    person.leave()


def test_one_key_takes_the_last_answer_back_to_change_it(desk: Callable[[], Person]) -> None:
    person = desk()
    armed(person).press("f", "f", "f", "f")
    expect(person.page.get_by_text("#1")).to_be_visible()
    [first] = stored(person)
    before = answers_of(person, first)

    armed(person).press("Backspace")
    expect(person.page.get_by_text("You are changing an earlier answer.")).to_be_visible()
    armed(person).press("n", "n", "n", "n", "Enter")
    expect(person.page.get_by_text("You are changing an earlier answer.")).to_be_hidden()
    expect(person.page.locator("button[data-mood]")).to_contain_text("Saved")

    [row] = stored(person)
    after = answers_of(person, row)
    assert {said["choice"] for said in before.values()} <= {"a", "b"}
    assert {said["choice"] for said in after.values()} == {"unsure"}
    person.leave()


def test_whoever_is_signed_out_types_the_password_and_goes_on(desk: Callable[[], Person]) -> None:
    person = desk()
    armed(person)
    person.context.clear_cookies()

    person.press("f", "f", "f", "f")
    expect(person.page.get_by_role("dialog").get_by_label(re.compile("Password"))).to_be_focused()
    person.page.keyboard.type(person.site.password)
    person.press("Enter")

    expect(person.page.get_by_role("dialog")).to_be_hidden()
    expect(person.page.get_by_text("#1")).to_be_visible()
    assert len(stored(person)) == 1
    person.leave()


def test_a_skipped_item_gives_way_to_the_next(desk: Callable[[], Person]) -> None:
    person = desk()
    armed(person)
    prompt = person.page.get_by_role("group", name="Prompt").inner_text()

    person.press("s")
    person.page.get_by_role("dialog").get_by_role("button").nth(1).click()

    expect(person.page.get_by_role("group", name="Prompt")).not_to_have_text(prompt)
    person.leave()


def test_the_desk_speaks_chinese_too(desk: Callable[[], Person]) -> None:
    person = desk()
    armed(person)

    person.page.get_by_role("combobox", name="Language").select_option("简体中文")

    expect(person.page.get_by_role("img", name="左图")).to_be_visible()
    said = person.page.locator("body").inner_text()
    assert not re.search(r"\b(Left|Right|Tie|Both bad|Skip|Undo)\b", said), said
    person.screenshot("desk-chinese")
    person.leave()


@pytest.mark.parametrize(("width", "height", "root"), [(1366, 768, 16), (2560, 1440, 20)])
def test_type_grows_with_the_screen(
    desk: Callable[[], Person], width: int, height: int, root: int
) -> None:
    person = armed(desk())

    person.page.set_viewport_size({"width": width, "height": height})

    left = person.page.get_by_role("button", name="Left", exact=True)
    size = left.evaluate("(button) => parseFloat(getComputedStyle(button).fontSize)")
    assert size == pytest.approx(root * 14 / 16, abs=0.1)
    # Nowhere but at a desk.
    person.go("/")
    expect(person.page.get_by_role("heading", name="My projects")).to_be_visible()
    page = person.page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert page == "16px"
    person.leave()


def test_the_annotators_page_loads_without_the_leads_kit(desk: Callable[[], Person]) -> None:
    person = desk()
    armed(person)

    loaded = json.loads(
        person.page.evaluate(
            "JSON.stringify(performance.getEntriesByType('resource').map(e => e.name))"
        )
    )

    scripts = [name for name in loaded if re.search(r"\.(js|css)$", name)]
    assert scripts
    # Compressed, until the first item is there: all of it, and what is not React, router, queries.
    sizes: dict[str, int] = person.page.evaluate(
        "Object.fromEntries(performance.getEntriesByType('resource')"
        ".map(({ name, encodedBodySize }) => [name, encodedBodySize]))"
    )
    # What comes when the browser is idle may be here or not.
    idle = re.compile("/(later|notNow|otherCatalogs|reasons)-")
    first = [name for name in scripts if not idle.search(name)]
    assert 0 < sum(sizes[name] for name in first) <= 130_000
    assert sum(sizes[name] for name in first if "/frame-" not in name) <= 50_000
    assert not [name for name in scripts if "/manage-" in name or "/review-" in name]
    assert not [name for name in loaded if not name.startswith((person.site.url, "blob:"))]
    person.leave()


def test_a_mark_lies_where_it_is_put_up_close(
    desk: Callable[..., Person], singles_zip: Path
) -> None:
    person = desk(singles_zip, "richhf")
    page, image = person.page, person.page.locator('[role="img"] img')
    expect(page.get_by_role("button", name="No flaw").first).to_be_enabled()
    place = page.locator('[role="img"]').bounding_box()
    assert place
    x, y = round(place["x"] + 0.62 * place["width"]), round(place["y"] + 0.41 * place["height"])
    page.mouse.move(x, y)
    whole = image.bounding_box()
    assert whole
    while (seen := image.bounding_box()) and seen["width"] < 8 * whole["width"]:
        page.mouse.wheel(0, -200)
        page.wait_for_timeout(50)
    assert seen
    expected = (x - seen["x"]) / seen["width"], (y - seen["y"]) / seen["height"]

    page.mouse.click(x, y)
    # And another flaw there, moved by ten pixels of the screen.
    person.press("Enter").page.mouse.click(x, y)
    person.press(*["ArrowRight"] * 10).screenshot("desk-mark-up-close")
    person.press("Enter", "e", "3", "3", "3", "3", "Enter")
    expect(page.get_by_text("#1")).to_be_visible()

    [row] = stored(person)
    said = answers_of(person, row)
    [clicked] = said["implausibility"]["marks"]["a"]
    [moved] = said["misalignment"]["marks"]["a"]
    # In pixels of the image.
    assert 512 * abs(clicked["x"] - expected[0]) <= 0.05
    assert 512 * abs(clicked["y"] - expected[1]) <= 0.05
    assert 512 * abs(moved["x"] - clicked["x"] - 10 / seen["width"]) <= 0.05
    assert 512 * 10 / seen["width"] <= 10 * 0.5
    person.leave()


def test_an_item_answered_in_two_browsers_asks_which_answer_stands(
    desk: Callable[[], Person], chromium: Browser
) -> None:
    here = desk()
    elsewhere = Person(chromium, here.site, here.name).sign_in()
    elsewhere.project = here.project
    armed(elsewhere.go(f"/projects/{here.project}/annotate"))
    prompt = armed(here).page.get_by_role("group", name="Prompt").inner_text()
    expect(elsewhere.page.get_by_role("group", name="Prompt")).to_have_text(prompt)
    elsewhere.press("f", "f", "f", "f")
    expect(elsewhere.page.get_by_text("#1")).to_be_visible()
    [first] = stored(here)
    before = answers_of(here, first)

    here.press("n", "n", "n", "n")
    asked = here.page.get_by_role("dialog", name=re.compile("in another window too"))
    expect(asked).to_contain_text(prompt)
    here.screenshot("desk-answered-elsewhere")
    assert answers_of(here, first) == before
    # Nothing is lost by closing the page: it asks again.
    here.page.reload()
    asked.get_by_role("button", name="Put this one in its place").click()

    expect(asked).to_be_hidden()
    expect(here.page.locator("button[data-mood]")).to_contain_text("Saved")
    [row] = stored(here)
    assert {said["choice"] for said in answers_of(here, row).values()} == {"unsure"}

    # The second item too; this time the other window's answer stays.
    armed(elsewhere).press("f", "f", "f", "f")
    expect(elsewhere.page.get_by_text("#2")).to_be_visible()
    armed(here).press("b", "b", "b", "b")
    asked.get_by_role("button", name="Keep that answer").click()
    expect(asked).to_be_hidden()
    [second, _] = stored(here)
    assert {said["choice"] for said in answers_of(here, second).values()} <= {"a", "b"}
    elsewhere.leave()
    here.leave()


def test_whoever_is_paused_at_an_open_desk_is_told(
    desk: Callable[..., Person], lead: Person, site: Site
) -> None:
    person = armed(desk())
    person.press("f")
    who = person.page.request.get(f"{site.url}/api/v1/me").json()["id"]
    lead.send(f"/projects/{person.project}/annotators/{who}/pause", {"note": "Call me."})

    # What the desk does every minute too.
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(person.page.get_by_role("status").filter(has_text="Call me.")).to_contain_text("paused")
    person.screenshot("desk-paused-while-open")
    person.press("f", "f", "f")
    expect(person.page.get_by_text("Your work here is paused")).to_be_visible()
    expect(person.page.get_by_text("#1")).to_be_visible()
    assert len(stored(person)) == 1
    person.leave()
