"""Known answers, from a settled item to the lead's ruling: made, missed, acted on, contested."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Person, Site
from tests.waiting import until

pytestmark = pytest.mark.browser

QUESTIONS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")
MISSES = 3


def project_with_settled_items(lead: Person, folder: Path) -> str:
    """Four settled pairs, each said to be "a" by a lead's override, and four open ones."""
    settings = {"name": "Known", "template": "mps", "review_rate": 0, "show_verdicts": True}
    project = str(lead.send("/projects", settings)["id"])
    lay_out(folder, prompts=4, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    lead.site.manage("import_batch", project, str(folder))
    lead.site.manage("simulate", project)
    lay_out(folder, prompts=4, form="pairs", generators=GENERATORS[1:3])
    lead.site.manage("import_batch", project, str(folder))
    listed = lead.page.request.get(
        f"{lead.site.url}/api/v1/projects/{project}/items?state=settled"
    ).json()
    answers = {question: {"choice": "a"} for question in QUESTIONS}
    for item in listed["results"]:
        lead.send(f"/items/{item['id']}/override", {"answers": answers, "reason": "seen by all"})
    return project


def is_paused(lead: Person, project: str) -> bool:
    people = lead.page.request.get(f"{lead.site.url}/api/v1/projects/{project}/annotators").json()
    return any(one["paused_at"] for one in people.get("standing", ()))


def test_who_misses_known_answers_is_paused_and_contests_one(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    lead = Person(chromium, site, "lead").sign_in()
    project = project_with_settled_items(lead, tmp_path)
    page = lead.go(f"/projects/{project}/gold").page
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.get_by_text(re.compile("^None yet"))).to_be_visible()
    lead.screenshot("gold-none")

    lead.go(f"/projects/{project}/items?state=settled")
    page.get_by_role("button", name=re.compile("^Open “")).first.click()
    for _ in range(MISSES):
        page.get_by_role("button", name="Make it a known answer").click()
        expect(page.get_by_text("This item is a known answer.")).to_be_visible()
        lead.press("j")
        expect(page.get_by_role("button", name="Make it a known answer")).to_be_visible()

    lead.go(f"/projects/{project}/gold")
    expect(page.get_by_role("button", name="Retire")).to_have_count(MISSES)
    page.get_by_label("Known answers, % of what is given out").fill("100")
    page.get_by_label("When somebody is stopped").select_option("pause")
    expect(page.get_by_text(re.compile(f"{MISSES} wrong in a row stop somebody"))).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    lead.screenshot("gold-rule")

    # To an annotator a known answer is an item like any other.
    site.person("hasty", project, "annotator")
    hasty = Person(chromium, site, "hasty").sign_in().go(f"/projects/{project}/annotate")
    # They stand somewhere among the first few that are on the desk.
    left = hasty.page.get_by_role("button", name="Left", exact=True, disabled=False)
    for number in range(1, 3 * MISSES):
        # The pause takes away what is on the desk, as soon as the desk asks.
        until(lambda: left.is_visible() or is_paused(lead, project), "an item or the pause comes")
        if is_paused(lead, project):
            break
        hasty.press("Space", "Space", "Space", "Space")
        stored = hasty.page.get_by_text(f"#{number}")
        until(lambda: stored.is_visible() or is_paused(lead, project), "it is stored")  # noqa: B023
    until(lambda: is_paused(lead, project), "the test's consequence follows")
    hasty.page.reload()
    expect(hasty.page.get_by_role("heading", name="Your work here is paused")).to_be_visible()
    hasty.screenshot("gold-paused")
    hasty.go(f"/projects/{project}/mine")
    expect(hasty.page.get_by_text("Known answer, missed")).to_have_count(MISSES)
    hasty.page.get_by_role("button", name="Contest").first.click()
    hasty.page.get_by_label("Why was your answer right?").fill("Both show five fingers.")
    hasty.page.get_by_role("button", name="Send").click()
    expect(hasty.page.get_by_text("A lead will look at it.")).to_be_visible()
    hasty.screenshot("gold-contest")

    lead.go(f"/projects/{project}/gold")
    expect(page.get_by_text("“Both show five fingers.”")).to_be_visible()
    person = page.get_by_role("row", name=re.compile("hasty"))
    expect(person.get_by_text("Stopped", exact=True)).to_be_visible()
    expect(person.get_by_text(re.compile("Paused"))).to_be_visible()
    lead.screenshot("gold-stopped")
    page.set_viewport_size({"width": 2560, "height": 1440})
    lead.screenshot("gold-stopped-2560")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Void the miss").click()
    expect(page.get_by_text("Voided")).to_be_visible()
    lead.speak("zh-Hans").screenshot("gold-zh")
    lead.speak("en")
    hasty.page.reload()
    expect(hasty.page.get_by_text("Decided: it was no miss.")).to_be_visible()
    assert "promises hold" in site.manage("verify", project)
    for one in (lead, hasty):
        one.leave()
