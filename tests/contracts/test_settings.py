"""What a start refuses: no default secret opens anything."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.commands import of_any_site

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "zT4-Qm8sVb1nXc7yLw3eRk9uJh2gFd5aPo6iNt0xMz_ByWqEuRvSaCdKfGhJlPoI"


def manage(*arguments: str, data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A command in a process that knows only this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return of_any_site().run(*arguments, env={**kept, "TRIPTYCH_DATA": str(data), **env})


@pytest.mark.parametrize("key", ["", "short", "x" * 49])
def test_a_site_with_a_database_server_refuses_to_start_without_a_key(
    tmp_path: Path, key: str
) -> None:
    done = manage(
        "check", data=tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/x", SECRET_KEY=key
    )

    assert done.returncode != 0
    assert "SECRET_KEY is missing or shorter than 50 characters" in done.stderr


def test_two_embedded_sites_have_two_keys_that_only_their_owner_reads(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]

    done = [manage("check", data=home, SECRET_KEY="", DATABASE_URL="") for home in homes]

    assert [each.returncode for each in done] == [0, 0], done
    keys = [(home / "secret_key").read_text() for home in homes]
    assert keys[0] != keys[1]
    assert min(map(len, keys)) >= 50
    modes = {stat.S_IMODE((home / "secret_key").stat().st_mode) for home in homes}
    assert modes == {0o600}


def test_a_deployed_site_has_nothing_to_be_warned_of(tmp_path: Path) -> None:
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        data=tmp_path,
        DATABASE_URL="postgres://nobody@127.0.0.1:1/x",
        REDIS_URL="redis://127.0.0.1:1/0",
        SECRET_KEY=GOOD_KEY,
        ALLOWED_HOSTS="labels.example.org",
        HTTPS="1",
    )

    assert done.returncode == 0, done.stderr


def test_nobody_can_sign_in_on_a_fresh_site(tmp_path: Path) -> None:
    made = manage("migrate", data=tmp_path, SECRET_KEY="", DATABASE_URL="")
    program = "from annotator.accounts.models import User; print(User.objects.count(), 'people')"
    people = manage("shell", "-c", program, data=tmp_path, SECRET_KEY="", DATABASE_URL="")

    assert made.returncode == 0, made.stderr
    assert "0 people" in people.stdout


@pytest.mark.parametrize("url", ["", "sqlite"])
def test_sqlite_acknowledges_what_is_on_the_disk(tmp_path: Path, url: str) -> None:
    program = (
        "from django.db import connection as c; "
        "print([c.cursor().execute(f'PRAGMA {one}').fetchone()[0] "
        "for one in ('journal_mode', 'synchronous')])"
    )
    given = {"DATABASE_URL": f"sqlite:///{tmp_path / 'x'}", "SECRET_KEY": GOOD_KEY} if url else {}

    read = manage("shell", "-c", program, data=tmp_path, **given)

    assert "['wal', 2]" in read.stdout, read.stderr  # 2 is FULL


PROVIDER = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "triptych"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"LOCAL_PASSWORDS": "false"}, "nobody gets in"),
        ({**PROVIDER, "OIDC_ISSUER": "http://id.example.org"}, "begin with https://"),
        ({**PROVIDER, "OIDC_CLIENT_ID": ""}, "needs OIDC_CLIENT_ID"),
        ({**PROVIDER, "OIDC_SCOPES": "profile"}, "has to name openid"),
        ({**PROVIDER, "OIDC_GROUPS": "staff"}, "'staff' is none of"),
        ({**PROVIDER, "OIDC_GROUPS": "staff=boss@7"}, "'staff=boss@7' is none of"),
        ({**PROVIDER, "OIDC_GROUPS": "a=lead; staff=reviewer@cats"}, "'staff=reviewer@cats'"),
    ],
)
def test_ways_in_that_lead_nowhere_refuse_to_start(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    done = manage("check", data=tmp_path, DATABASE_URL="", **given)

    assert done.returncode != 0
    assert told in done.stderr


def test_a_group_may_be_called_what_directories_call_them(tmp_path: Path) -> None:
    groups = "CN=Labelers,OU=People=annotator@7; Domain Users=person; "

    done = manage("check", data=tmp_path, DATABASE_URL="", **PROVIDER, OIDC_GROUPS=groups)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("sources", "told"),
    [("lake=images", "'lake=images' is none of"), ("lake={data}", "'lake' would give away")],
)
def test_sources_that_cannot_be_read_or_are_the_sites_own_refuse_to_start(
    tmp_path: Path, sources: str, told: str
) -> None:
    done = manage(
        "check", data=tmp_path, DATABASE_URL="", IMAGE_SOURCES=sources.format(data=tmp_path)
    )

    assert done.returncode != 0
    assert told in done.stderr
