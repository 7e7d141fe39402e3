"""Regions that people drew: who drew what on an image, as pixels."""

from collections.abc import Sequence

from annotator.exports.aggregate.votes import Questions
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.questions.regions import drawn_on, shape_of
from annotator.questions.types import Piece, QuestionSpec
from scoring.masks import Mask
from scoring.regions import Size, rasterise

Drawn = tuple[ExportedAnnotation, Sequence[Piece]]


def regions_asked(questions: Questions) -> list[QuestionSpec]:
    """The questions that ask for regions."""
    return [question for question in questions if question.kind == "regions"]


def drawn_by(item: ExportedItem, key: str, letter: str) -> list[Drawn]:
    """Everybody whose answer counts, with their regions on one image; none for no flaw seen."""
    each = ((one, drawn_on(one.pieces.get(key, ()), letter)) for one in item.counting)
    return [(annotation, drawn) for annotation, drawn in each if drawn is not None]


def mask_of(drawn: Sequence[Piece], image: ExportedImage, size: Size | None = None) -> Mask:
    """All that these regions cover together, bool (height, width); of the image's own size."""
    own = image.width, image.height
    shapes = [shape_of(piece) for piece in drawn]
    return rasterise(shapes, size or own, aspect=image.width / image.height)


def of_flaw(drawn: Sequence[Piece], flaw: str, question: QuestionSpec) -> list[Piece]:
    """Those of the regions that show this flaw, or one below it in the tree."""
    return [piece for piece in drawn if flaw in question.implied([piece.choice])]
