"""Each image of a folder measured by any metrics, as a table.

    python -m scoring score IMAGES --prompts prompts.csv --metrics pickscore hpsv2_1 --weights DIR
    python -m scoring score IMAGES --references ORIGINALS --metrics lpips_alex psnr --out s.parquet
    python -m scoring score EDITS --sources ORIGINALS --masks MASKS --metrics psnr_outside_mask

The CSV of prompts has the columns `file` (a name below IMAGES) and `prompt`; a reference has the
same name below its folder. The table has a line an image, by name: its file, its prompt, a column a
metric, and behind it `METRIC.why` for what has no value or is to be known beside it. It goes to
stdout as CSV unless `--out` names a .csv or a .parquet.
"""

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from scoring.catalog import CATALOG, Grain
from scoring.engine import Engine
from scoring.images import RGB, read_region, read_rgb
from scoring.measure import best_device, measure
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.metrics.sets.gathering import images_in
from scoring.reasons import Refusal
from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

METRICS = tuple(name for name, entry in CATALOG.items() if entry.grain in (Grain.IMAGE, Grain.PAIR))
TABLES = (".csv", ".parquet")

Row = dict[str, Any]


def main(arguments: Sequence[str], *, registry: Mapping[str, Weights] = REGISTRY) -> int:
    """Runs the command; 0, or 1 after one line on stderr that says what is wrong."""
    options = _parser().parse_args(arguments)
    engine = Engine(
        weights_root=options.weights,
        device=options.device or best_device(),
        dtype=options.dtype,
        registry=registry,
    )
    try:
        if options.out and options.out.suffix not in TABLES:
            raise ValueError(f"{options.out} ends in none of {', '.join(TABLES)}")
        _write(_scored(options, engine), options.out)
    except (OSError, ValueError, Refusal) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prompts_of(path: Path) -> dict[str, str]:
    """File → prompt, of a CSV with these two columns."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines)
        missing = {"file", "prompt"} - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"{path} has no column {', '.join(sorted(missing))}")
        return {row["file"]: row["prompt"] for row in rows}


def _scored(options: argparse.Namespace, engine: Engine) -> list[Row]:
    files = images_in(options.images, pattern=options.pattern)
    if not files:
        raise FileNotFoundError(f"{options.images} holds no images")
    prompts = prompts_of(options.prompts) if options.prompts else {}
    rows: list[Row] = []
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("images", total=len(files))
        for start in range(0, len(files), options.batch):
            some = files[start : start + options.batch]
            rows += _rows(some, prompts, options, engine)
            progress.advance(task, len(some))
    return rows


def _rows(
    files: Sequence[Path], prompts: Mapping[str, str], options: argparse.Namespace, engine: Engine
) -> list[Row]:
    found: list[Row] = []
    subjects: list[Subject] = []
    for file in files:
        name = file.relative_to(options.images).as_posix()
        try:
            subject = _subject(file, name, prompts.get(name, ""), options)
        except OSError as error:
            sys.stderr.write(f"skipped: {name}: {error}\n")
            continue
        subjects.append(subject)
        found.append({"file": name, "prompt": subject.prompt})
    measured = measure(options.metrics, subjects, engine)
    return [row | _cells(values) for row, values in zip(found, measured, strict=True)]


def _subject(file: Path, name: str, prompt: str, options: argparse.Namespace) -> Subject:
    mask = _named(options.masks, name)
    return Subject(
        read_rgb(file),
        _read(_named(options.references, name)),
        prompt,
        source=_read(_named(options.sources, name)),
        mask=read_region(mask) if mask else None,
    )


def _named(folder: Path | None, name: str) -> Path | None:
    """The file of this name in a folder, where there is one."""
    return folder / name if folder and (folder / name).exists() else None


def _read(file: Path | None) -> RGB | None:
    return read_rgb(file) if file else None


def _cells(values: Mapping[str, Measured]) -> Row:
    cells: Row = {}
    for name, measured in values.items():
        cells[name] = measured.value
        cells[f"{name}.why"] = "; ".join(str(reason) for reason in measured.reasons)
    return cells


def _write(rows: Sequence[Row], out: Path | None) -> None:
    if out is not None and out.suffix == ".parquet":
        # Only who asks for it needs it.
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        pq.write_table(pa.Table.from_pylist(list(rows)), out)
        return
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, fieldnames=list(rows[0]) if rows else ["file", "prompt"])
    writer.writeheader()
    writer.writerows(rows)
    if out is None:
        sys.stdout.write(table.getvalue())
    else:
        out.write_text(table.getvalue(), encoding="utf-8", newline="")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring score", description="Measures each image of a folder."
    )
    parser.add_argument("images", type=Path, help="a folder of images")
    parser.add_argument("--metrics", nargs="+", choices=METRICS, required=True)
    parser.add_argument("--prompts", type=Path, help="a CSV of file and prompt")
    parser.add_argument("--references", type=Path, help="a folder with files of the same names")
    parser.add_argument("--sources", type=Path, help="of edits: what was edited, by the same names")
    parser.add_argument("--masks", type=Path, help="of edits: white where it was to be edited")
    parser.add_argument("--out", type=Path, help="a .csv or a .parquet; stdout without it")
    parser.add_argument("--pattern", default="*", help="which files; **/* for folders within")
    parser.add_argument(
        "--weights", type=Path, default=Path("weights"), help="of `manage.py weights`"
    )
    parser.add_argument("--device", help="cpu or cuda:0; the best there is")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--batch", type=int, default=32, help="images a forward pass")
    return parser
