"""`scores`: one row an image, all that people and machines say of it, for cleaning and choosing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyarrow as pa

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.numbers import number_columns, numbers_of, spreads_of
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Group, WholeExport
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Csv, Parquet
from annotator.exports.store.rows import ExportRow, Figure
from annotator.items.selectors import text_of
from annotator.measurements.catalog import description_of
from scoring.catalog import CATALOG, Grain, metric

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
NO_FACTS = {"image", "sha256", "source_name", "prompt", "width", "height"}
SNIPPET = """\
import pandas
rows = pandas.read_csv("THIS_FOLDER/scores.csv")
print(rows.groupby("generator").mean(numeric_only=True).T)"""
README = [
    'The same table twice: data/ for `pandas.read_parquet("data")`, scores.csv for',
    "spreadsheets, in which a text that would be a formula begins with an apostrophe.",
    "Cleaning: drop rows by people's columns, or by a metric that agrees with them.",
]


def misfit(questions: Questions) -> Reason | None:
    """It needs something that makes a number of an image."""
    return None if number_columns(questions) else Reason(Code.NO_NUMBERS)


def metrics(learnt: Sequence[str]) -> list[str]:
    """The machine's columns: every metric of one image, measured or not, then reward heads."""
    of_images = (Grain.IMAGE, Grain.PAIR)
    return [*(name for name, entry in CATALOG.items() if entry.grain in of_images), *learnt]


def meta_columns(facts: Facts) -> dict[str, str]:
    """Column → the key of what came with images. The same names are read from a manifest."""
    return {f"meta.{key}": key for key in facts.image_meta}


def schema_of(facts: Facts) -> pa.Schema:
    """The table's columns: about the image, what came with it, by people, by machines."""
    uploaded = [(name, pa.string()) for name in meta_columns(facts)]
    people = [
        (name, pa.int32() if name.endswith(".n") else pa.float64())
        for name in number_columns(facts.questions, facts.skills)
    ]
    machines = [
        (f"metric.{name}", pa.string() if metric(name).unit == HASH else pa.float64())
        for name in metrics(facts.learnt)
    ]
    return pa.schema([*ABOUT_THE_IMAGE, *uploaded, *people, *machines])


def outputs(shard: Shard) -> tuple[Parquet, Csv]:
    """The same table twice."""
    schema = schema_of(shard.facts)
    return Parquet(TABLE, schema), Csv(CELLS, tuple(schema.names))


def rows(shard: Shard) -> Iterator[ExportRow]:
    """A row an image, over all items of its prompt, in the order in which they first come."""
    to = outputs(shard)
    for _, same in groupby(shard.items, key=lambda item: item.prompt):
        for scored in _images(same, shard.questions):
            yield _row(shard, scored, to)


def schema(whole: WholeExport) -> dict[str, Any]:
    """What the columns mean."""
    columns = {
        "image": "its name in images/, if images were asked for",
        "sha256, source_name, prompt, generator, width, height": "of the stored image",
        "items, people, settled": "items it is in; people who said something that counts; whether "
        "all of those items are settled",
        "meta.*": "what came with the image in the upload, as text",
        **number_columns(whole.facts.questions, whole.facts.skills),
        **{f"metric.{name}": description_of(name) for name in metrics(whole.facts.learnt)},
    }
    return {CELLS: columns, f"{TABLE}-*.parquet": "the same"}


@dataclass
class _ScoredImage:
    """What has come together of one image."""

    image: ExportedImage
    items: list[ExportedItem] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    numbers: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def _images(items: Iterable[ExportedItem], questions: Questions) -> Iterable[_ScoredImage]:
    found: dict[str, _ScoredImage] = {}
    for item in items:
        for image in item.images:
            scored = found.setdefault(image.id, _ScoredImage(image))
            scored.items.append(item)
            for question, annotation, numbers in numbers_of(item, image.letter, questions):
                scored.people.add(annotation.annotator_id)
                scored.numbers[f"{question.key}.n"].append(1)
                for name, value in numbers.items():
                    scored.numbers[name].append(value)
            for name, spread in spreads_of(item, image.letter, questions):
                scored.numbers[name].append(spread)
    return found.values()


def _row(shard: Shard, scored: _ScoredImage, to: tuple[Parquet, Csv]) -> ExportRow:
    image, prompt = scored.image, scored.items[0].prompt
    measured = {one.metric: one.text or one.number for one in image.measured}
    copies = shard.copies(image)
    row: dict[str, Any] = {
        "image": shard.name_of(image) if copies else None,
        "sha256": image.sha256,
        "source_name": image.source_name,
        "prompt": prompt,
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
        "split": shard.split_of(prompt),
        "items": len(scored.items),
        "people": len(scored.people),
        "settled": all(item.settled for item in scored.items),
        **{
            name: text_of(image.meta[key]) if key in image.meta else None
            for name, key in meta_columns(shard.facts).items()
        },
        **{
            name: _number(name, scored.numbers.get(name, []))
            for name in number_columns(shard.questions, shard.facts.skills)
        },
        **{f"metric.{name}": measured.get(name) for name in metrics(shard.facts.learnt)},
    }
    return ExportRow(
        to=to,
        value=row,
        items=tuple(scored.items),
        counts={("generators", image.generator): 1},
        copies=copies,
        figures=(Figure("sha256", image),),
        facts={name: value for name, value in row.items() if name not in NO_FACTS},
    )


def _number(name: str, given: Sequence[float]) -> float | None:
    if name.endswith(".n"):
        return len(given)
    return sum(given) / len(given) if given else None


SCORES = Format(
    name="scores",
    version="2",
    group=Group.TABLES,
    misfit=misfit,
    options=(options.PARTIAL, *options.SPLIT, options.IMAGES_ASKED, options.ENCODING),
    outputs=outputs,
    rows=rows,
    aggregation={
        "people": "the mean over all answers that count, of all items with the image",
        "metrics": "the newest value; empty where nothing was measured, inf where it is infinite",
    },
    schema=schema,
    snippet=SNIPPET,
    readme=README,
    counts={"generators": {}},
    together=True,
    measured=True,
)
