"""Boards of what is said of single images: mean ratings, and shares picked, marked or met."""

from collections.abc import Callable

import numpy as np

from annotator.questions.kinds import KINDS
from annotator.questions.types import Kind
from annotator.reports.boards.shapes import LOWER_IS_BETTER, Board, Measure, apart, standings
from annotator.reports.metrics.judged import Dimension, Judged, JudgedImages
from scoring.arrays import Floats
from scoring.statistics.cluster_bootstrap import (
    cluster_ratios,
    clusters_of,
    sums_by_group,
    too_few_prompts,
)


def board_of_means(dimension: Dimension, judged: Judged, shown: JudgedImages) -> Board:
    """Each answer about each image counts once."""
    measure, counted = _measured(KINDS[dimension.kind])
    there = np.unique(shown.generator[judged.unit])
    names = [shown.generators[int(each)] for each in there]
    made_by = np.searchsorted(there, shown.generator)[judged.unit]
    clusters = clusters_of(shown.prompt[judged.item])
    found = cluster_ratios(
        sums_by_group(clusters, made_by, len(names), counted(judged.vote)),
        sums_by_group(clusters, made_by, len(names), 1),
        clusters,
    )
    is_rating = measure == Measure.MEAN_RATING
    scale = (float(dimension.lowest), float(dimension.highest))
    values = found.means(*scale) if is_rating else found.shares()
    places = found.places(larger_is_better=measure not in LOWER_IS_BETTER)
    not_comparable, groups = apart(None, names)
    several = len(dimension.options) > 1
    return Board(
        question=dimension.question_key,
        option=dimension.options[dimension.option] if several else "",
        kind=dimension.kind,
        measure=measure,
        higher_is_better=measure not in LOWER_IS_BETTER,
        scale=scale if is_rating else None,
        answers="accepted",
        items=len(np.unique(judged.item)),
        prompts=clusters.n,
        votes=len(judged.vote),
        generators=standings(names, values, places, None, measure=measure),
        matrix=[],
        side=None,
        not_comparable=not_comparable,
        groups=groups,
        no_interval=too_few_prompts(clusters.n) if names else None,
        single=shown.single_among(judged.item),
    )


def _measured(kind: Kind) -> tuple[Measure, Callable[[Floats], Floats]]:
    """What is shown of this kind, made of the votes of metrics.judged (more is better there)."""
    if kind.picks:
        return Measure.PICK_SHARE, lambda vote: vote
    if kind.has_scale:
        return Measure.MEAN_RATING, lambda vote: vote
    if kind.has_options:
        measure = Measure.LABELLED_SHARE if kind.one_option else Measure.FLAGGED_SHARE
        return measure, lambda vote: vote
    if kind.needs_checklist:
        return Measure.YES_SHARE, lambda vote: vote
    return Measure.MARKED_SHARE, lambda vote: (vote < 0).astype(np.float64)
