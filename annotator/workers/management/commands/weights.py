"""`manage.py weights [list|check|fetch|table] [NAME …]`: what networks are built from."""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.template.defaultfilters import filesizeformat
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from annotator.core.commands import SiteCommand
from annotator.core.reasons import sentence
from annotator.workers.fetching import PAUSES, NotFetched, fetch
from scoring.catalog import CATALOG, UnknownMetric, metric
from scoring.reasons import Code, Reason
from scoring.weights.files import (
    REGISTRY,
    Found,
    Look,
    State,
    UnknownWeights,
    entry,
    file_state,
    locate,
    look,
)
from scoring.weights.published import WeightFile, Weights

CONVERT = sentence(Reason(Code.WEIGHTS_CONVERT))


class Command(SiteCommand):
    help = (
        "Lists the weights that metrics are built from: what they are for, whether they are here, "
        "their licence, size and address, and where they belong. `check` reads them all through. "
        "`fetch` brings what is not here, where the network allows; it goes on where it was "
        "interrupted. `table` is the list in Markdown. Each licence is its publisher's: read it "
        "before you fetch."
    )
    # From code alone: other weights than the published ones, and how long to wait between tries.
    stealth_options = ("registry", "pauses")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "action", nargs="?", default="list", choices=["list", "check", "fetch", "table"]
        )
        parser.add_argument("names", nargs="*", metavar="NAME", help="of weights, as listed")
        parser.add_argument("--all", action="store_true", help="all there are")
        parser.add_argument(
            "--for", action="append", default=[], metavar="METRIC", dest="metrics",
            help="those that this metric needs (may be given again)",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        registry: Mapping[str, Weights] = options.get("registry") or REGISTRY
        try:
            named = [*options["names"], *_needed(options["metrics"])]
            chosen = [entry(name, registry) for name in dict.fromkeys(named)]
        except (UnknownWeights, UnknownMetric) as error:
            raise CommandError(str(error)) from error
        everything = list(registry.values())
        if options["action"] == "fetch":
            if not chosen and not options["all"]:
                raise CommandError("Say which: NAME …, --for METRIC or --all.")
            pauses = options.get("pauses", PAUSES)
            self._fetch(everything if options["all"] else chosen, registry, pauses)
        elif options["action"] == "table":
            self.stdout.write(_table(chosen or everything))
        elif options["action"] == "check":
            self._check(chosen or everything, registry)
        else:
            self._list(chosen or everything, registry)

    def _list(self, chosen: Sequence[Weights], registry: Mapping[str, Weights]) -> None:
        self.stdout.write(f"Weights belong in {settings.WEIGHTS_ROOT}\n")
        for weights in chosen:
            seen = look(weights.name, settings.WEIGHTS_ROOT, registry)
            self.stdout.write(f"{weights.name}: {seen.state.value}. {weights.title}.")
            metrics = ", ".join(_metrics_of(weights)) or "no metric of the catalog"
            self.stdout.write(f"  for      {metrics}")
            self.stdout.write(f"  licence  {weights.licence}")
            self.stdout.write(f"  source   {weights.source}")
            for file in weights.files:
                self._list_file(file)
            if weights.converted:
                self.stdout.write(f"  note     {CONVERT}")
            if seen.state is State.DAMAGED:
                self.stdout.write(f"  damaged  {_text(seen)}")
            self.stdout.write("")

    def _list_file(self, file: WeightFile) -> None:
        size = "size not known" if file.bytes is None else f"{file.bytes:,} bytes"
        state = file_state(file, settings.WEIGHTS_ROOT)
        self.stdout.write(f"  file     {file.place} ({size}): {state.value}")
        self.stdout.write(f"           {_hash(file)}")
        self.stdout.write(f"           {_origin(file) or 'made here, not fetched: see the note'}")

    def _check(self, chosen: Sequence[Weights], registry: Mapping[str, Weights]) -> None:
        bad = 0
        for weights in chosen:
            located = locate(weights.name, settings.WEIGHTS_ROOT, registry)
            if isinstance(located, Found):
                self.stdout.write(f"{weights.name}: here; sha256 {located.sha256}")
                continue
            bad += located.state is State.DAMAGED
            self.stdout.write(f"{weights.name}: {located.state.value}. {_text(located)}")
        if bad:
            raise CommandError(f"{bad} damaged.")

    def _fetch(
        self,
        chosen: Sequence[Weights],
        registry: Mapping[str, Weights],
        pauses: Sequence[float],
    ) -> None:
        problems: dict[str, str] = {}
        files = {file.place: (weights, file) for weights in chosen for file in weights.files}
        for place, (weights, file) in files.items():
            if file_state(file, settings.WEIGHTS_ROOT) is State.HERE:
                self.stdout.write(f"{place} is here.")
                continue
            try:
                self._bring(weights, file, pauses)
            except NotFetched as error:
                problems[place] = str(error)
                self.stderr.write(str(error))
        for weights in chosen:
            seen = look(weights.name, settings.WEIGHTS_ROOT, registry)
            self.stdout.write(f"{weights.name}: {seen.state.value}.")
        if problems:
            raise CommandError(f"{len(problems)} of {len(files)} files could not be fetched.")

    def _bring(self, weights: Weights, file: WeightFile, pauses: Sequence[float]) -> None:
        if file.made_here:
            raise NotFetched(f"{file.place} is not fetched. {CONVERT}")
        size = "of unknown size" if file.bytes is None else filesizeformat(file.bytes)
        self.stdout.write(f"{file.place}, {size}. Licence: {weights.licence}")
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        with Progress(
            TextColumn("{task.description}"), *columns, transient=True, console=Console(stderr=True)
        ) as bars:
            bar = bars.add_task(file.name, total=file.bytes)
            fetch(
                file,
                settings.WEIGHTS_ROOT,
                progress=lambda done, total: bars.update(bar, completed=done, total=total),
                pauses=pauses,
            )


def _text(seen: Look) -> str:
    return " ".join(map(sentence, seen.reasons))


def _needed(metrics: Sequence[str]) -> list[str]:
    names = []
    for name in metrics:
        weights = metric(name).weights
        if weights is None:
            raise CommandError(f"{name} needs no weights.")
        names.append(weights)
    return names


def _table(chosen: Sequence[Weights]) -> str:
    """In Markdown, for docs/weights.md."""
    lines = ["| weights | for | files | licence |", "|---|---|---|---|"]
    for weights in chosen:
        metrics = ", ".join(f"`{name}`" for name in _metrics_of(weights)) or "–"
        places = ", ".join(f"`{file.place}`" for file in weights.files)
        title = f"`{weights.name}`: [{weights.title}]({weights.source})"
        lines.append(f"| {title} | {metrics} | {places} | {weights.licence} |")
    lines += ["", "| file | bytes | SHA-256 | from |", "|---|---|---|---|"]
    files = {file.place: file for weights in chosen for file in weights.files}
    for place, file in files.items():
        size = "–" if file.bytes is None else f"{file.bytes:,}"
        sha256 = f"`{file.sha256}`" if file.sha256 else "–"
        address = f"<{file.url}>" if file.url else _origin(file) or "made here, see below"
        lines.append(f"| `{place}` | {size} | {sha256} | {address} |")
    return "\n".join(lines)


def _origin(file: WeightFile) -> str:
    """Where it is fetched from; "" if it is not."""
    if file.package:
        return f"in the Python package {file.distribution}"
    return file.url


def _metrics_of(weights: Weights) -> list[str]:
    return [metric.name for metric in CATALOG.values() if metric.weights == weights.name]


def _hash(file: WeightFile) -> str:
    if file.sha256 is not None:
        return f"sha256 {file.sha256}"
    if file.sha256_prefix:
        return f"sha256 begins {file.sha256_prefix}; the whole is noted at the first fetch"
    return "sha256 not known; noted at the first fetch, and held to from then on"
