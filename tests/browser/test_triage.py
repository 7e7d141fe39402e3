"""Triage in a browser: chosen from the templates, and a press an image from then on."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.conftest import zipped
from tests.browser.people import Person, Site

pytestmark = pytest.mark.browser


def test_a_set_is_looked_through_with_a_press_an_image(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    manifest = lay_out(
        tmp_path, form="pairs", prompts=10, generators=[GENERATORS[0], GENERATORS[-1]]
    )
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    singles = [{**image, "prompt": row["prompt"]} for row in rows for image in row["images"]]
    lead = Person(chromium, site, "lead").sign_in()
    page = lead.go("/projects/new").page
    page.get_by_role("radio", name=re.compile("Triage")).click()
    page.get_by_label("Name").first.fill("A first look")
    lead.screenshot("triage-template")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/projects/\d+/batches"))
    [project] = re.findall(r"/projects/(\d+)/", page.url)
    lead.send(f"/projects/{project}", {"review_rate": 0.0, "overlap": 1}, method="PATCH")
    site.manage("import_batch", project, str(zipped(tmp_path, tmp_path / "set.zip", singles)))
    site.person("quick", project, "annotator")

    person = Person(chromium, site, "quick").sign_in().go(f"/projects/{project}/annotate")
    person.page.set_viewport_size({"width": 1366, "height": 768})
    let_through = person.page.get_by_role("button", name="Acceptable", exact=True)
    for number in range(20):
        expect(let_through).to_be_enabled()
        if number:
            expect(person.page.get_by_text(f"#{number}")).to_be_visible()
        if number == 1:
            person.screenshot("triage-desk").speak("zh-Hans").screenshot("triage-desk-chinese")
            person.speak("en").press("?")
            keys = person.page.get_by_role("dialog")
            expect(keys.get_by_text("Not acceptable", exact=True)).to_be_visible()
            person.press("Escape")
        person.press("f" if number % 2 else "j")
    expect(
        person.page.get_by_role("heading", name=re.compile("Nothing|done|finished"))
    ).to_be_visible()

    answers = person.page.request.get(f"{site.url}/api/v1/projects/{project}/my-annotations").json()
    found = []
    for row in answers:
        told = person.page.request.get(f"{site.url}/api/v1/assignments/{row['assignment']}").json()
        found.append(told["answers"]["verdict"]["labels"]["a"])
    # The newest first.
    assert found[::-1] == ["not_acceptable", "acceptable"] * 10
    lead.go(f"/projects/{project}").screenshot("triage-overview")
    assert lead.troubles == person.troubles == []
