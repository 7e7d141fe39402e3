"""Reports of a project that is too large for a web request: a worker computes them."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from annotator import jobs
from annotator.api.shapes import Shape
from annotator.core import clock
from annotator.core.plain import plain
from annotator.items.models import Item
from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from annotator.reports import computing, services
from annotator.reports.computing import ReportName
from annotator.reports.models import StoredReport
from annotator.workers import report as _registered  # noqa: F401
from tests import factories
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, voted
from tests.waiting import until
from tests.workers import Worker

CELL = {"dimension": "overall", "metric": "contrast"}
ASKED = {name: CELL if name.startswith("metrics") else {} for name in ReportName} | {
    ReportName.RIVALS: {"dimension": "overall", "first": "contrast", "second": "sharpness"},
    ReportName.REPLACEABLE: {"dimension": "overall"},
    ReportName.STEPS: {"dimension": "overall", "against": ""},
}
PATHS = {
    ReportName.PROGRESS: "reports/progress",
    ReportName.AGREEMENT: "reports/agreement",
    ReportName.LEADERBOARD: "reports/leaderboard",
    ReportName.PORTRAITS: "annotators",
    ReportName.GENERATORS: "measurements/generators",
    ReportName.POINTS: "reports/metrics/points",
    ReportName.RIVALS: "reports/metrics/rivals",
    ReportName.POWERED: "reports/metrics/powered",
    ReportName.REPLACEABLE: "reports/metrics/replaceable",
    ReportName.STEPS: "reports/metrics/steps",
    ReportName.DISAGREEMENTS: "reports/metrics/disagreements",
}


@pytest.fixture
def project(transactional_db) -> Project:
    """Three settled pairs with measured images."""
    project = pair_project()
    in_batch = batch(project)
    for key, choices in enumerate(["aab", "bba", "abt"]):
        item = voted(project, in_batch, str(key), choices)
        for place in item.places.all():
            Measurement.objects.create(
                project=project, image_id=place.image_id, metric="contrast", version="1",
                state="done", value=0.25 + place.place / 2,
            )  # fmt: skip
    return project


@pytest.fixture
def large(project: Project) -> Project:
    """The same with so many unanswered items that workers compute its reports."""
    in_batch = batch(project)
    Item.objects.bulk_create(
        Item(project=project, batch=in_batch, prompt="one more", key=f"more {n}")
        for n in range(services.SMALL_ITEMS)
    )
    return project


@pytest.fixture
def manager(project: Project) -> APIClient:
    return signed_in(project.created_by)


def first_batch(project: Project) -> str:
    return str(Batch.objects.filter(project=project).order_by("pk")[0].pk)


def asked_of(project: Project, name: ReportName) -> dict[str, str]:
    return {"batch": first_batch(project)} if name == ReportName.QC else ASKED[name]


def url(project: Project, name: ReportName) -> str:
    if name == ReportName.QC:
        return f"/api/v1/batches/{first_batch(project)}/qc"
    return f"/api/v1/projects/{project.pk}/{PATHS.get(name, f'reports/{name}')}"


def worked_through() -> None:
    """What a worker does that is woken for each report."""
    for row in StoredReport.objects.filter(state=JobState.REQUESTED):
        jobs.run(StoredReport, row.pk)


@pytest.mark.parametrize("name", ReportName)
def test_a_report_is_stored_as_the_serializers_would_send_it(project, name) -> None:
    found = computing._REPORTS[name].compute(project, clock.now(), asked_of(project, name))

    assert plain(found) == Shape.of(type(found))(found).data


@pytest.mark.parametrize("name", ReportName)
def test_a_small_project_is_reported_on_at_once(project, manager, name) -> None:
    answer = manager.get(url(project, name), ASKED[name])

    assert (answer.status_code, answer.json()["computing"]) == (200, False)
    assert not StoredReport.objects.exists()


@pytest.mark.parametrize("name", ReportName)
def test_a_large_one_is_answered_when_a_worker_has_computed_it(large, manager, name) -> None:
    first = manager.get(url(large, name), ASKED[name])
    worked_through()
    second = manager.get(url(large, name), ASKED[name])

    assert (first.status_code, first.json(), first["Retry-After"]) == (
        202,
        {"computing": True},
        "1",
    )
    assert (second.status_code, second.json()["computing"]) == (200, False)
    row = StoredReport.objects.get()
    assert (row.name, row.state) == (name, "done")
    whole = computing.compute(large, name, asked_of(large, name), now=row.computed_at)
    sent = second.json().get("report", second.json())
    added = {"computed_at", "computing", "next"}
    assert {key: sent[key] for key in sent.keys() - added} == {
        key: whole[key] for key in whole.keys() - added
    }


def test_a_report_of_an_older_shape_is_not_sent(large, manager) -> None:
    StoredReport.objects.create(
        project=large,
        name="agreement",
        body={"questions": []},
        computed_at=clock.now(),
        state="done",
    )

    first = manager.get(url(large, ReportName.AGREEMENT))
    worked_through()
    second = manager.get(url(large, ReportName.AGREEMENT)).json()

    assert (first.status_code, first.json()) == (202, {"computing": True})
    assert [one["further"][0]["name"] for one in second["questions"]] == ["fleiss_kappa"]


def test_an_old_report_is_sent_while_a_newer_one_is_computed(large, manager) -> None:
    manager.get(url(large, ReportName.PROGRESS))
    worked_through()
    Item.objects.filter(project=large, key="more 0").delete()
    fresh = manager.get(url(large, ReportName.PROGRESS)).json()
    long_ago = clock.now() - services.LEAST_AGE - timedelta(seconds=1)
    StoredReport.objects.update(computed_at=long_ago)

    old = manager.get(url(large, ReportName.PROGRESS)).json()
    worked_through()
    new = manager.get(url(large, ReportName.PROGRESS)).json()

    assert (fresh["items"], fresh["computing"]) == (1003, False)
    assert (old["items"], old["computing"]) == (1003, True)
    assert (new["items"], new["computing"]) == (1002, False)


def test_a_report_that_took_long_is_computed_less_often(large, manager) -> None:
    manager.get(url(large, ReportName.PROGRESS))
    worked_through()
    StoredReport.objects.update(computed_at=clock.now() - timedelta(minutes=5), took=20)

    within = manager.get(url(large, ReportName.PROGRESS)).json()
    StoredReport.objects.update(computed_at=clock.now() - timedelta(seconds=401))
    after = manager.get(url(large, ReportName.PROGRESS)).json()

    assert (within["computing"], after["computing"]) == (False, True)


def test_an_act_of_a_lead_is_seen_in_the_next_report(large, manager) -> None:
    manager.get(url(large, ReportName.PROGRESS))
    worked_through()
    services.outdate(large.pk)

    asked = manager.get(url(large, ReportName.PROGRESS)).json()
    worked_through()
    again = manager.get(url(large, ReportName.PROGRESS)).json()

    assert (asked["computing"], again["computing"]) == (True, False)


def test_a_report_that_cannot_be_computed_says_why_and_is_tried_again(large, manager) -> None:
    manager.get(url(large, ReportName.POINTS), CELL)
    StoredReport.objects.update(asked="dimension=joy&metric=contrast")
    worked_through()
    StoredReport.objects.update(asked="dimension=overall&metric=contrast")

    refused = manager.get(url(large, ReportName.POINTS), CELL)
    worked_through()
    answered = manager.get(url(large, ReportName.POINTS), CELL)

    assert (refused.status_code, refused.json()["code"]) == (503, "invalid")
    assert answered.status_code == 200


def test_what_there_is_not_is_refused_and_no_worker_is_woken(large, manager) -> None:
    answer = manager.get(url(large, ReportName.POINTS), {"dimension": "joy"})

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"dimension"})
    assert not StoredReport.objects.exists()


def test_a_reviewer_sees_the_stored_progress_without_who_did_what(large, manager) -> None:
    reviewer = signed_in(factories.member(large, "reviewer"))
    manager.get(url(large, ReportName.PROGRESS))
    worked_through()

    theirs = reviewer.get(url(large, ReportName.PROGRESS)).json()
    all_of_it = manager.get(url(large, ReportName.PROGRESS)).json()

    assert theirs["annotators"] == []
    assert len(all_of_it["annotators"]) == 9


def test_the_disagreements_of_a_large_project_come_in_pages(large, manager) -> None:
    in_batch = batch(large)
    for key in range(30):
        item = voted(large, in_batch, f"wrong {key}", "aaa")
        for place in item.places.all():
            Measurement.objects.create(
                project=large, image_id=place.image_id, metric="contrast", version="1",
                state="done", value=place.place * (key + 1),
            )  # fmt: skip
    address = url(large, ReportName.DISAGREEMENTS)
    manager.get(address, CELL)
    worked_through()

    first = manager.get(address, CELL).json()
    second = manager.get(address, {**CELL, "cursor": first["next"]}).json()

    amounts = [row["disagreement"] for page in (first, second) for row in page["results"]]
    assert (len(first["results"]), second["next"]) == (24, None)
    assert amounts == sorted(amounts, reverse=True)
    assert {f"wrong {key}" for key in range(30)} <= {
        row["key"] for page in (first, second) for row in page["results"]
    }


def test_asking_for_a_stored_report_is_two_queries(large, django_assert_num_queries) -> None:
    services.report_of(large, ReportName.PROGRESS, now=clock.now())
    worked_through()

    # whether the project is small 1, the report 1
    with django_assert_num_queries(2):
        services.report_of(large, ReportName.PROGRESS, now=clock.now())


def test_reports_that_nobody_asks_for_are_forgotten(large) -> None:
    services.report_of(large, ReportName.PROGRESS, now=clock.now())
    worked_through()

    services.forget_old(clock.now() + timedelta(days=6))
    kept = StoredReport.objects.count()
    services.forget_old(clock.now() + timedelta(days=8))

    assert (kept, StoredReport.objects.count()) == (1, 0)


def test_a_real_worker_computes_what_is_asked_for(large, manager, tmp_path) -> None:
    worker = Worker(tmp_path).start()
    try:
        manager.get(url(large, ReportName.LEADERBOARD))
        until(lambda: manager.get(url(large, ReportName.LEADERBOARD)).status_code == 200)
    finally:
        worker.stop()

    assert StoredReport.objects.get().state == "done"
