"""What the rows of a manifest mean: items with their images, or single images. Pure parsing.

A row is either an item, `{"prompt", "images": [{"file", "generator"?, "reference"?, "meta"?}],
"id"?, "category"?, "meta"?, "gold"?}`, or a single image, `{"file", "prompt", "generator"?,
"reference"?, "id"?, "category"?, "meta"?, "gold"?}`. Either may have "votes" of imported judges,
a "checklist", and images that are shown beside (beside.py). Other keys are ignored. See
docs/manifest.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.ingest.beside import SOURCE, Beside, beside_of
from annotator.ingest.checklist import Checklist, checklist_of
from annotator.ingest.meta import category_of, meta_of
from annotator.ingest.names import BadName, plain_name, shown
from annotator.ingest.pairing import PairRule
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.roots import Roots, is_address
from annotator.ingest.rows import Raw, read_rows
from annotator.ingest.values import UnfitValue, check_utf8, composed, decoded, text
from annotator.ingest.votes import votes_in
from annotator.items.models import LETTERS, FlatMeta, ImageRole, tokens_of
from annotator.judges.selectors import ImportedVote
from annotator.questions.kinds import AnswersInvalid, parse_answers, says_something
from annotator.questions.types import ItemSpec, Piece, QuestionSpec
from scoring.prompts import is_invisible
from scoring.tokens import is_unspaced

MAX_PROMPT = 5_000
MAX_GENERATOR = 200
MAX_KEY = 200
PAIR = 2


def number_of_images(fewest: int, most: int) -> str:
    """How many images an item has, in any language: "2" or "1–9"."""
    return str(most) if fewest == most else f"{fewest}–{most}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a project takes: images an item, what it asks about besides, how pairs are made.

    `roots`: the sources at which images may lie that are only named. `questions`: what a known
    answer may be about; none has to be answered in it. `source`: the layout that rows come of.
    """

    fewest: int
    most: int
    needs_prompt: bool
    needs_checklist: bool = False
    needs_source: bool = False
    pairs: PairRule | None = None
    roots: Roots = field(default_factory=Roots)
    questions: tuple[QuestionSpec, ...] = ()
    source: str = "manifest"

    @property
    def images(self) -> str:
        """How many images an item has: "2" or "1–9"."""
        return number_of_images(self.fewest, self.most)


Gold = Mapping[str, tuple[Piece, ...]]
"""The known answers of an item: question key → pieces; a is the first image that its row names."""


class Mention(msgspec.Struct, frozen=True, omit_defaults=True):
    """An image as a manifest names it; `reference` is the file that it should look like.

    `line`: its own, where it is one of a pair that was made of two lines.
    """

    file: str
    generator: str = ""
    reference: str = ""
    line: int | None = None
    meta: FlatMeta = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One item; or, with `single`, one image that pairs are to be made of.

    `selection_probability`: how likely a rule for pairs was to draw it; None for a listed one.
    `named`: the key is the uploader's own.
    """

    line: int
    key: str
    prompt: str
    images: tuple[Mention, ...]
    single: bool = False
    gold: Gold = field(default_factory=dict)
    meta: FlatMeta = field(default_factory=dict)
    selection_probability: float | None = None
    named: bool = False
    votes: tuple[ImportedVote, ...] = ()
    checklist: Checklist = ()
    beside: tuple[Beside, ...] = ()
    # What else was said of it, which the project has no question for.
    unheard: tuple[str, ...] = ()


def read_manifest(stream: IO[bytes], kind: str, rules: Rules) -> Iterator[Row | Refusal]:
    """The rows in order, each understood or with the reason why not.

    Raises UploadRefused where the manifest as a whole can't be read or does not fit the project.
    """
    return understood(read_rows(stream, kind), rules)


def understood(rows: Iterable[Raw], rules: Rules) -> Iterator[Row | Refusal]:
    """The same of rows that were read. Raises UploadRefused."""
    for line, raw in rows:
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
    except UnfitValue as unfit:
        return Refusal(line, shown(unfit.file), unfit.reason)


def _row(line: int, raw: Mapping[str, object], rules: Rules) -> Row:
    listed, file = _listed(raw.get("images")), raw.get("file")
    if listed is not None and file:
        raise UnfitValue(Reason(Code.ROW_ITEM_AND_IMAGE))
    if listed is None and not file:
        raise UnfitValue(Reason(Code.ROW_WITHOUT_IMAGES))
    prompt = _prompt(raw.get("prompt"))
    if rules.needs_prompt and not prompt:
        raise UnfitValue(Reason(Code.ROW_WITHOUT_PROMPT))
    checklist = checklist_of(raw.get("checklist"))
    if rules.needs_checklist and not checklist:
        raise UnfitValue(Reason(Code.ROW_WITHOUT_CHECKLIST), "checklist")
    beside = beside_of(raw, lambda value, name: _file(value, name, rules))
    if rules.needs_source and ImageRole.SOURCE not in {one.role for one in beside}:
        raise UnfitValue(Reason(Code.ROW_WITHOUT_SOURCE), SOURCE)
    own = _key(raw.get("id"))
    key, named = own or f"line-{line}", bool(own)
    category = category_of(raw)
    if listed is None:
        # The line is the image's: its category stays there, and goes to the items made of it.
        _check_single(rules)
        images: tuple[Mention, ...] = (_mention(raw, rules, category),)
        single, meta = rules.pairs is not None, category
    else:
        images, single = _mentions(listed, rules), False
        meta = {**meta_of(raw), **category}
    item = partial(_spec, prompt, checklist)
    gold = _gold(raw.get("gold"), rules.questions, partial(item, len(images)))
    if gold and single:
        raise UnfitValue(Reason(Code.GOLD_OF_SINGLE_IMAGE), "gold")
    if beside and single:
        raise UnfitValue(Reason(Code.BESIDE_OF_SINGLE_IMAGE), beside[0].file)
    voted = partial(item, 0 if single else len(images))
    votes, unheard = votes_in(raw.get("votes"), rules.questions, rules.source, voted)
    return Row(
        line, key, prompt, images, single, gold, meta,
        named=named, votes=votes, checklist=checklist, beside=beside, unheard=unheard,
    )  # fmt: skip


def _listed(value: object) -> object:
    """The images of an item; a table's cell has them as the JSON of a list."""
    if value == "":
        return None
    return decoded(value, "images") if isinstance(value, str) else value


def _spec(prompt: str, checklist: Checklist, images: int) -> ItemSpec:
    """The item as answers refer to it; `images`: none of a line that is no item by itself."""
    tokens = tokens_of(prompt, by_character=is_unspaced(prompt))
    return ItemSpec(tuple(LETTERS[:images]), tuple(tokens), checklist)


def _prompt(value: object) -> str:
    """The prompt as Unicode composes it; "" also for one that nobody would see."""
    found = composed(value, "prompt", MAX_PROMPT)
    return "" if is_invisible(found) else found


def _gold(value: object, questions: Sequence[QuestionSpec], item: Callable[[], ItemSpec]) -> Gold:
    """The known answers; of questions that they do not name nothing is known."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        check_utf8(value, "gold")
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UnfitValue(Reason(Code.GOLD_NOT_AN_OBJECT), "gold") from error
    if not isinstance(value, dict):
        raise UnfitValue(Reason(Code.GOLD_NOT_AN_OBJECT), "gold")
    spec = item()
    try:
        known = parse_answers(value, [replace(one, required=False) for one in questions], spec)
    except AnswersInvalid as invalid:
        key, reason = next(iter(invalid.fields.items()))
        raise UnfitValue(reason, f"gold.{key}") from invalid
    specs = {question.key: question for question in questions}
    if not any(says_something(pieces, specs[key], spec) for key, pieces in known.items()):
        raise UnfitValue(Reason(Code.GOLD_SAYS_NOTHING), "gold")
    return known


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
        raise UnfitValue(Reason(Code.IMAGES_NOT_A_LIST))
    if not rules.fewest <= len(listed) <= rules.most:
        raise UnfitValue(Reason(Code.ROW_IMAGE_COUNT, count=len(listed), images=rules.images))
    mentions = tuple(_mention(one, rules) for one in listed)
    files = [mention.file for mention in mentions]
    for file in files:
        if files.count(file) > 1:
            raise UnfitValue(Reason(Code.ROW_IMAGE_TWICE), file)
    return mentions


def _mention(raw: object, rules: Rules, category: FlatMeta | None = None) -> Mention:
    if not isinstance(raw, Mapping):
        raise UnfitValue(Reason(Code.IMAGE_NOT_AN_OBJECT))
    file = _file(raw.get("file"), "file", rules)
    if not file:
        raise UnfitValue(Reason(Code.IMAGE_WITHOUT_FILE))
    generator = composed(raw.get("generator"), "generator", MAX_GENERATOR)
    reference = _file(raw.get("reference"), "reference", rules)
    return Mention(file, generator, reference, meta={**meta_of(raw), **(category or {})})


def _file(value: object, name: str, rules: Rules) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise UnfitValue(Reason(Code.VALUE_NOT_TEXT, name=name))
    check_utf8(value, name)
    try:
        return rules.roots.address(value) if is_address(value) else plain_name(value)
    except BadName as bad:
        raise UnfitValue(bad.reason, value) from bad


def _key(value: object) -> str:
    """The name as it is written; a number is one, too, which tables with gaps have as 7.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return text(str(value) if type(value) is int else value, "id", MAX_KEY)
