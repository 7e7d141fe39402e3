"""Images that rounds can be drawn from."""

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from annotator.items.models import Image
from annotator.projects.models import Batch, Project
from tests import factories, judged
from tests.rooms.exported import pair_project


def stocked(prompts: int = 6, generators: str = "wxyz", **fields: object) -> tuple[Project, Batch]:
    """A project with an image of each generator for each prompt, and nothing asked of them."""
    project = pair_project(**fields)
    images = factories.batch(project, name="images", image_count=prompts * len(generators))
    Batch.objects.filter(pk=images.pk).update(item_count=0)
    for number in range(prompts):
        for generator in generators:
            image = judged.image(images, generator)
            unlike = uuid.uuid4().hex * 2
            for path in image.all_paths:
                if not default_storage.exists(path):
                    default_storage.save(path, ContentFile(b"an image"))
            Image.objects.filter(pk=image.pk).update(
                prompt=f"Prompt {number}", normal_prompt=f"prompt {number}",
                source_sha256=unlike,
            )  # fmt: skip
    return project, images
