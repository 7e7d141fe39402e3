"""The OpenID provider of an organisation, as a process of its own, and the site that it is for."""

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from preparing.front_end import node_folder

from tests.sites import ROOT
from tests.waiting import until

SCRIPT = Path(__file__).with_name("provider.mjs")


class Organisation:
    """Its people, by their number at the provider, with what it says of each."""

    def __init__(self, issuer: str, file: Path) -> None:
        self.issuer, self.file = issuer, file
        self.people: dict[str, dict[str, Any]] = {}

    def has(self, number: str, username: str, /, *groups: str, **claims: str) -> None:
        """From now on it has this person, in these groups."""
        told = {"preferred_username": username, "groups": list(groups), **claims}
        self.people[number] = told
        self.file.write_text(json.dumps(self.people))


@contextlib.contextmanager
def organisation(port: int, site: str, folder: Path) -> Iterator[Organisation]:
    """A provider that signs people in for this site."""
    made = Organisation(f"http://127.0.0.1:{port}", folder / "people.json")
    made.file.write_text("{}")
    log = folder / "provider.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [node_folder() / "node", SCRIPT, str(port), site, made.file],
            cwd=ROOT, stdout=written, stderr=subprocess.STDOUT,
            env={**os.environ, "NODE_ENV": "test"},
        )  # fmt: skip
    try:
        until(
            lambda: "listening" in log.read_text() or process.poll() is not None,
            "the provider listens",
        )
        assert process.poll() is None, log.read_text()
        yield made
    finally:
        process.terminate()
        process.wait()
