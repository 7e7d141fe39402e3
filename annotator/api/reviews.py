"""QC: the next sampled item with its answers, and the verdicts on them."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.annotations import selectors as annotations
from annotator.api.claims import ShownItemSerializer, ShownSerializer, shown_item
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.items.selectors import item_spec, places_of
from annotator.projects.selectors import project_for, questions_of
from annotator.reviews import selectors
from annotator.reviews.models import Decision, Review

MIN_REASON = 3


class ReviewedAnnotationSerializer(serializers.Serializer[Any]):
    """One of the item's answers; the annotator stays a letter and a number."""

    id = serializers.UUIDField()
    annotator = serializers.CharField(help_text="A1, A2, A3: not who it is.")
    answers = serializers.DictField()
    shown = ShownSerializer()
    active_ms = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    verdict = serializers.ChoiceField(choices=Decision.choices, allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ReviewSerializer(serializers.Serializer[Any]):
    """A sampled item with its answers."""

    id = serializers.IntegerField()
    held_until = serializers.DateTimeField(allow_null=True)
    item = ShownItemSerializer()
    annotations = ReviewedAnnotationSerializer(many=True)


class NextReviewSerializer(serializers.Serializer[Any]):
    """The next one, if any, and how far QC has come."""

    review = ReviewSerializer(allow_null=True)
    waiting = serializers.IntegerField()
    done = serializers.IntegerField()
    sampled = serializers.IntegerField()


class OpinionSerializer(StrictSerializer):
    """A word on one answer; a rejection says why."""

    verdict = serializers.ChoiceField(choices=Decision.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A rejection without a reason teaches nobody anything."""
        if attrs["verdict"] == Decision.REJECT and len(attrs["reason"].strip()) < MIN_REASON:
            raise serializers.ValidationError({"reason": "Say why, in three characters or more."})
        return attrs


class VerdictsSerializer(StrictSerializer):
    """Verdicts by annotation id."""

    verdicts = serializers.DictField(child=OpinionSerializer(), allow_empty=False)


class ReviewedSerializer(serializers.Serializer[Any]):
    """Whether the item still waits for a verdict."""

    open = serializers.BooleanField()


def review_body(review: Review) -> dict[str, Any]:
    """The review as its reviewer sees it."""
    said = list(annotations.current_of_item(review.item_id))
    places = places_of([review.item_id])[review.item_id]
    spec = item_spec(review.item, (place.letter for place in places))
    answers = annotations.answers_of(said, questions_of(review.project_id), spec)
    verdicts = selectors.verdicts_of(review)
    return {
        "id": review.pk,
        "held_until": review.held_until,
        "item": shown_item(review.item, places),
        "annotations": [
            {
                "id": row.pk,
                "annotator": f"A{row.assignment.slot + 1}",
                "answers": answers[row.pk],
                "shown": {"order": list(row.shown_order)},
                "active_ms": row.active_ms,
                "at": row.submitted_at,
                "verdict": verdicts[row.pk].decision if row.pk in verdicts else None,
                "reason": verdicts[row.pk].reason if row.pk in verdicts else "",
            }
            for row in said
        ],
    }


class NextReviewView(APIView):
    """POST-like GET: taking the next review holds it for a quarter of an hour, nothing more."""

    @extend_schema(
        operation_id="next_review",
        tags=["review"],
        responses={200: NextReviewSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The next sampled item whose answers wait for a verdict; never one's own work."""
        now = timezone.now()
        project = project_for(person(request), project_id, Role.REVIEWER)
        review = pipeline.next_review(person(request), project_id, now=now)
        counts = selectors.counts(project)
        return Response(
            {
                "review": review_body(review) if review else None,
                "waiting": counts.waiting,
                "done": counts.done,
                "sampled": counts.sampled,
            }
        )


class VerdictsView(APIView):
    """POST decides."""

    @extend_schema(
        operation_id="review",
        tags=["review"],
        request=VerdictsSerializer,
        responses={200: ReviewedSerializer, **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """Accepts or rejects answers of one review; a rejected one opens its slot anew."""
        sent = VerdictsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        opinions = {
            serializers.UUIDField().to_internal_value(name): pipeline.Opinion(
                Decision(said["verdict"]), said["reason"].strip()
            )
            for name, said in sent.validated_data["verdicts"].items()
        }
        review = pipeline.review(person(request), review_id, opinions, now=timezone.now())
        return Response({"open": review.waiting})


urlpatterns = [
    path("projects/<int:project_id>/reviews/next", NextReviewView.as_view()),
    path("reviews/<int:review_id>/verdicts", VerdictsView.as_view()),
]
