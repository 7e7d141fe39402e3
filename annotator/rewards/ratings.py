"""What people gave each image, as reward models learn from it."""

from collections.abc import Iterator

from annotator.exports.aggregate.votes import Questions, answered
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.questions.kinds import KINDS, votes_of
from scoring.rewards.ratings import RatingRow


def rating(questions: Questions) -> Questions:
    """The questions that give each image a number."""
    return tuple(question for question in questions if KINDS[question.kind].rates)


def ratings_in(
    item: ExportedItem, questions: Questions
) -> Iterator[tuple[RatingRow, ExportedImage]]:
    """A row an image and question that rates; images are called by their ids."""
    for question in rating(questions):
        given: dict[str, list[tuple[int, float]]] = {image.letter: [] for image in item.images}
        for annotation in answered(item, question):
            for unit, value in votes_of(annotation.pieces[question.key], question, item.spec):
                given[unit.letter].append((annotation.annotator_id, float(value)))
        for image in item.images:
            if given[image.letter]:
                row = {
                    "prompt": item.prompt,
                    "dimension": question.key,
                    "item": item.id,
                    "image": image.id,
                    "ratings": given[image.letter],
                }
                yield row, image
