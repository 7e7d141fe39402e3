"""Work to do: claims, heartbeats, giving back."""

import uuid

from django.conf import settings
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.annotations.selectors import Claims, claims_of
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.assignments import services
from annotator.assignments.models import ExclusionReason
from annotator.assignments.selectors import HeldLeases, held_of
from annotator.core import clock
from annotator.projects.selectors import project_for


class ClaimSerializer(StrictSerializer):
    """How many to hold."""

    count = serializers.IntegerField(default=3, min_value=1, max_value=settings.MAX_HELD)


class ReleaseSerializer(StrictSerializer):
    """Why it is given back."""

    reason = serializers.ChoiceField(choices=["skip", "broken", "offensive", "other"])


class ClaimsView(APIView):
    """POST tops up what the caller holds."""

    @extend_schema(
        operation_id="claim",
        tags=["annotate"],
        request=ClaimSerializer,
        responses={200: Shape.of(Claims), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Holds up to `count` items; what is held already comes back first."""
        user, now = person(request), clock.now()
        count = checked(ClaimSerializer, request.data)["count"]
        project = project_for(user, project_id, Role.ANNOTATOR)
        held = pipeline.top_up(user, project, count=count, now=now)
        return Response(shaped(claims_of(user, project, held, now=now)))


class HeartbeatView(APIView):
    """POST renews."""

    @extend_schema(
        operation_id="heartbeat",
        tags=["annotate"],
        request=None,
        responses={200: Shape.of(HeldLeases), **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Renews all of the caller's leases; what is not in `held` has gone back to the queue."""
        user = person(request)
        rows = services.renew(annotator=user, now=clock.now())
        return Response(shaped(held_of(user, rows)))


class ReleaseView(APIView):
    """POST gives back."""

    @extend_schema(
        operation_id="release",
        tags=["annotate"],
        request=ReleaseSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, assignment_id: uuid.UUID) -> Response:
        """Skips the item: its slot goes to somebody else, and the caller does not get it again."""
        asked = ReleaseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = ExclusionReason(asked.validated_data["reason"])
        pipeline.release(person(request), assignment_id, reason, clock.now())
        return Response(status=204)


urlpatterns = [
    path("projects/<int:project_id>/claims", ClaimsView.as_view()),
    path("claims/heartbeat", HeartbeatView.as_view()),
    path("assignments/<uuid:assignment_id>/release", ReleaseView.as_view()),
]
