"""Who may call what: every operation of the schema × every role, and a world to try it in.

The table is the promise; a route without a row in it fails the test. Statuses are read as: what
this caller gets for the objects of the project "ours", in which the world's people have roles.
"""

import functools
import hashlib
import io
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.models import ApiToken, Role, User
from annotator.annotations.models import Annotation
from annotator.core.reasons import Code, Reason, as_json
from annotator.exports.models import Export, ExportFile
from annotator.exports.selectors import folder_of
from annotator.groups.models import CandidateGroup
from annotator.guidelines.models import GuidelineImage
from annotator.items.models import Image
from annotator.measurements.models import Reference, SetMeasurement
from annotator.measurements.references import path_of as statistics_path
from annotator.pipeline.guidelines import change_project
from annotator.projects.members import invite
from annotator.projects.models import Invitation, Membership, Project, Removal
from annotator.reviews.models import Review
from annotator.rewards.files import path_of as reward_model_path
from annotator.rewards.models import RewardHead
from annotator.webhooks.models import Webhook, WebhookDelivery
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in

ROLES = (
    "anonymous",
    "annotator",  # holds the assignment, was given the image
    "colleague",  # annotator of the same project, was given nothing yet
    "foreign_annotator",
    "reviewer",
    "manager",
    "foreign_manager",
    "removed",  # once an annotator of the project, with a bearer token
)
Row = Mapping[str, int]


def _row(**statuses: int) -> Row:
    missing = set(ROLES) - set(statuses)
    assert not missing, missing
    return statuses


def anybody(status: int, **others: int) -> Row:
    """The same for all, strangers too."""
    return _row(**{**dict.fromkeys(ROLES, status), **others})


def signed_in_people(status: int, **others: int) -> Row:
    """Everybody with an account."""
    return anybody(status, **{"anonymous": 401, **others})


def members(status: int, **others: int) -> Row:
    """Everybody in the project; for the rest it is not there."""
    outside = dict.fromkeys(("foreign_annotator", "foreign_manager", "removed"), 404)
    return signed_in_people(status, **{**outside, **others})


def only(status: int, *roles: str, others: int = 403, **more: int) -> Row:
    """These roles; `others`: what the project's other members get."""
    inside = {role: status if role in roles else others for role in MEMBERS}
    return members(others, **{**inside, **more})


# A file of statistics that is not looked into, and whose features it might be of.
KEPT = "ab" * 32
NETWORK = "inception-2015-12-05/pytorch"
MEMBERS = ("annotator", "colleague", "reviewer", "manager")
LEADS = ("reviewer", "manager")
TABLE: Mapping[str, Row] = {
    "POST /auth/login": anybody(200),
    "POST /auth/logout": signed_in_people(204),
    "GET /auth/ways": anybody(200),
    # The world's site has no provider; with one: test_openid.py.
    "POST /auth/openid": anybody(404),
    "GET /me": signed_in_people(200),
    "GET /me/keys": signed_in_people(200),
    "PUT /me/keys": signed_in_people(200),
    "PATCH /me": signed_in_people(200),
    "POST /me/password": signed_in_people(204),
    "GET /me/ways": signed_in_people(200),
    # A token can't change how one signs in.
    "POST /me/second-factor": signed_in_people(200, removed=403),
    # Nobody has begun to set one up.
    "POST /me/second-factor/confirm": signed_in_people(409, removed=403),
    "POST /me/second-factor/recovery-codes": signed_in_people(409, removed=403),
    "POST /me/second-factor/remove": signed_in_people(204, removed=403),
    "GET /tokens": signed_in_people(200),
    # A token can't make the next one.
    "POST /tokens": signed_in_people(201, removed=403),
    # A browser calls with none.
    "GET /tokens/present": signed_in_people(404, removed=200),
    "DELETE /tokens/{token_id}": signed_in_people(404, manager=204),
    "GET /templates": signed_in_people(200),
    "GET /projects": signed_in_people(200),
    "GET /projects/mine": signed_in_people(200),
    # Made by those who may make projects, whatever they manage.
    "POST /projects": signed_in_people(403, manager=201, foreign_manager=201),
    "GET /projects/{project_id}": members(200),
    "PATCH /projects/{project_id}": only(200, "manager"),
    "GET /projects/{project_id}/guideline": members(200),
    "POST /projects/{project_id}/guideline/acknowledgement": members(204),
    "GET /projects/{project_id}/guideline/versions": only(200, "manager"),
    # What is sent is no image.
    "POST /projects/{project_id}/guideline/images": only(400, "manager"),
    "GET /guideline-images/{guideline_image_id}": members(200),
    "POST /projects/{project_id}/pause": only(200, "manager"),
    # It is at work.
    "POST /projects/{project_id}/resume": only(409, "manager"),
    "POST /projects/{project_id}/archive": only(200, "manager"),
    "POST /projects/{project_id}/unarchive": only(409, "manager"),
    "POST /projects/{project_id}/duplicate": only(201, "manager"),
    "GET /projects/{project_id}/holdings": only(200, "manager"),
    # It gives out work: first it has to be paused.
    "POST /projects/{project_id}/delete": only(409, "manager"),
    "GET /batches/{batch_id}/holdings": only(200, "manager"),
    "POST /batches/{batch_id}/delete": only(202, "manager"),
    "GET /removals": signed_in_people(200),
    # Of whoever asked for it; it has failed.
    "POST /removals/{removal_id}/retry": signed_in_people(404, manager=202),
    # Who did what: of a project for its managers, of all for those who may make projects.
    "GET /projects/{project_id}/audit": only(200, "manager"),
    "GET /projects/{project_id}/audit/file": only(200, "manager"),
    "GET /audit": signed_in_people(403, manager=200, foreign_manager=200),
    "GET /audit/file": signed_in_people(403, manager=200, foreign_manager=200),
    "GET /projects/{project_id}/members": only(200, "manager"),
    "POST /projects/{project_id}/members": only(201, "manager"),
    "GET /projects/{project_id}/members/known": only(200, "manager"),
    "DELETE /members/{membership_id}": only(204, "manager"),
    # Those who may make projects; whose account it is plays no part.
    "GET /people": signed_in_people(403, manager=200, foreign_manager=200),
    "GET /people/{user_id}/holdings": signed_in_people(403, manager=200, foreign_manager=200),
    "POST /people/{user_id}/end-sessions": signed_in_people(403, manager=204, foreign_manager=204),
    "POST /people/{user_id}/reset-second-factor": signed_in_people(
        403, manager=204, foreign_manager=204
    ),
    "POST /people/{user_id}/deactivate": signed_in_people(403, manager=204, foreign_manager=204),
    "POST /people/{user_id}/activate": signed_in_people(403, manager=204, foreign_manager=204),
    "GET /projects/{project_id}/annotators": only(200, "manager"),
    "GET /projects/{project_id}/annotators/{user_id}": only(200, "manager"),
    "POST /projects/{project_id}/annotators/{user_id}/pause": only(200, "manager"),
    "POST /projects/{project_id}/annotators/{user_id}/resume": only(204, "manager"),
    "POST /projects/{project_id}/invitations/many": only(201, "manager"),
    "GET /projects/{project_id}/invitations": only(200, "manager"),
    "POST /projects/{project_id}/invitations": only(201, "manager"),
    # Who has the secret is invited.
    "GET /invitations/{invitation}": anybody(200),
    "DELETE /invitations/{invitation}": only(204, "manager"),
    # It is for a reviewer, which one of them is already.
    "POST /invitations/{invitation}/accept": anybody(200, reviewer=409),
    "GET /projects/{project_id}/batches": only(200, *LEADS),
    "POST /projects/{project_id}/batches": only(201, "manager"),
    "POST /projects/{project_id}/batches/elsewhere": only(400, "manager"),
    "GET /batches/{batch_id}": only(200, *LEADS),
    "PATCH /batches/{batch_id}": only(200, "manager"),
    "GET /batches/{batch_id}/upload": only(200, "manager"),
    "PATCH /batches/{batch_id}/upload": only(200, "manager"),
    # Not even that an image exists, for an annotator to whom it was not given.
    "GET /images/{image_id}/file": only(200, "annotator", *LEADS, others=404),
    "GET /images/{image_id}/thumbnail": only(200, "annotator", *LEADS, others=404),
    "GET /images/{image_id}/views/{side}": only(200, "annotator", *LEADS, others=404),
    "GET /projects/{project_id}/items": only(200, "manager"),
    "GET /projects/{project_id}/items/choices": only(200, "manager"),
    "POST /projects/{project_id}/items/extra-votes": only(200, "manager"),
    "GET /items/{item_id}": only(200, "manager"),
    "POST /items/{item_id}/reopen": only(200, "manager"),
    # It waits for a reviewer: there is no consensus to add to.
    "POST /items/{item_id}/extra-vote": only(409, "manager"),
    # None is asked.
    "DELETE /items/{item_id}/extra-vote": only(409, "manager"),
    "POST /items/{item_id}/exclude": only(200, "manager"),
    # It is not excluded, nor overridden.
    "POST /items/{item_id}/include": only(409, "manager"),
    "POST /items/{item_id}/override": only(409, "manager"),
    "DELETE /items/{item_id}/override": only(409, "manager"),
    "GET /projects/{project_id}/gold": only(200, "manager"),
    "PUT /projects/{project_id}/gold": only(200, "manager"),
    # It is not settled, so there is no gold yet either: nothing to retire, to miss, to contest.
    "POST /items/{item_id}/gold": only(409, "manager"),
    "POST /projects/{project_id}/gold/{gold_id}/retire": only(404, "manager"),
    "POST /projects/{project_id}/gold-answers/{answer_id}/ruling": only(404, "manager"),
    "GET /projects/{project_id}/training": only(200, "manager"),
    # It is not settled, so it can't be in the set, and no answer to it is taken.
    "PUT /items/{item_id}/training": only(409, "manager"),
    "DELETE /items/{item_id}/training": only(404, "manager"),
    "GET /projects/{project_id}/my-training": only(200, "annotator", "colleague"),
    "POST /projects/{project_id}/my-training": only(200, "annotator", "colleague"),
    "POST /projects/{project_id}/my-training/answers": only(404, "annotator", "colleague"),
    "GET /projects/{project_id}/my-progress": only(200, "annotator", "colleague"),
    "GET /projects/{project_id}/my-misses": only(200, "annotator", "colleague"),
    "POST /projects/{project_id}/my-misses/{answer_id}/contest": only(
        404, "annotator", "colleague"
    ),
    "POST /projects/{project_id}/claims": only(200, "annotator", "colleague"),
    "POST /claims/heartbeat": signed_in_people(200),
    "GET /assignments/{assignment_id}": only(200, "annotator", others=404),
    "PUT /assignments/{assignment_id}/annotation": only(201, "annotator", others=404),
    "POST /assignments/{assignment_id}/release": only(204, "annotator", others=404),
    "GET /projects/{project_id}/my-annotations": only(200, "annotator", "colleague"),
    "GET /projects/{project_id}/reports/reviewers": only(200, "manager"),
    "POST /projects/{project_id}/reviews/claims": only(200, *LEADS),
    # The annotator's own work is on it: for them the review is not there.
    "POST /reviews/{review_id}/verdicts": only(200, *LEADS, annotator=404),
    # Nobody has judged it yet.
    "POST /reviews/{review_id}/undo": only(409, *LEADS, annotator=404),
    "POST /reviews/{review_id}/unsure": only(200, *LEADS, annotator=404),
    # The project does not ask for it; and nobody has looked a second time.
    "POST /reviews/{review_id}/answers": only(409, *LEADS, annotator=404),
    "POST /reviews/{review_id}/uphold": only(409, "manager", annotator=404),
    "POST /reviews/{review_id}/override": only(404, "manager", annotator=404),
    # For whoever manages a project, whichever it is.
    "GET /metrics-catalog": signed_in_people(403, manager=200, foreign_manager=200),
    "GET /projects/{project_id}/measurements": only(200, "manager"),
    "POST /projects/{project_id}/measurements": only(202, "manager"),
    "GET /projects/{project_id}/measurements/generators": only(200, "manager"),
    "GET /projects/{project_id}/metrics": only(200, "manager"),
    "PUT /projects/{project_id}/metrics": only(200, "manager"),
    "GET /projects/{project_id}/references": only(200, "manager"),
    "POST /projects/{project_id}/references": only(201, "manager"),
    "DELETE /references/{reference_id}": only(204, "manager"),
    "GET /references/{reference_id}/statistics.npz": only(200, "manager"),
    "GET /projects/{project_id}/sets": only(200, "manager"),
    "POST /projects/{project_id}/sets": only(202, "manager"),
    "GET /sets/{set_id}/statistics.npz": only(200, "manager"),
    "GET /projects/{project_id}/export-formats": only(200, "manager"),
    "GET /projects/{project_id}/export-presets": only(200, "manager"),
    "GET /projects/{project_id}/exports": only(200, "manager"),
    "POST /projects/{project_id}/exports": only(202, "manager"),
    "POST /projects/{project_id}/exports/preview": only(200, "manager"),
    "GET /exports/{export_id}": only(200, "manager"),
    "DELETE /exports/{export_id}": only(204, "manager"),
    # It is done: there is nothing to cancel, and nothing to try again.
    "POST /exports/{export_id}/cancel": only(409, "manager"),
    "POST /exports/{export_id}/retry": only(409, "manager"),
    "GET /exports/{export_id}/files/{name}": only(200, "manager"),
    "GET /exports/{export_id}/archive": only(200, "manager"),
    "GET /projects/{project_id}/rounds": only(200, "manager"),
    # All its images are of one prompt, and their pairs are asked about.
    "POST /projects/{project_id}/rounds": only(409, "manager"),
    "GET /projects/{project_id}/reward-heads": only(200, "manager"),
    # Nothing is settled yet.
    "POST /projects/{project_id}/reward-heads": only(409, "manager"),
    "GET /projects/{project_id}/reward-votes": only(200, "manager"),
    "GET /reward-heads/{reward_head_id}": only(200, "manager"),
    "GET /reward-heads/{reward_head_id}/report": only(200, "manager"),
    "GET /reward-heads/{reward_head_id}/archive": only(200, "manager"),
    # It is done.
    "POST /reward-heads/{reward_head_id}/cancel": only(409, "manager"),
    "POST /reward-heads/{reward_head_id}/retry": only(409, "manager"),
    "GET /projects/{project_id}/pseudonyms": only(200, "manager"),
    "GET /projects/{project_id}/reports/progress": only(200, *LEADS),
    "GET /projects/{project_id}/reports/annotators": only(200, "manager"),
    "GET /projects/{project_id}/reports/agreement": only(200, "manager"),
    "GET /projects/{project_id}/reports/leaderboard": only(200, "manager"),
    "GET /projects/{project_id}/reports/bias": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/points": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/disagreements": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/rivals": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/powered": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/replaceable": only(200, "manager"),
    "GET /projects/{project_id}/reports/metrics/steps": only(200, "manager"),
    "GET /batches/{batch_id}/qc": only(200, "manager"),
    "GET /batches/{batch_id}/acceptance": only(200, "manager"),
    # It is being uploaded: there is nothing to sign off, to send back or to review yet.
    "POST /batches/{batch_id}/sign-off": only(409, "manager"),
    "POST /batches/{batch_id}/withdraw-sign-off": only(409, "manager"),
    "POST /batches/{batch_id}/return": only(409, "manager"),
    "POST /batches/{batch_id}/draw": only(409, "manager"),
    "POST /batches/{batch_id}/reopen-stopped": only(200, "manager"),
    "POST /batches/{batch_id}/give-back": only(200, "manager"),
    "GET /projects/{project_id}/webhooks": only(200, "manager"),
    "POST /projects/{project_id}/webhooks": only(201, "manager"),
    "GET /projects/{project_id}/groups": only(200, "manager"),
    "POST /projects/{project_id}/groups": only(400, "manager"),
    "GET /groups/{group_id}": only(200, "manager"),
    "PUT /webhooks/{webhook_id}": only(200, "manager"),
    "DELETE /webhooks/{webhook_id}": only(204, "manager"),
    "POST /webhooks/{webhook_id}/ping": only(202, "manager"),
    "GET /webhooks/{webhook_id}/deliveries": only(200, "manager"),
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": only(202, "manager"),
}


@dataclass
class World:
    """Two projects, their people, and one of everything that a path can name, in "ours"."""

    ours: Project
    people: dict[str, User]
    ids: dict[str, object]
    secret: str
    token: str
    bodies: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str) -> APIClient:
        """A client that is this role."""
        if role == "anonymous":
            return APIClient()
        if role == "removed":
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token}")
            return client
        return signed_in(self.people[role])


def build_world() -> World:
    """Fresh rows, made through the product's own moves."""
    ours, elsewhere = factories.project(review_rate=1.0), factories.project()
    people = {
        "annotator": factories.member(ours),
        "colleague": factories.member(ours),
        "foreign_annotator": factories.member(elsewhere),
        "reviewer": factories.member(ours, Role.REVIEWER),
        "manager": ours.created_by,
        "foreign_manager": elsewhere.created_by,
        "removed": factories.member(ours),
    }
    factories.open_items(ours, 3)
    for person in (people["annotator"], people["removed"], factories.member(ours)):
        Annotator(person, ours).claim().submit(mps_answers("a"))
    now = timezone.now()
    pipeline.leave_project(
        Membership.objects.select_related("user", "project").get(user=people["removed"]), now=now
    )
    held = Annotator(people["annotator"], ours).claim().held[0]
    world = World(ours, people, {}, *_keys(ours, people))
    world.ids = {
        "project_id": ours.pk,
        "batch_id": factories.batch(ours, state="uploading", size=10).pk,
        "membership_id": Membership.objects.get(user=people["colleague"]).pk,
        "user_id": people["colleague"].pk,
        "invitation": world.secret,
        "token_id": ApiToken.objects.get(user=people["manager"]).pk,
        "assignment_id": held["id"],
        "image_id": held["item"]["images"][0]["id"],
        "side": 512,
        "review_id": Review.objects.get(waiting=True).pk,
        "item_id": Review.objects.get(waiting=True).item_id,
        "export_id": _finished_export(ours).pk,
        **_measured_set(ours),
        "reward_head_id": _trained_head(ours).pk,
        **_told_webhook(ours),
        "group_id": _asked_group(ours).pk,
        "gold_id": 987654320,
        "answer_id": 987654320,
        "removal_id": _failed_removal(ours).pk,
        "guideline_image_id": _changed_guideline(ours).pk,
        "name": "manifest.json",
    }
    world.bodies = _bodies(world)
    return world


def _keys(ours: Project, people: Mapping[str, User]) -> tuple[str, str]:
    """An invitation's secret, and the removed person's token (the manager has one too)."""
    now = timezone.now()
    week = timedelta(days=7)
    _, secret = invite(
        by=ours.created_by, project=ours, role=Role.REVIEWER, expires_in=week, now=now
    )
    services.make_token(people["manager"], name="mine", expires_in=week, now=now)
    _, token = services.make_token(people["removed"], name="old", expires_in=week, now=now)
    # Noted as if tomorrow, so that no call of a slow run writes it down.
    ApiToken.objects.update(last_used_at=now + timedelta(days=1))
    return secret, token


def store_files(world: World) -> None:
    """The files behind the image and the export (each test has folders of its own)."""
    image = Image.objects.get(pk=world.ids["image_id"])
    for path in image.all_paths:
        default_storage.save(path, ContentFile(b"not looked at"))
    default_storage.save(statistics_path(world.ours.pk, KEPT), ContentFile(b"not looked at"))
    default_storage.save(reward_model_path(world.ours.pk, KEPT), ContentFile(b"not looked at"))
    default_storage.save(GuidelineImage.objects.get().path, ContentFile(b"not looked at"))
    file = ExportFile.objects.select_related("export").get()
    path = folder_of(file.export) / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{}")


def _measured_set(project: Project) -> dict[str, object]:
    """A generator's set, measured against a file of statistics."""
    reference = Reference.objects.create(
        project=project, name="cats", source="statistics", network=NETWORK, sha256=KEPT
    )
    measured = SetMeasurement.objects.create(
        project=project, reference=reference, network=NETWORK, metric="fid", version="1",
        value=1.0, statistics=KEPT, state="done", at=timezone.now(),
    )  # fmt: skip
    return {"reference_id": reference.pk, "set_id": measured.pk}


def _trained_head(project: Project) -> RewardHead:
    return RewardHead.objects.create(
        project=project, network=NETWORK, state="done", report={}, sha256=KEPT, bytes=13,
        created_by=project.created_by,
    )  # fmt: skip


def _asked_group(project: Project) -> CandidateGroup:
    now = timezone.now()
    return CandidateGroup.objects.create(
        project=project, batch=factories.batch(project), names=["", ""], items=1, least=1, most=3,
        deadline=now, created_at=now, created_by=project.created_by,
    )  # fmt: skip


def _told_webhook(project: Project) -> dict[str, object]:
    """A webhook with a message that has arrived."""
    webhook = Webhook.objects.create(
        project=project, url="https://hooks.example/", events=["batch.done"], secret="",
        created_by=project.created_by, created_at=timezone.now(),
    )  # fmt: skip
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, event="batch.done", body="{}", created_at=timezone.now(), state="done"
    )
    return {"webhook_id": webhook.pk, "delivery_id": delivery.pk}


def _changed_guideline(project: Project) -> GuidelineImage:
    """A second version, which shows an image."""
    change_project(
        project, changes={"guideline": "Look twice."}, questions=None, by=project.created_by,
        now=timezone.now(),
    )  # fmt: skip
    return GuidelineImage.objects.create(
        project=project, path=f"projects/{project.pk}/guideline/{KEPT}.png", width=8, height=8,
        added_by=project.created_by,
    )  # fmt: skip


def _failed_removal(project: Project) -> Removal:
    """Of a batch that is there no more."""
    error = as_json(Reason(Code.WORKER_DIED, count=3))
    return Removal.objects.create(
        project_id=project.pk, batch_id=987654320, name="old", state="failed", error=error,
        requested_by=project.created_by,
    )  # fmt: skip


def _statistics() -> SimpleUploadedFile:
    stream = io.BytesIO()
    np.savez(stream, mu=np.zeros(2), sigma=np.eye(2))
    return SimpleUploadedFile("cats.npz", stream.getvalue())


def _finished_export(project: Project) -> Export:
    export = Export.objects.create(
        project=project,
        format="annotations",
        state="done",
        created_by=project.created_by,
        folder="finished",
        archive_bytes=98 + 124 + 2 * len("annotations/manifest.json") + 2,
    )
    ExportFile.objects.create(
        export=export,
        name="manifest.json",
        bytes=2,
        sha256=hashlib.sha256(b"{}").hexdigest(),
        crc32=0,
    )
    return export


def _bodies(world: World) -> dict[str, Any]:
    """A good body for every call that takes one."""
    return {
        "POST /auth/login": {
            "username": world.people["colleague"].username,
            "password": factories.PASSWORD,
        },
        "POST /auth/openid": {"then": "/"},
        "PATCH /me": {"display_name": "Somebody"},
        "POST /me/password": {"old": factories.PASSWORD, "new": "a longer walk home"},
        "POST /me/second-factor": {"password": factories.PASSWORD},
        "POST /me/second-factor/confirm": {"code": "123456"},
        "POST /me/second-factor/recovery-codes": {"password": factories.PASSWORD},
        "POST /me/second-factor/remove": {"password": factories.PASSWORD},
        "POST /tokens": {"name": "laptop"},
        "POST /projects": {"name": "Dogs", "template": "mps"},
        "PATCH /projects/{project_id}": {"name": "Dogs"},
        "PUT /me/keys": {"key_set": "left_hand", "keys": {"skip": "KeyK"}},
        "POST /projects/{project_id}/guideline/acknowledgement": {"version": 2},
        "POST /projects/{project_id}/guideline/images": {},
        "POST /projects/{project_id}/groups": {},
        "POST /projects/{project_id}/duplicate": {"name": "Dogs"},
        "POST /projects/{project_id}/delete": {"name": world.ours.name},
        "PATCH /batches/{batch_id}": {"name": "Dogs"},
        "POST /batches/{batch_id}/delete": {},
        "POST /projects/{project_id}/invitations": {"role": "annotator"},
        "POST /projects/{project_id}/members": {
            "user": world.people["annotator"].pk,
            "role": "reviewer",
        },
        "POST /projects/{project_id}/annotators/{user_id}/pause": {"note": "Read the guideline."},
        "POST /projects/{project_id}/invitations/many": {"role": "annotator", "notes": ["Anna"]},
        "POST /invitations/{invitation}/accept": {
            "username": "newcomer",
            "password": "a longer walk home",
        },
        "POST /projects/{project_id}/batches": {"filename": "cats.zip", "size": 10},
        # Of no source: a world without one.
        "POST /projects/{project_id}/batches/elsewhere": {"address": "lake://cats"},
        "PATCH /batches/{batch_id}/upload": b"01234",
        "POST /projects/{project_id}/items/extra-votes": {"count": 5},
        "POST /items/{item_id}/reopen": {
            "annotation": str(Annotation.objects.filter(item=world.ids["item_id"])[0].pk),
            "reason": "looked at the wrong side",
        },
        "PUT /projects/{project_id}/gold": {
            "gold_rate": 0.05,
            "repeat_rate": 0.0,
            "distance": 30,
            "good": 0.9,
            "bad": 0.7,
            "alpha": 0.05,
            "beta": 0.05,
            "consequence": "pause",
        },
        "POST /projects/{project_id}/gold-answers/{answer_id}/ruling": {"ruling": "voided"},
        "PUT /items/{item_id}/training": {"note": "count the fingers"},
        "POST /projects/{project_id}/my-training/answers": {
            "item": str(world.ids["item_id"]),
            "answers": mps_answers("a"),
        },
        "POST /projects/{project_id}/my-misses/{answer_id}/contest": {"words": "both are red"},
        "POST /items/{item_id}/exclude": {"reason": "not for the public"},
        "POST /items/{item_id}/override": {"answers": mps_answers("b"), "reason": "look closer"},
        "POST /batches/{batch_id}/sign-off": {},
        "POST /batches/{batch_id}/withdraw-sign-off": {"reason": "A new guideline."},
        "POST /batches/{batch_id}/return": {"reason": "A new guideline."},
        "POST /projects/{project_id}/claims": {"count": 2},
        "PUT /assignments/{assignment_id}/annotation": {"answers": mps_answers("b")},
        "POST /assignments/{assignment_id}/release": {"reason": "skip"},
        "POST /projects/{project_id}/reviews/claims": {"count": 3},
        "POST /reviews/{review_id}/verdicts": {"verdicts": _verdicts(world)},
        "POST /reviews/{review_id}/answers": {"answers": mps_answers("a")},
        "POST /reviews/{review_id}/uphold": {"annotation_id": str(uuid.uuid4())},
        "POST /reviews/{review_id}/override": {
            "annotation_id": str(uuid.UUID(int=7)),
            "verdict": "accept",
        },
        "POST /projects/{project_id}/webhooks": _webhook(),
        "PUT /webhooks/{webhook_id}": _webhook(),
        "POST /projects/{project_id}/measurements": {"metrics": []},
        "PUT /projects/{project_id}/metrics": {"chosen": ["psnr"]},
        "POST /projects/{project_id}/references": {
            "name": "dogs",
            "network": NETWORK,
            "file": _statistics(),
        },
        "POST /projects/{project_id}/sets": {"metrics": ["is"], "reference": None},
        "POST /projects/{project_id}/exports": {"format": "annotations"},
        "POST /projects/{project_id}/rounds": {
            "items": 2000,
            "design": "uniform",
            "mode": "evaluation",
        },
        "POST /projects/{project_id}/reward-heads": {"network": NETWORK},
        "POST /projects/{project_id}/exports/preview": {"format": "annotations"},
    }


def _webhook() -> dict[str, Any]:
    return {"url": "https://hooks.example/triptych", "events": ["item.settled"], "is_active": True}


def _verdicts(world: World) -> dict[str, Any]:
    review = Review.objects.get(pk=world.ids["review_id"])
    rows = pipeline.annotations.current_of_item(review.item_id)
    return {str(row.pk): {"verdict": "accept", "reason": ""} for row in rows}


HEADERS: Mapping[str, Callable[[], dict[str, str]]] = {
    "PUT /assignments/{assignment_id}/annotation": lambda: {"Idempotency-Key": str(uuid.uuid4())},
    "PATCH /batches/{batch_id}/upload": lambda: {"Upload-Offset": "0"},
}
MULTIPART = {
    "POST /projects/{project_id}/references",
    "POST /projects/{project_id}/guideline/images",
    "POST /projects/{project_id}/groups",
}
CHUNKED = {"PATCH /batches/{batch_id}/upload": "application/octet-stream"}


def call(world: World, client: APIClient, operation: str, **ids: object) -> Any:
    """One call with good content, about the world's own objects or those named."""
    method, _, path = operation.partition(" ")
    named = {**world.ids, **ids}
    if operation == "DELETE /invitations/{invitation}" and "invitation" not in ids:
        named["invitation"] = _invitation_id(world)
    headers = HEADERS.get(operation, dict)()
    send = getattr(client, method.lower())
    url = f"/api/v1{path.format(**named)}"
    body = world.bodies.get(operation)
    if operation in CHUNKED:
        return send(url, body, content_type=CHUNKED[operation], headers=headers)
    if operation in MULTIPART:
        return send(url, {**body, "file": _statistics()}, format="multipart", headers=headers)
    return send(url, body, format="json", headers=headers)


def _invitation_id(world: World) -> int:
    rows = Invitation.objects.filter(project=world.ours)
    return rows.values_list("pk", flat=True).get()


ABSENT: Mapping[str, object] = {
    "project_id": 987654321,
    "batch_id": 987654321,
    "membership_id": 987654321,
    "user_id": 987654321,
    "invitation": 987654321,
    "token_id": 987654321,
    "assignment_id": uuid.UUID(int=7),
    "image_id": uuid.UUID(int=7),
    "side": 512,
    "review_id": 987654321,
    "export_id": 987654321,
    "reference_id": 987654321,
    "reward_head_id": 987654321,
    "set_id": 987654321,
    "removal_id": 987654321,
    "group_id": 987654321,
    "webhook_id": 987654321,
    "delivery_id": 987654321,
    "guideline_image_id": uuid.UUID(int=7),
    "name": "manifest.json",
}


def fingerprint() -> dict[str, str]:
    """Table → digest of everything in it: what a refusal, or a GET, must leave as it was."""
    with connection.cursor() as cursor:
        cursor.execute(_digests())
        return dict(cursor.fetchall())


@functools.cache
def _digests() -> str:
    tables = [
        name
        for name in connection.introspection.table_names()
        if not name.startswith("django_") or name == "django_session"
    ]
    return " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) "  # noqa: S608
        f'FROM "{name}" t'
        for name in tables
    )
