"""What machines measured of the images. For managers: an annotator must never see it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.batches import MeasuredSerializer
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.core.errors import Invalid, RoleRequired
from annotator.core.states import JobState
from annotator.items.models import Image
from annotator.measurements import selectors, services
from annotator.measurements.duplicates import near
from annotator.measurements.models import Measurement
from annotator.projects.selectors import manages_any, project_for
from scoring import catalog
from scoring.catalog import Direction, Metric, Need

PAGE = 48
HASH = "phash"

CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
METRIC = OpenApiParameter("metric", str, description="Only this metric, and images that have it.")


class MetricSerializer(serializers.Serializer[Any]):
    """One entry of the catalog."""

    name = serializers.CharField()
    version = serializers.CharField(help_text="Changes when the numbers change.")
    unit = serializers.CharField(allow_blank=True, help_text="Empty: a pure number.")
    range = serializers.ListField(
        child=serializers.FloatField(allow_null=True), help_text="[low, high]; null is unbounded."
    )
    direction = serializers.ChoiceField(
        choices=[*(each.value for each in Direction), ""], help_text="Which way is better."
    )
    needs = serializers.ListField(child=serializers.ChoiceField(choices=[n.value for n in Need]))
    description = serializers.CharField()
    available = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)


class MeasuredValueSerializer(serializers.Serializer[Any]):
    """One value, or why there is none."""

    metric = serializers.CharField()
    version = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="A number, a hash as text, or null.")
    state = serializers.ChoiceField(choices=[JobState.DONE, JobState.FAILED])
    error = serializers.CharField(allow_blank=True)


class MeasuredImageSerializer(serializers.Serializer[Any]):
    """An image as a manager sees it."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    prompt = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class MeasuredRowSerializer(serializers.Serializer[Any]):
    """An image with its values."""

    image = MeasuredImageSerializer()
    values = MeasuredValueSerializer(many=True)
    near_duplicates = serializers.ListField(
        child=serializers.UUIDField(), help_text="Images of the project that nearly look the same."
    )


class MeasurementsSerializer(serializers.Serializer[Any]):
    """A page of images."""

    metrics = MetricSerializer(many=True)
    progress = MeasuredSerializer()
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")
    results = MeasuredRowSerializer(many=True)


class MeasureSerializer(StrictSerializer):
    """What to measure."""

    metrics = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=True, max_length=100,
        help_text="Names of the catalog; empty: all.",
    )  # fmt: skip


class AskedSerializer(serializers.Serializer[Any]):
    """What came of asking."""

    images = serializers.IntegerField(help_text="Images that lack a value and will be measured.")


def metric_body(metric: Metric) -> dict[str, Any]:
    """The catalog's entry in the contract's shape.

    Whether torch is there is the scorer's matter, not that of the process that answers here.
    """
    available, why_not = catalog.available(metric.name, settings.WEIGHTS_ROOT)
    if Need.TORCH in metric.needs and Need.WEIGHTS not in metric.needs:
        available, why_not = True, ""
    return {
        "name": metric.name,
        "version": metric.version,
        "unit": metric.unit,
        "range": [metric.low, metric.high],
        "direction": metric.direction.value if metric.direction else "",
        "needs": sorted(need.value for need in metric.needs),
        "description": metric.description,
        "available": available,
        "why_not": why_not,
    }


def _value_body(row: Measurement) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "version": row.version,
        "value": row.text or row.value,
        "state": row.state,
        "error": row.error,
    }


def _row_body(image: Image, duplicates: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "image": {
            "id": image.pk,
            "url": f"/api/v1/images/{image.pk}/file",
            "thumbnail_url": f"/api/v1/images/{image.pk}/thumbnail",
            "generator": image.generator,
            "prompt": image.prompt,
            "width": image.width,
            "height": image.height,
        },
        "values": [_value_body(row) for row in image.measurements.all()],
        "near_duplicates": duplicates.get(str(image.pk), []),
    }


class MetricsCatalogView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_metrics",
        tags=["measurements"],
        responses={200: MetricSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Every metric there is; for whoever manages a project."""
        if not manages_any(person(request)):
            raise RoleRequired
        bodies = [metric_body(metric) for metric in catalog.CATALOG.values()]
        return Response(MetricSerializer(bodies, many=True).data)


class MeasurementsView(APIView):
    """GET reads a page; POST asks for metrics."""

    @extend_schema(
        operation_id="list_measurements",
        tags=["measurements"],
        parameters=[CURSOR, METRIC],
        responses={200: MeasurementsSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Images with their values, 48 a page; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        metric = request.query_params.get("metric", "")
        if metric:
            _known([metric])
        after = _cursor(request.query_params.get("cursor", ""))
        images = selectors.measured_images(project, after=after, count=PAGE + 1, metric=metric)
        page = images[:PAGE]
        version = catalog.metric(HASH).version
        hashes = selectors.hashes_of(project, metric=HASH, version=version)
        duplicates = near(hashes, {str(image.pk) for image in page})
        body = {
            "metrics": [metric_body(each) for each in catalog.CATALOG.values()],
            "progress": selectors.progress_of(project),
            "next": str(page[-1].pk) if len(images) > PAGE else None,
            "results": [_row_body(image, duplicates) for image in page],
        }
        return Response(MeasurementsSerializer(body).data)

    @extend_schema(
        operation_id="request_measurements",
        tags=["measurements"],
        request=MeasureSerializer,
        responses={202: AskedSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Asks for metrics of all images that lack them; workers do the rest. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = MeasureSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        names = sent.validated_data["metrics"]
        _known(names)
        count = services.request_measuring_of(project, names)
        return Response(AskedSerializer({"images": count}).data, 202)


def _known(names: Sequence[str]) -> None:
    for name in names:
        if name not in catalog.CATALOG:
            there_are = ", ".join(catalog.CATALOG)
            raise Invalid(
                f"There is no metric “{name[:50]}”; there are: {there_are}.",
                fields={"metrics": ["Unknown metric."]},
            )


def _cursor(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError as error:
        raise Invalid(fields={"cursor": ["Is no cursor of ours."]}) from error


urlpatterns = [
    path("metrics-catalog", MetricsCatalogView.as_view()),
    path("projects/<int:project_id>/measurements", MeasurementsView.as_view()),
]
