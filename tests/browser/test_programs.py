"""What a lead gives to programs, in a real browser: tokens with their limits, and webhooks."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import Person, Site
from tests.receivers import Receiver

pytestmark = pytest.mark.browser


@pytest.fixture
def lead(chromium: Browser, site: Site) -> Iterator[Person]:
    lead = Person(chromium, site, "lead").sign_in()
    yield lead
    lead.leave()


def row_of(page: Page, token: str) -> Locator:
    return page.get_by_role("row").filter(has_text=token)


def status(site: Site, token: str, method: str, path: str) -> int:
    """What a program with this token is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    sent = httpx.request(method, f"{site.url}/api/v1{path}", headers=headers, json={"name": "x"})
    return sent.status_code


def test_a_token_opens_what_its_form_says_until_it_is_revoked(lead: Person, site: Site) -> None:
    one = lead.send("/projects", {"name": "Foxes", "template": "mps"})["id"]
    other = lead.send("/projects", {"name": "Owls", "template": "mps"})["id"]
    page = lead.go("/settings").page

    page.get_by_label("What it is for").fill("nightly pull")
    page.get_by_label("Valid for (days)").fill("7")
    page.get_by_role("combobox", name="Allowed to").click()
    page.get_by_role("option", name="read", exact=True).click()
    page.get_by_role("combobox", name="Project").click()
    page.get_by_role("option", name="Foxes").click()
    page.get_by_role("button", name="Make a token").click()

    secret = page.get_by_test_id("once-shown").inner_text()
    expect(row_of(page, "nightly pull")).to_contain_text("Foxes")
    lead.in_both_languages("tokens")
    assert status(site, secret, "GET", f"/projects/{one}") == 200
    assert status(site, secret, "GET", f"/projects/{other}") == 404
    assert status(site, secret, "POST", f"/projects/{one}/exports") == 403

    page.get_by_role("button", name="Revoke: nightly pull").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row_of(page, "nightly pull")).to_have_count(0)
    assert status(site, secret, "GET", f"/projects/{one}") == 401


def test_a_webhook_is_added_tested_read_sent_again_and_removed(lead: Person) -> None:
    project = lead.send("/projects", {"name": "Told", "template": "mps"})["id"]
    page = lead.go(f"/projects/{project}").page
    pages = page.get_by_role("navigation", name="Pages of the project")
    pages.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Webhooks").click()
    expect(pages.get_by_role("button", name="Webhooks")).to_have_attribute("aria-current", "page")
    expect(page.get_by_text("Nobody is told yet.")).to_be_visible()

    with Receiver(500, 200) as receiver:
        page.get_by_label("Address").fill(f"{receiver.url}hooks/triptych")
        page.get_by_label("each item that is settled").check()
        page.get_by_role("button", name="Add a webhook").click()
        expect(page.get_by_test_id("once-shown")).to_have_text(re.compile("^whsec_"))
        lead.in_both_languages("webhooks-added")

        page.get_by_role("button", name="Send a test message").click()
        messages = page.get_by_role("table", name="Messages")
        expect(messages.get_by_role("row")).to_have_count(2)
        expect(messages).to_contain_text("500")
        page.get_by_role("button", name="Send a test message").click()
        expect(messages.get_by_role("row")).to_have_count(3)
        # The first is tried again by itself.
        expect(messages.get_by_text("arrived", exact=True)).to_have_count(2)
        messages.get_by_text("What was sent").first.click()
        expect(messages.locator("pre").first).to_contain_text('"type":"ping"')
        lead.in_both_languages("webhooks-messages")
        messages.get_by_role("button", name="Send again").first.click()
        expect(messages.get_by_text(re.compile("after .* ms"))).to_have_count(4)

    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("off", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Nobody is told yet.")).to_be_visible()
