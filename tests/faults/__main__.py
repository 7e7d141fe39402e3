"""`make faults`: does each fault to a site at work, and prints what became of every answer.

    make faults                                   all of them, once: about fifteen minutes
    make faults ARGS='--only web --times 10'      those whose name holds "web", ten times each

Exits with 1 if an acknowledged answer was lost, doubled or contradicted, one turned up that nobody
sent, or `verify` finds a broken promise. All traffic stays on 127.0.0.1.
"""

import argparse
import signal
import sys
from typing import TYPE_CHECKING

import django

from tests.faults.ground import ground

if TYPE_CHECKING:
    from tests.faults.run import Outcome

HEAD = (
    f"{'fault':<38}{'sent':>6}{'heard':>7}{'lost':>6}{'twice':>7}{'strange':>9}{'broken':>8}"
    f"{'silent s':>10}{'whole s':>9}{'upload s':>10}  troubles, refusals"
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Faults, done to a site at work.")
    parser.add_argument("--only", action="append", help="faults whose name holds this")
    parser.add_argument("--times", type=int, default=1, help="how often each is done")
    options = parser.parse_args()
    # Ended from outside, it still leaves no servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ground() as servers:
        # Settings read the environment that `ground` has just set.
        django.setup()
        from tests.faults.run import chosen, outcomes  # noqa: PLC0415

        names = chosen(options.only or [""])
        if not names:
            parser.error(f"no fault's name holds {options.only!r}; there are: {chosen([''])}")
        show(HEAD)
        failed = 0
        for outcome in outcomes(servers, names, options.times):
            show(_line(outcome))
            if not outcome.holds:
                failed += 1
                show(outcome.broken_promises or f"It hit nobody, or: {outcome.verdict}")
    show(f"{failed} runs broke a promise." if failed else "Every promise was kept.")
    return 1 if failed else 0


def _line(outcome: "Outcome") -> str:
    verdict = outcome.verdict
    broken = "yes" if outcome.broken_promises else "no"
    return (
        f"{outcome.fault:<38}{verdict.sent:>6}{verdict.acknowledged:>7}{verdict.lost:>6}"
        f"{verdict.doubled + verdict.contradicted:>7}{verdict.unexpected:>9}{broken:>8}"
        f"{outcome.silence:>10.1f}{outcome.whole:>9.1f}{outcome.upload:>10.1f}  "
        f"{_counted(outcome.troubles)}{_counted(outcome.refused)}"
    )


def _counted(counts: dict[str, int]) -> str:
    return "".join(f"{count} × {name}  " for name, count in sorted(counts.items()))


def show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
