"""Known answers: what a lead makes, sets and decides; what an annotator missed and contests."""

import uuid
from dataclasses import dataclass

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.gold.models import Consequence, Ruling
from annotator.gold.selectors import answer_in, gold_for, own_miss
from annotator.gold.services import LONGEST_WORD, RuleSettings
from annotator.pipeline import known_answers
from annotator.projects.selectors import project_for
from annotator.reports.gold import (
    GoldReport,
    GoldSettings,
    MyMisses,
    gold_report,
    my_misses,
    settings_of,
)

SMALLEST = 0.001


class GoldRuleSerializer(StrictSerializer):
    """How gold is mixed in, and what follows from missing it."""

    gold_rate = serializers.FloatField(min_value=0, max_value=1)
    repeat_rate = serializers.FloatField(min_value=0, max_value=1)
    distance = serializers.IntegerField(
        min_value=0, max_value=10_000, help_text="Answers between an item and its repeat."
    )
    good = serializers.FloatField(min_value=SMALLEST, max_value=1 - SMALLEST)
    bad = serializers.FloatField(min_value=SMALLEST, max_value=1 - SMALLEST)
    alpha = serializers.FloatField(min_value=SMALLEST, max_value=0.5)
    beta = serializers.FloatField(min_value=SMALLEST, max_value=0.5)
    consequence = serializers.ChoiceField(choices=Consequence.choices)


class ContestSerializer(StrictSerializer):
    """Why it was no miss."""

    words = serializers.CharField(max_length=LONGEST_WORD)


class RulingSerializer(StrictSerializer):
    """What a lead says of it."""

    ruling = serializers.ChoiceField(choices=Ruling.choices)


@dataclass(frozen=True, slots=True)
class GoldMade:
    """The gold item that there is now."""

    id: int


class GoldView(APIView):
    """GET reads, PUT sets."""

    @extend_schema(
        operation_id="get_gold", tags=["gold"], responses={200: Shape.of(GoldReport), **ERRORS}
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Known answers, people and contested misses; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(gold_report(project)))

    @extend_schema(
        operation_id="set_gold_rule",
        tags=["gold"],
        request=GoldRuleSerializer,
        responses={200: Shape.of(GoldSettings), **ERRORS},
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Sets rates, test and consequence; for managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        asked = checked(GoldRuleSerializer, request.data)
        asked["consequence"] = Consequence(asked["consequence"])
        row = known_answers.set_gold_rule(user, project, RuleSettings(**asked), clock.now())
        return Response(shaped(settings_of(row)))


class MakeGoldView(APIView):
    """POST makes."""

    @extend_schema(
        operation_id="make_gold",
        tags=["gold"],
        request=None,
        responses={200: Shape.of(GoldMade), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Makes gold of a settled item; one that was retired is used again. For managers."""
        gold = known_answers.make_gold(person(request), item_id, now=clock.now())
        return Response(shaped(GoldMade(gold.pk)))


class RetireGoldView(APIView):
    """POST retires."""

    @extend_schema(
        operation_id="retire_gold", tags=["gold"], request=None, responses={204: None, **ERRORS}
    )
    def post(self, request: Request, project_id: int, gold_id: int) -> Response:
        """Nobody is given it any more, and its answers tell nothing. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        known_answers.retire_gold(user, gold_for(project, gold_id), now=clock.now())
        return Response(status=204)


class RulingView(APIView):
    """POST decides."""

    @extend_schema(
        operation_id="rule_on_miss",
        tags=["gold"],
        request=RulingSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, project_id: int, answer_id: int) -> Response:
        """Voids a miss, or lets it stand. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        ruling = Ruling(checked(RulingSerializer, request.data)["ruling"])
        answer = answer_in(project, answer_id)
        known_answers.rule_on_miss(user, answer, ruling=ruling, now=clock.now())
        return Response(status=204)


class MyMissesView(APIView):
    """GET lists one's own."""

    @extend_schema(
        operation_id="my_misses", tags=["gold"], responses={200: Shape.of(MyMisses), **ERRORS}
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Known answers that the caller missed, where the project shows verdicts."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        return Response(shaped(my_misses(user, project)))


class ContestView(APIView):
    """POST contests."""

    @extend_schema(
        operation_id="contest_miss",
        tags=["gold"],
        request=ContestSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, project_id: int, answer_id: int) -> Response:
        """Says why the caller's miss is none."""
        user = person(request)
        project = project_for(user, project_id, Role.ANNOTATOR)
        words = checked(ContestSerializer, request.data)["words"]
        answer = own_miss(user, project, answer_id)
        known_answers.contest_miss(user, answer, words=words, now=clock.now())
        return Response(status=204)


urlpatterns = [
    path("projects/<int:project_id>/gold", GoldView.as_view()),
    path("projects/<int:project_id>/gold/<int:gold_id>/retire", RetireGoldView.as_view()),
    path("projects/<int:project_id>/gold-answers/<int:answer_id>/ruling", RulingView.as_view()),
    path("projects/<int:project_id>/my-misses", MyMissesView.as_view()),
    path("projects/<int:project_id>/my-misses/<int:answer_id>/contest", ContestView.as_view()),
    path("items/<uuid:item_id>/gold", MakeGoldView.as_view()),
]
