"""Steps that are done once: their words, the commands they run, and the stamps of some.

Whether Python's packages are there, uv knows by itself. A step of npm has a stamp: the hash of all
that it depends on, written after it is done.
"""

import hashlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"


class SetupError(Exception):
    """What is missing, in words that say what to do about it."""


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


def digest(*parts: str | Path) -> str:
    """One hash for texts and files together; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(part.encode())
        elif part.is_file():
            total.update(part.name.encode() + part.read_bytes())
        total.update(b"\0")
    return total.hexdigest()


def is_done(step: str, key: str) -> bool:
    stamp = STAMPS / step
    return stamp.is_file() and stamp.read_text() == key


def mark_done(step: str, key: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(key)


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    shown = " ".join(str(part) for part in command[:4])
    code = subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode
    if code:
        raise SetupError(f"`{shown} …` ended with code {code}; its own words stand above.")


def output_of(*command: str | Path) -> str:
    """What a command prints; empty where it does not run."""
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout
