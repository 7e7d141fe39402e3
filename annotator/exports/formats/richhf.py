"""`richhf`: RichHF-18K's TFRecords, with what its first author's loader joins them to.

Source: google-research-datasets/richhf-18k (README, issues 11 and 12), google-research's
richhf_18k/ and the paper (Liang et al., CVPR 2024). Exactly eight features: a ninth of bytes would
be taken for an image. Everything is "the higher the better", and a token's label 0 is misaligned.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.maps import Drawing, marks_of, people_of, png_of
from annotator.exports.aggregate.numbers import rating_of, unit_ratings
from annotator.exports.aggregate.votes import Questions, answered, of_kinds
from annotator.exports.aggregate.words import WordVotes, further_of, tokens_of, word_votes
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.exports.store.images import SUFFIXES
from annotator.exports.store.outputs import Lines, Parquet, Records
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.exports.store.tfrecord import Feature
from annotator.questions.types import QuestionSpec
from scoring.tokens import in_richhf_tokens, label_string, token_texts

# The names of RichHF's splits; its dev set joins to Pick-a-Pic's train split.
SPLIT_NAMES = {"train": "train", "valid": "dev", "test": "test"}
JOINED_TO = {"train": "train", "valid": "train", "test": "test"}
MAPS = {"artifact_map": "implausibility", "misalignment_map": "misalignment"}
SCORES = {
    "artifact_score": "plausibility",
    "misalignment_score": "alignment",
    "aesthetics_score": "aesthetics",
    "overall_score": "overall",
}
ASKED = {**dict.fromkeys(MAPS.values(), "marks"), **dict.fromkeys(SCORES.values(), "rating")}
MARK = "_0"
PEOPLE = Lines("people.jsonl")
COLUMNS = pa.schema(
    [
        ("image_0_uid", pa.string()),
        ("image_1_uid", pa.string()),
        ("caption", pa.string()),
        ("jpg_0", pa.binary()),
        ("jpg_1", pa.binary()),
    ]
)

SCHEMA = {
    "{train,dev,test}.tfrecord": {
        "filename": "split/uid.suffix; the stem, up to its first dot, is the image's uid",
        "artifact_score, misalignment_score, aesthetics_score, overall_score": "float32 from 0 to "
        "1, higher is better in all four: mean over people of (rating - min) / (max - min); "
        "artifact is plausibility, misalignment is alignment",
        "artifact_map, misalignment_map": "PNG, 8-bit grey, size × size; all zero: nobody marked",
        "prompt_misalignment_label": "a digit a token, one space between: 0 misaligned, 1 aligned",
    },
    PEOPLE.name: {
        "uid, item, key, split, prompt, tokens": "one line an image; tokens as labelled",
        "meta, item_meta": "what came with the image (seed, step …) and the item (category …)",
        "people": "each person's marks (fractions of the image), misaligned tokens and ratings; "
        "where they are asked for unsure_tokens, misaligned_spans (first and last token), and "
        "links from a token to the mark of that place in that question's list",
        "n": "how many people; tied_tokens: as many said misaligned as aligned, so aligned",
    },
    "data/{train,test}-*.parquet": {
        "image_0_uid, image_1_uid, caption, jpg_0, jpg_1": "Pick-a-Pic's shape, which loaders take "
        "image and prompt from; one row an image, the second of the pair is empty",
    },
}
SNIPPET = """\
import tensorflow as tf
for record in tf.data.TFRecordDataset("THIS_FOLDER/train.tfrecord"):
    features = tf.train.Example.FromString(record.numpy()).features.feature
    artifacts = tf.io.decode_png(features["artifact_map"].bytes_list.value[0])
    print(features["artifact_score"].float_list.value[0], artifacts.shape)"""
README = [
    "The TFRecords are read by RichHF-18K's own scripts (parse_tfrecord_file.py) and by",
    "`tf.data.TFRecordDataset`. Images and prompts lie in data/*.parquet, in the shape of",
    "Pick-a-Pic; people.jsonl has every person's own answers.",
]


def misfit(questions: Questions) -> Reason | None:
    """It needs RichHF's questions, by their names."""
    kinds = {question.key: question.kind for question in questions}
    missing = [f"{key} ({kind})" for key, kind in ASKED.items() if kinds.get(key) != kind]
    if "words" not in kinds.values():
        missing.append("misaligned words (words)")
    return Reason(Code.QUESTIONS_MISSING, names=tuple(missing)) if missing else None


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """A record, a line and a row an image; what loaders could not read is skipped."""
    drawing = options.drawing_of(shard.options)
    asked = RichQuestions(shard.questions)
    for item in shard.items:
        for image in item.images:
            skipped = _unfit(asked, item, image)
            if skipped:
                yield Skip(skipped)
                continue
            words = word_votes(item, asked.words)
            yield _record(shard, item, image, words, drawing, asked)
            yield _people(shard, item, image, words, asked)
            yield _image(shard, item, image)


class RichQuestions:
    """RichHF's questions of a project that has them."""

    def __init__(self, questions: Questions) -> None:
        by_key = {question.key: question for question in questions}
        self.scores: Mapping[str, QuestionSpec] = {key: by_key[key] for key in SCORES.values()}
        self.words = of_kinds(questions, ("words",))[0]


def uid_of(item: ExportedItem, image: ExportedImage) -> str:
    """What record, line and row call an image; no dot in it, where loaders cut."""
    return f"{item.id}_{image.letter}"


def _unfit(asked: RichQuestions, item: ExportedItem, image: ExportedImage) -> Skipped | None:
    """Why this image can't be a record, None if it can."""
    tokens = token_texts(item.prompt)
    if not tokens:
        return Skipped.PROMPT_WITHOUT_WORDS
    if any(token.endswith(MARK) for token in tokens):
        return Skipped.WORD_ENDS_IN_THE_MARK_OF_MISALIGNMENT
    if not all(people_of(item, flaw, image.letter) for flaw in MAPS.values()):
        return Skipped.NOBODY_ANSWERED_MARKS
    if not all(unit_ratings(item, one, image.letter) for one in asked.scores.values()):
        return Skipped.NOBODY_ANSWERED_RATINGS
    return None if answered(item, asked.words) else Skipped.NOBODY_ANSWERED_WORDS


def _record(
    shard: Shard,
    item: ExportedItem,
    image: ExportedImage,
    words: WordVotes,
    drawing: Drawing,
    asked: RichQuestions,
) -> ExportRow:
    split = SPLIT_NAMES[shard.split_of(item.prompt)]
    scores: dict[str, Feature] = {}
    for name, key in SCORES.items():
        given = unit_ratings(item, asked.scores[key], image.letter)
        scores[name] = sum(given) / len(given)
    maps = {
        name: png_of(drawing.map_of([m for _, m in people_of(item, flaw, image.letter)]))
        for name, flaw in MAPS.items()
    }
    labels = _labels(item, words)
    features: dict[str, Feature] = {
        "filename": f"{split}/{uid_of(item, image)}.{SUFFIXES[shard.encoding]}".encode(),
        **scores,
        **maps,
        "prompt_misalignment_label": labels.encode(),
    }
    return ExportRow(
        to=(_records(split),),
        value=features,
        items=(item,),
        counts={("splits", split): 1, ("tied_tokens",): len(words.tied)},
        figures=tuple(Figure(name, image, map=png) for name, png in maps.items()),
        facts={**scores, "prompt_misalignment_label": labels},
    )


def _labels(item: ExportedItem, words: WordVotes) -> str:
    """By RichHF's tokens; of one that is written without spaces each misaligned part tells."""
    tokens = token_texts(item.prompt)
    if list(item.tokens) == tokens:
        return label_string(len(tokens), words.misaligned)
    return label_string(len(tokens), in_richhf_tokens(item.prompt, words.misaligned))


def _records(split: str) -> Records:
    return Records(f"{split}.tfrecord")


def _people(
    shard: Shard,
    item: ExportedItem,
    image: ExportedImage,
    words: WordVotes,
    asked: RichQuestions,
) -> ExportRow:
    row: dict[str, Any] = {
        "uid": uid_of(item, image),
        "item": item.id,
        "key": item.key,
        "split": SPLIT_NAMES[shard.split_of(item.prompt)],
        "prompt": item.prompt,
        "tokens": list(item.tokens),
        "generator": image.generator,
        "meta": image.meta,
        "item_meta": item.meta,
        "width": image.width,
        "height": image.height,
        "n": len(item.counting),
        "settled": item.settled,
        "tied_tokens": sorted(words.tied),
        "people": [_person(shard, one, image.letter, asked) for one in item.counting],
    }
    return ExportRow(
        to=(PEOPLE,),
        value=row,
        items=(item,),
        rows=0,
        figures=(Figure("image", image),),
        facts=picked(row, "split", "generator", "n", "settled", "tied_tokens", "people"),
    )


def _person(
    shard: Shard, annotation: ExportedAnnotation, letter: str, asked: RichQuestions
) -> dict[str, Any]:
    has_words = annotation.pieces.get(asked.words.key)
    return {
        "annotator": shard.facts.annotator(annotation.annotator_id),
        **{flaw: _points(annotation, flaw, letter) for flaw in MAPS.values()},
        "misaligned_tokens": tokens_of(annotation, asked.words) if has_words else None,
        **further_of(annotation, asked.words, letter),
        **{key: rating_of(annotation, one, letter) for key, one in asked.scores.items()},
    }


def _points(
    annotation: ExportedAnnotation, flaw: str, letter: str
) -> Sequence[Mapping[str, float]] | None:
    marks = marks_of(annotation, flaw, letter)
    return None if marks is None else [{"x": x, "y": y} for x, y in marks]


def _image(shard: Shard, item: ExportedItem, image: ExportedImage) -> ExportRow:
    row = {
        "image_0_uid": uid_of(item, image),
        "image_1_uid": "",
        "caption": item.prompt,
        "jpg_0": shard.image_bytes(image),
        "jpg_1": b"",
    }
    split = JOINED_TO[shard.split_of(item.prompt)]
    return ExportRow(
        to=(Parquet(f"data/{split}", COLUMNS),),
        value=row,
        items=(item,),
        rows=0,
        figures=(Figure("jpg_0", image),),
    )


RICHHF = Format(
    name="richhf",
    version="2",
    group=Group.MARKS,
    misfit=misfit,
    options=(
        options.PARTIAL,
        *options.SPLIT,
        options.ENCODING,
        *options.drawing(options.DISK),
    ),
    outputs=lambda shard: (*map(_records, SPLIT_NAMES.values()), PEOPLE),
    rows=rows,
    aggregation=lambda whole: {
        "scores": "mean over people of (rating - min) / (max - min)",
        "words": "misaligned if more than half say so; a tie is aligned, and counted",
        "maps": options.drawing_of(whole.options).describe(),
    },
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}, "tied_tokens": 0},
    splits=SPLIT_NAMES,
    inside=True,
    shard_items=500,
)
