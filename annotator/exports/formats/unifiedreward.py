"""`unifiedreward`: UnifiedReward 2.0's tasks on its three axes, as LLaMA-Factory trains on them.

Source: UnifiedReward's README (training by LLaMA-Factory) and the answers that its inference code
shows and parses: point scores from 1 to 5, pair scores that add up to 1, and which image is better.
The instructions are our own words around its axes and answers.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.exports.aggregate.numbers import unit_ratings
from annotator.exports.aggregate.pairs import Pair, PairRules, pairs_of
from annotator.exports.aggregate.votes import Questions, comparing, rated
from annotator.exports.formats import messages, options, pairs
from annotator.exports.formats.format import HUB_SPLITS, Format, Group
from annotator.exports.formats.llamafactory import (
    INFO,
    about,
    dataset_info,
    files,
    task_row,
)
from annotator.exports.formats.options import ExportOption, Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped
from annotator.questions.types import QuestionSpec

POINT, PAIR, RANK = "point_score", "pair_score", "pair_rank"
NONE = "none"
# Axis → the keys by which a project's questions are taken for it unless others are chosen.
AXES = {
    "alignment": ("alignment", "text_alignment", "instruction_following", "faithfulness"),
    "coherence": ("coherence", "plausibility", "fidelity", "visual_quality"),
    "style": ("style", "aesthetics", "aesthetic"),
}
POINT_TASK = (
    "{image}Rate this image, which was made from the caption below, from 1 to 5: {axes}.\n"
    "Text Caption: [{prompt}]"
)
PAIR_TASK = (
    "{image}Compare Image 1 and Image 2, both made from the caption below: {axes}. On each, divide "
    "1 between the two images.\nText Caption: [{prompt}]"
)
RANK_TASK = (
    "{image}Image 1 and Image 2 were made from the caption below. Which is better?\n"
    "Text Caption: [{prompt}]"
)
# In the place of the first words of an edit's tasks: the source comes before the other images.
OF_EDIT = {
    POINT_TASK: "{image}{image}Image 1 was edited by the instruction below, and Image 2 is the "
    "result. Rate the result from 1 to 5: {axes}.\nEditing Instruction: [{prompt}]",
    PAIR_TASK: "{image}{image}{image}The first image was edited by the instruction below. Compare "
    "the results, Image 1 and Image 2, which follow it: {axes}. On each, divide 1 between the two."
    "\nEditing Instruction: [{prompt}]",
    RANK_TASK: "{image}{image}{image}The first image was edited by the instruction below; Image 1 "
    "and Image 2 follow it. Which is the better result?\nEditing Instruction: [{prompt}]",
}
BETTER = ("Image 1 is better than Image 2.", "Image 2 is better than Image 1.")
EQUAL = "Both images are equally good."
SCHEMA = {
    f"{POINT}_{{train,validation,test}}.json": {
        "messages": "of the assistant a line an axis that was rated: `Alignment Score (1-5): 3.67`,"
        " the mean of everybody's ratings stretched to 1 to 5",
        "images": "the image, from this folder",
        "item, key, generators, meta, item_meta": "which item and image this is, and what came "
        "with them, as JSON",
    },
    f"{PAIR}_{{train,validation,test}}.json": {
        "messages": "of the assistant for each axis that was compared a share for each image: "
        "(votes + even ones / 2) / all that judged",
        "images": "the two images, in an order drawn by chance",
    },
    f"{RANK}_{{train,validation,test}}.json": {
        "messages": f"of the assistant “{BETTER[0]}”, “{BETTER[1]}” or “{EQUAL}”, by `dimension`",
        "images": "the two images, in an order drawn by chance",
        "margin": "|a - b| / annotations, from 0 to 1",
    },
    INFO: "each of the files that have rows, as LLaMA-Factory's dataset_dir lists them",
}
SNIPPET = """\
# llamafactory-cli train --dataset_dir THIS_FOLDER --media_dir THIS_FOLDER --dataset pair_rank_train
import json
for name, entry in json.load(open("THIS_FOLDER/dataset_info.json")).items():
    row = json.load(open("THIS_FOLDER/" + entry["file_name"], encoding="utf-8"))[0]
    print(name, row["images"], row["messages"][-1]["content"])"""
README = [
    "As for the format llamafactory: `dataset_dir` and `media_dir` are this folder. The axes and",
    "the form of the answers are UnifiedReward 2.0's, so its checkpoints can be trained further;",
    "the instructions are in other words than its own.",
]


def axes(questions: Questions) -> tuple[ExportOption, ...]:
    """Which question stands for each axis."""
    return tuple(_axis_option(axis, questions) for axis in AXES)


def _axis_option(axis: str, questions: Questions) -> ExportOption:
    keys = [one.key for one in messages.to_learn(questions)]
    default = next((key for key in AXES[axis] if key in keys), NONE)
    return options.question(axis, (NONE, *keys), default)


def ranking_dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """The question that says which of two is better, where any does."""
    return pairs.one_dimension(questions) if comparing(questions) else ()


def asked(questions: Questions, chosen: Options) -> tuple[QuestionSpec, ...]:
    """The questions that the axes and the dimension choose."""
    requested = {chosen.text(name) for name in (*AXES, "dimension")}
    return tuple(one for one in questions if one.key in requested)


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """Tasks about each image, then about each pair."""
    by_key = {one.key: one for one in shard.asked}
    chosen = {axis: by_key.get(shard.options.text(axis)) for axis in AXES}
    used = {axis: one for axis, one in chosen.items() if one is not None}
    to_rate, to_compare = rated(shard.asked), comparing(shard.asked)
    by_points = {axis: one for axis, one in used.items() if one in to_rate}
    by_pairs = {axis: one for axis, one in used.items() if one in to_compare}
    ranked = by_key.get(shard.options.text("dimension"))
    rules = pairs.rules_of(shard.options, shard.facts)
    for item in shard.items:
        if by_points:
            yield from _points(shard, item, by_points)
        if by_pairs:
            yield from _pair_scores(shard, item, by_pairs, rules)
        if ranked is not None:
            yield from _ranks(shard, item, ranked, rules)


def _points(
    shard: Shard, item: ExportedItem, used: dict[str, QuestionSpec]
) -> Iterator[ExportRow | Skip]:
    for image in item.images:
        given = {axis: unit_ratings(item, one, image.letter) for axis, one in used.items()}
        means = {axis: 1 + 4 * sum(one) / len(one) for axis, one in given.items() if one}
        if not means:
            yield Skip(Skipped.NOT_RATED, next(iter(used.values())).key)
            continue
        answer = "\n".join(
            f"{axis.capitalize()} Score (1-5): {messages.number_text(mean)}"
            for axis, mean in means.items()
        )
        text = _text(POINT_TASK, item, 1, means)
        yield _row(shard, item, POINT, text, answer, [image], (Figure("images", image),))


def _pair_scores(
    shard: Shard, item: ExportedItem, used: dict[str, QuestionSpec], rules: PairRules
) -> Iterator[ExportRow | Skip]:
    shares: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
    for axis, question in used.items():
        for pair in pairs_of(item, question, rules):
            if isinstance(pair, Skip):
                yield pair
            elif pair.votes.judges < item.judges(rules.judges) or pair.votes.soft is None:
                yield Skip(pair.undecided or Skipped.UNSURE, question.key)
            else:
                shares.setdefault((pair.first, pair.second), {})[axis] = pair.votes.soft
    for letters, of_axes in shares.items():
        first, second = messages.in_drawn_order(shard, item, PAIR, letters)
        is_turned = (first, second) != letters
        images = [item.image(first), item.image(second)]
        blocks = []
        for axis, share in of_axes.items():
            one, two = map(messages.number_text, share[::-1] if is_turned else share)
            blocks.append(f"{axis.capitalize()} Score:\n Image 1: {one}\n Image 2: {two}")
        text = _text(PAIR_TASK, item, 2, of_axes)
        figures = tuple(Figure("images", image) for image in images)
        yield _row(shard, item, PAIR, text, "\n\n".join(blocks), images, figures)


def _ranks(
    shard: Shard, item: ExportedItem, question: QuestionSpec, rules: PairRules
) -> Iterator[ExportRow | Skip]:
    for pair in pairs_of(item, question, rules):
        if isinstance(pair, Skip):
            yield pair
        elif pair.undecided and pair.undecided is not Skipped.TIE:
            yield Skip(pair.undecided, question.key)
        else:
            yield _rank(shard, item, question, pair)


def _rank(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    letters = messages.in_drawn_order(shard, item, question.key, (pair.first, pair.second))
    images = [item.image(letter) for letter in letters]
    preferred = None if pair.preferred is None else letters.index(pair.preferred)
    answer = EQUAL if preferred is None else BETTER[preferred]
    figures = messages.compared(images, preferred)
    more = {"dimension": question.key, "margin": pair.votes.margin}
    return _row(shard, item, RANK, _text(RANK_TASK, item, 2, ()), answer, images, figures, **more)


def _text(task: str, item: ExportedItem, images: int, used: Sequence[str] | dict[str, Any]) -> str:
    names = ", ".join(axis.capitalize() for axis in used)
    prompt = messages.without_tags(item.prompt)
    if item.source:
        return OF_EDIT[task].format(image=messages.IMAGE, axes=names, prompt=prompt)
    return task.format(image=images * messages.IMAGE, axes=names, prompt=prompt)


def _row(
    shard: Shard,
    item: ExportedItem,
    kind: str,
    text: str,
    answer: str,
    images: list[ExportedImage],
    figures: tuple[Figure, ...],
    **more: Any,
) -> ExportRow:
    value = {"messages": messages.task(text, answer), **about(shard, item, images), **more}
    return task_row(shard, item, kind, value, images, figures)


UNIFIEDREWARD = Format(
    name="unifiedreward",
    version="1",
    group=Group.PAIRS,
    misfit=messages.judges_or_rates,
    options=(
        axes,
        ranking_dimension,
        pairs.AGGREGATION,
        options.PARTIAL,
        *options.SPLIT,
        options.IMAGES,
        options.ENCODING,
    ),
    asked=asked,
    rows=rows,
    aggregation=pairs.rules_and(
        ties="of the dimension kept as an answer; half a vote for each in the shares",
        order="drawn by a keyed hash of the pair",
        ratings="the mean over people of (rating - min) / (max - min), stretched to 1 to 5",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    card=messages.card(files),
    files=dataset_info,
    counts={"splits": {}, "files": {}},
    splits=HUB_SPLITS,
)
