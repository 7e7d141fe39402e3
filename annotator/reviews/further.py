"""What would be drawn of a batch besides: up to another rate, and up to each annotator's floor."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.assignments.models import Assignment, AssignmentState
from annotator.items.models import Item
from annotator.projects.models import Batch
from annotator.reviews.models import Review
from annotator.reviews.sampling import draw_for_floor, ranked, sample_size

LIVE = (AssignmentState.SUBMITTED, AssignmentState.ACCEPTED)
ANSWERED = (*LIVE, AssignmentState.REJECTED)


@dataclass(frozen=True, slots=True)
class FurtherDraw:
    """Items not drawn yet → how likely each was, and whether it is for a floor alone.

    `share`: of the batch's items that are drawn at its rate then; `now_of_share`: those that were
    drawn for a floor and lie in it now. `short`: annotators of whom too few answers are drawn now.
    """

    items: Mapping[str, tuple[float, bool]]
    share: float
    now_of_share: frozenset[uuid.UUID]
    short: int


def further_draw(batch: Batch, *, rate: float, floor: int) -> FurtherDraw:
    """What a rate and a floor ask for beyond what is drawn; never less than that (3 queries)."""
    ids = [str(pk) for pk in Item.objects.filter(batch=batch).values_list("pk", flat=True)]
    rows = Review.objects.filter(batch=batch).values_list("item_id", "for_floor")
    drawn = {str(pk): for_floor for pk, for_floor in rows}
    secret = batch.project.seed
    size = max(sample_size(len(ids), rate), sum(not extra for extra in drawn.values()))
    of_share = ranked(ids, secret=secret)[:size]
    share = size / len(ids) if ids else 0.0
    before = {*drawn, *of_share}
    answered = _answered(batch, drawn)
    besides = draw_for_floor(answered, drawn=before, floor=floor, secret=secret)
    items = {name: (share, False) for name in of_share if name not in drawn}
    for name, likely in besides.items():
        items[name] = (share + (1 - share) * likely, True)
    return FurtherDraw(
        items=items,
        share=share,
        now_of_share=frozenset(uuid.UUID(name) for name in of_share if drawn.get(name)),
        short=_short(answered, drawn, floor),
    )


def _short(answered: Mapping[int, list[str]], drawn: Mapping[str, bool], floor: int) -> int:
    return sum(
        sum(name in drawn for name in items) < min(floor, len(items)) for items in answered.values()
    )


def _answered(batch: Batch, drawn: Mapping[str, bool]) -> dict[int, list[str]]:
    """annotator → items whose answer of theirs stands, or was looked at and rejected."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(item__batch=batch, state__in=ANSWERED)
    for annotator, item, state in rows.values_list("annotator_id", "item_id", "state"):
        if state in LIVE or str(item) in drawn:
            found[annotator].append(str(item))
    return {annotator: sorted(set(items)) for annotator, items in found.items()}
