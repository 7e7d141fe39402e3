"""What a project's webhooks are told, and when: each in the transaction of what happened."""

from collections.abc import Set
from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.assignments.selectors import is_work_left
from annotator.consensus.models import Consensus
from annotator.exports import steps
from annotator.exports.building import Built
from annotator.exports.models import Export
from annotator.items.models import Item
from annotator.jobs import Held
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import batches_being_read
from annotator.projects.services import follow_items
from annotator.reviews.selectors import any_waits
from annotator.webhooks import services as webhooks
from annotator.webhooks.models import Webhook, WebhookEvent
from annotator.webhooks.services import WebhookDraft

# Answering is to cost nothing more where nobody asks for these: Project.follows_items says so.
OF_ITEMS: Set[WebhookEvent] = {WebhookEvent.ITEM_SETTLED, WebhookEvent.PROJECT_DONE}


@transaction.atomic
def add_webhook(
    project: Project, draft: WebhookDraft, *, by: User, now: datetime
) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once. Raises Invalid, Conflict."""
    webhook, secret = webhooks.add_webhook(project, draft, by=by, now=now)
    _noted(Verb.WEBHOOK_ADDED, webhook, by=by, now=now)
    return webhook, secret


@transaction.atomic
def change_webhook(webhook: Webhook, draft: WebhookDraft, *, by: User, now: datetime) -> Webhook:
    """Sets all that a manager says of it. Raises Invalid."""
    webhooks.change_webhook(webhook, draft)
    _noted(Verb.WEBHOOK_CHANGED, webhook, by=by, now=now)
    return webhook


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: User, now: datetime) -> None:
    """Takes it away with all that it was told."""
    target = webhook.pk
    webhooks.remove_webhook(webhook)
    webhook.pk = target
    _noted(Verb.WEBHOOK_REMOVED, webhook, by=by, now=now)


def _noted(verb: Verb, webhook: Webhook, *, by: User, now: datetime) -> None:
    follow_items(webhook.project_id, on=webhooks.asks_for(webhook.project_id, set(OF_ITEMS)))
    record(
        verb, by=by, now=now, project_id=webhook.project_id, target=f"webhook:{webhook.pk}",
        url=webhook.url, events=webhook.events,
    )  # fmt: skip


def batch_done(batch: Batch, *, now: datetime) -> None:
    """Its items are with people."""
    data = {"batch_id": batch.pk, "name": batch.name, "items": batch.item_count}
    webhooks.note(batch.project_id, WebhookEvent.BATCH_DONE, data, now=now)


def batch_judged(batch: Batch, event: WebhookEvent, *, reason: str, now: datetime) -> None:
    """A lead has signed it off or returned it."""
    data = {"batch_id": batch.pk, "name": batch.name, "reason": reason}
    webhooks.note(batch.project_id, event, data, now=now)


def item_settled(item: Item, consensus: Consensus, project: Project, *, now: datetime) -> None:
    """All its answers are accepted; with the last item the project is done. No copy counts."""
    if project.follows_items and item.excluded_at is None:
        data = {
            "item_id": str(item.pk), "key": item.key, "batch_id": item.batch_id,
            "answers": consensus.annotations, "disagreement": consensus.disagreement,
        }  # fmt: skip
        webhooks.note(project.pk, WebhookEvent.ITEM_SETTLED, data, now=now)
        tell_if_done(project, now=now)


def tell_if_done(project: Project, *, now: datetime) -> None:
    """After what may have been the last thing to do in a project."""
    if not project.follows_items:
        return
    if not webhooks.asks_for(project.pk, {WebhookEvent.PROJECT_DONE}):
        return
    # Of two people who end the last two items in one moment the second sees the first's.
    webhooks.lock(project.pk)
    if is_done(project):
        webhooks.note(project.pk, WebhookEvent.PROJECT_DONE, {"name": project.name}, now=now)


def is_done(project: Project) -> bool:
    """Whether nobody has anything to do in a project any more (4 queries at most)."""
    return not (
        batches_being_read(project.pk).exists() or is_work_left(project) or any_waits(project)
    )


@transaction.atomic
def finish_export(held: Held[Export], built: Built, *, now: datetime) -> None:
    """running → done; StaleState if another attempt has taken over."""
    export = held.job
    steps.finish_export(held=held, built=built)
    data = {"export_id": export.pk, "format": export.format, "rows": built.rows}
    webhooks.note(export.project_id, WebhookEvent.EXPORT_DONE, data, now=now)
