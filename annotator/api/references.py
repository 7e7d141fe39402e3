"""Reference sets: what generators' sets are compared with. For managers."""

from typing import Any

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
from annotator.core.errors import TooLarge
from annotator.measurements import references
from annotator.measurements.models import Reference, ReferenceKind
from annotator.measurements.references import MOST_BYTES, Uploaded
from annotator.projects.selectors import project_for


class ReferenceSerializer(serializers.Serializer[Any]):
    """A reference set."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=ReferenceKind.values,
        help_text="images: the project's own reference images; statistics: a file. A file has no "
        "single images, so only FID can be measured against it.",
    )
    network = serializers.CharField(
        allow_blank=True, help_text="Whose features the statistics are of."
    )
    n = serializers.IntegerField(allow_null=True, help_text="Images; null: nobody said.")
    zero_shot = serializers.BooleanField(
        help_text="No generator has seen any of it: FID against it is zero-shot FID."
    )
    created_at = serializers.DateTimeField()
    sha256 = serializers.CharField(
        allow_blank=True, help_text="Of the file; empty until a set is measured against images."
    )


class ReferencesSerializer(serializers.Serializer[Any]):
    """All of a project."""

    results = ReferenceSerializer(many=True)


class NewReferenceSerializer(StrictSerializer):
    """An .npz with mu and sigma, as pytorch-fid writes it."""

    file = serializers.FileField(help_text=f"At most {MOST_BYTES:,} bytes.")
    name = serializers.CharField(max_length=200)
    network = serializers.CharField(
        max_length=100, help_text="Of the catalog's set metrics: extractor and resizing."
    )
    n = serializers.IntegerField(
        min_value=2, required=False, help_text="Images, where the file does not say."
    )
    zero_shot = serializers.BooleanField(required=False, default=False)


def _bodies(rows: list[Reference]) -> list[dict[str, Any]]:
    sizes = references.sizes_of(rows)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "kind": row.kind,
            "network": row.network,
            "n": sizes[row.pk],
            "zero_shot": row.zero_shot,
            "created_at": row.created_at,
            "sha256": row.sha256,
        }
        for row in rows
    ]


class ReferencesView(APIView):
    """GET lists, POST keeps a file."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_references",
        tags=["measurements"],
        responses={200: ReferencesSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's reference sets; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        bodies = _bodies(references.references_of(project))
        return Response(ReferencesSerializer({"results": bodies}).data)

    @extend_schema(
        operation_id="add_reference",
        tags=["measurements"],
        request={"multipart/form-data": NewReferenceSerializer},
        responses={201: ReferenceSerializer, **ERRORS, 413: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Keeps a file of statistics; nothing in it is unpickled. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewReferenceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        if values["file"].size > MOST_BYTES:
            raise TooLarge(f"A file of statistics may have {MOST_BYTES:,} bytes at most.")
        uploaded = Uploaded(
            name=values["name"],
            network=values["network"],
            data=values["file"].read(),
            zero_shot=values["zero_shot"],
            n=values.get("n"),
        )
        reference = references.add_statistics(project, uploaded)
        return Response(ReferenceSerializer(_bodies([reference])[0]).data, 201)


class ReferenceView(APIView):
    """DELETE forgets one."""

    @extend_schema(
        operation_id="delete_reference",
        tags=["measurements"],
        responses={204: None, **ERRORS},
    )
    def delete(self, request: Request, reference_id: int) -> Response:
        """Forgets a reference set and every value against it; the project's own images stay."""
        references.delete_reference(references.reference_for(person(request), reference_id))
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
