"""`richhf`: RichHF-18K's TFRecords, with what its first author's loader joins them to.

Source: google-research-datasets/richhf-18k (README, issues 11 and 12), google-research's
richhf_18k/ and the paper (Liang et al., CVPR 2024). Exactly eight features: a ninth of bytes would
be taken for an image. Everything is "the higher the better", and a token's label 0 is misaligned.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from annotator.exports.examples import Feature, example
from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import SUFFIXES
from annotator.exports.maps import (
    Drawing,
    Point,
    drawing,
    drawing_options,
    marks_of,
    people_of,
    png_of,
)
from annotator.exports.rows import Answer, ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.tokens import label_string

# The names of RichHF's splits; its dev set joins to Pick-a-Pic's train split.
SPLITS = {"train": "train", "valid": "dev", "test": "test"}
JOINED_TO = {"train": "train", "valid": "train", "test": "test"}
MAPS = {"artifact_map": "implausibility", "misalignment_map": "misalignment"}
SCORES = {
    "artifact_score": "plausibility",
    "misalignment_score": "alignment",
    "aesthetics_score": "aesthetics",
    "overall_score": "overall",
}
MARK = "_0"
PEOPLE = "people.jsonl"
IMAGES = pa.schema(
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
    PEOPLE: {
        "uid, item, key, split, prompt, tokens": "one line an image; tokens as labelled",
        "people": "each person's marks (fractions of the image), misaligned tokens and ratings",
        "n": "how many people; tied_tokens: as many said misaligned as aligned, so aligned",
    },
    "data/{train,test}-*.parquet": {
        "image_0_uid, image_1_uid, caption, jpg_0, jpg_1": "Pick-a-Pic's shape, which loaders take "
        "image and prompt from; one row an image, the second of the pair is empty",
    },
}


def why_not(questions: Questions) -> str | None:
    """It needs RichHF's questions, by their names."""
    kinds = {question.key: question.kind for question in questions}
    wanted = {**dict.fromkeys(MAPS.values(), "marks"), **dict.fromkeys(SCORES.values(), "rating")}
    lacking = [f"{key} ({kind})" for key, kind in wanted.items() if kinds.get(key) != kind]
    if "words" not in kinds.values():
        lacking.append("misaligned words (words)")
    if not lacking:
        return None
    return f"RichHF needs questions that this project does not ask: {', '.join(lacking)}."


def options(questions: Questions) -> tuple[Option, ...]:
    """Shape and size of the maps; RichHF's own are disks on 512 × 512."""
    return drawing_options("disk")


def write(shard: Shard, options: Options) -> Summary:
    """A record, a line and a row an image; what loaders could not read is left out and counted."""
    draw = drawing(options)
    encoding = options.choice("encoding")
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    tied = 0
    items: set[str] = set()
    outputs = {split: shard.records(f"{SPLITS[split]}.tfrecord") for split in SPLITS}
    people = shard.lines(PEOPLE)
    for item in shard.items:
        split = shard.split_of(item.prompt)
        for image in item.images:
            reason = unfit(shard.questions, item, image)
            if reason:
                left_out[reason] += 1
                continue
            words = word_votes(shard.questions, item)
            filename = f"{SPLITS[split]}/{uid_of(item, image)}.{SUFFIXES[encoding]}"
            features = {
                "filename": filename.encode(),
                **features_of(shard.questions, item, image, draw, words),
            }
            outputs[split].write(example(features), features)
            people.write_row(_people(shard, item, image, SPLITS[split], words))
            _write_image(shard, item, image, split)
            tied += len(words.tied)
            splits[SPLITS[split]] += 1
            items.add(str(item.id))
    return Summary(
        rows=splits.total(),
        items=len(items),
        left_out=left_out,
        counts={"splits": splits, "tied_tokens": tied},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How three people became one record."""
    return About(
        aggregation={
            "scores": "mean over people of (rating - min) / (max - min)",
            "words": "misaligned if more than half say so; a tie is aligned, and counted",
            "maps": drawing(options).describe(),
        },
        schema=SCHEMA,
        readme=[
            "The TFRecords are read by RichHF-18K's own scripts (parse_tfrecord_file.py) and by",
            "`tf.data.TFRecordDataset`. Images and prompts lie in data/*.parquet, in the shape of",
            "Pick-a-Pic; people.jsonl has every person's own answers.",
        ],
    )


def uid_of(item: ItemRow, image: ExportedImage) -> str:
    """What record, line and row call an image; no dot in it, where loaders cut."""
    return f"{item.id}_{image.letter}"


class Words:
    """What people say together of a prompt's words: misaligned token indices, and ties."""

    def __init__(self, votes: Sequence[Sequence[int]]) -> None:
        marked = Counter(token for tokens in votes for token in set(tokens))
        self.misaligned = {token for token, n in marked.items() if 2 * n > len(votes)}
        self.tied = {token for token, n in marked.items() if 2 * n == len(votes)}


def unfit(questions: Questions, item: ItemRow, image: ExportedImage) -> str:
    """Why this image can't be a record, "" if it can."""
    if not item.tokens:
        return "prompt_without_words"
    if any(token.endswith(MARK) for token in item.tokens):
        return "word_ends_in_the_mark_of_misalignment"
    for flaw in MAPS.values():
        if not people_of(item, flaw, image.letter):
            return "nobody_answered_marks"
    for key in SCORES.values():
        if not ratings(_question(questions, key), item, image):
            return "nobody_answered_ratings"
    return "" if _words(questions, item) else "nobody_answered_words"


def features_of(
    questions: Questions, item: ItemRow, image: ExportedImage, draw: Drawing, words: Words
) -> Mapping[str, Feature]:
    """Seven of the eight features; the filename is the eighth."""
    scores: dict[str, Feature] = {}
    for name, key in SCORES.items():
        given = ratings(_question(questions, key), item, image)
        scores[name] = sum(given) / len(given)
    maps: dict[str, Feature] = {
        name: png_of(draw.map_of([marks for _, marks in people_of(item, flaw, image.letter)]))
        for name, flaw in MAPS.items()
    }
    labels = label_string(len(item.tokens), words.misaligned).encode()
    return {**scores, **maps, "prompt_misalignment_label": labels}


def ratings(question: QuestionSpec, item: ItemRow, image: ExportedImage) -> list[float]:
    """Each person's rating of the image on a scale from 0 to 1."""
    low, high = question.scale_min or 0, question.scale_max or 1
    given = (_rating(answer, question, image.letter) for answer in item.standing)
    return [(rating - low) / (high - low) for rating in given if rating is not None]


def word_votes(questions: Questions, item: ItemRow) -> Words:
    """The words of everybody whose answer counts."""
    return Words([tokens for _, tokens in _words(questions, item)])


def _question(questions: Questions, key: str) -> QuestionSpec:
    return next(question for question in questions if question.key == key)


def _rating(answer: Answer, question: QuestionSpec, letter: str) -> int | None:
    pieces = answer.pieces.get(question.key, ())
    return next((p.number for p in pieces if p.letter == letter or not question.per_image), None)


def _words(questions: Questions, item: ItemRow) -> list[tuple[Answer, list[int]]]:
    question = next(question for question in questions if question.kind == "words")
    return [
        (answer, KINDS["words"].dump(pieces, question, item.spec)["tokens"])
        for answer in item.standing
        if (pieces := answer.pieces.get(question.key))
    ]


def _people(
    shard: Shard, item: ItemRow, image: ExportedImage, split: str, words: Words
) -> dict[str, Any]:
    tokens = {answer.said.id: marked for answer, marked in _words(shard.questions, item)}
    return {
        "uid": uid_of(item, image),
        "item": str(item.id),
        "key": item.key,
        "split": split,
        "prompt": item.prompt,
        "tokens": list(item.tokens),
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
        "n": len(item.standing),
        "settled": item.settled,
        "tied_tokens": sorted(words.tied),
        "people": [
            {
                "annotator": shard.annotator(answer.said.annotator_id),
                **{flaw: _points(answer, flaw, image.letter) for flaw in MAPS.values()},
                "misaligned_tokens": tokens.get(answer.said.id),
                **{
                    key: _rating(answer, _question(shard.questions, key), image.letter)
                    for key in SCORES.values()
                },
            }
            for answer in item.standing
        ],
    }


def _points(answer: Answer, flaw: str, letter: str) -> list[dict[str, float]] | None:
    marks: Sequence[Point] | None = marks_of(answer, flaw, letter)
    return None if marks is None else [{"x": x, "y": y} for x, y in marks]


def _write_image(shard: Shard, item: ItemRow, image: ExportedImage, split: str) -> None:
    data = shard.image_bytes(image)
    uid = uid_of(item, image)
    shard.parquet(f"data/{JOINED_TO[split]}", IMAGES).write_row(
        {
            "image_0_uid": uid,
            "image_1_uid": "",
            "caption": item.prompt,
            "jpg_0": data,
            "jpg_1": b"",
        }
    )


RICHHF = Format(
    name="richhf",
    version="1",
    title="RichHF-18K: TFRecords, people's answers, images in Pick-a-Pic's shape",
    use="Predictors of heatmaps, scores and misaligned words, by RichHF-18K's own scripts.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.SPLIT, Common.ENCODING),
    inside=True,
    shard_items=500,
)
