"""`make bench`: the benchmarks, each number on a line of its own as `name value unit`.

    python bench/run.py                       all of them, about ten minutes on two cores
    python bench/run.py --short               a minute: ratios, compared with ratios.json
    python bench/run.py --short --keep        writes them there
    python bench/run.py --only heatmaps       one family of FAMILIES
    python bench/run.py --items 1000 --seconds 3
    python bench/run.py --only exports --rows 1000000    minutes: the line is 300 MB

Needs DATABASE_URL and REDIS_URL (scripts/services.py brings them); works in a database of its own
that it drops at the end. All traffic stays on 127.0.0.1 and is bounded in number and time. The
client shares the machine with the site, so the figures are floors. What it is doing goes to stderr.
"""

import argparse
import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from servers import postgres  # noqa: E402

from bench import ratios  # noqa: E402

Line = tuple[str, float, str]

FAMILIES = (
    "heatmaps",
    "metrics",
    "imports",
    "claims",
    "exports",
    "pages",
    "verdicts",
    "coverage",
    "designs",
    "powered",
    "rewards",
    "desk",
    "soak",
    "service",
)
WITHOUT_A_SITE = {"heatmaps", "metrics", "coverage", "designs", "powered", "rewards", "service"}
# What the first word of a line's name says of its family.
FAMILY_OF = {
    "heatmaps": "heatmaps",
    "import": "imports",
    "claim_submit": "claims",
    "export": "exports",
    "pages": "pages",
    "batch": "verdicts",
    "desk": "desk",
}
LONG: Mapping[str, Any] = {
    "families": FAMILIES,
    "turns": 3,
    "items": [10_000, 100_000],
    "annotators": [1, 8, 32],
    "seconds": 8.0,
    "images": 240,
    "manifest": 20_000,
    "rows": 60_000,
    "formats": ("preferences", "pickapic", "trl", "annotations"),
    "settled": 100_000,
    "batch_items": 12_000,
    "answered": 300,
    "slowly": 40,
    "soaked": 120.0,
    "rewarded": 512,
    "worlds": 100,
}
# Whatever family has a ratio may be in it, as long as the whole takes a minute.
SHORT: Mapping[str, Any] = {
    "families": ("heatmaps", "imports", "claims", "exports"),
    "turns": 3,
    "items": [2_000],
    "annotators": [8],
    "seconds": 3.0,
    "images": 48,
    "manifest": 4_000,
    "rows": 8_000,
    "formats": ("preferences",),
    "settled": 10_000,
    "batch_items": 2_000,
    "answered": 30,
    "slowly": 10,
    "soaked": 30.0,
    "rewarded": 128,
    "worlds": 4,
}
STARTED = time.monotonic()


def note(text: str) -> None:
    print(f"bench: {time.monotonic() - STARTED:4.0f} s  {text}", file=sys.stderr, flush=True)


def show(name: str, value: float, unit: str) -> None:
    print(
        f"{name} {value:.4g} {unit}" if value < 1000 else f"{name} {value:.0f} {unit}", flush=True
    )


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """DATABASE_URL names a database that is there only for this run."""
    with postgres.own_database(os.environ["DATABASE_URL"], "triptych_bench") as url:
        os.environ["DATABASE_URL"] = url
        yield


def prepare_django() -> None:
    """Imported late: settings read the environment once."""
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "annotator.config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    call_command("migrate", verbosity=0)


def bench(name: str) -> Any:
    """A module of this folder; imported late, for some need Django and one needs torch."""
    return importlib.import_module(f"bench.{name}")


def heatmaps(options: argparse.Namespace) -> Iterator[Line]:
    yield from bench("heatmaps").ratios(options.turns)
    yield from () if options.short else bench("heatmaps").measure()


def imports(options: argparse.Namespace) -> Iterator[Line]:
    yield from bench("imports").measure(options.images, options.turns)
    yield from bench("rows").measure(options.manifest, options.turns)
    yield from bench("referred").measure(options.manifest, options.turns)


def claims(options: argparse.Namespace) -> Iterator[Line]:
    peer = bench("claims").nobody
    if options.label_studio:
        peer = partial(bench("label_studio").running, options.label_studio)
    crowds = options.items, options.annotators, options.seconds
    yield from bench("claims").measure(*crowds, note, peer)


def exports(options: argparse.Namespace) -> Iterator[Line]:
    ours = bench("exports")
    yield from ours.measure(options.rows, options.formats, options.turns, note)
    yield from () if options.short else ours.on_all_cores(options.rows, options.turns, note)


MEASURED: Mapping[str, Callable[[argparse.Namespace], Iterator[Line]]] = {
    "heatmaps": heatmaps,
    "metrics": lambda options: bench("metrics").measure(options.measured, note),
    "imports": imports,
    "claims": claims,
    "exports": exports,
    "pages": lambda options: bench("pages").measure(options.settled, note),
    "verdicts": lambda options: bench("verdicts").measure(options.batch_items, note),
    "coverage": lambda options: bench("coverage").measure(note),
    "designs": lambda options: bench("designs").measure(options.worlds, note),
    "rewards": lambda options: bench("rewards").measure(options.worlds, note),
    "powered": lambda options: bench("powered").measure(note),
    "desk": lambda options: bench("desk").measure(options.answered, options.slowly, note),
    "service": lambda options: bench("service").measure(options.rewarded, options.turns, note),
    "soak": lambda options: bench("soak").measure(max(options.items), options.soaked, note),
}


def run(families: Sequence[str], options: argparse.Namespace) -> dict[str, float]:
    """Shows the families' lines; gives their ratios."""
    found = {}
    for family in families:
        note(family)
        for name, value, unit in MEASURED[family](options):
            show(name, value, unit)
            if unit == "ratio":
                found[name] = value
    return found


def compare(families: Sequence[str], options: argparse.Namespace) -> list[str]:
    """Which ratios have been lost since they were written down, also when measured once more."""
    before = {
        name: ratio
        for name, ratio in ratios.kept().items()
        if FAMILY_OF[name.split(".")[0]] in families
    }
    found = run(families, options)
    if ratios.lost(found, before):
        again = {FAMILY_OF[name.split(".")[0]] for name in ratios.lost(found, before)}
        note(f"measuring once more: {', '.join(sorted(again))}")
        for name, ratio in run(sorted(again), options).items():
            found[name] = max(ratio, found.get(name, 0))
    gone = ratios.lost(found, before)
    for name in gone:
        print(f"LOST: {name} is {found.get(name, 0):.3g}, was {before[name]:.3g}", flush=True)
    return gone


def main() -> None:
    parser = argparse.ArgumentParser(description="The benchmarks.")
    parser.add_argument("--only", action="append", choices=FAMILIES)
    parser.add_argument("--short", action="store_true", help="a minute: ratios, compared")
    parser.add_argument("--keep", action="store_true", help="writes the ratios into ratios.json")
    parser.add_argument("--items", type=int, nargs="+")
    parser.add_argument("--annotators", type=int, nargs="+")
    parser.add_argument("--seconds", type=float, help="of each claim+submit run")
    parser.add_argument("--label-studio", type=Path, help="its venv: measured beside the claims")
    parser.add_argument("--images", type=int, help="how many are imported")
    parser.add_argument("--manifest", type=int, help="items whose images are there already")
    parser.add_argument("--rows", type=int, help="preference rows exported")
    parser.add_argument("--settled", type=int, help="items of the project whose pages are read")
    parser.add_argument("--batch-items", type=int, help="items of the batch that is sent back")
    parser.add_argument("--answered", type=int, help="items answered at the desk")
    parser.add_argument("--slowly", type=int, help="of images of their own, over a slow line")
    parser.add_argument("--soaked", type=float, help="seconds of rounds while memory is watched")
    parser.add_argument("--rewarded", type=int, help="images sent to the reward service")
    parser.add_argument("--worlds", type=int, help="planted ones, for each design")
    parser.add_argument("--measured", type=int, default=64, help="images through Inception")
    options = parser.parse_args()
    for name, value in (SHORT if options.short else LONG).items():
        if getattr(options, name, None) is None:
            setattr(options, name, value)
    chosen = options.only or options.families
    with own_database() if set(chosen) - WITHOUT_A_SITE else contextlib.nullcontext():
        if set(chosen) - WITHOUT_A_SITE:
            prepare_django()
        if options.keep:
            ratios.keep(run(chosen, options), date.today())  # noqa: DTZ011 - a day is enough
        elif options.short:
            if compare(chosen, options):
                sys.exit("bench: more than a third of a ratio is lost")
        else:
            run(chosen, options)
    note("done")


if __name__ == "__main__":
    main()
