"""Exports: the formats there are, asking for one, and downloading it."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role, User
from annotator.api.ranges import WhateverIsAccepted, download
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.core.states import JobState
from annotator.exports import selectors, services
from annotator.exports.archive import Archive, Member, read_part
from annotator.exports.formats.registry import FORMATS
from annotator.exports.formats.types import options_of
from annotator.exports.models import Export, ExportFile
from annotator.exports.reading import specs_of
from annotator.projects.selectors import project_for

RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="One range of bytes, to go on with."
)


class ExportOptionSerializer(serializers.Serializer[Any]):
    """One thing that can be chosen about a format."""

    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["number", "choice", "bool", "text"])
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField(), required=False)
    min = serializers.FloatField(required=False)
    max = serializers.FloatField(required=False)
    whole = serializers.BooleanField(required=False, help_text="A number without a fraction.")
    help = serializers.CharField()


class ExportFormatSerializer(serializers.Serializer[Any]):
    """A format, and whether the project has what it needs."""

    name = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    fits = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)
    options = ExportOptionSerializer(many=True)


class ExportRequestSerializer(StrictSerializer):
    """What is wanted."""

    format = serializers.CharField(max_length=30)
    options = serializers.DictField(default=dict, help_text="By name; what is left out defaults.")


class ExportProgressSerializer(serializers.Serializer[Any]):
    """Items gone through, of all."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ExportFileSerializer(serializers.Serializer[Any]):
    """One file of a finished export."""

    name = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField()


class ExporterSerializer(serializers.Serializer[Any]):
    """Who asked for it."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True)
    simulated = serializers.BooleanField()


class ExportSerializer(serializers.Serializer[Any]):
    """One export."""

    id = serializers.IntegerField()
    project = serializers.IntegerField()
    format = serializers.CharField()
    options = serializers.DictField()
    state = serializers.ChoiceField(choices=JobState.values)
    error = serializers.CharField(allow_blank=True, help_text="Why it failed, in words.")
    progress = ExportProgressSerializer()
    rows = serializers.IntegerField(allow_null=True)
    files = ExportFileSerializer(
        many=True,
        help_text=f"At most {selectors.LISTED_FILES}; in a list of exports none. "
        "The manifest names all, the archive holds all.",
    )
    file_count = serializers.IntegerField()
    total_bytes = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    created_by = ExporterSerializer(allow_null=True)


def export_body(export: Export, files: list[ExportFile]) -> dict[str, Any]:
    """The export in the contract's shape."""
    return {
        "id": export.pk,
        "project": export.project_id,
        "format": export.format,
        "options": export.options,
        "state": export.state,
        "error": export.error,
        "progress": {"done": export.done_count, "total": export.total_count},
        "rows": export.rows,
        "files": [
            {
                "name": file.name,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "url": f"/api/v1/exports/{export.pk}/files/{file.name}",
            }
            for file in files
        ],
        "file_count": getattr(export, "file_count", 0),
        "total_bytes": getattr(export, "total_bytes", 0),
        "created_at": export.created_at,
        "finished_at": export.finished_at,
        "created_by": _exporter(export.created_by),
    }


def _exporter(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        "id": user.pk,
        "username": user.username,
        "display_name": user.display_name,
        "simulated": user.simulated,
    }


class ExportFormatsView(APIView):
    """GET: what can be had."""

    @extend_schema(
        operation_id="export_formats",
        tags=["exports"],
        responses={200: ExportFormatSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Every format with its options, and why it does not fit this project if it doesn't."""
        project = project_for(person(request), project_id, Role.MANAGER)
        questions = specs_of(project)
        reasons = {name: form.why_not(questions) for name, form in FORMATS.items()}
        return Response(
            [
                {
                    "name": name,
                    "version": form.version,
                    "title": form.title,
                    "fits": reasons[name] is None,
                    "why_not": reasons[name] or "",
                    "options": [option.describe() for option in options_of(form, questions)],
                }
                for name, form in FORMATS.items()
            ]
        )


class ExportsView(APIView):
    """GET lists, POST asks for one."""

    @extend_schema(
        operation_id="exports",
        tags=["exports"],
        responses={200: ExportSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's last 100 exports, newest first."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([export_body(export, []) for export in selectors.exports_of(project)])

    @extend_schema(
        operation_id="request_export",
        tags=["exports"],
        request=ExportRequestSerializer,
        responses={202: ExportSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Asks for an export; a worker makes it. Unknown options are refused."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        asked = ExportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        export = services.request_export(
            project=project,
            format_name=asked.validated_data["format"],
            options=asked.validated_data["options"],
            created_by=user,
        )
        return Response(export_body(export, []), status=202)


class ExportView(APIView):
    """GET: how far it is, and its files."""

    @extend_schema(
        operation_id="export", tags=["exports"], responses={200: ExportSerializer, **ERRORS}
    )
    def get(self, request: Request, export_id: int) -> Response:
        """One export."""
        export = selectors.export_for(person(request), export_id)
        return Response(export_body(export, selectors.first_files(export)))


class ExportFileView(APIView):
    """GET downloads one file."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="export_file",
        tags=["exports"],
        parameters=[RANGE],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, export_id: int, name: str) -> HttpResponseBase:
        """One file as an attachment; downloads can be resumed."""
        export = selectors.export_for(person(request), export_id)
        selectors.must_be_done(export)
        file = selectors.file_of(export, name)
        where = selectors.path_of(file)
        return download(
            request,
            read=lambda start, stop: read_part(where, start, stop),
            size=file.bytes,
            etag=file.sha256,
            filename=file.name.rpartition("/")[2],
            content_type="application/octet-stream",
        )


class ExportArchiveView(APIView):
    """GET downloads all."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="export_archive",
        tags=["exports"],
        parameters=[RANGE],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """The whole folder as one zip, the same bytes every time; downloads can be resumed."""
        export = selectors.export_for(person(request), export_id)
        selectors.must_be_done(export)
        archive = _archive(export)
        manifest = selectors.file_of(export, "manifest.json")
        return download(
            request,
            read=archive.read,
            size=archive.size(),
            etag=f"zip-{manifest.sha256}",
            filename=f"{export.format}-{export.pk}.zip",
            content_type="application/zip",
        )


def _archive(export: Export) -> Archive:
    folder = selectors.folder_of(export)

    def members() -> Any:
        for file in selectors.files_in_order(export).iterator(2000):
            yield Member(f"{export.format}/{file.name}", folder / file.name, file.bytes, file.crc32)

    return Archive(members)


urlpatterns = [
    path("projects/<int:project_id>/export-formats", ExportFormatsView.as_view()),
    path("projects/<int:project_id>/exports", ExportsView.as_view()),
    path("exports/<int:export_id>", ExportView.as_view()),
    path("exports/<int:export_id>/files/<path:name>", ExportFileView.as_view()),
    path("exports/<int:export_id>/archive", ExportArchiveView.as_view()),
]
