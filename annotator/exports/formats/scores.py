"""`scores`: one row an image, all that people and machines say of it, for cleaning and choosing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.pictures import picture_name
from annotator.exports.rows import Answer, ItemRow, Picture
from annotator.exports.shard import Shard
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.catalog import CATALOG, Grain
from scoring.votes import tiers_to_ranks

TABLE = "scores"
SUMS = {"a": 1.0, "b": 0.0, "tie": 0.5, "both_bad": 0.5}
HASH = "hash"
ABOUT_THE_IMAGE: tuple[tuple[str, pa.DataType], ...] = (
    ("image", pa.string()),
    ("sha256", pa.string()),
    ("source_name", pa.string()),
    ("prompt", pa.string()),
    ("generator", pa.string()),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("split", pa.string()),
    ("items", pa.int32()),
    ("people", pa.int32()),
    ("settled", pa.bool_()),
)
Voices = Mapping[str, float]
"""What one person's answer to one question says of an image: column → value."""


def why_not(questions: Questions) -> str | None:
    """Every project has images and something that was asked of them."""
    if any(question.kind in VOICES for question in questions):
        return None
    return "This project asks nothing that makes a number."


def _rating(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    ratings = said["ratings"]
    return {question.key: ratings[letter]} if letter in ratings else {}


def _preference(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    share = SUMS.get(said["choice"])
    if share is None:  # not sure: says nothing of either
        return {}
    return {f"{question.key}.win_share": share if letter == "a" else 1 - share}


def _ranking(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    ranks = tiers_to_ranks(said["tiers"])
    others = len(ranks) - 1
    return {f"{question.key}.place_share": (len(ranks) - ranks[letter]) / others} if others else {}


def _marks(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if letter not in said["marks"]:
        return {}
    count = len(said["marks"][letter])
    return {f"{question.key}.marks": count, f"{question.key}.marked_share": float(count > 0)}


def _flags(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if letter not in said["flags"]:
        return {}
    named = said["flags"][letter]
    return {f"{question.key}.{option}": float(option in named) for option in question.options}


def _pick(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    return {f"{question.key}.picked_share": float(said["choice"] == letter)}


def _words(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if not item.tokens:
        return {}
    return {f"{question.key}.misaligned_share": len(said["tokens"]) / len(item.tokens)}


@dataclass(frozen=True, slots=True)
class Kind:
    """How one type of question becomes columns, and each of them in words."""

    voices: Callable[[Any, QuestionSpec, str, ItemRow], Voices]
    columns: Callable[[QuestionSpec], Mapping[str, str]]


def _one(suffix: str, words: str) -> Callable[[QuestionSpec], Mapping[str, str]]:
    return lambda question: {f"{question.key}{suffix}": words}


VOICES: Mapping[str, Kind] = {
    "rating": Kind(_rating, _one("", "mean rating, on the question's own scale")),
    "preference": Kind(_preference, _one(".win_share", "1 chosen, 0.5 tie or both bad, 0 not")),
    "ranking": Kind(_ranking, _one(".place_share", "1 first, 0 last of its item, ties shared")),
    "marks": Kind(
        _marks,
        lambda question: {
            f"{question.key}.marks": "mean number of marks a person",
            f"{question.key}.marked_share": "share of people who marked anything",
        },
    ),
    "flags": Kind(
        _flags,
        lambda question: {
            f"{question.key}.{option}": "share of people who said so" for option in question.options
        },
    ),
    "pick": Kind(_pick, _one(".picked_share", "share of people who picked it")),
    "words": Kind(_words, _one(".misaligned_share", "mean share of the prompt's words")),
}


def metrics() -> list[str]:
    """The machine's columns: every metric of one image, measured or not."""
    return [name for name, entry in CATALOG.items() if entry.grain in (Grain.IMAGE, Grain.PAIR)]


def people_columns(questions: Questions) -> dict[str, str]:
    """The people's columns in words; a question's `.n` counts the answers behind its others."""
    found: dict[str, str] = {}
    for question in questions:
        if question.kind in VOICES:
            found |= VOICES[question.kind].columns(question)
            if question.kind == "rating":
                found[f"{question.key}.spread"] = "highest less lowest rating of an item, the mean"
            found[f"{question.key}.n"] = "answers behind it"
    return found


def schema_of(questions: Questions) -> pa.Schema:
    """The table's columns: about the image, by people, by machines."""
    people = [
        (name, pa.int32() if name.endswith(".n") else pa.float64())
        for name in people_columns(questions)
    ]
    machines = [
        (f"metric.{name}", pa.string() if CATALOG[name].unit == HASH else pa.float64())
        for name in metrics()
    ]
    return pa.schema([*ABOUT_THE_IMAGE, *people, *machines])


@dataclass
class _Seen:
    """What has come together of one image."""

    picture: Picture
    item: ItemRow
    items: int = 0
    settled: bool = True
    people: set[int] = field(default_factory=set)
    voices: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def write(shard: Shard, options: Options) -> Summary:
    """A row an image, over all items of its prompt, in the order in which they first come."""
    schema = schema_of(shard.questions)
    table = shard.parquet(TABLE, schema)
    cells = shard.csv(f"{TABLE}.csv", schema.names)
    generators: Counter[str] = Counter()
    items = 0
    for prompt, same in groupby(shard.items, key=lambda item: item.prompt):
        rows = list(same)
        items += len(rows)
        for seen in _images(rows, shard.questions):
            row = _row(seen, shard.questions, shard.split_of(prompt), options)
            if options.wants("images"):
                shard.picture(seen.picture)
            table.write_row(row)
            cells.write_row([row[name] for name in schema.names])
            generators[seen.picture.generator] += 1
    return Summary(rows=generators.total(), items=items, counts={"generators": generators})


def about(options: Options, facts: Facts, total: Summary) -> About:
    """What the columns mean."""
    columns = {
        "image": "its name in images/, if pictures were asked for",
        "sha256, source_name, prompt, generator, width, height": "of the stored picture",
        "items, people, settled": "items it is in, people who answered, all of those items settled",
        **people_columns(facts.questions),
        **{f"metric.{name}": CATALOG[name].description for name in metrics()},
    }
    return About(
        aggregation={
            "people": "the mean over all answers that count, of all items with the image",
            "metrics": "the newest value; empty where nothing was measured",
        },
        schema={f"{TABLE}.csv": columns, f"{TABLE}-*.parquet": "the same"},
        readme=["pandas.read_parquet(folder, columns=[…]) or any spreadsheet (the CSV).",
                "Cleaning: drop rows by people's columns, or by a metric that agrees with them."],
    )  # fmt: skip


def _images(rows: Sequence[ItemRow], questions: Questions) -> Iterable[_Seen]:
    found: dict[str, _Seen] = {}
    for item in rows:
        for picture in item.pictures:
            seen = found.setdefault(str(picture.id), _Seen(picture, item))
            seen.items += 1
            seen.settled &= item.settled
            for question, answer, voices in _said(item, picture.letter, questions):
                seen.people.add(answer.said.annotator_id)
                seen.voices[f"{question.key}.n"].append(1)
                for name, value in voices.items():
                    seen.voices[name].append(value)
            for name, spread in _spreads(item, picture.letter, questions):
                seen.voices[name].append(spread)
    return found.values()


def _said(
    item: ItemRow, letter: str, questions: Questions
) -> Iterator[tuple[QuestionSpec, Answer, Voices]]:
    for question in questions:
        kind = VOICES.get(question.kind)
        for answer in item.standing:
            pieces = answer.pieces.get(question.key)
            if kind is None or not pieces:
                continue
            said = KINDS[question.kind].dump(pieces, question, item.spec)
            voices = kind.voices(said, question, letter, item)
            if voices:
                yield question, answer, voices


def _spreads(item: ItemRow, letter: str, questions: Questions) -> Iterator[tuple[str, float]]:
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    rated = [question for question in questions if question.kind == "rating"]
    for question, _, voices in _said(item, letter, rated):
        ratings[question.key].append(voices[question.key])
    for key, given in ratings.items():
        yield f"{key}.spread", max(given) - min(given)


def _row(seen: _Seen, questions: Questions, split: str, options: Options) -> dict[str, Any]:
    picture = seen.picture
    measured = {one.metric: one.text or one.value for one in picture.measured}
    wanted = options.wants("images")
    row: dict[str, Any] = {
        "image": picture_name(picture.sha256, options.choice("encoding")) if wanted else None,
        "sha256": picture.sha256,
        "source_name": picture.source_name,
        "prompt": seen.item.prompt,
        "generator": picture.generator,
        "width": picture.width,
        "height": picture.height,
        "split": split,
        "items": seen.items,
        "people": len(seen.people),
        "settled": seen.settled,
    }
    for name in people_columns(questions):
        given = seen.voices.get(name, [])
        if name.endswith(".n"):
            row[name] = len(given)
        else:
            row[name] = sum(given) / len(given) if given else None
    return row | {f"metric.{name}": measured.get(name) for name in metrics()}


SCORES = Format(
    name="scores",
    version="1",
    title="One row an image: what people and machines say (CSV, parquet)",
    use="Cleaning a training set, choosing a model: pandas, DuckDB or a spreadsheet.",
    why_not=why_not,
    write=write,
    about=about,
    common=(Common.PARTIAL, Common.SPLIT, Common.IMAGES_ASKED, Common.ENCODING),
    together=True,
    measured=True,
)
