"""Python's side: .venv, uv in it, torch apart from the locks, and what the locks pin."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from preparing.steps import (
    BIN,
    PYTHON,
    ROOT,
    STAMPS,
    VENV,
    SetupError,
    digest,
    is_done,
    mark_done,
    run,
    say,
)


def ensure_venv() -> None:
    """A .venv of this very Python; one of another version is made anew."""
    key = digest(sys.version, sys.base_prefix, str(VENV))
    if is_done("venv", key) and PYTHON.exists():
        return
    if PYTHON.exists() and not STAMPS.exists() and venv_version() == sys.version:
        mark_done("venv", key)  # made by hand, and right
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_ensurepip()
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    mark_done("venv", key)


def venv_version() -> str:
    answer = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(sys.version, end='')"],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout


def install_ensurepip() -> None:
    """Debian keeps ensurepip in a package of its own."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"this Python has no ensurepip; installing Debian's {package}")
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=apt)
        run("apt-get", "install", "-y", "-qq", package, env=apt)
        return
    raise SetupError(
        "this Python can't make virtual environments (its ensurepip is missing). On Debian and "
        f"Ubuntu: sudo apt-get install {package}. Then run make again."
    )


def uv(*arguments: str | Path) -> None:
    """uv inside .venv, with the wheels folder that pip was told of, if any."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    if "PIP_FIND_LINKS" in env:
        env.setdefault("UV_FIND_LINKS", ",".join(env["PIP_FIND_LINKS"].split()))
    env.setdefault("UV_HTTP_TIMEOUT", "180")
    env.setdefault("UV_LINK_MODE", "copy")
    run(BIN / "uv", "pip", *arguments, env=env)


def ensure_uv() -> None:
    lock = ROOT / "requirements-uv.txt"
    key = digest(lock, (STAMPS / "venv").read_text())
    if is_done("uv", key) and (BIN / "uv").exists():
        return
    say("installing uv")
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes",
        "--no-deps", "-r", lock)  # fmt: skip
    mark_done("uv", key)


def ensure_torch() -> None:
    """torch stands outside the locks: its CPU and CUDA builds have different hashes."""
    wanted = ROOT / "requirements-torch.txt"
    key = digest(wanted, (STAMPS / "venv").read_text())
    if is_done("torch", key):
        return
    chosen = {"PIP_FIND_LINKS", "UV_FIND_LINKS", "UV_TORCH_BACKEND", "UV_INDEX", "UV_DEFAULT_INDEX"}
    if sys.platform == "linux" and not chosen & os.environ.keys():
        say(
            "on Linux the usual torch is the CUDA build, several gigabytes to download. Without a "
            "GPU, stop here and say `UV_TORCH_BACKEND=cpu make …` for the small one."
        )
    say(f"installing {wanted.read_text().strip()}")
    uv("install", "-q", "-r", wanted)
    mark_done("torch", key)


def ensure_packages(step: str, *names: str) -> None:
    locks = [ROOT / name for name in names]
    key = digest(*locks, (STAMPS / "venv").read_text())
    if is_done(step, key):
        return
    say(f"installing what {' and '.join(names)} pin")
    started = time.monotonic()
    files = [part for lock in locks for part in ("-r", lock)]
    uv("install", "-q", "--no-deps", "--require-hashes", *files)
    mark_done(step, key)
    say(f"packages installed in {time.monotonic() - started:.0f} s")


def ensure_site() -> None:
    ensure_venv()
    ensure_uv()
    ensure_torch()
    ensure_packages("site", "requirements.txt")


def ensure_consumers() -> None:
    """Readers of our exports that pin old versions of what we use: an environment of their own."""
    lock = ROOT / "requirements-consumers.txt"
    home = VENV / "consumers"
    key = digest(lock, (STAMPS / "venv").read_text())
    if is_done("consumers", key) and home.is_dir():
        return
    say("installing other people's readers of exports, which the tests open them with")
    uv("install", "-q", "--no-deps", "--require-hashes", "-r", lock, "--target", home)
    mark_done("consumers", key)
