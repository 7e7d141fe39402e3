"""How far metrics agree with people. For managers: an annotator must never see a measurement."""

from typing import TypedDict

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, person
from annotator.api.shapes import Shape
from annotator.projects.selectors import project_for
from annotator.reports.metrics.disagreements import Disagreements, disagreements_of
from annotator.reports.metrics.points import MetricPoints, points_of
from annotator.reports.metrics.report import MetricsReport, metrics_report_of
from annotator.reports.metrics.rivals import RivalMetrics, rivals_of

DIMENSION = OpenApiParameter("dimension", str, description="A question, or question.flag.")
METRIC = OpenApiParameter("metric", str, description="Only this one.")
ONE_DIMENSION = OpenApiParameter("dimension", str, description="The first if none is named.")
ONE_METRIC = OpenApiParameter("metric", str, description="The first with values if none is named.")
FIRST = OpenApiParameter("first", str, description="A metric; the first with values if none.")
SECOND = OpenApiParameter("second", str, description="Another one; the next with values if none.")
CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")


class Asked(TypedDict):
    """Which cell of the report a request is about."""

    dimension: str
    metric: str


def asked(request: Request) -> Asked:
    """The names in the query, empty where there are none."""
    query = request.query_params
    return {"dimension": query.get("dimension", ""), "metric": query.get("metric", "")}


class MetricsReportView(APIView):
    """GET: which metric agrees with people."""

    @extend_schema(
        operation_id="report_metrics",
        tags=["reports"],
        parameters=[DIMENSION, METRIC],
        responses={200: Shape.of(MetricsReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Correlation and pairwise accuracy of each metric in each dimension, with the ceiling."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(Shape.of(MetricsReport)(metrics_report_of(project, **asked(request))).data)


class MetricPointsView(APIView):
    """GET: one metric against one dimension."""

    @extend_schema(
        operation_id="report_metric_points",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC],
        responses={200: Shape.of(MetricPoints), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The points of a plot, each with its images."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(Shape.of(MetricPoints)(points_of(project, **asked(request))).data)


class MetricDisagreementsView(APIView):
    """GET: where they differ."""

    @extend_schema(
        operation_id="report_metric_disagreements",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC, CURSOR],
        responses={200: Shape.of(Disagreements), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items on which people and metric disagree, most different first, 24 a page."""
        project = project_for(person(request), project_id, Role.MANAGER)
        cursor = request.query_params.get("cursor", "")
        found = disagreements_of(project, **asked(request), cursor=cursor)
        return Response(Shape.of(Disagreements)(found).data)


class RivalMetricsView(APIView):
    """GET: which of two metrics agrees better."""

    @extend_schema(
        operation_id="report_rival_metrics",
        tags=["reports"],
        parameters=[ONE_DIMENSION, FIRST, SECOND],
        responses={200: Shape.of(RivalMetrics), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Two metrics on the same items: Williams' test and a paired bootstrap over prompts."""
        project = project_for(person(request), project_id, Role.MANAGER)
        query = request.query_params
        found = rivals_of(
            project,
            dimension=query.get("dimension", ""),
            first=query.get("first", ""),
            second=query.get("second", ""),
        )
        return Response(Shape.of(RivalMetrics)(found).data)


_REPORT = "projects/<int:project_id>/reports/metrics"
urlpatterns = [
    path(_REPORT, MetricsReportView.as_view()),
    path(f"{_REPORT}/points", MetricPointsView.as_view()),
    path(f"{_REPORT}/disagreements", MetricDisagreementsView.as_view()),
    path(f"{_REPORT}/rivals", RivalMetricsView.as_view()),
]
