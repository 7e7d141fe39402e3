"""Plants a project of each template, every time the same down to its ids and instants.

All goes through public doors: the HTTP API and the commands `import_batch` and `measure`. What they
leave to chance or to the clock is pinned in `pinned` and `_project`, and nowhere else.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_init

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.items.models import Item
from annotator.projects.models import Batch, Project
from tests import factories, uploads
from tests.drivers import Annotator, Reviewer, signed_in
from tests.flows.golden_answers import ANSWERS, QUESTIONS, UPLOADS, Row

START = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)
NAMES = uuid.UUID("5f0d6c1e-3b1a-4a52-9f5e-0c8f3a7f4d11")
# The first number of its people, of the project and of its batches.
NUMBERS = {
    "mps": 7100, "richhf": 7200, "imagereward": 7300, "entitydraw": 7400, "custom": 7500,
    "evalmuse": 7600, "edit": 7700,
}  # fmt: skip
# The images of these have numbers by machine: those that a project has without being asked.
MEASURED = ("mps", "richhf")


@dataclass
class Clock:
    """The time that the product is told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """A while later."""
        self.now += timedelta(**time)


@contextmanager
def pinned() -> Iterator[Clock]:
    """Ids that come of names, and a clock that stands still unless it is told to go on."""
    clock = Clock()
    post_init.connect(_name_item, sender=Item)
    post_init.connect(_name_annotation, sender=Annotation)
    try:
        with (
            mock.patch("django.utils.timezone.now", clock),
            mock.patch("annotator.core.clock.now", clock),
        ):
            yield clock
    finally:
        post_init.disconnect(_name_item, sender=Item)
        post_init.disconnect(_name_annotation, sender=Annotation)


def _name_item(instance: Item, **_: object) -> None:
    # Rows that are read with some columns alone have their id from the database already.
    if {"key", "batch_id"} <= instance.__dict__.keys():
        instance.id = named("item", instance.batch_id, instance.key)


def _name_annotation(instance: Annotation, **_: object) -> None:
    if "idempotency_key" in instance.__dict__:
        instance.id = named("annotation", instance.idempotency_key)


def named(*names: object) -> uuid.UUID:
    """The id of what has these names."""
    return uuid.uuid5(NAMES, "/".join(map(str, names)))


def plant(template: str, folder: Path) -> tuple[Project, User]:
    """The template's project as it stands when people have worked on it, and its manager."""
    with pinned() as clock:
        project, owner = _project(template)
        story = Story(template, project, clock)
        first, *others = UPLOADS[template]
        story.upload(first, folder / "first.zip")
        story.answer(("ann", "bo", "cy"))
        story.come_late()
        story.review()
        story.answer(("dee",))
        story.review()
        for rows in others:
            story.upload(rows, folder / "second.zip")
            story.answer(("ann", "bo", "dee"))
        if template in MEASURED:
            call_command("measure", str(project.pk))
    return project, owner


def _project(template: str) -> tuple[Project, User]:
    number = NUMBERS[template]
    for model in (User, Project, Batch):
        _count_from(model, number)
    owner = factories.user(f"owner-{template}", can_create_projects=True)
    made = signed_in(owner).post(
        "/api/v1/projects",
        {
            "name": f"Golden “{template}”, and more",
            "template": template,
            "review_rate": 0.5,
            **({"questions": QUESTIONS} if template == "custom" else {}),
        },
        format="json",
    )
    assert made.status_code == 201, made.content
    rows = Project.objects.filter(pk=made.json()["id"])
    rows.update(seed=f"{number:064x}", created_at=START)
    return rows.get(), owner


def _count_from(model: type[Model], number: int) -> None:
    """The next row of the table has this number."""
    with connection.cursor() as cursor:
        sequence = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)"
        cursor.execute(sequence, [model._meta.db_table, number])


class Story:
    """What becomes of a project: uploads, answers, reviews, and who came too late."""

    def __init__(self, template: str, project: Project, clock: Clock) -> None:
        self.template, self.project, self.clock = template, project, clock
        self.people = {
            name: Annotator(factories.member(project, "annotator", f"{name}-{template}"), project)
            for name in ("ann", "bo", "cy", "dee")
        }
        reviewer = factories.member(project, "reviewer", f"eve-{template}")
        self.reviewer = Reviewer(reviewer, project)
        self.keys: dict[str, str] = {}
        self.batches = 0
        self.said = 0
        self.reviewed = 0

    def upload(self, rows: Sequence[Row], path: Path) -> None:
        """Takes in a zip of these items."""
        files: dict[str, bytes] = {
            "manifest.jsonl": uploads.lines([row.manifest() for row in rows])
        }
        for row in rows:
            files |= {
                image.file: uploads.image_bytes(image.seed, width=image.width, height=image.height)
                for image in row.drawn
            }
        path.write_bytes(uploads.zipped(files))
        call_command("import_batch", str(self.project.pk), str(path))
        number = NUMBERS[self.template] + self.batches
        Batch.objects.filter(pk=number).update(created_at=self.clock.now)
        self.keys |= {str(named("item", number, row.key)): row.key for row in rows}
        self.batches += 1
        self.clock.pass_by(minutes=1)

    def answer(self, people: Sequence[str]) -> None:
        """Each answers what the queue gives them, but for what they have nothing to say of."""
        for name in people:
            while self._answer_held(name):
                pass

    def _answer_held(self, name: str) -> bool:
        held = self.people[name].claim(5).held
        said = [(one["id"], self._answers(name, self._key(one))) for one in held]
        for place, (assignment, answers) in enumerate(said):
            if answers is None:
                continue
            if place == 1 and (other := self._answers("dee", self._key(held[place]))):
                # And a change of mind soon after.
                self._put(name, assignment, other)
            self._put(name, assignment, answers)
        return any(answers is not None for _, answers in said)

    def _answers(self, name: str, key: str) -> Mapping[str, Any] | None:
        return ANSWERS[self.template](key, name)

    def _put(self, name: str, assignment: str, answers: Mapping[str, Any]) -> None:
        self.said += 1
        self.clock.pass_by(seconds=17.25)
        rng = Random(f"{self.template}/{self.said}")
        body: dict[str, Any] = {}
        if self.said % 4:
            body["active_ms"] = rng.randrange(1000, 60_000)
        if self.said % 3:
            body["view"] = {
                "viewport": {"width": 1280, "height": 720},
                "device_pixel_ratio": 1.5,
                "zoomed": self.said % 2 == 0,
            }
        key = f"{self.template}/{name}/{self.said}"
        sent = self.people[name].put(assignment, dict(answers), key=key, **body)
        assert sent.status_code == 201, sent.content

    def come_late(self) -> None:
        """cy holds an item for too long: dee gets the slot, and cy's answer comes as an extra."""
        held = [one for one in self.people["cy"].claim(5).held if self._key(one) == "late"]
        self.clock.pass_by(minutes=20)
        # What lapsed in the same moment stands in one place of the queue: dee looks twice.
        self.people["dee"].claim(5)
        self.clock.pass_by(minutes=2)
        self.answer(("dee",))
        for one in held:
            answers = self._answers("ann", "late")
            assert answers is not None
            self._put("cy", one["id"], answers)

    def _key(self, assignment: Mapping[str, Any]) -> str:
        return self.keys[assignment["item"]["id"]]

    def review(self) -> None:
        """Accepts all that waits, but for one answer of each third item."""
        while review := self.reviewer.next():
            self.clock.pass_by(minutes=2)
            waiting = [one["annotator"] for one in review["annotations"] if not one["verdict"]]
            rejected = {waiting[-1]: "blurred, said the rules"} if self.reviewed % 3 == 0 else {}
            self.reviewed += 1
            sent = self.reviewer.decide(review, **rejected)
            assert sent.status_code == 200, sent.content
