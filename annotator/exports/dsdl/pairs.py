"""Two images and everybody's choice between them, dimension by dimension."""

from collections.abc import Iterator, Sequence

from annotator.exports.dsdl.language import Struct
from annotator.exports.dsdl.samples import CHOICES, MEDIUM, UID, Job, Names, Sample, Shape, kinds_of
from annotator.exports.formats.types import Questions
from annotator.exports.rows import ItemRow


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


def _samples(job: Job, item: ItemRow) -> Iterator[Sample]:
    choices = [
        {
            "dimension": job.names.questions[question.key],
            "annotator": job.person(answer),
            "choice": CHOICES[answer.pieces[question.key][0].choice],
        }
        for question in job.shard.questions
        if question.kind == "preference"
        for answer in item.standing
        if answer.pieces.get(question.key)
    ]
    if choices:
        images = {f"image_{p.letter}": job.medium(p) for p in item.images}
        yield {**job.head(item), **images, "choices": choices}


PAIRS = Shape(
    "PairPreferenceSample",
    _fits,
    _structs,
    _samples,
    rule="none: everybody's choice, in each dimension",
    fields={"choice": "image_a or image_b: the preferred one; tie, both_bad; unsure: said nothing"},
)
