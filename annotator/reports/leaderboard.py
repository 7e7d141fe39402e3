"""Whose images are preferred, question by question: a board for every kind that says something.

All boards are of one population: accepted answers to settled items. Prompts are the clusters of
every interval, for items of one prompt share images and difficulty.
"""

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
    JudgedImages,
    Pieces,
    dimensions_of,
    judged,
    pieces_of,
    shown_of,
)


def leaderboard_report_of(project: Project) -> LeaderboardReport:
    """All boards of a project, in the questions' order (3 queries, 2 for all questions between
    sides, 1 for each other question).
    """
    dimensions, shown = dimensions_of(project), shown_of(project)
    sided = [each for each in dimensions if each.of_pairs]
    boards = {each.key: board for each, board in _of_sides(project, sided, shown)}
    pieces: dict[int, Pieces] = {}
    for dimension in dimensions:
        if dimension.of_pairs:
            continue
        if dimension.question not in pieces:
            # One question's answers at a time are in memory; its flags are read together.
            pieces = {dimension.question: pieces_of(project, dimension, shown)}
        boards[dimension.key] = _of_images(dimension, pieces[dimension.question], shown)
    return LeaderboardReport([boards[each.key] for each in dimensions])


def board_of_preferences(project: Project, dimension: Dimension, shown: JudgedImages) -> Board:
    """The board of one question between two sides (2 queries)."""
    [(_, board)] = _of_sides(project, [dimension], shown)
    return board


def _of_sides(
    project: Project, dimensions: list[Dimension], shown: JudgedImages
) -> list[tuple[Dimension, Board]]:
    if not dimensions:
        return []
    questions = [each.question for each in dimensions]
    numbers = {item: number for number, item in enumerate(shown.items)}
    votes = votes_by_question(project, questions, numbers)
    outcomes = outcomes_by_question(project, questions, numbers)
    return [
        (each, board_of_sides(each, votes[each.question], outcomes[each.question], shown))
        for each in dimensions
    ]


def _of_images(dimension: Dimension, pieces: Pieces, shown: JudgedImages) -> Board:
    found = judged(dimension, pieces, shown)
    if KINDS[dimension.kind].level == "ordinal":
        return board_of_rankings(dimension, pieces, found, shown)
    return board_of_means(dimension, found, shown)
