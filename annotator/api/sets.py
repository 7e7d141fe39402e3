"""Generators' sets of images: asking for FID and its like, and reading what came. For managers."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.ranges import WhateverIsAccepted
from annotator.api.references import npz
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core.errors import Invalid, NotFound, RoleRequired
from annotator.core.reasons import Code, Reason
from annotator.measurements import references, sets
from annotator.measurements.models import Reference
from annotator.measurements.set_table import SetTable, measured_sets, set_for
from annotator.projects.models import Project
from annotator.projects.selectors import project_for


class MeasureSetsSerializer(StrictSerializer):
    """Which metrics of every generator's set, and against what."""

    metrics = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=False, max_length=100,
        help_text="Names of the catalog, of grain set.",
    )  # fmt: skip
    reference = serializers.IntegerField(
        allow_null=True, help_text="Null only for metrics that compare with nothing."
    )


class AskedSetsSerializer(serializers.Serializer[Any]):
    """What came of asking."""

    sets = serializers.IntegerField(help_text="Values that will be measured.")


class SetsView(APIView):
    """GET reads the table; POST asks."""

    @extend_schema(
        operation_id="list_sets",
        tags=["measurements"],
        responses={200: Shape.of(SetTable), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Every set's newest values; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(measured_sets(project)))

    @extend_schema(
        operation_id="request_sets",
        tags=["measurements"],
        request=MeasureSetsSerializer,
        responses={202: AskedSetsSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Asks for metrics of every generator's set; workers do the rest. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = MeasureSetsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        count = sets.request_sets(
            project,
            sent.validated_data["metrics"],
            _reference(request, project, sent.validated_data["reference"]),
        )
        return Response(AskedSetsSerializer({"sets": count}).data, 202)


def _reference(request: Request, project: Project, reference_id: int | None) -> Reference | None:
    if reference_id is None:
        return None
    try:
        reference = references.reference_for(person(request), reference_id)
    except (NotFound, RoleRequired):
        reference = None
    if reference is None or reference.project_id != project.pk:
        unknown = Reason(Code.REFERENCE_UNKNOWN)
        raise Invalid(unknown, fields={"reference": unknown})
    return reference


class SetStatisticsView(APIView):
    """GET downloads."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="set_statistics",
        tags=["measurements"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, set_id: int) -> HttpResponse:
        """The set's mean and covariance as pytorch-fid's .npz (`mu`, `sigma`)."""
        row = set_for(person(request), set_id)
        data = references.read_kept(row.project_id, row.statistics)
        return npz(data, f"set-{row.pk}.npz")


urlpatterns = [
    path("projects/<int:project_id>/sets", SetsView.as_view()),
    path("sets/<int:set_id>/statistics.npz", SetStatisticsView.as_view()),
]
