"""RichHF's image: marks, maps, words and mean ratings."""

from collections.abc import Iterator, Sequence

from annotator.exports.aggregate.maps import people_of, png_of
from annotator.exports.aggregate.numbers import unit_ratings
from annotator.exports.aggregate.votes import Questions, answered, of_kinds
from annotator.exports.aggregate.words import word_votes
from annotator.exports.formats.dsdl.language import Struct
from annotator.exports.formats.dsdl.layout import (
    MEDIUM,
    UID,
    Fields,
    Layout,
    Names,
    Sample,
    Sampling,
    kinds_of,
)
from annotator.exports.formats.heatmaps import map_name
from annotator.exports.formats.options import drawing_of
from annotator.exports.formats.richhf import ASKED, MAPS, SCORES
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.rows import Figure

FIELDS = {key: key for key in SCORES.values()} | {"alignment": "text_alignment"}


def _fits(questions: Questions) -> bool:
    asked = {q.key: q.kind for q in questions if q.kind not in ("words", "comment")}
    return asked == ASKED and kinds_of(questions)["words"] == 1


def _structs(names: Names) -> Sequence[Struct]:
    mark = {"point": "Coord", "kind": "Label[dom=$kdom]", "annotator": "Str"}
    scores = dict.fromkeys(FIELDS.values(), "Num")
    maps = dict.fromkeys(MAPS, "Image")
    fields = {
        **UID,
        "media": MEDIUM,
        "tokens": "List[etype=Str]",
        "token_labels": "List[etype=Int]",
        **scores,
        "marks": "List[etype=MarkedPoint[kdom=$kdom]]",
        **maps,
    }
    return (
        Struct("MarkedPoint", ("kdom",), mark),
        Struct("RichSample", ("gdom", "kdom"), fields, ("token_labels", *scores, *maps)),
    )


def _samples(sampling: Sampling, item: ExportedItem) -> Iterator[Sample]:
    if not item.counting:
        return
    labels = _labels(sampling, item)
    for image in item.images:
        maps = _maps(sampling, item, image)
        names = {field: f"{map_name(item, image, MAPS[field])}.png" for field in maps}
        fields = {
            **sampling.head(item),
            "media": sampling.medium(image),
            "tokens": list(item.tokens),
            **labels,
            **_mean_ratings(sampling, item, image),
            "marks": _marks(sampling, item, image),
            **names,
        }
        figures = [Figure(field, image, map=png) for field, png in maps.items()]
        files = {names[field]: png for field, png in maps.items()}
        yield Sample(fields, figures or [Figure("media", image)], files)


def _labels(sampling: Sampling, item: ExportedItem) -> Fields:
    (question,) = of_kinds(sampling.shard.questions, ("words",))
    if not answered(item, question):
        return {}
    misaligned = word_votes(item, question).misaligned
    return {"token_labels": [int(at not in misaligned) for at in range(len(item.tokens))]}


def _mean_ratings(sampling: Sampling, item: ExportedItem, image: ExportedImage) -> Fields:
    given = {
        FIELDS[question.key]: unit_ratings(item, question, image.letter)
        for question in of_kinds(sampling.shard.questions, ("rating",))
    }
    return {field: sum(one) / len(one) for field, one in given.items() if one}


def _marks(sampling: Sampling, item: ExportedItem, image: ExportedImage) -> list[Fields]:
    return [
        {
            "point": [x * image.width, y * image.height],
            "kind": sampling.names.marks[flaw],
            "annotator": sampling.person(annotation),
        }
        for flaw in MAPS.values()
        for annotation, points in people_of(item, flaw, image.letter)
        for x, y in points
    ]


def _maps(sampling: Sampling, item: ExportedItem, image: ExportedImage) -> dict[str, bytes]:
    """PNGs by field, of the flaws that anybody answered."""
    drawing = drawing_of(sampling.shard.options)
    people = {field: people_of(item, flaw, image.letter) for field, flaw in MAPS.items()}
    return {
        field: png_of(drawing.map_of([marks for _, marks in each]))
        for field, each in people.items()
        if each
    }


RICH = Layout(
    "RichSample",
    _fits,
    _structs,
    _samples,
    rule="ratings: mean of (rating - min) / (max - min); a word is misaligned (0) if more than "
    "half say so, else 1; marks: everybody's; maps: the maximum within a person, the mean over "
    "people",
)
