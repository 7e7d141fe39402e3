"""Numbers for dashboards: progress for reviewers and managers, all else for managers."""

from dataclasses import asdict
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, person
from annotator.core.reasons import sentence
from annotator.projects.selectors import batch_for, project_for, roles_of
from annotator.reports.agreement import agreement_of
from annotator.reports.bias import side_bias_of
from annotator.reports.leaderboard import leaderboard_of
from annotator.reports.people import work_of_annotators
from annotator.reports.progress import progress_of
from annotator.reports.qc import qc_of


def interval() -> serializers.ListField:
    """Bounds of a 95 % interval: low, high; null where there is none."""
    return serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )


class SlotsSerializer(serializers.Serializer[Any]):
    """Slots by state."""

    open = serializers.IntegerField()
    claimed = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()


class ReviewsReportSerializer(serializers.Serializer[Any]):
    """Items drawn, waiting for a reviewer, done; answers rejected."""

    sampled = serializers.IntegerField()
    waiting = serializers.IntegerField()
    done = serializers.IntegerField()
    rejected = serializers.IntegerField()


class DaySerializer(serializers.Serializer[Any]):
    """One day's answers."""

    date = serializers.DateField()
    annotations = serializers.IntegerField()


class AnnotatorWorkSerializer(serializers.Serializer[Any]):
    """What one annotator has done."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    annotations = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    median_active_ms = serializers.FloatField(allow_null=True)


class ProgressReportSerializer(serializers.Serializer[Any]):
    """How far the project is."""

    items = serializers.IntegerField()
    settled = serializers.IntegerField()
    slots = SlotsSerializer()
    reviews = ReviewsReportSerializer()
    per_day = DaySerializer(many=True)
    annotators = AnnotatorWorkSerializer(many=True, help_text="Empty for reviewers.")
    finish_estimate = serializers.DateTimeField(allow_null=True)


class AnnotatorsReportSerializer(serializers.Serializer[Any]):
    """What each annotator has done."""

    annotators = AnnotatorWorkSerializer(many=True)


class QuestionAgreementSerializer(serializers.Serializer[Any]):
    """Krippendorff's alpha of one question."""

    id = serializers.CharField()
    type = serializers.CharField()
    level = serializers.CharField(
        allow_blank=True, help_text="nominal, ordinal or interval; empty: not compared."
    )
    n = serializers.IntegerField(help_text="Items with two answers or more.")
    alpha = serializers.FloatField(allow_null=True)
    interval = interval()
    undefined = serializers.CharField(allow_null=True, help_text="Why there is no alpha.")


class AgreementReportSerializer(serializers.Serializer[Any]):
    """Agreement, question by question."""

    questions = QuestionAgreementSerializer(many=True)
    sampled = serializers.BooleanField(help_text="Of a random sample of the items.")


class StandingSerializer(serializers.Serializer[Any]):
    """One generator in one dimension."""

    generator = serializers.CharField(allow_blank=True)
    wins = serializers.IntegerField()
    losses = serializers.IntegerField()
    ties = serializers.IntegerField()
    win_rate = serializers.FloatField(allow_null=True, help_text="wins / n")
    interval = interval()
    n = serializers.IntegerField(help_text="Settled items: wins + losses + ties.")
    strength = serializers.FloatField(allow_null=True, help_text="Bradley-Terry, mean 0.")
    elo = serializers.FloatField(allow_null=True, help_text="The same around 1000.")


class BoardSerializer(serializers.Serializer[Any]):
    """One dimension, best first."""

    question = serializers.CharField()
    generators = StandingSerializer(many=True)
    not_comparable = serializers.CharField(allow_null=True, help_text="Why no strengths.")


class LeaderboardReportSerializer(serializers.Serializer[Any]):
    """Generators, dimension by dimension."""

    dimensions = BoardSerializer(many=True)


class SideBiasSerializer(serializers.Serializer[Any]):
    """Preferences for the image shown left."""

    question = serializers.CharField()
    left = serializers.IntegerField()
    right = serializers.IntegerField()
    n = serializers.IntegerField()
    left_share = serializers.FloatField(allow_null=True)
    interval = interval()
    p = serializers.FloatField(allow_null=True, help_text="Exact, two-sided, against one half.")


class BiasReportSerializer(serializers.Serializer[Any]):
    """Whether sides mattered."""

    questions = SideBiasSerializer(many=True)


class QcFindingsSerializer(serializers.Serializer[Any]):
    """Answers, reviewed ones, rejected ones."""

    answers = serializers.IntegerField()
    reviewed = serializers.IntegerField()
    rejected = serializers.IntegerField()
    error_rate = serializers.FloatField(allow_null=True)
    interval = interval()


class AnnotatorQcSerializer(QcFindingsSerializer):
    """The same of one annotator."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class BatchQcSerializer(QcFindingsSerializer):
    """A batch's QC."""

    sampled = serializers.IntegerField()
    waiting = serializers.IntegerField()
    done = serializers.IntegerField()
    annotators = AnnotatorQcSerializer(many=True)


class ProgressReportView(APIView):
    """GET: how far it is."""

    @extend_schema(
        operation_id="report_progress",
        tags=["reports"],
        responses={200: ProgressReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items, slots, reviews, days; and for managers what each annotator has done."""
        user = person(request)
        project = project_for(user, project_id, Role.REVIEWER)
        found = progress_of(project, now=timezone.now())
        sees_people = Role.MANAGER in roles_of(user, project_id)
        people = work_of_annotators(project) if sees_people else []
        return Response(
            {
                "items": found.items,
                "settled": found.settled,
                "slots": found.slots,
                "reviews": {**asdict(found.reviews), "rejected": found.rejected},
                "per_day": [asdict(day) for day in found.per_day],
                "annotators": [asdict(work) for work in people],
                "finish_estimate": found.finish_estimate,
            }
        )


class AnnotatorsReportView(APIView):
    """GET: who has done what."""

    @extend_schema(
        operation_id="report_annotators",
        tags=["reports"],
        responses={200: AnnotatorsReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Each annotator's answers, acceptances, rejections and pace."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response({"annotators": [asdict(work) for work in work_of_annotators(project)]})


class AgreementReportView(APIView):
    """GET: how alike they answer."""

    @extend_schema(
        operation_id="report_agreement",
        tags=["reports"],
        responses={200: AgreementReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Krippendorff's alpha of each question with its interval, or why there is none."""
        project = project_for(person(request), project_id, Role.MANAGER)
        found = agreement_of(project)
        return Response(
            {
                "questions": [
                    {
                        "id": row.question,
                        "type": row.kind,
                        "level": row.level,
                        "n": row.estimate.n,
                        "alpha": row.estimate.value,
                        "interval": row.estimate.interval,
                        "undefined": row.estimate.undefined and sentence(row.estimate.undefined),
                    }
                    for row in found.questions
                ],
                "sampled": found.sampled,
            }
        )


class LeaderboardReportView(APIView):
    """GET: whose images are preferred."""

    @extend_schema(
        operation_id="report_leaderboard",
        tags=["reports"],
        responses={200: LeaderboardReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Generators' wins, losses and ties over settled items, dimension by dimension."""
        project = project_for(person(request), project_id, Role.MANAGER)
        boards = leaderboard_of(project)
        reasons = [board.not_comparable and sentence(board.not_comparable) for board in boards]
        dimensions = [
            asdict(board) | {"not_comparable": reason}
            for board, reason in zip(boards, reasons, strict=True)
        ]
        return Response({"dimensions": dimensions})


class BiasReportView(APIView):
    """GET: whether sides mattered."""

    @extend_schema(
        operation_id="report_bias",
        tags=["reports"],
        responses={200: BiasReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The share of preferences that fell on the left image, question by question."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response({"questions": [asdict(row) for row in side_bias_of(project)]})


class BatchQcView(APIView):
    """GET: what QC has found in a batch."""

    @extend_schema(
        operation_id="batch_qc",
        tags=["reports"],
        responses={200: BatchQcSerializer, **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Sample, errors found and what they allow to say, as a whole and by annotator."""
        found = qc_of(batch_for(person(request), batch_id, Role.MANAGER))
        return Response(
            {
                "sampled": found.sampled,
                "waiting": found.waiting,
                "done": found.done,
                **asdict(found.whole),
                "annotators": [
                    {"id": row.id, "name": row.name, **asdict(row.findings)}
                    for row in found.annotators
                ],
            }
        )


urlpatterns = [
    path("projects/<int:project_id>/reports/progress", ProgressReportView.as_view()),
    path("projects/<int:project_id>/reports/annotators", AnnotatorsReportView.as_view()),
    path("projects/<int:project_id>/reports/agreement", AgreementReportView.as_view()),
    path("projects/<int:project_id>/reports/leaderboard", LeaderboardReportView.as_view()),
    path("projects/<int:project_id>/reports/bias", BiasReportView.as_view()),
    path("batches/<int:batch_id>/qc", BatchQcView.as_view()),
]
