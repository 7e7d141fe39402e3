"""Waiting in tests: as long as it takes. The bound ends only what hangs; it times nothing.

Who is at work on a test that hangs sets TRIPTYCH_HANG_SECONDS and waits less.
"""

import os
import time
from collections.abc import Callable

HANG_SECONDS = float(os.environ.get("TRIPTYCH_HANG_SECONDS", "300"))


def until(is_so: Callable[[], object], what: str = "it is so", *, every: float = 0.02) -> None:
    """Returns as soon as it is so."""
    end = time.monotonic() + HANG_SECONDS
    while not is_so():
        assert time.monotonic() < end, f"waited {HANG_SECONDS:.0f} s in vain until {what}"
        time.sleep(every)
