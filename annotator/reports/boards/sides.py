"""Boards of questions between two sides: items won, and strengths from votes.

The unit of wins and ties is the settled item: an item is a win for the side that more than half of
everybody preferred; tie, both bad and no majority are ties; items that most could not judge are
skipped. Strengths are of the single votes of the accepted answers to these items, which know who
stood left. An item that shows one generator twice says nothing.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, Q
from scipy.special import expit

from annotator.annotations.selectors import accepted_answers, counting_pieces
from annotator.consensus.models import Finding
from annotator.projects.models import Project
from annotator.reports.boards.fragile import fragile
from annotator.reports.boards.shapes import (
    Board,
    Counted,
    Measure,
    SideEffect,
    apart,
    encounters,
    standings,
    undecided,
)
from annotator.reports.metrics.judged import Dimension, Flags, JudgedImages
from annotator.reports.reading import every_row
from scoring.arrays import Floats, Ints
from scoring.davidson import SidedStrengths, SidedVotes, davidson, most_groups, sided_votes
from scoring.statistics.cluster_bootstrap import (
    Ratios,
    cluster_ratios,
    clusters_of,
    sums_by_group,
    too_few_prompts,
)
from scoring.statistics.estimate import Estimate
from scoring.votes import as_choice, share_of_a

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class SideVotes:
    """Votes of one question, a row an item: ``item`` (rows,) and ``counts`` (rows, 6).

    Of a left of b: a, b and neither preferred; of b left of a: b, a and neither.
    """

    item: Ints
    counts: Floats

    def within(self, items: Flags) -> "SideVotes":
        """Those about the items that are chosen, (items,)."""
        return SideVotes(self.item[items[self.item]], self.counts[items[self.item]])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What settled items say: ``item`` (rows,) and ``share`` (rows,) of a: 1, ½ or 0."""

    item: Ints
    share: Floats

    def within(self, items: Flags) -> "Outcomes":
        """Those of the items that are chosen, (items,)."""
        return Outcomes(self.item[items[self.item]], self.share[items[self.item]])


def votes_by_question(
    project: Project, questions: Sequence[int], numbers: Mapping[UUID, int]
) -> dict[int, SideVotes]:
    """Of items by number; others are passed over (1 query)."""
    answers = counting_pieces(accepted_answers().filter(assignment__project=project))
    rows = answers.filter(question_id__in=questions).values_list(
        "question_id", "annotation__item_id"
    )
    neither = Q(choice__in=["tie", "both_bad"])
    counted = rows.annotate(
        **{
            f"{left}_left_{number}": Count(
                "pk", filter=Q(annotation__shown_order__startswith=left) & outcome
            )
            for left, right in ("ab", "ba")
            for number, outcome in enumerate((Q(choice=left), Q(choice=right), neither))
        }
    )
    found = {question: (array("q"), array("d")) for question in questions}
    for question, item, *counts in every_row(counted):
        if item in numbers:
            found[question][0].append(numbers[item])
            found[question][1].extend(counts)
    return {
        question: SideVotes(np.array(items, np.int64), np.array(counts, np.float64).reshape(-1, 6))
        for question, (items, counts) in found.items()
    }


def outcomes_by_question(
    project: Project, questions: Sequence[int], numbers: Mapping[UUID, int]
) -> dict[int, Outcomes]:
    """Of items by number; those that most could not judge are left out (1 query)."""
    rows = Finding.objects.filter(consensus__project=project, question_id__in=questions)
    decided = rows.values_list("question_id", "consensus__item_id").annotate(
        key=Max("key", filter=Q(decided=True))
    )
    found = {question: (array("q"), array("d")) for question in questions}
    for question, item, key in every_row(decided.order_by()):
        share = EVEN if key is None else share_of_a(as_choice(key))
        if share is not None and item in numbers:
            found[question][0].append(numbers[item])
            found[question][1].append(share)
    return {
        question: Outcomes(np.array(items, np.int64), np.array(shares, np.float64))
        for question, (items, shares) in found.items()
    }


def board_of_sides(
    dimension: Dimension, votes: SideVotes, outcomes: Outcomes, shown: JudgedImages
) -> Board:
    """Win rates of items, strengths of votes."""
    made_by = shown.generator[shown.places[:, :2]]
    different = made_by[:, 0] != made_by[:, 1]
    judged = different[votes.item]
    votes = SideVotes(votes.item[judged], votes.counts[judged])
    settled = different[outcomes.item]
    outcomes = Outcomes(outcomes.item[settled], outcomes.share[settled])
    there = np.unique(made_by[np.concatenate([votes.item, outcomes.item])])
    names = [shown.generators[int(each)] for each in there]
    pair = np.searchsorted(there, made_by)
    prompt = shown.prompt
    won = _won(outcomes, pair, len(names))
    rows_of_items = _rows(votes, pair)
    sided = _sided(rows_of_items, prompt, len(names)) if names else None
    fitted = davidson(sided) if sided else None
    strengths = fitted.strengths if isinstance(fitted, SidedStrengths) else fitted
    rates = _rates(outcomes, pair, shown, len(names))
    rows = standings(
        names,
        rates.shares(),
        rates.places(),
        strengths,
        _counted(won),
        measure=Measure.WIN_RATE,
    )
    not_comparable, groups = apart(strengths, names)
    return Board(
        question=dimension.question_key,
        option="",
        kind=dimension.kind,
        measure=Measure.WIN_RATE,
        higher_is_better=True,
        scale=None,
        answers="accepted",
        items=len(outcomes.item),
        prompts=len(np.unique(prompt[outcomes.item])),
        votes=int(votes.counts.sum()),
        generators=rows,
        matrix=encounters(names, *won),
        side=_side(fitted.side) if isinstance(fitted, SidedStrengths) else None,
        not_comparable=not_comparable,
        groups=groups,
        no_interval=too_few_prompts(rates.clusters.n) if names else None,
        weighed=drawn_among(outcomes, shown),
        single=shown.single_among(outcomes.item),
        undecided=undecided(rows, names, strengths, votes=int(votes.counts.sum())),
        fragile=fragile(sided, rows_of_items, names, shown.items) if sided else None,
    )


def _won(outcomes: Outcomes, pair: Ints, n: int) -> tuple[Floats, Floats]:
    """(n, n) of how often each was preferred to each, and how often neither was."""
    wins, ties = np.zeros((2, n, n))
    a, b = pair[outcomes.item].T
    for one, other, share in ((a, b, outcomes.share), (b, a, 1 - outcomes.share)):
        cell = one * n + other
        wins += np.bincount(cell[share == 1], minlength=n * n).reshape(n, n)
        ties += np.bincount(cell[share == EVEN], minlength=n * n).reshape(n, n)
    return wins, ties


def _counted(won: tuple[Floats, Floats]) -> list[Counted]:
    wins, ties = won
    return [
        Counted(int(wins[i].sum()), int(ties[i].sum()), int(wins[:, i].sum()))
        for i in range(len(wins))
    ]


def drawn_among(outcomes: Outcomes, shown: JudgedImages) -> int:
    """How many of the items a round has drawn."""
    return 0 if shown.drawn_in is None else int((shown.drawn_in[outcomes.item] > 0).sum())


def _rates(outcomes: Outcomes, pair: Ints, shown: JudgedImages, n: int) -> Ratios:
    """(wins + ties / 2) / n of each generator, over prompts, as if all pairs were as likely."""
    a, b = pair[outcomes.item].T
    clusters = clusters_of(shown.prompt[outcomes.item])
    weight = np.ones(len(shown.items)) if shown.weight is None else shown.weight
    each = weight[outcomes.item]
    above = sums_by_group(clusters, a, n, each * outcomes.share)
    above += sums_by_group(clusters, b, n, each * (1 - outcomes.share))
    below = sums_by_group(clusters, a, n, each) + sums_by_group(clusters, b, n, each)
    counted = np.bincount(np.concatenate([a, b]), minlength=n).astype(np.int64)
    return replace(cluster_ratios(above, below, clusters), n=counted)


def _rows(votes: SideVotes, pair: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    """A row an item and way round: its number, who stood left and right, (rows, 3) counts."""
    a, b = pair[votes.item].T
    left, right = np.concatenate([a, b]), np.concatenate([b, a])
    counts = np.concatenate([votes.counts[:, :3], votes.counts[:, 3:]])
    return np.tile(votes.item, 2), left, right, counts


def _sided(rows: tuple[Ints, Ints, Ints, Floats], prompt: Ints, n: int) -> SidedVotes:
    item, left, right, counts = rows
    clusters = clusters_of(prompt[item], at_most=most_groups(n))
    return sided_votes(left, right, counts, clusters, n)


def _side(side: Estimate) -> SideEffect:
    """δ as a share: of two equal images the left one is preferred at odds of e^δ."""
    between = side.interval
    return SideEffect(
        left_share=None if side.value is None else float(expit(side.value)),
        interval=None if between is None else (float(expit(between[0])), float(expit(between[1]))),
        n=side.n,
        undefined=side.undefined,
    )
