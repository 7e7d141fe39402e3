"""Boards of rankings: Plackett-Luce strengths, and mean ranks. A ranking is one observation.

Of the best and the worst alone: the same strengths, for nobody told the order of those between, and
in place of mean ranks how much oftener somebody was found the best than the worst.
"""

import numpy as np

from annotator.questions.kinds import KINDS
from annotator.questions.types import BETWEEN
from annotator.reports.boards.shapes import (
    LOWER_IS_BETTER,
    Board,
    Measure,
    apart,
    encounters,
    standings,
    undecided,
)
from annotator.reports.metrics.judged import (
    MOST,
    Dimension,
    Judged,
    JudgedImages,
    Pieces,
    answers_in,
)
from scoring.arrays import Floats, Ints
from scoring.davidson import most_groups
from scoring.plackett_luce import above_table, plackett_luce
from scoring.statistics.cluster_bootstrap import (
    Ratios,
    cluster_ratios,
    clusters_of,
    sums_by_group,
    too_few_prompts,
)
from scoring.statistics.resampling import dense


def board_of_rankings(
    dimension: Dimension, pieces: Pieces, judged: Judged, shown: JudgedImages
) -> Board:
    """Of the pieces, each an image's tier, and of the ranks that they come to."""
    there = np.unique(shown.generator[judged.unit])
    names = [shown.generators[int(each)] for each in there]
    number = np.searchsorted(there, shown.generator)
    item, members, tiers = _rankings(pieces, shown, number)
    clusters = clusters_of(shown.prompt[item], at_most=most_groups(len(names)))
    fitted = plackett_luce(members, tiers, clusters, len(names)) if names else None
    above, level = above_table(members, tiers, len(names))
    if KINDS[dimension.kind].ends_alone:
        measure, scale = Measure.BEST_LESS_WORST, (-1.0, 1.0)
        # Those between were not compared.
        level = np.zeros_like(level)
        found = _best_less_worst(pieces, shown, number, len(names))
    else:
        measure, scale = Measure.MEAN_RANK, (1.0, float(max(1, members.shape[1])))
        found = _mean_ranks(judged, shown, number, len(names))
    higher_is_better = measure not in LOWER_IS_BETTER
    rows = standings(
        names,
        found.means(*scale),
        found.places(larger_is_better=higher_is_better),
        fitted,
        measure=measure,
    )
    not_comparable, groups = apart(fitted, names)
    return Board(
        question=dimension.question_key,
        option="",
        kind=dimension.kind,
        measure=measure,
        higher_is_better=higher_is_better,
        scale=scale,
        answers="accepted",
        items=len(np.unique(item)),
        prompts=clusters.n,
        votes=len(item),
        generators=rows,
        matrix=encounters(names, above, level),
        side=None,
        not_comparable=not_comparable,
        groups=groups,
        no_interval=too_few_prompts(clusters.n) if names else None,
        single=shown.single_among(item),
        undecided=undecided(rows, names, fitted, votes=len(item)),
    )


def _rankings(pieces: Pieces, shown: JudgedImages, number: Ints) -> tuple[Ints, Ints, Floats]:
    """A row a ranking: its item, and by place who made the image (-1: none) and its tier."""
    row = dense(answers_in(pieces))
    size = int(row.max(initial=-1)) + 1
    item = np.zeros(size, np.int64)
    item[row] = pieces.item
    members, tiers = np.full((size, MOST), -1, np.int64), np.zeros((size, MOST))
    members[row, pieces.place] = number[shown.places[pieces.item, pieces.place]]
    tiers[row, pieces.place] = pieces.code
    widest = int((members >= 0).sum(axis=1).max(initial=0))
    return item, members[:, :widest], tiers[:, :widest]


def _mean_ranks(judged: Judged, shown: JudgedImages, number: Ints, n: int) -> Ratios:
    clusters = clusters_of(shown.prompt[judged.item])
    made_by = number[judged.unit]
    above = sums_by_group(clusters, made_by, n, -judged.vote)
    return cluster_ratios(above, sums_by_group(clusters, made_by, n, 1), clusters)


def _best_less_worst(pieces: Pieces, shown: JudgedImages, number: Ints, n: int) -> Ratios:
    """Of all the times that somebody's images were shown: 1 the best, -1 the worst."""
    clusters = clusters_of(shown.prompt[pieces.item])
    made_by = number[shown.places[pieces.item, pieces.place]]
    above = sums_by_group(clusters, made_by, n, BETWEEN - pieces.code)
    return cluster_ratios(above, sums_by_group(clusters, made_by, n, 1), clusters)
