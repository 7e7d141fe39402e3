"""Fixtures of the whole suite. A test of PostgreSQL, Redis or the browser is never skipped."""

import os
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from tests import factories


def pytest_configure() -> None:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        pytest.exit(
            "The suite runs on PostgreSQL and Redis: start it with `make test`, or set "
            "DATABASE_URL and REDIS_URL.",
            returncode=3,
        )


@pytest.fixture(autouse=True)
def _own_files(tmp_path: object, settings: object) -> None:
    """PillowImage, uploads and exports of a test go into its own folder."""
    root = Path(str(tmp_path))
    settings.MEDIA_ROOT = root / "media"  # type: ignore[attr-defined]
    settings.UPLOAD_ROOT = root / "uploads"  # type: ignore[attr-defined]
    settings.EXPORT_ROOT = root / "exports"  # type: ignore[attr-defined]
    settings.WEIGHTS_ROOT = root / "weights"  # type: ignore[attr-defined]
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
