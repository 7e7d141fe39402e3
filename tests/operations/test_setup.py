"""scripts/setup.py: what makes it work again, and which Node it takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from preparing import front_end, steps

ROOT = Path(__file__).resolve().parents[2]


def fake_node(folder: Path, says: str) -> Path:
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {says}\n")
        program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("says", "good"),
    [
        ("v18.20.0", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("nonsense", False),
    ],
)
def test_only_a_node_that_vite_runs_on_is_taken(tmp_path: Path, says: str, good: bool) -> None:
    assert front_end.node_is_new_enough(fake_node(tmp_path, says)) is good


def test_a_node_without_npm_is_not_taken(tmp_path: Path) -> None:
    (fake_node(tmp_path, "v24.1.0") / "npm").unlink()

    assert front_end.node_is_new_enough(tmp_path) is False


def test_a_changed_lock_makes_another_key(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("one==1")
    before = steps.digest("3.11", lock)

    assert steps.digest("3.11", lock) == before
    assert steps.digest("3.12", lock) != before
    lock.write_text("one==2")
    assert steps.digest("3.11", lock) != before


def test_an_unknown_goal_is_refused_in_words() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/setup.py", "unknown"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == "set-up: no such goal: unknown (site, demo, dev, node)\n"


def test_make_without_a_goal_tells_what_there_is() -> None:
    done = subprocess.run(
        ["make", "--silent"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    for goal in ("demo", "serve", "test", "check", "bench"):
        assert f"make {goal} " in done.stdout
