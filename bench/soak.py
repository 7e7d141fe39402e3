"""Whether the web processes grow: their memory while people annotate, slice after slice.

Each slice has as many rounds as the first or fewer; a process that keeps something of each round
grows by it. Printed as megabytes at the start and at the end, and bytes a round between the second
slice (all statements are prepared, all pools filled) and the last.
"""

from collections.abc import Callable, Iterator

import psutil

from bench import seeds
from bench.claims import Annotator, Load, broken_promises, pair_project, site, together

PEOPLE = 16
WARM_UP_SECONDS = 10.0
SLICES = 6

Line = tuple[str, float, str]


def measure(items: int, seconds: float, note: Callable[[str], None]) -> Iterator[Line]:
    """`seconds` of rounds in all; as long as there are items for them."""
    note(f"making {items:,} items")
    project = pair_project(items)
    with site() as (port, web):
        people = [Annotator(port, person) for person in seeds.annotators(project, PEOPLE)]
        together(people, WARM_UP_SECONDS)
        load, memory, rounds = Load(web, people), [megabytes(web)], [0]
        for number in range(SLICES):
            load.go_on(seconds / SLICES)
            memory.append(megabytes(web))
            rounds.append(len(load.milliseconds))
            note(f"{number + 1} of {SLICES}: {rounds[-1]:,} rounds, {memory[-1]:.1f} MB")
    grown = (memory[-1] - memory[1]) * 2**20 / max(rounds[-1] - rounds[1], 1)
    yield "soak.rounds", rounds[-1], "rounds"
    yield "soak.memory_first", memory[0], "MB"
    yield "soak.memory_last", memory[-1], "MB"
    yield "soak.growth", grown, "bytes/round"
    yield "soak.broken_promises", broken_promises(project.pk), "rows"


def megabytes(web: int) -> float:
    """What the web processes hold for themselves, shared pages counted once."""
    master = psutil.Process(web)
    processes = [master, *master.children(recursive=True)]
    unique: list[int] = [process.memory_full_info().uss for process in processes]
    return sum(unique) / 2**20
