"""What can be done with consensus: make it, and unmake it when an answer changes."""

from collections.abc import Sequence
from datetime import datetime

from annotator.annotations.models import Annotation
from annotator.annotations.selectors import pieces_of
from annotator.consensus.models import Consensus, Finding
from annotator.items.models import Item
from annotator.projects.models import Question
from annotator.projects.selectors import spec_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import ItemSpec


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
    findings: list[Finding] = []
    for question in questions:
        answers = [pieces[annotation.pk][question.pk] for annotation in annotations]
        answered = [answer for answer in answers if answer]
        if not answered:
            continue
        findings.extend(
            Finding(
                consensus=consensus,
                question=question,
                letter=found.letter,
                key=found.key,
                votes=found.votes,
                of=found.of,
                value=found.value,
                decided=found.decided,
            )
            for found in KINDS[question.kind].combine(answered, spec_of(question), spec)
        )
    Finding.objects.bulk_create(findings)
    return consensus


def unsettle(item: Item) -> None:
    """Takes the item's consensus back, if it has one."""
    Consensus.objects.filter(item=item).delete()
