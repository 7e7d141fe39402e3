"""Training: a lead fills the set, an annotator goes through it and may work from then on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.assignments import services as assigning
from annotator.assignments.models import ExclusionReason
from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.gold.judging import is_right
from annotator.items.selectors import item_for, spec_of_item
from annotator.projects import members
from annotator.projects.asked import asked_of
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from annotator.questions.kinds import parse_answers
from annotator.training import services
from annotator.training.models import TrainingAttempt, TrainingItem
from annotator.training.selectors import (
    FinishedAttempt,
    MyTraining,
    known_of_items,
    open_attempt,
    training_item_for,
    training_of,
    usable_items,
)


@dataclass(frozen=True, slots=True)
class KnownThing:
    """One thing that a right answer says; as a finding."""

    letter: str
    key: str
    value: float | None = field(metadata={"help": "Of a mean: its place on the scale, 0 to 1."})


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """How an answer to a question compares with what is known."""

    id: str
    right: bool | None = field(metadata={"help": "null: not answered, or not sure."})
    known: list[KnownThing]


@dataclass(frozen=True, slots=True)
class TrainingFeedback:
    """What was known, whether it was said, what the lead has to say, and what comes next."""

    right: bool
    note: str
    questions: list[JudgedQuestion]
    finished: FinishedAttempt | None
    training: MyTraining


@transaction.atomic
def put_training_item(user: User, item_id: uuid.UUID, *, note: str, now: datetime) -> TrainingItem:
    """Takes a settled item into its project's training set; NotFound, RoleRequired, Conflict."""
    item = item_for(user, item_id, Role.MANAGER)
    row = services.put_item(item, note=note, by=user, now=now)
    target = f"item:{item.pk}"
    record(Verb.TRAINING_ADDED, by=user, now=now, project_id=item.project_id, target=target)
    return row


@transaction.atomic
def drop_training_item(user: User, item_id: uuid.UUID, *, now: datetime) -> None:
    """Takes an item out of the set, with what was answered to it in training."""
    item = item_for(user, item_id, Role.MANAGER)
    project = project_for(user, item.project_id, Role.MANAGER)
    services.drop_item(training_item_for(project, item_id))
    target = f"item:{item.pk}"
    record(Verb.TRAINING_DROPPED, by=user, now=now, project_id=item.project_id, target=target)


@transaction.atomic
def begin_training(user: User, project: Project, *, now: datetime) -> MyTraining:
    """Begins an attempt, or goes on with it. Whoever is shown the set is never given its items."""
    rows = usable_items(project)
    attempt = services.begin(project, user, now=now)
    for row in rows:
        assigning.exclude(row.item, user, reason=ExclusionReason.TRAINING, now=now)
    if not rows:
        _finish(attempt, user, project, among=set(), now=now)
    return training_of(project, user)


@transaction.atomic
def answer_training(
    user: User, project: Project, item_id: uuid.UUID, answers: Mapping[str, Any], *, now: datetime
) -> TrainingFeedback:
    """Judges an answer and says what is known. It counts nowhere but in the attempt.

    Raises NotFound, AnswersInvalid, Conflict where no attempt is under way or it was answered.
    """
    row = training_item_for(project, item_id)
    attempt = open_attempt(project, user)
    if attempt is None:
        raise Conflict(Reason(Code.TRAINING_NOT_BEGUN))
    TrainingAttempt.objects.select_for_update().get(pk=attempt.pk)
    spec = spec_of_item(row.item)
    pieces = parse_answers(answers, asked_of(project, row.item.asked).specs, spec)
    known = known_of_items(project.pk, [item_id]).get(item_id, {})
    right = is_right(pieces, known, spec) is True
    services.keep_answer(attempt, row, answers=answers, right=right, now=now)
    usable = {one.item_id for one in usable_items(project)}
    done = set(attempt.answers.values_list("training_item__item_id", flat=True))
    finished = None
    if usable <= done:
        finished = _finish(attempt, user, project, among=usable, now=now)
    return TrainingFeedback(
        right=right,
        note=row.note,
        questions=[
            JudgedQuestion(
                id=question.key,
                right=is_right(pieces, {question: some}, spec),
                known=[KnownThing(one.letter, one.key, one.value) for one in some],
            )
            for question, some in known.items()
        ],
        finished=finished,
        training=training_of(project, user),
    )


def _finish(
    attempt: TrainingAttempt, user: User, project: Project, *, among: set[uuid.UUID], now: datetime
) -> FinishedAttempt:
    ended = services.finish(attempt, among=among, share=project.training_pass, now=now)
    if ended.passed:
        members.mark_trained(user, project, now=now)
    return FinishedAttempt(
        ended.number, ended.right or 0, ended.of or 0, passed=bool(ended.passed), at=now
    )
