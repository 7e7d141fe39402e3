"""How far the annotations of an item differ: one number from 0 to 1, by which a lead sorts."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import fmean

from annotator.questions.kinds import KINDS, compared
from annotator.questions.types import ItemSpec, Piece, QuestionSpec, Vote
from scoring.disagreement import names_apart, numbers_apart, ranks_apart, sets_apart

Person = Sequence[Vote]


def disagreement(
    answers: Mapping[QuestionSpec, Sequence[Sequence[Piece]]], item: ItemSpec
) -> float:
    """The mean over the questions that two people at least have answered; 0 where there is none.

    Of a question the mean over what it is about (the item, each image, each row that two people
    were asked). Names that differ, sets of flags or words by Jaccard, numbers by their scale, ranks
    by Kendall: scoring/disagreement.py.
    """
    found = [of_question(given, question, item) for question, given in answers.items()]
    numbers = [each for each in found if each is not None]
    # The columns are compared with a fresh count: the last digits of a mean are no difference.
    return round(fmean(numbers), 9) if numbers else 0.0


def of_question(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> float | None:
    """The same of one question; None where fewer than two have answered, or nothing compares."""
    level = KINDS[question.kind].level
    people = [compared(pieces, question, item) for pieces in answers if pieces]
    if level is None or len(people) < 2:
        return None
    if level == "ordinal":
        return ranks_apart(
            [{vote.unit.letter: float(vote.value) for vote in own} for own in people]
        )
    letters = sorted({vote.unit.letter for person in people for vote in person})
    each = [_about(letter, people, question) for letter in letters]
    numbers = [one for one in each if one is not None]
    return fmean(numbers) if numbers else None


def _about(letter: str, people: Sequence[Person], question: QuestionSpec) -> float | None:
    """Of one image, or of the item where the letter is empty."""
    kind = KINDS[question.kind]
    own = [[vote for vote in person if vote.unit.letter == letter] for person in people]
    judges = [votes for votes in own if votes]
    if len(judges) < 2:
        return None
    if kind.level == "interval" or kind.grade:
        length = float(question.length)
        return fmean(
            numbers_apart(list(map(float, values)), length=length) for values in _units(judges)
        )
    if all(isinstance(vote.value, bool) for votes in judges for vote in votes):
        return sets_apart([{vote.unit.key for vote in votes if vote.value} for votes in judges])
    named = [names_apart(list(map(str, values)), kind.abstentions) for values in _units(judges)]
    return fmean(named) if named else None


def _units(judges: Sequence[Person]) -> list[list[str | bool | float]]:
    """By unit, what two people at least have said."""
    votes = sorted((vote for person in judges for vote in person), key=lambda vote: vote.unit)
    units = groupby(votes, key=lambda vote: vote.unit)
    values = ([vote.value for vote in group] for _, group in units)
    return [each for each in values if len(each) > 1]
