"""Reference sets: what generators' sets are compared with. For managers."""

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.ranges import WhateverIsAccepted
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core.errors import TooLarge
from annotator.core.reasons import Code, Reason
from annotator.measurements import references
from annotator.measurements.references import MOST_BYTES, ReferenceRow, References, Uploaded
from annotator.projects.selectors import project_for
from scoring.statistics.feature_statistics import MOST_IMAGES


class NewReferenceSerializer(StrictSerializer):
    """An .npz with mu and sigma, as pytorch-fid writes it."""

    file = serializers.FileField(help_text=f"At most {MOST_BYTES:,} bytes.")
    name = serializers.CharField(max_length=200)
    network = serializers.CharField(
        max_length=100, help_text="Of the catalog's set metrics: extractor and resizing."
    )
    n = serializers.IntegerField(
        min_value=2,
        max_value=MOST_IMAGES,
        required=False,
        help_text="Images, where the file does not say.",
    )
    zero_shot = serializers.BooleanField(required=False, default=False)


class ReferencesView(APIView):
    """GET lists, POST keeps a file."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_references",
        tags=["measurements"],
        responses={200: Shape.of(References), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's reference sets; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(references.references_of(project)))

    @extend_schema(
        operation_id="add_reference",
        tags=["measurements"],
        request={"multipart/form-data": NewReferenceSerializer},
        responses={201: Shape.of(ReferenceRow), **ERRORS, 413: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Keeps a file of statistics; nothing in it is unpickled. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewReferenceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        if values["file"].size > MOST_BYTES:
            raise TooLarge(Reason(Code.STATISTICS_TOO_LARGE, bytes=MOST_BYTES))
        uploaded = Uploaded(
            name=values["name"],
            network=values["network"],
            data=values["file"].read(),
            zero_shot=values["zero_shot"],
            n=values.get("n"),
        )
        reference = references.add_statistics(project, uploaded, by=person(request))
        return Response(shaped(references.reference_row(reference)), 201)


class ReferenceView(APIView):
    """DELETE forgets one."""

    @extend_schema(
        operation_id="delete_reference",
        tags=["measurements"],
        responses={204: None, **ERRORS},
    )
    def delete(self, request: Request, reference_id: int) -> Response:
        """Forgets a reference set and every value against it; the project's own images stay."""
        user = person(request)
        references.delete_reference(references.reference_for(user, reference_id), by=user)
        return Response(status=204)


class ReferenceStatisticsView(APIView):
    """GET downloads."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="reference_statistics",
        tags=["measurements"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, reference_id: int) -> HttpResponse:
        """Mean and covariance as pytorch-fid's .npz (`mu`, `sigma`)."""
        reference = references.reference_for(person(request), reference_id)
        data = references.read_kept(reference.project_id, reference.sha256)
        return npz(data, f"reference-{reference.pk}.npz")


def npz(data: bytes, filename: str) -> HttpResponse:
    """A file of statistics as an attachment."""
    headers = {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


urlpatterns = [
    path("projects/<int:project_id>/references", ReferencesView.as_view()),
    path("references/<int:reference_id>", ReferenceView.as_view()),
    path("references/<int:reference_id>/statistics.npz", ReferenceStatisticsView.as_view()),
]
