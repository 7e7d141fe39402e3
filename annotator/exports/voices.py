"""What people say of one image, as numbers: each type of question becomes columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from annotator.exports.formats.types import Questions
from annotator.exports.rows import Answer, ItemRow
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec

Voices = Mapping[str, float]
"""What one person's answer to one question says of an image: column → value."""


def people_columns(questions: Questions) -> dict[str, str]:
    """The people's columns in words; a question's `.n` counts the answers behind its others."""
    found: dict[str, str] = {}
    for question in questions:
        columns = KINDS[question.kind].columns(question)
        if columns:
            found |= {f"{question.key}.{name}": words for name, words in columns.items()}
            if KINDS[question.kind].level == "interval":
                found[f"{question.key}.spread"] = "highest less lowest rating of an item, the mean"
            found[f"{question.key}.n"] = "answers behind it"
    return found


def said_of(
    item: ItemRow, letter: str, questions: Questions
) -> Iterator[tuple[QuestionSpec, Answer, Voices]]:
    """Everything that the answers which count say of this image."""
    for question in questions:
        for answer in item.standing:
            pieces = answer.pieces.get(question.key)
            numbers = pieces and KINDS[question.kind].numbers(pieces, question, item.spec, letter)
            if numbers:
                voices = {f"{question.key}.{name}": value for name, value in numbers.items()}
                yield question, answer, voices


def spreads_of(item: ItemRow, letter: str, questions: Questions) -> Iterator[tuple[str, float]]:
    """The highest less the lowest rating of this image in this item: column → value."""
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    rated = [question for question in questions if KINDS[question.kind].level == "interval"]
    for question, _, voices in said_of(item, letter, rated):
        ratings[question.key].append(voices[f"{question.key}.mean"])
    for key, given in ratings.items():
        yield f"{key}.spread", max(given) - min(given)
