"""What runs inside a site's own processes: rows and files to back up, and a person who answers."""

import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.annotations.models import Annotation
from annotator.annotations.services import Submission
from annotator.exports.models import Export, ExportFile, ExportState
from annotator.ingest import uploads
from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import Batch, BatchState, Project
from tests import factories
from tests.drivers import mps_answers

IMAGES = 6
UPLOADED = b"the first half of an upload"
EXPORTED = b"a finished export"


def fill(items: int) -> None:
    """A project of pairs, three annotators, an upload half-way, and a finished export."""
    project = factories.project()
    for _ in range(3):
        factories.member(project, Role.ANNOTATOR)
    _open_pairs(project, items)
    batch = uploads.begin_upload(
        project=project, user=project.created_by, name="", filename="more.zip", size=1000, pairs=""
    )
    uploads.receive(batch, offset=0, data=UPLOADED)
    _exported(project)
    for _ in range(5):
        answer_once()


def send_more() -> int:
    """One more byte of the upload: how many have come."""
    batch = Batch.objects.get(state=BatchState.UPLOADING)
    return uploads.receive(batch, offset=batch.offset, data=b"!")


def _open_pairs(project: Project, count: int) -> None:
    batch = factories.batch(project, state="running")
    images = [_image(project, batch.pk, number) for number in range(IMAGES)]
    made = [
        Item(project=project, batch=batch, prompt="a red cube", key=f"{number}")
        for number in range(count)
    ]
    Item.objects.bulk_create(made)
    ItemImage.objects.bulk_create(
        ItemImage(item=item, image=images[(number + place) % IMAGES], place=place)
        for number, item in enumerate(made)
        for place in range(2)
    )
    pipeline.open_batch(batch, now=timezone.now())


def _image(project: Project, batch_id: int, number: int) -> Image:
    content = f"image {number}".encode()
    image = Image.objects.create(
        project=project, batch_id=batch_id, prompt="a red cube", generator="one",
        source_name=f"{number}.png", source_sha256=f"{number:064x}",
        sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), width=8, height=8,
    )  # fmt: skip
    default_storage.save(image.path, ContentFile(content))
    default_storage.save(image.thumbnail_path, ContentFile(b"small " + content))
    return image


def _exported(project: Project) -> None:
    export = Export.objects.create(
        project=project, format="annotations", state=ExportState.DONE, folder="1-made",
        finished_at=timezone.now(), created_by=project.created_by,
    )  # fmt: skip
    folder = Path(settings.EXPORT_ROOT) / "1-made"
    folder.mkdir(parents=True)
    (folder / "rows.jsonl").write_bytes(EXPORTED)
    ExportFile.objects.create(
        export=export, name="rows.jsonl", bytes=len(EXPORTED), crc32=0,
        sha256=hashlib.sha256(EXPORTED).hexdigest(),
    )  # fmt: skip


def answer_once() -> str:
    """One answer of the first annotator who has something to do: its id; "" when all is done."""
    project = Project.objects.get()
    for person in User.objects.filter(memberships__role=Role.ANNOTATOR).order_by("pk"):
        for assignment in pipeline.claim(person, project.pk, count=1, now=timezone.now()):
            submission = Submission(key=f"{assignment.pk}", answers=mps_answers("a"))
            done = pipeline.submit(person, assignment.pk, submission, now=timezone.now())
            return str(done.annotation.pk)
    return ""


def go_on() -> None:
    """Answers until it is ended; each id is printed when its answer is acknowledged."""
    while answered := answer_once():
        print(answered, flush=True)
        time.sleep(0.01)


def show_answers() -> None:
    """Every answer's id and its assignment, a line each."""
    for row in Annotation.objects.values_list("pk", "assignment_id"):
        print(*row)
