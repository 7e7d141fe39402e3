"""What a project's next round could be drawn from, the rounds so far, and whether to go on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from django.db.models import Count

from annotator.consensus.models import Consensus
from annotator.core.reasons import Code, Reason
from annotator.items.pools import pool_of
from annotator.items.selectors import shows_beside
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import image_bounds, questions_asked
from annotator.questions.kinds import KINDS
from annotator.reports.boards.sides import votes_by_question
from annotator.reports.metrics.judged import Dimension, JudgedImages, dimensions_of, shown_of
from scoring.arrays import Floats
from scoring.designs import posterior
from scoring.stopping import first_place

MOST_ITEMS = 2000
PAIR = 2


class RoundDesign(StrEnum):
    """How a round's pairs are drawn."""

    UNIFORM = "uniform"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class RoundShape:
    """A round that was drawn: its batch."""

    batch: int
    number: int
    name: str
    design: RoundDesign
    state: BatchState
    items: int
    settled: int = field(metadata={"help": "Items that all have answered."})
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FirstShape:
    """Who is first by one question, and how sure that is.

    Each settled item counts as one look, however many people it had: people are alike about one
    pair. So both numbers err on the side of asking on.
    """

    question: str
    title: str
    generator: str
    probability: float = field(metadata={"help": "That no other generator is better."})
    settled: bool = field(
        metadata={"help": "At 95 % against all others, however often somebody has looked."}
    )
    items: int = field(metadata={"help": "Settled so far."})
    more_items: int | None = field(
        metadata={"help": "It may take so many more, drawn like these; null: too close to say."}
    )


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
    overlap: int = field(metadata={"help": "People an item."})
    questions: list[str] = field(metadata={"help": "That an adaptive round can follow."})
    refused: Reason | None = field(metadata={"help": "Why no round can be drawn here."})
    rounds: list[RoundShape]
    first: list[FirstShape]


def rounds_of(project: Project) -> RoundsReport:
    """The pool, the rounds (the newest first), and each question's first place.

    Raises Conflict for a project with too many images.
    """
    pool, refused = pool_of(project), reason_against(project)
    sided = sided_dimensions(project)
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
        first=[] if refused else _first_places(project, sided),
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
    return [
        RoundShape(
            batch=batch.pk,
            number=batch.round or 0,
            name=batch.name,
            design=RoundDesign(batch.pairs),
            state=BatchState(batch.state),
            items=batch.item_count or 0,
            settled=done.get(batch.pk, 0),
            created_at=batch.created_at,
        )
        for batch in batches
    ]


def _first_places(project: Project, sided: list[Dimension]) -> list[FirstShape]:
    shown = shown_of(project)
    found = []
    for dimension in sided:
        names, won = won_of(project, dimension, shown)
        items = round(won.sum())
        if len(names) < 2 or not items:
            continue
        first = first_place(posterior(won))
        found.append(
            FirstShape(
                question=dimension.question_key,
                title=dimension.title,
                generator=names[first.best],
                probability=first.probability,
                settled=first.settled,
                items=items,
                more_items=None if first.more is None else int(np.ceil(first.more * items)),
            )
        )
    return found


def won_of(project: Project, dimension: Dimension, shown: JudgedImages) -> tuple[list[str], Floats]:
    """Generators by name and an (n, n) table of settled items won, a share by each vote (1 query).

    An item counts once in all; ties and "both bad" are half to each.
    """
    numbers = {item: number for number, item in enumerate(shown.items)}
    votes = votes_by_question(project, [dimension.question], numbers)[dimension.question]
    names = sorted(set(shown.generators))
    rank = np.array([names.index(name) for name in shown.generators], np.int64)
    won = np.zeros((len(names), len(names)))
    if not len(votes.item):
        return names, won
    a, b = rank[shown.generator[shown.places[votes.item, :PAIR]]].T
    counts = votes.counts
    for_a = counts[:, 0] + counts[:, 4] + (counts[:, 2] + counts[:, 5]) / 2
    total = counts.sum(axis=1)
    told = (total > 0) & (a != b)
    share = for_a[told] / total[told]
    np.add.at(won, (a[told], b[told]), share)
    np.add.at(won, (b[told], a[told]), 1 - share)
    return names, won
