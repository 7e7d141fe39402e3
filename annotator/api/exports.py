"""Exports: asking for one, following, ending and removing it, and downloading it."""

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.ranges import WhateverIsAccepted, begins_at_start, download, from_the_proxy
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.exports import selectors, services
from annotator.exports.details import ExportShape, detail_of, details_of
from annotator.exports.models import Export
from annotator.projects.selectors import project_for

RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="One range of bytes, to go on with."
)

EXPORT_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="8 to 100 characters, made once for each export, sent on every try.",
)


class ExportRequestSerializer(StrictSerializer):
    """A format with options."""

    format = serializers.CharField(max_length=30)
    options = serializers.DictField(default=dict, help_text="By name; what is left out defaults.")


class ExportsView(APIView):
    """GET lists, POST asks for one."""

    @extend_schema(
        operation_id="exports",
        tags=["exports"],
        responses={200: Shape.of(ExportShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's last 100 exports, newest first."""
        project = project_for(person(request), project_id, Role.MANAGER)
        exports = details_of(project, selectors.exports_of(project))
        return Response([shaped(export) for export in exports])

    @extend_schema(
        operation_id="request_export",
        tags=["exports"],
        parameters=[EXPORT_KEY],
        request=ExportRequestSerializer,
        responses={202: Shape.of(ExportShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Asks for an export; workers make it.

        The same key and request again answer the same export, however far it is. Unknown options
        are refused; so is what has nothing to export, or no room on the disk.
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
            key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(shaped(detail_of(export)), status=202)


class ExportView(APIView):
    """GET: how far it is, and its files. DELETE removes it."""

    @extend_schema(
        operation_id="export", tags=["exports"], responses={200: Shape.of(ExportShape), **ERRORS}
    )
    def get(self, request: Request, export_id: int) -> Response:
        """One export."""
        export = selectors.export_for(person(request), export_id)
        return Response(shaped(detail_of(export)))

    @extend_schema(operation_id="delete_export", tags=["exports"], responses={204: None, **ERRORS})
    def delete(self, request: Request, export_id: int) -> Response:
        """Removes an export and its files. One that is under way has to be cancelled first."""
        export = selectors.export_for(person(request), export_id)
        services.delete_export(export=export, by=person(request))
        return Response(status=204)


class ExportCancelView(APIView):
    """POST ends it."""

    @extend_schema(
        operation_id="cancel_export",
        tags=["exports"],
        request=None,
        responses={200: Shape.of(ExportShape), **ERRORS},
    )
    def post(self, request: Request, export_id: int) -> Response:
        """Ends an export that waits or is under way; nothing is kept of it but this row."""
        export = selectors.export_for(person(request), export_id)
        services.cancel_export(export=export, now=clock.now(), by=person(request))
        return Response(shaped(detail_of(export)))


class ExportRetryView(APIView):
    """POST goes on with it."""

    @extend_schema(
        operation_id="retry_export",
        tags=["exports"],
        request=None,
        responses={202: Shape.of(ExportShape), **ERRORS},
    )
    def post(self, request: Request, export_id: int) -> Response:
        """Goes on with a failed export: parts that are whole stay, of the same snapshot."""
        export = selectors.export_for(person(request), export_id)
        services.retry_export(export=export, by=person(request))
        return Response(shaped(detail_of(export)), status=202)


class ExportFileView(APIView):
    """GET downloads one file."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="export_file",
        tags=["exports"],
        parameters=[RANGE],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            **ERRORS,
            429: ErrorSerializer,
        },
    )
    def get(self, request: Request, export_id: int, name: str) -> HttpResponseBase:
        """One file as an attachment; downloads can be resumed."""
        export = selectors.export_for(person(request), export_id)
        selectors.must_be_done(export)
        file = selectors.file_of(export, name)
        _note(request, export, file.name)
        filename, kind = file.name.rpartition("/")[2], "application/octet-stream"
        on_disk = selectors.on_disk(file)
        if settings.ACCEL_REDIRECT_EXPORTS and on_disk:
            door = settings.ACCEL_REDIRECT_EXPORTS
            return from_the_proxy(door=door, name=on_disk, filename=filename, content_type=kind)
        return download(
            request,
            read=lambda start, stop: selectors.read_file(file, start, stop),
            size=file.bytes,
            etag=file.sha256,
            filename=filename,
            content_type=kind,
        )


class ExportArchiveView(APIView):
    """GET downloads all."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="export_archive",
        tags=["exports"],
        parameters=[RANGE],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **ERRORS, 429: ErrorSerializer},
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """The whole folder as one zip, the same bytes every time; downloads can be resumed."""
        export = selectors.export_for(person(request), export_id)
        selectors.must_be_done(export)
        manifest = selectors.file_of(export, "manifest.json")
        _note(request, export, None)
        return download(
            request,
            read=selectors.archive_of(export),
            size=export.archive_bytes,
            etag=f"zip-{manifest.sha256}",
            filename=f"{export.format}-{export.pk}.zip",
            content_type="application/zip",
        )


def _note(request: Request, export: Export, file: str | None) -> None:
    """Who takes it with them is written down; who goes on with what broke off does not again."""
    if request.method == "GET" and begins_at_start(request):
        services.note_download(export, file=file, by=person(request), now=clock.now())


urlpatterns = [
    path("projects/<int:project_id>/exports", ExportsView.as_view()),
    path("exports/<int:export_id>", ExportView.as_view()),
    path("exports/<int:export_id>/cancel", ExportCancelView.as_view()),
    path("exports/<int:export_id>/retry", ExportRetryView.as_view()),
    path("exports/<int:export_id>/files/<path:name>", ExportFileView.as_view()),
    path("exports/<int:export_id>/archive", ExportArchiveView.as_view()),
]
