"""Items with answers, made directly: for tests that need exact votes in exact states."""

import hashlib
import io
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import accepted_answers
from annotator.assignments.models import Assignment
from annotator.consensus import services as consensus
from annotator.items.models import BESIDE, LETTERS, Image, ImageRole, Item, ItemImage
from annotator.items.selectors import item_spec
from annotator.projects.models import Batch, Option, Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import parse_answers
from annotator.reviews.models import Review, Verdict

START = datetime(2026, 11, 1, 9, 0, 0, 123456, tzinfo=UTC)
_number = count(1)


def question(project: Project, key: str, kind: str, options: Sequence[str] = (), **fields: object):
    """One more question of the project; an option below another is called "body/hands"."""
    place = Question.objects.filter(project=project).count()
    made = Question.objects.create(project=project, key=key, kind=kind, position=place, **fields)
    for position, name in enumerate(options):
        parent, _, own = name.rpartition("/")
        Option.objects.create(question=made, key=own, parent=parent, position=position)
    return made


def image(batch: Batch, generator: str, colour: tuple[int, int, int] = (10, 20, 30)) -> Image:
    """A stored 8 × 8 image of one colour."""
    return stored(batch, generator, Pillow.new("RGB", (8, 8), colour))


def stored(batch: Batch, generator: str, image: Pillow.Image) -> Image:
    """A stored image."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    sha256 = hashlib.sha256(buffer.getvalue()).hexdigest()
    made = Image.objects.create(
        project_id=batch.project_id,
        batch=batch,
        generator=generator,
        source_name=f"image-{next(_number)}.png",
        source_sha256=sha256,
        sha256=sha256,
        bytes=len(buffer.getvalue()),
        width=image.width,
        height=image.height,
    )
    default_storage.save(made.path, ContentFile(buffer.getvalue()))
    return made


def item(batch: Batch, key: str, prompt: str, generators: Sequence[str]) -> Item:
    """An item with one image a generator, each of another colour."""
    made = Item.objects.create(project_id=batch.project_id, batch=batch, key=key, prompt=prompt)
    for place, generator in enumerate(generators):
        colour = (next(_number) % 256, place * 20, 99)
        ItemImage.objects.create(item=made, image=image(batch, generator, colour), place=place)
    return made


def show_source(item: Item, colour: tuple[int, int, int] = (200, 0, 3)) -> Image:
    """An image of one colour as the source that the item's images are edits of."""
    made = image(item.batch, "", colour)
    Image.objects.filter(pk=made.pk).update(is_reference=True)
    ItemImage.in_any_role.create(item=item, image=made, place=BESIDE, role=ImageRole.SOURCE)
    return made


def answer(
    item: Item,
    person: User,
    answers: Mapping[str, Any],
    *,
    slot: int = 0,
    state: str = "accepted",
    minutes: int = 0,
    shown: str = "",
    active_ms: int | None = 5400,
    **fields: Any,
) -> Annotation:
    """What a person said of an item, `minutes` after START, with its assignment in that state."""
    letters = LETTERS[: ItemImage.objects.filter(item=item).count()]
    at = START + timedelta(minutes=minutes)
    assignment, _ = Assignment.objects.get_or_create(
        item=item,
        annotator=person,
        defaults={
            "project_id": item.project_id,
            "slot": slot,
            "state": state,
            "position": 1,
            "shown_order": shown or letters,
            "claimed_at": at - timedelta(seconds=30),
            "submitted_at": at,
        },
    )
    made = Annotation.objects.create(
        assignment=assignment,
        item=item,
        annotator=person,
        idempotency_key=str(uuid.uuid4()),
        fingerprint="0" * 64,
        sha256="0" * 64,
        shown_order=shown or letters,
        active_ms=active_ms,
        claimed_at=at - timedelta(seconds=30),
        **{"submitted_at": at, "first_submitted_at": at, **fields},
    )
    questions = {row.key: row for row in questions_of(item.project_id)}
    specs = [spec_of(row) for row in questions.values() if row.key in answers]
    pieces = parse_answers(dict(answers), specs, item_spec(item, letters))
    AnnotationPiece.objects.bulk_create(
        AnnotationPiece(annotation=made, question=questions[key], **msgspec.structs.asdict(piece))
        for key, found in pieces.items()
        for piece in found
    )
    return made


def settle(item: Item, minutes: int = 60) -> None:
    """Makes the consensus of the item's accepted answers."""
    rows = list(accepted_answers().filter(item=item))
    letters = LETTERS[: ItemImage.objects.filter(item=item).count()]
    consensus.settle(
        item,
        annotations=rows,
        questions=questions_of(item.project_id),
        spec=item_spec(item, letters),
        now=START + timedelta(minutes=minutes),
    )


def verdict(annotation: Annotation, reviewer: User, decision: str, reason: str = "") -> Verdict:
    """A reviewer's word on an answer, the item drawn for review if it was not."""
    review, _ = Review.objects.get_or_create(
        item=annotation.item,
        defaults={"project_id": annotation.item.project_id, "batch_id": annotation.item.batch_id},
    )
    return Verdict.objects.create(
        review=review,
        annotation=annotation,
        reviewer=reviewer,
        value=decision,
        reason=reason,
        at=START + timedelta(minutes=50),
    )


def said(choice: str, *keys: str) -> dict[str, dict[str, str]]:
    """The same choice for each of the preference questions (the four of mps if none is named)."""
    named = keys or ("aesthetics", "detail_quality", "semantic_alignment", "overall")
    return {key: {"choice": choice} for key in named}
