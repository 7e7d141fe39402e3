"""Answers: sending one, changing it, one's own history."""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.annotations.selectors import (
    AnsweredAssignment,
    Claims,
    Receipt,
    answered_assignment,
    claims_of,
    receipt_of,
)
from annotator.annotations.services import Submission, View
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import TriptychError
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from annotator.reports.history import PAGE, MyAnnotation, history
from annotator.reports.own import MyProgress, my_progress

log = logging.getLogger(__name__)


class ViewportSerializer(StrictSerializer):
    """Size in CSS pixels."""

    width = serializers.IntegerField(min_value=1, max_value=100_000)
    height = serializers.IntegerField(min_value=1, max_value=100_000)


class ViewSerializer(StrictSerializer):
    """How it looked to the annotator."""

    viewport = ViewportSerializer(required=False)
    device_pixel_ratio = serializers.FloatField(required=False, min_value=0.1, max_value=20)
    zoomed = serializers.BooleanField(required=False)


class SubmissionSerializer(StrictSerializer):
    """An answer, one object keyed by question."""

    answers = serializers.DictField()
    active_ms = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=86_400_000,
        help_text="Milliseconds at work: visible, and input within 30 s.",
    )
    view = ViewSerializer(required=False)


class AlongSerializer(StrictSerializer):
    """What is asked for along with an answer.

    In the query, not in the body: the release before passes by what it does not know there, so a
    page of this one can send its answers to either while the site is upgraded.
    """

    hold = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.MAX_HELD,
        help_text="Claim along with it, as POST claims with this count: one request a round.",
    )
    asked = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=32_767,
        help_text="The version of the questions that was answered; unless told, the item's.",
    )


class PageSerializer(StrictSerializer):
    """Which of one's answers."""

    before = serializers.UUIDField(
        required=False, help_text="`id` of the last answer of the page before."
    )
    limit = serializers.IntegerField(default=PAGE, min_value=1, max_value=PAGE)


def _view(sent: dict[str, Any]) -> View:
    viewport = sent.get("viewport", {})
    return View(
        viewport_width=viewport.get("width"),
        viewport_height=viewport.get("height"),
        device_pixel_ratio=sent.get("device_pixel_ratio"),
        zoomed=sent.get("zoomed"),
    )


def _submission(request: Request, sent: Mapping[str, Any], along: Mapping[str, Any]) -> Submission:
    return Submission(
        key=request.headers.get("Idempotency-Key", ""),
        answers=sent["answers"],
        active_ms=sent.get("active_ms"),
        view=_view(sent.get("view", {})),
        only_first=request.headers.get("If-None-Match") == "*",
        asked=along.get("asked"),
    )


def _claims(user: User, project: Project, hold: int | None, *, now: datetime) -> Claims | None:
    """What the person holds, topped up; None where it was not asked for, or can't be had.

    The answer is stored by then: whatever keeps the claim back, its receipt is given.
    """
    if hold is None:
        return None
    try:
        held = pipeline.top_up(user, project, count=hold, now=now)
        return claims_of(user, project, held, now=now)
    except (TriptychError, Error) as error:
        log.warning("No claim along with an answer: %s", error)
        return None


class AnnotationView(APIView):
    """PUT says what one thinks."""

    @extend_schema(
        operation_id="annotate",
        tags=["annotate"],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="8 to 100 characters, made when the item is opened, sent on every try.",
            ),
            OpenApiParameter(
                "If-None-Match",
                str,
                OpenApiParameter.HEADER,
                enum=["*"],
                description="`*`: a first answer. Where the caller has answered the assignment "
                "under another key, nothing is stored (412).",
            ),
            AlongSerializer,
        ],
        request=SubmissionSerializer,
        responses={
            201: Shape.of(Receipt),
            200: Shape.of(Receipt),
            **ERRORS,
            412: ErrorSerializer,
            422: ErrorSerializer,
        },
    )
    def put(self, request: Request, assignment_id: uuid.UUID) -> Response:
        """Stores the answer. The same key and body again give the same receipt (200)."""
        sent = checked(SubmissionSerializer, request.data)
        along = checked(AlongSerializer, request.query_params.dict())
        user, now = person(request), clock.now()
        done = pipeline.submit(user, assignment_id, _submission(request, sent, along), now=now)
        claims = _claims(user, done.project, along.get("hold"), now=now)
        receipt = shaped(receipt_of(done.annotation, claims))
        if done.replayed:
            return Response(receipt, headers={"Idempotent-Replay": "true"})
        return Response(receipt, status=201)


class AssignmentView(APIView):
    """GET shows one's assignment again, to change the answer."""

    @extend_schema(
        operation_id="assignment",
        tags=["annotate"],
        responses={200: Shape.of(AnsweredAssignment), **ERRORS},
    )
    def get(self, request: Request, assignment_id: uuid.UUID) -> Response:
        """The item and one's own present answers, while they may be changed."""
        found = answered_assignment(person(request), assignment_id, now=clock.now())
        return Response(shaped(found))


class MyAnnotationsView(APIView):
    """GET lists one's own."""

    @extend_schema(
        operation_id="my_annotations",
        tags=["annotate"],
        parameters=[PageSerializer],
        responses={200: Shape.of(MyAnnotation)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The caller's answers in the project, newest first, a page at a time."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        page = checked(PageSerializer, request.query_params.dict())
        return Response([shaped(row) for row in history(user, project, **page)])


class MyProgressView(APIView):
    """GET shows one's own."""

    @extend_schema(
        operation_id="my_progress",
        tags=["annotate"],
        responses={200: Shape.of(MyProgress), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """How the caller does on known answers, and patterns in their answers; for them alone."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        return Response(shaped(my_progress(user, project)))


urlpatterns = [
    path("assignments/<uuid:assignment_id>", AssignmentView.as_view()),
    path("assignments/<uuid:assignment_id>/annotation", AnnotationView.as_view()),
    path("projects/<int:project_id>/my-progress", MyProgressView.as_view()),
    path("projects/<int:project_id>/my-annotations", MyAnnotationsView.as_view()),
]
