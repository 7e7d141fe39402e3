"""Runs a command with PostgreSQL, Redis and Chromium at hand, and stops what it started.

    python scripts/services.py [--no-browser] [--private] -- pytest tests

DATABASE_URL, REDIS_URL and TRIPTYCH_CHROMIUM are used when they are set. Else what answers on this
machine is used, else private servers are started (installed programs, PyPI's wheels, Debian's
packages). What can't be had is named, and the run fails: nothing is skipped.
"""

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from servers import chromium, found, postgres, redis


@contextlib.contextmanager
def database(*, private: bool) -> Iterator[dict[str, str]]:
    if given := os.environ.get("DATABASE_URL"):
        found.say("PostgreSQL: DATABASE_URL")
        yield {"DATABASE_URL": given}
        return
    if not private and (url := postgres.answering()):
        suffix = os.environ.get("TEST_DB_SUFFIX") or f"_{secrets.token_hex(4)}"
        found.say(f"PostgreSQL: the one that answers on this machine ({url})")
        try:
            yield {"DATABASE_URL": url, "TEST_DB_SUFFIX": suffix}
        finally:
            postgres.drop_test_databases(url, f"test_triptych{suffix}")
        return
    server = postgres.Private()
    try:
        url = server.start()
        found.say(f"PostgreSQL: a private one on port {server.port}")
        yield {"DATABASE_URL": url}
    finally:
        server.stop()


@contextlib.contextmanager
def broker(*, private: bool) -> Iterator[dict[str, str]]:
    if given := os.environ.get("REDIS_URL"):
        found.say("Redis: REDIS_URL")
        yield {"REDIS_URL": given}
        return
    if not private and (url := redis.answering()):
        found.say(f"Redis: the one that answers on this machine ({url})")
        try:
            yield {"REDIS_URL": url}
        finally:
            redis.empty(url)
        return
    server = redis.Private()
    try:
        url = server.start()
        found.say(f"Redis: a private one on port {server.port}")
        yield {"REDIS_URL": url}
    finally:
        server.stop()


def browser() -> dict[str, str]:
    at = chromium.chromium()
    found.say(f"Chromium: {at}")
    return {"TRIPTYCH_CHROMIUM": str(at)}


def run(command: list[str], env: dict[str, str]) -> int:
    """The command's exit code; a signal that we get is passed on to it first."""
    child = subprocess.Popen(command, env={**os.environ, **env})
    previous = {
        number: signal.signal(number, lambda got, _frame: child.send_signal(got))
        for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # Ctrl+C reached the child as well; it ends by itself
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-browser", action="store_true", help="no Chromium is needed")
    parser.add_argument("--private", action="store_true", help="don't use servers that answer here")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    # A supervisor's SIGTERM must not leave private servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        env = {} if options.no_browser else browser()
        env |= stack.enter_context(database(private=options.private))
        env |= stack.enter_context(broker(private=options.private))
        env["TRIPTYCH_DATA"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="triptych-"))
        env["SECRET_KEY"] = secrets.token_urlsafe(64)
        env["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1]"
        return run(options.command, env)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except found.NotToBeHad as error:
        sys.exit(f"services: {error}")
