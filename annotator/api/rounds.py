"""Rounds: what could be looked at next, and drawing it."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.pipeline.rounds import draw_round
from annotator.projects.selectors import project_for
from annotator.reports import batches as reports
from annotator.reports.batches import BatchWithProblems
from annotator.reports.rounds import MOST_ITEMS, RoundDesign, RoundMode, RoundsReport, rounds_of

ROUND_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="8 to 100 characters, made once for each round, sent on every try.",
)


class NewRoundSerializer(StrictSerializer):
    """A round to be."""

    items = serializers.IntegerField(min_value=1, max_value=MOST_ITEMS)
    design = serializers.ChoiceField(choices=[each.value for each in RoundDesign])
    mode = serializers.ChoiceField(
        choices=[each.value for each in RoundMode],
        required=False,
        default=RoundMode.FULL.value,
        help_text="evaluation: each item takes one person, but a random fifth of them all.",
    )
    question = serializers.CharField(
        max_length=50,
        required=False,
        default="",
        allow_blank=True,
        help_text="By whose votes an adaptive round is drawn: the key of one that compares two.",
    )


class RoundsView(APIView):
    """GET reads, POST draws one."""

    @extend_schema(
        operation_id="rounds",
        tags=["batches"],
        responses={200: Shape.of(RoundsReport), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What a next round could be drawn from, the rounds so far, and who is first."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(rounds_of(project, now=clock.now())))

    @extend_schema(
        operation_id="draw_round",
        tags=["batches"],
        parameters=[ROUND_KEY],
        request=NewRoundSerializer,
        responses={201: Shape.of(BatchWithProblems), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Draws pairs of images that are in the project already, and puts them to people.

        The same key and round again answer the same batch. For managers.
        """
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        sent = NewRoundSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        batch = draw_round(
            project=project,
            user=user,
            items=values["items"],
            design=RoundDesign(values["design"]),
            mode=RoundMode(values["mode"]),
            question=values["question"],
            now=clock.now(),
            key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(shaped(reports.batch_with_problems(batch)), 201)


urlpatterns = [path("projects/<int:project_id>/rounds", RoundsView.as_view())]
