"""Run by test_export_command in a process of its own, on SQLite: exports while answers come in."""

import sys
import threading
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from annotator.exports import services  # noqa: E402
from annotator.projects.models import Project  # noqa: E402
from annotator.workers.export import build_export  # noqa: E402
from tests import factories, judged  # noqa: E402
from tests.rooms.exported import batch, contents, made, pair_project, voted  # noqa: E402


def main(folder: Path) -> None:
    """Prints the project's number when all is well."""
    call_command("migrate", verbosity=0)
    project = pair_project()
    in_batch = batch(project)
    for number in range(5):
        voted(project, in_batch, str(number), "aab")
    first = contents(made(project, "preferences", folder / "first"))
    wrote = []

    def somebody_answers(stage: str, done: int, total: int) -> None:
        def write() -> None:
            late = judged.item(in_batch, f"late {len(wrote)}", "late", ["painter", "drawer"])
            for slot in range(3):
                person = factories.member(project)
                judged.answer(late, person, judged.said("a", "overall"), slot=slot)
            judged.settle(late, minutes=90)
            wrote.append(late.pk)
            connection.close()

        if len(wrote) == 2:
            return
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    second = contents(made(project, "preferences", folder / "second", tick=somebody_answers))
    assert len(wrote) == 2
    assert second == first
    assert contents(made(project, "preferences", folder / "third")) != first
    made_by_worker(project)
    sys.stdout.write(str(project.pk))


def made_by_worker(project: Project) -> None:
    """The worker's own path, whose heartbeat writes beside the snapshot that is being read."""
    export = services.request_export(
        project=project, format_name="annotations", options={}, created_by=None
    )
    build_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error, export.rows) == ("done", None, 21), export.error
    names = set(export.files.values_list("name", flat=True))
    assert names == {"annotations.jsonl", "README.md", "manifest.json"}, names


if __name__ == "__main__":
    main(Path(sys.argv[1]))
