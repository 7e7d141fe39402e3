"""One person's ranking of an item's images, with that person's ratings and issues of each."""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.exports.aggregate.ranks import dense
from annotator.exports.aggregate.votes import Questions, answered, ordered, ranks_of_one
from annotator.exports.formats.dsdl.language import Struct
from annotator.exports.formats.dsdl.layout import (
    MEDIUM,
    UID,
    Fields,
    Layout,
    Names,
    Sample,
    Sampling,
    figures_of,
    flag_name,
    kinds_of,
)
from annotator.exports.read.items import ExportedAnnotation, ExportedItem


def _fits(questions: Questions) -> bool:
    kinds = kinds_of(questions)
    return kinds["ranking"] == 1 and not kinds.keys() - {"ranking", "rating", "flags"}


def _structs(names: Names) -> Sequence[Struct]:
    ratings = dict.fromkeys(names.rating_fields.values(), "Num")
    issues = {"issues": "List[etype=Label[dom=$fdom]]"} if names.flags else {}
    gdom = ("gdom", "fdom") if issues else ("gdom",)
    image = "RankedImage[gdom=$gdom, fdom=$fdom]" if issues else "RankedImage[gdom=$gdom]"
    one = {"media": MEDIUM, "rank": "Int", **ratings, **issues}
    return (
        Struct("RankedImage", gdom, one, (*ratings, *issues)),
        Struct(
            "RankingSample",
            gdom,
            {**UID, "annotator": "Str", "images": f"List[etype={image}]"},
        ),
    )


def _samples(sampling: Sampling, item: ExportedItem) -> Iterator[Sample]:
    (question,) = ordered(sampling.shard.questions)
    for annotation in answered(item, question):
        letters = item.spec.letters
        places = dense(ranks_of_one(annotation, question, item), letters)
        ranks = dict(zip(letters, places, strict=True))
        images = [
            {
                "media": sampling.medium(image),
                "rank": ranks[image.letter],
                **_about(sampling, annotation, image.letter),
            }
            for image in item.images
        ]
        person = sampling.person(annotation)
        fields = {**sampling.head(item), "annotator": person, "images": images}
        yield Sample(fields, figures_of(item.images))


def _about(sampling: Sampling, annotation: ExportedAnnotation, letter: str) -> Fields:
    """One person's ratings and issues of one image."""
    found: dict[str, Any] = {}
    for question in sampling.shard.questions:
        pieces = [p for p in annotation.pieces.get(question.key, ()) if p.letter == letter]
        if question.kind == "rating" and pieces and pieces[0].amount is not None:
            found[sampling.names.rating_fields[question.key]] = pieces[0].amount
        elif question.kind == "flags" and pieces:
            flags = [flag_name(question, p.choice) for p in pieces if p.type == "flag"]
            found.setdefault("issues", []).extend(sampling.names.flags[flag] for flag in flags)
    return found


RANKINGS = Layout(
    "RankingSample",
    _fits,
    _structs,
    _samples,
    rule="none: one sample a person",
    fields={
        "rank": "1 is the best; images that share a place have one rank",
        "*_rating": "on the question's own scale",
        "issues": "what this person says is the matter with the image",
    },
)
