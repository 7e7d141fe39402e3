"""An export as its project's managers see it: how far it is, what came of it, how to use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotator.core.reasons import Reason, from_json
from annotator.exports import selectors
from annotator.exports.aggregate.votes import Questions
from annotator.exports.models import Export, ExportFile, ExportState
from annotator.exports.offers import command_of, snippet_of
from annotator.exports.read.source import specs_of
from annotator.projects.models import Project
from annotator.projects.people import Person, person_of


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of a finished export."""

    name: str
    bytes: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class ExportShape:
    """One export.

    `files`: the first 200, those beside the manifest first; in a list of exports none. The manifest
    names all, the archive (one zip of `archive_bytes`) holds all. `expires_at`: when they will be
    removed; null: never, or there are none. `error`: why it failed, or what it waits for.
    `snippet`: code that loads it from beside its folder, `command`: the command line that makes the
    same export.
    """

    id: int
    project: int
    format: str
    options: Mapping[str, Any]
    state: ExportState
    error: Reason | None
    progress: selectors.ExportProgress
    rows: int | None
    files: Sequence[ListedFile]
    file_count: int
    total_bytes: int
    archive_bytes: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    created_by: Person | None
    snippet: str
    command: str


def details_of(project: Project, exports: Sequence[Export]) -> list[ExportShape]:
    """A list of a project's exports, without their files (3 queries)."""
    progress, questions = selectors.progress_of(exports), specs_of(project)
    return [_detail(export, (), progress[export.pk], questions) for export in exports]


def detail_of(export: Export) -> ExportShape:
    """One export by itself (5 queries)."""
    progress = selectors.progress_of([export])[export.pk]
    files = selectors.first_files(export)
    return _detail(export, files, progress, specs_of(export.project))


def _detail(
    export: Export,
    files: Sequence[ExportFile],
    progress: selectors.ExportProgress,
    questions: Questions,
) -> ExportShape:
    return ExportShape(
        id=export.pk,
        project=export.project_id,
        format=export.format,
        options=export.options,
        state=ExportState(export.state),
        error=None if export.error is None else from_json(export.error),
        progress=progress,
        rows=export.rows,
        files=[_file(file) for file in files],
        file_count=export.file_count,
        total_bytes=export.total_bytes,
        archive_bytes=export.archive_bytes,
        created_at=export.created_at,
        finished_at=export.finished_at,
        expires_at=selectors.expires_at(export),
        created_by=None if export.created_by is None else person_of(export.created_by),
        snippet=snippet_of(export),
        command=command_of(export, questions),
    )


def _file(file: ExportFile) -> ListedFile:
    url = f"/api/v1/exports/{file.export_id}/files/{file.name}"
    return ListedFile(file.name, file.bytes, file.sha256, url)
