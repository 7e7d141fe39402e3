"""`manage.py export`, as a person types it, on the embedded SQLite."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from annotator.core.reasons import Code, Reason, sentence
from annotator.exports.formats.registry import FORMATS
from annotator.exports.read.facts import stamp
from tests.rooms.exported import contents
from tests.sites import ROOT, embedded_environment, manage
from tests.waiting import HANG_SECONDS


def run(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of a site in this folder."""
    return manage(embedded_environment(data), *command)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> tuple[Path, str]:
    """An embedded site with a project of which exports were made while answers came in."""
    data = tmp_path_factory.mktemp("site")
    env = {**embedded_environment(data), "DJANGO_SETTINGS_MODULE": "annotator.config.settings"}
    program = [sys.executable, "-m", "tests.flows.embedded_export", str(data / "made")]
    made = subprocess.run(
        program,
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return data, made.stdout


def test_a_snapshot_on_sqlite_keeps_its_instant_and_blocks_no_writer(site) -> None:
    data, project = site
    assert project.isdecimal()
    head = json.loads((data / "made" / "second" / "manifest.json").read_text())
    assert head["rows"] == 5


def test_the_command_writes_the_export_and_says_so(site, tmp_path: Path) -> None:
    data, project = site
    out = tmp_path / "out"
    command = ["export", project, "--format", "preferences", "--out", str(out)]

    done = run(data, *command, "--option", "min_margin=0.5", "--option", "images=false")

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"2 rows about 2 items, 4 files: {out}\n"
    assert "preferences" in done.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "README.md", "data", "manifest.json", "preferences.jsonl",
    ]  # fmt: skip


def test_ids_and_instants_are_told_of_sqlite_as_of_postgresql(site, tmp_path: Path) -> None:
    data, project = site
    out = tmp_path / "out"

    done = run(data, "export", project, "--format", "annotations", "--out", str(out))

    assert done.returncode == 0, done.stderr
    lines = (out / "annotations.jsonl").read_text().splitlines()
    told = {(row["annotation"], row["submitted_at"]) for row in map(json.loads, lines)}
    with sqlite3.connect(data / "triptych.sqlite3") as database:
        rows = database.execute("SELECT id, submitted_at FROM annotations_annotation").fetchall()
    assert told == {
        (str(UUID(pk)), stamp(datetime.fromisoformat(at).replace(tzinfo=UTC))) for pk, at in rows
    }


@pytest.mark.parametrize(
    ("format_name", "options", "reason"),
    [
        ("everything", [], Reason(Code.NO_SUCH_FORMAT, name="everything", names=tuple(FORMATS))),
        ("heatmaps", [], Reason(Code.NO_MARKS)),
        ("preferences", ["colour=red"], Reason(Code.NO_SUCH_OPTION)),
        (
            "preferences",
            ["min_margin=much"],
            Reason(Code.NUMBER_RANGE, min=0, max=1),
        ),
        ("preferences", ["min_margin"], Reason(Code.OPTION_WITHOUT_VALUE, text="min_margin")),
    ],
)
def test_what_the_command_does_not_understand_it_says(
    site, tmp_path: Path, format_name: str, options: list[str], reason: Reason
) -> None:
    data, project = site
    chosen = [word for option in options for word in ("--option", option)]
    out = tmp_path / "out"
    command = ["export", project, "--format", format_name, "--out", str(out)]

    refused = run(data, *command, *chosen)

    assert refused.returncode == 1
    assert sentence(reason) in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_over_nothing(site, tmp_path: Path) -> None:
    data, project = site
    (tmp_path / "mine").write_text("precious")
    command = ["export", project, "--format", "annotations", "--out", str(tmp_path)]

    refused = run(data, *command)

    assert refused.returncode == 1
    reason = Reason(Code.FOLDER_NOT_EMPTY, folder=str(tmp_path))
    assert sentence(reason) in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("aggregation", ["majority", "dawid_skene"])
def test_several_processes_write_the_same_bytes_as_one(
    aggregation: str, site, tmp_path: Path
) -> None:
    data, project = site
    command = ["export", project, "--format", "preferences"]
    command += ["--option", "shard_items=3", "--option", f"aggregation={aggregation}", "--out"]

    alone = run(data, *command, str(tmp_path / "alone"))
    together = run(data, *command, str(tmp_path / "together"), "--workers", "2")

    assert (alone.returncode, together.returncode) == (0, 0), together.stderr
    assert contents(tmp_path / "alone") == contents(tmp_path / "together")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone", "together"]
