"""Every check of the house, as many at once as there are cores; all are run, each failure is shown.

    python scripts/check.py                 run them all
    python scripts/check.py --only types    one of them
    python scripts/check.py --write-schema  write openapi.yaml and schema.d.ts, nothing else

A check is a command that ends with 0, or a function that returns what is wrong, in words.
"""

import argparse
import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import scan
from preparing import front_end

ROOT = Path(__file__).resolve().parents[1]
OPENAPI = ROOT / "annotator" / "api" / "openapi.yaml"
TYPES = ROOT / "frontend" / "src" / "api" / "schema.d.ts"
PYTHON_FOLDERS = (
    "annotator",
    "scoring",
    "demo",
    "scripts",
    "tests",
    "bench",
    "examples",
    "client",
    "deploy",
    "manage.py",
)

Check = Callable[[], str]
"""Returns what is wrong, in words; an empty text is a pass."""


def run(*command: str, cwd: Path = ROOT) -> str:
    """The command's whole output if it failed, else an empty text."""
    done = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}".strip() or "it failed"


def module(name: str, *arguments: str) -> Check:
    return lambda: run(sys.executable, "-m", name, *arguments)


def manage(*arguments: str) -> Check:
    return lambda: run(sys.executable, "manage.py", *arguments)


def with_node() -> Path:
    """The folder of a good Node, which is first on PATH from here on."""
    folder = front_end.node_folder()
    if os.environ["PATH"].split(os.pathsep)[0] != str(folder):
        os.environ["PATH"] = os.pathsep.join([str(folder), os.environ["PATH"]])
    return folder


def npm(*arguments: str) -> str:
    return run(str(with_node() / "npm"), "run", "--silent", *arguments, cwd=front_end.FRONTEND)


def write_openapi(target: Path) -> str:
    return run(
        sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn",
        "--file", str(target),
    )  # fmt: skip


def write_types(target: Path) -> str:
    with_node()
    program = front_end.FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    # What has a default may be left out of what is sent.
    return run(str(program), str(OPENAPI), "-o", str(target), "--default-non-nullable=false")


def is_up_to_date(committed: Path, write: Callable[[Path], str]) -> str:
    """Whether writing the file anew gives the committed one, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / committed.name
        if wrong := write(fresh):
            return wrong
        if committed.is_file() and fresh.read_bytes() == committed.read_bytes():
            return ""
        difference = run("diff", "-u", str(committed), str(fresh))
    name = committed.relative_to(ROOT)
    return f"{difference[:3000]}\n{name} is out of date: run `make schema` and commit it"


def build_docs() -> str:
    """The site of docs/; a link that leads nowhere fails it."""
    with tempfile.TemporaryDirectory() as folder:
        return run(sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", folder)


def existing(folders: tuple[str, ...]) -> list[str]:
    return [name for name in folders if (ROOT / name).exists()]


def checks() -> dict[str, Check]:
    """By name, what takes longest first."""
    python = existing(PYTHON_FOLDERS)
    return {
        "front-end": lambda: npm("check"),
        "types": module("mypy"),
        "lint": module("ruff", "check", *python),
        "format": module("ruff", "format", "--check", *python),
        "imports": lambda: run(str(Path(sys.executable).parent / "lint-imports")),
        "django": manage("check", "--fail-level", "WARNING"),
        "migrations": manage("makemigrations", "--check", "--dry-run"),
        "openapi": lambda: is_up_to_date(OPENAPI, write_openapi),
        "schema.d.ts": lambda: is_up_to_date(TYPES, write_types),
        "docs": build_docs,
        "repository": lambda: "\n".join(scan.problems(ROOT)),
    }


@contextlib.contextmanager
def embedded_site() -> Iterator[None]:
    """The settings of a machine where nothing is set, in a folder of its own."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="triptych-") as folder:
        os.environ["TRIPTYCH_DATA"] = folder
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
        yield


def timed(check: Check) -> tuple[str, float]:
    """What is wrong, and the seconds that it took to find out."""
    started = time.monotonic()
    return check(), time.monotonic() - started


def report(chosen: dict[str, Check]) -> int:
    failed: list[str] = []
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        running = {cores.submit(timed, check): name for name, check in chosen.items()}
        for done in as_completed(running):
            name, (wrong, seconds) = running[done], done.result()
            print(f"{'FAIL' if wrong else 'ok  '} {name:<12} {seconds:5.1f} s", flush=True)
            if wrong:
                failed.append(name)
                print(f"{wrong}\n")
    print(f"failed: {', '.join(failed)}" if failed else f"all {len(chosen)} checks passed")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Every check of the house.")
    parser.add_argument("--only", action="append", choices=sorted(checks()), metavar="NAME")
    parser.add_argument("--write-schema", action="store_true")
    options = parser.parse_args()
    with embedded_site():
        if options.write_schema:
            wrong = write_openapi(OPENAPI) or write_types(TYPES)
            print(wrong or "openapi.yaml and schema.d.ts are written")
            return 1 if wrong else 0
        every = checks()
        return report({name: every[name] for name in options.only or every})


if __name__ == "__main__":
    sys.exit(main())
