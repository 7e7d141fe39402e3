"""Chromium: TRIPTYCH_CHROMIUM, else one that is installed, else Debian's, else Playwright's."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from servers import found

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS"),
    Path("/Applications/Chromium.app/Contents/MacOS"),
)


def starts(path: Path) -> bool:
    """Whether it really is a browser here (Ubuntu's chromium-browser may be an empty shell)."""
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, timeout=300, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def installed() -> Path | None:
    at = found.program([*NAMES, "Google Chrome", "Chromium"], MAC)
    return at if at and starts(at) else None


def driver_problem() -> str:
    """Why Playwright's driver does not start here; empty when it does."""
    command = [sys.executable, "-m", "playwright", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if answer.returncode == 0 else answer.stderr.strip() or "it says nothing"


def ensure_driver() -> None:
    """The driver is a Node of its own, which a bare Debian lacks a library for."""
    problem = driver_problem()
    if problem and found.install_debian("libatomic1"):
        problem = driver_problem()
    if problem:
        raise found.NotToBeHad(f"Playwright's driver does not start here: {problem}")


def playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        at = Path(playwright.chromium.executable_path)
    return at if at.exists() and starts(at) else None


def download() -> Path | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    found.say("asking Playwright for its Chromium")
    try:
        done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return None
    return playwrights_own() if done.returncode == 0 else None


def chromium() -> Path:
    ensure_driver()
    if given := os.environ.get("TRIPTYCH_CHROMIUM"):
        if starts(Path(given)):
            return Path(given)
        raise found.NotToBeHad(f"TRIPTYCH_CHROMIUM is {given}, which does not start")
    if at := installed() or playwrights_own():
        return at
    if found.install_debian("chromium", "fonts-dejavu-core") and (at := installed()):
        return at
    if at := download():
        return at
    raise found.NotToBeHad(
        "Chromium: none is given (TRIPTYCH_CHROMIUM), none is installed, and neither Debian's "
        "package nor Playwright's could be had. Install Chromium, or set TRIPTYCH_CHROMIUM to its "
        "program."
    )
