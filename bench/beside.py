"""Two ways measured beside each other: in turns, several times, so that others' load meets both.

What is compared is CPU time: on a machine that has other work to do, the clock tells of that work.
"""

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of CPU."""

    clock: float
    cpu: float


@dataclass
class Beside:
    """What each turn of ours and of the ceiling took."""

    ours: list[Spent] = field(default_factory=list)
    ceiling: list[Spent] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How much of the ceiling ours reaches, by CPU time: the median of the turns."""
        turns = zip(self.ours, self.ceiling, strict=True)
        return median(ceiling.cpu / ours.cpu for ours, ceiling in turns)


def beside(
    ours: Callable[[], object],
    ceiling: Callable[[], object],
    *,
    turns: int,
    cpu: Callable[[], float] = time.process_time,
) -> Beside:
    """Both, in turns; `cpu` tells the CPU seconds so far of all who take part."""
    found = Beside()
    for _ in range(turns):
        found.ours.append(_spent(ours, cpu))
        found.ceiling.append(_spent(ceiling, cpu))
    return found


def best(turns: Sequence[Spent]) -> Spent:
    """The least of each."""
    return Spent(min(one.clock for one in turns), min(one.cpu for one in turns))


def cpu_with(*others: int) -> float:
    """CPU seconds of this process, of its children that have ended, and of these processes."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(map(cpu_of, others))


def cpu_of(pid: int) -> float:
    """CPU seconds of a process until now, with the kernel's; 0 for one that is not here."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # ended, or a database on another machine: not counted
        return 0
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def _spent(act: Callable[[], object], cpu: Callable[[], float]) -> Spent:
    started, busy = time.perf_counter(), cpu()
    act()
    return Spent(time.perf_counter() - started, cpu() - busy)
