"""Rows to measure on, made in bulk through the ORM: what an ingest leaves."""

import io
import uuid
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import PIL.Image
from django.utils import timezone

from annotator import pipeline
from annotator.accounts import services as accounts
from annotator.accounts.models import Role, User
from annotator.ingest.restoring import Restored
from annotator.ingest.services import store_image
from annotator.items.derivatives import Derived
from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import (
    Batch,
    BatchState,
    Membership,
    Project,
    Template,
)
from annotator.projects.services import ProjectSettings, create_project
from bench import bulk

IMAGES = 200
SIDE = 64
AT_ONCE = 5_000


def owner() -> User:
    made, _ = User.objects.get_or_create(
        username="bench", defaults={"can_create_projects": True, "password": "!"}
    )
    return made


def new_project(name: str, *, review_rate: float = 0.2) -> Project:
    """Empty, with the four questions of mps."""
    settings = ProjectSettings(name=name, review_rate=review_rate)
    return create_project(by=owner(), template=Template.MPS, settings=settings)


def image(batch: Batch, number: int) -> Image:
    """A small image, stored as an ingest stores it; its row is not saved yet."""
    pixels = np.random.default_rng(number).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    content = io.BytesIO()
    PIL.Image.fromarray(pixels).save(content, "png")
    file = content.getvalue()
    derived = Derived(thumbnail=file, views=(file,))
    kept = store_image(batch.project_id, file, Restored(file, "png", derived, SIDE, SIDE))
    return Image(
        project_id=batch.project_id, batch=batch, prompt="a red cube",
        generator=f"generator-{number % 4}", source_name=f"{number}.png",
        source_sha256=kept.source_sha256, sha256=kept.sha256, bytes=kept.bytes, width=SIDE,
        height=SIDE,
    )  # fmt: skip


def pair_batch(items: int, *, review_rate: float = 0.2) -> tuple[Batch, list[Image]]:
    """An empty batch of a new project of the mps template, with `IMAGES` images."""
    project = new_project(f"bench {items}", review_rate=review_rate)
    batch = Batch.objects.create(
        project=project, name="bench", filename="bench.zip", size=0, state=BatchState.RUNNING,
        created_by=owner(), holder="bench", held_until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    return batch, Image.objects.bulk_create(image(batch, number) for number in range(IMAGES))


def pair_project(items: int, *, review_rate: float = 0.2) -> Project:
    """A project of the mps template with `items` pairs, all slots open, as an ingest opens them."""
    batch, images = pair_batch(items, review_rate=review_rate)
    project = batch.project
    for start in range(0, items, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, items))
        made = Item.objects.bulk_create(
            Item(project=project, batch=batch, prompt="a red cube", key=str(number))
            for number in numbers
        )
        ItemImage.objects.bulk_create(
            ItemImage(item=item, image=images[(number + place) % IMAGES], place=place)
            for number, item in zip(numbers, made, strict=True)
            for place in (0, 1)
        )
    pipeline.open_batch(batch, now=timezone.now())
    return project


def large_pair_project(items: int) -> Project:
    """The same made by the database itself: a million items in minutes."""
    batch, images = pair_batch(items)
    bulk.open_items(batch.project_id, batch.pk, items, [image.pk for image in images])
    return batch.project


@dataclass(frozen=True, slots=True)
class Person:
    """An annotator of a project, and the bearer token of their program."""

    project: int
    user: int
    token: str


def annotators(project: Project, count: int) -> list[Person]:
    """New annotators of a project."""
    people = []
    for _ in range(count):
        user = User.objects.create(username=f"bench-{uuid.uuid4()}", password="!")  # noqa: S106
        Membership.objects.create(project=project, user=user, role=Role.ANNOTATOR)
        _, secret = accounts.make_token(
            user, name="bench", expires_in=timedelta(hours=1), now=timezone.now()
        )
        people.append(Person(project.pk, user.pk, secret))
    return people
