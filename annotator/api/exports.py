"""Exports: asking for one, following, ending and removing it, and downloading it."""

from dataclasses import asdict
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role, User
from annotator.api.ranges import WhateverIsAccepted, download
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.exports import selectors, services
from annotator.exports.archive import Archive, Member, read_part
from annotator.exports.models import Export, ExportFile, ExportState, Stage
from annotator.projects.selectors import project_for

RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="One range of bytes, to go on with."
)


class ExportRequestSerializer(StrictSerializer):
    """What is wanted."""

    format = serializers.CharField(max_length=30)
    options = serializers.DictField(default=dict, help_text="By name; what is left out defaults.")


class ExportProgressSerializer(serializers.Serializer[Any]):
    """How far the present stage is: items gone through, of all."""

    stage = serializers.ChoiceField(
        choices=Stage.values,
        help_text="spool: answers are read; shards: rows are written, by several workers at once; "
        "assembly: the parts become one folder.",
    )
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    shards_done = serializers.IntegerField(help_text="Parts that are whole, of `shards`.")
    shards = serializers.IntegerField(help_text="0 outside the stage of that name.")


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


class ExportSerializer(serializers.Serializer[Any]):
    """One export."""

    id = serializers.IntegerField()
    project = serializers.IntegerField()
    format = serializers.CharField()
    options = serializers.DictField()
    state = serializers.ChoiceField(choices=ExportState.values)
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
    archive_bytes = serializers.IntegerField(help_text="Of the whole as one zip.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When the files will be removed; null: never, or there are none."
    )
    created_by = ExporterSerializer(allow_null=True)


def export_body(
    export: Export, files: list[ExportFile], progress: selectors.Progress
) -> dict[str, Any]:
    """The export in the contract's shape."""
    return {
        "id": export.pk,
        "project": export.project_id,
        "format": export.format,
        "options": export.options,
        "state": export.state,
        "error": export.error,
        "progress": {"stage": export.stage, **asdict(progress)},
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
        "file_count": export.file_count,
        "total_bytes": export.total_bytes,
        "archive_bytes": export.archive_bytes,
        "created_at": export.created_at,
        "finished_at": export.finished_at,
        "expires_at": selectors.expires_at(export),
        "created_by": _exporter(export.created_by),
    }


def _exporter(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        "id": user.pk,
        "username": user.username,
        "display_name": user.display_name,
    }


def one_body(export: Export, files: list[ExportFile]) -> dict[str, Any]:
    """One export by itself (1 query)."""
    return export_body(export, files, selectors.progress_of([export])[export.pk])


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
        exports = selectors.exports_of(project)
        progress = selectors.progress_of(exports)
        return Response([export_body(export, [], progress[export.pk]) for export in exports])

    @extend_schema(
        operation_id="request_export",
        tags=["exports"],
        request=ExportRequestSerializer,
        responses={202: ExportSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Asks for an export; workers make it.

        Unknown options are refused; so is what has nothing to export, or no room on the disk.
        """
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
        return Response(one_body(export, []), status=202)


class ExportView(APIView):
    """GET: how far it is, and its files. DELETE removes it."""

    @extend_schema(
        operation_id="export", tags=["exports"], responses={200: ExportSerializer, **ERRORS}
    )
    def get(self, request: Request, export_id: int) -> Response:
        """One export."""
        export = selectors.export_for(person(request), export_id)
        return Response(one_body(export, selectors.first_files(export)))

    @extend_schema(operation_id="delete_export", tags=["exports"], responses={204: None, **ERRORS})
    def delete(self, request: Request, export_id: int) -> Response:
        """Removes an export and its files. One that is under way has to be cancelled first."""
        export = selectors.export_for(person(request), export_id)
        services.delete_export(export=export)
        return Response(status=204)


class ExportCancelView(APIView):
    """POST ends it."""

    @extend_schema(
        operation_id="cancel_export",
        tags=["exports"],
        request=None,
        responses={200: ExportSerializer, **ERRORS},
    )
    def post(self, request: Request, export_id: int) -> Response:
        """Ends an export that waits or is under way; nothing is kept of it but this row."""
        export = selectors.export_for(person(request), export_id)
        services.cancel_export(export=export, now=timezone.now())
        return Response(one_body(export, []))


class ExportRetryView(APIView):
    """POST goes on with it."""

    @extend_schema(
        operation_id="retry_export",
        tags=["exports"],
        request=None,
        responses={202: ExportSerializer, **ERRORS},
    )
    def post(self, request: Request, export_id: int) -> Response:
        """Goes on with a failed export: parts that are whole stay, of the same snapshot."""
        export = selectors.export_for(person(request), export_id)
        services.retry_export(export=export)
        return Response(one_body(export, []), status=202)


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
            size=export.archive_bytes,
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
    path("projects/<int:project_id>/exports", ExportsView.as_view()),
    path("exports/<int:export_id>", ExportView.as_view()),
    path("exports/<int:export_id>/cancel", ExportCancelView.as_view()),
    path("exports/<int:export_id>/retry", ExportRetryView.as_view()),
    path("exports/<int:export_id>/files/<path:name>", ExportFileView.as_view()),
    path("exports/<int:export_id>/archive", ExportArchiveView.as_view()),
]
