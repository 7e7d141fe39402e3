"""What can be asked about guidelines: the versions, which one somebody has read, an image."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import User
from annotator.core.errors import NotFound
from annotator.guidelines.models import Acknowledgement, GuidelineImage, GuidelineVersion
from annotator.projects.models import Project
from annotator.projects.selectors import project_for

FIRST = 1


@dataclass(frozen=True, slots=True)
class Guideline:
    """A project's guideline, and what has changed since the caller last read it."""

    version: int
    text: str = field(metadata={"help": "Markdown."})
    read_version: int | None = field(
        metadata={"help": "The version read before; null: nothing has changed since."}
    )
    read_text: str | None


@dataclass(frozen=True, slots=True)
class GuidelineImageShape:
    """An image for a guideline, and the Markdown that shows it."""

    id: uuid.UUID
    url: str
    width: int = field(metadata={"help": "Pixels."})
    height: int = field(metadata={"help": "Pixels."})


def versions_of(project: Project) -> list[GuidelineVersion]:
    """Every version, oldest first; none where the first still stands (1 query)."""
    return list(GuidelineVersion.objects.filter(project=project).select_related("by"))


def guideline_of(
    project: Project, user: User, *, began: Callable[[], datetime | None]
) -> Guideline:
    """The guideline with what is new in it for this person (1 to 4 queries).

    `began` tells when they first answered here, None if never: who has not, reads it as it is, and
    is not asked about changes from what they never worked by.
    """
    newest = GuidelineVersion.objects.filter(project=project).order_by("-number").first()
    if newest is None:
        return Guideline(FIRST, project.guideline, None, None)
    read = _read(newest, user) or _standing_at(project, began())
    if read is None or read.number == newest.number:
        return Guideline(newest.number, newest.text, None, None)
    return Guideline(newest.number, newest.text, read.number, read.text)


def _read(newest: GuidelineVersion, user: User) -> GuidelineVersion | None:
    """The newest version of the project that this person says to have read."""
    rows = Acknowledgement.objects.filter(version__project_id=newest.project_id, user=user)
    found = rows.select_related("version").order_by("-version__number").first()
    return None if found is None else found.version


def _standing_at(project: Project, at: datetime | None) -> GuidelineVersion | None:
    """The version that stood at an instant; None for none."""
    if at is None:
        return None
    rows = GuidelineVersion.objects.filter(project=project, at__lte=at)
    return rows.order_by("-number").first()


def acknowledgements_of(project: Project) -> list[tuple[int, int, datetime]]:
    """(version's number, person's id, when) of every acknowledgement, oldest first (1 query)."""
    rows = Acknowledgement.objects.filter(version__project=project).order_by("at")
    return list(rows.values_list("version__number", "user_id", "at"))


def guideline_image_for(user: User, image_id: uuid.UUID) -> GuidelineImage:
    """The image of a guideline of a project that this person is in; NotFound otherwise."""
    found = GuidelineImage.objects.filter(pk=image_id).first()
    if found is None:
        raise NotFound
    project_for(user, found.project_id)
    return found


def guideline_image_shape(image: GuidelineImage) -> GuidelineImageShape:
    """The row with the address under which it is shown."""
    url = f"/api/v1/guideline-images/{image.pk}"
    return GuidelineImageShape(image.pk, url, image.width, image.height)
