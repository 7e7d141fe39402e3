"""Numbers for dashboards: progress for reviewers and managers, all else for managers."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.projects.selectors import batch_for, project_for
from annotator.reports.agreement import AgreementReport, agreement_of
from annotator.reports.bias import BiasReport, side_bias_of
from annotator.reports.boards.shapes import LeaderboardReport
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reports.people import AnnotatorsReport, work_of_annotators
from annotator.reports.progress import ProgressReport, progress_for
from annotator.reports.qc import BatchQc, qc_of


class ProgressReportView(APIView):
    """GET: how far it is."""

    @extend_schema(
        operation_id="report_progress",
        tags=["reports"],
        responses={200: Shape.of(ProgressReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items, slots, reviews, days; and for managers what each annotator has done."""
        found = progress_for(person(request), project_id, now=clock.now())
        return Response(shaped(found))


class AnnotatorsReportView(APIView):
    """GET: who has done what."""

    @extend_schema(
        operation_id="report_annotators",
        tags=["reports"],
        responses={200: Shape.of(AnnotatorsReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each annotator's answers, acceptances, rejections and pace."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(AnnotatorsReport(work_of_annotators(project))))


class AgreementReportView(APIView):
    """GET: how alike they answer."""

    @extend_schema(
        operation_id="report_agreement",
        tags=["reports"],
        responses={200: Shape.of(AgreementReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Krippendorff's alpha of each question with its interval, or why there is none."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(agreement_of(project)))


class LeaderboardReportView(APIView):
    """GET: whose images are preferred."""

    @extend_schema(
        operation_id="report_leaderboard",
        tags=["reports"],
        responses={200: Shape.of(LeaderboardReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Boards of generators: rates, strengths and ranks, each with its interval over prompts."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(leaderboard_report_of(project)))


class BiasReportView(APIView):
    """GET: whether sides mattered."""

    @extend_schema(
        operation_id="report_bias",
        tags=["reports"],
        responses={200: Shape.of(BiasReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The share of preferences that fell on the left image, question by question."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(BiasReport(side_bias_of(project))))


class BatchQcView(APIView):
    """GET: what QC has found in a batch."""

    @extend_schema(
        operation_id="batch_qc",
        tags=["reports"],
        responses={200: Shape.of(BatchQc), **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Sample, errors found and what they allow to say, as a whole and by annotator."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        return Response(shaped(qc_of(batch)))


urlpatterns = [
    path("projects/<int:project_id>/reports/progress", ProgressReportView.as_view()),
    path("projects/<int:project_id>/reports/annotators", AnnotatorsReportView.as_view()),
    path("projects/<int:project_id>/reports/agreement", AgreementReportView.as_view()),
    path("projects/<int:project_id>/reports/leaderboard", LeaderboardReportView.as_view()),
    path("projects/<int:project_id>/reports/bias", BiasReportView.as_view()),
    path("batches/<int:batch_id>/qc", BatchQcView.as_view()),
]
