"""Webhooks of a project: where other programs are told what happens, and how that went."""

from dataclasses import asdict, dataclass, field
from typing import Any

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
from annotator.pipeline import events
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.selectors import project_for
from annotator.webhooks import selectors, services
from annotator.webhooks.models import WebhookEvent
from annotator.webhooks.selectors import DeliveryShape, WebhookShape
from annotator.webhooks.services import WebhookDraft


class WebhookSerializer(StrictSerializer):
    """A webhook as a manager wants it."""

    url = serializers.CharField(max_length=500, help_text="https://…")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=WebhookEvent.choices), max_length=20
    )
    is_active = serializers.BooleanField(default=True)


@dataclass(frozen=True, slots=True)
class MadeWebhook(WebhookShape):
    """The one answer that holds the secret."""

    secret: str = field(
        metadata={"help": "whsec_…, by which signatures are checked. Shown this once."}
    )


class WebhooksView(APIView):
    """GET lists, POST adds."""

    @extend_schema(
        operation_id="list_webhooks",
        tags=["webhooks"],
        responses={200: Shape.of(WebhookShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's webhooks. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(one) for one in selectors.webhooks_of(project)])

    @extend_schema(
        operation_id="create_webhook",
        tags=["webhooks"],
        request=WebhookSerializer,
        responses={201: Shape.of(MadeWebhook), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Adds one: messages are signed with its secret, as Standard Webhooks has it."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        refuse_if_archived(project)
        draft = _draft_of(checked(WebhookSerializer, request.data))
        webhook, secret = events.add_webhook(project, draft, by=user, now=clock.now())
        made = MadeWebhook(**asdict(selectors.webhook_shape(webhook)), secret=secret)
        return Response(shaped(made), 201)


class WebhookView(APIView):
    """PUT changes, DELETE removes."""

    @extend_schema(
        operation_id="change_webhook",
        tags=["webhooks"],
        request=WebhookSerializer,
        responses={200: Shape.of(WebhookShape), **ERRORS},
    )
    def put(self, request: Request, webhook_id: int) -> Response:
        """Changes one; its secret stays. For managers."""
        user = person(request)
        webhook = selectors.webhook_for(user, webhook_id)
        draft = _draft_of(checked(WebhookSerializer, request.data))
        changed = events.change_webhook(webhook, draft, by=user, now=clock.now())
        return Response(shaped(selectors.webhook_shape(changed)))

    @extend_schema(
        operation_id="delete_webhook", tags=["webhooks"], responses={204: None, **ERRORS}
    )
    def delete(self, request: Request, webhook_id: int) -> Response:
        """Removes one, with what waits for it. For managers."""
        user = person(request)
        webhook = selectors.webhook_for(user, webhook_id)
        events.remove_webhook(webhook, by=user, now=clock.now())
        return Response(status=204)


class PingView(APIView):
    """POST tries."""

    @extend_schema(
        operation_id="ping_webhook",
        tags=["webhooks"],
        request=None,
        responses={202: Shape.of(DeliveryShape), **ERRORS},
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Sends a message of the type `ping`, to see whether it arrives. For managers."""
        webhook = selectors.webhook_for(person(request), webhook_id)
        sent = services.ping(webhook, now=clock.now())
        return Response(shaped(selectors.delivery_shape(sent)), 202)


class DeliveriesView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_deliveries",
        tags=["webhooks"],
        responses={200: Shape.of(DeliveryShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """The last 50 messages with every try, the newest first. For managers."""
        webhook = selectors.webhook_for(person(request), webhook_id)
        return Response([shaped(one) for one in selectors.deliveries_of(webhook)])


class RedeliverView(APIView):
    """POST sends again."""

    @extend_schema(
        operation_id="redeliver",
        tags=["webhooks"],
        request=None,
        responses={202: Shape.of(DeliveryShape), **ERRORS},
    )
    def post(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """Sends a message again, under its old id; 409 while it waits anyway. For managers."""
        webhook = selectors.webhook_for(person(request), webhook_id)
        again = services.redeliver(selectors.delivery_of(webhook, delivery_id))
        return Response(shaped(selectors.delivery_shape(again)), 202)


def _draft_of(sent: dict[str, Any]) -> WebhookDraft:
    return WebhookDraft(
        url=sent["url"],
        events=[WebhookEvent(event) for event in sent["events"]],
        is_active=sent["is_active"],
    )


urlpatterns = [
    path("projects/<int:project_id>/webhooks", WebhooksView.as_view()),
    path("webhooks/<int:webhook_id>", WebhookView.as_view()),
    path("webhooks/<int:webhook_id>/ping", PingView.as_view()),
    path("webhooks/<int:webhook_id>/deliveries", DeliveriesView.as_view()),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/redeliver",
        RedeliverView.as_view(),
    ),
]
