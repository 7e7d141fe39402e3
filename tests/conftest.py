"""Fixtures of the whole suite. A test of PostgreSQL, Redis or the browser is never skipped."""

import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from annotator.core import clock
from tests import emptying, factories, parallel

hypothesis.settings.register_profile(
    "calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        pytest.exit(
            "The suite runs on PostgreSQL and Redis: start it with `make test`, or set "
            "DATABASE_URL and REDIS_URL.",
            returncode=3,
        )
    # No test cuts the power: a commit need not wait for the disk.
    site_settings.DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
    # A server on a machine that is busy with other work is slow, and not away.
    site_settings.DATABASES["default"]["OPTIONS"]["connect_timeout"] = 60
    TransactionTestCase._fixture_teardown = lambda _: emptying.empty()  # type: ignore[method-assign]
    # The site's own is slow on purpose.
    site_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        own = os.environ["REDIS_PREFIX"] = f"{process}-"
        site_settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = own
    elif config.getoption("numprocesses"):
        parallel.share_the_cores()


def pytest_xdist_auto_num_workers() -> int:
    return parallel.processes()


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Callable[..., None]
) -> parallel.Together:
    config.option.loadscopereorder = False
    return parallel.Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: parallel.turn(item.nodeid))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Asks the database's clock once, so that no test counts that query among its own."""
    with django_db_blocker.unblock():
        clock.sync()
    clock.RESYNC_SECONDS = math.inf
    yield
    # A thread keeps its connection (ADR 21), and a killed process' session ends a moment after it:
    # neither may keep the database from being dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _own_files(tmp_path: object, settings: object) -> None:
    """Images, uploads and exports of a test go into its own folder."""
    root = Path(str(tmp_path))
    settings.MEDIA_ROOT = root / "media"  # type: ignore[attr-defined]
    settings.UPLOAD_ROOT = root / "uploads"  # type: ignore[attr-defined]
    settings.EXPORT_ROOT = root / "exports"  # type: ignore[attr-defined]
    settings.WEIGHTS_ROOT = root / "weights"  # type: ignore[attr-defined]
    settings.REWARD_HEADS_ROOT = root / "heads"  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "annotator.core.storage.DurableFileStorage",
            "OPTIONS": {"location": str(root / "media")},
        },
    }


@pytest.fixture
def client() -> APIClient:
    """A stranger."""
    return APIClient()


@pytest.fixture
def project(db: None) -> factories.Project:
    """A pair project (template mps) without items."""
    return factories.project(template="mps")
