"""What exports there can be of a project: formats, ready choices, and a preview."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.exports import ExportRequestSerializer
from annotator.api.schema import ERRORS, person
from annotator.api.shapes import Shape, shaped
from annotator.exports.formats.format import fitting_options
from annotator.exports.formats.registry import format_named
from annotator.exports.offers import ExportFormat, ExportPreset, formats_for, presets_for
from annotator.exports.preview import ExportPreview, preview_of
from annotator.exports.read.source import specs_of
from annotator.projects.selectors import project_for


class ExportFormatsView(APIView):
    """GET: what can be had."""

    @extend_schema(
        operation_id="export_formats",
        tags=["exports"],
        responses={200: Shape.of(ExportFormat)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Every format with its options, and why it does not fit this project if it doesn't."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(form) for form in formats_for(specs_of(project))])


class ExportPresetsView(APIView):
    """GET: ready choices."""

    @extend_schema(
        operation_id="export_presets",
        tags=["exports"],
        responses={200: Shape.of(ExportPreset)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Ready choices of format and options for common uses."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(preset) for preset in presets_for(specs_of(project))])


class ExportPreviewView(APIView):
    """POST: a preview."""

    @extend_schema(
        operation_id="preview_export",
        tags=["exports"],
        request=ExportRequestSerializer,
        responses={200: Shape.of(ExportPreview), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """The first rows with their images, and counts. Nothing is written down."""
        project = project_for(person(request), project_id, Role.MANAGER)
        asked = ExportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        form = format_named(asked.validated_data["format"])
        options = fitting_options(form, specs_of(project), asked.validated_data["options"])
        return Response(shaped(preview_of(project, form, options)))


urlpatterns = [
    path("projects/<int:project_id>/export-formats", ExportFormatsView.as_view()),
    path("projects/<int:project_id>/export-presets", ExportPresetsView.as_view()),
    path("projects/<int:project_id>/exports/preview", ExportPreviewView.as_view()),
]
