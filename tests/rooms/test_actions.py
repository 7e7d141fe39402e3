"""Who did what when is written down where it is done, and nobody changes it afterwards."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.actions.models import Action
from annotator.actions.services import Verb, record
from annotator.core import words
from annotator.projects.members import invite
from annotator.projects.models import Membership, Project
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def told(project: Project | None = None) -> list[tuple[str, str | None, dict[str, Any]]]:
    rows = Action.objects.order_by("pk").select_related("actor")
    if project is not None:
        rows = rows.filter(project_id=project.pk)
    return [(row.verb, row.actor and row.actor.username, row.details) for row in rows]


def test_the_database_lets_nobody_change_or_remove_a_row(project: Project) -> None:
    row = record(Verb.PROJECT_PAUSED, by=project.created_by, now=NOON, project_id=project.pk)

    for attempt in (
        lambda: Action.objects.update(verb="nothing.done"),
        lambda: Action.objects.all().delete(),
        row.delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()

    assert [one.verb for one in Action.objects.all()] == ["project.paused"]


def test_what_is_undone_leaves_no_trace_of_having_been(project: Project) -> None:
    with transaction.atomic():
        record(Verb.PROJECT_PAUSED, by=None, now=NOON, project_id=project.pk)
        transaction.set_rollback(True)

    assert told() == []


def test_who_comes_and_goes_is_written_down(project: Project) -> None:
    lead, ada = project.created_by, factories.user("ada")
    week = timedelta(days=7)
    invited, secret = invite(
        by=lead, project=project, role=Role.REVIEWER, expires_in=week, now=NOON
    )
    pipeline.join_project(ada, secret, now=NOON)
    invite(by=lead, project=project, role=Role.ANNOTATOR, expires_in=week, now=NOON)
    client = signed_in(lead)
    for path in (
        f"/invitations/{invited.pk + 1}",
        f"/members/{Membership.objects.get(user=ada).pk}",
    ):
        assert client.delete(f"/api/v1{path}").status_code == 204

    assert told(project) == [
        ("invitation.made", lead.username, {"role": "reviewer", "note": ""}),
        (
            "member.joined",
            "ada",
            {"person": "ada", "role": "reviewer", "invitation": invited.pk},
        ),
        ("invitation.made", lead.username, {"role": "annotator", "note": ""}),
        ("invitation.revoked", lead.username, {"role": "annotator"}),
        ("member.removed", lead.username, {"person": "ada", "role": "reviewer"}),
    ]


def test_a_setting_is_told_from_what_to_what(project: Project) -> None:
    client = signed_in(project.created_by)
    body = {"name": project.name, "review_rate": 0.5, "guideline": "x" * 500}

    assert client.patch(f"/api/v1/projects/{project.pk}", body, format="json").status_code == 200

    [(verb, _, details)] = told(project)
    assert verb == "project.changed"
    assert details == {"changes": {"review_rate": [0.2, 0.5], "guideline": ["", "x" * 200 + "…"]}}


def test_a_project_and_its_exports_are_told(project: Project) -> None:
    lead = project.created_by
    Project.objects.filter(pk=project.pk).update(overlap=1, review_rate=0)
    project.refresh_from_db()
    factories.open_items(project, 1)
    Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
    client = signed_in(lead)
    made = client.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "annotations"}, format="json"
    ).json()
    client.post(f"/api/v1/exports/{made['id']}/cancel")
    client.delete(f"/api/v1/exports/{made['id']}")
    client.get(f"/api/v1/projects/{project.pk}/pseudonyms")

    assert [verb for verb, _, _ in told(project)] == [
        "export.requested", "export.cancelled", "export.deleted", "key.read",
    ]  # fmt: skip


def test_a_download_is_told_once_however_often_it_is_gone_on_with(project: Project) -> None:
    from tests.rooms.test_removal import finished_export  # noqa: PLC0415 - it makes its files

    export = finished_export(project)
    client = signed_in(project.created_by)
    url = f"/api/v1/exports/{export.pk}/files/manifest.json"
    for asked in ({}, {"Range": "bytes=1-"}, {"Range": "bytes=0-0"}):
        answer = client.get(url, headers=asked)
        assert answer.status_code in {200, 206}
        b"".join(answer.streaming_content)

    details = {"format": "annotations", "file": "manifest.json"}
    assert told(project) == [("export.downloaded", project.created_by.username, details)] * 2


def test_signing_in_and_out_and_failing_is_told(client: APIClient) -> None:
    ada = factories.user("ada")
    login = "/api/v1/auth/login"
    for name, password in (("ada", "wrong"), ("a password in the wrong field", "x")):
        sent = {"username": name, "password": password}
        assert client.post(login, sent, format="json").status_code == 400
    sent = {"username": "ada", "password": factories.PASSWORD}
    assert client.post(login, sent, format="json").status_code == 200
    assert client.post("/api/v1/auth/logout").status_code == 204

    address = {"address": "127.0.0.1"}
    wrong = {"code": "wrong_credentials", **address}
    assert told() == [
        ("sign_in.failed", None, {"person": "ada", **wrong}),
        # Nothing of a name that nobody has.
        ("sign_in.failed", None, {"person": None, **wrong}),
        ("sign_in.done", "ada", {"way": "password", **address}),
        ("sign_out.done", "ada", {}),
    ]
    assert Action.objects.order_by("pk")[0].target == f"user:{ada.pk}"


def test_no_secret_is_in_what_is_told(client: APIClient) -> None:
    ada = factories.user("ada")
    browser = APIClient()
    browser.force_login(ada)
    made = browser.post("/api/v1/tokens", {"name": "laptop"}, format="json")
    assert made.status_code == 201, made.content
    browser.delete(f"/api/v1/tokens/{made.json()['id']}")
    browser.post(
        "/api/v1/me/password", {"old": factories.PASSWORD, "new": "a longer walk"}, format="json"
    )

    assert [verb for verb, _, _ in told()] == ["token.made", "token.revoked", "password.changed"]
    everything = json.dumps([details for _, _, details in told()])
    for secret in (made.json()["token"], factories.PASSWORD, "a longer walk"):
        assert secret not in everything


def many(project: Project, count: int) -> None:
    for number in range(count):
        verb = Verb.PROJECT_PAUSED if number % 2 else Verb.MEMBER_JOINED
        record(
            verb, by=project.created_by, now=NOON + timedelta(hours=number), project_id=project.pk,
            name=f"={number}",
        )  # fmt: skip


def pages(client: APIClient, url: str) -> Iterator[dict[str, Any]]:
    cursor: int | None = None
    while True:
        page = client.get(url, {} if cursor is None else {"cursor": cursor}).json()
        yield page
        cursor = page["next"]
        if cursor is None:
            return


def test_pages_follow_each_other_without_a_gap(
    project: Project, django_assert_num_queries: Any
) -> None:
    many(project, 120)
    other = factories.project()
    record(Verb.PROJECT_PAUSED, by=None, now=NOON, project_id=other.pk)
    client = signed_in(project.created_by)
    url = f"/api/v1/projects/{project.pk}/audit"

    found = list(pages(client, url))

    assert [len(page["actions"]) for page in found] == [50, 50, 20]
    ids = [action["id"] for page in found for action in page["actions"]]
    assert ids == sorted(Action.objects.filter(project_id=project.pk).values_list("pk", flat=True),
                         reverse=True)  # fmt: skip
    assert [person["id"] for person in found[0]["people"]] == [project.created_by_id]
    # Membership with the project; the page; the project's name; whom one may ask for.
    with django_assert_num_queries(4):
        client.get(url)


def test_a_filter_says_who_what_and_when(project: Project) -> None:
    many(project, 30)
    client = signed_in(project.created_by)
    url = f"/api/v1/projects/{project.pk}/audit"

    def count(**chosen: object) -> int:
        answer = client.get(url, chosen)
        assert answer.status_code == 200, answer.content
        return len(answer.json()["actions"])

    assert count(kind="member") == count(kind="member.joined") == 15
    assert count(kind="mem") == 0
    assert count(person=project.created_by_id) == 30
    assert count(person=987654321) == 0
    # From noon of the 2nd, hourly: twelve on that day, the rest on the next.
    assert count(until="2026-11-02") == 12
    assert count(since="2026-11-03") == 18
    for wrong in ({"person": "ada"}, {"since": "soon"}, {"until": "2026-13-40"}, {"cursor": "x"}):
        assert client.get(url, wrong).status_code == 400


def test_all_of_it_is_downloaded_as_a_table_or_as_lines(project: Project) -> None:
    many(project, 60)
    client = signed_in(project.created_by)
    url = f"/api/v1/projects/{project.pk}/audit/file"

    table = b"".join(client.get(url, {"kind": "member"}).streaming_content).decode()
    lines = b"".join(client.get(url, {"as": "jsonl"}).streaming_content).decode()

    assert table.startswith("\ufeffid,at,who,verb,project,target,details\r\n")
    read = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert len(read) == 31
    assert [json.loads(line)["details"]["name"] for line in lines.splitlines()] == [
        f"={number}" for number in reversed(range(60))
    ]
    assert client.get(url, {"as": "pdf"}).status_code == 400


def test_a_spreadsheet_runs_nothing_of_what_is_told(project: Project) -> None:
    record(
        Verb.MEMBER_JOINED, by=factories.user("=cmd"), now=NOON, project_id=project.pk,
        target="@sum(1)",
    )  # fmt: skip

    answer = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/audit/file")

    [_, row] = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert (row[2], row[5]) == ("'=cmd", "'@sum(1)")


def test_the_whole_sites_list_is_for_its_leads(project: Project) -> None:
    record(Verb.SIGN_OUT, by=project.created_by, now=NOON)
    record(Verb.PROJECT_PAUSED, by=None, now=NOON, project_id=project.pk)

    page = signed_in(project.created_by).get("/api/v1/audit").json()

    assert [(one["verb"], one["project"], one["who"] is None) for one in page["actions"]] == [
        ("project.paused", project.name, True),
        ("sign_out.done", None, False),
    ]
    assert (
        signed_in(factories.member(project, Role.MANAGER)).get("/api/v1/audit").status_code == 403
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_verb_has_its_words(language: str) -> None:
    texts = words.catalog("actions", language)
    verbs = {f"{noun}.{verb}" for noun, verbs in texts["verbs"].items() for verb in verbs}

    assert verbs == set(Verb)
    assert set(texts["kinds"]) == {str(verb).partition(".")[0] for verb in Verb}


def test_the_key_names_whose_each_pseudonym_is(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(overlap=1, review_rate=0)
    project.refresh_from_db()
    factories.open_items(project, 1)
    ada = factories.member(project, name="ada")
    factories.member(project, name="idle")
    Annotator(ada, project).claim().submit(mps_answers("a"))

    key = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/pseudonyms").json()

    [row] = key["people"]
    assert (row["username"], row["role"], row["user_id"]) == ("ada", "annotator", ada.pk)
    assert row["pseudonym"].startswith("A-")
    assert len(row["pseudonym"]) == 12
