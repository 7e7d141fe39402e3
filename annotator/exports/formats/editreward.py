"""`editreward`: pairs of results of one edit, as EditReward's training reads them.

Source: TIGER-AI-Lab/EditReward, the README of its training: `path1` is always the preferred one,
two dimensions of 1 to 4 and their sum as overall; a pair whose sums are equal is a `tie_case`. Of
those its authors make two rows where each result is ahead in one dimension, one row a dimension's
better result first. `confidence` has to be a number where a threshold is set. Its loader
(EditReward/dataset/pairwise_edit_dataset.py at edb027e) learns soft labels from `choice_dist`, and
passes over rows where that has no votes, as none says more of a tie than half for each.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.numbers import rating_of
from annotator.exports.aggregate.votes import Questions, rated
from annotator.exports.formats import options
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.options import ExportOption, Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import (
    ExportRow,
    Figure,
    ImageOutcome,
    Skip,
    Skipped,
    picked,
)
from annotator.questions.types import QuestionSpec
from scoring.votes import judges_needed

LOW, HIGH = 1, 4
# Option → the question that it is unless another is chosen.
DIMENSIONS = {"dim1": "instruction_following", "dim2": "visual_quality"}
# Means that are nearer than this are equal: thirds don't add up in binary.
SAME = 1e-9

SCHEMA = {
    "{train,valid,test}.json": {
        "prompt": "the instruction",
        "path_src": "what was edited, from this folder",
        "path1, path2": "the better result and the other, from this folder",
        "model1, model2": "their generators",
        "model1_dim1_score, model1_dim2_score": "the mean of everybody's ratings of path1, from "
        "1 to 4, by the options dim1 and dim2; model2_… of path2",
        "model1_overall_score, model2_overall_score": "their sums, from 2 to 8",
        "confidence": "share of people whose own sums are higher for path1, an equal one half, "
        "from 0.5 to 1; of a tie_case 0.5",
        "choice_dist": "people whose own sums are higher for path1 and for path2, an equal one "
        "half of each; of a tie_case all are",
        "tie_case": "true: equal sums. Where each result is ahead in one dimension there are two "
        "rows, once each result as path1",
    }
}
SNIPPET = """\
import json, os
os.chdir("THIS_FOLDER")
row = json.load(open("train.json", encoding="utf-8"))[0]
print(row["path_src"], row["prompt"], row["path1"], "is better than", row["path2"])"""
README = [
    "EditReward opens paths as they stand, and **leaves out rows whose files are missing without a",
    "word**: start it in this folder, with `train_json_list: [train.json]`. `confidence` is a",
    "number in every row, so that `confidence_threshold` can be set; ties have 0.5.",
]


def four_points(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The ratings from 1 to 4."""
    return tuple(one for one in rated(questions) if (one.scale_min, one.scale_max) == (LOW, HIGH))


def misfit(questions: Questions) -> Reason | None:
    """It needs two of them."""
    return None if len(four_points(questions)) > 1 else Reason(Code.NO_FOUR_POINTS)


def dimensions(questions: Questions) -> tuple[ExportOption, ...]:
    """Which ratings are its two dimensions."""
    keys = [one.key for one in four_points(questions)]
    return tuple(
        options.question(name, keys, usual if usual in keys else keys[place])
        for place, (name, usual) in enumerate(DIMENSIONS.items())
        if len(keys) > 1
    )


def asked(questions: Questions, chosen: Options) -> tuple[QuestionSpec, ...]:
    """The two, the first one first."""
    by_key = {one.key: one for one in questions}
    return tuple(by_key[chosen.text(name)] for name in DIMENSIONS)


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """Each pair of results of an edit."""
    for item in shard.items:
        for first, second in combinations(item.images, 2):
            yield from _pair(shard, item, first, second)


def _pair(
    shard: Shard, item: ExportedItem, first: ExportedImage, second: ExportedImage
) -> Iterator[ExportRow | Skip]:
    key = shard.asked[0].key
    source = item.source
    if source is None:
        yield Skip(Skipped.NO_SOURCE, key)
        return
    people = [_ratings(shard, one, first, second) for one in item.counting]
    given = [one for one in people if one is not None]
    if not given:
        yield Skip(Skipped.NOT_RATED, key)
        return
    if len(given) < item.judges(judges_needed(shard.facts.overlap)):
        yield Skip(Skipped.TOO_FEW_JUDGES, key)
        return
    one, two = (
        [sum(each[side][place] for each in given) / len(given) for place in (0, 1)]
        for side in (0, 1)
    )
    wins = [sum(sum(each[side]) > sum(each[1 - side]) for each in given) for side in (0, 1)]
    sides = [(first, one, wins[0]), (second, two, wins[1])]
    tied = abs(sum(one) - sum(two)) < SAME
    if not tied and sum(two) > sum(one):
        sides.reverse()
    if not tied and sides[0][2] < sides[1][2]:
        # Ahead by its mean alone: the loader would take the votes for the other side's.
        yield Skip(Skipped.DECIDED_AGAINST_THE_VOTES, key)
        return
    yield _row(shard, item, source, *sides, tied=tied, judges=len(given))
    if tied and abs(one[0] - two[0]) >= SAME:
        yield _row(shard, item, source, *sides[::-1], tied=True, judges=len(given))


Side = tuple[ExportedImage, list[float], int]


def _ratings(
    shard: Shard, annotation: ExportedAnnotation, first: ExportedImage, second: ExportedImage
) -> tuple[list[float], list[float]] | None:
    """One person's ratings of both results in both dimensions; None where one is missing."""
    sides = []
    for image in (first, second):
        given = [rating_of(annotation, one, image.letter) for one in shard.asked]
        found = [rating for rating in given if rating is not None]
        if len(found) < len(given):
            return None
        sides.append(found)
    return sides[0], sides[1]


def _row(
    shard: Shard,
    item: ExportedItem,
    source: ExportedImage,
    better: Side,
    other: Side,
    *,
    tied: bool,
    judges: int,
) -> ExportRow:
    split = shard.split_of(item.prompt)
    halves = (judges - better[2] - other[2]) / 2
    shares = [judges / 2] * 2 if tied else [better[2] + halves, other[2] + halves]
    value: dict[str, Any] = {
        "prompt": item.prompt,
        "path_src": shard.name_of(source),
        "path1": shard.name_of(better[0]),
        "path2": shard.name_of(other[0]),
        "model1": better[0].generator,
        "model2": other[0].generator,
        **_scores("model1", better[1]),
        **_scores("model2", other[1]),
        "confidence": shares[0] / judges,
        "choice_dist": shares,
        "tie_case": tied,
    }
    outcomes = (ImageOutcome.PREFERRED, ImageOutcome.OTHER)
    if tied:
        outcomes = (ImageOutcome.EVEN, ImageOutcome.EVEN)
    return ExportRow(
        to=(JsonList(f"{split}.json"),),
        value=value,
        items=(item,),
        counts={("splits", split): 1, ("ties",): int(tied)},
        copies=shard.copies(source, better[0], other[0]),
        figures=(
            Figure("path_src", source),
            Figure("path1", better[0], outcomes[0]),
            Figure("path2", other[0], outcomes[1]),
        ),
        facts=picked(value, "model1", "model2", "model1_overall_score", "model2_overall_score",
                     "confidence", "choice_dist", "tie_case"),
    )  # fmt: skip


def _scores(model: str, means: list[float]) -> dict[str, float]:
    return {
        f"{model}_dim1_score": means[0],
        f"{model}_dim2_score": means[1],
        f"{model}_overall_score": sum(means),
    }


EDITREWARD = Format(
    name="editreward",
    version="2",
    group=Group.PAIRS,
    misfit=misfit,
    options=(dimensions, options.PARTIAL, *options.SPLIT, options.IMAGES, options.ENCODING),
    asked=asked,
    outputs=lambda shard: [JsonList(f"{split}.json") for split in SPLITS],
    rows=rows,
    aggregation={
        "scores": "the mean of the ratings of all who rated both results in both dimensions",
        "ties": "equal sums: two rows where each result is ahead in one dimension, else one",
    },
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "ties": 0},
    splits=OWN_SPLITS,
)
