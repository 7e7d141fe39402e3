"""`make bench`: the benchmarks, each number on a line of its own as `name value unit`.

    python bench/run.py                       all of them, about five minutes on two cores
    python bench/run.py --only heatmaps       one family of FAMILIES
    python bench/run.py --items 1000 --seconds 3
    python bench/run.py --only exports --rows 1000000    minutes: the line is 300 MB

Needs DATABASE_URL and REDIS_URL (scripts/services.py brings them); works in a database of its own
that it drops at the end. All traffic stays on 127.0.0.1 and is bounded in number and time. The
client shares the machine with the site, so the figures are floors. What it is doing goes to stderr.
"""

import argparse
import contextlib
import os
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FAMILIES = ("heatmaps", "metrics", "imports", "claims", "exports")
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
    server = os.environ["DATABASE_URL"]
    name = f"triptych_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = "drop database if exists {} with (force)"
            connection.execute(sql.SQL(drop).format(sql.Identifier(name)))


def prepare_django() -> None:
    """Imported late: settings read the environment once."""
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "annotator.config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    call_command("migrate", verbosity=0)


def without_a_site(chosen: Sequence[str], options: argparse.Namespace) -> None:
    """The arithmetic: no database, no server."""
    if "heatmaps" in chosen:
        from bench import heatmaps  # noqa: PLC0415

        note("heatmaps")
        for line in heatmaps.measure():
            show(*line)
    if "metrics" in chosen:
        from bench import metrics  # noqa: PLC0415

        for line in metrics.measure(options.measured, note):
            show(*line)


def with_a_site(chosen: Sequence[str], options: argparse.Namespace) -> None:
    prepare_django()
    from bench import claims, exports, imports  # noqa: PLC0415

    if "imports" in chosen:
        note(f"importing {options.images} images")
        for line in imports.measure(options.images):
            show(*line)
    if "claims" in chosen:
        for line in claims.measure(options.items, options.annotators, options.seconds, note):
            show(*line)
    if "exports" in chosen:
        for line in exports.measure(options.rows, note):
            show(*line)


def main() -> None:
    parser = argparse.ArgumentParser(description="The benchmarks.")
    parser.add_argument("--only", action="append", choices=FAMILIES)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--annotators", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=8.0, help="of each claim+submit run")
    parser.add_argument("--images", type=int, default=240, help="how many are imported")
    parser.add_argument("--rows", type=int, default=12_000, help="preference rows exported")
    parser.add_argument("--measured", type=int, default=64, help="images through Inception")
    options = parser.parse_args()
    chosen = options.only or FAMILIES
    without_a_site(chosen, options)
    if set(chosen) - {"heatmaps", "metrics"}:
        with own_database():
            with_a_site(chosen, options)
        note("done")


if __name__ == "__main__":
    main()
