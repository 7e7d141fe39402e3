"""`evalmuse`: EvalMuse-40K's list of images, each with everybody's points and elements.

Source: DYEvaLab/EvalMuse, process/process_train.py, which reads train_list.json: element_score is
the text of a dictionary, all others are lists of one of each annotator; the card of its dataset for
what they mean. Its annotators are sure of every element; here one may not be.
"""

from collections.abc import Iterator
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.numbers import rating_of
from annotator.exports.aggregate.rows import with_checklist
from annotator.exports.aggregate.votes import Questions, answered, rated
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Group
from annotator.exports.formats.options import ExportOption
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.exports.store.text import json_text
from annotator.questions.checklist import NO, UNSURE, YES, answered_rows
from annotator.questions.types import ChecklistRow, QuestionSpec

LIST = JsonList("train_list.json")
POINTS = (1, 5)
SCORES = {YES: 1, NO: 0, UNSURE: 0.5}
PREFERRED = "alignment"
SCHEMA = {
    LIST.name: {
        "prompt_id": "the uploader's name for the item, or its id",
        "prompt, img_path, generator": "of the image; its name in this folder",
        "type": "the prompt's category, if one came with it; else empty",
        "total_score": "points from 1 to 5, one of each annotator who answered all",
        "element_score": "text of a dictionary: a row, with its skill in brackets → of each of the "
        "same annotators 1 for yes, 0 for no and for what a no skips, 0.5 for not sure",
        "attribute_confidence": "of each annotator: 0 where they were not sure of some row, else 1",
        "promt_meaningless, split_confidence": "0 of each annotator: it is not asked",
        "fidelity_label": "empty: it is not asked",
    }
}
SNIPPET = """\
import json
row = json.load(open("THIS_FOLDER/train_list.json", encoding="utf-8"))[0]
print(row["prompt"], row["total_score"], json.loads(row["element_score"]))"""
README = [
    "EvalMuse's own process/process_train.py reads train_list.json as it is and takes the means.",
]


def five_points(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The ratings from 1 to 5."""
    return tuple(one for one in rated(questions) if (one.scale_min, one.scale_max) == POINTS)


def misfit(questions: Questions) -> Reason | None:
    """It needs a checklist and points from 1 to 5."""
    if not with_checklist(questions):
        return Reason(Code.NO_CHECKLIST)
    return None if five_points(questions) else Reason(Code.NO_FIVE_POINTS)


def dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """Which rating the points are."""
    keys = [one.key for one in five_points(questions)]
    return (options.question("dimension", keys, PREFERRED if PREFERRED in keys else ""),)


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """A record an image."""
    checklist = with_checklist(shard.questions)[0]
    chosen = shard.options.text("dimension")
    points = next(one for one in shard.questions if one.key == chosen)
    for item in shard.items:
        letter = item.images[0].letter
        people = [
            one for one in answered(item, checklist) if rating_of(one, points, letter) is not None
        ]
        if people:
            yield _record(shard, item, people, checklist, points)
        else:
            yield Skip(Skipped.NOBODY_ANSWERED)


def _record(
    shard: Shard,
    item: ExportedItem,
    people: list[ExportedAnnotation],
    checklist: QuestionSpec,
    points: QuestionSpec,
) -> ExportRow:
    image = item.images[0]
    answers = [_answers(one, checklist, item) for one in people]
    row: dict[str, Any] = {
        "prompt_id": item.key or item.id,
        "prompt": item.prompt,
        "type": str(item.meta.get("category", "")),
        "img_path": shard.name_of(image),
        "generator": image.generator,
        "total_score": [rating_of(one, points, image.letter) for one in people],
        "element_score": json_text(
            {
                name: [SCORES[given.get(row.id, NO)] for given in answers]
                for name, row in _names(item).items()
            }
        ),
        "promt_meaningless": [0] * len(people),
        "split_confidence": [0] * len(people),
        "attribute_confidence": [int(UNSURE not in given.values()) for given in answers],
        "fidelity_label": [],
    }
    return ExportRow(
        to=(LIST,),
        value=row,
        items=(item,),
        copies=shard.copies(image),
        figures=(Figure("img_path", image),),
        facts=picked(row, "prompt_id", "generator", "total_score", "element_score"),
    )


def _answers(
    annotation: ExportedAnnotation, question: QuestionSpec, item: ExportedItem
) -> dict[str, str]:
    return {
        row.id: choice for row, choice in answered_rows(annotation.pieces[question.key], item.spec)
    }


def _names(item: ExportedItem) -> dict[str, ChecklistRow]:
    """Rows as EvalMuse calls them; of two alike the second has its id besides."""
    found: dict[str, ChecklistRow] = {}
    for row in item.checklist:
        name = f"{row.text} ({row.kind})" if row.kind else row.text
        found[f"{row.id}: {name}" if name in found else name] = row
    return found


EVALMUSE = Format(
    name="evalmuse",
    version="1",
    group=Group.TABLES,
    misfit=misfit,
    options=(dimension, options.PARTIAL, options.IMAGES, options.ENCODING),
    outputs=lambda shard: (LIST,),
    rows=rows,
    aggregation={"rule": "none: a list of everybody's; who left one question out is in neither"},
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
)
