"""`mmrb2`: graded pairs as MMRB2, a benchmark of reward models, has them: three grades of 1 to 6.

Source: facebookresearch/MMRB2, benchmark/t2i.json, evaluate/generate_judgements/evaluate.py (paths
are relative to the file) and evaluate/compute_scores/compute_accuracy.py (`chosen`). There 6 is
"response a, much better" and 1 "response b, much better"; here a grade of 1 is "a, much better".
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.pairs import Pair
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import Format, Group
from annotator.exports.formats.options import ExportOption
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, picked
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec

STEPS = 6
PAIRS = JsonList("t2i.json", under="pairs")
SCHEMA = {
    PAIRS.name: {
        "id": "the uploader's name for the item, or its id",
        "response_a, response_b": "model_name, the generator, and response_content: "
        '[["image", its name in this folder]]',
        "chosen": "A or B",
        "human_annotations": "a grade of each annotator, 6: A is much better, 1: B is much better",
        "prompt_source": "triptych",
        "prompt_metadata": "the item's id, what came with it, and the dimension",
        "prompt_content": '[["text", the prompt]]',
    }
}
SNIPPET = """\
import json
pairs = json.load(open("THIS_FOLDER/t2i.json", encoding="utf-8"))["pairs"]
print(pairs[0]["prompt_content"], pairs[0]["chosen"], pairs[0]["human_annotations"])"""
README = [
    "MMRB2's own scripts: `--pairs_path THIS_FOLDER/t2i.json` for the judge that is measured, then",
    "`compute_accuracy.py --task image --benchmark_dir THIS_FOLDER` for its accuracy.",
]


def in_six_steps(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The graded questions that have MMRB2's steps."""
    graded = (question for question in questions if KINDS[question.kind].grade)
    return tuple(one for one in graded if len(KINDS[one.kind].grades(one)) == STEPS)


def misfit(questions: Questions) -> Reason | None:
    """It needs such a question."""
    return None if in_six_steps(questions) else Reason(Code.NO_SIX_STEPS)


def dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """Which of them."""
    return (options.question("dimension", [one.key for one in in_six_steps(questions)]),)


def _response(shard: Shard, image: ExportedImage) -> dict[str, Any]:
    content = [["image", shard.name_of(image)]]
    return {"model_name": image.generator, "response_content": content}


def _row(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    first, second = item.image(pair.first), item.image(pair.second)
    row: dict[str, Any] = {
        "id": item.key or item.id,
        "response_a": _response(shard, first),
        "response_b": _response(shard, second),
        "chosen": "A" if pair.chosen == pair.first else "B",
        "human_annotations": list(_grades(question, pair)),
        "prompt_source": "triptych",
        "prompt_metadata": {"item": item.id, "dimension": question.key, "meta": item.meta},
        "prompt_content": [["text", item.prompt]],
    }
    preferred, other = ImageOutcome.PREFERRED, ImageOutcome.OTHER
    outcomes = (preferred, other) if row["chosen"] == "A" else (other, preferred)
    return ExportRow(
        to=(PAIRS,),
        value=row,
        items=(item,),
        copies=shard.copies(first, second),
        figures=(
            Figure("response_a", first, outcomes[0]),
            Figure("response_b", second, outcomes[1]),
        ),
        facts=picked(row, "id", "chosen", "human_annotations"),
    )


def _grades(question: QuestionSpec, pair: Pair) -> Iterator[int]:
    grade = KINDS[question.kind].grade
    for annotation in pair.annotations:
        if grade is not None:
            yield STEPS + 1 - grade(annotation.pieces[question.key][0], question)


MMRB2 = Format(
    name="mmrb2",
    version="1",
    group=Group.PAIRS,
    misfit=misfit,
    options=pairs.pair_options(dimension, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: [PAIRS],
    rows=partial(pairs.decided_rows, row=_row),
    aggregation=pairs.rules_and(
        ties="left out and counted", grades="7 minus the step from a to b, of every annotator"
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
)
