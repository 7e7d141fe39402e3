"""From a project to a folder: the one way, for the site's worker and for the command alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from annotator.core.errors import Invalid
from annotator.exports.folder import Folder, Listing
from annotator.exports.formats.types import Format, Options, Summary, stamp
from annotator.exports.reading import Source, changed_at, source_of
from annotator.exports.snapshot import snapshot
from annotator.projects.models import Project

CREATED_AT_IS = "the newest change in the data, so that the same data gives the same bytes"


@dataclass(frozen=True, slots=True)
class Built:
    """A finished export: its rows, and its files, manifest included."""

    rows: int
    items: int
    files: Listing


def build(
    *,
    project: Project,
    form: Format,
    options: Options,
    final: Path,
    tick: Callable[[int, int], None],
) -> Built:
    """Writes the folder `final`, all of it from one snapshot, or nothing.

    `tick(done, total)` hears of items gone through; what it raises ends the export. Raises Invalid
    for a project that the format does not fit, Conflict for a picture that storage has lost.
    """
    with Folder(final) as folder:
        with snapshot():
            source = source_of(project, tick)
            why_not = form.why_not(source.questions)
            if why_not:
                raise Invalid(why_not)
            summary = form.write(source, folder, options)
            created_at = changed_at(project)
        folder.publish(manifest_head(source, form, options, summary, created_at))
        return Built(summary.rows, summary.items, folder.listing)


def manifest_head(
    source: Source, form: Format, options: Options, summary: Summary, created_at: datetime
) -> dict[str, Any]:
    """The manifest without its files."""
    project = source.project
    return {
        "format": form.name,
        "format_version": form.version,
        "project": {
            "id": project.pk,
            "name": project.name,
            "template": project.template,
            "overlap": project.overlap,
            "questions": [
                {"id": question.key, "type": question.kind} for question in source.questions
            ],
        },
        "created_at": stamp(created_at),
        "created_at_is": CREATED_AT_IS,
        "rows": summary.rows,
        "items": summary.items,
        "aggregation": dict(summary.aggregation),
        "options": dict(options.values),
        "left_out": dict(summary.left_out),
        "schema": dict(summary.schema),
    }
