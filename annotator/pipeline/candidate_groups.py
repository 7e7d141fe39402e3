"""Groups of candidates: a training loop asks people, and is told when they or the time are done.

A group is a batch whose slots stand in front of the queue. When it ends, its items that lack
answers are excluded, as by a lead: what was answered stays, nobody is given the rest, reports and
exports leave them out, and an answer that is on its way is kept as an extra. A lead may include
them again, and gets the answers that were not given in time.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from random import Random

from django.db import transaction

from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.assignments import services as assigning
from annotator.assignments.selectors import answered_in_batch
from annotator.core.errors import Conflict, Invalid, StaleState, TooLarge
from annotator.core.reasons import Code, Reason
from annotator.groups import services as groups
from annotator.groups.models import CandidateGroup, GroupState
from annotator.groups.packing import NewGroup, items_among, packed
from annotator.groups.selectors import group_of_batch, waiting_groups
from annotator.ingest import uploads
from annotator.items import services as storing
from annotator.items.models import Item
from annotator.pipeline import events
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import image_bounds, questions_asked
from annotator.questions.kinds import KINDS
from annotator.questions.types import MOST_IMAGES
from annotator.reports import services as reports
from annotator.reports.groups import group_outcome
from annotator.webhooks import services as webhooks
from annotator.webhooks.models import WebhookEvent

FEWEST_CANDIDATES = 2
MOST_BYTES = 128 * 1024**2
# As why an item is excluded.
ENDED = "its group has ended"


def refuse_too_large(size: int) -> None:
    """Raises TooLarge for images of so many bytes together, before they are in memory."""
    if size > MOST_BYTES:
        raise TooLarge(Reason(Code.GROUP_TOO_LARGE, max=MOST_BYTES // 1024**2))


@transaction.atomic
def ask_group(
    project: Project, new: NewGroup, *, by: User, key: str = "", now: datetime
) -> CandidateGroup:
    """Puts candidates to people, and returns the group that waits for them.

    With a `key` that was sent before it is the group of then. Raises Invalid, TooLarge, Conflict;
    KeyReused where the key stood for something else.
    """
    token = uuid.uuid5(uuid.NAMESPACE_OID, f"{by.pk}:{key}" if key else uuid.uuid4().hex).hex
    items = items_among(len(new.images), image_bounds(project), Random(token))  # noqa: S311
    least, most = _checked(project, new, items=len(items))
    archive = packed(new, items, token)
    batch = uploads.begin_upload(
        project=project,
        user=by,
        name=_name_of(new),
        filename=f"group-{new.digest[:32]}.zip",
        size=len(archive),
        pairs="",
        step=new.step,
        key=key,
    )
    before = group_of_batch(batch)
    if before is not None:
        return before
    uploads.receive(batch, offset=0, data=archive)
    group = groups.add_group(batch, new, items=len(items), least=least, most=most, by=by, now=now)
    record(
        Verb.GROUP_ASKED, by=by, now=now, project_id=project.pk, target=f"group:{group.pk}",
        candidates=len(new.images), step=new.step,
    )  # fmt: skip
    return group


def _checked(project: Project, new: NewGroup, *, items: int) -> tuple[int, int]:
    """The fewest and the most answers an item. Raises Invalid and Conflict."""
    if not FEWEST_CANDIDATES <= len(new.images) <= MOST_IMAGES:
        bounds = {"min": FEWEST_CANDIDATES, "max": MOST_IMAGES}
        raise Invalid(fields={"images": Reason(Code.GROUP_CANDIDATES, **bounds)})
    if new.names and len(new.names) != len(new.images):
        raise Invalid(fields={"names": Reason(Code.GROUP_NAMES, count=len(new.images))})
    if not any(KINDS[question.kind].ranks for question in questions_asked(project.pk)):
        raise Conflict(Reason(Code.GROUP_NOT_COMPARED))
    if not items:
        raise Conflict(Reason(Code.GROUP_DOES_NOT_FIT, count=len(new.images)))
    most = project.overlap if new.most is None else new.most
    least = min(most, project.overlap) if new.least is None else new.least
    if not 1 <= least <= most <= project.overlap:
        fields = {"most" if most > project.overlap else "least"}
        why = Reason(Code.GROUP_ANSWERS, max=project.overlap)
        raise Invalid(fields=dict.fromkeys(fields, why))
    return least, most


def _name_of(new: NewGroup) -> str:
    step = "" if new.step is None else f"{new.step} · "
    return f"{step}{' '.join(new.prompt.split())}"[:100] or "group"


def first_position(batch: Batch, *, now: datetime) -> int:
    """Where in the queue a batch's slots begin: those of a group in front (1 query)."""
    group = group_of_batch(batch)
    if group is None:
        return assigning.queue_position(now)
    return assigning.front_position(group.deadline)


def end_groups(now: datetime) -> None:
    """Ends the groups whose time is up, or that have all their answers. Called by the sweep."""
    for group in waiting_groups(now):
        end_if_due(group, now=now)


def end_of_batch(batch: Batch, *, now: datetime) -> None:
    """A batch is with people: too late for a group that is over, or without all its images."""
    group = group_of_batch(batch)
    if group is None:
        return
    group.batch, group.project = batch, batch.project
    if group.state == GroupState.WAITING:
        end_if_due(group, now=now)
    else:
        with transaction.atomic():
            _close(group, now=now)


def end_if_due(group: CandidateGroup, *, now: datetime) -> CandidateGroup:
    """The group as it is now, ended where it is to be."""
    if group.state != GroupState.WAITING or _due(group, _answers(group), now=now) is None:
        return group
    try:
        return _end(group, now=now)
    except StaleState:
        group.refresh_from_db()
        return group


def _answers(group: CandidateGroup) -> Counter[uuid.UUID]:
    """Each item's answers so far; 0 of one that has none (2 queries)."""
    items = Item.objects.filter(batch=group.batch_id).values_list("pk", flat=True)
    found = Counter(dict.fromkeys(items, 0))
    found.update(answered_in_batch(group.batch_id))
    return found


def _due(
    group: CandidateGroup, answers: Mapping[uuid.UUID, int], *, now: datetime
) -> GroupState | None:
    """How the group ends now; None: not yet."""
    state = group.batch.state
    if state == BatchState.FAILED or (state == BatchState.DONE and len(answers) < group.items):
        return GroupState.FAILED
    fewest = min(answers.values(), default=0) if state == BatchState.DONE else 0
    if fewest >= group.most:
        return GroupState.WHOLE
    if now < group.deadline:
        return None
    return GroupState.PARTIAL if fewest >= group.least else GroupState.EXPIRED


@transaction.atomic
def _end(group: CandidateGroup, *, now: datetime) -> CandidateGroup:
    """Raises StaleState where somebody else has ended it."""
    answers = _close(group, now=now)
    state = _due(group, answers, now=now)
    if state is None:
        transaction.set_rollback(True)
        return group
    groups.end_group(group, state, now=now)
    record(
        Verb.GROUP_ENDED, by=None, now=now, project_id=group.project_id,
        target=f"group:{group.pk}", state=state.value, step=group.batch.step,
    )  # fmt: skip
    webhooks.note(group.project_id, WebhookEvent.GROUP_DONE, asdict(group_outcome(group)), now=now)
    reports.outdate(group.project_id)
    events.tell_if_done(group.project, now=now)
    return group


def _close(group: CandidateGroup, *, now: datetime) -> Counter[uuid.UUID]:
    """Gives nobody any more what lacks answers; each item's answers.

    Who answers locks the item: what is counted here stays so.
    """
    rows = Item.objects.filter(batch=group.batch_id).order_by("pk")
    items = list(rows.select_for_update(no_key=True))
    answers = _answers(group)
    for item in items:
        if answers[item.pk] < group.project.overlap:
            if item.excluded_at is None:
                storing.exclude(item, by=None, reason=ENDED, now=now)
            assigning.withdraw_slots(item, actor=None, now=now)
    return answers
