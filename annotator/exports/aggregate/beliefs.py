"""Votes weighed by how reliable each person is, for the whole export at once (Dawid–Skene).

The fit needs all votes before the first shard: they are gathered while the spool is written, three
numbers each, and what comes out lies beside the spool, a row an item.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from annotator.core.reasons import Code, Reason, sentence
from annotator.exports.aggregate.votes import with_sides
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.read.spool import Spool
from annotator.questions.types import QuestionSpec
from scoring.arrays import Ints
from scoring.dawid_skene import MIN_ITEMS_A_PERSON, Weighed, dawid_skene

WEIGHED = "weighed.json"
AT_ONCE = 100_000


class VoteFiles:
    """Votes on the questions with sides, on their way to a file of each question.

    A vote is three int32: the item's number, the person's id, the choice's place in `choices`.
    """

    def __init__(self, folder: Path, questions: Sequence[QuestionSpec]) -> None:
        self._folder = folder
        self._keys = [question.key for question in with_sides(questions)]
        self._waiting = {key: array("q") for key in self._keys}
        self._choices: dict[str, dict[str, int]] = {key: {} for key in self._keys}

    def add(self, number: int, item: ExportedItem) -> None:
        """What was said of one item, the `number`-th of the export."""
        for annotation in item.counting:
            for key in self._keys:
                pieces = annotation.pieces.get(key)
                if pieces:
                    known = self._choices[key]
                    choice = known.setdefault(pieces[0].choice, len(known))
                    self._waiting[key].extend((number, annotation.annotator_id, choice))
        for key, waiting in self._waiting.items():
            if len(waiting) > AT_ONCE:
                self._flush(key)

    def weigh(self, facts: Facts) -> None:
        """Fits each question; writes what is believed of each item, and what is to be said of it.

        Of facts.items items, which may be none that anybody judged.
        """
        weighed = {key: self._weigh(key, facts) for key in self._keys}
        (self._folder / WEIGHED).write_text(json.dumps(weighed))

    def _weigh(self, key: str, facts: Facts) -> dict[str, Any]:
        self._flush(key)
        path = self._folder / f"{key}.votes"
        votes = np.fromfile(path, np.int64).reshape(-1, 3)
        path.unlink()
        if not len(votes):
            return {"choices": [], "report": {}}
        choices = sorted(self._choices[key])
        places = np.array([choices.index(choice) for choice in self._choices[key]])
        item, label = votes[:, 0], places[votes[:, 2]]
        people, person = np.unique(votes[:, 1], return_inverse=True)
        found = dawid_skene(
            item, person, label, items=facts.items, people=len(people), labels=len(choices)
        )
        np.save(self._folder / f"{key}.npy", found.posterior.astype(np.float32))
        report = _against_majority(found, item, label) | _reliabilities(found, people, facts)
        return {"choices": choices, "report": report}

    def _flush(self, key: str) -> None:
        with (self._folder / f"{key}.votes").open("ab") as out:
            self._waiting[key].tofile(out)
        self._waiting[key] = array("q")


def _against_majority(found: Weighed, item: Ints, label: Ints) -> dict[str, Any]:
    """How often the weighed votes say what more than half said, where more than half agreed."""
    items, labels = found.posterior.shape
    counts = np.bincount(item * labels + label, minlength=items * labels).reshape(items, labels)
    agreed = 2 * counts.max(axis=1) > counts.sum(axis=1)
    same = found.posterior.argmax(axis=1) == counts.argmax(axis=1)
    together = int((agreed & same).sum())
    return {
        "items_with_a_majority": int(agreed.sum()),
        "agreement_with_majority": together / int(agreed.sum()) if agreed.any() else None,
        "overruled": int(agreed.sum()) - together,
        "iterations": found.iterations,
        "converged": found.converged,
    }


def _reliabilities(found: Weighed, people: Ints, facts: Facts) -> dict[str, Any]:
    """Each person's votes and estimated accuracy; a warning for those with too few."""
    each = [
        {"annotator": facts.annotator(int(pk)), "votes": int(votes), "accuracy": float(accuracy)}
        for pk, votes, accuracy in zip(people, found.votes_a_person, found.accuracy, strict=True)
    ]
    few = sum(votes < MIN_ITEMS_A_PERSON for votes in found.votes_a_person.tolist())
    warnings = [Reason(Code.RELIABILITY_FROM_VOTES_ALONE)]
    if few:
        least = MIN_ITEMS_A_PERSON
        warnings.append(Reason(Code.FEW_ITEMS_A_PERSON, few=few, people=len(each), least=least))
    return {
        "people": sorted(each, key=lambda one: str(one["annotator"])),
        "warnings": [sentence(warning) for warning in warnings],
    }


def report_of(spool: Spool) -> dict[str, Any]:
    """What the manifest says of the weighing, by question; {} where nothing was weighed."""
    path = spool.folder / WEIGHED
    if not path.exists():
        return {}
    return {key: one["report"] for key, one in json.loads(path.read_text()).items()}


def with_beliefs(spool: Spool, index: int) -> Iterator[ExportedItem]:
    """The items of one file of the spool, with what is believed of each where it was weighed."""
    path = spool.folder / WEIGHED
    if not path.exists():
        yield from spool.items(index)
        return
    first, size = spool.first_of(index), spool.size_of(index)
    tables = {}
    for key, one in json.loads(path.read_text()).items():
        if one["choices"]:
            rows = np.load(spool.folder / f"{key}.npy", mmap_mode="r")[first : first + size]
            tables[key] = (one["choices"], np.array(rows, np.float64))
    for place, item in enumerate(spool.items(index)):
        beliefs = {
            key: dict(zip(choices, rows[place].tolist(), strict=True))
            for key, (choices, rows) in tables.items()
        }
        yield msgspec.structs.replace(item, beliefs=beliefs)
