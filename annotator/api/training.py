"""Training: a lead's set with its people; an annotator's way through it."""

import uuid

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.pipeline import training
from annotator.pipeline.training import TrainingFeedback
from annotator.projects.selectors import project_for
from annotator.reports.training import TrainingReport, training_report
from annotator.training.selectors import MyTraining, training_of
from annotator.training.services import LONGEST_NOTE


class TrainingNoteSerializer(StrictSerializer):
    """What trainees are told of the item once they have answered."""

    note = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_NOTE)


class TrainingAnswerSerializer(StrictSerializer):
    """An answer to an item of the set."""

    item = serializers.UUIDField()
    answers = serializers.DictField()


class TrainingReportView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="get_training",
        tags=["training"],
        responses={200: Shape.of(TrainingReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The training set, and who passed it when with which score; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(training_report(project)))


class TrainingItemView(APIView):
    """PUT takes in, DELETE takes out."""

    @extend_schema(
        operation_id="put_training_item",
        tags=["training"],
        request=TrainingNoteSerializer,
        responses={204: None, **ERRORS},
    )
    def put(self, request: Request, item_id: uuid.UUID) -> Response:
        """Takes a settled item into the training set, or changes its note; for managers."""
        note = checked(TrainingNoteSerializer, request.data)["note"]
        training.put_training_item(person(request), item_id, note=note, now=clock.now())
        return Response(status=204)

    @extend_schema(
        operation_id="drop_training_item",
        tags=["training"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def delete(self, request: Request, item_id: uuid.UUID) -> Response:
        """Takes it out again; for managers."""
        training.drop_training_item(person(request), item_id, now=clock.now())
        return Response(status=204)


class MyTrainingView(APIView):
    """GET shows, POST begins."""

    @extend_schema(
        operation_id="my_training",
        tags=["training"],
        responses={200: Shape.of(MyTraining), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """How far the caller is in the project's training."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        return Response(shaped(training_of(project, user)))

    @extend_schema(
        operation_id="begin_training",
        tags=["training"],
        request=None,
        responses={200: Shape.of(MyTraining), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Begins an attempt; within one it goes on."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        return Response(shaped(training.begin_training(user, project, now=clock.now())))


class MyTrainingAnswersView(APIView):
    """POST answers."""

    @extend_schema(
        operation_id="answer_training",
        tags=["training"],
        request=TrainingAnswerSerializer,
        responses={200: Shape.of(TrainingFeedback), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Answers an item of the set, and learns what was known. It counts nowhere."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        sent = checked(TrainingAnswerSerializer, request.data)
        told = training.answer_training(
            user, project, sent["item"], sent["answers"], now=clock.now()
        )
        return Response(shaped(told))


urlpatterns = [
    path("projects/<int:project_id>/training", TrainingReportView.as_view()),
    path("projects/<int:project_id>/my-training", MyTrainingView.as_view()),
    path("projects/<int:project_id>/my-training/answers", MyTrainingAnswersView.as_view()),
    path("items/<uuid:item_id>/training", TrainingItemView.as_view()),
]
