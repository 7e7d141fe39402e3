"""RichHF's image: marks, maps, words and mean ratings."""

from collections.abc import Iterator, Sequence

from annotator.exports.dsdl.language import Struct
from annotator.exports.dsdl.samples import MEDIUM, UID, Job, Names, Sample, Shape, kinds_of
from annotator.exports.formats.heatmaps import name_of
from annotator.exports.formats.richhf import MAPS, SCORES, ratings, word_votes
from annotator.exports.formats.types import Questions
from annotator.exports.maps import Wanted, drawing, people_of, png_of
from annotator.exports.rows import ExportedImage, ItemRow

FIELDS = {key: key for key in SCORES.values()} | {"alignment": "text_alignment"}


def _fits(questions: Questions) -> bool:
    asked = {q.key: q.kind for q in questions if q.kind not in ("words", "comment")}
    rich = {**dict.fromkeys(MAPS.values(), "marks"), **dict.fromkeys(SCORES.values(), "rating")}
    return asked == rich and kinds_of(questions)["words"] == 1


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


def _samples(job: Job, item: ItemRow) -> Iterator[Sample]:
    if not item.standing:
        return
    labels = _labels(job, item)
    for image in item.images:
        yield {
            **job.head(item),
            "media": job.medium(image),
            "tokens": list(item.tokens),
            **labels,
            **_mean_ratings(job, item, image),
            "marks": _marks(job, item, image),
            **_maps(job, item, image),
        }


def _labels(job: Job, item: ItemRow) -> Sample:
    (question,) = (q for q in job.shard.questions if q.kind == "words")
    if not any(answer.pieces.get(question.key) for answer in item.standing):
        return {}
    misaligned = word_votes(job.shard.questions, item).misaligned
    return {"token_labels": [int(at not in misaligned) for at in range(len(item.tokens))]}


def _mean_ratings(job: Job, item: ItemRow, image: ExportedImage) -> Sample:
    given = {
        FIELDS[question.key]: ratings(question, item, image)
        for question in job.shard.questions
        if question.kind == "rating"
    }
    return {field: sum(one) / len(one) for field, one in given.items() if one}


def _marks(job: Job, item: ItemRow, image: ExportedImage) -> list[Sample]:
    return [
        {
            "point": [x * image.width, y * image.height],
            "kind": job.names.marks[flaw],
            "annotator": job.person(answer),
        }
        for flaw in MAPS.values()
        for answer, points in people_of(item, flaw, image.letter)
        for x, y in points
    ]


def _maps(job: Job, item: ItemRow, image: ExportedImage) -> Sample:
    found = {}
    for field, flaw in MAPS.items():
        wanted = Wanted(item, image, flaw, people_of(item, flaw, image.letter))
        if wanted.people:
            found[field] = f"{name_of(wanted)}.png"
            job.shard.file(found[field], png_of(drawing(job.options).map_of(wanted.marks)))
    return found


RICH = Shape(
    "RichSample",
    _fits,
    _structs,
    _samples,
    rule="ratings: mean of (rating - min) / (max - min); a word is misaligned (0) if more than "
    "half say so, else 1; marks: everybody's; maps: the maximum within a person, the mean over "
    "people",
)
