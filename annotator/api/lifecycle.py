"""A project as a whole: paused, put away, copied, deleted; and batches that are deleted."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.reasons import Reason
from annotator.jobs.models import JobState
from annotator.pipeline.duplicating import duplicate_project
from annotator.pipeline.holdings import (
    Holdings,
    counts_of_holdings,
    holdings_of_batch,
    holdings_of_project,
)
from annotator.pipeline.rounds import delete_batch
from annotator.projects import lifecycle, removals
from annotator.projects.models import Removal
from annotator.projects.selectors import batch_for, project_for, removal_for, removals_of
from annotator.reports.projects import ProjectShape, project_of


class DuplicateSerializer(StrictSerializer):
    """A copy to be."""

    name = serializers.CharField(max_length=200)
    people = serializers.BooleanField(
        default=False, help_text="True: its people are in the copy too, in their roles."
    )


class ConfirmedSerializer(StrictSerializer):
    """The name of what is to be deleted, typed in."""

    name = serializers.CharField(max_length=200)


class PerhapsConfirmedSerializer(StrictSerializer):
    """The same; it is asked for only where people have answered."""

    name = serializers.CharField(max_length=200, required=False, allow_null=True)


@dataclass(frozen=True, slots=True)
class RemovalShape:
    """Something that is being deleted."""

    id: int
    project_id: int
    batch_id: int | None = field(metadata={"help": "null: the whole project."})
    name: str
    state: JobState
    error: Reason | None = field(metadata={"help": "Why it failed, or what it waits for."})
    done: int = field(metadata={"help": "Items gone so far."})
    total: int
    requested_at: datetime


def removal_shape(removal: Removal) -> RemovalShape:
    """The row as who asked for it sees it."""
    return RemovalShape(
        id=removal.pk,
        project_id=removal.project_id,
        batch_id=removal.batch_id,
        name=removal.name,
        state=JobState(removal.state),
        error=removal.reason,
        done=removal.done_count,
        total=removal.total_count,
        requested_at=removal.requested_at,
    )


class PauseView(APIView):
    """POST pauses."""

    @extend_schema(
        operation_id="pause_project",
        tags=["projects"],
        request=None,
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Nobody is given work any more; what is held can be answered. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        paused = lifecycle.pause(project, by=user, now=clock.now())
        return Response(shaped(project_of(user, paused)))


class ResumeView(APIView):
    """POST resumes."""

    @extend_schema(
        operation_id="resume_project",
        tags=["projects"],
        request=None,
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Gives out work again. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        resumed = lifecycle.resume(project, by=user, now=clock.now())
        return Response(shaped(project_of(user, resumed)))


class ArchiveView(APIView):
    """POST archives."""

    @extend_schema(
        operation_id="archive_project",
        tags=["projects"],
        request=None,
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Puts a project away, to be read and exported alone. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        archived = lifecycle.archive(project, by=user, now=clock.now())
        return Response(shaped(project_of(user, archived)))


class UnarchiveView(APIView):
    """POST takes it out again."""

    @extend_schema(
        operation_id="unarchive_project",
        tags=["projects"],
        request=None,
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Takes a project out of the archive; it is paused then. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        paused = lifecycle.unarchive(project, by=user, now=clock.now())
        return Response(shaped(project_of(user, paused)))


class DuplicateView(APIView):
    """POST copies."""

    makes_another_project = True

    @extend_schema(
        operation_id="duplicate_project",
        tags=["projects"],
        request=DuplicateSerializer,
        responses={201: Shape.of(ProjectShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """A project with the same settings, questions, metrics and references, without data.

        For managers who may create projects.
        """
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        sent = DuplicateSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = duplicate_project(project, **sent.validated_data, by=user, now=clock.now())
        return Response(shaped(project_of(user, made)), 201)


class ProjectHoldingsView(APIView):
    """GET tells."""

    @extend_schema(
        operation_id="get_project_holdings",
        tags=["projects"],
        responses={200: Shape.of(Holdings), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What would go if this project were deleted. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(holdings_of_project(project)))


class DeleteProjectView(APIView):
    """POST deletes."""

    @extend_schema(
        operation_id="delete_project",
        tags=["projects"],
        request=ConfirmedSerializer,
        responses={202: Shape.of(RemovalShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Deletes a paused or archived project with all that it holds; workers do it. For managers.

        `name` has to be the project's. The project is gone for everybody at once.
        """
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        sent = ConfirmedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        removal = removals.request_project_removal(
            project,
            name=sent.validated_data["name"],
            counts=counts_of_holdings(holdings_of_project(project)),
            by=user,
            now=clock.now(),
        )
        return Response(shaped(removal_shape(removal)), 202)


class BatchHoldingsView(APIView):
    """GET tells."""

    @extend_schema(
        operation_id="get_batch_holdings",
        tags=["batches"],
        responses={200: Shape.of(Holdings), **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """What would go if this batch were deleted. For managers."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        return Response(shaped(holdings_of_batch(batch)))


class DeleteBatchView(APIView):
    """POST deletes."""

    @extend_schema(
        operation_id="delete_batch",
        tags=["batches"],
        request=PerhapsConfirmedSerializer,
        responses={202: Shape.of(RemovalShape), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Deletes a batch with all that it holds; workers do it. For managers.

        `name` has to be the batch's where people have answered. Exports made of it stay. Refused
        while a round shows its images.
        """
        user = person(request)
        batch = batch_for(user, batch_id, Role.MANAGER)
        sent = PerhapsConfirmedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data.get("name")
        removal = delete_batch(batch, name=name, by=user, now=clock.now())
        return Response(shaped(removal_shape(removal)), 202)


class RemovalsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_removals",
        tags=["projects"],
        responses={200: Shape.of(RemovalShape)(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """What the caller has deleted and is not gone yet, the newest first."""
        return Response([shaped(removal_shape(one)) for one in removals_of(person(request))])


class RetryRemovalView(APIView):
    """POST goes on."""

    @extend_schema(
        operation_id="retry_removal",
        tags=["projects"],
        request=None,
        responses={202: Shape.of(RemovalShape), **ERRORS},
    )
    def post(self, request: Request, removal_id: int) -> Response:
        """Goes on with a deletion that has failed, from where it is."""
        removal = removals.retry(removal_for(person(request), removal_id))
        return Response(shaped(removal_shape(removal)), 202)


urlpatterns = [
    path("projects/<int:project_id>/pause", PauseView.as_view()),
    path("projects/<int:project_id>/resume", ResumeView.as_view()),
    path("projects/<int:project_id>/archive", ArchiveView.as_view()),
    path("projects/<int:project_id>/unarchive", UnarchiveView.as_view()),
    path("projects/<int:project_id>/duplicate", DuplicateView.as_view()),
    path("projects/<int:project_id>/holdings", ProjectHoldingsView.as_view()),
    path("projects/<int:project_id>/delete", DeleteProjectView.as_view()),
    path("batches/<int:batch_id>/holdings", BatchHoldingsView.as_view()),
    path("batches/<int:batch_id>/delete", DeleteBatchView.as_view()),
    path("removals", RemovalsView.as_view()),
    path("removals/<int:removal_id>/retry", RetryRemovalView.as_view()),
]
