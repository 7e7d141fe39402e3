"""What can be done with guidelines: begin a version, say that one is read, add an image."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Max

from annotator.accounts.models import User
from annotator.core.errors import NotFound
from annotator.guidelines.models import Acknowledgement, GuidelineImage, GuidelineVersion
from annotator.guidelines.selectors import FIRST
from annotator.ingest.decoding import Allowance, Decoder
from annotator.ingest.storing import image_limits
from annotator.items.derivatives import SIDES, size_within
from annotator.projects.models import Project


def add_version(
    project: Project, *, before: str, by: User | None, now: datetime
) -> GuidelineVersion:
    """The project's guideline as a new version; the first is written down with the second.

    `before` is the text that stood until now. The caller holds the project's row.
    """
    rows = GuidelineVersion.objects.filter(project=project)
    last = rows.aggregate(last=Max("number"))["last"]
    if last is None:
        last = FIRST
        rows.create(
            project=project, number=FIRST, text=before, at=project.created_at,
            by_id=project.created_by_id,
        )  # fmt: skip
    return rows.create(project=project, number=last + 1, text=project.guideline, at=now, by=by)


def acknowledge(project: Project, number: int, *, user: User, now: datetime) -> None:
    """Writes down, once, that this person has read a version. Raises NotFound."""
    version = GuidelineVersion.objects.filter(project=project, number=number).first()
    if version is None:
        raise NotFound
    Acknowledgement.objects.get_or_create(version=version, user=user, defaults={"at": now})


def add_image(project: Project, data: bytes, *, by: User) -> GuidelineImage:
    """Decodes an image as an upload's are, and stores its largest view (WebP, 2048 at most).

    The same image twice is one. Raises ImageRefused.
    """
    decoder = Decoder(image_limits(), Allowance())
    try:
        restored = decoder.restore(data)
    finally:
        decoder.close()
    view = restored.derived.views[-1]
    width, height = size_within(restored.width, restored.height, SIDES[-1])
    path = f"projects/{project.pk}/guideline/{hashlib.sha256(view).hexdigest()}.webp"
    storages["default"].save(path, ContentFile(view))
    image, _ = GuidelineImage.objects.get_or_create(
        project=project,
        path=path,
        defaults={"width": width, "height": height, "added_by": by},
    )
    return image
