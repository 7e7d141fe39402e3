"""What a lead's pages ask of a large project: milliseconds a call, beside a bare count.

Settled pairs with three answers each, and images with eight metrics each. The ceiling is
`SELECT count(*)` of the project's answers in the same turn. A report that workers compute is asked
for, computed here as a worker does it (`computed`, in seconds), and asked for again (`ms`).
"""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from annotator import jobs
from annotator.accounts.models import User
from annotator.jobs.models import JobState
from annotator.projects.models import Batch, BatchState, Project
from annotator.reports.models import StoredReport
from annotator.workers import report as _registered  # noqa: F401
from bench import bulk, seeds

PEOPLE = 12
GENERATORS = 8
METRICS = (
    "psnr", "ssim", "ms_ssim", "sharpness", "contrast", "colourfulness", "clip_score", "pickscore",
)  # fmt: skip
TURNS = 5
# Each is read to its last page.
LISTS = {
    "open": "state=open",
    "in_work": "state=in_work",
    "waiting": "state=waiting",
    "settled_by_one": "state=settled&generator=generator-1",
    "sampled_disputed": "sampled=true&disagreement=0.5",
}
MOST_PAGES = 50
CELL = "?dimension=overall&metric=contrast"
PATHS = {
    "me": "me",
    "projects": "projects",
    "project": "projects/{project}",
    "progress": "projects/{project}/reports/progress",
    "annotators": "projects/{project}/reports/annotators",
    "portraits": "projects/{project}/annotators",
    "items": "projects/{project}/items",
    "items_disputed": "projects/{project}/items?order=disagreement",
    "items_searched": "projects/{project}/items?search=77%20spheres",
    "actions": "projects/{project}/audit",
    "agreement": "projects/{project}/reports/agreement",
    "bias": "projects/{project}/reports/bias",
    "leaderboard": "projects/{project}/reports/leaderboard",
    "metrics": "projects/{project}/reports/metrics",
    "points": "projects/{project}/reports/metrics/points" + CELL,
    "disagreements": "projects/{project}/reports/metrics/disagreements" + CELL,
    "generators": "projects/{project}/measurements/generators",
    "measurements": "projects/{project}/measurements",
    "sets": "projects/{project}/sets",
    "batches": "projects/{project}/batches",
    "batch": "batches/{batch}",
    "qc": "batches/{batch}/qc",
    "members": "projects/{project}/members",
    "exports": "projects/{project}/exports",
}
COUNT = """
SELECT count(*) FROM annotations_annotation a
JOIN assignments_assignment s ON s.id = a.assignment_id WHERE s.project_id = %s"""

Line = tuple[str, float, str]


def project_of(items: int) -> tuple[Project, Batch]:
    """A batch of settled pairs, as many images as items, each with a value of each metric."""
    project = seeds.new_project(f"bench pages {items}")
    batch = Batch.objects.create(
        project=project, name="bench", filename="bench.zip", size=0, state=BatchState.DONE,
        created_by=seeds.owner(), created_at=timezone.now(), image_count=items, item_count=items,
    )  # fmt: skip
    images = bulk.add_images(project.pk, batch.pk, items, GENERATORS)
    people = [person.user for person in seeds.annotators(project, PEOPLE)]
    bulk.fill(
        bulk.Crowd(
            project=project.pk, batch=batch.pk, items=items, images=images, people=people
        )
    )  # fmt: skip
    bulk.measure_images(project.pk, METRICS)
    return project, batch


def measure(items: int, note: Callable[[str], None]) -> Iterator[Line]:
    """Each call's lines."""
    note(f"making {items:,} settled items, {3 * items:,} answers, {8 * items:,} measurements")
    project, batch = project_of(items)
    client = Client()
    client.force_login(User.objects.get(pk=seeds.owner().pk))
    named = f"pages.{items}_items"
    yield f"{named}.count", _count(project), "ms"
    for name, path in PATHS.items():
        note(name)
        address = "/api/v1/" + path.format(project=project.pk, batch=batch.pk)
        if _asked(client, address) == 202:
            yield f"{named}.{name}.computed", _computed(), "s"
        spent = [(_timed(lambda: _asked(client, address)), _count(project)) for _ in range(TURNS)]  # noqa: B023
        yield f"{named}.{name}", median(ours for ours, _ in spent), "ms"
        yield f"{named}.{name}.of_count", median(count / ours for ours, count in spent), "ratio"
    for name, asked in LISTS.items():
        note(f"items {name}")
        spent_on_pages = list(_pages(client, f"/api/v1/projects/{project.pk}/items?{asked}"))
        yield f"{named}.items_{name}.pages", len(spent_on_pages), "pages"
        yield f"{named}.items_{name}.slowest", max(spent_on_pages), "ms"


def _pages(client: Client, address: str) -> Iterator[float]:
    """What each page of a list takes, in milliseconds."""
    headers = {"Accept": "application/json", "Host": "localhost"}
    cursor: str | None = ""
    for _ in range(MOST_PAGES):
        begun = time.perf_counter()
        answer: Any = client.get(f"{address}&cursor={cursor}", headers=headers)
        cursor = answer.json()["next"]
        yield (time.perf_counter() - begun) * 1000
        if cursor is None:
            return


def _asked(client: Client, address: str) -> int:
    answer: Any = client.get(address, headers={"Accept": "application/json", "Host": "localhost"})
    if answer.status_code not in (200, 202):
        raise RuntimeError(f"{address}: {answer.status_code} {answer.content[:300]!r}")
    status: int = answer.status_code
    return status


def _computed() -> float:
    """Seconds that a worker takes for the report that was just asked for."""
    [row] = StoredReport.objects.filter(state=JobState.REQUESTED)
    return _timed(lambda: jobs.run(StoredReport, row.pk)) / 1000


def _count(project: Project) -> float:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [project.pk])
            cursor.fetchone()

    return _timed(ask)


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
