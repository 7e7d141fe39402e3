"""How the suite is split among processes (pytest-xdist): `-n auto`, as tests/suite.py asks."""

import os

from xdist.scheduler import LoadScopeScheduling

# Each holds a database's connections, and now and then a network and its features.
MOST_PROCESSES = 4
# What takes longest begins first, so that no process is left alone with it at the end.
LONGEST_FIRST = ("tests/browser", "tests/flows", "tests/operations", "tests/consumers")


class Together(LoadScopeScheduling):
    """A module's tests stay together, and so do all in the browser: they share one running site."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]


def processes() -> int:
    # One more than cores: much of a test of several processes is waiting for them.
    return min((os.cpu_count() or 1) + 1, MOST_PROCESSES)


def turn(path: str) -> int:
    """When a test's turn comes: the lower the earlier."""
    places = (n for n, folder in enumerate(LONGEST_FIRST) if path.startswith(folder))
    return next(places, len(LONGEST_FIRST))


def share_the_cores() -> None:
    """So many threads for numpy and torch that all processes together fill the machine once."""
    threads = max(1, (os.cpu_count() or 1) // processes())
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
