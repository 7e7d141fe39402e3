"""Signing in by the organisation's own sign-in, in a real Chromium, at a certified provider."""

import re
import uuid
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Person, Site
from tests.browser.providers import Organisation, organisation
from tests.commands import Commands
from tests.sites import Web, embedded_environment, free_port
from tests.waiting import until

PASSWORD = "a horse of the browser"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Organisation]]:
    """A site of an organisation: its leads lead, its staff gets in."""
    folder = tmp_path_factory.mktemp("office")
    port, providers_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    with organisation(providers_port, url, folder) as people:
        env = {
            **embedded_environment(folder / "data"),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "SECRET_KEY": uuid.uuid4().hex * 2,
            "OIDC_ISSUER": people.issuer,
            "OIDC_CLIENT_ID": "triptych",
            "OIDC_CLIENT_SECRET": "known to both",
            "OIDC_NAME": "Example Labs",
            "OIDC_GROUPS": "triptych-leads=lead; staff=person",
        }
        site = Site(url, PASSWORD, Commands(env))
        for command in (
            ("migrate", "--verbosity", "0"),
            ("create_user", "ada", "--password-stdin"),
            ("create_user", "root", "--lead", "--password-stdin"),
        ):
            site.manage(*command, given=PASSWORD)
        web = Web(env, port)
        try:
            until(web.answers, "the site answers")
            yield site, people
        finally:
            web.end()
            site.commands.end()


def sign_in_there(page: Page, number: str) -> None:
    """The provider's own pages: who one is, and that this site may know it."""
    page.get_by_placeholder("Enter any login").fill(number)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_a_lead_signs_in_by_the_provider_out_and_in_again(
    chromium: Browser, office: tuple[Site, Organisation]
) -> None:
    site, people = office
    people.has("4711", "ada", "triptych-leads", name="Ada of the labs")
    ada = Person(chromium, site, "ada")
    page = ada.go("/projects/new").page

    page.get_by_role("button", name="Sign in with Example Labs").click()
    sign_in_there(page, "4711")
    expect(page.get_by_role("heading", name="New project")).to_be_visible()
    expect(page.get_by_role("link", name="Ada of the labs")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=re.compile("Yes")).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Sign in with Example Labs").click()
    sign_in_there(page, "4711")

    expect(page.get_by_role("link", name="New project")).to_be_visible()
    ada.go("/settings")
    expect(page.get_by_text("User name: ada-2")).to_be_visible()
    ada.leave()


def test_who_is_in_no_group_reads_why_in_their_language(
    chromium: Browser, office: tuple[Site, Organisation]
) -> None:
    site, people = office
    people.has("4712", "eve", "guests")
    eve = Person(chromium, site, "eve")
    page = eve.go("/").page

    page.get_by_role("button", name="Sign in with Example Labs").click()
    sign_in_there(page, "4712")

    expect(page.get_by_role("alert").first).to_contain_text("None of your groups")
    page.get_by_label("Language").select_option("zh-Hans")
    expect(page.get_by_role("alert").first).to_contain_text("您所在的群组均无权使用本站")
    eve.leave()


def test_a_local_account_still_gets_in_by_its_password(
    chromium: Browser, office: tuple[Site, Organisation]
) -> None:
    site, _ = office
    ada = Person(chromium, site, "ada")
    page = ada.go("/").page

    type_password(ada)

    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    ada.leave()


def type_password(person: Person) -> None:
    """The sign-in page's way by a password."""
    page = person.page
    page.get_by_label("User name").fill(person.name)
    page.get_by_label("Password").fill(person.site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_person_sets_a_second_factor_up_and_signs_in_with_its_code(
    chromium: Browser, office: tuple[Site, Organisation]
) -> None:
    site, _ = office
    site.manage("create_user", "bo", "--password-stdin", given=site.password)
    bo = Person(chromium, site, "bo")
    page = bo.go("/settings").page
    type_password(bo)

    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("Your password, once more").fill(site.password)
    bo.press("Enter")
    expect(page.get_by_alt_text("QR code for the authenticator app")).to_be_visible()
    assert page.get_by_alt_text("QR code").evaluate("image => image.naturalWidth") > 0
    app = pyotp.TOTP(page.get_by_test_id("secret").inner_text().replace(" ", ""))
    page.get_by_label("Code of the app").fill("000000")
    bo.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_label("Code of the app").fill(app.now())
    bo.press("Enter")
    codes = page.get_by_test_id("once-shown").inner_text().split()
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    type_password(bo)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type("000000")
    bo.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_label("Code").fill(codes[0])
    bo.press("Enter")

    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    bo.leave()


def test_a_lead_finds_an_account_sees_what_ends_and_closes_it(
    chromium: Browser, office: tuple[Site, Organisation]
) -> None:
    site, _ = office
    site.manage("create_user", "cy", "--password-stdin", given=site.password)
    cy, lead = Person(chromium, site, "cy"), Person(chromium, site, "root")
    cy.go("/")
    type_password(cy)
    expect(cy.page.get_by_role("heading", name="My projects")).to_be_visible()
    page = lead.go("/people").page
    type_password(lead)

    page.get_by_label("Search").fill("nobody of that name")
    expect(page.get_by_text("No account is called")).to_be_visible()
    page.get_by_label("Search").fill("cy")
    expect(page.get_by_text("1 account", exact=True)).to_be_visible()
    page.get_by_role("button", name="Actions: cy").click()
    page.get_by_role("menuitem", name="Close the account").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 session")
    page.get_by_role("dialog").get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("row", name="cy")).to_contain_text("closed")
    cy.go("/")
    expect(cy.page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Actions: cy").click()
    page.get_by_role("menuitem", name="Open the account").click()
    page.get_by_role("dialog").get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("row", name="cy")).not_to_contain_text("closed")

    type_password(cy)
    expect(cy.page.get_by_role("heading", name="My projects")).to_be_visible()
    cy.leave()
    lead.leave()
