"""Generators' sets of images: asking for FID and its like, and reading what came. For managers."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
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
from annotator.api.shapes import Shape
from annotator.core.errors import Invalid, NotFound, RoleRequired
from annotator.jobs.models import JobState
from annotator.measurements import references, sets
from annotator.measurements.models import Reference, SetMeasurement
from annotator.measurements.selectors import MeasuringProgress
from annotator.projects.models import Project
from annotator.projects.selectors import project_for


class SetReferenceSerializer(serializers.Serializer[Any]):
    """What a set was compared with."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SetMeasurementSerializer(serializers.Serializer[Any]):
    """One metric of one generator's set."""

    id = serializers.IntegerField()
    metric = serializers.CharField()
    version = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    reference = SetReferenceSerializer(allow_null=True, help_text="Null: it needs none.")
    zero_shot = serializers.BooleanField(help_text="Published as zero-shot: zs_fid.")
    n = serializers.IntegerField(help_text="Images of the set that were used.")
    n_reference = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(
        allow_null=True, help_text="Standard deviation over subsets (KID) or splits (IS)."
    )
    state = serializers.ChoiceField(choices=JobState.values)
    error = serializers.CharField(allow_blank=True, help_text="Why there is no value.")
    network = serializers.CharField()
    device = serializers.CharField(allow_blank=True)
    dtype = serializers.CharField(allow_blank=True)
    weights = serializers.CharField(allow_blank=True, help_text="SHA-256.")
    at = serializers.DateTimeField(allow_null=True)
    warning = serializers.CharField(allow_blank=True, help_text="Why not to lean on the value.")


class SetsSerializer(serializers.Serializer[Any]):
    """All of a project."""

    progress = Shape.of(MeasuringProgress)(help_text="In values.")
    results = SetMeasurementSerializer(many=True)


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


def _body(row: SetMeasurement) -> dict[str, Any]:
    state, error = sets.state_of(row)
    reference = row.job.reference
    return {
        "id": row.pk,
        "metric": row.metric,
        "version": row.version,
        "generator": row.job.generator,
        "reference": None if reference is None else {"id": reference.pk, "name": reference.name},
        "zero_shot": reference is not None and reference.zero_shot,
        "n": row.n,
        "n_reference": row.n_reference,
        "value": row.value,
        "spread": row.spread,
        "state": state,
        "error": error,
        "network": row.job.network,
        "device": row.device,
        "dtype": row.dtype,
        "weights": row.weights,
        "at": row.at,
        "warning": row.warning,
    }


class SetsView(APIView):
    """GET reads the table; POST asks."""

    @extend_schema(
        operation_id="list_sets",
        tags=["measurements"],
        responses={200: SetsSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Every set's newest values; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        rows = sets.measured_sets(project)
        body = {"progress": sets.progress_of(rows), "results": [_body(row) for row in rows]}
        return Response(SetsSerializer(body).data)

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
            now=timezone.now(),
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
        raise Invalid(
            "This project has no such reference set.", fields={"reference": ["There is none."]}
        )
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
        row = sets.set_for(person(request), set_id)
        data = references.read_kept(row.job.project_id, row.job.statistics)
        return npz(data, f"set-{row.job_id}.npz")


urlpatterns = [
    path("projects/<int:project_id>/sets", SetsView.as_view()),
    path("sets/<int:set_id>/statistics.npz", SetStatisticsView.as_view()),
]
