"""Numbers for dashboards: progress for reviewers and managers, all else for managers."""

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.reported import answers, reported
from annotator.api.schema import person
from annotator.projects.selectors import batch_for, project_for, roles_of
from annotator.reports.agreement import AgreementReport
from annotator.reports.bias import BiasReport
from annotator.reports.boards.shapes import LeaderboardReport
from annotator.reports.computing import ReportName
from annotator.reports.people import AnnotatorsReport
from annotator.reports.progress import ProgressReport
from annotator.reports.qc import BatchQc

BY = OpenApiParameter(
    "by",
    str,
    description="`image:KEY` parts generators by what came with images (`image:step`); "
    "`item:KEY` makes a board for each value of what came with items (`item:category`).",
)


class ProgressReportView(APIView):
    """GET: how far it is."""

    @extend_schema(
        operation_id="report_progress",
        tags=["reports"],
        responses=answers(ProgressReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items, slots, reviews, days; and for managers what each annotator has done."""
        user = person(request)
        project = project_for(user, project_id, Role.REVIEWER)
        answer = reported(project, ReportName.PROGRESS)
        if Role.MANAGER not in roles_of(user, project_id):
            # Only managers see who did what.
            answer.data["annotators"] = []
        return answer


class AnnotatorsReportView(APIView):
    """GET: who has done what."""

    @extend_schema(
        operation_id="report_annotators",
        tags=["reports"],
        responses=answers(AnnotatorsReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each annotator's answers, acceptances, rejections and pace."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.ANNOTATORS)


class AgreementReportView(APIView):
    """GET: how alike they answer."""

    @extend_schema(
        operation_id="report_agreement",
        tags=["reports"],
        responses=answers(AgreementReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Krippendorff's alpha of each question with its interval, or why there is none."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.AGREEMENT)


class LeaderboardReportView(APIView):
    """GET: whose images are preferred."""

    @extend_schema(
        operation_id="report_leaderboard",
        tags=["reports"],
        parameters=[BY],
        responses=answers(LeaderboardReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Boards of generators: rates, strengths and ranks, each with its interval over prompts."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.LEADERBOARD, by=request.query_params.get("by", ""))


class BiasReportView(APIView):
    """GET: whether sides mattered."""

    @extend_schema(
        operation_id="report_bias",
        tags=["reports"],
        responses=answers(BiasReport),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The share of preferences that fell on the left image, question by question."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return reported(project, ReportName.BIAS)


class BatchQcView(APIView):
    """GET: what QC has found in a batch."""

    @extend_schema(
        operation_id="batch_qc",
        tags=["reports"],
        responses=answers(BatchQc),
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Sample, errors found and what they allow to say, as a whole and by annotator."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        return reported(batch.project, ReportName.QC, batch=str(batch.pk))


urlpatterns = [
    path("projects/<int:project_id>/reports/progress", ProgressReportView.as_view()),
    path("projects/<int:project_id>/reports/annotators", AnnotatorsReportView.as_view()),
    path("projects/<int:project_id>/reports/agreement", AgreementReportView.as_view()),
    path("projects/<int:project_id>/reports/leaderboard", LeaderboardReportView.as_view()),
    path("projects/<int:project_id>/reports/bias", BiasReportView.as_view()),
    path("batches/<int:batch_id>/qc", BatchQcView.as_view()),
]
