"""What the rows of a manifest mean: items with their images, or single images. Pure parsing.

A row is either an item, `{"prompt", "images": [{"file", "generator"?, "reference"?}], "id"?}`, or
a single image, `{"file", "prompt", "generator"?, "reference"?, "id"?}`. Other keys are ignored.
See docs/manifest.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from annotator.items.names import BadName, plain_name, shown
from annotator.items.pairing import PairRule
from annotator.items.rows import read_rows
from annotator.items.troubles import Trouble, UploadRefused
from scoring.tokens import normalise_spacing

MAX_PROMPT = 5_000
MAX_GENERATOR = 200
MAX_KEY = 200
PAIR = 2

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALVES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a project takes: images an item, whether it asks about prompts, how pairs are made."""

    fewest: int
    most: int
    needs_prompt: bool
    pairs: PairRule | None = None

    @property
    def count(self) -> str:
        """The number of images in words."""
        if self.fewest == self.most:
            return f"{self.fewest} image{'s' if self.most > 1 else ''}"
        return f"{self.fewest} to {self.most} images"


@dataclass(frozen=True, slots=True)
class Mention:
    """An image as a manifest names it; `reference` is the file that it should look like."""

    file: str
    generator: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One item; or, with `single`, one image that pairs are to be made of."""

    line: int
    key: str
    prompt: str
    images: tuple[Mention, ...]
    single: bool = False


class _Unfit(Exception):
    """Why a row is left out, and the file it is about."""

    def __init__(self, reason: str, file: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.file = file


def read_manifest(stream: IO[bytes], kind: str, rules: Rules) -> Iterator[Row | Trouble]:
    """The rows in order, each understood or with the reason why not.

    Raises UploadRefused where the manifest as a whole can't be read or does not fit the project.
    """
    for line, raw in read_rows(stream, kind):
        yield Trouble(line, "", raw) if isinstance(raw, str) else _row_or_trouble(line, raw, rules)


def rows_of_files(names: Sequence[str], rules: Rules) -> Iterator[Row | Trouble]:
    """What images without a manifest mean: one image each, no prompt."""
    if rules.needs_prompt:
        raise UploadRefused(
            "This project asks about prompts, and the upload names none. Put a manifest "
            "(manifest.jsonl, manifest.csv or manifest.parquet) beside the images."
        )
    for number, name in enumerate(names, 1):
        yield _row_or_trouble(number, {"file": name}, rules)


def _row_or_trouble(line: int, raw: Mapping[str, object], rules: Rules) -> Row | Trouble:
    try:
        return _row(line, raw, rules)
    except _Unfit as unfit:
        return Trouble(line, shown(unfit.file), unfit.reason)


def _row(line: int, raw: Mapping[str, object], rules: Rules) -> Row:
    listed, file = raw.get("images"), raw.get("file")
    if listed is not None and file:
        raise _Unfit("The line has both “images” and “file”; it is either an item or an image.")
    if listed is None and not file:
        raise _Unfit("The line has neither “images” nor “file”.")
    prompt = _text(raw.get("prompt"), "prompt", MAX_PROMPT)
    if rules.needs_prompt and not prompt:
        raise _Unfit("The line has no prompt, and this project asks about it.")
    key = _key(raw.get("id")) or f"line-{line}"
    if listed is None:
        _check_single(rules)
        return Row(line, key, prompt, (_mention(raw),), single=rules.pairs is not None)
    return Row(line, key, prompt, _mentions(listed, rules))


def _check_single(rules: Rules) -> None:
    if rules.pairs is None and rules.fewest > 1:
        ways = ", or have pairs made (all, ring, random:K)" if rules.fewest == PAIR else ""
        raise UploadRefused(
            f"An item of this project has {rules.count}, and the manifest lists single ones. "
            f"List the images of each item together{ways}."
        )
    if rules.pairs is not None and not rules.fewest <= PAIR <= rules.most:
        raise UploadRefused(f"An item of this project has {rules.count}: pairs do not fit.")


def _mentions(listed: object, rules: Rules) -> tuple[Mention, ...]:
    if not isinstance(listed, list):
        raise _Unfit("“images” must be a list.")
    if not rules.fewest <= len(listed) <= rules.most:
        raise _Unfit(
            f"The line has {len(listed)} images; an item of this project has {rules.count}."
        )
    mentions = tuple(_mention(one) for one in listed)
    files = [mention.file for mention in mentions]
    for file in files:
        if files.count(file) > 1:
            raise _Unfit("stands in the same item twice", file)
    return mentions


def _mention(raw: object) -> Mention:
    if not isinstance(raw, Mapping):
        raise _Unfit("Each of “images” must be an object with “file”.")
    file = _file(raw.get("file"), "file")
    if not file:
        raise _Unfit("One of “images” names no “file”.")
    generator = _text(raw.get("generator"), "generator", MAX_GENERATOR)
    return Mention(file, generator, _file(raw.get("reference"), "reference"))


def _file(value: object, name: str) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise _Unfit(f"“{name}” must be text.")
    _check_utf8(value, name)
    try:
        return plain_name(value)
    except BadName as bad:
        raise _Unfit(str(bad), value) from bad


def _key(value: object) -> str:
    return _text(str(value) if isinstance(value, int) else value, "id", MAX_KEY)


def _text(value: object, name: str, most: int) -> str:
    """The text with line breaks and tabs as spaces, ends stripped; "" for none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unfit(f"“{name}” must be text.")
    _check_utf8(value, name)
    text = normalise_spacing(value)
    if len(text) > most:
        raise _Unfit(f"“{name}” has {len(text):,} characters; the limit is {most:,}.")
    if _UNFIT.search(text):
        raise _Unfit(f"“{name}” has control characters.")
    return text


def _check_utf8(value: str, name: str) -> None:
    if _HALVES.search(value):
        raise _Unfit(f"“{name}” is not UTF-8.")
