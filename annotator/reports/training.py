"""Training for a lead: the set, how people answered it, and who passed."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from annotator.accounts.models import Role
from annotator.items.selectors import places_of, thumbnail_url
from annotator.projects.models import Membership, Project
from annotator.training.models import TrainingAnswer, TrainingAttempt
from annotator.training.selectors import known_of_items, training_items


@dataclass(frozen=True, slots=True)
class SetItem:
    """An item of the set."""

    item: uuid.UUID
    prompt: str
    thumbnail_urls: list[str]
    note: str
    known: bool = field(metadata={"help": "False: it is asked again; nobody is shown it now."})
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class TrainedPerson:
    """An annotator, with their attempts."""

    id: int
    name: str
    attempts: int = field(metadata={"help": "Finished ones."})
    right: int | None = field(metadata={"help": "In the best of them; null: none is finished."})
    of: int | None
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """A project's training set and its people."""

    required: bool
    pass_share: float
    items: list[SetItem]
    people: list[TrainedPerson]


def training_report(project: Project) -> TrainingReport:
    """The set and everybody who annotates (8 queries)."""
    rows = training_items(project)
    ids = [row.item_id for row in rows]
    places, known = places_of(ids), known_of_items(project.pk, ids)
    given = TrainingAnswer.objects.filter(training_item__in=rows).order_by()
    counts = {
        pk: (n, right)
        for pk, n, right in given.values_list("training_item").annotate(
            n=Count("pk"), good=Count("pk", filter=Q(right=True))
        )
    }
    return TrainingReport(
        required=project.training_required,
        pass_share=project.training_pass,
        items=[
            SetItem(
                item=row.item_id,
                prompt=row.item.prompt,
                thumbnail_urls=[thumbnail_url(place.image_id) for place in places[row.item_id]],
                note=row.note,
                known=row.item_id in known,
                answered=counts.get(row.pk, (0, 0))[0],
                right=counts.get(row.pk, (0, 0))[1],
            )
            for row in rows
        ],
        people=_people(project),
    )


def _people(project: Project) -> list[TrainedPerson]:
    attempts: dict[int, list[TrainingAttempt]] = {}
    for row in TrainingAttempt.objects.filter(project=project, passed__isnull=False):
        attempts.setdefault(row.user_id, []).append(row)
    members = Membership.objects.filter(project=project, role=Role.ANNOTATOR)
    found = []
    for member in members.select_related("user").order_by("user__username"):
        own = attempts.get(member.user_id, [])
        best = max(
            own, key=lambda row: ((row.right or 0) / (row.of or 1), -row.number), default=None
        )
        found.append(
            TrainedPerson(
                id=member.user_id,
                name=member.user.display_name or member.user.username,
                attempts=len(own),
                right=best.right if best else None,
                of=best.of if best else None,
                passed_at=member.trained_at,
            )
        )
    return found
