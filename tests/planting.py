"""A planted project in the database: rows in bulk, as answering would have left them."""

import io
import uuid
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.assignments.models import Assignment, Event
from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import Project, Question
from annotator.reviews.models import Review, Verdict
from tests import factories
from tests.planted import KINDS, Planted

COLOURS = ((178, 60, 50), (60, 120, 170), (70, 140, 80), (190, 150, 60), (120, 90, 150))


def plant(project: Project, found: Planted) -> list[User]:
    """The people, in their order, each named after what they are; every answer is accepted."""
    people = [
        factories.member(project, name=f"{kind}-{place}-of-{project.pk}")
        for place, kind in enumerate(KINDS)
    ]
    question = Question.objects.get(project=project)
    in_batch = factories.batch(project)
    items = [
        Item(project=project, batch=in_batch, prompt=f"a scene, number {k}", key=str(k))
        for k in range(len(found.truth))
    ]
    Item.objects.bulk_create(items)
    _images(project, in_batch, items, found)
    slots: dict[int, int] = {}
    assignments, annotations, pieces = [], [], []
    for row, (person, item) in enumerate(zip(found.annotator, found.item, strict=True)):
        at = datetime.fromtimestamp(found.at[row], UTC)
        slot = slots[int(item)] = slots.get(int(item), -1) + 1
        shown = "ab" if found.leftmost[row] == 0 else "ba"
        assignment = Assignment(
            item=items[item], project=project, slot=slot, state="accepted",
            annotator=people[person], position=row + 1, shown_order=shown, submitted_at=at,
        )  # fmt: skip
        annotation = Annotation(
            assignment=assignment, item=items[item], annotator=people[person],
            idempotency_key=str(uuid.uuid4()), fingerprint="0" * 64, sha256="0" * 64,
            shown_order=shown, active_ms=int(found.active_ms[row]), submitted_at=at,
            first_submitted_at=at,
        )  # fmt: skip
        assignments.append(assignment)
        annotations.append(annotation)
        pieces.append(
            AnnotationPiece(
                annotation=annotation, question=question, type="choice",
                choice="ab"[found.choice[row]],
            )
        )  # fmt: skip
    Assignment.objects.bulk_create(assignments)
    Annotation.objects.bulk_create(annotations)
    AnnotationPiece.objects.bulk_create(pieces)
    _trails(assignments)
    return people


def _trails(assignments: list[Assignment]) -> None:
    moves = (("open", "claimed"), ("claimed", "submitted"), ("submitted", "accepted"))
    Event.objects.bulk_create(
        Event(
            assignment=row, annotator_id=row.annotator_id, from_state=before, to_state=after,
            cause="planted", at=row.submitted_at,
        )
        for row in assignments
        for before, after in moves
    )  # fmt: skip


def _images(project: Project, in_batch, items: list[Item], found: Planted) -> None:
    """Five stored files, one a generator, that all rows share."""
    hashes = [f"{project.pk:032x}{generator:032x}" for generator in range(5)]
    rows = []
    for k in range(len(items)):
        for place in (0, 1):
            generator = int(found.pair[k, place])
            image = Image(
                project=project, batch=in_batch, prompt=items[k].prompt,
                generator=f"generator-{generator}", source_name=f"{k}-{place}.png",
                source_sha256=hashes[generator], sha256=hashes[generator], bytes=1000,
                width=256, height=256,
            )  # fmt: skip
            rows.append(image)
    Image.objects.bulk_create(rows)
    for image in {row.sha256: row for row in rows}.values():
        colour = COLOURS[int(image.generator[-1])]
        for path, form in ((image.path, "PNG"), (image.thumbnail_path, "WEBP")):
            buffer = io.BytesIO()
            Pillow.new("RGB", (256, 256), colour).save(buffer, format=form)
            if not default_storage.exists(path):
                default_storage.save(path, ContentFile(buffer.getvalue()))
    ItemImage.objects.bulk_create(
        ItemImage(item=items[row // 2], image=image, place=row % 2)
        for row, image in enumerate(rows)
    )


def review(project: Project, found: Planted, *, every: int) -> int:
    """A reviewer looks at every so-manyeth item and rejects what is wrong; somebody good answers
    it again, rightly. Returns how many answers were rejected.
    """
    reviewer = factories.member(project, "reviewer")
    again = factories.member(project, name=f"again-{project.pk}")
    question = Question.objects.get(project=project)
    wrong = 0
    for item in Item.objects.filter(project=project).order_by("pk"):
        k = int(item.key)
        if k % every:
            continue
        drawn = Review.objects.create(item=item, project=project, batch=item.batch)
        truth = "ab"[found.truth[k]]
        replaced = False
        for annotation in Annotation.objects.filter(item=item).select_related("assignment"):
            piece = AnnotationPiece.objects.get(annotation=annotation)
            good = piece.choice == truth
            Verdict.objects.create(
                review=drawn, annotation=annotation, reviewer=reviewer,
                value="accept" if good else "reject", reason="" if good else "not what is asked",
            )  # fmt: skip
            if good:
                continue
            wrong += 1
            slot = annotation.assignment
            Assignment.objects.filter(pk=slot.pk).update(state="rejected")
            if replaced:
                continue
            replaced = True
            at = datetime.fromtimestamp(found.at.max() + 60 * k, UTC)
            anew = Assignment.objects.create(
                item=item, project=project, slot=slot.slot, state="accepted", annotator=again,
                position=1, shown_order=slot.shown_order, submitted_at=at,
            )  # fmt: skip
            made = Annotation.objects.create(
                assignment=anew, item=item, annotator=again, idempotency_key=str(uuid.uuid4()),
                fingerprint="0" * 64, sha256="0" * 64, shown_order=slot.shown_order,
                active_ms=9000, submitted_at=at, first_submitted_at=at,
            )  # fmt: skip
            AnnotationPiece.objects.create(
                annotation=made, question=question, type="choice", choice=truth
            )
    return wrong
