"""Gold: what a lead makes of it, what an annotator contests, what follows from the test.

What people are given, `gold.drawing` says; an answer is noted where it is stored (`submit`).
"""

import uuid
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.assignments.selectors import answered_in
from annotator.gold import services as golds
from annotator.gold.models import Consequence, GoldAnswer, GoldItem, GoldRule, Ruling
from annotator.gold.rules import stored_rule
from annotator.gold.selectors import paths_of
from annotator.gold.services import RuleSettings
from annotator.items.models import Item
from annotator.items.selectors import item_for
from annotator.items.services import copy_of
from annotator.pipeline import batch_verdicts, standing
from annotator.projects.models import Batch, BatchVerdict, Project
from annotator.projects.selectors import roles_of
from annotator.projects.services import outdate_kept

# A miss longer ago has been acted on, or its workers were away too long to do it unasked.
ACTED_ON = timedelta(days=7)


@transaction.atomic
def make_gold(user: User, item_id: uuid.UUID, *, now: datetime) -> GoldItem:
    """Makes a gold item of a settled one; NotFound, RoleRequired, Conflict."""
    found = item_for(user, item_id, Role.MANAGER)
    item = Item.objects.select_for_update(no_key=True).get(pk=found.pk)
    gold = golds.make(item, copy_of=partial(copy_of, now=now), by=user, now=now)
    record(Verb.GOLD_MADE, by=user, now=now, project_id=item.project_id, target=f"item:{item.pk}")
    return gold


@transaction.atomic
def retire_gold(user: User, gold: GoldItem, *, now: datetime) -> None:
    """Nobody is given it any more, and no answer to it tells for or against anybody."""
    golds.retire(gold, now=now)
    source = gold.item.source_id
    record(Verb.GOLD_RETIRED, by=user, now=now, project_id=gold.project_id, target=f"item:{source}")


@transaction.atomic
def set_gold_rule(user: User, project: Project, settings: RuleSettings, now: datetime) -> GoldRule:
    """Changes how often gold comes and what follows from missing it."""
    row = golds.set_rule(project, settings, by=user)
    outdate_kept(project)
    record(
        Verb.GOLD_SET, by=user, now=now, project_id=project.pk,
        gold_rate=row.gold_rate, repeat_rate=row.repeat_rate, consequence=str(row.consequence),
    )  # fmt: skip
    return row


@transaction.atomic
def contest_miss(user: User, answer: GoldAnswer, *, words: str, now: datetime) -> None:
    """An annotator says why they did not miss it."""
    golds.contest(answer, words=words, now=now)
    record(
        Verb.GOLD_CONTESTED, by=user, now=now, project_id=answer.project_id,
        target=f"annotation:{answer.annotation_id}",
    )  # fmt: skip


@transaction.atomic
def rule_on_miss(user: User, answer: GoldAnswer, *, ruling: Ruling, now: datetime) -> None:
    """A lead voids a miss or lets it stand. What followed from it is for the lead to undo."""
    golds.rule(answer, ruling=ruling, by=user, now=now)
    record(
        Verb.GOLD_RULED, by=user, now=now, project_id=answer.project_id,
        target=f"annotation:{answer.annotation_id}", ruling=str(ruling),
    )  # fmt: skip


def act_on_misses(now: datetime) -> int:
    """Lets follow from the test what each project's lead has set; how many people it stopped.

    Safe to repeat and to run twice at once: a stop is noted once, in the same transaction.
    """
    rows = GoldAnswer.objects.filter(passed=False, at__gt=now - ACTED_ON, stop=None)
    acted = 0
    people = rows.order_by().values_list("project_id", "annotator_id").distinct()
    for project_id, annotator_id in people:
        project = Project.objects.get(pk=project_id)
        rule = stored_rule(project_id)
        path = paths_of(project, rule, annotator_id).get(annotator_id)
        for answer in path.stops() if path else ():
            acted += _stop(project, rule, answer, now=now)
    return acted


@transaction.atomic
def _stop(project: Project, rule: GoldRule, answer: GoldAnswer, *, now: datetime) -> bool:
    if not golds.add_stop(answer, rule.consequence, now=now):
        return False
    user = User.objects.get(pk=answer.annotator_id)
    record(
        Verb.GOLD_STOPPED, by=None, now=now, project_id=project.pk, target=f"user:{user.pk}",
        consequence=str(rule.consequence),
    )  # fmt: skip
    if rule.set_by is None:
        return True
    if rule.consequence == Consequence.PAUSE and Role.ANNOTATOR in roles_of(user, project.pk):
        standing.pause_annotator(project, user, note="", by=rule.set_by, now=now)
    elif rule.consequence == Consequence.RETURN_SHARE:
        _return_share(project, user, by=rule.set_by, now=now)
    return True


def _return_share(project: Project, user: User, *, by: User, now: datetime) -> None:
    """What they have answered goes back, of every batch that nobody has signed off."""
    batches = Batch.objects.filter(project=project, state="done").order_by("pk")
    for batch in batches.exclude(verdict=BatchVerdict.SIGNED_OFF):
        if answered_in(batch.pk, user.pk).exists():
            batch_verdicts.return_batch(
                batch, annotator=user, to_authors=False, reason=RETURNED_BY_TEST, by=by, now=now
            )


RETURNED_BY_TEST = "known answers"
