"""The one interface of all formats.

A format is one file of this folder that ends in one `Format`, and one line in registry.py.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Any, TypeVar

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.maps import places_asked
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats.options import (
    ANSWERS_OF,
    ExportOption,
    Options,
    OptionType,
    check_values,
    whole,
)
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS, percents_of
from annotator.exports.read.facts import Facts
from annotator.exports.store.images import SUFFIXES
from annotator.exports.store.outputs import Output
from annotator.exports.store.rows import ExportRow, Skip
from annotator.exports.store.shapes import features_of, holds_json, rows_merged
from annotator.exports.store.work import Summary, Written
from annotator.questions.types import QuestionSpec

SHARD_ITEMS = 2000
# Stands in a snippet for the folder, and for the ending of its images.
FOLDER, SUFFIX = "THIS_FOLDER", "SUFFIX"
# As `datasets` calls them: a file that begins with "valid" is a split of that very name to it.
HUB_SPLITS = {"train": "train", "valid": "validation", "test": "test"}
OWN_SPLITS = {name: name for name in SPLITS}

Found = ExportRow | Skip | Callable[[], Iterable[ExportRow | Skip]]
"""What a format yields; what takes long is a function, which the loop calls ahead in a thread."""


class Group(StrEnum):
    """What a format holds, in the order of the page."""

    PAIRS = "pairs"
    RANKINGS = "rankings"
    MARKS = "marks"
    TABLES = "tables"
    DATASETS = "datasets"


@dataclass(frozen=True, slots=True)
class WholeExport:
    """An export all of whose shards are written; `total` adds them up.

    `written`: what came to stand in each output, by its name.
    """

    options: Options
    facts: Facts
    total: Summary
    written: Mapping[str, Written] = field(default_factory=dict)


Schema = Mapping[str, Any]
Lines = Sequence[str]
OptionMaker = Callable[[Questions], tuple[ExportOption, ...]]
T = TypeVar("T")


def _no_questions(questions: Questions, options: Options) -> tuple[QuestionSpec, ...]:
    return ()


def _no_outputs(shard: Shard) -> tuple[Output, ...]:
    return ()


def _no_bytes(options: Options, questions: Questions) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write down what was judged.

    `misfit(questions)` is the reason why a project's questions don't fit, None if they do.
    `rows(shard)` yields what is written and what is skipped, in the order of the shard's items.
    `outputs(shard)` are those that are there even if they are empty. `asked(questions, options)`
    are the questions that rows are of, for formats that tell what is skipped by question.

    What the folder says of its rows: `aggregation`, how they came to be; `schema`, what each field
    means; `snippet`, code that loads FOLDER, in `language`; `readme`, lines after it, and `card`,
    before its title; `files`, others that are the same for all rows. `counts` and `skipped` are
    what the manifest tells even where it is none. `splits`: what it calls each of its splits, as
    it counts them; none where it has none.

    `together`: items of one prompt come one after the other and in one shard.
    `measured`: images come with what machines measured.
    `everything`: superseded and rejected annotations too, and items with nothing else.
    `inside`: it writes image bytes into its rows whether or not `images` is chosen.
    `bytes_an_image(options, questions)`: what it writes for each image beside the image itself.
    `shard_items`: how many items a shard has if nobody says otherwise; fewer where rows hold
    images. `version` changes whenever the bytes do.
    """

    name: str
    version: str
    group: Group
    misfit: Callable[[Questions], Reason | None]
    options: tuple[ExportOption | OptionMaker, ...]
    rows: Callable[[Shard], Iterator[Found]]
    aggregation: Schema | Callable[[WholeExport], Schema]
    schema: Schema | Callable[[WholeExport], Schema]
    snippet: str
    language: str = "python"
    readme: Lines | Callable[[WholeExport], Lines] = ()
    card: Lines | Callable[[WholeExport], Lines] = ()
    files: Callable[[WholeExport], Mapping[str, bytes]] | Mapping[str, bytes] = field(
        default_factory=dict
    )
    asked: Callable[[Questions, Options], tuple[QuestionSpec, ...]] = _no_questions
    outputs: Callable[[Shard], Sequence[Output]] = _no_outputs
    counts: Mapping[str, Any] = field(default_factory=dict)
    splits: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    together: bool = False
    measured: bool = False
    everything: bool = False
    inside: bool = False
    bytes_an_image: Callable[[Options, Questions], int] = _no_bytes
    shard_items: int = SHARD_ITEMS


def told(value: T | Callable[[WholeExport], T], whole_export: WholeExport) -> T:
    """What a format says of an export, where it depends on it."""
    return value(whole_export) if callable(value) else value


def options_of(form: Format, questions: Questions) -> tuple[ExportOption, ...]:
    """All that can be chosen: the format's own, which batches by their verdict and by name, and the
    shards' size.
    """
    own = [(one,) if isinstance(one, ExportOption) else one(questions) for one in form.options]
    return (
        *(option for made in own for option in made),
        ANSWERS_OF,
        ExportOption("batches", OptionType.BATCHES, "", rare=True),
        whole("shard_items", form.shard_items, 1, 100_000, rare=True),
    )


def check_options(form: Format, questions: Questions, given: Mapping[str, object]) -> Options:
    """The options with defaults filled in; Invalid names every unknown and every wrong one."""
    return check_values(options_of(form, questions), given)


def fitting_options(form: Format, questions: Questions, given: Mapping[str, object]) -> Options:
    """The same, for a project that the format has to fit; Invalid, of `format`, if it does not."""
    misfit = form.misfit(questions)
    if misfit:
        raise Invalid(misfit, fields={"format": misfit})
    return check_options(form, questions, given)


def loading(form: Format, options: Mapping[str, Any], folder: str = FOLDER) -> str:
    """Code that loads an export with these options from `folder`."""
    suffix = SUFFIXES.get(str(options.get("encoding")), "png")
    return form.snippet.replace(FOLDER, folder).replace(SUFFIX, suffix)


def asks_anything(questions: Questions) -> Reason | None:
    """It fits every project that asks anything."""
    return None if questions else Reason(Code.NO_QUESTIONS)


def asks_for_marks(questions: Questions) -> Reason | None:
    """Formats of maps need marks or regions."""
    return None if places_asked(questions) else Reason(Code.NO_MARKS)


def front_matter(**parts: object) -> list[str]:
    """The head of a README.md that `datasets` reads; what is JSON is YAML too."""
    return ["---", *(f"{name}: {json.dumps(value)}" for name, value in parts.items()), "---", ""]


def configs_of(files: Mapping[str, Mapping[str, object]]) -> list[dict[str, object]]:
    """What stands there of the files that rows are in: configuration → split → path or paths."""
    return [
        {
            "config_name": name,
            "data_files": [{"split": split, "path": path} for split, path in of_splits.items()],
        }
        for name, of_splits in files.items()
    ]


def card_of_files(
    whole: WholeExport, files: Mapping[str, Mapping[str, str | Sequence[str]]]
) -> list[str]:
    """The head of a README.md for files of JSON rows: configuration → split → file or files.

    The types stand there, too, where `datasets` would find others from file to file.
    """
    infos = []
    for name, of_splits in files.items():
        paths = ([one] if isinstance(one, str) else one for one in of_splits.values())
        found = [whole.written[path] for of_split in paths for path in of_split]
        shape = reduce(rows_merged, (one.shape for one in found))
        alike = all(one.steady and one.shape == shape for one in found)
        if shape and (holds_json(shape) or not alike):
            infos.append({"config_name": name, "features": features_of(shape)})
    types = {"dataset_info": infos} if infos else {}
    return front_matter(configs=configs_of(files), **types)


def splits_asked_for(form: Format, options: Options) -> dict[str, str]:
    """The format's splits that are to have any share of the prompts, each with its name."""
    percents = percents_of(options.text("split")) or ()
    return {
        split: form.splits[split]
        for split, percent in zip(SPLITS, percents, strict=False)
        if percent and form.splits
    }


def empty_splits(form: Format, whole: WholeExport) -> tuple[str, ...]:
    """The names of those that no row fell into."""
    counts = whole.total.counts
    counted = {**counts.get("sets", {}), **counts.get("splits", {})}
    names = splits_asked_for(form, whole.options).values()
    return tuple(name for name in names if not counted.get(name))
