"""The head of a README.md by which `datasets.load_dataset(FOLDER)` gives an export's rows.

Without one `datasets` takes whatever files it knows: images without their labels, the manifest as a
row, or an empty split's file, on which it fails.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from annotator.exports.formats.format import (
    Format,
    WholeExport,
    card_of_files,
    configs_of,
    front_matter,
    told,
)
from annotator.exports.store.outputs import Csv, JsonList, Lines, Ordered, Parquet, Table, Tar
from annotator.exports.store.work import Written

# What `datasets` finds by itself in the folders that we put it in.
FOUND = frozenset({Parquet.form, Table.form, Tar.form})
READ = {Lines.form: ".jsonl", Ordered.form: ".jsonl", JsonList.form: ".json", Csv.form: ".csv"}
TRAIN, NONE = "train", "default"
_SPLIT = re.compile(r"(?:(?<=[-_./])|^)(train|validation|valid|val|test)(?=[-_./]|$)")
_NAMES = {"valid": "validation", "val": "validation"}


def card_of(form: Format, whole: WholeExport) -> Sequence[str]:
    """The format's own; else one of its lines, lists and tables of text, those that have rows."""
    if not whole.total.rows:
        # It says in words that nothing is there.
        return front_matter(configs=configs_of({NONE: {}}))
    if form.card:
        return told(form.card, whole)
    filled = {name: one for name, one in whole.written.items() if one.rows}
    if any(one.form in FOUND for one in filled.values()):
        return ()
    configs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, one in sorted(filled.items()):
        if _is_read(name, one):
            configs[_without_split(name)][_split_of(name)].append(name)
    if not configs:
        return ()
    found = configs if len(configs) > 1 else {NONE: next(iter(configs.values()))}
    return card_of_files(whole, found)


def _is_read(name: str, one: Written) -> bool:
    # A list under a key is of a program that looks for that key.
    under = one.form == JsonList.form and one.head
    return READ.get(one.form) == PurePosixPath(name).suffix and not under


def _split_of(name: str) -> str:
    found = _SPLIT.search(name)
    return _NAMES.get(found[1], found[1]) if found else TRAIN


def _without_split(name: str) -> str:
    """What a file is of, whichever split it is: letters, digits and hyphens."""
    stem = _SPLIT.sub("", str(PurePosixPath(name).with_suffix("")))
    return re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-") or NONE
