"""Webhooks: where they may lead, what is written down for them, and what that costs."""

import json
from ipaddress import ip_address
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.core.errors import Conflict, Invalid
from annotator.exports import services as exporting
from annotator.pipeline import batch_verdicts, events
from annotator.projects.models import Project
from annotator.webhooks import services
from annotator.webhooks.addresses import NoWayThere, is_public, refuse_unfit_url, resolve
from annotator.webhooks.models import Webhook, WebhookDelivery, WebhookEvent
from annotator.webhooks.services import WebhookDraft
from annotator.workers.export import build_export
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in

URL = "https://hooks.example/triptych"


def hook(project: Project, *asked: WebhookEvent) -> Webhook:
    draft = WebhookDraft(URL, asked or tuple(WebhookEvent))
    webhook, _ = events.add_webhook(project, draft, by=project.created_by, now=timezone.now())
    return webhook


def told(webhook: Webhook) -> list[str]:
    rows = WebhookDelivery.objects.filter(webhook=webhook).order_by("pk")
    return list(rows.values_list("event", flat=True))


def data_of(event: str) -> dict[str, Any]:
    return json.loads(WebhookDelivery.objects.get(event=event).body)["data"]


def one_person(**fields: Any) -> tuple[Project, Annotator]:
    """A project in which one answer settles an item."""
    project = factories.project(**{"overlap": 1, "review_rate": 0.0, **fields})
    return project, Annotator(factories.member(project), project)


# What RFC 6890 and its successors list, and how IPv6 writes some of them.
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",  # noqa: S104
        "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::1", "2001:0:4136:e378::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_of_ones_own_network_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_everybodys_network_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://hooks.example/", "webhook_url_unfit"),
        ("https://", "webhook_url_unfit"),
        ("https://ada:secret@hooks.example/", "webhook_url_unfit"),
        ("https://hooks.example:99999/", "webhook_url_unfit"),
        ("https://hooks.example/a b", "webhook_url_unfit"),
        ("https://hooks.example/\r\nX: y", "webhook_url_unfit"),
        ("http://hooks.example/", "webhook_needs_https"),
        ("https://127.0.0.1/", "webhook_address_private"),
        ("https://[::1]/", "webhook_address_private"),
        ("https://169.254.169.254/latest/meta-data", "webhook_address_private"),
    ],
)
def test_an_address_that_may_not_be_is_refused_when_it_is_said(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_unfit_url(url)

    assert refused.value.fields["url"].code == code


# Short forms of 127.0.0.1 that a resolver understands, and a name that means this machine.
@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_a_name_is_judged_by_what_it_stands_for(name: str) -> None:
    with pytest.raises(NoWayThere) as refused:
        resolve(name, 443)

    assert refused.value.reason.code == "webhook_address_private"


def test_a_name_that_stands_for_nothing_leads_nowhere() -> None:
    with pytest.raises(NoWayThere) as refused:
        resolve("no-such-name.invalid", 443)

    assert refused.value.reason.code == "webhook_name_unknown"


def test_a_site_may_allow_its_own_network(settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True

    refuse_unfit_url("http://127.0.0.1:8000/hook")

    assert str(resolve("127.0.0.1", 80)) == "127.0.0.1"


@pytest.mark.django_db
def test_the_last_answer_tells_of_the_item_and_of_the_project() -> None:
    project, ada = one_person()
    webhook = hook(project, WebhookEvent.ITEM_SETTLED, WebhookEvent.PROJECT_DONE)
    first, second = factories.open_items(project, 2)

    ada.claim().submit(mps_answers("a"))
    assert told(webhook) == ["item.settled"]
    ada.claim().submit(mps_answers("a"))

    assert told(webhook) == ["item.settled", "item.settled", "project.done"]
    settled = WebhookDelivery.objects.filter(event="item.settled")
    bodies = [json.loads(row.body)["data"] for row in settled]
    assert {body["item_id"] for body in bodies} == {str(first.pk), str(second.pk)}
    assert {body["answers"] for body in bodies} == {1}
    assert data_of("project.done") == {"project_id": project.pk, "name": project.name}


@pytest.mark.django_db
def test_a_project_is_not_done_while_an_answer_waits_for_a_reviewer() -> None:
    project, ada = one_person(review_rate=1.0)
    webhook = hook(project, WebhookEvent.PROJECT_DONE)
    factories.open_items(project, 2)
    ada.claim().submit(mps_answers("a"))
    ada.claim().submit(mps_answers("a"))
    reviewer = Reviewer(factories.member(project, Role.REVIEWER), project)

    reviewer.decide(reviewer.next())
    assert told(webhook) == []
    reviewer.decide(reviewer.next())

    assert told(webhook) == ["project.done"]


@pytest.mark.django_db
def test_a_project_whose_last_item_is_excluded_is_done() -> None:
    project, ada = one_person()
    webhook = hook(project, WebhookEvent.PROJECT_DONE)
    items = factories.open_items(project, 2)
    answered = ada.claim().held[0]["item"]["id"]
    ada.submit(mps_answers("a"))
    left = next(item for item in items if str(item.pk) != answered)

    answer = signed_in(project.created_by).post(
        f"/api/v1/items/{left.pk}/exclude", {"reason": "A broken image."}, format="json"
    )

    assert answer.status_code == 200
    assert told(webhook) == ["project.done"]


@pytest.mark.django_db
def test_a_batch_tells_when_it_is_with_people_signed_off_and_returned() -> None:
    project, ada = one_person()
    webhook = hook(
        project,
        WebhookEvent.BATCH_DONE, WebhookEvent.BATCH_SIGNED_OFF, WebhookEvent.BATCH_RETURNED,
    )  # fmt: skip
    batch = factories.open_items(project, 1)[0].batch
    ada.claim().submit(mps_answers("a"))
    lead, now = project.created_by, timezone.now()

    batch_verdicts.return_batch(
        batch, annotator=None, to_authors=True, reason="Too hasty.", by=lead, now=now
    )
    ada.claim().submit(mps_answers("b"))
    batch_verdicts.sign_off(batch, by=lead, reason="Good.", now=now)

    assert told(webhook) == ["batch.done", "batch.returned", "batch.signed_off"]
    assert data_of("batch.done") == {
        "project_id": project.pk, "batch_id": batch.pk, "name": batch.name, "items": 1,
    }  # fmt: skip
    assert data_of("batch.returned")["reason"] == "Too hasty."


@pytest.mark.django_db(transaction=True)
def test_a_finished_export_tells_its_rows() -> None:
    project, ada = one_person()
    webhook = hook(project, WebhookEvent.EXPORT_DONE)
    factories.open_items(project, 1)
    ada.claim().submit(mps_answers("a"))

    export = exporting.request_export(
        project=project, format_name="scores", options={}, created_by=project.created_by
    )
    build_export(export.pk)

    assert told(webhook) == ["export.done"]
    assert data_of("export.done")["export_id"] == export.pk


@pytest.mark.django_db
def test_what_is_undone_was_never_told(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    project, _ = one_person()
    webhook = hook(project)

    with django_capture_on_commit_callbacks() as wakes, transaction.atomic():
        services.note(project.pk, WebhookEvent.BATCH_DONE, {}, now=timezone.now())
        assert told(webhook) == ["batch.done"]
        transaction.set_rollback(True)

    assert told(webhook) == []
    assert wakes == []


@pytest.mark.django_db
def test_answering_asks_nothing_more_where_nobody_is_told_of_items(
    django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    counts = []
    for asked in ((), (WebhookEvent.BATCH_DONE,), (WebhookEvent.ITEM_SETTLED,)):
        project, ada = one_person()
        if asked:
            hook(project, *asked)
        factories.open_items(project, 2)
        ada.claim().submit(mps_answers("a"))
        ada.claim()
        with django_assert_max_num_queries(100) as captured:
            ada.submit(mps_answers("a"))
        counts.append(len(captured.captured_queries))

    none, batches, items = counts
    assert batches == none
    # The webhooks, and the message for one; whether any asks for the project's end.
    assert items == none + 3


@pytest.mark.django_db
def test_a_webhook_that_is_off_or_asks_for_something_else_is_told_nothing() -> None:
    project, _ = one_person()
    other = hook(project, WebhookEvent.EXPORT_DONE)
    off = hook(project)
    draft = WebhookDraft(URL, tuple(WebhookEvent), is_active=False)
    events.change_webhook(off, draft, by=project.created_by, now=timezone.now())

    pipeline.finish_batch(factories.batch(project, state="running"), now=timezone.now())

    assert told(other) == told(off) == []
    project.refresh_from_db()
    assert not project.follows_items


@pytest.mark.django_db
def test_the_project_forgets_that_it_is_followed_with_the_last_webhook() -> None:
    project, _ = one_person()
    webhook = hook(project, WebhookEvent.ITEM_SETTLED)
    project.refresh_from_db()
    assert project.follows_items

    events.remove_webhook(webhook, by=project.created_by, now=timezone.now())

    project.refresh_from_db()
    assert not project.follows_items


@pytest.mark.django_db
def test_the_secret_is_shown_once_and_kept_encrypted() -> None:
    project, _ = one_person()
    lead = signed_in(project.created_by)

    made = lead.post(
        f"/api/v1/projects/{project.pk}/webhooks",
        {"url": URL, "events": ["item.settled"]}, format="json",
    )  # fmt: skip

    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert secret not in str(list(Webhook.objects.values()))
    assert secret not in lead.get(f"/api/v1/projects/{project.pk}/webhooks").content.decode()


@pytest.mark.django_db
def test_a_project_has_so_many_webhooks_at_most() -> None:
    project, _ = one_person()
    for _number in range(services.MAX_WEBHOOKS):
        hook(project)

    with pytest.raises(Conflict):
        hook(project)

    assert Webhook.objects.count() == services.MAX_WEBHOOKS
