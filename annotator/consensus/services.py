"""What can be done with consensus: make it, and unmake it when an answer changes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import Exists, OuterRef

from annotator.annotations.models import Annotation
from annotator.annotations.selectors import pieces_of
from annotator.assignments.models import Assignment, AssignmentState
from annotator.consensus.findings import findings
from annotator.consensus.models import Consensus, Finding
from annotator.core.statements import Statement, insert
from annotator.items.models import Item
from annotator.projects.models import Question
from annotator.projects.selectors import spec_of
from annotator.questions.types import ItemSpec

SETTLED = Statement("SELECT 1 FROM consensus_consensus WHERE item_id = %(item)s")


def settle(
    item: Item,
    *,
    annotations: Sequence[Annotation],
    questions: Sequence[Question],
    spec: ItemSpec,
    now: datetime,
) -> Consensus:
    """Writes down what the accepted annotations say together; replaces an earlier consensus."""
    unsettle(item)
    consensus = Consensus.objects.create(
        item=item, project_id=item.project_id, annotations=len(annotations), settled_at=now
    )
    pieces = pieces_of(annotations)
    answers = {
        question: [pieces[annotation.pk][question.pk] for annotation in annotations]
        for question in questions
    }
    insert(
        Finding(consensus=consensus, question=question, **asdict(found))
        for question, given in answers.items()
        for found in findings(given, spec_of(question), spec)
    )
    return consensus


def unsettle(item: Item) -> None:
    """Takes the item's consensus back, if it has one."""
    if SETTLED.row(item=item.pk):
        Consensus.objects.filter(item=item).delete()


def unsettle_unfinished(batch_id: int) -> int:
    """Takes back the consensus of a batch's items that are not accepted (any more) in every slot.

    How many they were. Set by set: a batch may have many thousands.
    """
    unfinished = Assignment.objects.filter(item=OuterRef("item")).exclude(
        state__in=[AssignmentState.ACCEPTED, AssignmentState.REJECTED]
    )
    rows = Consensus.objects.filter(Exists(unfinished), item__batch=batch_id)
    Finding.objects.filter(consensus__in=rows).delete()
    _, by_model = rows.delete()
    return by_model.get(Consensus._meta.label, 0)
