"""Delivers what webhooks are to be told."""

from celery import shared_task

from annotator import jobs
from annotator.webhooks import services
from annotator.webhooks.models import WebhookDelivery


@shared_task(name=WebhookDelivery.TASK)
def deliver(delivery_id: int) -> None:
    """Sends one message, if it waits for that."""
    jobs.run(WebhookDelivery, delivery_id)


jobs.register(WebhookDelivery, work=services.deliver, give_up=services.give_up)
