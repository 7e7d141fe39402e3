"""What people say of one image, as numbers: columns as each kind of question has them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from annotator.exports.aggregate.votes import Questions, answered, rated
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.checklist import SKILL
from annotator.questions.kinds import KINDS
from annotator.questions.types import Numbers, QuestionSpec


def number_columns(questions: Questions, skills: Iterable[str] = ()) -> dict[str, str]:
    """The columns in words; a question's `.n` counts the answers behind its others.

    `skills`: of the rows of checklists, each has a column.
    """
    found: dict[str, str] = {}
    for question in questions:
        columns = KINDS[question.kind].columns(question)
        if columns:
            found |= {f"{question.key}.{name}": words for name, words in columns.items()}
            if KINDS[question.kind].needs_checklist:
                found |= {
                    f"{question.key}.{SKILL}{skill}": f"the same, of rows about “{skill}”"
                    for skill in skills
                }
            if KINDS[question.kind].level == "interval":
                found[f"{question.key}.spread"] = "highest less lowest rating of an item, the mean"
            found[f"{question.key}.n"] = "answers behind it"
    return found


def numbers_of(
    item: ExportedItem, letter: str, questions: Questions
) -> Iterator[tuple[QuestionSpec, ExportedAnnotation, Numbers]]:
    """Everything that the answers which count say of this image: column → value."""
    for question in questions:
        for annotation in answered(item, question):
            pieces = annotation.pieces[question.key]
            numbers = KINDS[question.kind].numbers(pieces, question, item.spec, letter)
            if numbers:
                found = {f"{question.key}.{name}": value for name, value in numbers.items()}
                yield question, annotation, found


def spreads_of(
    item: ExportedItem, letter: str, questions: Questions
) -> Iterator[tuple[str, float]]:
    """The highest less the lowest rating of this image in this item: column → value."""
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    for question, _, numbers in numbers_of(item, letter, rated(questions)):
        if (rating := numbers.get(f"{question.key}.mean")) is not None:
            ratings[question.key].append(rating)
    for key, given in ratings.items():
        yield f"{key}.spread", max(given) - min(given)


def rating_of(annotation: ExportedAnnotation, question: QuestionSpec, letter: str) -> float | None:
    """One person's rating of an image; None of who gave none, or says that none applies."""
    pieces = annotation.pieces.get(question.key, ())
    return next((p.amount for p in pieces if p.letter == letter), None)


def unit_ratings(item: ExportedItem, question: QuestionSpec, letter: str) -> list[float]:
    """Each person's rating of the image on a scale from 0 to 1."""
    low, high = question.scale_min or 0, question.scale_max or 1
    given = (rating_of(annotation, question, letter) for annotation in item.counting)
    return [(rating - low) / (high - low) for rating in given if rating is not None]
