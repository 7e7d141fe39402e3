"""A lead's view of items: the list, one with everything, and what can be done with one."""

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.items.selectors import item_for
from annotator.pipeline import interventions
from annotator.pipeline.interventions import MOST_AT_ONCE, ExtraVotes, ItemEffect
from annotator.projects.selectors import project_for
from annotator.reports.item_detail import DetailedItem, detail_of
from annotator.reports.item_filter import ItemFilter, ItemState
from annotator.reports.items import ItemChoices, ItemOrder, ItemPage, choices_of, page_of_items


class ItemsQuerySerializer(StrictSerializer):
    """What the list of items is asked for; every part is optional, and all hold together."""

    search = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="A part of the prompt."
    )
    batch = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(required=False, choices=[(each, each) for each in ItemState])
    sampled = serializers.BooleanField(required=False, allow_null=True, default=None)
    generator = serializers.CharField(required=False, allow_blank=True, max_length=200)
    annotator = serializers.IntegerField(required=False)
    disagreement = serializers.FloatField(
        required=False, min_value=0, max_value=1, help_text="At the least; settled items alone."
    )
    metric = serializers.CharField(required=False, allow_blank=True, max_length=100)
    metric_min = serializers.FloatField(required=False)
    metric_max = serializers.FloatField(required=False)
    meta = serializers.CharField(
        required=False, allow_blank=True, max_length=100,
        help_text="A key that came with the item or with one of its images.",
    )  # fmt: skip
    meta_value = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="Its value, as text."
    )
    order = serializers.ChoiceField(
        choices=[(each, each) for each in ItemOrder], default=ItemOrder.NEWEST
    )
    cursor = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="`next` of the page before."
    )


class WhySerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=4000)


class ReopenSerializer(WhySerializer):
    """Which answer goes, and why."""

    annotation = serializers.UUIDField()


class OverrideSerializer(WhySerializer):
    """A lead's own answers, as in the outside contract, and why."""

    answers = serializers.DictField()


class ExtraVotesSerializer(StrictSerializer):
    """How many extra votes, and from which disagreement on."""

    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE)
    disagreement = serializers.FloatField(required=False, default=0.0, min_value=0, max_value=1)


PREVIEW = OpenApiParameter(
    "preview", bool, description="True: only tell what would happen, and do nothing."
)


def _preview(request: Request) -> bool:
    return bool(
        serializers.BooleanField().to_internal_value(request.query_params.get("preview", "false"))
    )


class ItemsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_items",
        tags=["items"],
        parameters=[ItemsQuerySerializer],
        responses={200: Shape.of(ItemPage), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """A page of the project's items; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        asked: dict[str, Any] = checked(ItemsQuerySerializer, request.query_params.dict())
        order, cursor = ItemOrder(asked.pop("order")), asked.pop("cursor")
        if state := asked.get("state"):
            asked["state"] = ItemState(state)
        return Response(
            shaped(page_of_items(project, ItemFilter(**asked), order=order, cursor=cursor))
        )


class ItemChoicesView(APIView):
    """GET reads."""

    @extend_schema(
        operation_id="get_item_choices",
        tags=["items"],
        responses={200: Shape.of(ItemChoices), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What the list of items can be filtered by; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(choices_of(project)))


class ItemView(APIView):
    """GET reads one."""

    @extend_schema(
        operation_id="get_item", tags=["items"], responses={200: Shape.of(DetailedItem), **ERRORS}
    )
    def get(self, request: Request, item_id: uuid.UUID) -> Response:
        """The item with everything: images, answers with names, verdicts, history; for managers.

        Who annotates too is not given it any more, and is refused while they hold it.
        """
        item = item_for(person(request), item_id, Role.MANAGER)
        interventions.look(person(request), item, now=clock.now())
        return Response(shaped(detail_of(item)))


class ReopenView(APIView):
    """POST reopens."""

    @extend_schema(
        operation_id="reopen_item",
        tags=["items"],
        parameters=[PREVIEW],
        request=ReopenSerializer,
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Rejects an answer that stands and opens its slot for somebody else; for managers."""
        sent = checked(ReopenSerializer, request.data)
        effect = interventions.reopen(
            person(request),
            item_id,
            sent["annotation"],
            reason=sent["reason"],
            preview=_preview(request),
            now=clock.now(),
        )
        return Response(shaped(effect))


class ExtraVoteView(APIView):
    """POST asks, DELETE calls off."""

    @extend_schema(
        operation_id="ask_extra_vote",
        tags=["items"],
        parameters=[PREVIEW],
        request=None,
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Opens a slot over and above the overlap; for managers."""
        preview = _preview(request)
        effect = interventions.ask_extra_vote(
            person(request), item_id, preview=preview, now=clock.now()
        )
        return Response(shaped(effect))

    @extend_schema(
        operation_id="call_off_extra_vote",
        tags=["items"],
        parameters=[PREVIEW],
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def delete(self, request: Request, item_id: uuid.UUID) -> Response:
        """Calls off an extra vote that nobody has answered yet; for managers."""
        preview = _preview(request)
        effect = interventions.call_off_extra_vote(
            person(request), item_id, preview=preview, now=clock.now()
        )
        return Response(shaped(effect))


class ExcludeView(APIView):
    """POST excludes."""

    @extend_schema(
        operation_id="exclude_item",
        tags=["items"],
        parameters=[PREVIEW],
        request=WhySerializer,
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Takes the item out of work, reports and exports; for managers."""
        sent = checked(WhySerializer, request.data)
        preview = _preview(request)
        effect = interventions.exclude(
            person(request), item_id, reason=sent["reason"], preview=preview, now=clock.now()
        )
        return Response(shaped(effect))


class IncludeView(APIView):
    """POST includes."""

    @extend_schema(
        operation_id="include_item",
        tags=["items"],
        parameters=[PREVIEW],
        request=None,
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Puts an excluded item back where it was; for managers."""
        preview = _preview(request)
        effect = interventions.include(person(request), item_id, preview=preview, now=clock.now())
        return Response(shaped(effect))


class OverrideView(APIView):
    """POST overrides, DELETE withdraws."""

    @extend_schema(
        operation_id="override_item",
        tags=["items"],
        parameters=[PREVIEW],
        request=OverrideSerializer,
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Puts a lead's own answers in the place of the consensus; for managers."""
        sent = checked(OverrideSerializer, request.data)
        effect = interventions.override(
            person(request),
            item_id,
            sent["answers"],
            reason=sent["reason"],
            preview=_preview(request),
            now=clock.now(),
        )
        return Response(shaped(effect))

    @extend_schema(
        operation_id="withdraw_override",
        tags=["items"],
        parameters=[PREVIEW],
        responses={200: Shape.of(ItemEffect), **ERRORS},
    )
    def delete(self, request: Request, item_id: uuid.UUID) -> Response:
        """Ends the override: what people say together counts again; for managers."""
        preview = _preview(request)
        effect = interventions.withdraw_override(
            person(request), item_id, preview=preview, now=clock.now()
        )
        return Response(shaped(effect))


class ExtraVotesView(APIView):
    """POST asks for many."""

    @extend_schema(
        operation_id="ask_extra_votes",
        tags=["items"],
        parameters=[PREVIEW],
        request=ExtraVotesSerializer,
        responses={200: Shape.of(ExtraVotes), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """An extra vote each for the items on which people differ most; for managers."""
        sent = checked(ExtraVotesSerializer, request.data)
        found = interventions.ask_extra_votes(
            person(request),
            project_id,
            count=sent["count"],
            least=sent["disagreement"],
            preview=_preview(request),
            now=clock.now(),
        )
        return Response(shaped(found))


urlpatterns = [
    path("projects/<int:project_id>/items", ItemsView.as_view()),
    path("projects/<int:project_id>/items/choices", ItemChoicesView.as_view()),
    path("projects/<int:project_id>/items/extra-votes", ExtraVotesView.as_view()),
    path("items/<uuid:item_id>", ItemView.as_view()),
    path("items/<uuid:item_id>/reopen", ReopenView.as_view()),
    path("items/<uuid:item_id>/extra-vote", ExtraVoteView.as_view()),
    path("items/<uuid:item_id>/exclude", ExcludeView.as_view()),
    path("items/<uuid:item_id>/include", IncludeView.as_view()),
    path("items/<uuid:item_id>/override", OverrideView.as_view()),
]
