"""One person's ranking of an item's images, with that person's ratings and issues of each."""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.exports.dsdl.language import Struct
from annotator.exports.dsdl.samples import (
    MEDIUM,
    UID,
    Job,
    Names,
    Sample,
    Shape,
    flag_name,
    kinds_of,
)
from annotator.exports.formats.types import Questions
from annotator.exports.pairs import tiers_of
from annotator.exports.rows import Answer, ItemRow


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


def _samples(job: Job, item: ItemRow) -> Iterator[Sample]:
    (question,) = (q for q in job.shard.questions if q.kind == "ranking")
    for answer in item.standing:
        if not answer.pieces.get(question.key):
            continue
        tiers = tiers_of(item, answer, question)
        ranks = {letter: rank for rank, tier in enumerate(tiers, 1) for letter in tier}
        images = [
            {
                "media": job.medium(image),
                "rank": ranks[image.letter],
                **_said_of(job, answer, image.letter),
            }
            for image in item.images
        ]
        yield {**job.head(item), "annotator": job.person(answer), "images": images}


def _said_of(job: Job, answer: Answer, letter: str) -> Sample:
    """One person's ratings and issues of one image."""
    found: dict[str, Any] = {}
    for question in job.shard.questions:
        pieces = [p for p in answer.pieces.get(question.key, ()) if p.letter == letter]
        if question.kind == "rating" and pieces:
            found[job.names.rating_fields[question.key]] = pieces[0].number
        elif question.kind == "flags" and pieces:
            flags = [flag_name(question, p.choice) for p in pieces if p.type == "flag"]
            found.setdefault("issues", []).extend(job.names.flags[flag] for flag in flags)
    return found


RANKINGS = Shape(
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
