"""What machines measured of the images. For managers: an annotator must never see it."""

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.reported import answers, reported
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core.errors import Invalid, RoleRequired
from annotator.core.reasons import Code, Reason
from annotator.measurements import choices, requests, selectors
from annotator.measurements.catalog import CatalogMetric, metrics_catalog
from annotator.measurements.choices import ChosenMetrics
from annotator.measurements.generators import GeneratorTable
from annotator.measurements.selectors import MeasuredPage
from annotator.projects.selectors import manages_any, project_for
from annotator.reports.computing import ReportName

PAGE = 48

CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
METRIC = OpenApiParameter("metric", str, description="Only this metric, and images that have it.")

BY = OpenApiParameter(
    "by", str, description="`image:KEY` parts generators by what came with images (`image:step`)."
)


class MeasureSerializer(StrictSerializer):
    """What to measure."""

    metrics = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=True, max_length=100,
        help_text="Names of the catalog; empty: those that the project has chosen.",
    )  # fmt: skip


class AskedSerializer(serializers.Serializer[Any]):
    """What came of asking."""

    images = serializers.IntegerField(
        help_text="Judged images of which something new is asked. What has a value keeps it."
    )


class ChooseSerializer(StrictSerializer):
    """What it shall measure."""

    chosen = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=True, max_length=100,
        help_text="Names of the catalog.",
    )  # fmt: skip


class MetricsCatalogView(APIView):
    """GET lists."""

    for_every_token = True

    @extend_schema(
        operation_id="list_metrics",
        tags=["measurements"],
        responses={200: Shape.of(CatalogMetric)(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Every metric there is; for whoever manages a project."""
        if not manages_any(person(request)):
            raise RoleRequired
        return Response([shaped(metric) for metric in metrics_catalog()])


class MeasurementsView(APIView):
    """GET reads a page; POST asks for metrics."""

    @extend_schema(
        operation_id="list_measurements",
        tags=["measurements"],
        parameters=[CURSOR, METRIC],
        responses={200: Shape.of(MeasuredPage), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Images with their values, 48 a page; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        after = _cursor(request.query_params.get("cursor", ""))
        metric = request.query_params.get("metric", "")
        page = selectors.measured_page(project, after=after, count=PAGE, metric=metric)
        return Response(shaped(page))

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
        images = requests.request_of_project(project, sent.validated_data["metrics"])
        return Response(AskedSerializer({"images": images}).data, 202)


class ChosenMetricsView(APIView):
    """GET reads, PUT chooses."""

    @extend_schema(
        operation_id="get_chosen_metrics",
        tags=["measurements"],
        responses={200: Shape.of(ChosenMetrics), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What is measured of each upload; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(choices.shown_of(project)))

    @extend_schema(
        operation_id="choose_metrics",
        tags=["measurements"],
        request=ChooseSerializer,
        responses={200: Shape.of(ChosenMetrics), **ERRORS},
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Chooses what is measured of uploads to come. What is measured stays. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = ChooseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        choices.choose(project, sent.validated_data["chosen"], by=person(request))
        return Response(shaped(choices.shown_of(project)))


class GeneratorsView(APIView):
    """GET reads the table."""

    @extend_schema(
        operation_id="list_generator_means",
        tags=["measurements"],
        parameters=[BY],
        responses=answers(GeneratorTable),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each generator's means with their intervals; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.GENERATORS, by=request.query_params.get("by", ""))


def _cursor(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError as error:
        raise Invalid(fields={"cursor": Reason(Code.CURSOR_UNKNOWN)}) from error


urlpatterns = [
    path("metrics-catalog", MetricsCatalogView.as_view()),
    path("projects/<int:project_id>/metrics", ChosenMetricsView.as_view()),
    path("projects/<int:project_id>/measurements", MeasurementsView.as_view()),
    path("projects/<int:project_id>/measurements/generators", GeneratorsView.as_view()),
]
