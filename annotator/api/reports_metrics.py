"""How far metrics agree with people. For managers: an annotator must never see a measurement."""

from dataclasses import dataclass
from typing import TypedDict

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.reported import answers, reported
from annotator.api.schema import person
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.projects.selectors import project_for
from annotator.reports.computing import ReportName
from annotator.reports.metrics.disagreements import Disagreements
from annotator.reports.metrics.points import MetricPoints
from annotator.reports.metrics.powered import PoweredRates
from annotator.reports.metrics.replaceable import ReplaceableMetrics
from annotator.reports.metrics.report import MetricsReport
from annotator.reports.metrics.rivals import RivalMetrics
from annotator.reports.metrics.steps import MetricsBySteps

AGAINST = OpenApiParameter(
    "against", str, description="The generator that is the fixed side; the only one if there is."
)
DIMENSION = OpenApiParameter("dimension", str, description="A question, or question.flag.")
METRIC = OpenApiParameter("metric", str, description="Only this one.")
BY = OpenApiParameter(
    "by",
    str,
    description="`image:KEY`: in the comparison by generators these are parted by what came with "
    "images (`image:step`).",
)
ONE_DIMENSION = OpenApiParameter("dimension", str, description="The first if none is named.")
ONE_METRIC = OpenApiParameter("metric", str, description="The first with values if none is named.")
FIRST = OpenApiParameter("first", str, description="A metric; the first with values if none.")
SECOND = OpenApiParameter("second", str, description="Another one; the next with values if none.")
CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")


RIVALS = ("dimension", "first", "second")
# Of the disagreements, at a time.
PAGE = 24


@dataclass(frozen=True, slots=True)
class DisagreementsPage(Disagreements):
    """A page of them; `next` is the cursor of the following one."""

    next: str | None


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
        parameters=[DIMENSION, METRIC, BY],
        responses=answers(MetricsReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Correlation and pairwise accuracy of each metric in each dimension, with the ceiling."""
        project = project_for(person(request), project_id, Role.MANAGER)
        by = request.query_params.get("by", "")
        return reported(project, ReportName.METRICS, **asked(request), by=by)


class MetricPointsView(APIView):
    """GET: one metric against one dimension."""

    @extend_schema(
        operation_id="report_metric_points",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC],
        responses=answers(MetricPoints),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The points of a plot, each with its images."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.POINTS, **asked(request))


class MetricDisagreementsView(APIView):
    """GET: where they differ."""

    @extend_schema(
        operation_id="report_metric_disagreements",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC, CURSOR],
        responses=answers(DisagreementsPage),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items on which people and metric disagree, the 480 most different first, 24 a page."""
        project = project_for(person(request), project_id, Role.MANAGER)
        start = _start(request.query_params.get("cursor", ""))
        answer = reported(project, ReportName.DISAGREEMENTS, **asked(request))
        if answer.status_code == 200:
            every = answer.data["results"]
            more = start + PAGE < len(every)
            answer.data["results"] = every[start : start + PAGE]
            answer.data["next"] = str(start + PAGE) if more else None
        return answer


def _start(cursor: str) -> int:
    if not cursor.isdecimal() and cursor:
        raise Invalid(fields={"cursor": Reason(Code.NO_CURSOR)})
    return int(cursor[:9] or 0)


class RivalMetricsView(APIView):
    """GET: which of two metrics agrees better."""

    @extend_schema(
        operation_id="report_rival_metrics",
        tags=["reports"],
        parameters=[ONE_DIMENSION, FIRST, SECOND],
        responses=answers(RivalMetrics),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Two metrics on the same items: Williams' test and a paired bootstrap over prompts."""
        project = project_for(person(request), project_id, Role.MANAGER)
        named = {name: request.query_params.get(name, "") for name in RIVALS}
        return reported(project, ReportName.RIVALS, **named)


class PoweredRatesView(APIView):
    """GET: votes and a metric in one interval."""

    @extend_schema(
        operation_id="report_powered_rates",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC],
        responses=answers(PoweredRates),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Win rates by votes alone and with what a metric says of pairs that nobody has judged."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.POWERED, **asked(request))


class ReplaceableMetricsView(APIView):
    """GET: which metric may stand in for a person."""

    @extend_schema(
        operation_id="report_replaceable_metrics",
        tags=["reports"],
        parameters=[ONE_DIMENSION],
        responses=answers(ReplaceableMetrics),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each metric against each annotator: who is at least as near to what the others said."""
        project = project_for(person(request), project_id, Role.MANAGER)
        named = request.query_params.get("dimension", "")
        return reported(project, ReportName.REPLACEABLE, dimension=named)


class MetricsByStepsView(APIView):
    """GET: people and metrics by training step."""

    @extend_schema(
        operation_id="report_metrics_by_steps",
        tags=["reports"],
        parameters=[ONE_DIMENSION, AGAINST],
        responses=answers(MetricsBySteps),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Means by training step; an alarm where a metric has risen and people's number fallen."""
        project = project_for(person(request), project_id, Role.MANAGER)
        query = request.query_params
        named = {name: query.get(name, "") for name in ("dimension", "against")}
        return reported(project, ReportName.STEPS, **named)


_REPORT = "projects/<int:project_id>/reports/metrics"
urlpatterns = [
    path(_REPORT, MetricsReportView.as_view()),
    path(f"{_REPORT}/points", MetricPointsView.as_view()),
    path(f"{_REPORT}/disagreements", MetricDisagreementsView.as_view()),
    path(f"{_REPORT}/rivals", RivalMetricsView.as_view()),
    path(f"{_REPORT}/powered", PoweredRatesView.as_view()),
    path(f"{_REPORT}/replaceable", ReplaceableMetricsView.as_view()),
    path(f"{_REPORT}/steps", MetricsByStepsView.as_view()),
]
