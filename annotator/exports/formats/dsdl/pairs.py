"""Two images and everybody's choice between them, dimension by dimension."""

from collections.abc import Iterator, Sequence

from annotator.exports.aggregate.votes import Questions, answered, choice_of, with_sides
from annotator.exports.formats.dsdl.language import Struct
from annotator.exports.formats.dsdl.layout import (
    CHOICES,
    MEDIUM,
    UID,
    Layout,
    Names,
    Sample,
    Sampling,
    figures_of,
    kinds_of,
)
from annotator.exports.read.items import ExportedItem


def _fits(questions: Questions) -> bool:
    return kinds_of(questions).keys() == {"preference"}


def _structs(names: Names) -> Sequence[Struct]:
    choice = {
        "dimension": "Label[dom=$ddom]",
        "annotator": "Str",
        "choice": "Label[dom=$vdom]",
    }
    fields = {
        **UID,
        "image_a": MEDIUM,
        "image_b": MEDIUM,
        "choices": "List[etype=DimensionChoice[ddom=$ddom, vdom=$vdom]]",
    }
    return (
        Struct("DimensionChoice", ("ddom", "vdom"), choice),
        Struct("PairPreferenceSample", ("gdom", "ddom", "vdom"), fields),
    )


def _samples(sampling: Sampling, item: ExportedItem) -> Iterator[Sample]:
    choices = [
        {
            "dimension": sampling.names.questions[question.key],
            "annotator": sampling.person(annotation),
            "choice": CHOICES[choice_of(annotation, question, item)],
        }
        for question in with_sides(sampling.shard.questions)
        for annotation in answered(item, question)
    ]
    if choices:
        images = {f"image_{image.letter}": sampling.medium(image) for image in item.images}
        fields = {**sampling.head(item), **images, "choices": choices}
        yield Sample(fields, figures_of(item.images))


PAIRS = Layout(
    "PairPreferenceSample",
    _fits,
    _structs,
    _samples,
    rule="none: everybody's choice, in each dimension",
    fields={"choice": "image_a or image_b: the preferred one; tie, both_bad; unsure: said nothing"},
)
