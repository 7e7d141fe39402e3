"""`llamafactory`: judge's and rater's tasks for LLaMA-Factory, in sharegpt with one answer each.

Source: LLaMA-Factory 0.9.5, llamafactory/data/parser.py and converter.py. Its preference rows share
one list of images, so which of two is better is a question with an answer, and so is how good one
is, and each row of a checklist. dataset_info.json names the files that have rows.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.numbers import rating_of
from annotator.exports.aggregate.pairs import Pair, PairRules, decided_pairs
from annotator.exports.aggregate.rows import RULE, rows_of, with_checklist
from annotator.exports.aggregate.votes import Questions, answered, comparing
from annotator.exports.formats import messages, options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group, WholeExport
from annotator.exports.formats.options import ExportOption, Options
from annotator.exports.formats.shard import Shard
from annotator.exports.formats.trl import (
    FIRST,
    FIRST_RESULT,
    JUDGE_PROMPT,
    SECOND,
    SECOND_RESULT,
)
from annotator.exports.formats.trl import OF_EDIT as TRL_OF_EDIT
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.exports.store.text import json_text
from annotator.questions.types import QuestionSpec

INFO = "dataset_info.json"
JUDGE, SCORE, CHECK = "judge", "score", "check"
SCORE_PROMPT = (
    "This image was made from the prompt:\n\n{prompt}\n\n"
    "How good is it in this respect: {dimension}? Answer with a number from {low} to {high}."
)
CHECK_PROMPT = (
    "This image was made from the prompt:\n\n{prompt}\n\n"
    "Look at the image alone: {row} Answer with yes or no."
)
# The same of an edit, whose source is the first image.
OF_EDIT = {
    JUDGE_PROMPT: TRL_OF_EDIT,
    SCORE_PROMPT: "The first image was edited by this instruction:\n\n{prompt}\n\n"
    "The second is the result. How good is it in this respect: {dimension}? Answer with a number "
    "from {low} to {high}.",
    CHECK_PROMPT: "The first image was edited by this instruction:\n\n{prompt}\n\n"
    "The second is the result. Look at it: {row} Answer with yes or no.",
}
FACTS = ("dimension", "row", "skill", "margin", "people", "generators")
# How LLaMA-Factory is told of messages of role and content.
TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
}
SCHEMA = {
    f"{JUDGE}_{{train,validation,test}}.json": {
        "messages": f"two <image>s and a question of the user; of the assistant “{FIRST}” or "
        f"“{SECOND}”",
        "images": "the two images, from this folder, in an order drawn by chance; of an edit its "
        "source before them, in every file, and the answers speak of the first or second result",
        "margin": "|a - b| / annotations, from 0 to 1",
        "dimension, item, key": "the question; the item's id and the uploader's name for it",
        "generators, meta": "of the images, in their order; meta (seed, step …) as JSON",
        "item_meta": "what came with the item, as JSON",
    },
    f"{SCORE}_{{train,validation,test}}.json": {
        "messages": "one <image> and a question of the user; of the assistant the mean of "
        "everybody's ratings, with at most two decimals",
        "images, dimension, item, key, generators, meta, item_meta": "as above",
        "people": "how many rated it",
    },
    f"{CHECK}_{{train,validation,test}}.json": {
        "messages": "one <image> and a row of the checklist of the user; of the assistant “yes” or "
        "“no”, what more than half say. Rows that are skipped or not decided are left out",
        "images, dimension, item, key, generators, meta, item_meta": "as above",
        "row, skill": "the row's id, and what it asks about",
        "people": "how many answered the checklist",
    },
    INFO: "each of the files that have rows, as LLaMA-Factory's dataset_dir lists them",
}
SNIPPET = """\
# llamafactory-cli train --dataset_dir THIS_FOLDER --media_dir THIS_FOLDER --dataset judge_train …
import json
row = json.load(open("THIS_FOLDER/judge_train.json", encoding="utf-8"))[0]
print(row["images"], row["messages"][-1]["content"])"""
README = [
    "`dataset_dir` and `media_dir` are both this folder; `dataset` is one of the names in",
    f"{INFO}, or several with commas between. A tag such as <image> in a prompt is written",
    "`< image>`, for it would ask for one image more.",
]


def to_learn(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that tasks are made of, in their order."""
    fitting = (*messages.to_learn(questions), *with_checklist(questions))
    return tuple(one for one in questions if one in fitting)


def misfit(questions: Questions) -> Reason | None:
    """It needs something to learn."""
    return None if to_learn(questions) else Reason(Code.NOTHING_TO_LEARN)


def dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """One question, or all that compare, rate or check."""
    keys = (one.key for one in to_learn(questions))
    return (options.question("dimension", (pairs.ALL, *keys)),)


def asked(questions: Questions, chosen: Options) -> tuple[QuestionSpec, ...]:
    """The questions that the option `dimension` chooses."""
    requested = chosen.text("dimension", pairs.ALL)
    return tuple(one for one in to_learn(questions) if requested in (pairs.ALL, one.key))


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """A task a decided pair, one an image that people rated, one a row with a yes or a no."""
    rules = pairs.rules_of(shard.options, shard.facts)
    to_compare, to_check = comparing(shard.asked), with_checklist(shard.asked)
    for item in shard.items:
        for question in shard.asked:
            if question in to_compare:
                yield from _judged(shard, item, question, rules)
            elif question in to_check:
                yield from _checked(shard, item, question)
            else:
                yield from _scored(shard, item, question)


def dataset_info(whole: WholeExport) -> dict[str, bytes]:
    """The files that have rows, as LLaMA-Factory looks them up."""
    found = {
        name: {
            "file_name": f"{name}.json",
            "formatting": "sharegpt",
            "columns": {"messages": "messages", "images": "images"},
            "tags": TAGS,
        }
        for name in whole.total.counts["files"]
    }
    return {INFO: (json.dumps(found, indent=1) + "\n").encode()}


def files(whole: WholeExport) -> dict[str, dict[str, str]]:
    """The same for `datasets`: a configuration a task."""
    found: dict[str, dict[str, str]] = {}
    for name in whole.total.counts["files"]:
        kind, _, split = name.rpartition("_")
        found.setdefault(kind, {})[split] = f"{name}.json"
    return found


def _judged(
    shard: Shard, item: ExportedItem, question: QuestionSpec, rules: PairRules
) -> Iterator[ExportRow | Skip]:
    for pair in decided_pairs(item, question, rules):
        yield pair if isinstance(pair, Skip) else _of_pair(shard, item, question, pair)


def _of_pair(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    letters = messages.in_drawn_order(shard, item, question.key, (pair.first, pair.second))
    images = [item.image(letter) for letter in letters]
    preferred = letters.index(pair.chosen)
    text = _text(JUDGE_PROMPT, item, dimension=messages.in_words(question.key))
    answers = (FIRST_RESULT, SECOND_RESULT) if item.source else (FIRST, SECOND)
    value = {
        "messages": messages.task(2 * messages.IMAGE + text, answers[preferred]),
        **about(shard, item, images),
        "dimension": question.key,
        "margin": pair.votes.margin,
    }
    return task_row(shard, item, JUDGE, value, images, messages.compared(images, preferred))


def _scored(shard: Shard, item: ExportedItem, question: QuestionSpec) -> Iterator[ExportRow | Skip]:
    given = answered(item, question)
    for image in item.images:
        ratings = [
            rating
            for one in given
            if (rating := rating_of(one, question, image.letter)) is not None
        ]
        if not ratings:
            yield Skip(Skipped.NOT_RATED, question.key)
            continue
        text = _text(
            SCORE_PROMPT,
            item,
            dimension=messages.in_words(question.key),
            low=question.scale_min,
            high=question.scale_max,
        )
        answer = messages.number_text(sum(ratings) / len(ratings))
        value = {
            "messages": messages.task(messages.IMAGE + text, answer),
            **about(shard, item, [image]),
            "dimension": question.key,
            "people": len(ratings),
        }
        yield task_row(shard, item, SCORE, value, [image], (Figure("images", image),))


def _checked(
    shard: Shard, item: ExportedItem, question: QuestionSpec
) -> Iterator[ExportRow | Skip]:
    votes, image = rows_of(item, question), item.images[0]
    if not votes:
        yield Skip(Skipped.NOBODY_ANSWERED, question.key)
    for one in votes:
        if one.sure is None:
            yield one.unsure(question)
            continue
        text = _text(CHECK_PROMPT, item, row=_sentence(one.row.text))
        value = {
            "messages": messages.task(messages.IMAGE + text, one.sure),
            **about(shard, item, [image]),
            "dimension": question.key,
            "row": one.row.id,
            "skill": one.row.kind,
            "people": one.people,
        }
        yield task_row(shard, item, CHECK, value, [image], (Figure("images", image),))


def _text(task: str, item: ExportedItem, **asked: object) -> str:
    """What is asked of an item's images; of an edit with one image more, its source."""
    prompt = messages.without_tags(item.prompt)
    if item.source:
        return messages.IMAGE + OF_EDIT[task].format(prompt=prompt, **asked)
    return task.format(prompt=prompt, **asked)


def _sentence(row: str) -> str:
    """A row as a question: one that is no sentence is what is to be seen."""
    text = messages.without_tags(row)
    return text if text.endswith(("?", ".", "？", "。")) else f"does it show “{text}”?"


def about(shard: Shard, item: ExportedItem, images: list[ExportedImage]) -> dict[str, Any]:
    """What every task says of its images and its item; of an edit with its source before them."""
    return {
        "images": [shard.name_of(image) for image in item.behind_source(*images)],
        "item": item.id,
        "key": item.key,
        "generators": [image.generator for image in images],
        "meta": messages.metas(images),
        "item_meta": json_text(item.meta),
    }


def task_row(
    shard: Shard,
    item: ExportedItem,
    kind: str,
    value: Mapping[str, Any],
    images: list[ExportedImage],
    figures: tuple[Figure, ...],
) -> ExportRow:
    """A task in the file of its kind and split."""
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    name = f"{kind}_{split}"
    shown = [name for name in FACTS if name in value]
    return ExportRow(
        to=(JsonList(f"{name}.json"),),
        value=value,
        items=(item,),
        counts={("splits", split): 1, ("files", name): 1},
        copies=shard.copies(*item.behind_source(*images)),
        figures=figures,
        facts={"answer": value["messages"][-1]["content"], **picked(value, *shown)},
    )


LLAMAFACTORY = Format(
    name="llamafactory",
    version="2",
    group=Group.PAIRS,
    misfit=misfit,
    options=pairs.pair_options(dimension, *options.SPLIT, options.IMAGES),
    asked=asked,
    rows=rows,
    aggregation=pairs.rules_and(
        ties="left out and counted",
        order="drawn by a keyed hash of the pair, so about half of the answers are first",
        ratings="the mean of everybody's",
        rows=RULE,
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    card=messages.card(files),
    files=dataset_info,
    counts={"splits": {}, "files": {}},
    splits=HUB_SPLITS,
)
