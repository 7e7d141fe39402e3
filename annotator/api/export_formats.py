"""What exports there can be of a project: formats, ready choices, and a look before one is made."""

from dataclasses import asdict
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.exports import ExportRequestSerializer
from annotator.api.schema import ERRORS, person
from annotator.core.errors import Invalid
from annotator.exports.formats.registry import FORMATS, format_named
from annotator.exports.formats.types import check_options, options_of
from annotator.exports.presets import PRESETS, fitted
from annotator.exports.preview import Preview, preview_of, rows_of
from annotator.exports.reading import specs_of
from annotator.exports.rows import ExportedImage
from annotator.projects.selectors import project_for


class ExportOptionSerializer(serializers.Serializer[Any]):
    """One thing that can be chosen about a format."""

    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["number", "choice", "bool", "text"])
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField(), required=False)
    min = serializers.FloatField(required=False)
    max = serializers.FloatField(required=False)
    whole = serializers.BooleanField(required=False, help_text="A number without a fraction.")
    pattern = serializers.CharField(required=False, help_text="Of a text, as a whole.")
    rule = serializers.CharField(required=False, help_text="The pattern in words.")
    help = serializers.CharField()


class ExportFormatSerializer(serializers.Serializer[Any]):
    """A format, and whether the project has what it needs."""

    name = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField(help_text="What it is.")
    use = serializers.CharField(help_text="Who opens it, and with what.")
    fits = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)
    options = ExportOptionSerializer(many=True)


class ExportPresetSerializer(serializers.Serializer[Any]):
    """A ready choice for a common use."""

    name = serializers.CharField()
    title = serializers.CharField()
    use = serializers.CharField()
    format = serializers.CharField()
    options = serializers.DictField(help_text="What differs from the format's defaults.")
    fits = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)


class SeenRowSerializer(serializers.Serializer[Any]):
    """One row, as it would stand in the output of that name."""

    output = serializers.CharField()
    row = serializers.JSONField(
        help_text="Bytes stand as their text if it is short, else as {bytes, sha256}, with a small "
        "`image` (data URL) of an image."
    )


class DrawnSerializer(serializers.Serializer[Any]):
    """An image that the format draws itself: a map, a mask."""

    name = serializers.CharField(help_text="The file's name in the export.")
    url = serializers.CharField(help_text="A small PNG as a data URL.")


class SeenImageSerializer(serializers.Serializer[Any]):
    """An image of the items that the rows are of."""

    id = serializers.UUIDField()
    sha256 = serializers.CharField(help_text="Part of the image's name in the rows.")
    generator = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()


class QuestionCountSerializer(serializers.Serializer[Any]):
    """One question over the counted items."""

    question = serializers.CharField()
    kind = serializers.CharField()
    answered = serializers.IntegerField(help_text="Items in which it was answered.")
    decided = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Of a preference: items by the choice of more than half (a, b, tie …).",
    )
    undecided = serializers.IntegerField(
        allow_null=True, help_text="Of a preference: items without a majority."
    )


class ExportPreviewSerializer(serializers.Serializer[Any]):
    """A look before loading."""

    rows = SeenRowSerializer(
        many=True, help_text="The first ten of each output, of six outputs at most."
    )
    drawn = DrawnSerializer(many=True)
    images = SeenImageSerializer(many=True)
    items = serializers.IntegerField(help_text="How many items the export would be made of.")
    seen = serializers.IntegerField(help_text="How many of them were looked at for the rows.")
    sample_rows = serializers.IntegerField(help_text="Rows of the items seen.")
    sample_counts = serializers.DictField(help_text="What the format counts in the items seen.")
    sample_left_out = serializers.DictField(
        help_text="What the format leaves out of the items seen, by reason."
    )
    counted = serializers.IntegerField(
        help_text="Of how many settled items `counts` speak: the first so many."
    )
    counts = QuestionCountSerializer(many=True)
    not_settled = serializers.IntegerField(
        help_text="Items with answers that are left out because they are not settled yet."
    )
    notes = serializers.ListField(child=serializers.CharField())


def _preset_body(found: Any) -> dict[str, Any]:
    return {
        "name": found.preset.name,
        "title": found.preset.title,
        "use": found.preset.use,
        "format": found.format,
        "options": dict(found.options),
        "fits": not found.why_not,
        "why_not": found.why_not,
    }


def _image_body(image: ExportedImage) -> dict[str, Any]:
    return {
        "id": image.id,
        "sha256": image.sha256,
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
        "url": f"/api/v1/images/{image.id}/file",
        "thumbnail_url": f"/api/v1/images/{image.id}/thumbnail",
    }


def preview_body(preview: Preview) -> dict[str, Any]:
    """As the page takes it."""
    return {
        "rows": rows_of(preview.rows),
        "drawn": [asdict(one) for one in preview.drawn],
        "images": [_image_body(image) for image in preview.images],
        "items": preview.items,
        "seen": preview.seen,
        "sample_rows": preview.sample.rows,
        "sample_counts": preview.sample.counts,
        "sample_left_out": preview.sample.left_out,
        "counted": preview.counted,
        "counts": [asdict(one) for one in preview.counts],
        "not_settled": preview.not_settled,
        "notes": preview.notes,
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
                    "use": form.use,
                    "fits": reasons[name] is None,
                    "why_not": reasons[name] or "",
                    "options": [option.describe() for option in options_of(form, questions)]
                    if reasons[name] is None
                    else [],
                }
                for name, form in FORMATS.items()
            ]
        )


class ExportPresetsView(APIView):
    """GET: ready choices."""

    @extend_schema(
        operation_id="export_presets",
        tags=["exports"],
        responses={200: ExportPresetSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Ready choices of format and options for common uses."""
        project = project_for(person(request), project_id, Role.MANAGER)
        questions = specs_of(project)
        return Response([_preset_body(fitted(preset, questions)) for preset in PRESETS])


class ExportPreviewView(APIView):
    """POST: a look before one is made."""

    @extend_schema(
        operation_id="preview_export",
        tags=["exports"],
        request=ExportRequestSerializer,
        responses={200: ExportPreviewSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """The first rows with their images, and counts. Nothing is written down."""
        project = project_for(person(request), project_id, Role.MANAGER)
        asked = ExportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        form = format_named(asked.validated_data["format"])
        questions = specs_of(project)
        why_not = form.why_not(questions)
        if why_not:
            raise Invalid(why_not, fields={"format": why_not})
        options = check_options(form, questions, asked.validated_data["options"])
        return Response(preview_body(preview_of(project, form, options)))


urlpatterns = [
    path("projects/<int:project_id>/export-formats", ExportFormatsView.as_view()),
    path("projects/<int:project_id>/export-presets", ExportPresetsView.as_view()),
    path("projects/<int:project_id>/exports/preview", ExportPreviewView.as_view()),
]
