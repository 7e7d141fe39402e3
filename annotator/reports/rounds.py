"""What a project's next round could be drawn from, the rounds so far, and whether to go on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Count

from annotator.consensus.models import Consensus
from annotator.core.reasons import Code, Reason
from annotator.items.overlaps import singles_in
from annotator.items.pools import pool_of
from annotator.items.selectors import shows_beside
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import image_bounds, questions_asked
from annotator.questions.kinds import KINDS
from annotator.reports.counts import counts_of
from annotator.reports.first_places import PAIR, FirstShape, Pace, first_places, pace_of
from annotator.reports.metrics.judged import Dimension, dimensions_of

MOST_ITEMS = 2000


class RoundDesign(StrEnum):
    """How a round's pairs are drawn."""

    UNIFORM = "uniform"
    ADAPTIVE = "adaptive"


class RoundMode(StrEnum):
    """How many people a round's items have: all, or one each, with a fifth of the items for all."""

    FULL = "full"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class RoundShape:
    """A round that was drawn: its batch."""

    batch: int
    number: int
    name: str
    design: RoundDesign
    state: BatchState
    items: int
    single: int = field(metadata={"help": "Items that take one person each."})
    settled: int = field(metadata={"help": "Items that all have answered."})
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RoundsReport:
    """The pool of a project's images, and its rounds."""

    images: int = field(metadata={"help": "That can be drawn; equal ones count once."})
    prompts: int
    generators: list[str]
    possible: int = field(metadata={"help": "Pairs of one prompt and two generators."})
    asked: int
    left: int
    most_items: int = field(metadata={"help": "In one round."})
    overlap: int = field(metadata={"help": "People an item, unless it takes one."})
    questions: list[str] = field(metadata={"help": "That an adaptive round can follow."})
    refused: Reason | None = field(metadata={"help": "Why no round can be drawn here."})
    rounds: list[RoundShape]
    first: list[FirstShape]
    pace: Pace
    planned: int = field(metadata={"help": "Items put to people, in rounds and uploads."})
    open: int = field(metadata={"help": "Of these, such as are not settled."})


def rounds_of(project: Project, *, now: datetime) -> RoundsReport:
    """The pool, the rounds (the newest first), and each question's first place.

    Raises Conflict for a project with too many images.
    """
    pool, refused = pool_of(project), reason_against(project)
    sided, pace = sided_dimensions(project), pace_of(project, now=now)
    totals = counts_of([project.pk])[project.pk]
    return RoundsReport(
        images=len(pool.images),
        prompts=pool.prompts,
        generators=pool.generators,
        possible=pool.possible,
        asked=pool.possible - len(pool.left),
        left=len(pool.left),
        most_items=MOST_ITEMS,
        overlap=project.overlap,
        questions=[each.question_key for each in sided],
        refused=refused,
        rounds=_rounds(project),
        first=[] if refused else first_places(project, sided, pace, now=now),
        pace=pace,
        planned=totals.items,
        open=totals.items - totals.settled,
    )


def reason_against(project: Project) -> Reason | None:
    """Why no rounds can be drawn in this project; None where they can."""
    bounds = image_bounds(project)
    kinds = [KINDS[each.kind] for each in questions_asked(project.pk)]
    fits = bounds.fewest <= PAIR <= bounds.most and any(kind.sides for kind in kinds)
    if not fits or any(kind.needs_checklist for kind in kinds) or shows_beside(project):
        return Reason(Code.ROUND_NOT_OF_PAIRS)
    return None


def sided_dimensions(project: Project) -> list[Dimension]:
    """Questions between two sides, which an adaptive round can follow."""
    return [each for each in dimensions_of(project) if each.of_pairs]


def _rounds(project: Project) -> list[RoundShape]:
    batches = Batch.objects.filter(project=project, round__isnull=False)
    batches = batches.exclude(state=BatchState.DELETING).order_by("-round", "-pk")
    settled = Consensus.objects.filter(item__batch__in=batches.order_by(), item__excluded_at=None)
    done = dict(settled.values_list("item__batch").annotate(n=Count("pk")))
    single = singles_in([batch.pk for batch in batches])
    return [
        RoundShape(
            batch=batch.pk,
            number=batch.round or 0,
            name=batch.name,
            design=RoundDesign(batch.pairs),
            state=BatchState(batch.state),
            items=batch.item_count or 0,
            single=single.get(batch.pk, 0),
            settled=done.get(batch.pk, 0),
            created_at=batch.created_at,
        )
        for batch in batches
    ]
