"""The one interface of all formats.

A format is one file of this folder that ends in one `Format`, and one line in registry.py. It says
what can be chosen about it, how one shard is written, and what the manifest says of the rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common, common_options
from annotator.exports.formats.options import Option, Options, check_values
from annotator.exports.shard import Shard
from annotator.questions.types import QuestionSpec

Questions = Sequence[QuestionSpec]
SHARD_ITEMS = 2000


@dataclass(frozen=True, slots=True)
class Summary:
    """What a shard came to; the core adds up all shards'.

    `items`: how many items the rows are about. `left_out`: what is not in them, counted by reason,
    nested as the format likes. `counts`: rows by dimension, split or whatever is worth saying.
    """

    rows: int
    items: int
    left_out: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the manifest says of the rows: how they came to be, what each field means.

    `readme`: lines of a README.md, none without; `files`: others that are the same for all rows.
    """

    aggregation: Mapping[str, Any]
    schema: Mapping[str, Any]
    readme: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def _nothing(options: Options, questions: Questions) -> int:
    return 0


def _none(questions: Questions) -> tuple[Option, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write down what was judged.

    `title`: what it is; `use`: one sentence, who opens this and with what.
    `why_not(questions)` says in words why a project's questions don't fit, None if they do.
    `write(shard, options)` writes one shard, streaming, in the order of its items.
    `about(options, facts, total)` is asked once all shards are written; `total` adds them up.
    `common` are the options that every format knows the meaning of and this one takes,
    `dimensions` the kinds of questions that the option `dimension` chooses from;
    `options(questions)` declares the format's own.
    `together`: items of one prompt come one after the other and in one shard.
    `measured`: images come with what machines measured (ExportedImage.measured).
    `everything`: superseded and rejected answers too, and items with nothing else.
    `inside`: it writes image bytes into its rows whether or not `images` is chosen.
    `bytes_an_image(options, questions)`: what it writes for each image beside the image
    itself, for the check of the disk's room. `shard_items`: how many items a shard has if nobody
    says otherwise; fewer where rows hold images. `version` changes whenever the bytes do.
    """

    name: str
    version: str
    title: str
    use: str
    why_not: Callable[[Questions], str | None]
    write: Callable[[Shard, Options], Summary]
    about: Callable[[Options, Facts, Summary], About]
    options: Callable[[Questions], tuple[Option, ...]] = _none
    common: tuple[Common, ...] = ()
    dimensions: tuple[str, ...] = ()
    together: bool = False
    measured: bool = False
    everything: bool = False
    inside: bool = False
    bytes_an_image: Callable[[Options, Questions], int] = _nothing
    shard_items: int = SHARD_ITEMS


def options_of(form: Format, questions: Questions) -> tuple[Option, ...]:
    """All that can be chosen: the common ones that the format takes, its own, the shards' size."""
    keys = [question.key for question in questions if question.kind in form.dimensions]
    first, last = common_options(form.common, keys, form.shard_items)
    return (*first, *form.options(questions), *last)


def check_options(form: Format, questions: Questions, given: Mapping[str, object]) -> Options:
    """The options with defaults filled in; Invalid names every unknown and every wrong one."""
    return check_values(options_of(form, questions), given, of=form.name)


def added(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Nested counts added up: {"a": 1, "b": {"c": 2}} and {"b": {"c": 1}} → {"a": 1, "b": {…3}}."""
    total = dict(first)
    for key, count in second.items():
        known = total.get(key)
        if isinstance(count, Mapping):
            total[key] = added(known or {}, count)
        else:
            total[key] = (known or 0) + count
    return {key: total[key] for key in sorted(total)}


def total_of(first: Summary, second: Summary) -> Summary:
    """Two shards' summaries as one."""
    return Summary(
        first.rows + second.rows,
        first.items + second.items,
        added(first.left_out, second.left_out),
        added(first.counts, second.counts),
    )
