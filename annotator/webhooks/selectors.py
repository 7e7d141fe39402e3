"""What webhooks can be asked, on somebody's behalf: themselves, and what they were told."""

from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound
from annotator.core.reasons import Reason, from_json
from annotator.jobs.models import JobState
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from annotator.webhooks.models import DeliveryAttempt, Webhook, WebhookDelivery, WebhookEvent

SHOWN = 50


@dataclass(frozen=True, slots=True)
class WebhookShape:
    """A webhook, without its secret."""

    id: int
    url: str
    events: list[WebhookEvent]
    is_active: bool = field(metadata={"help": "False: nothing is noted for it."})
    waits_until: datetime | None = field(
        metadata={"help": "The last try has failed; nothing else is sent before then."}
    )
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptShape:
    """One try to deliver a message."""

    at: datetime
    milliseconds: int
    status: int | None = field(metadata={"help": "What was answered; null: nothing."})
    error: Reason | None = field(metadata={"help": "null: it has arrived."})


@dataclass(frozen=True, slots=True)
class DeliveryShape:
    """One message, and how it went."""

    id: int
    message_id: str = field(metadata={"help": "The header webhook-id, the same on every try."})
    event: str
    body: str = field(metadata={"help": "JSON, as it is sent."})
    state: JobState
    created_at: datetime
    next_try_at: datetime | None = field(metadata={"help": "null: none is to come."})
    attempts: list[AttemptShape] = field(metadata={"help": "The newest last."})


def webhook_shape(webhook: Webhook) -> WebhookShape:
    """The row as managers see it."""
    return WebhookShape(
        id=webhook.pk,
        url=webhook.url,
        events=[WebhookEvent(event) for event in webhook.events],
        is_active=webhook.is_active,
        waits_until=webhook.waits_until,
        created_at=webhook.created_at,
    )


def webhooks_of(project: Project) -> list[WebhookShape]:
    """A project's webhooks, the oldest first (1 query)."""
    return [webhook_shape(row) for row in Webhook.objects.filter(project=project).order_by("pk")]


def webhook_for(user: User, webhook_id: int) -> Webhook:
    """A webhook with its project, for the project's managers; NotFound, RoleRequired."""
    webhook = Webhook.objects.select_related("project").filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    project_for(user, webhook.project_id, Role.MANAGER)
    return webhook


def delivery_of(webhook: Webhook, delivery_id: int) -> WebhookDelivery:
    """A message to a webhook; NotFound."""
    delivery = WebhookDelivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    return delivery


def deliveries_of(webhook: Webhook) -> list[DeliveryShape]:
    """The last messages to a webhook, newest first (2 queries)."""
    rows = WebhookDelivery.objects.filter(webhook=webhook).prefetch_related("made_attempts")
    return [delivery_shape(row) for row in rows.order_by("-pk")[:SHOWN]]


def delivery_shape(delivery: WebhookDelivery) -> DeliveryShape:
    """A message as managers see it (1 query, unless its attempts are here)."""
    waits = delivery.state in {JobState.REQUESTED, JobState.RUNNING}
    attempts = sorted(delivery.made_attempts.all(), key=lambda row: row.pk)
    return DeliveryShape(
        id=delivery.pk,
        message_id=f"msg_{delivery.message_id.hex}",
        event=delivery.event,
        body=delivery.body,
        state=JobState(delivery.state),
        created_at=delivery.created_at,
        next_try_at=delivery.held_until if waits else None,
        attempts=[_attempt_shape(row) for row in attempts],
    )


def _attempt_shape(row: DeliveryAttempt) -> AttemptShape:
    return AttemptShape(
        at=row.at,
        milliseconds=row.milliseconds,
        status=row.status,
        error=None if row.error is None else from_json(row.error),
    )
