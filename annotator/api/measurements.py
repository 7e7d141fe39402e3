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
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape
from annotator.core import words
from annotator.core.errors import Invalid, RoleRequired
from annotator.core.reasons import sentence
from annotator.items.models import Image
from annotator.jobs.models import JobState
from annotator.measurements import choices, planning, selectors
from annotator.measurements.duplicates import near_duplicates
from annotator.measurements.generators import GeneratorMetric, GeneratorRow, by_generator
from annotator.measurements.models import Measurement
from annotator.measurements.selectors import MeasuringProgress
from annotator.projects.selectors import manages_any, project_for
from scoring import catalog
from scoring.catalog import Direction, Grain, Metric, Need
from scoring.weights.files import REGISTRY, State, look

PAGE = 48

CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
METRIC = OpenApiParameter("metric", str, description="Only this metric, and images that have it.")


class MetricWeightsSerializer(serializers.Serializer[Any]):
    """The published files that a metric's network is built from."""

    name = serializers.CharField()
    title = serializers.CharField()
    licence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    bytes = serializers.IntegerField(allow_null=True, help_text="Null: the publisher says nothing.")
    state = serializers.ChoiceField(choices=[each.value for each in State])
    why = serializers.CharField(allow_blank=True, help_text="What is wrong, and what to do.")


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
    grain = serializers.ChoiceField(
        choices=[each.value for each in Grain], help_text="What one value belongs to."
    )
    family = serializers.CharField()
    network = serializers.CharField(
        allow_null=True, help_text="Of a metric of sets: whose features it compares."
    )
    weights = MetricWeightsSerializer(allow_null=True, help_text="Null: it needs none.")
    available = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)


class MeasuredValueSerializer(serializers.Serializer[Any]):
    """One value, or why there is none."""

    metric = serializers.CharField()
    version = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="A number, a hash as text, or null.")
    state = serializers.ChoiceField(choices=[JobState.DONE, JobState.FAILED])
    error = serializers.CharField(allow_blank=True)
    device = serializers.CharField(allow_blank=True)
    dtype = serializers.CharField(allow_blank=True)
    weights = serializers.CharField(
        allow_blank=True, help_text="SHA-256; empty for a metric that has none."
    )


class MeasuredImageSerializer(serializers.Serializer[Any]):
    """An image as a manager sees it."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    prompt = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    problem = serializers.CharField(
        allow_blank=True, help_text="Why the image could not be measured; empty when it could."
    )


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
    progress = Shape.of(MeasuringProgress)()
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")
    results = MeasuredRowSerializer(many=True)


class MeasureSerializer(StrictSerializer):
    """What to measure."""

    metrics = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=True, max_length=100,
        help_text="Names of the catalog; empty: those that the project has chosen.",
    )  # fmt: skip


class AskedSerializer(serializers.Serializer[Any]):
    """What came of asking."""

    images = serializers.IntegerField(
        help_text="Judged images that will be gone through. What has a value is left as it is."
    )


class ChosenSerializer(serializers.Serializer[Any]):
    """What the project measures on upload."""

    chosen = serializers.ListField(child=serializers.CharField(), source="metrics")
    by_default = serializers.BooleanField(help_text="Nobody has chosen yet.")


class ChooseSerializer(StrictSerializer):
    """What it shall measure."""

    chosen = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=True, max_length=100,
        help_text="Names of the catalog.",
    )  # fmt: skip


class GeneratorMetricSerializer(serializers.Serializer[Any]):
    """A metric's mean over a generator's images."""

    metric = serializers.CharField()
    version = serializers.CharField()
    n = serializers.IntegerField(help_text="Images with a number.")
    failed = serializers.IntegerField(help_text="Images that could not be measured.")
    mean = serializers.FloatField(allow_null=True)
    sd = serializers.FloatField(allow_null=True, help_text="Over images.")
    low = serializers.FloatField(
        allow_null=True,
        help_text="95 % interval of the mean: Student's t over prompts, whose images are alike.",
    )
    high = serializers.FloatField(allow_null=True)
    why = serializers.CharField(allow_blank=True, help_text="Why a number is missing.")


class GeneratorRowSerializer(serializers.Serializer[Any]):
    """A generator and what its images measure."""

    generator = serializers.CharField(allow_blank=True)
    images = serializers.IntegerField()
    metrics = GeneratorMetricSerializer(many=True)


class GeneratorsSerializer(serializers.Serializer[Any]):
    """The table."""

    rows = GeneratorRowSerializer(many=True)


def metric_body(metric: Metric) -> dict[str, Any]:
    """The catalog's entry in the contract's shape.

    Whether torch is there is the scorer's matter, not that of the process that answers here.
    """
    weights = _weights_body(metric)
    why_not = weights["why"] if weights else ""
    if metric.grain is Grain.GENERATOR:
        why_not = "It needs the generator itself, not its images: use the library's call."
    return {
        "name": metric.name,
        "version": metric.version,
        "unit": metric.unit,
        "range": [metric.low, metric.high],
        "direction": metric.direction.value if metric.direction else "",
        "needs": sorted(need.value for need in metric.needs),
        "description": words.fill("metrics", metric.name, {}),
        "grain": metric.grain.value,
        "family": metric.family,
        "network": metric.network,
        "weights": weights,
        "available": not why_not,
        "why_not": why_not,
    }


def _weights_body(metric: Metric) -> dict[str, Any] | None:
    if metric.weights is None:
        return None
    weights, seen = REGISTRY[metric.weights], look(metric.weights, settings.WEIGHTS_ROOT)
    return {
        "name": weights.name,
        "title": weights.title,
        "licence": weights.licence,
        "source": weights.source,
        "bytes": weights.bytes,
        "state": seen.state.value,
        "why": " ".join(map(sentence, seen.reasons)),
    }


def _value_body(row: Measurement) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "version": row.version,
        "value": row.text or row.value,
        "state": row.state,
        "error": row.error,
        "device": row.device,
        "dtype": row.dtype,
        "weights": row.weights,
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
            "problem": getattr(image, "problem", None) or "",
        },
        "values": [_value_body(row) for row in image.measurements.all()],
        "near_duplicates": duplicates.get(str(image.pk), []),
    }


def _mean_body(measured: GeneratorMetric) -> dict[str, Any]:
    low, high = measured.mean.interval or (None, None)
    return {
        "metric": measured.metric,
        "version": measured.version,
        "n": measured.n,
        "failed": measured.failed,
        "mean": measured.mean.value,
        "sd": measured.mean.sd,
        "low": low,
        "high": high,
        "why": sentence(measured.mean.why) if measured.mean.why else "",
    }


def _generator_body(row: GeneratorRow) -> dict[str, Any]:
    return {
        "generator": row.generator,
        "images": row.images,
        "metrics": [_mean_body(measured) for measured in row.metrics],
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
        duplicates = near_duplicates(page)
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
        count = planning.request_measuring_of(project, names)
        return Response(AskedSerializer({"images": count}).data, 202)


class ChosenMetricsView(APIView):
    """GET reads, PUT chooses."""

    @extend_schema(
        operation_id="get_chosen_metrics",
        tags=["measurements"],
        responses={200: ChosenSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What is measured of each upload; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(ChosenSerializer(choices.chosen_of(project)).data)

    @extend_schema(
        operation_id="choose_metrics",
        tags=["measurements"],
        request=ChooseSerializer,
        responses={200: ChosenSerializer, **ERRORS},
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Chooses what is measured of uploads to come. What is measured stays. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = ChooseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        chosen = choices.choose(project, sent.validated_data["chosen"])
        return Response(ChosenSerializer(chosen).data)


class GeneratorsView(APIView):
    """GET reads the table."""

    @extend_schema(
        operation_id="list_generator_means",
        tags=["measurements"],
        responses={200: GeneratorsSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each generator's means with their intervals; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        rows = [_generator_body(row) for row in by_generator(project)]
        return Response(GeneratorsSerializer({"rows": rows}).data)


def _known(names: Sequence[str]) -> None:
    for name in names:
        choices.require_measurable(name)


def _cursor(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError as error:
        raise Invalid(fields={"cursor": ["Is no cursor of ours."]}) from error


urlpatterns = [
    path("metrics-catalog", MetricsCatalogView.as_view()),
    path("projects/<int:project_id>/metrics", ChosenMetricsView.as_view()),
    path("projects/<int:project_id>/measurements", MeasurementsView.as_view()),
    path("projects/<int:project_id>/measurements/generators", GeneratorsView.as_view()),
]
