"""An upgrade with people at work: the release before goes on with the tables of this one.

RELEASE_BEFORE is the commit of that release; who makes a release moves it on.
"""

import io
import os
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from servers.postgres import own_database

from tests.faults.crowd import Crowd
from tests.faults.history import Stored
from tests.sites import ROOT, Web, manage
from tests.waiting import until

pytestmark = pytest.mark.postgres

RELEASE_BEFORE = "5b8d46c89e733c7683644788e88014892dc61a64"
# More items than anybody answers before the tables are changed, however slow the machine.
ITEMS, ANNOTATORS, EACH = 5000, 3, 12
MAKE = f"""
import django
django.setup()
from bench import seeds
project = seeds.pair_project({ITEMS})
print("PROJECT", project.pk)
for person in seeds.annotators(project, {2 * ANNOTATORS}):
    print("TOKEN", getattr(person, "token", person))
"""


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The tree of the release before."""
    folder = tmp_path / "before"
    archived = subprocess.run(
        ["git", "-C", ROOT, "archive", RELEASE_BEFORE], capture_output=True, check=False
    )
    assert archived.returncode == 0, archived.stderr.decode()
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A site of its own: an empty database, a folder for what is stored."""
    with own_database(settings.DATABASE_URL, "test_versions") as url:
        yield {
            **os.environ,
            "DATABASE_URL": url,
            "TRIPTYCH_DATA": str(tmp_path / "data"),
            "REDIS_PREFIX": f"test-{uuid.uuid4().hex}-",
            "DJANGO_SETTINGS_MODULE": "annotator.config.settings",
        }


def made_by(release: Path, env: dict[str, str]) -> tuple[int, list[str]]:
    """A project made by that release, and its annotators' tokens."""
    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=release,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [line.split() for line in done.stdout.splitlines()]
    (project,) = [int(words[1]) for words in said if words[0] == "PROJECT"]
    return project, [words[1] for words in said if words[0] == "TOKEN"]


def stored(url: str) -> list[Stored]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT idempotency_key, id, sha256 FROM annotations_annotation")
        return [Stored(key, str(pk), sha256) for key, pk, sha256 in rows]


def test_both_releases_take_answers_while_and_after_the_tables_change(
    before: Path, env: dict[str, str]
) -> None:
    first = manage(env, "migrate", "--verbosity", "0", of=before)
    assert first.returncode == 0, first.stderr
    project, tokens = made_by(before, env)
    with Web(env, of=before) as old:
        early = Crowd(old.port, project, tokens[:ANNOTATORS])
        early.begin()
        until(lambda: len(early.history.heard_at) >= EACH, "the release before takes answers")

        migrated = manage(env, "migrate", "--no-input")
        assert migrated.returncode == 0, migrated.stderr
        taken_before = len(early.history.heard_at)
        with Web(env) as new:
            late = Crowd(new.port, project, tokens[ANNOTATORS:])
            late.begin()
            until(
                lambda: (
                    len(early.history.heard_at) >= taken_before + EACH
                    and len(late.history.heard_at) >= EACH
                ),
                "both releases take answers",
            )
            early.end()
            late.end()

    rows = stored(env["DATABASE_URL"])
    keys = {key for crowd in (early, late) for key in crowd.history.answers}
    assert {row.key for row in rows} == keys
    for crowd in (early, late):
        assert not crowd.history.troubles
        assert crowd.history.verdict(row for row in rows if row.key in crowd.history.answers).holds
    verified = manage(env, "verify")
    assert verified.returncode == 0, verified.stdout
    left = manage(env, "migrate", "--check")
    assert left.returncode == 0, left.stdout
