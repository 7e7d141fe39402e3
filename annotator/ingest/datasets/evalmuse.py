"""EvalMuse-40K: an image a record, each annotator's rating of the match, and of each element.

Source: DYEvaLab/EvalMuse, train_list.json and process/process_train.py: prompt, img_path,
total_score (1 to 5, one of each annotator) and element_score, the text of a dictionary: an element
with its kind in brackets, "a cup (object)", → 1 or 0 of each annotator, and 0.5 for not sure as our
own export has it. An annotator whose list of some element is too short has said nothing of any.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from annotator.ingest.datasets.layout import Dataset, PublishedLayout, UploadedFiles, rated, vote
from annotator.ingest.datasets.records import Record, has_keys, rows_of_lists
from annotator.ingest.datasets.resolving import Resolver
from annotator.ingest.rows import Raw

ALIGNMENT, ELEMENTS = "alignment", "elements"
NEEDED = {"prompt", "img_path", "total_score"}
ANSWERS = {0: "no", 1: "yes", 0.5: "unsure"}
# A literal is read by Python's own parser, which has no limit but its input's.
LONGEST = 20_000
KIND = re.compile(r"(?P<text>.*\S)\s*\((?P<kind>[^()]{1,40})\)", re.DOTALL)


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the keys of its lists."""
    lists = [name for name in files.ending(".json") if has_keys(files, name, NEEDED)]
    return Dataset(lambda: _rows(files, lists), files.read) if lists else None


def _rows(files: UploadedFiles, lists: list[str]) -> Iterator[Raw]:
    return rows_of_lists(files, lists, partial(_item, Resolver(files)))


def _item(resolver: Resolver, name: str, record: Record) -> dict[str, Any]:
    path = str(record["img_path"])
    scores = _elements(record)
    return {
        "prompt": record["prompt"],
        "file": resolver.of(name, path),
        # Images lie in a folder of their model.
        "generator": record.get("generator") or (path.split("/")[-2] if "/" in path else None),
        "checklist": [_row(place, element) for place, element in enumerate(scores, 1)],
        "votes": list(_votes(_listed(record["total_score"]), list(scores.values()))),
    }


def _votes(totals: Sequence[Any], elements: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """What each annotator said, by their place in the lists."""
    people = max([len(totals), *map(len, elements)])
    for person in range(people):
        answers: dict[str, Any] = {}
        if person < len(totals) and totals[person] == int(totals[person]):
            answers[ALIGNMENT] = rated([int(totals[person])])
        given = [scores[person] for scores in elements if person < len(scores)]
        if given and len(given) == len(elements) and all(score in ANSWERS for score in given):
            rows = {str(place): ANSWERS[score] for place, score in enumerate(given, 1)}
            answers[ELEMENTS] = {"rows": rows}
        if answers:
            yield vote(answers)


def _listed(value: Any) -> list[Any]:
    """One of each annotator; the mean alone where that is what a file has."""
    return value if isinstance(value, list) else [value]


def _elements(record: Record) -> dict[str, list[Any]]:
    """Element → what each annotator says of it."""
    scores = record.get("element_score") or {}
    if isinstance(scores, str):
        if len(scores) > LONGEST:
            raise ValueError("an element_score is too long")
        try:
            scores = ast.literal_eval(scores)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise ValueError("an element_score is no dictionary") from error
    return {name: _listed(given) for name, given in scores.items() if name.strip()}


def _row(place: int, name: str) -> dict[str, str]:
    """A row of the checklist; its kind stands apart."""
    found = KIND.fullmatch(name.strip())
    about = found.groupdict() if found else {"text": name}
    return {"id": str(place), **about}


EVALMUSE = PublishedLayout("evalmuse", recognise)
