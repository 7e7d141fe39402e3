"""The image maker's truth file, into the tables that simulated people look at."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from annotator.demo.dataset import ImageTruth, load_truths
from annotator.demo.models import QUALITIES, PlantedFlaw, PlantedTruth, PlantedWord
from annotator.items.models import Image
from annotator.projects.models import Project


def plant_file(project: Project, path: Path) -> int:
    """As `plant`, of a truth.jsonl. Raises OSError, or ValueError for what is no truth file."""
    return plant(project, load_truths(path))


@transaction.atomic
def plant(project: Project, truths: Sequence[ImageTruth]) -> int:
    """Records what is true of the project's images, found by their source's bytes.

    Images that have a truth already keep it. Returns how many got one now.
    """
    by_source = {truth.sha256: truth for truth in truths}
    images = Image.objects.filter(
        project=project, is_reference=False, source_sha256__in=list(by_source)
    ).exclude(pk__in=PlantedTruth.objects.values("image"))
    planted = [(image, by_source[image.source_sha256]) for image in images]
    rows = PlantedTruth.objects.bulk_create(
        PlantedTruth(image=image, **{name: truth.quality[name] for name in QUALITIES})
        for image, truth in planted
    )
    pairs = [(row, truth) for row, (_, truth) in zip(rows, planted, strict=True)]
    PlantedFlaw.objects.bulk_create(
        PlantedFlaw(
            truth=row,
            kind=flaw.kind,
            cause=flaw.cause,
            x=flaw.x,
            y=flaw.y,
            radius=flaw.radius,
            severity=flaw.severity,
        )
        for row, truth in pairs
        for flaw in truth.flaws
    )
    PlantedWord.objects.bulk_create(
        PlantedWord(truth=row, token=token) for row, truth in pairs for token in truth.words
    )
    return len(rows)
