"""Who works in a run, what they work on, and what is stored of them."""

import io
from collections.abc import Sequence
from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from annotator import pipeline
from annotator.accounts import services as accounts
from annotator.accounts.models import Role, User
from annotator.annotations.models import Annotation
from annotator.items.models import Image
from annotator.projects.models import Batch, Membership, Project
from bench import seeds
from tests.faults.history import Stored
from tests.uploads import pairs_zip

ANNOTATOR = "fault-"


def project_of(items: int) -> Project:
    """Pairs, ready to be judged."""
    return seeds.pair_project(items)


def tokens(project: Project, count: int) -> list[str]:
    """So many annotators, by their bearer tokens; the same people in each project."""
    return [_token(_member(project, number)) for number in range(count)]


def _member(project: Project, number: int) -> User:
    user, _ = User.objects.get_or_create(
        username=f"{ANNOTATOR}{number}", defaults={"password": "!"}
    )
    Membership.objects.create(project=project, user=user, role=Role.ANNOTATOR)
    return user


def _token(user: User) -> str:
    _, secret = accounts.make_token(
        user, name="fault", expires_in=timedelta(hours=3), now=timezone.now()
    )
    return secret


def manager_token(project: Project) -> str:
    """Of somebody who may upload."""
    return _token(project.created_by)


def upload_of(pairs: int) -> bytes:
    """A zip of so many pairs, each of its images another."""
    return pairs_zip(pairs, width=96, height=96)


def half() -> list[User]:
    """Every second annotator."""
    return list(User.objects.filter(username__startswith=ANNOTATOR).order_by("pk"))[::2]


def deactivate(users: Sequence[User]) -> None:
    """As a lead does on the command line; what they hold goes back."""
    for user in users:
        pipeline.deactivate(user, by=None, now=timezone.now())


def activate(users: Sequence[User]) -> None:
    """Lets them in again. (Their tokens ended; who comes after the fault has a new one.)"""
    for user in users:
        accounts.activate(user)


def stored(project: Project) -> list[Stored]:
    """Every answer of the project."""
    rows = Annotation.objects.filter(assignment__project=project)
    return [
        Stored(key, str(pk), sha256)
        for key, pk, sha256 in rows.values_list("idempotency_key", "pk", "sha256")
    ]


def batch_state(batch: int) -> tuple[str, int]:
    """Its state, and how many rows were gone through."""
    row = Batch.objects.get(pk=batch)
    return row.state, row.done_count


def images_of(batch: int) -> int:
    """How many images it has."""
    return Image.objects.filter(batch_id=batch).count()


def broken_promises() -> str:
    """What `verify` finds of the whole site; "" when all holds."""
    said = io.StringIO()
    try:
        call_command("verify", stdout=said, stderr=said)
    except (SystemExit, CommandError):
        return said.getvalue()
    return ""
