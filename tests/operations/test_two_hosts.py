"""Two hosts that share PostgreSQL, Redis and a bucket, and nothing else: upload to download."""

import contextlib
import http.client
import io
import itertools
import json
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts import services as accounts
from annotator.accounts.models import Role
from annotator.annotations.models import Annotation
from annotator.exports.models import Export
from annotator.ingest.models import UploadPart
from annotator.items.models import Image, Item
from annotator.jobs.models import IS_LIVE
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from tests import factories
from tests.buckets import BucketServer
from tests.drivers import Annotator, mps_answers
from tests.sites import ROOT, Web
from tests.uploads import pairs_zip
from tests.waiting import HANG_SECONDS, until
from tests.workers import Worker, database_of_the_test

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ITEMS = 6
CHUNK = 4096
ONE_STEP = (
    "from django.utils import timezone; from annotator import jobs; "
    "from annotator.exports import steps; from annotator.workers import export; "
    "step = steps.take_step(export_id={export}, now=timezone.now()); "
    "print(type(step.job).__name__ if step else None); step and jobs.work(step)"
)


@dataclass
class Host:
    """One machine of the site: a folder of its own, a web process, and a worker."""

    folder: Path
    env: dict[str, str]
    web: Web
    worker: Worker

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        caller = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=HANG_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(caller):
            caller.request(method, f"/api/v1{path}", body, named)
            answer = caller.getresponse()
            return answer.status, answer.read()

    def lose_folders(self) -> None:
        for name in ("uploads", "exports", "media"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def one_step(self, export: int) -> str:
        """What the next step of an export was about, done by a process of this host."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c",
             ONE_STEP.format(export=export)],
            cwd=ROOT, env=self.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[BucketServer]:
    server = BucketServer(tmp_path / "bucket")
    yield server
    server.end()


@pytest.fixture
def hosts(bucket: BucketServer, tmp_path: Path) -> Iterator[tuple[Host, Host]]:
    prefix = f"test-{uuid.uuid4().hex}-"
    with contextlib.ExitStack() as stack:

        def start(name: str) -> Host:
            host = _host(tmp_path / name, bucket, prefix)
            stack.callback(host.web.end)
            stack.callback(host.worker.stop)
            return host

        both = start("one"), start("two")
        for host in both:
            until(host.web.answers, "a host answers")
        yield both


def _host(folder: Path, bucket: BucketServer, prefix: str) -> Host:
    own = {
        **bucket.env, "TRIPTYCH_DATA": str(folder), "DATABASE_URL": database_of_the_test(),
        "REDIS_PREFIX": prefix, "MEDIA_ROOT": str(folder / "media"),
        "UPLOAD_ROOT": str(folder / "uploads"), "EXPORT_ROOT": str(folder / "exports"),
    }  # fmt: skip
    worker = Worker(folder / "worker", prefix=prefix, env=own)
    web = Web(own)
    return Host(folder, web.env, web, worker)


def announce(host: Host, project: Project, size: int, **headers: str) -> int:
    body = json.dumps({"filename": "pairs.zip", "size": size}).encode()
    status, answer = host.ask(
        "POST", f"/projects/{project.pk}/batches", body, Content_Type="application/json", **headers
    )
    assert status == 201, answer
    return int(json.loads(answer)["id"])


def settled(project: Project) -> None:
    """Three people agree about every item."""
    for _ in range(3):
        person = Annotator(factories.member(project, Role.ANNOTATOR), project)
        while person.claim().held:
            person.submit(mps_answers("a"))


def test_what_is_uploaded_to_two_hosts_is_measured_exported_and_downloaded_from_either(
    hosts: tuple[Host, Host], bucket: BucketServer, project: Project
) -> None:
    one, two = hosts
    _, token = accounts.make_token(
        project.created_by, name="program", expires_in=timedelta(days=1), now=timezone.now()
    )
    key = {"Authorization": f"Bearer {token}"}

    # Chunks land on the hosts by turns, each below the least that a part of S3's own may have.
    data = pairs_zip(ITEMS)
    batch = announce(one, project, len(data), **key)
    turns = itertools.cycle((two, one))
    for start in range(0, len(data), CHUNK):
        status, answer = next(turns).ask(
            "PATCH", f"/batches/{batch}/upload", data[start : start + CHUNK],
            Upload_Offset=str(start), Content_Type="application/octet-stream", **key,
        )  # fmt: skip
        assert status == 200, answer
    parts = bucket.names("uploads/")
    assert len(parts) == -(-len(data) // CHUNK) > 2
    again, refused = one.ask(
        "PATCH", f"/batches/{batch}/upload", b"more", Upload_Offset="0",
        Content_Type="application/octet-stream", **key,
    )  # fmt: skip
    assert (again, json.loads(refused)["params"]) == (409, {"offset": len(data)})

    # Either host takes it in and measures it; the other's folders are of no account.
    one.lose_folders()
    for host in hosts:
        host.worker.start()
    until(lambda: _state(two, batch, key) in ("done", "failed"), "it is taken in")
    until(lambda: Measurement.objects.exists() and not _live(), "it is measured")
    for host in hosts:
        host.worker.stop()
    assert _state(one, batch, key) == "done"
    assert (Item.objects.count(), Image.objects.count()) == (ITEMS, 2 * ITEMS)
    assert Measurement.objects.filter(state="done").count() >= 2 * ITEMS
    assert not Measurement.objects.filter(state="failed").exists()
    assert not UploadPart.objects.exists()
    assert bucket.names("uploads/") == []

    # An export's steps are done by turns; what a host has done may be lost with it.
    settled(project)
    assert Annotation.objects.count() == 3 * ITEMS
    body = {"format": "preferences", "options": {"images": True, "shard_items": 2}}
    status, answer = one.ask(
        "POST", f"/projects/{project.pk}/exports", json.dumps(body).encode(),
        Content_Type="application/json", **key,
    )  # fmt: skip
    assert status == 202, answer
    export = int(json.loads(answer)["id"])
    done: list[str] = []
    turns = itertools.cycle(hosts)
    while Export.objects.get(pk=export).state in ("requested", "running"):
        host = next(turns)
        done.append(host.one_step(export))
        host.lose_folders()
    assert done == ["Export", *["ExportShard"] * (len(done) - 2), "Export"]
    assert len(done) > 3
    made = Export.objects.get(pk=export)
    assert (made.state, made.place) == ("done", "bucket")
    assert bucket.names("exports/") == [f"exports/{made.folder}"]

    # Every byte of it comes from either, from anywhere in it.
    for host in hosts:
        host.lose_folders()
    whole = [host.ask("GET", f"/exports/{export}/archive", **key) for host in hosts]
    assert whole[0] == whole[1]
    assert (whole[0][0], len(whole[0][1])) == (200, made.archive_bytes)
    for host, (first, last) in itertools.product(hosts, ((0, 99), (made.archive_bytes - 7, ""))):
        ranged = host.ask("GET", f"/exports/{export}/archive", Range=f"bytes={first}-{last}", **key)
        stop = last + 1 if isinstance(last, int) else None
        assert ranged == (206, whole[0][1][first:stop])
    with zipfile.ZipFile(io.BytesIO(whole[0][1])) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == made.file_count
        for name in archive.namelist():
            short = name.removeprefix("preferences/")
            file = two.ask("GET", f"/exports/{export}/files/{short}", **key)
            assert file == (200, archive.read(name))
    assert {path.name for host in hosts for path in host.folder.glob("media/*")} == set()


def _state(host: Host, batch: int, key: dict[str, Any]) -> str:
    status, answer = host.ask("GET", f"/batches/{batch}", **key)
    assert status == 200, answer
    return str(json.loads(answer)["state"])


def _live() -> bool:
    return Measurement.objects.filter(IS_LIVE).exists()
