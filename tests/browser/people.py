"""One class a human at their own computer: what they do with mouse and keyboard."""

import csv
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.commands import Commands
from tests.waiting import HANG_SECONDS

expect.set_options(timeout=HANG_SECONDS * 1000)

SCREENSHOTS = os.environ.get("TRIPTYCH_SCREENSHOTS", "")


@dataclass(frozen=True)
class Site:
    """Where the site is, and the password of everybody there."""

    url: str
    password: str
    commands: Commands

    def manage(self, *arguments: str, given: str = "") -> str:
        """What a command of the site prints."""
        done = self.commands.run(*arguments, given=given)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def person(self, name: str, project: str, role: str) -> None:
        """Makes an account with a role in a project (its number)."""
        self.manage(
            "create_user", name, "--project", project, "--role", role, "--password-stdin",
            given=self.password,
        )  # fmt: skip


class Person:
    """Somebody with a browser of their own (a fresh context, 13-inch screen)."""

    def __init__(self, browser: Browser, site: Site, name: str, *, touch: bool = False) -> None:
        self.site, self.name = site, name
        self.project = ""
        screen: ViewportSize = {"width": 1280, "height": 720}
        self.context = browser.new_context(viewport=screen, has_touch=touch)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(HANG_SECONDS * 1000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.troubles.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )

    def go(self, path: str) -> "Person":
        """Opens an address of the site."""
        self.page.goto(self.site.url + path)
        return self

    def sign_in(self) -> "Person":
        """Past the sign-in page (test_sign_in.py): no page is open yet, and English is spoken."""
        self.context.request.get(f"{self.site.url}/api/v1/me")
        self.send("/auth/login", {"username": self.name, "password": self.site.password})
        self.send("/me", {"language": "en"}, method="PATCH")
        return self

    def speak(self, language: str) -> "Person":
        """Chooses the language, which stays theirs: "en" or "zh-Hans"."""
        # The page of settings has a second one, of the account.
        switch = self.page.get_by_label(re.compile("^(Language|语言)$"))
        switch.and_(self.page.locator("select")).select_option(language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        return self

    def join(self, link: str) -> "Person":
        """Follows an invitation and makes the account."""
        self.page.goto(link)
        self.page.get_by_label(re.compile("Your name")).fill(self.name.title())
        self.page.get_by_label("User name").fill(self.name)
        self.page.get_by_label("Password").fill(self.site.password)
        self.page.get_by_role("button", name=re.compile("join")).click()
        self.page.wait_for_url(lambda url: "/join/" not in url)
        return self

    def send(
        self, path: str, body: dict[str, object], *, method: str = "POST"
    ) -> dict[str, object]:
        """A call of the page's own kind: with its cookies and its token."""
        [token] = [c["value"] for c in self.context.cookies() if c["name"] == "csrftoken"]
        answer = self.page.request.fetch(
            f"{self.site.url}/api/v1{path}",
            method=method,
            data=body,
            headers={"X-CSRFToken": token, "Referer": self.site.url},
        )
        assert answer.ok, answer.text()
        made: dict[str, object] = answer.json()
        return made

    def press(self, *keys: str) -> "Person":
        """Presses keys one after another, each once the item on the desk can be answered.

        A desk does not take what is pressed before its images are on the screen.
        """
        for key in keys:
            expect(self.page.locator('[aria-busy="true"]')).to_have_count(0)
            self.page.keyboard.press(key)
        return self

    def saved(self, of: Locator, kind: str) -> Path:
        """What a card's "Save" menu gives: "Table (CSV)", "Plot (SVG)" or "Plot (PNG)"."""
        of.get_by_role("button", name=re.compile("^Save: ")).click()
        with self.page.expect_download() as download:
            self.page.get_by_role("menuitem", name=kind).click()
        # The menu fades; the next one is asked for by the same names.
        expect(self.page.get_by_role("menu")).to_have_count(0)
        return Path(download.value.path())

    def table(self, of: Locator) -> list[dict[str, str]]:
        """A card's CSV, opened: every row has as many cells as the head."""
        text = self.saved(of, "Table (CSV)").read_text("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        return [dict(zip(head, row, strict=True)) for row in rows]

    def screenshot(self, name: str) -> "Person":
        """Keeps a screenshot when TRIPTYCH_SCREENSHOTS names a folder."""
        if SCREENSHOTS:
            self.page.wait_for_timeout(400)
            Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.jpg", type="jpeg", quality=85)
        return self

    def in_both_languages(self, name: str) -> "Person":
        """Screenshots on a small and a large screen; nothing is wider than they are."""
        for language in ("en", "zh-Hans"):
            self.speak(language)
            for width, height in ((1366, 768), (2560, 1440)):
                self.page.set_viewport_size({"width": width, "height": height})
                self.screenshot(f"{name}-{language}-{width}")
                assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        self.page.set_viewport_size({"width": 1366, "height": 768})
        return self.speak("en")

    def leave(self) -> None:
        """Closes the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.troubles, self.troubles
