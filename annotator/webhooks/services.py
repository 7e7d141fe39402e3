"""What can be done with webhooks: keep one, note an event for it, deliver what was noted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from annotator import jobs
from annotator.accounts.models import User
from annotator.core import clock
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.jobs import Held
from annotator.jobs.models import JobState
from annotator.projects.models import Project
from annotator.webhooks.addresses import refuse_unfit_url
from annotator.webhooks.models import (
    PING,
    DeliveryAttempt,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from annotator.webhooks.sending import Sent, new_secret, sealed, send

MAX_WEBHOOKS = 20
MAX_URL = 500
# After each failure so many seconds; after the last of them it has failed. 31 hours in all.
BACKOFF = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 57_600)
# A webhook that is away is tried no more often than that, however much waits for it.
PAUSE_MOST = 300
KEEP = timedelta(days=30)
# A message that is about to be sent by the worker who is woken for it needs no second.
WAKE_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class WebhookDraft:
    """What a manager says of a webhook."""

    url: str
    events: Sequence[WebhookEvent]
    is_active: bool = True


def add_webhook(
    project: Project, draft: WebhookDraft, *, by: User, now: datetime
) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once. Raises Invalid, Conflict."""
    _refuse_unfit(draft)
    if Webhook.objects.filter(project=project).count() >= MAX_WEBHOOKS:
        raise Conflict(Reason(Code.TOO_MANY_WEBHOOKS, max=MAX_WEBHOOKS))
    secret = new_secret()
    webhook = Webhook.objects.create(
        project=project,
        url=draft.url,
        events=_in_order(draft.events),
        is_active=draft.is_active,
        secret=sealed(secret),
        created_by=by,
        created_at=now,
    )
    return webhook, secret


def change_webhook(webhook: Webhook, draft: WebhookDraft) -> Webhook:
    """Sets all that a manager says of it; what waits goes to the new address. Raises Invalid."""
    _refuse_unfit(draft)
    webhook.url, webhook.events = draft.url, _in_order(draft.events)
    webhook.is_active, webhook.waits_until = draft.is_active, None
    webhook.save(update_fields=["url", "events", "is_active", "waits_until"])
    return webhook


def remove_webhook(webhook: Webhook) -> None:
    """Takes it away with all that it was told."""
    webhook.delete()


def _refuse_unfit(draft: WebhookDraft) -> None:
    if len(draft.url) > MAX_URL:
        raise Invalid(fields={"url": Reason(Code.TEXT_TOO_LONG, max=MAX_URL)})
    refuse_unfit_url(draft.url)
    if not draft.events:
        raise Invalid(fields={"events": Reason(Code.WEBHOOK_WITHOUT_EVENTS)})


def _in_order(events: Sequence[WebhookEvent]) -> list[str]:
    return [event.value for event in WebhookEvent if event in events]


def asks_for(project_id: int, events: set[WebhookEvent]) -> bool:
    """Whether a webhook of the project is to be told of one of these (1 query)."""
    rows = Webhook.objects.filter(project=project_id, is_active=True)
    return any(events & set(asked) for asked in rows.values_list("events", flat=True))


def lock(project_id: int) -> None:
    """Has those wait who look at the project's webhooks thus, until the transaction ends."""
    list(Webhook.objects.select_for_update(no_key=True).filter(project=project_id))


def note(
    project_id: int, event: WebhookEvent, data: Mapping[str, object], *, now: datetime
) -> None:
    """Writes the message for each webhook that asks for it, in the caller's transaction.

    So nothing is told that was undone, and nothing is forgotten that was not (1 query, and one a
    webhook).
    """
    for webhook in Webhook.objects.filter(project=project_id, is_active=True):
        if event in webhook.events:
            _note_for(webhook, event.value, {"project_id": project_id, **data}, now=now)


def ping(webhook: Webhook, *, now: datetime) -> WebhookDelivery:
    """A message that says nothing, to see whether it arrives."""
    return _note_for(webhook, PING, {"project_id": webhook.project_id}, now=now)


def _note_for(
    webhook: Webhook, event: str, data: Mapping[str, object], *, now: datetime
) -> WebhookDelivery:
    body = {"type": event, "timestamp": now.isoformat(), "data": data}
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        event=event,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str),
        created_at=now,
        held_until=now + WAKE_AGAIN,
    )
    jobs.enqueue(delivery)
    return delivery


def redeliver(delivery: WebhookDelivery) -> WebhookDelivery:
    """Sends a message again, under its old id. Raises Conflict while it is being tried anyway."""
    if delivery.state not in {JobState.DONE, JobState.FAILED}:
        raise Conflict(Reason(Code.DELIVERY_WAITS))
    over = Q(state__in=[JobState.DONE, JobState.FAILED])
    with transaction.atomic():
        move(delivery, JobState.REQUESTED, where=over, attempts=0, tries=0, held_until=None)
        Webhook.objects.filter(pk=delivery.webhook_id).update(waits_until=None)
        jobs.enqueue(delivery)
    return delivery


def deliver(held: Held[WebhookDelivery]) -> None:
    """Tries to deliver a message, unless its webhook has just failed or is switched off."""
    delivery, now = held.job, clock.now()
    webhook = delivery.webhook
    if not webhook.is_active and delivery.event != PING:
        held.fail()
        return
    if webhook.waits_until is not None and now < webhook.waits_until:
        held.release(seconds=(webhook.waits_until - now).total_seconds(), attempts=0)
        return
    _keep(held, send(delivery, now=now), now=now)


@transaction.atomic
def _keep(held: Held[WebhookDelivery], outcome: Sent, *, now: datetime) -> None:
    """Writes a try down, and what comes next."""
    delivery = held.job
    held.save(tries=delivery.tries + 1)
    error = outcome.error
    DeliveryAttempt.objects.create(
        delivery=delivery,
        at=now,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        error=None if error is None else as_json(error),
    )
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if error is None:
        webhook.exclude(waits_until=None).update(waits_until=None)
        held.finish(attempts=0)
        return
    after = BACKOFF[min(delivery.tries, len(BACKOFF)) - 1]
    webhook.update(waits_until=clock.now() + timedelta(seconds=min(after, PAUSE_MOST)))
    if delivery.tries > len(BACKOFF):
        held.fail(attempts=0)
    else:
        held.release(seconds=after, attempts=0)


def give_up(delivery: WebhookDelivery, _reason: Reason) -> None:
    """What workers have died of is not tried again by itself."""
    move(delivery, JobState.FAILED, holder="", held_until=None)


def forget_old(now: datetime) -> None:
    """Takes away messages that are over for long."""
    over = WebhookDelivery.objects.filter(state__in=[JobState.DONE, JobState.FAILED])
    over.filter(created_at__lt=now - KEEP).delete()
