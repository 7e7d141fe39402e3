"""Messages on their way: a real worker, a program that gets them and checks who sent them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Checker

from annotator import jobs
from annotator.jobs.models import JobState
from annotator.pipeline import events
from annotator.webhooks import services
from annotator.webhooks.models import DeliveryAttempt, Webhook, WebhookDelivery, WebhookEvent
from annotator.webhooks.selectors import deliveries_of
from annotator.webhooks.services import WebhookDraft
from annotator.workers import webhook as _handler  # noqa: F401 - says what is done with them
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in
from tests.receivers import Receiver
from tests.waiting import until
from tests.workers import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "worker", env={"WEBHOOK_PRIVATE_ADDRESSES": "true"})
    yield worker.start()
    worker.stop()


def hooked(url: str) -> tuple[Webhook, str]:
    project = factories.project(overlap=1, review_rate=0.0)
    draft = WebhookDraft(url, (WebhookEvent.ITEM_SETTLED,))
    return events.add_webhook(project, draft, by=project.created_by, now=timezone.now())


def tried(delivery: WebhookDelivery) -> WebhookDelivery:
    """One try in this process."""
    jobs.run(WebhookDelivery, delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_an_answer_reaches_another_program_signed_and_is_sent_again_until_it_is_taken(
    worker: Worker,
) -> None:
    with Receiver(503, 200) as receiver:
        webhook, secret = hooked(receiver.url)
        project = webhook.project
        [item] = factories.open_items(project, 1)

        Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
        until(lambda: WebhookDelivery.objects.filter(state=JobState.DONE).exists(), "it is taken")

    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    message = Checker(secret).verify(second.body, second.headers)
    assert (message["type"], message["data"]["item_id"]) == ("item.settled", str(item.pk))
    [delivery] = deliveries_of(webhook)
    assert [attempt.status for attempt in delivery.attempts] == [503, 200]
    waited = delivery.attempts[1].at - delivery.attempts[0].at
    assert waited.total_seconds() >= services.BACKOFF[0]


def test_a_changed_message_is_not_taken_for_ours() -> None:
    with Receiver() as receiver:
        webhook, secret = hooked(receiver.url)
        tried(services.ping(webhook, now=timezone.now()))
    [ping] = receiver.received

    Checker(secret).verify(ping.body, ping.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Checker(secret).verify(ping.body.replace("ping", "pong"), ping.headers)


def test_nobody_is_followed_to_another_address() -> None:
    with Receiver(302, 200) as receiver:
        webhook, _ = hooked(receiver.url)

        delivery = tried(services.ping(webhook, now=timezone.now()))

    assert [request.path for request in receiver.received] == ["/"]
    [attempt] = DeliveryAttempt.objects.all()
    assert attempt.status == 302
    assert attempt.error["code"] == "webhook_status"
    assert delivery.state == JobState.REQUESTED


def test_nothing_is_sent_into_ones_own_network_though_the_webhook_is_older_than_the_setting(
    settings: Any,
) -> None:
    with Receiver() as receiver:
        webhook, _ = hooked(receiver.url)
        settings.WEBHOOK_PRIVATE_ADDRESSES = False

        tried(services.ping(webhook, now=timezone.now()))

    assert receiver.received == []
    [attempt] = DeliveryAttempt.objects.all()
    assert (attempt.status, attempt.error["code"]) == (None, "webhook_address_private")


def test_one_that_is_away_is_not_tried_for_every_message() -> None:
    webhook, _ = hooked("http://127.0.0.1:9/")
    first, second = (services.ping(webhook, now=timezone.now()) for _ in range(2))

    tried(first)
    tried(second)

    assert DeliveryAttempt.objects.filter(delivery=first).count() == 1
    assert DeliveryAttempt.objects.filter(delivery=second).count() == 0
    assert second.state == JobState.REQUESTED
    assert second.tries == 0


def test_after_the_last_try_it_has_failed_and_can_be_sent_again_by_hand() -> None:
    with Receiver(500, 200) as receiver:
        webhook, _ = hooked(receiver.url)
        delivery = services.ping(webhook, now=timezone.now())
        WebhookDelivery.objects.update(tries=len(services.BACKOFF))
        assert tried(delivery).state == JobState.FAILED

        answer = signed_in(webhook.project.created_by).post(
            f"/api/v1/webhooks/{webhook.pk}/deliveries/{delivery.pk}/redeliver"
        )
        assert answer.status_code == 202
        assert tried(delivery).state == JobState.DONE

    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_secret_of_another_key_is_said_and_nothing_is_sent(settings: Any) -> None:
    with Receiver() as receiver:
        webhook, _ = hooked(receiver.url)
        settings.SECRET_KEY = "another" * 10

        tried(services.ping(webhook, now=timezone.now()))

    assert receiver.received == []
    assert DeliveryAttempt.objects.get().error["code"] == "webhook_secret_lost"


def test_old_messages_are_forgotten_and_what_waits_is_not() -> None:
    webhook, _ = hooked("https://hooks.example/")
    long_ago = timezone.now() - 2 * services.KEEP
    over, waits = (services.ping(webhook, now=long_ago) for _ in range(2))
    WebhookDelivery.objects.filter(pk=over.pk).update(state=JobState.DONE)

    services.forget_old(timezone.now())

    assert list(WebhookDelivery.objects.all()) == [waits]
