"""What exports can be asked."""

from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from annotator.accounts.models import Role, User
from annotator.core.errors import Conflict, NotFound
from annotator.core.states import JobState
from annotator.exports.models import Export, ExportFile
from annotator.projects.models import Project
from annotator.projects.selectors import project_for

LISTED_FILES = 200


def export_for(user: User, export_id: int) -> Export:
    """The export with its project and maker, for a manager of its project.

    Raises NotFound for absent and not yours alike, RoleRequired for members without the role.
    """
    export = with_totals(Export.objects.filter(pk=export_id)).first()
    if export is None:
        raise NotFound
    project_for(user, export.project_id, Role.MANAGER)
    return export


def exports_of(project: Project, limit: int = 100) -> list[Export]:
    """A project's exports, newest first."""
    rows = with_totals(Export.objects.filter(project=project))
    return list(rows.order_by("-created_at", "-pk")[:limit])


def with_totals(rows: QuerySet[Export]) -> QuerySet[Export]:
    """With `file_count` and `total_bytes` of each, its project and its maker."""
    return rows.select_related("project", "created_by").annotate(
        file_count=Count("files"), total_bytes=Sum("files__bytes", default=0)
    )


def first_files(export: Export, limit: int = LISTED_FILES) -> list[ExportFile]:
    """The files that a page lists: those beside the manifest first, then what folders hold."""
    rows = ExportFile.objects.filter(export=export)
    beside = list(rows.exclude(name__contains="/")[:limit])
    return beside + list(rows.filter(name__contains="/")[: limit - len(beside)])


def file_of(export: Export, name: str) -> ExportFile:
    """The file that the export itself listed under this very name; NotFound for any other."""
    # PostgreSQL can't even look for a NUL.
    row = None if "\0" in name else ExportFile.objects.filter(export=export, name=name).first()
    if row is None:
        raise NotFound
    return row


def files_in_order(export: Export) -> QuerySet[ExportFile]:
    """All files in the order in which an archive holds them."""
    return ExportFile.objects.filter(export=export).order_by("pk")


def folder_of(export: Export) -> Path:
    """Where the present attempt's files come to lie: each attempt has a place of its own."""
    return Path(settings.EXPORT_ROOT) / f"{export.pk}-{export.attempts}"


def path_of(file: ExportFile) -> Path:
    """Where a file lies: made of the row's own name, never of what was asked for."""
    return folder_of(file.export) / file.name


def must_be_done(export: Export) -> None:
    """Raises Conflict, in words, for an export whose files are not there (yet)."""
    if export.state != JobState.DONE:
        raise Conflict("This export has no files yet." if not export.error else export.error)


def counts_by_state() -> dict[str, int]:
    """How many exports there are in each state, for the monitoring (1 query)."""
    return dict(Export.objects.values_list("state").annotate(n=Count("pk")))
