"""What other people's programs make of this repository: clients of the schema, packages, a site."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from preparing import front_end

ROOT = Path(__file__).resolve().parents[2]
OPENAPI = ROOT / "annotator" / "api" / "openapi.yaml"
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> str:
    """All that it said; it has to succeed."""
    path = os.pathsep.join([str(BIN), str(front_end.node_folder()), os.environ["PATH"]])
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_openapi_python_client_makes_all_of_a_client(tmp_path: Path) -> None:
    said = run(
        BIN / "openapi-python-client", "generate", "--path", OPENAPI,
        "--output-path", tmp_path / "made", "--meta", "none",
    )  # fmt: skip

    assert "Warning" not in said, said
    made = {path.stem for path in (tmp_path / "made" / "api").rglob("*.py")} - {"__init__"}
    paths = yaml.safe_load(OPENAPI.read_text())["paths"].values()
    assert made == {call["operationId"] for calls in paths for call in calls.values()}
    upload = next((tmp_path / "made").rglob("send_chunk.py")).read_text()
    assert "application/octet-stream" in upload
    archive = next((tmp_path / "made").rglob("export_archive.py")).read_text()
    assert "response.content" in archive


def test_openapi_typescript_makes_types_that_compile(tmp_path: Path) -> None:
    bins = front_end.FRONTEND / "node_modules" / ".bin"
    run(bins / "openapi-typescript", OPENAPI, "-o", tmp_path / "schema.d.ts")

    run(bins / "tsc", "--noEmit", "--strict", "--skipLibCheck", "false", tmp_path / "schema.d.ts")


def test_the_schema_says_where_it_is_served() -> None:
    assert yaml.safe_load(OPENAPI.read_text())["servers"][0]["url"] == "/"


def test_the_packages_say_their_licence_and_what_they_hold() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    client = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text())

    held = whole["tool"]["setuptools"]["packages"]["find"]["include"]
    assert held == ["scoring*"]
    assert {"images", "metrics", "service"} <= set(whole["project"]["optional-dependencies"])
    assert client["project"]["name"] == "triptych-client"
    assert client["project"]["scripts"] == {"triptych": "triptych_client.cli:main"}
    texts = {(ROOT / folder / "LICENSE").read_text() for folder in (".", "client")}
    assert len(texts) == 1
    assert "Apache License" in texts.pop()
    assert {whole["project"]["license"], client["project"]["license"]} == {"Apache-2.0"}
