"""Work to do: claims, heartbeats, giving back."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.annotations import selectors as annotations
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.assignments import selectors, services
from annotator.assignments.models import Assignment, ExclusionReason
from annotator.items.models import Item, ItemImage
from annotator.items.selectors import places_of
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from scoring.tokens import token_texts


class ShownImageSerializer(serializers.Serializer[Any]):
    """An image as an annotator may know it: no generator, no name, no hash."""

    id = serializers.UUIDField()
    letter = serializers.CharField(help_text="Identity within the item: a, b, c …")
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")


class ShownItemSerializer(serializers.Serializer[Any]):
    """What is asked about."""

    id = serializers.UUIDField()
    prompt = serializers.CharField()
    tokens = serializers.ListField(
        child=serializers.CharField(), help_text="The prompt's words; `words` answers index them."
    )
    images = ShownImageSerializer(many=True)


class ShownSerializer(serializers.Serializer[Any]):
    """How it is laid out: drawn by the server and kept."""

    order = serializers.ListField(
        child=serializers.CharField(), help_text="Letters from left to right."
    )


class AssignmentSerializer(serializers.Serializer[Any]):
    """One item in an annotator's hand."""

    id = serializers.UUIDField()
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    item = ShownItemSerializer()
    shown = ShownSerializer()


class ClaimSerializer(StrictSerializer):
    """How many to hold."""

    count = serializers.IntegerField(default=3, min_value=1, max_value=settings.MAX_HAND)


class HandSerializer(serializers.Serializer[Any]):
    """What the annotator holds now, and what there is besides."""

    assignments = AssignmentSerializer(many=True)
    status = serializers.ChoiceField(
        choices=["work", "all_reserved", "none_for_you", "done"],
        help_text="all_reserved: others hold what is left, look again at next_free_at.",
    )
    next_free_at = serializers.DateTimeField(allow_null=True)
    done_today = serializers.IntegerField()
    remaining_for_you = serializers.IntegerField()
    remaining_is_capped = serializers.BooleanField(help_text="There are at least that many.")


class HeldSerializer(serializers.Serializer[Any]):
    """Which leases live on."""

    held = serializers.ListField(child=serializers.UUIDField())
    lease_expires_at = serializers.DateTimeField(allow_null=True)


class ReleaseSerializer(StrictSerializer):
    """Why it is given back."""

    reason = serializers.ChoiceField(choices=["skip", "broken", "offensive", "other"])


def shown_item(item: Item, places: Sequence[ItemImage]) -> dict[str, Any]:
    """An item as an annotator may know it."""
    return {
        "id": item.pk,
        "prompt": item.prompt,
        "tokens": token_texts(item.prompt),
        "images": [
            {
                "id": place.image_id,
                "letter": place.letter,
                "url": f"/api/v1/images/{place.image_id}/file",
                "thumbnail_url": f"/api/v1/images/{place.image_id}/thumbnail",
                "width": place.image.width,
                "height": place.image.height,
            }
            for place in places
        ],
    }


def assignment_body(row: Assignment, places: Sequence[ItemImage]) -> dict[str, Any]:
    """The assignment in the contract's shape."""
    return {
        "id": row.pk,
        "lease_expires_at": row.lease_expires_at,
        "item": shown_item(row.item, places),
        "shown": {"order": list(row.shown_order)},
    }


def _midnight(now: datetime) -> datetime:
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date(), time.min))


def _status(
    user: User, project: Project, rows: Sequence[Assignment]
) -> tuple[str, datetime | None]:
    if rows:
        return "work", None
    free_at = selectors.next_lapse(project, user)
    if free_at is not None:
        return "all_reserved", free_at
    return ("none_for_you" if selectors.anything_left(project) else "done"), None


class ClaimsView(APIView):
    """POST tops up the caller's hand."""

    @extend_schema(
        operation_id="claim",
        tags=["annotate"],
        request=ClaimSerializer,
        responses={200: HandSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Holds up to `count` items; what is held already comes back first."""
        user, now = person(request), timezone.now()
        asked = ClaimSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rows = pipeline.claim(user, project_id, count=asked.validated_data["count"], now=now)
        project = project_for(user, project_id, Role.ANNOTATOR)
        places = places_of(row.item_id for row in rows)
        status, free_at = _status(user, project, rows)
        remaining = selectors.remaining_for(user, project)
        return Response(
            {
                "assignments": [assignment_body(row, places[row.item_id]) for row in rows],
                "status": status,
                "next_free_at": free_at,
                "done_today": annotations.done_since(user, project, _midnight(now)),
                "remaining_for_you": remaining,
                "remaining_is_capped": remaining >= selectors.REMAINING_LIMIT,
            }
        )


class HeartbeatView(APIView):
    """POST renews."""

    @extend_schema(
        operation_id="heartbeat",
        tags=["annotate"],
        request=None,
        responses={200: HeldSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Renews all of the caller's leases; what is not in `held` has gone back to the queue."""
        rows = services.renew(annotator=person(request), now=timezone.now())
        leases = [row.lease_expires_at for row in rows if row.lease_expires_at]
        return Response(
            {"held": [row.pk for row in rows], "lease_expires_at": min(leases, default=None)}
        )


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
        pipeline.release(person(request), assignment_id, reason, timezone.now())
        return Response(status=204)


urlpatterns = [
    path("projects/<int:project_id>/claims", ClaimsView.as_view()),
    path("claims/heartbeat", HeartbeatView.as_view()),
    path("assignments/<uuid:assignment_id>/release", ReleaseView.as_view()),
]
