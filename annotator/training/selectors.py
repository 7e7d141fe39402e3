"""What can be asked of training: what is known of the set, and how far somebody is in it."""

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import Role, User
from annotator.assignments.selectors import Shown
from annotator.core.errors import NotFound
from annotator.gold import selectors as gold
from annotator.gold.judging import Truth
from annotator.items.models import Item
from annotator.items.selectors import ShownItem, judged, places_in_any_role, shown_item
from annotator.projects.models import Membership, Project
from annotator.projects.selectors import spec_of
from annotator.questions.types import QuestionSpec
from annotator.training.models import TrainingAttempt, TrainingItem

Known = Mapping[QuestionSpec, Sequence[Truth]]


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """The next item of an attempt."""

    id: uuid.UUID
    item: ShownItem
    shown: Shown
    asked: int


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt under way."""

    number: int
    done: int
    right: int


@dataclass(frozen=True, slots=True)
class FinishedAttempt:
    """An attempt that came to its end."""

    number: int
    right: int
    of: int
    passed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MyTraining:
    """A project's training set as somebody goes through it."""

    required: bool = field(metadata={"help": "Nobody is given work here before they pass."})
    pass_share: float = field(metadata={"help": "Share of right answers that passes, 0 to 1."})
    passed_at: datetime | None
    items: int
    attempt: OpenAttempt | None
    task: TrainingTask | None
    finished: list[FinishedAttempt] = field(metadata={"help": "The newest first."})


def known_of_items(project_id: int, item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """item id → what is known of it; only those of which anything is (3 queries)."""
    found = gold.known_of_items(project_id, item_ids)
    return {
        item: {spec_of(question): some for question, some in told.items()}
        for item, told in found.items()
    }


def training_items(project: Project) -> list[TrainingItem]:
    """The set in its order; what is excluded meanwhile is out of it (1 query)."""
    rows = TrainingItem.objects.filter(project=project, item__excluded_at=None)
    return list(rows.select_related("item").order_by("pk"))


def usable_items(project: Project) -> list[TrainingItem]:
    """Those of which something is still known: a set's item may be asked again (4 queries)."""
    rows = training_items(project)
    known = known_of_items(project.pk, [row.item_id for row in rows])
    return [row for row in rows if row.item_id in known]


def training_item_for(project: Project, item_id: uuid.UUID) -> TrainingItem:
    """An item of the project's set; NotFound."""
    found = TrainingItem.objects.select_related("item").filter(project=project, item=item_id)
    row = found.first()
    if row is None:
        raise NotFound
    return row


def open_attempt(project: Project, user: User) -> TrainingAttempt | None:
    """The attempt that this person is in."""
    return TrainingAttempt.objects.filter(project=project, user=user, finished_at=None).first()


def training_of(project: Project, user: User) -> MyTraining:
    """How far this person is in the project's training (11 queries at most)."""
    usable = usable_items(project)
    attempt = open_attempt(project, user)
    answered = dict(attempt.answers.values_list("training_item_id", "right")) if attempt else {}
    left = [row for row in usable if row.pk not in answered]
    finished = TrainingAttempt.objects.filter(project=project, user=user, passed__isnull=False)
    membership = Membership.objects.filter(project=project, user=user, role=Role.ANNOTATOR).first()
    return MyTraining(
        required=project.training_required,
        pass_share=project.training_pass,
        passed_at=membership.trained_at if membership else None,
        items=len(usable),
        attempt=OpenAttempt(attempt.number, len(answered), sum(map(bool, answered.values())))
        if attempt
        else None,
        task=_task(left[0].item, user, project) if attempt and left else None,
        finished=[
            FinishedAttempt(row.number, row.right or 0, row.of or 0, bool(row.passed), at)
            for row in finished.order_by("-number")
            if (at := row.finished_at)
        ],
    )


def _task(item: Item, user: User, project: Project) -> TrainingTask:
    places = places_in_any_role([item.pk])[item.pk]
    order = [place.letter for place in judged(places)]
    # Keyed by a secret, and the same however often one looks.
    random.Random(f"{project.seed}:{user.pk}:{item.pk}").shuffle(order)  # noqa: S311
    return TrainingTask(
        id=item.pk,
        item=shown_item(item, places),
        shown=Shown(order),
        asked=item.asked or project.asked,
    )
