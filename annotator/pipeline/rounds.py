"""Rounds: pairs of images that are in the project already, drawn by a design and put to people."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import Max

from annotator.accounts.models import User
from annotator.core.errors import Conflict, Invalid, KeyReused
from annotator.core.idempotency import check_key
from annotator.core.reasons import Code, Reason
from annotator.ingest.rounds import DrawnPair, make_drawn
from annotator.items.models import ItemImage
from annotator.items.overlaps import ALONE, SHARE_OF_ALL, singles_in
from annotator.items.pools import Pair, pool_of
from annotator.pipeline import open_batch
from annotator.pipeline.holdings import counts_of_holdings, holdings_of_batch
from annotator.projects import batches, removals
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Batch, BatchState, Project, Removal
from annotator.reports.first_places import won_of
from annotator.reports.metrics.judged import shown_of
from annotator.reports.rounds import (
    MOST_ITEMS,
    RoundDesign,
    RoundMode,
    reason_against,
    sided_dimensions,
)
from scoring.arrays import Floats
from scoring.designs import FLOOR, chances, drawn, gains, posterior


@transaction.atomic
def draw_round(
    *,
    project: Project,
    user: User,
    items: int,
    design: RoundDesign,
    mode: RoundMode = RoundMode.FULL,
    question: str = "",
    now: datetime,
    key: str = "",
) -> Batch:
    """Draws so many pairs that nobody was asked about, and opens them as a batch of their own.

    Each item keeps how likely it was to be drawn. An adaptive round follows a `question`. For
    evaluation each item takes one person, but a fifth of them, drawn at random, all that the
    project asks. With a `key` that was sent before it is the round of then. Raises Conflict for a
    project whose items are no pairs, and for more pairs than there are; Invalid for a question that
    is none, and for evaluation where one person is asked anyhow; KeyReused.
    """
    asked = _Asked(items, design, mode)
    if before := _drawn_before(project, user, key, asked):
        return before
    # Two rounds take turns, and no batch whose images are drawn is deleted meanwhile.
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if before := _drawn_before(project, user, key, asked):
        return before
    refuse_if_archived(project)
    if (against := reason_against(project)) is not None:
        raise Conflict(against)
    if mode is RoundMode.EVALUATION and project.overlap == ALONE:
        raise Invalid(fields={"mode": Reason(Code.ROUND_ONE_PERSON)})
    left = pool_of(project).left
    if not 0 < items <= min(len(left), MOST_ITEMS):
        raise Conflict(Reason(Code.ROUND_FEW_PAIRS, items=items, left=min(len(left), MOST_ITEMS)))
    if design is RoundDesign.ADAPTIVE:
        chance = chances(_gains(project, question, left), items, floor=FLOOR)
    else:
        chance = chances(np.ones(len(left)), items, floor=1.0)
    rounds = Batch.objects.filter(project=project).aggregate(last=Max("round"))
    batch = batches.begin_round(
        project=project,
        user=user,
        number=(rounds["last"] or 0) + 1,
        design=design,
        question=question,
        mode=mode,
        items=items,
        now=now,
        key=key,
    )
    rng = _random(batch)
    chosen = drawn(chance, rng)
    alone = _alone(items, rng) if mode is RoundMode.EVALUATION else frozenset()
    make_drawn(
        batch,
        [
            DrawnPair(left[i][0].id, left[i][1].id, float(chance[i]), ALONE if n in alone else None)
            for n, i in enumerate(chosen)
        ],
    )
    return open_batch(batch, now=now)


class _Asked(NamedTuple):
    """What makes two requests by one key the same."""

    items: int
    design: RoundDesign
    mode: RoundMode


def _alone(items: int, rng: np.random.Generator) -> frozenset[int]:
    """Which of so many items take one person each: all but a fifth, rounded."""
    of_all = rng.choice(items, size=round(items * SHARE_OF_ALL), replace=False)
    return frozenset(range(items)) - frozenset(of_all.tolist())


def _drawn_before(project: Project, user: User, key: str, asked: _Asked) -> Batch | None:
    """The round that was asked for by the key. Raises KeyReused where that was something else."""
    if key:
        check_key(key)
    before = batches.announced(project=project, user=user, key=key)
    if before is None:
        return None
    mode = RoundMode.EVALUATION if singles_in([before.pk]) else RoundMode.FULL
    was = (before.item_count, before.pairs, mode)
    if before.round is None or was != asked or before.state == BatchState.DELETING:
        raise KeyReused
    return before


def _gains(project: Project, question: str, left: Sequence[Pair]) -> Floats:
    """(pairs,): what one more look at each is worth by what was said to the question so far."""
    sided = {each.question_key: each for each in sided_dimensions(project)}
    if question not in sided:
        others = tuple(sorted(sided))
        raise Invalid(fields={"question": Reason(Code.ROUND_NO_SUCH_QUESTION, questions=others)})
    seen, won = won_of(project, sided[question], shown_of(project))
    names = [*seen, *sorted({image.generator for pair in left for image in pair} - set(seen))]
    table = np.zeros((len(names), len(names)))
    table[: len(seen), : len(seen)] = won
    number = {name: i for i, name in enumerate(names)}
    pairs = np.array([[number[image.generator] for image in pair] for pair in left])
    found: Floats = gains(posterior(table))[pairs[:, 0], pairs[:, 1]]
    return found


def _random(batch: Batch) -> np.random.Generator:
    """Chance of the round's own, keyed by the project's secret."""
    secret = hashlib.sha256(f"{batch.project.seed}:{batch.pk}:round".encode()).digest()
    return np.random.default_rng(int.from_bytes(secret))


@transaction.atomic
def delete_batch(batch: Batch, *, name: str | None, by: User, now: datetime) -> Removal:
    """Asks for a batch to be taken away; see removals.request_batch_removal.

    Conflict, too, where another batch's items show its images: that one has to go first.
    """
    counts = counts_of_holdings(holdings_of_batch(batch))
    removal = removals.request_batch_removal(batch, name=name, counts=counts, by=by, now=now)
    shown = ItemImage.in_any_role.filter(image__batch=batch).exclude(item__batch=batch)
    found = shown.order_by("item__batch").values_list("item__batch__name", flat=True).first()
    if found is not None:
        raise Conflict(Reason(Code.ROUND_SHOWS_ITS_IMAGES, name=found))
    return removal
