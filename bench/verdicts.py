"""Seconds that a lead's acts take on a whole batch: looked at before, drawn, sent back."""

import time
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from annotator.pipeline import batch_verdicts
from annotator.projects.models import Batch, Project
from bench.exports import answered_project

Line = tuple[str, float, str]


def measure(items: int, note: Callable[[str], None]) -> Iterator[Line]:
    """Of a batch of so many settled items, three answers each; nothing of it stays."""
    note(f"verdicts: {items} items with three answers each")
    project = answered_project(items)
    Project.objects.filter(pk=project.pk).update(review_rate=0.2, review_floor=100)
    batch = Batch.objects.select_related("project").get(project=project)
    lead = project.created_by
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("sign_off_preview", lambda: batch_verdicts.sign_off_effect(batch)),
        (
            "return_preview",
            lambda: batch_verdicts.return_effect(batch, annotator=None, to_authors=True),
        ),
        ("draw_preview", lambda: batch_verdicts.draw_effect(batch)),
        ("draw", lambda: batch_verdicts.draw_more(batch, by=lead, now=timezone.now())),
        (
            "return",
            lambda: batch_verdicts.return_batch(
                batch, annotator=None, to_authors=True, reason="bench", by=lead, now=timezone.now()
            ),
        ),
    )
    with transaction.atomic():
        for name, act in acts:
            start = time.perf_counter()
            act()
            yield f"batch_{name}_{items}", time.perf_counter() - start, "s"
        transaction.set_rollback(True)
