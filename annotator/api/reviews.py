"""QC: the next sampled item with its answers, and the verdicts on them."""

from dataclasses import dataclass

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.projects.selectors import project_for
from annotator.reviews.models import AcceptOrReject
from annotator.reviews.selectors import NextReview, next_review
from annotator.reviews.services import GivenVerdict


class VerdictSerializer(StrictSerializer):
    """A verdict on one answer; a rejection says why."""

    verdict = serializers.ChoiceField(choices=AcceptOrReject.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class VerdictsSerializer(StrictSerializer):
    """Verdicts by annotation id."""

    verdicts = serializers.DictField(child=VerdictSerializer(), allow_empty=False)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Whether the item still waits for a verdict."""

    open: bool


class ReviewClaimsView(APIView):
    """POST takes the next review."""

    @extend_schema(
        operation_id="claim_review",
        tags=["review"],
        request=None,
        responses={200: Shape.of(NextReview), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """The next sampled item whose answers wait for a verdict; never one's own work.

        It is held for a quarter of an hour, and not given to this person to answer any more.
        """
        project = project_for(person(request), project_id, Role.REVIEWER)
        review = pipeline.next_review(person(request), project_id, now=clock.now())
        return Response(shaped(next_review(review, project)))


class VerdictsView(APIView):
    """POST gives verdicts."""

    @extend_schema(
        operation_id="review",
        tags=["review"],
        request=VerdictsSerializer,
        responses={200: Shape.of(Reviewed), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """Accepts or rejects answers of one review; a rejected one opens its slot anew."""
        sent = VerdictsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        verdicts = {
            serializers.UUIDField().to_internal_value(annotation_id): GivenVerdict(
                AcceptOrReject(given["verdict"]), given["reason"]
            )
            for annotation_id, given in sent.validated_data["verdicts"].items()
        }
        review = pipeline.review(person(request), review_id, verdicts, now=clock.now())
        return Response(shaped(Reviewed(open=review.waiting)))


urlpatterns = [
    path("projects/<int:project_id>/reviews/claims", ReviewClaimsView.as_view()),
    path("reviews/<int:review_id>/verdicts", VerdictsView.as_view()),
]
