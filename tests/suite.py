"""The suite as `make test` runs it: on all cores, and what failed there once more, alone.

    python -m tests.suite [pytest's arguments]

A test that passes alone after it failed beside the others is unsteady: it is named at the end, for
somebody has to mend it, but what it tests holds. More than FEW failures are no accident.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FEW = 12
FAILED = Path(".pytest_cache/v/cache/lastfailed")
SOME_FAILED = 1


def run(*arguments: str) -> int:
    """pytest's exit status."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def failed() -> list[str]:
    """The tests that failed in the last run."""
    return sorted(json.loads(FAILED.read_text())) if FAILED.exists() else []


def main(arguments: Sequence[str]) -> int:
    status = run("--cache-clear", "-n", "auto", *arguments)
    tests = failed()
    if status != SOME_FAILED or not 0 < len(tests) <= FEW:
        return status
    print(f"once more, alone: {' '.join(tests)}", flush=True)
    status = run(*arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none")
    for test in [] if status else tests:
        print(f"UNSTEADY: {test} failed beside the others and passed alone")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
