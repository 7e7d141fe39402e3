"""Addresses of other programs that are told what happens in a project, and what they were told."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models

from annotator.jobs.models import JOB_MOVES, Job, JobState
from annotator.projects.models import Project


class WebhookEvent(models.TextChoices):
    """What a webhook can be told of: noun.verb, as in the message's `type`."""

    BATCH_DONE = "batch.done"
    ITEM_SETTLED = "item.settled"
    BATCH_SIGNED_OFF = "batch.signed_off"
    BATCH_RETURNED = "batch.returned"
    EXPORT_DONE = "export.done"
    GROUP_DONE = "group.done"
    PROJECT_DONE = "project.done"


# What a lead sends to see whether anything arrives; nobody can ask for it.
PING = "ping"


class Webhook(models.Model):
    """An address that a project's events are sent to, signed with a secret of its own."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    url = models.URLField(max_length=500)
    # Values of WebhookEvent.
    events = models.JSONField()
    # Encrypted: it has to be had again for every signature. Shown once.
    secret = models.TextField()
    is_active = models.BooleanField(default=True)
    # After a failure nothing else is tried before then: one that is away holds no worker up.
    waits_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()


class WebhookDelivery(Job):
    """One message to one webhook; written in the transaction of what it tells of."""

    # By hand it is sent again, whether it has arrived or not.
    MOVES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **JOB_MOVES,
        JobState.REQUESTED: (*JOB_MOVES[JobState.REQUESTED], JobState.DONE),
    }
    TASK: ClassVar[str] = "annotator.workers.webhook.deliver"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    # The same on every try, so that who gets it twice can tell.
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.CharField(max_length=32)
    # As it is sent, byte for byte, every time.
    body = models.TextField()
    created_at = models.DateTimeField()
    # Since it was last asked for; `attempts` counts workers that died of it.
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook"),
            models.Index(
                fields=["held_until", "id"],
                condition=models.Q(state__in=["requested", "running"]),
                name="deliveries_due",
            ),
        ]


class DeliveryAttempt(models.Model):
    """One try to deliver a message: when, how long it took, what came back."""

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="made_attempts"
    )
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    # None: no answer came.
    status = models.PositiveSmallIntegerField(null=True)
    # Why it is no success; None: it is one.
    error = models.JSONField(null=True)
