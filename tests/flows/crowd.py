"""Many settled pair items with three answers each, made inside PostgreSQL in seconds."""

from annotator.projects.models import Project
from bench.bulk import Crowd, fill
from tests import factories, judged
from tests.rooms.exported import batch, people


def crowded_project(items: int) -> Project:
    """A project of four preference questions with `items` settled items, three answers each."""
    project = factories.project("mps")
    in_batch = batch(project)
    images = [
        judged.image(in_batch, "painter", (200, 0, 0)).pk,
        judged.image(in_batch, "drawer", (0, 0, 200)).pk,
    ]
    three = [person.pk for person in people(project)]
    fill(Crowd(project.pk, in_batch.pk, items, images, three))
    return project
