"""Whose images are preferred, question by question: a board for every kind that says something.

All boards are of one population: accepted answers to settled items. Prompts are the clusters of
every interval, for items of one prompt share images and difficulty.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from annotator.items.grouping import grouping_of, too_many
from annotator.projects.models import Project
from annotator.questions.kinds import KINDS
from annotator.reports.boards.means import board_of_means
from annotator.reports.boards.rankings import board_of_rankings
from annotator.reports.boards.shapes import Board, LeaderboardReport
from annotator.reports.boards.sides import (
    board_of_sides,
    outcomes_by_question,
    votes_by_question,
)
from annotator.reports.metrics.judged import (
    Dimension,
    Flags,
    JudgedImages,
    Pieces,
    dimensions_of,
    judged,
    pieces_of,
    shown_of,
)


def leaderboard_report_of(project: Project, by: str = "") -> LeaderboardReport:
    """All boards of a project, in the questions' order (3 queries, 2 for all questions between
    sides, 1 for each other question; 1 more to group). Raises Invalid for what there is not.
    """
    grouping = grouping_of(project, by)
    dimensions, shown = dimensions_of(project), shown_of(project, grouping)
    parted = shown.generators if shown.group is None else shown.groups
    if (why := too_many(grouping, parted)) is not None:
        return LeaderboardReport([], why)
    sided = [each for each in dimensions if each.of_pairs]
    boards = {each.key: found for each, found in _of_sides(project, sided, shown)}
    pieces: dict[int, Pieces] = {}
    for dimension in dimensions:
        if dimension.of_pairs:
            continue
        if dimension.question not in pieces:
            # One question's answers at a time are in memory; its flags are read together.
            pieces = {dimension.question: pieces_of(project, dimension, shown)}
        boards[dimension.key] = _of_images(dimension, pieces[dimension.question], shown)
    return LeaderboardReport([board for each in dimensions for board in boards[each.key]])


def board_of_preferences(project: Project, dimension: Dimension, shown: JudgedImages) -> Board:
    """The board of one question between two sides (2 queries)."""
    [(_, [board])] = _of_sides(project, [dimension], shown)
    return board


def _of_sides(
    project: Project, dimensions: list[Dimension], shown: JudgedImages
) -> list[tuple[Dimension, list[Board]]]:
    if not dimensions:
        return []
    questions = [each.question for each in dimensions]
    numbers = {item: number for number, item in enumerate(shown.items)}
    votes = votes_by_question(project, questions, numbers)
    outcomes = outcomes_by_question(project, questions, numbers)

    def board(each: Dimension, items: Flags) -> Board:
        some, settled = votes[each.question].within(items), outcomes[each.question].within(items)
        return board_of_sides(each, some, settled, shown)

    return [(each, _by_part(shown, partial(board, each))) for each in dimensions]


def _of_images(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> list[Board]:
    def board(items: Flags) -> Board:
        some = pieces.within(items)
        found = judged(dimension, some, shown)
        if KINDS[dimension.kind].level == "ordinal":
            return board_of_rankings(dimension, some, found, shown)
        return board_of_means(dimension, found, shown)

    return _by_part(shown, board)


def _by_part(shown: JudgedImages, board: Callable[[Flags], Board]) -> list[Board]:
    """One board of all items; or one a group, by its name, those without a value last."""
    if shown.group is None:
        return [board(np.ones(len(shown.items), bool))]
    order = sorted(range(len(shown.groups)), key=lambda i: (not shown.groups[i], shown.groups[i]))
    return [replace(board(shown.group == i), part=shown.groups[i]) for i in order]
