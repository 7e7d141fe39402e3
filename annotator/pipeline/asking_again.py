"""An extra vote that is asked by itself, of an item on which people differ widely."""

from datetime import datetime

from annotator.assignments import services as assigning
from annotator.assignments.models import Assignment, AssignmentState
from annotator.assignments.selectors import UNANSWERED, who_are_left
from annotator.consensus.models import Consensus
from annotator.items.models import Item
from annotator.projects.models import Batch, BatchVerdict, Project

# By the queue, not by hand: nothing is asked again and again.
MOST_EXTRA_VOTES = 3


def ask_again(item: Item, settled: Consensus, project: Project, *, now: datetime) -> None:
    """Opens an extra vote of an item whose people differ as widely as the project says, or wider.

    One at a time, MOST_EXTRA_VOTES in all; of no overridden item and of no signed-off batch, nor
    where everybody has had it. The answer settles the item anew, and this is asked again.
    """
    wide = project.ask_again_from
    if not wide or settled.override_id is not None or (settled.disagreement or 0) < wide:
        return
    extra = Assignment.objects.filter(item=item, extra_vote=True)
    extra = extra.exclude(state=AssignmentState.REJECTED)
    if extra.filter(UNANSWERED).exists() or extra.count() >= MOST_EXTRA_VOTES:
        return
    if Batch.objects.filter(pk=item.batch_id, verdict=BatchVerdict.SIGNED_OFF).exists():
        return
    if who_are_left(project, [item.pk])[item.pk]:
        assigning.open_extra([item], project=project, now=now)
