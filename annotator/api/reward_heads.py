"""Reward models of a project's own votes: asking for one, following, reading, downloading it."""

from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.exports import RANGE
from annotator.api.ranges import WhateverIsAccepted, begins_at_start, download
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.projects.selectors import project_for
from annotator.rewards import files, selectors, services
from annotator.rewards.selectors import RewardHeadShape, RewardReport, RewardVotes
from scoring.rewards.training import DEFAULT


class RewardHeadRequestSerializer(StrictSerializer):
    """Over which network."""

    network = serializers.CharField(default=DEFAULT, max_length=100)


class RewardHeadsView(APIView):
    """GET lists, POST asks for one."""

    @extend_schema(
        operation_id="reward_heads",
        tags=["reward models"],
        responses={200: Shape.of(RewardHeadShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's reward models, newest first; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(head) for head in selectors.heads_of(project)])

    @extend_schema(
        operation_id="request_reward_head",
        tags=["reward models"],
        request=RewardHeadRequestSerializer,
        responses={202: Shape.of(RewardHeadShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Has a reward model trained from ratings, and from votes as `preferences` holds them.

        A worker does it once the network has looked at the project's images. Too few votes are
        refused, and a second one while one is under way.
        """
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        asked = RewardHeadRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        network = asked.validated_data["network"]
        head = services.request_head(project=project, network=network, by=user)
        return Response(shaped(selectors.head_shape(head)), status=202)


class RewardVotesView(APIView):
    """GET reads."""

    @extend_schema(
        operation_id="reward_votes",
        tags=["reward models"],
        responses={200: Shape.of(RewardVotes), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What there is to learn from, whether it is enough, and over which networks."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(selectors.votes_of(project)))


class RewardHeadView(APIView):
    """GET reads."""

    @extend_schema(
        operation_id="reward_head",
        tags=["reward models"],
        responses={200: Shape.of(RewardHeadShape), **ERRORS},
    )
    def get(self, request: Request, reward_head_id: int) -> Response:
        """One reward model: how far it is."""
        head = selectors.head_for(person(request), reward_head_id)
        return Response(shaped(selectors.head_shape(head)))


class RewardHeadCancelView(APIView):
    """POST ends it."""

    @extend_schema(
        operation_id="cancel_reward_head",
        tags=["reward models"],
        request=None,
        responses={200: Shape.of(RewardHeadShape), **ERRORS},
    )
    def post(self, request: Request, reward_head_id: int) -> Response:
        """Ends a training that waits or is under way."""
        head = selectors.head_for(person(request), reward_head_id)
        services.cancel_head(head=head, now=clock.now(), by=person(request))
        return Response(shaped(selectors.head_shape(head)))


class RewardHeadRetryView(APIView):
    """POST begins it anew."""

    @extend_schema(
        operation_id="retry_reward_head",
        tags=["reward models"],
        request=None,
        responses={202: Shape.of(RewardHeadShape), **ERRORS},
    )
    def post(self, request: Request, reward_head_id: int) -> Response:
        """Begins a failed training anew, of the votes that there are by now."""
        head = selectors.head_for(person(request), reward_head_id)
        services.retry_head(head=head, by=person(request))
        return Response(shaped(selectors.head_shape(head)), status=202)


class RewardReportView(APIView):
    """GET reads."""

    @extend_schema(
        operation_id="reward_report",
        tags=["reward models"],
        responses={200: Shape.of(RewardReport), **ERRORS},
    )
    def get(self, request: Request, reward_head_id: int) -> Response:
        """How good it is on prompts that it has not seen: beside people, metrics and chance."""
        return Response(selectors.report_of(selectors.head_for(person(request), reward_head_id)))


class RewardHeadArchiveView(APIView):
    """GET downloads all."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="reward_head_archive",
        tags=["reward models"],
        parameters=[RANGE],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **ERRORS, 429: ErrorSerializer},
    )
    def get(self, request: Request, reward_head_id: int) -> HttpResponseBase:
        """The model's folder as one zip: head.safetensors, config.json, report.json, README.md."""
        head = selectors.head_for(person(request), reward_head_id)
        selectors.must_be_done(head)
        if request.method == "GET" and begins_at_start(request):
            services.note_download(head, by=person(request), now=clock.now())
        name = files.path_of(head.project_id, head.sha256)
        return download(
            request,
            read=lambda start, stop: files.store().read(name, start, stop),
            size=head.bytes,
            etag=head.sha256,
            filename=f"reward-model-{head.pk}.zip",
            content_type="application/zip",
        )


urlpatterns = [
    path("projects/<int:project_id>/reward-heads", RewardHeadsView.as_view()),
    path("projects/<int:project_id>/reward-votes", RewardVotesView.as_view()),
    path("reward-heads/<int:reward_head_id>", RewardHeadView.as_view()),
    path("reward-heads/<int:reward_head_id>/report", RewardReportView.as_view()),
    path("reward-heads/<int:reward_head_id>/cancel", RewardHeadCancelView.as_view()),
    path("reward-heads/<int:reward_head_id>/retry", RewardHeadRetryView.as_view()),
    path("reward-heads/<int:reward_head_id>/archive", RewardHeadArchiveView.as_view()),
]
