"""Votes weighed by how reliable each person is, for the whole export at once (Dawid–Skene).

The fit needs all votes before the first shard: they are gathered while the spool is written, three
numbers each, and what comes out lies beside the spool, a row an item.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from annotator.exports.rows import ItemRow
from annotator.exports.spool import Spool
from annotator.questions.types import QuestionSpec
from scoring.dawid_skene import dawid_skene

WEIGHED = "weighed.json"
AT_ONCE = 100_000


class Votes:
    """Votes on the preference questions, on their way to a file of each question.

    A vote is three int32: the item's number, the person's id, the choice's place in `choices`.
    """

    def __init__(self, folder: Path, questions: Sequence[QuestionSpec]) -> None:
        self._folder = folder
        self._keys = [question.key for question in questions if question.kind == "preference"]
        self._waiting = {key: array("q") for key in self._keys}
        self._choices: dict[str, dict[str, int]] = {key: {} for key in self._keys}

    def add(self, number: int, item: ItemRow) -> None:
        """What was said of one item, the `number`-th of the export."""
        for answer in item.standing:
            for key in self._keys:
                pieces = answer.pieces.get(key)
                if pieces:
                    known = self._choices[key]
                    choice = known.setdefault(pieces[0].choice, len(known))
                    self._waiting[key].extend((number, answer.said.annotator_id, choice))
        for key, waiting in self._waiting.items():
            if len(waiting) > AT_ONCE:
                self._flush(key)

    def weigh(self, items: int) -> None:
        """Fits each question and writes what is believed of each item."""
        said = {}
        for key in self._keys:
            self._flush(key)
            said[key] = self._weigh(key, items)
        (self._folder / WEIGHED).write_text(json.dumps(said))

    def _weigh(self, key: str, items: int) -> dict[str, object]:
        path = self._folder / f"{key}.votes"
        votes = np.fromfile(path, np.int64).reshape(-1, 3)
        path.unlink()
        choices = sorted(self._choices[key])
        if not len(votes):
            return {"choices": []}
        places = np.array([choices.index(choice) for choice in self._choices[key]])
        people, who = np.unique(votes[:, 1], return_inverse=True)
        found = dawid_skene(
            votes[:, 0],
            who,
            places[votes[:, 2]],
            items=items,
            people=len(people),
            labels=len(choices),
        )
        np.save(self._folder / f"{key}.npy", found.posterior.astype(np.float32))
        return {"choices": choices}

    def _flush(self, key: str) -> None:
        with (self._folder / f"{key}.votes").open("ab") as out:
            self._waiting[key].tofile(out)
        self._waiting[key] = array("q")


def with_beliefs(spool: Spool, index: int) -> Iterator[ItemRow]:
    """The items of one file of the spool, with what is believed of each where it was weighed."""
    path = spool.folder / WEIGHED
    if not path.exists():
        yield from spool.items(index)
        return
    first, size = spool.first_of(index), spool.size_of(index)
    tables = {}
    for key, said in json.loads(path.read_text()).items():
        if said["choices"]:
            rows = np.load(spool.folder / f"{key}.npy", mmap_mode="r")[first : first + size]
            tables[key] = (said["choices"], np.array(rows, np.float64))
    for place, item in enumerate(spool.items(index)):
        beliefs = {
            key: dict(zip(choices, rows[place].tolist(), strict=True))
            for key, (choices, rows) in tables.items()
        }
        yield replace(item, beliefs=beliefs)
