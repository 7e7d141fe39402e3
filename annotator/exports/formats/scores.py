"""`scores`: one row an image, all that people and machines say of it, for cleaning and choosing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyarrow as pa

from annotator.core import words
from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import image_name
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.exports.voices import people_columns, said_of, spreads_of
from scoring.catalog import CATALOG, Grain

TABLE, CELLS = "data/scores", "scores.csv"
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


def why_not(questions: Questions) -> str | None:
    """Every project has images and something that was asked of them."""
    if people_columns(questions):
        return None
    return "This project asks nothing that makes a number."


def metrics() -> list[str]:
    """The machine's columns: every metric of one image, measured or not."""
    return [name for name, entry in CATALOG.items() if entry.grain in (Grain.IMAGE, Grain.PAIR)]


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

    image: ExportedImage
    item: ItemRow
    items: int = 0
    settled: bool = True
    people: set[int] = field(default_factory=set)
    voices: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def write(shard: Shard, options: Options) -> Summary:
    """A row an image, over all items of its prompt, in the order in which they first come."""
    schema = schema_of(shard.questions)
    table = shard.parquet(TABLE, schema)
    cells = shard.csv(CELLS, schema.names)
    generators: Counter[str] = Counter()
    items = 0
    for prompt, same in groupby(shard.items, key=lambda item: item.prompt):
        rows = list(same)
        items += len(rows)
        for seen in _images(rows, shard.questions):
            row = _row(seen, shard.questions, shard.split_of(prompt), options)
            if options.wants("images"):
                shard.image(seen.image)
            table.write_row(row)
            cells.write_row([row[name] for name in schema.names])
            generators[seen.image.generator] += 1
    return Summary(rows=generators.total(), items=items, counts={"generators": generators})


def about(options: Options, facts: Facts, total: Summary) -> About:
    """What the columns mean."""
    columns = {
        "image": "its name in images/, if images were asked for",
        "sha256, source_name, prompt, generator, width, height": "of the stored image",
        "items, people, settled": "items it is in; people who said something that counts; whether "
        "all of those items are settled",
        **people_columns(facts.questions),
        **{f"metric.{name}": words.fill("metrics", name, {}) for name in metrics()},
    }
    return About(
        aggregation={
            "people": "the mean over all answers that count, of all items with the image",
            "metrics": "the newest value; empty where nothing was measured",
        },
        schema={CELLS: columns, f"{TABLE}-*.parquet": "the same"},
        readme=[
            'The same table twice: data/ for `pandas.read_parquet("data")`, scores.csv for',
            "spreadsheets, in which a text that would be a formula begins with an apostrophe.",
            "Cleaning: drop rows by people's columns, or by a metric that agrees with them.",
        ],
    )


def _images(rows: Sequence[ItemRow], questions: Questions) -> Iterable[_Seen]:
    found: dict[str, _Seen] = {}
    for item in rows:
        for image in item.images:
            seen = found.setdefault(str(image.id), _Seen(image, item))
            seen.items += 1
            seen.settled &= item.settled
            for question, answer, voices in said_of(item, image.letter, questions):
                seen.people.add(answer.said.annotator_id)
                seen.voices[f"{question.key}.n"].append(1)
                for name, value in voices.items():
                    seen.voices[name].append(value)
            for name, spread in spreads_of(item, image.letter, questions):
                seen.voices[name].append(spread)
    return found.values()


def _row(seen: _Seen, questions: Questions, split: str, options: Options) -> dict[str, Any]:
    image = seen.image
    measured = {one.metric: one.text or one.value for one in image.measured}
    wanted = options.wants("images")
    row: dict[str, Any] = {
        "image": image_name(image.sha256, options.choice("encoding")) if wanted else None,
        "sha256": image.sha256,
        "source_name": image.source_name,
        "prompt": seen.item.prompt,
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
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
