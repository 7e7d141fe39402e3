"""What can be done with a training set: fill it, go through it."""

import math
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from annotator.accounts.models import User
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.projects.models import Project
from annotator.training.models import TrainingAnswer, TrainingAttempt, TrainingItem
from annotator.training.selectors import known_of_items, open_attempt

LONGEST_NOTE = 2000


def put_item(item: Item, *, note: str, by: User, now: datetime) -> TrainingItem:
    """Takes a settled item into the set, or gives it another note.

    Invalid for a long note, Conflict for an item that is excluded or of which nothing is unanimous.
    """
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": Reason(Code.TEXT_TOO_LONG, max=LONGEST_NOTE)})
    known = known_of_items(item.project_id, [item.pk])
    if item.excluded_at is not None or item.pk not in known:
        raise Conflict(Reason(Code.GOLD_CONTESTED))
    row, _ = TrainingItem.objects.update_or_create(
        item=item,
        defaults={"note": note.strip()},
        create_defaults={
            "project_id": item.project_id, "note": note.strip(), "added_by": by, "added_at": now,
        },
    )  # fmt: skip
    return row


def drop_item(row: TrainingItem) -> None:
    """Takes an item out of the set. Conflict for the last one where nobody works untrained."""
    others = TrainingItem.objects.filter(project=row.project_id).exclude(pk=row.pk)
    if row.project.training_required and not others.exists():
        raise Conflict(Reason(Code.TRAINING_EMPTY))
    row.delete()


def has_items(project: Project) -> bool:
    """Whether there is a set."""
    return TrainingItem.objects.filter(project=project).exists()


def begin(project: Project, user: User, *, now: datetime) -> TrainingAttempt:
    """Somebody's next attempt; the one that they are in, where they are in one."""
    if found := open_attempt(project, user):
        return found
    number = TrainingAttempt.objects.filter(project=project, user=user).count() + 1
    return TrainingAttempt.objects.create(project=project, user=user, number=number, began_at=now)


def keep_answer(
    attempt: TrainingAttempt,
    row: TrainingItem,
    *,
    answers: Mapping[str, Any],
    right: bool,
    now: datetime,
) -> None:
    """Keeps an answer; Conflict for one that was given already, for what is known now is seen."""
    _, created = TrainingAnswer.objects.get_or_create(
        attempt=attempt,
        training_item=row,
        defaults={"answers": dict(answers), "right": right, "at": now},
    )
    if not created:
        raise Conflict(Reason(Code.TRAINING_ANSWERED))


def finish(
    attempt: TrainingAttempt, *, among: set[uuid.UUID], share: float, now: datetime
) -> TrainingAttempt:
    """Ends an attempt with its score over the items of the set; `share` of them right passes."""
    given = attempt.answers.filter(training_item__item__in=among).values_list("right", flat=True)
    attempt.of = len(given)
    attempt.right = sum(given)
    # 0.8 of 5 are 4, whatever floats make of it.
    attempt.passed = attempt.right >= math.ceil(round(share * attempt.of, 6))
    attempt.finished_at = now
    attempt.save(update_fields=["of", "right", "passed", "finished_at"])
    return attempt
