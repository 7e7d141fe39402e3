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
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.pipeline import own_answers, second_looks, verdict_changes
from annotator.projects.selectors import project_for
from annotator.reports.reviewers import ReviewerAgreement, reviewer_agreement
from annotator.reviews.models import AcceptOrReject, RejectionCode
from annotator.reviews.selectors import (
    NextReview,
    ReviewChoice,
    ReviewShape,
    names_of_choice,
    next_reviews,
    review_shape,
)
from annotator.reviews.services import GivenVerdict


class VerdictSerializer(StrictSerializer):
    """A verdict on one answer; a rejection says why."""

    verdict = serializers.ChoiceField(choices=AcceptOrReject.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    code = serializers.ChoiceField(
        choices=RejectionCode.choices, required=False, allow_blank=True,
        help_text="Of a rejection: which of the usual reasons it is; without one, other.",
    )  # fmt: skip


class OwnVerdictSerializer(VerdictSerializer):
    """A reviewer's verdict, and of a rejected answer what they would have answered instead."""

    answers = serializers.DictField(
        required=False, allow_null=True, default=None,
        help_text="As in the outside contract; kept apart from people's answers.",
    )  # fmt: skip


class OwnAnswersSerializer(StrictSerializer):
    """A reviewer's own answers, as in the outside contract."""

    answers = serializers.DictField()


class UpheldSerializer(StrictSerializer):
    """Whose first verdict stands."""

    annotation_id = serializers.UUIDField()


class OverrideVerdictSerializer(VerdictSerializer):
    """A lead's verdict on an answer that has one."""

    annotation_id = serializers.UUIDField()


class VerdictsSerializer(StrictSerializer):
    """Verdicts by annotation id."""

    verdicts = serializers.DictField(child=OwnVerdictSerializer(), allow_empty=False)


class ReviewClaimsSerializer(StrictSerializer):
    """How many reviews to hold, and which."""

    count = serializers.IntegerField(required=False, min_value=1, max_value=5, default=1)
    batch = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Of this batch alone."
    )
    annotator_id = serializers.IntegerField(
        required=False, allow_null=True, default=None,
        help_text="With an answer of this person that waits; for managers.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Whether the item still waits for a verdict."""

    open: bool


class ReviewClaimsView(APIView):
    """POST takes the next reviews."""

    @extend_schema(
        operation_id="claim_review",
        tags=["review"],
        request=ReviewClaimsSerializer,
        responses={200: Shape.of(NextReview), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """The next sampled items whose answers wait for a verdict; never one's own work.

        Before them answers that another reviewer has judged and that were drawn for a second look.

        They are held for a quarter of an hour, and not given to this person to answer any more.
        """
        project = project_for(person(request), project_id, Role.REVIEWER)
        sent = ReviewClaimsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        if values["annotator_id"] is not None:
            # Reviewers are not to know whose answers they look at.
            project_for(person(request), project_id, Role.MANAGER)
        user, now = person(request), clock.now()
        chosen = ReviewChoice(values["batch"], values["annotator_id"])
        names = names_of_choice(project, chosen)
        seconds = second_looks.claim_second_looks(
            user, project_id, count=values["count"], chosen=chosen, now=now
        )
        left = values["count"] - len(seconds)
        firsts = pipeline.claim_reviews(user, project_id, count=left, chosen=chosen, now=now)
        return Response(shaped(next_reviews([*seconds, *firsts], project, user, names)))


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
                AcceptOrReject(given["verdict"]),
                given["reason"],
                given.get("code", ""),
                given["answers"],
            )
            for annotation_id, given in sent.validated_data["verdicts"].items()
        }
        review = pipeline.review(person(request), review_id, verdicts, now=clock.now())
        return Response(shaped(Reviewed(open=review.waiting)))


class UndoView(APIView):
    """POST takes verdicts back."""

    @extend_schema(
        operation_id="undo_review",
        tags=["review"],
        request=None,
        responses={200: Shape.of(ReviewShape), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """Takes back one's own verdicts of the last 15 minutes; the item is held again."""
        review = verdict_changes.undo(person(request), review_id, now=clock.now())
        return Response(shaped(review_shape(review, person(request))))


class OwnAnswersView(APIView):
    """POST answers first."""

    @extend_schema(
        operation_id="answer_review_first",
        tags=["review"],
        request=OwnAnswersSerializer,
        responses={200: Shape.of(ReviewShape), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """What the reviewer answers before they see the item's answers, which come back."""
        user, sent = person(request), checked(OwnAnswersSerializer, request.data)
        taken = own_answers.answer_first(user, review_id, sent["answers"], now=clock.now())
        return Response(shaped(review_shape(taken, user)))


class UpholdView(APIView):
    """POST settles."""

    @extend_schema(
        operation_id="uphold_verdict",
        tags=["review"],
        request=UpheldSerializer,
        responses={200: Shape.of(Reviewed), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """Lets the first verdict stand where two reviewers disagree; for managers."""
        sent = checked(UpheldSerializer, request.data)
        review = second_looks.uphold(
            person(request), review_id, sent["annotation_id"], now=clock.now()
        )
        return Response(shaped(Reviewed(open=review.waiting)))


class UnsureView(APIView):
    """POST leaves an item to others."""

    @extend_schema(
        operation_id="leave_review",
        tags=["review"],
        request=None,
        responses={200: Shape.of(Reviewed), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """Says that one is not sure: another reviewer is to look at the item."""
        review = verdict_changes.leave_to_others(person(request), review_id, now=clock.now())
        return Response(shaped(Reviewed(open=review.waiting)))


class OverrideVerdictView(APIView):
    """POST overrides a verdict."""

    @extend_schema(
        operation_id="override_verdict",
        tags=["review"],
        request=OverrideVerdictSerializer,
        responses={200: Shape.of(Reviewed), **ERRORS},
    )
    def post(self, request: Request, review_id: int) -> Response:
        """A lead's verdict in place of a reviewer's; both are kept. For managers."""
        sent = OverrideVerdictSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        given = GivenVerdict(
            AcceptOrReject(values["verdict"]), values["reason"], values.get("code", "")
        )
        review = verdict_changes.override(
            person(request), review_id, values["annotation_id"], given, now=clock.now()
        )
        return Response(shaped(Reviewed(open=review.waiting)))


class ReviewerAgreementView(APIView):
    """GET: how alike reviewers judge."""

    @extend_schema(
        operation_id="report_reviewers",
        tags=["reports"],
        responses={200: Shape.of(ReviewerAgreement), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Second verdicts beside first ones, and disagreements to be settled; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(reviewer_agreement(project)))


urlpatterns = [
    path("projects/<int:project_id>/reports/reviewers", ReviewerAgreementView.as_view()),
    path("projects/<int:project_id>/reviews/claims", ReviewClaimsView.as_view()),
    path("reviews/<int:review_id>/verdicts", VerdictsView.as_view()),
    path("reviews/<int:review_id>/undo", UndoView.as_view()),
    path("reviews/<int:review_id>/unsure", UnsureView.as_view()),
    path("reviews/<int:review_id>/answers", OwnAnswersView.as_view()),
    path("reviews/<int:review_id>/uphold", UpholdView.as_view()),
    path("reviews/<int:review_id>/override", OverrideVerdictView.as_view()),
]
