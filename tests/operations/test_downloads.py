"""Slow readers of large files: they get some of the threads that answer, never all of them."""

import contextlib
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.utils import timezone

from annotator.accounts import services as accounts
from annotator.accounts.models import User
from annotator.exports.models import Export, ExportFile
from annotator.projects.models import Project
from tests import factories
from tests.drivers import signed_in
from tests.sites import Web
from tests.waiting import HANG_SECONDS, until
from tests.workers import database_of_the_test

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

LARGE = 64 * 2**20  # more than the system's buffers take
PROCESSES = 2


@pytest.fixture
def export(settings: Any) -> Export:
    """A finished export of one large file and a small one, which nobody has to write."""
    project: Project = factories.project()
    made = Export.objects.create(
        project=project, format="annotations", state="done", created_by=project.created_by,
        folder="finished",
    )  # fmt: skip
    folder = Path(settings.EXPORT_ROOT) / "finished"
    folder.mkdir(parents=True)
    for name, size in (("large.bin", LARGE), ("small.json", 100)):
        with (folder / name).open("wb") as stream:
            stream.truncate(size)
        ExportFile.objects.create(export=made, name=name, bytes=size, sha256=f"{size:064}", crc32=0)
    return made


@pytest.fixture
def web(export: Export, settings: Any, tmp_path: Path) -> Iterator[Web]:
    running = Web(
        {
            "DATABASE_URL": database_of_the_test(),
            "TRIPTYCH_DATA": str(tmp_path / "data"),
            "EXPORT_ROOT": str(settings.EXPORT_ROOT),
        }
    )
    until(running.answers, "the site answers")
    yield running
    running.end()


def token_of(user: User) -> str:
    _, secret = accounts.make_token(
        user, name="program", expires_in=timedelta(days=1), now=timezone.now()
    )
    return secret


def slow_reader(web: Web, path: str, token: str) -> tuple[socket.socket, int]:
    """Asks, reads the first line of the answer, and nothing more."""
    reader = socket.create_connection(("127.0.0.1", web.port), timeout=HANG_SECONDS)
    lines = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    reader.sendall(lines.encode())
    status = reader.recv(12)
    return reader, int(status.split()[1])


def test_slow_readers_of_large_files_leave_threads_for_the_others(web: Web, export: Export) -> None:
    token = token_of(export.created_by)
    others = [token_of(factories.member(export.project, "manager")) for _ in range(4)]
    path = f"/api/v1/exports/{export.pk}/files"
    with contextlib.ExitStack() as readers:
        statuses = []
        for number in range(20):
            reader, status = slow_reader(web, f"{path}/large.bin", others[number % 4])
            readers.enter_context(reader)
            statuses.append(status)

        at_work = web.ask_many("/api/v1/me", token, 8)
        small = web.ask(f"{path}/small.json", token)

    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= PROCESSES * site.DOWNLOADS_AT_ONCE
    assert at_work == {(200, "", "")}
    assert small == (200, "", "")
    until(lambda: web.ask(f"{path}/large.bin", token)[0] == 200, "the places are free again")


def test_a_person_gets_some_of_the_places_and_everybody_together_no_more_than_all(
    export: Export,
) -> None:
    path = f"/api/v1/exports/{export.pk}/files"
    client, second, third = (
        signed_in(user)
        for user in (
            export.created_by,
            factories.member(export.project, "manager"),
            factories.member(export.project, "manager"),
        )
    )
    under_way = [client.get(f"{path}/large.bin") for _ in range(site.DOWNLOADS_EACH)]

    refused = client.get(f"{path}/large.bin")
    small = client.get(f"{path}/small.json")
    under_way += [second.get(f"{path}/large.bin") for _ in range(site.DOWNLOADS_EACH)]
    none_left = third.get(f"{path}/large.bin")
    under_way.pop().close()
    again = third.get(f"{path}/large.bin")
    for answer in (*under_way, again):
        answer.close()

    assert [one.status_code for one in under_way] == [200] * (site.DOWNLOADS_AT_ONCE - 1)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_downloads")
    assert refused.headers["Retry-After"] == "30"
    assert small.status_code == 200
    assert (none_left.status_code, none_left.json()["code"]) == (429, "too_many_downloads")
    assert again.status_code == 200
