"""The one interface of all formats, and the options that mean the same in several of them.

A format is one file of this folder that ends in one `Format`, and one line in registry.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.maps import Drawing, flaws_of
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats.options import (
    ExportOption,
    Options,
    OptionType,
    check_values,
    choice,
    number,
    switch,
    whole,
)
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import Facts
from annotator.exports.store.images import ENCODINGS, SUFFIXES
from annotator.exports.store.outputs import Output
from annotator.exports.store.rows import ExportRow, Skip
from annotator.exports.store.work import Summary
from annotator.questions.types import QuestionSpec

SHARD_ITEMS = 2000
# Stands in a snippet for the folder, and for the ending of its images.
FOLDER, SUFFIX = "THIS_FOLDER", "SUFFIX"
# As `datasets` calls them: a file that begins with "valid" is a split of that very name to it.
HUB_SPLITS = {"train": "train", "valid": "validation", "test": "test"}
GAUSSIAN, DISK = "gaussian", "disk"
IN_PIXELS = "px"

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
class About:
    """What the folder says of its rows: how they came to be, what each field means.

    `readme`: lines of a README.md after its title and snippet, `card` before them; None: there is
    none. `files`: others that are the same for all rows.
    """

    aggregation: Mapping[str, Any]
    schema: Mapping[str, Any]
    readme: Sequence[str] | None = None
    card: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def _no_options(questions: Questions) -> tuple[ExportOption, ...]:
    return ()


def _no_questions(questions: Questions, options: Options) -> tuple[QuestionSpec, ...]:
    return ()


def _no_outputs(shard: Shard) -> tuple[Output, ...]:
    return ()


def _no_bytes(options: Options, questions: Questions) -> int:
    return 0


def asks_anything(questions: Questions) -> Reason | None:
    """It fits every project that asks anything."""
    return None if questions else Reason(Code.NO_QUESTIONS)


def asks_for_marks(questions: Questions) -> Reason | None:
    """Formats of maps need marks."""
    return None if flaws_of(questions) else Reason(Code.NO_MARKS)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write down what was judged.

    `misfit(questions)` is the reason why a project's questions don't fit, None if they do.
    `rows(shard)` yields what is written and what is skipped, in the order of the shard's items.
    `outputs(shard)` are those that are there even if they are empty.
    `about(options, facts, total)` is asked once all shards are written; `total` adds them up.
    `asked(questions, options)` are the questions that rows are of, for formats that tell what is
    skipped by question. `counts` and `skipped` are what the manifest tells even where it is none.
    `snippet` is code that loads FOLDER, in `language`.
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
    rows: Callable[[Shard], Iterator[Found]]
    about: Callable[[Options, Facts, Summary], About]
    snippet: str
    language: str = "python"
    options: Callable[[Questions], tuple[ExportOption, ...]] = _no_options
    asked: Callable[[Questions, Options], tuple[QuestionSpec, ...]] = _no_questions
    outputs: Callable[[Shard], Sequence[Output]] = _no_outputs
    counts: Mapping[str, Any] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    together: bool = False
    measured: bool = False
    everything: bool = False
    inside: bool = False
    bytes_an_image: Callable[[Options, Questions], int] = _no_bytes
    shard_items: int = SHARD_ITEMS


def options_of(form: Format, questions: Questions) -> tuple[ExportOption, ...]:
    """All that can be chosen: the format's own, which batches, and the shards' size."""
    return (
        *form.options(questions),
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


def empty_splits(names: Iterable[str], total: Summary) -> Sequence[str]:
    """Lines for a README that name the splits without a file."""
    missing = [name for name in names if not total.counts["splits"].get(name)]
    return ["", f"No rows fell into: {', '.join(missing)}; they have no file."] if missing else []


PARTIAL = switch("partial", default=False)
IMAGES, IMAGES_ASKED = switch("images", default=True), switch("images", default=False)
ENCODING = choice("encoding", ENCODINGS, rare=True)
SPLIT = (
    ExportOption("split", OptionType.SPLIT, "90/5/5"),
    whole("seed", 0, 0, 2**31 - 1, rare=True),
)


def drawing_options(kind: str) -> tuple[ExportOption, ...]:
    """Shape and size of maps; `kind` is what they are if nobody says otherwise."""
    gaussian = {"kind": GAUSSIAN}
    presets = ("equal_moment", "half_height", IN_PIXELS)
    return (
        choice("kind", (GAUSSIAN, DISK), kind),
        choice("sigma", presets, rare=True, needs=gaussian),
        number("sigma_px", 12.8, 0.1, 1024, rare=True, needs={**gaussian, "sigma": IN_PIXELS}),
        whole("size", 512, 16, 4096),
    )


def drawing_of(options: Options) -> Drawing:
    """The options as arithmetic takes them."""
    size, sigma = options.whole("size"), options.text("sigma")
    if options.text("kind") == DISK:
        return Drawing.disk(size)
    if sigma == IN_PIXELS:
        return Drawing.gaussian(size, options.number("sigma_px"))
    return Drawing.gaussian(size, "half_height" if sigma == "half_height" else "equal_moment")
