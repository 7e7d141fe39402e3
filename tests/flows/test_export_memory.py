"""Four times the annotations take the same memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.flows.crowd import crowded_project
from tests.waiting import HANG_SECONDS

ROOT = Path(__file__).resolve().parents[2]
# Whoever held the rows would take some 75 MiB more for the larger one.
GROWTH_KIB = 16 * 1024


def export(project_id: int, format_name: str, folder: Path) -> dict[str, float]:
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.export_memory", str(project_id), format_name, folder],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "annotator.config.settings",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


@pytest.mark.django_db(transaction=True)
def test_four_times_the_annotations_take_the_same_memory(tmp_path: Path) -> None:
    small, large = crowded_project(2_000), crowded_project(8_000)

    for format_name, rows in (("annotations", (6_000, 24_000)), ("preferences", (8_000, 32_000))):
        few = export(small.pk, format_name, tmp_path / f"few-{format_name}")
        many = export(large.pk, format_name, tmp_path / f"many-{format_name}")
        assert (few["rows"], many["rows"]) == rows
        assert many["after"] - few["after"] < GROWTH_KIB, (few, many)
        print(format_name, few, many)
