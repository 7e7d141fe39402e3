"""What the rows of a manifest mean: items with their images, or single images. Pure parsing.

A row is either an item, `{"prompt", "images": [{"file", "generator"?, "reference"?}], "id"?}`, or
a single image, `{"file", "prompt", "generator"?, "reference"?, "id"?}`. Other keys are ignored.
See docs/manifest.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import BadName, plain_name, shown
from annotator.ingest.pairing import PairRule
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.roots import Roots, is_address
from annotator.ingest.rows import read_rows
from scoring.tokens import normalise_spacing

MAX_PROMPT = 5_000
MAX_GENERATOR = 200
MAX_KEY = 200
PAIR = 2

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALVES = re.compile(r"[\ud800-\udfff]")


def number_of_images(fewest: int, most: int) -> str:
    """How many images an item has, in any language: "2" or "1–9"."""
    return str(most) if fewest == most else f"{fewest}–{most}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a project takes: images an item, whether it asks about prompts, how pairs are made.

    `roots`: the sources at which images may lie that are only named.
    """

    fewest: int
    most: int
    needs_prompt: bool
    pairs: PairRule | None = None
    roots: Roots = field(default_factory=Roots)

    @property
    def images(self) -> str:
        """How many images an item has: "2" or "1–9"."""
        return number_of_images(self.fewest, self.most)


class Mention(msgspec.Struct, frozen=True, omit_defaults=True):
    """An image as a manifest names it; `reference` is the file that it should look like.

    `line`: its own, where it is one of a pair that was made of two lines.
    """

    file: str
    generator: str = ""
    reference: str = ""
    line: int | None = None


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

    def __init__(self, reason: Reason, file: str = "") -> None:
        super().__init__(str(reason.code))
        self.reason = reason
        self.file = file


def read_manifest(stream: IO[bytes], kind: str, rules: Rules) -> Iterator[Row | Refusal]:
    """The rows in order, each understood or with the reason why not.

    Raises UploadRefused where the manifest as a whole can't be read or does not fit the project.
    """
    for line, raw in read_rows(stream, kind):
        if isinstance(raw, Reason):
            yield Refusal(line, "", raw)
        else:
            yield _row_or_refusal(line, raw, rules)


def rows_of_files(names: Sequence[str], rules: Rules) -> Iterator[Row | Refusal]:
    """What images without a manifest mean: one image each, no prompt."""
    if rules.needs_prompt:
        raise UploadRefused(Reason(Code.UPLOAD_NEEDS_MANIFEST))
    for number, name in enumerate(names, 1):
        yield _row_or_refusal(number, {"file": name}, rules)


def _row_or_refusal(line: int, raw: Mapping[str, object], rules: Rules) -> Row | Refusal:
    try:
        return _row(line, raw, rules)
    except _Unfit as unfit:
        return Refusal(line, shown(unfit.file), unfit.reason)


def _row(line: int, raw: Mapping[str, object], rules: Rules) -> Row:
    listed, file = raw.get("images"), raw.get("file")
    if listed is not None and file:
        raise _Unfit(Reason(Code.ROW_ITEM_AND_IMAGE))
    if listed is None and not file:
        raise _Unfit(Reason(Code.ROW_WITHOUT_IMAGES))
    prompt = _text(raw.get("prompt"), "prompt", MAX_PROMPT)
    if rules.needs_prompt and not prompt:
        raise _Unfit(Reason(Code.ROW_WITHOUT_PROMPT))
    key = _key(raw.get("id")) or f"line-{line}"
    if listed is None:
        _check_single(rules)
        return Row(line, key, prompt, (_mention(raw, rules),), single=rules.pairs is not None)
    return Row(line, key, prompt, _mentions(listed, rules))


def _check_single(rules: Rules) -> None:
    if rules.pairs is None and rules.fewest > 1:
        code = Code.UPLOAD_SINGLE_IMAGES
        if rules.fewest == PAIR:
            code = Code.UPLOAD_SINGLE_IMAGES_PAIRS
        raise UploadRefused(Reason(code, images=rules.images))
    if rules.pairs is not None and not rules.fewest <= PAIR <= rules.most:
        raise UploadRefused(Reason(Code.PAIRS_DO_NOT_FIT, images=rules.images))


def _mentions(listed: object, rules: Rules) -> tuple[Mention, ...]:
    if not isinstance(listed, list):
        raise _Unfit(Reason(Code.IMAGES_NOT_A_LIST))
    if not rules.fewest <= len(listed) <= rules.most:
        raise _Unfit(Reason(Code.ROW_IMAGE_COUNT, count=len(listed), images=rules.images))
    mentions = tuple(_mention(one, rules) for one in listed)
    files = [mention.file for mention in mentions]
    for file in files:
        if files.count(file) > 1:
            raise _Unfit(Reason(Code.ROW_IMAGE_TWICE), file)
    return mentions


def _mention(raw: object, rules: Rules) -> Mention:
    if not isinstance(raw, Mapping):
        raise _Unfit(Reason(Code.IMAGE_NOT_AN_OBJECT))
    file = _file(raw.get("file"), "file", rules)
    if not file:
        raise _Unfit(Reason(Code.IMAGE_WITHOUT_FILE))
    generator = _text(raw.get("generator"), "generator", MAX_GENERATOR)
    return Mention(file, generator, _file(raw.get("reference"), "reference", rules))


def _file(value: object, name: str, rules: Rules) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise _Unfit(Reason(Code.VALUE_NOT_TEXT, name=name))
    _check_utf8(value, name)
    try:
        return rules.roots.address(value) if is_address(value) else plain_name(value)
    except BadName as bad:
        raise _Unfit(bad.reason, value) from bad


def _key(value: object) -> str:
    return _text(str(value) if isinstance(value, int) else value, "id", MAX_KEY)


def _text(value: object, name: str, most: int) -> str:
    """The text with line breaks and tabs as spaces, ends stripped; "" for none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unfit(Reason(Code.VALUE_NOT_TEXT, name=name))
    _check_utf8(value, name)
    text = normalise_spacing(value)
    if len(text) > most:
        raise _Unfit(Reason(Code.VALUE_TOO_LONG, name=name, length=len(text), max=most))
    if not text.isprintable() and _UNFIT.search(text):
        raise _Unfit(Reason(Code.VALUE_CONTROL_CHARACTERS, name=name))
    return text


def _check_utf8(value: str, name: str) -> None:
    if not value.isascii() and _HALVES.search(value):
        raise _Unfit(Reason(Code.VALUE_NOT_UTF8, name=name))
