"""Answers: sending one, changing it, one's own history."""

import uuid
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.annotations import selectors
from annotator.annotations.models import Annotation
from annotator.annotations.services import Saying, View
from annotator.api.claims import AssignmentSerializer, assignment_body
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.assignments.selectors import assignment_for
from annotator.core.errors import Invalid, NotFound
from annotator.items.selectors import item_spec, places_of
from annotator.projects.selectors import project_for, questions_of


class ViewportSerializer(StrictSerializer):
    """Size in CSS pixels."""

    width = serializers.IntegerField(min_value=1, max_value=100_000)
    height = serializers.IntegerField(min_value=1, max_value=100_000)


class ViewSerializer(StrictSerializer):
    """How it looked to the annotator."""

    viewport = ViewportSerializer(required=False)
    device_pixel_ratio = serializers.FloatField(required=False, min_value=0.1, max_value=20)
    zoomed = serializers.BooleanField(required=False)


class SayingSerializer(StrictSerializer):
    """An answer, one object keyed by question."""

    answers = serializers.DictField()
    active_ms = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=86_400_000,
        help_text="Milliseconds at work: visible, and input within 30 s.",
    )
    view = ViewSerializer(required=False)


class ReceiptSerializer(serializers.Serializer[Any]):
    """Proof that the answer is stored."""

    id = serializers.UUIDField()
    sha256 = serializers.CharField(help_text="Of the answers' canonical JSON.")
    at = serializers.DateTimeField()
    counted = serializers.BooleanField(
        help_text="False: it came late, somebody else has the slot; it is kept as an extra."
    )
    revisable_until = serializers.DateTimeField()


class MyAnnotationSerializer(serializers.Serializer[Any]):
    """One of one's own answers."""

    assignment = serializers.UUIDField()
    at = serializers.DateTimeField()
    revisable_until = serializers.DateTimeField()
    prompt = serializers.CharField()
    thumbnail_urls = serializers.ListField(child=serializers.CharField())


class AnsweredAssignmentSerializer(AssignmentSerializer):
    """An assignment with one's own present answers; null while there are none."""

    answers = serializers.DictField(allow_null=True)
    revisable_until = serializers.DateTimeField(allow_null=True)


def _view(sent: dict[str, Any]) -> View:
    viewport = sent.get("viewport", {})
    return View(
        viewport_width=viewport.get("width"),
        viewport_height=viewport.get("height"),
        device_pixel_ratio=sent.get("device_pixel_ratio"),
        zoomed=sent.get("zoomed"),
    )


def _saying(request: Request) -> Saying:
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 100:
        raise Invalid(
            "Send an Idempotency-Key header of 8 to 100 characters, the same on every retry.",
            fields={"Idempotency-Key": "missing, too short or too long"},
        )
    sent = SayingSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return Saying(
        key=key,
        answers=sent.validated_data["answers"],
        active_ms=sent.validated_data.get("active_ms"),
        view=_view(sent.validated_data.get("view", {})),
    )


def receipt(annotation: Annotation) -> dict[str, Any]:
    """The same for the same annotation, however often it is asked for."""
    return {
        "id": annotation.pk,
        "sha256": annotation.sha256,
        "at": annotation.submitted_at,
        "counted": annotation.counted,
        "revisable_until": selectors.revisable_until(annotation),
    }


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
            )
        ],
        request=SayingSerializer,
        responses={201: ReceiptSerializer, 200: ReceiptSerializer, **ERRORS, 422: ErrorSerializer},
    )
    def put(self, request: Request, assignment_id: uuid.UUID) -> Response:
        """Stores the answer. The same key and body again give the same receipt (200)."""
        done = pipeline.submit(person(request), assignment_id, _saying(request), now=timezone.now())
        if done.replayed:
            return Response(receipt(done.annotation), headers={"Idempotent-Replay": "true"})
        return Response(receipt(done.annotation), status=201)


class AssignmentView(APIView):
    """GET shows one's assignment again, to change the answer."""

    @extend_schema(
        operation_id="assignment",
        tags=["annotate"],
        responses={200: AnsweredAssignmentSerializer, **ERRORS},
    )
    def get(self, request: Request, assignment_id: uuid.UUID) -> Response:
        """The item and one's own present answers, while they may be changed."""
        row = assignment_for(person(request), assignment_id)
        project_for(person(request), row.project_id, Role.ANNOTATOR)
        places = places_of([row.item_id])[row.item_id]
        body = {**assignment_body(row, places), "answers": None, "revisable_until": None}
        if row.annotator_id != person(request).pk:
            # The slot went to somebody else since; until when is theirs to know.
            body["lease_expires_at"] = None
        said = selectors.current_of_assignment(row.pk)
        if said is not None and said.annotator_id == person(request).pk:
            until = selectors.revisable_until(said)
            if until < timezone.now():
                raise NotFound("The time in which this answer can be changed is over.")
            spec = item_spec(row.item, (place.letter for place in places))
            answers = selectors.answers_of([said], questions_of(row.project_id), spec)
            body |= {"answers": answers[said.pk], "revisable_until": until}
        return Response(body)


class MyAnnotationsView(APIView):
    """GET lists one's own."""

    @extend_schema(
        operation_id="my_annotations",
        tags=["annotate"],
        responses={200: MyAnnotationSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The caller's last 200 answers in the project, newest first."""
        project = project_for(person(request), project_id, Role.ANNOTATOR)
        rows = selectors.history(person(request), project)
        places = places_of({row.item_id for row in rows})
        return Response(
            [
                {
                    "assignment": row.assignment_id,
                    "at": row.submitted_at,
                    "revisable_until": selectors.revisable_until(row),
                    "prompt": row.item.prompt,
                    "thumbnail_urls": [
                        f"/api/v1/images/{place.image_id}/thumbnail"
                        for place in places[row.item_id]
                    ],
                }
                for row in rows
            ]
        )


urlpatterns = [
    path("assignments/<uuid:assignment_id>", AssignmentView.as_view()),
    path("assignments/<uuid:assignment_id>/annotation", AnnotationView.as_view()),
    path("projects/<int:project_id>/my-annotations", MyAnnotationsView.as_view()),
]
