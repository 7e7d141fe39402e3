"""The desk when things go wrong: no network, lost answers, reloads, second thoughts."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser

PUT = re.compile(r"/assignments/[^/]+/annotation(\?|$)")


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "lead").sign_in()


@pytest.fixture
def desk(
    chromium: Browser, site: Site, lead: Person, pairs_zip: Path, request: pytest.FixtureRequest
) -> Callable[[], Person]:
    """Makes a project of five pairs with one annotator, who sits at the desk."""

    def sit() -> Person:
        name = re.sub(r"\W", "", request.node.name)[:40]
        made = lead.send("/projects", {"name": name, "template": "mps", "review_rate": 0.0})
        site.manage("import_batch", str(made["id"]), str(pairs_zip))
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


def test_answers_given_without_a_network_arrive_once_when_it_is_back(
    desk: Callable[[], Person],
) -> None:
    person = desk()
    armed(person)
    # The next two items are here already.
    expect(person.page.get_by_role("img", name="Left image")).to_be_visible()
    person.page.wait_for_load_state("networkidle")

    person.context.set_offline(True)
    person.press("f", "f", "f", "f")
    armed(person).press("j", "Space", "b", "n")
    expect(person.page.get_by_text(re.compile("2 waiting"))).to_be_visible()
    person.screenshot("desk-offline")
    person.context.set_offline(False)

    expect(person.page.get_by_text("#2")).to_be_visible()
    rows = stored(person)
    assert len(rows) == 2
    said = {key: said["choice"] for key, said in answers_of(person, rows[0]).items()}
    assert said.pop("aesthetics") in {"a", "b"}
    assert said == {
        "detail_quality": "tie",
        "semantic_alignment": "both_bad",
        "overall": "unsure",
    }
    person.leave()


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
    assert not [name for name in scripts if "/manage-" in name or "/review-" in name]
    assert not [name for name in loaded if not name.startswith((person.site.url, "blob:"))]
    person.leave()
