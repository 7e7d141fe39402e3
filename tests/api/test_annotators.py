"""An annotator over HTTP: the numbers of the list, and a page of answers."""

import pytest

from annotator.reports import services
from annotator.reports.annotators import answers
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, people


@pytest.fixture
def answered(db):
    """A project, somebody who gave three answers in it, somebody who gave none, and its lead."""
    project = pair_project()
    anna, bert = people(project, 2)
    nora = factories.member(project, "annotator")
    in_batch = batch(project)
    for number in range(3):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        for slot, person in enumerate((anna, bert)):
            judged.answer(item, person, judged.said("a", "overall"), slot=slot, minutes=number)
    return f"/api/v1/projects/{project.pk}/annotators", anna, nora, project


def lead_of(project):
    return signed_in(factories.member(project, "manager"))


def test_a_person_has_the_numbers_of_the_list_with_their_first_page(answered, monkeypatch) -> None:
    url, anna, nora, project = answered
    monkeypatch.setattr(answers, "PAGE", 2)
    lead = lead_of(project)

    listed = lead.get(url).json()["report"]["annotators"]
    first = lead.get(f"{url}/{anna.pk}").json()
    second = lead.get(f"{url}/{anna.pk}", {"cursor": first["next"]}).json()
    without = lead.get(f"{url}/{nora.pk}").json()

    assert first["portrait"] == next(row for row in listed if row["id"] == anna.pk)
    assert first["portrait"]["numbers"]["agreement"]["value"] == 1.0
    assert [len(first["results"]), len(second["results"])] == [2, 1]
    assert (second["portrait"], second["next"]) == (None, None)
    assert without == {"portrait": None, "results": [], "next": None}


def test_answers_do_not_wait_for_numbers_that_a_worker_counts(answered, monkeypatch) -> None:
    url, anna, _, project = answered
    monkeypatch.setattr(services, "SMALL_ITEMS", 2)

    found = lead_of(project).get(f"{url}/{anna.pk}").json()

    assert found["portrait"] is None
    assert len(found["results"]) == 3
