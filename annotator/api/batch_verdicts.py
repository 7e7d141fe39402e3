"""What a lead makes of a batch: sign-off, return, more reviews; each with `?preview=true`."""

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.pipeline import batch_verdicts, verdict_changes
from annotator.pipeline.batch_verdicts import DrawEffect, ReturnEffect, SignOffEffect
from annotator.projects.selectors import batch_for
from annotator.reports.acceptance import BatchAcceptance, acceptance_of

PREVIEW = OpenApiParameter(
    "preview", bool, description="Only say what would happen, and what is against it."
)


def is_preview(request: Request) -> bool:
    """Whether the caller only wants to look."""
    return request.query_params.get("preview", "").lower() in {"true", "1"}


class SignOffSerializer(StrictSerializer):
    """Why a batch is signed off although the rule does not say that it passes."""

    reason = serializers.CharField(required=False, allow_blank=True, default="")


class WithdrawSerializer(StrictSerializer):
    """Why a sign-off is taken back."""

    reason = serializers.CharField()


class ReturnSerializer(StrictSerializer):
    """Whose answers go back, to whom, and why."""

    annotator_id = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Null: everybody's."
    )
    to_authors = serializers.BooleanField(
        required=False, default=False, help_text="Their authors may answer them again, too."
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Not needed for a preview."
    )


class AcceptanceView(APIView):
    """GET reads the rule and how the batch stands."""

    @extend_schema(
        operation_id="get_batch_acceptance",
        tags=["batches"],
        responses={200: Shape.of(BatchAcceptance), **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """The acceptance rule with its operating curve, and the batch's verdict."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        return Response(shaped(acceptance_of(batch)))


class SignOffView(APIView):
    """POST signs off."""

    @extend_schema(
        operation_id="sign_off_batch",
        tags=["batches"],
        parameters=[PREVIEW],
        request=SignOffSerializer,
        responses={200: Shape.of(SignOffEffect), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Says that a batch is good: exports take it, nothing of it changes any more."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        sent = SignOffSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if is_preview(request):
            return Response(shaped(batch_verdicts.sign_off_effect(batch)))
        done = batch_verdicts.sign_off(
            batch, by=person(request), reason=sent.validated_data["reason"], now=clock.now()
        )
        return Response(shaped(done))


class WithdrawSignOffView(APIView):
    """POST takes a sign-off back."""

    @extend_schema(
        operation_id="withdraw_sign_off",
        tags=["batches"],
        request=WithdrawSerializer,
        responses={200: Shape.of(BatchAcceptance), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Takes a sign-off back, with a reason: the batch can be reviewed and returned again."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        sent = WithdrawSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = batch_verdicts.withdraw_sign_off(
            batch, by=person(request), reason=sent.validated_data["reason"], now=clock.now()
        )
        return Response(shaped(acceptance_of(done)))


class ReturnView(APIView):
    """POST sends back."""

    @extend_schema(
        operation_id="return_batch",
        tags=["batches"],
        parameters=[PREVIEW],
        request=ReturnSerializer,
        responses={200: Shape.of(ReturnEffect), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Sends one annotator's answers back, or all: rejected, every slot open anew."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        sent = ReturnSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        annotator = batch_verdicts.annotator_of(batch, values["annotator_id"])
        to_authors = values["to_authors"]
        if is_preview(request):
            effect = batch_verdicts.return_effect(batch, annotator=annotator, to_authors=to_authors)
            return Response(shaped(effect))
        done = batch_verdicts.return_batch(
            batch,
            annotator=annotator,
            to_authors=to_authors,
            reason=values["reason"],
            by=person(request),
            now=clock.now(),
        )
        return Response(shaped(done))


class DrawView(APIView):
    """POST draws more reviews."""

    @extend_schema(
        operation_id="draw_more_reviews",
        tags=["batches"],
        parameters=[PREVIEW],
        request=None,
        responses={200: Shape.of(DrawEffect), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Draws what the project's present review rate and floor ask for beyond what is drawn."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        if is_preview(request):
            return Response(shaped(batch_verdicts.draw_effect(batch)))
        done = batch_verdicts.draw_more(batch, by=person(request), now=clock.now())
        return Response(shaped(done))


class ReopenStoppedView(APIView):
    """POST opens stopped places."""

    @extend_schema(
        operation_id="reopen_stopped",
        tags=["batches"],
        request=None,
        responses={200: Shape.of(BatchAcceptance), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Opens the places that were rejected so often that they wait for a lead."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        verdict_changes.reopen_stopped(batch, by=person(request), now=clock.now())
        return Response(shaped(acceptance_of(batch)))


class GiveBackView(APIView):
    """POST gives rejected answers back to their authors."""

    @extend_schema(
        operation_id="give_back_rejected",
        tags=["batches"],
        request=None,
        responses={200: Shape.of(BatchAcceptance), **ERRORS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Lets authors of rejected answers answer anew, where nobody else here may."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        verdict_changes.give_back(batch, by=person(request), now=clock.now())
        return Response(shaped(acceptance_of(batch)))


urlpatterns = [
    path("batches/<int:batch_id>/acceptance", AcceptanceView.as_view()),
    path("batches/<int:batch_id>/sign-off", SignOffView.as_view()),
    path("batches/<int:batch_id>/withdraw-sign-off", WithdrawSignOffView.as_view()),
    path("batches/<int:batch_id>/return", ReturnView.as_view()),
    path("batches/<int:batch_id>/draw", DrawView.as_view()),
    path("batches/<int:batch_id>/reopen-stopped", ReopenStoppedView.as_view()),
    path("batches/<int:batch_id>/give-back", GiveBackView.as_view()),
]
