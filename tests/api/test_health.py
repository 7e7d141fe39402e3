"""Health, metrics and the browser application's page."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now_set
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from annotator.ops import heartbeat
from annotator.ops.models import Heartbeat
from tests import factories
from tests.buckets import bucket_that_is_away

pytestmark = pytest.mark.django_db


def ready(client: Client) -> dict[str, tuple[bool, str]]:
    """Whether each part works, and the code that says how one can tell."""
    answer = client.get("/health/ready")
    checks = {check["name"]: (check["ok"], check["code"]) for check in answer.json()["checks"]}
    assert answer.status_code == (200 if all(ok for ok, _ in checks.values()) else 503)
    return checks


def test_a_process_that_answers_is_alive() -> None:
    answer = Client().get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_site_with_everything_is_ready() -> None:
    heartbeat.beat(heartbeat.SWEEP, timezone.now() - timedelta(seconds=10))
    heartbeat.heard(["worker@here"], timezone.now() - timedelta(seconds=10))

    checks = ready(Client())

    assert {name: ok for name, (ok, _) in checks.items()} == {
        "database": True,
        "broker": True,
        "beat": True,
        "worker": True,
        "storage": True,
        "shared": True,
        "space": True,
    }


def test_looking_leaves_nothing_behind() -> None:
    ready(Client())

    assert Heartbeat.objects.count() == 0
    assert default_storage.listdir("health")[1] == []


def test_a_worker_that_never_ran_or_fell_silent_makes_the_site_unready() -> None:
    never = ready(Client())
    heartbeat.beat(heartbeat.SWEEP, timezone.now())
    heartbeat.heard([], timezone.now())
    alone = ready(Client())
    heartbeat.beat(heartbeat.SWEEP, timezone.now() - timedelta(seconds=90))
    heartbeat.heard(["worker@one"], timezone.now() - timedelta(seconds=90))
    silent = ready(Client())

    assert (never["beat"], never["worker"]) == (
        (False, "beat_never_ran"),
        (False, "worker_never_ran"),
    )
    assert (alone["beat"], alone["worker"]) == ((True, "beat_heard"), (False, "worker_never_ran"))
    assert (silent["beat"], silent["worker"]) == (
        (False, "beat_silent"),
        (False, "worker_silent"),
    )


def test_one_worker_that_answers_is_enough() -> None:
    now = timezone.now()
    heartbeat.heard(["worker@gone"], now - timedelta(days=3))
    heartbeat.heard(["worker@here", "scorer@here"], now)

    assert ready(Client())["worker"] == (True, "worker_heard")


def test_a_full_disk_makes_the_site_unready(settings: Any) -> None:
    settings.MIN_FREE_BYTES = 2**60

    assert ready(Client())["space"] == (False, "space_short")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_when_it_commits_makes_the_site_unready() -> None:
    """As a disk does that is found full only then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$;"
            f"CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON {Heartbeat._meta.db_table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        try:
            refused = ready(Client())["database"]
        finally:
            cursor.execute("DROP FUNCTION refuse() CASCADE")
    works = ready(Client())["database"]

    assert refused == (False, "database_takes_no_writes")
    assert works == (True, "database_works")
    assert Heartbeat.objects.count() == 0


def test_a_storage_that_takes_nothing_makes_the_site_unready(settings: Any) -> None:
    Path(settings.MEDIA_ROOT).parent.mkdir(parents=True, exist_ok=True)
    Path(settings.MEDIA_ROOT).write_text("a file where a folder should be")

    assert ready(Client())["storage"] == (False, "storage_takes_no_files")
    assert str(settings.MEDIA_ROOT) not in Client().get("/health/ready").content.decode()


def test_what_other_machines_can_see_is_said(settings: Any, tmp_path: Path) -> None:
    alone = ready(Client())["shared"]
    bucket = {
        "BACKEND": "annotator.core.storage.DurableFileStorage",
        "OPTIONS": {"location": str(tmp_path / "bucket")},
    }
    settings.STORAGES = {**settings.STORAGES, "uploads": bucket, "exports": bucket}

    assert alone == (True, "kept_in_folders")
    assert ready(Client())["shared"] == (True, "shared_by_bucket")


def test_a_bucket_that_is_away_makes_the_site_unready(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": bucket_that_is_away()}

    assert ready(Client())["storage"] == (False, "bucket_away")


def test_this_machine_may_read_the_metrics() -> None:
    factories.batch(factories.project())
    heartbeat.beat(heartbeat.SWEEP, timezone.now())

    answer = Client().get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    assert 'triptych_batches{state="done"} 1' in lines
    assert "triptych_annotations_total 0" in lines
    assert any(line.startswith('triptych_heartbeat_age_seconds{name="sweep"} ') for line in lines)
    pattern = re.compile(r'(# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+="[a-z_]+"\})? -?[0-9.]+)')
    assert all(pattern.fullmatch(line) for line in lines)


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        ({"REMOTE_ADDR": "192.0.2.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, False),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer wrong"}, False),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer right"}, True),
        ({"REMOTE_ADDR": ""}, False),
    ],
)
def test_others_need_the_metrics_token(settings: Any, sent: dict[str, str], allowed: bool) -> None:
    settings.METRICS_TOKEN = "right"

    answer = Client().get("/metrics", **sent)  # type: ignore[arg-type]

    assert answer.status_code == (200 if allowed else 404)


def test_no_metrics_token_means_nobody_else(settings: Any) -> None:
    settings.METRICS_TOKEN = ""

    answer = Client().get("/metrics", REMOTE_ADDR="192.0.2.1", headers={"Authorization": "Bearer "})

    assert answer.status_code == 404


@pytest.fixture
def built(settings: Any, tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text('<meta name="csp-nonce" content="__CSP_NONCE__" />')
    settings.FRONTEND_DIST = tmp_path
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/projects/3", "/join/abc", "/annotate/1?x=y", "/apiary"])
def test_every_other_address_is_the_browser_application(built: Path, path: str) -> None:
    answer = Client().get(path)

    nonce = re.search(r'content="([^"]{20,})"', answer.content.decode())
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_two_pages_have_two_nonces(built: Path) -> None:
    assert Client().get("/").content != Client().get("/").content


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/health/other", "/static/none.js", "/metrics/x", "/api"]
)
def test_an_address_that_is_nobodys_is_not_a_page(built: Path, path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_front_end_that_is_not_built_is_said_in_words(settings: Any, tmp_path: Path) -> None:
    settings.FRONTEND_DIST = tmp_path / "nothing"

    answer = Client().get("/")

    assert answer.status_code == 503
    assert b"make setup" in answer.content


def test_pages_forbid_foreign_scripts_frames_and_forms(built: Path) -> None:
    answer = Client().get("/")

    policy = answer.headers["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert now_set.SECRET_KEY.encode() not in answer.content


def test_answers_of_the_api_are_not_kept_by_caches() -> None:
    answer = Client().get("/api/v1/me")

    assert answer.headers["Cache-Control"] == "no-store"
