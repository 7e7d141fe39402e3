"""`manage.py backup` and `restore`: a site that is lost comes back with every answer."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from annotator.annotations.models import Annotation
from annotator.core import clock, places
from annotator.core.errors import Conflict
from annotator.core.places import Files
from annotator.exports.expiry import forget_lost_files
from annotator.exports.models import Export, ExportShard, Stage
from annotator.items.models import Image
from annotator.ops.backup import BEGUN, back_up
from annotator.ops.kept import MANIFEST
from annotator.ops.restore import check, put_back
from annotator.projects.batches import bring_here
from annotator.projects.models import Batch, Project
from tests.operations.answering import EXPORTED, IMAGES, UPLOADED, fill, send_more
from tests.sites import ROOT, embedded_environment, free_port, manage
from tests.uploads import bytes_of
from tests.waiting import HANG_SECONDS, until

ITEMS = 400
WITHIN = "from tests.operations.answering import *; "


@dataclass
class Place:
    """A site's environment and folders."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)

    @classmethod
    def embedded(cls, data: Path) -> "Place":
        return cls(data, embedded_environment(data))

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return manage(self.env, *words)

    def must(self, *words: str) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def within(self, code: str) -> str:
        """What this code prints in a process of the site."""
        return self.must("shell", "--no-imports", "-c", WITHIN + code)

    def answers(self) -> list[list[str]]:
        return [line.split() for line in self.within("show_answers()").splitlines()]

    def images(self) -> list[Path]:
        return sorted(self.data.glob("media/projects/*/images/*/*.png"))

    def lose_files(self) -> None:
        for name in ("media", "uploads", "exports"):
            shutil.rmtree(self.data / name)

    def lose(self, empty: "Place") -> None:
        """Everything is gone; the database is there again, migrated and empty."""
        self.lose_files()
        for path in self.data.glob("triptych.sqlite3*"):
            path.unlink()
        for path in empty.data.glob("triptych.sqlite3*"):
            shutil.copy(path, self.data)


@dataclass
class PlaceOnPostgres(Place):
    """One with a database of its own on the suite's server."""

    name: str = ""

    @classmethod
    def named(cls, name: str, data: Path) -> "PlaceOnPostgres":
        url = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
        env = {
            **embedded_environment(data),
            "DATABASE_URL": url, "SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "localhost",
        }  # fmt: skip
        return cls(data, env, name)

    def create(self, template: str) -> None:
        _on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def lose(self, empty: Place) -> None:
        assert isinstance(empty, PlaceOnPostgres)
        self.lose_files()
        self.drop()
        self.create(empty.name)

    def drop(self) -> None:
        _on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(statement)


def _new_name() -> str:
    return f"{settings.DATABASES['default']['TEST']['NAME']}_gw{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """On SQLite, migrated; tests take a copy."""
    place = Place.embedded(tmp_path_factory.mktemp("empty"))
    place.must("migrate", "--verbosity", "0")
    return place


@pytest.fixture(scope="module")
def filled(empty: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """On SQLite, with a few items; tests take a copy."""
    place = Place.embedded(tmp_path_factory.mktemp("filled") / "site")
    shutil.copytree(empty.data, place.data)
    place.within("fill(4)")
    return place


@pytest.fixture(scope="module")
def empty_on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceOnPostgres]:
    """On PostgreSQL, migrated; tests take a copy."""
    place = PlaceOnPostgres.named(_new_name(), tmp_path_factory.mktemp("empty"))
    place.create("template0")
    place.must("migrate", "--verbosity", "0")
    yield place
    place.drop()


@pytest.fixture
def place(filled: Place, tmp_path: Path) -> Place:
    shutil.copytree(filled.data, tmp_path / "site")
    return Place.embedded(tmp_path / "site")


@pytest.fixture
def on_postgres(empty_on_postgres: PlaceOnPostgres, tmp_path: Path) -> Iterator[PlaceOnPostgres]:
    place = PlaceOnPostgres.named(_new_name(), tmp_path / "site")
    place.create(empty_on_postgres.name)
    yield place
    place.drop()


@pytest.fixture(params=["sqlite", "postgres"])
def busy(request: Any, empty: Place, tmp_path: Path) -> tuple[Place, Place]:
    """A site with work for a long while, and an empty one of its kind."""
    if request.param == "postgres":
        place: Place = request.getfixturevalue("on_postgres")
        empty = request.getfixturevalue("empty_on_postgres")
    else:
        place = Place.embedded(tmp_path / "site")
        shutil.copytree(empty.data, place.data)
    place.within(f"fill({ITEMS})")
    return place, empty


class Person:
    """A process that goes on answering, and the ids of what was acknowledged."""

    def __init__(self, place: Place) -> None:
        self.acknowledged: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", WITHIN + "go_on()"],
            cwd=ROOT, env=place.env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.acknowledged.extend(line.strip() for line in lines)

    def answers_more(self) -> None:
        count = len(self.acknowledged)
        until(lambda: len(self.acknowledged) > count, "another answer is acknowledged")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(HANG_SECONDS)
        self.reader.join(HANG_SECONDS)


def test_a_lost_site_comes_back_with_every_answer_from_before_its_backup(
    busy: tuple[Place, Place], tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    site, empty = busy
    person = Person(site)
    person.answers_more()
    before = set(person.acknowledged)
    with subprocess.Popen(
        [sys.executable, "manage.py", "backup", str(target)],
        cwd=ROOT, env=site.env, stdout=subprocess.PIPE, text=True,
    ) as making:  # fmt: skip
        assert making.stdout is not None
        first = making.stdout.readline()
        meanwhile = len(person.acknowledged)
        making.stdout.read()
    during = len(person.acknowledged) - meanwhile
    person.end()
    assert (making.returncode, first) == (0, "Stored files …\n")
    assert during > 0

    site.lose(empty)
    assert site.answers() == []
    restored = site.must("restore", str(target))

    answers = site.answers()
    assert before <= {pk for pk, _ in answers}
    assert set(Counter(assignment for _, assignment in answers).values()) == {1}
    assert len(site.images()) == IMAGES
    assert [path.read_bytes() for path in site.data.glob("uploads/[0-9]*")] == [UPLOADED]
    assert site.within("print(send_more())").strip() == str(len(UPLOADED) + 1)
    assert "promises hold." in restored
    assert site.must("verify").endswith("promises hold.\n")
    later = site.within("print(answer_once())").strip()
    assert later
    assert later not in {pk for pk, _ in answers}


def test_a_damaged_image_is_named_and_nothing_is_restored(
    place: Place, empty: Place, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target))
    image = next(target.glob("stored/projects/*/images/*/*.png"))
    image.write_bytes(bytes(reversed(image.read_bytes())))
    place.lose(empty)

    done = place.manage("restore", str(target))

    assert done.returncode == 1
    assert f"{image.relative_to(target)} has other bytes than were written" in done.stderr
    assert "nothing was restored" in done.stderr
    assert place.answers() == []
    assert place.images() == []
    assert place.manage("restore", "--check", str(target)).returncode == 1


def test_a_second_backup_copies_only_what_is_new(
    place: Place, empty: Place, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target))
    image = next(target.glob("stored/projects/*/images/*/*.png"))
    inode = image.stat().st_ino
    place.within("answer_once()")

    said = place.must("backup", str(target))

    assert image.stat().st_ino == inode
    assert "(1 copied now)" in said  # the upload, which may have grown
    assert sorted(path.name for path in tmp_path.glob("backup*")) == ["backup"]
    place.lose(empty)
    place.must("restore", str(target))
    assert len(place.answers()) == 6


def test_an_interrupted_backup_is_gone_on_with(place: Place, tmp_path: Path) -> None:
    target, part = tmp_path / "backup", tmp_path / "backup.part"
    place.must("backup", str(target))
    target.rename(part)
    (part / MANIFEST).unlink()
    (part / BEGUN).touch()
    whole, torn = sorted(part.glob("stored/projects/*/images/*/*.png"))[:2]
    inode = whole.stat().st_ino
    torn.write_bytes(b"half")
    (part / "stored" / "left.writing").write_bytes(b"half")

    place.must("backup", str(target))

    place.must("restore", "--check", str(target))
    assert (target / whole.relative_to(part)).stat().st_ino == inode
    assert not (target / "stored" / "left.writing").exists()
    assert not (target / BEGUN).exists()
    assert not part.exists()


def test_an_unfinished_backup_is_not_restored(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target))
    (target / MANIFEST).unlink()

    done = place.manage("restore", str(target))

    assert done.returncode == 1
    assert "is no finished backup" in done.stderr


@pytest.mark.parametrize("name", ["backup", "backup.part"])
def test_a_folder_with_other_files_is_left_alone(place: Place, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")

    done = place.manage("backup", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert "holds other files" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["letters.txt"]


def test_a_backup_within_what_it_copies_is_refused(place: Place) -> None:
    done = place.manage("backup", str(place.data / "media" / "backup"))

    assert done.returncode == 1
    assert "choose another" in done.stderr
    assert not list(place.data.glob("media/backup*"))


def test_a_site_with_data_is_replaced_only_when_it_is_named(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target))
    place.within("answer_once()")
    other = place.data / "media" / "projects" / "1" / "images" / "00" / "other.png"
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(b"of no backup")

    for words in ((), ("--replace",), ("--replace", "--confirm", "another")):
        done = place.manage("restore", str(target), *words)
        assert done.returncode == 1
        assert "This site is not empty" in done.stderr
    assert len(place.answers()) == 6
    assert other.exists()
    place.must("restore", str(target), "--replace", "--confirm", "triptych")

    assert len(place.answers()) == 5
    assert not other.exists()


def test_a_site_at_work_is_left_alone(on_postgres: PlaceOnPostgres, tmp_path: Path) -> None:
    on_postgres.within(f"fill({ITEMS})")
    target = tmp_path / "backup"
    on_postgres.must("backup", str(target))
    replace = ("restore", str(target), "--replace", "--confirm", on_postgres.name)
    person = Person(on_postgres)
    person.answers_more()

    done = on_postgres.manage(*replace)

    assert done.returncode == 1
    assert "The site is at work: " in done.stderr
    assert "open in its database" in done.stderr
    person.answers_more()
    person.end()
    assert set(person.acknowledged) <= {pk for pk, _ in on_postgres.answers()}
    on_postgres.must(*replace)
    assert not set(person.acknowledged) & {pk for pk, _ in on_postgres.answers()}


def test_on_sqlite_beat_tells_that_a_site_is_at_work(place: Place, tmp_path: Path) -> None:
    place.env["SWEEP_SECONDS"] = "600"  # however long the machine takes to begin the restore
    target = tmp_path / "backup"
    place.must("backup", str(target))
    place.within("answer_once(); from annotator.workers.sweep import sweep; sweep()")
    replace = ("restore", str(target), "--replace", "--confirm", "triptych")

    done = place.manage(*replace)

    assert done.returncode == 1
    assert "The site is at work: its beat did a round" in done.stderr
    assert len(place.answers()) == 6
    place.within(
        "from annotator.ops.models import Heartbeat; "
        "Heartbeat.objects.update(at=timezone.now() - timezone.timedelta(seconds=2000))"
    )
    place.must(*replace)
    assert len(place.answers()) == 5
    place.must(*replace)


def test_a_backup_of_a_newer_version_is_refused(place: Place, empty: Place, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target))
    manifest = json.loads((target / MANIFEST).read_text())
    manifest["migrations"].append("items.9999_of_next_year")
    (target / MANIFEST).write_text(json.dumps(manifest))
    place.lose(empty)

    done = place.manage("restore", str(target))

    assert done.returncode == 1
    assert "items.9999_of_next_year is not known here" in done.stderr
    assert place.answers() == []


def test_a_backup_of_another_kind_of_database_is_refused(
    place: Place, on_postgres: PlaceOnPostgres, tmp_path: Path
) -> None:
    place.must("backup", str(tmp_path / "backup"))

    done = on_postgres.manage("restore", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert "is of a sqlite database, this site has postgresql" in done.stderr


def test_a_restore_that_breaks_a_promise_names_it_and_fails(
    place: Place, empty: Place, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    gone = place.images()[0]
    gone.unlink()
    place.must("backup", str(target))
    place.lose(empty)

    done = place.manage("restore", str(target))

    assert done.returncode == 1
    assert f"{gone.relative_to(place.data / 'media')} is missing" in done.stdout
    assert len(place.answers()) == 5


@pytest.mark.parametrize(("options", "left"), [((), []), (("--exports",), [EXPORTED])])
def test_exports_come_back_when_asked_for_and_expire_else(
    place: Place, empty: Place, tmp_path: Path, options: tuple[str, ...], left: list[bytes]
) -> None:
    target = tmp_path / "backup"
    place.must("backup", str(target), *options)
    place.lose(empty)

    place.must("restore", str(target))

    assert [path.read_bytes() for path in place.data.glob("exports/*/*")] == left
    state = place.within("print(Export.objects.get().state)").strip()
    assert state == ("done" if left else "expired")


def test_without_pg_dump_the_package_that_brings_it_is_named(
    on_postgres: PlaceOnPostgres, tmp_path: Path
) -> None:
    on_postgres.env["PATH"] = str(tmp_path)

    done = on_postgres.manage("backup", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert "pg_dump is not on the PATH. It comes with the package postgresql-client" in done.stderr
    assert not list(tmp_path.glob("backup*"))


def test_a_damaged_dump_leaves_postgres_as_it_was(
    on_postgres: PlaceOnPostgres, tmp_path: Path
) -> None:
    """Its hash is right, as that of a dump which was written by a broken disk."""
    on_postgres.within("fill(2)")
    target = tmp_path / "backup"
    on_postgres.must("backup", str(target))
    dump = target / "database.dump"
    manifest = json.loads((target / MANIFEST).read_text())
    half = dump.read_bytes()[: dump.stat().st_size // 2]
    dump.write_bytes(half)
    manifest["files"]["database.dump"] = {
        "bytes": len(half),
        "sha256": hashlib.sha256(half).hexdigest(),
    }
    (target / MANIFEST).write_text(json.dumps(manifest))

    done = on_postgres.manage("restore", str(target), "--replace", "--confirm", on_postgres.name)

    assert done.returncode == 1
    assert "the database is as it was" in done.stderr or "is as it was before" in done.stderr
    assert len(on_postgres.answers()) == 5


def test_a_bucket_that_does_not_answer_is_said_in_words(place: Place, tmp_path: Path) -> None:
    at = f"http://127.0.0.1:{free_port()}"
    place.env |= {
        "S3_BUCKET": "images", "S3_ENDPOINT_URL": at, "S3_REGION": "eu", "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
    }  # fmt: skip

    done = place.manage("backup", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert f'Could not connect to the endpoint URL: "{at}/images' in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "backup").exists()


@pytest.mark.django_db(transaction=True)
def test_images_that_are_in_no_folder_are_kept_through_the_storage(
    settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    fill(2)
    image = Image.objects.first()
    assert image is not None
    back_up(tmp_path / "backup", with_exports=True, say=lambda _line: None)
    manifest = check(tmp_path / "backup", lambda _line: None)
    storages["default"].delete(image.path)
    storages["default"].save("projects/1/images/00/other.png", ContentFile(b"of no backup"))

    put_back(tmp_path / "backup", manifest, lambda _line: None)

    with storages["default"].open(image.path) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == image.sha256
    assert not storages["default"].exists("projects/1/images/00/other.png")
    assert Annotation.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_was_in_a_bucket_goes_on_in_a_folder(settings: Any, tmp_path: Path) -> None:
    alone = settings.STORAGES
    in_bucket = {
        "BACKEND": "annotator.core.storage.DurableFileStorage",
        "OPTIONS": {"location": str(tmp_path / "bucket")},
    }
    settings.STORAGES = {**alone, "uploads": in_bucket}
    fill(1)
    back_up(tmp_path / "backup", with_exports=False, say=lambda _line: None)
    manifest = check(tmp_path / "backup", lambda _line: None)
    settings.STORAGES = alone
    with pytest.raises(Conflict):
        send_more()

    put_back(tmp_path / "backup", manifest, lambda _line: None)
    bring_here(places.here(Files.UPLOADS))

    assert send_more() == len(UPLOADED) + 1
    assert bytes_of(Batch.objects.get(state="uploading").pk) == UPLOADED + b"!"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "then"), [("running", "requested"), ("requested", "requested"), ("failed", "failed")]
)
def test_an_unfinished_export_whose_work_is_lost_begins_anew(
    project: Project, state: str, then: str
) -> None:
    export = Export.objects.create(
        project=project, format="annotations", state=state, stage=Stage.SHARDS, spooled_by="one",
        error={"code": "error"} if state == "failed" else None,
    )  # fmt: skip
    ExportShard.objects.create(export=export, number=0)

    expired = forget_lost_files(clock.now())

    export.refresh_from_db()
    assert expired == 0
    assert (export.state, export.stage, export.spooled_by) == (then, Stage.SPOOL, "")
    assert not ExportShard.objects.exists()


def test_nobody_else_may_read_a_backup(place: Place, tmp_path: Path) -> None:
    place.must("backup", str(tmp_path / "backup"))

    assert os.stat(tmp_path / "backup").st_mode & 0o077 == 0
