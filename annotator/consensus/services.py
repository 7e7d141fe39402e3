"""What can be done with consensus: make it, unmake it, put a lead's own answers in its place."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import accepted_answers, pieces_of
from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.disagreement import disagreement
from annotator.consensus.findings import findings
from annotator.consensus.models import Consensus, Finding, Override
from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement, insert
from annotator.items.models import Item
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Question
from annotator.projects.selectors import is_asked, questions_of, spec_of
from annotator.questions.kinds import parse_answers
from annotator.questions.types import ItemSpec, Piece

COUNTED_AT_ONCE = 500

STANDING = Statement(
    """
    SELECT EXISTS (SELECT 1 FROM consensus_consensus WHERE item_id = %(item)s),
           (SELECT id FROM consensus_override WHERE item_id = %(item)s AND withdrawn_at IS NULL)
    """
)


def settle(
    item: Item,
    *,
    annotations: Sequence[Annotation],
    questions: Sequence[Question],
    spec: ItemSpec,
    now: datetime,
) -> Consensus:
    """Writes down what the accepted annotations say together; replaces an earlier consensus.

    Where a lead has overridden the item, the findings are the lead's.
    """
    [(settled, override_id)] = STANDING.rows(item=item.pk)
    if settled:
        Consensus.objects.filter(item=item).delete()
    pieces = pieces_of(annotations)
    answers = {
        question: [pieces[annotation.pk][question.pk] for annotation in annotations]
        for question in questions
    }
    specs = {question: spec_of(question) for question in questions}
    consensus = Consensus.objects.create(
        item=item,
        project_id=item.project_id,
        annotations=len(annotations),
        settled_at=now,
        override_id=override_id,
        disagreement=disagreement({specs[q]: given for q, given in answers.items()}, spec),
    )
    if override_id is not None:
        own = pieces_of_override(Override.objects.get(pk=override_id), questions, spec)
        answers = {question: [list(own.get(question.key, ()))] for question in questions}
    insert(
        Finding(consensus=consensus, question=question, **asdict(found))
        for question, given in answers.items()
        for found in findings(given, specs[question], spec)
    )
    return consensus


def unsettle(item: Item) -> None:
    """Takes the item's consensus back, if it has one."""
    [(settled, _)] = STANDING.rows(item=item.pk)
    if settled:
        Consensus.objects.filter(item=item).delete()


def pieces_of_override(
    override: Override, questions: Sequence[Question], spec: ItemSpec
) -> Mapping[str, Sequence[Piece]]:
    """question key → the pieces of a lead's own answers."""
    return parse_answers(override.answers, [spec_of(question) for question in questions], spec)


def add_override(
    item: Item, *, by: User, answers: Mapping[str, Any], reason: str, now: datetime
) -> Override:
    """Keeps a lead's own answers, which were checked; the earlier one, if any, ends here."""
    Override.objects.filter(item=item, withdrawn_at=None).update(withdrawn_at=now)
    return Override.objects.create(
        item=item, project_id=item.project_id, by=by, answers=answers, reason=reason, at=now
    )


def withdraw_override(item: Item, *, now: datetime) -> Override:
    """Ends it: what people say together counts again. Conflict where there is none."""
    override = Override.objects.filter(item=item, withdrawn_at=None).first()
    if override is None:
        raise Conflict(Reason(Code.NOT_OVERRIDDEN))
    override.withdrawn_at = now
    override.save(update_fields=["withdrawn_at"])
    return override


def count_disagreement(now: datetime) -> int:
    """Fills the column in a stretch of rows that an earlier release has written; how many.

    Safe to repeat and to run twice at once: both count the same.
    """
    rows = Consensus.objects.filter(disagreement=None).select_related("item").order_by("pk")
    some = list(rows[:COUNTED_AT_ONCE])
    found = disagreements_of([row.item for row in some])
    for row in some:
        row.disagreement = found[row.item_id]
        Consensus.objects.filter(pk=row.pk, disagreement=None).update(
            disagreement=found[row.item_id]
        )
    return len(some)


def disagreements_of(items: Sequence[Item]) -> dict[uuid.UUID, float]:
    """item id → how far its accepted annotations differ (3 queries, and 2 a project)."""
    by_item: dict[uuid.UUID, list[uuid.UUID]] = {item.pk: [] for item in items}
    for pk, item_id in accepted_answers().filter(item__in=items).values_list("pk", "item_id"):
        by_item[item_id].append(pk)
    pieces = pieces_of(pk for pks in by_item.values() for pk in pks)
    places = places_of(by_item)
    asked = {pk: questions_of(pk) for pk in {item.project_id for item in items}}
    return {
        item.pk: disagreement(
            {
                spec_of(question): [pieces[pk][question.pk] for pk in by_item[item.pk]]
                for question in asked[item.project_id]
                if is_asked(question, item.asked)
            },
            item_spec(item, (place.letter for place in places[item.pk])),
        )
        for item in items
    }


def unsettle_unfinished(batch_id: int) -> int:
    """Takes back the consensus of a batch's items that are not accepted (any more) in every own
    slot; an extra vote keeps nothing unsettled.

    How many they were. Set by set: a batch may have many thousands.
    """
    own = Assignment.objects.filter(item=OuterRef("item"), extra_vote=False)
    unfinished = own.exclude(
        state__in=[
            AssignmentState.ACCEPTED,
            AssignmentState.REJECTED,
            AssignmentState.WITHDRAWN,
        ]
    )
    rows = Consensus.objects.filter(Exists(unfinished), item__batch=batch_id)
    Finding.objects.filter(consensus__in=rows).delete()
    _, by_model = rows.delete()
    return by_model.get(Consensus._meta.label, 0)
