"""Exports in a process of its own, as a worker does, in turns with a bare loop over the same rows.

    python -m bench.exporting PROJECT FORMAT WORKERS TURNS [NAME=VALUE …]

Prints what it took as JSON. The bare loop is the ceiling of `preferences`: the database counts the
votes, one cursor streams a row for each of ours, msgspec writes the line; no snapshot, no
spool, no hash, nothing that another format could use.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import django


class _NoPandas:
    """As on a site, where pandas is not installed: pyarrow imports it where it is (1 s of CPU)."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, _NoPandas())
django.setup()

import msgspec  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from annotator.exports.building import build  # noqa: E402
from annotator.exports.formats.format import check_options  # noqa: E402
from annotator.exports.formats.registry import format_named  # noqa: E402
from annotator.exports.management.commands.export import read_options  # noqa: E402
from annotator.exports.read.source import specs_of  # noqa: E402
from annotator.projects.models import Project  # noqa: E402
from bench.beside import beside, best, cpu_with  # noqa: E402

ROWS_AT_ONCE = 2000
BARE = """
SELECT item.id::text AS item, item.key, item.prompt, question.key AS dimension,
    count(*) FILTER (WHERE piece.choice = 'a') AS a,
    count(*) FILTER (WHERE piece.choice = 'b') AS b,
    max(first.sha256) AS first, max(second.sha256) AS second,
    max(first.generator) AS generator_a, max(second.generator) AS generator_b
FROM items_item item
JOIN items_itemimage one ON one.item_id = item.id AND one.place = 0
JOIN items_image first ON first.id = one.image_id
JOIN items_itemimage two ON two.item_id = item.id AND two.place = 1
JOIN items_image second ON second.id = two.image_id
JOIN annotations_annotation said ON said.item_id = item.id AND said.counted AND said.current
JOIN annotations_annotationpiece piece ON piece.annotation_id = said.id
JOIN projects_question question ON question.id = piece.question_id
WHERE item.project_id = %s
GROUP BY item.id, question.id
ORDER BY item.batch_id, item.key COLLATE "C", question.position"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export took: rows, the best turn's seconds and CPU seconds, peak memory in MB.

    CPU is this process's and the database's for it. `ceiling_…` are the bare loop's; `ratio`: how
    much of it was reached. None: no loop.
    """

    rows: int
    seconds: float
    cpu: float
    peak: float
    ceiling_seconds: float | None = None
    ceiling_cpu: float | None = None
    ratio: float | None = None


def peak_megabytes() -> float:
    """This process's own highest memory; getrusage's would be inherited from whoever began it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if "VmHWM" in line)


def bare(project: int, out: Path) -> None:
    """The ceiling."""
    encode = msgspec.json.Encoder().encode
    with out.open("wb", buffering=1 << 20) as lines:
        lines.writelines(encode(row) + b"\n" for row in _rows(project))


def _rows(project: int) -> Iterator[dict[str, object]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(BARE, [project])
        names: list[str] = []
        while some := cursor.fetchmany(ROWS_AT_ONCE):
            names = names or [column.name for column in cursor.description]
            yield from (dict(zip(names, row, strict=True)) for row in some)


def main(project: str, name: str, workers: str, turns: str, *given: str) -> None:
    row, form = Project.objects.get(pk=project), format_named(name)
    questions = specs_of(row)
    options = check_options(form, questions, read_options(form, questions, given))
    rows, peaks = [], []
    with connection.cursor() as cursor:
        # The helpers of a parallel query would do work that nobody counts.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with tempfile.TemporaryDirectory() as folder:
        places = (Path(folder) / str(number) for number in range(int(turns) + 1))

        def export() -> None:
            built = build(
                project=row, form=form, options=options, final=next(places),
                tick=lambda stage, done, total: None, workers=int(workers),
            )  # fmt: skip
            built.files.close()
            rows.append(built.rows)
            peaks.append(peak_megabytes())

        has_ceiling = name == "preferences"
        found = beside(
            export,
            lambda: bare(row.pk, Path(folder) / "bare.jsonl") if has_ceiling else None,
            turns=int(turns),
            cpu=lambda: cpu_with(backend),
        )
    ours, ceiling = best(found.ours), best(found.ceiling)
    told = Exported(rows=rows[0], seconds=ours.clock, cpu=ours.cpu, peak=peaks[0])
    if has_ceiling:
        told = replace(
            told, ceiling_seconds=ceiling.clock, ceiling_cpu=ceiling.cpu, ratio=found.ratio
        )
    sys.stdout.write(json.dumps(asdict(told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
