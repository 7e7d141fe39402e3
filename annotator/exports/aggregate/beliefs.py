"""Votes weighed by how reliable each person is, for the whole export at once (Dawid–Skene).

The fit needs all votes before the first shard: they are gathered while the spool is written, three
numbers each, and what comes out lies beside the spool, a row an item.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from annotator.core.reasons import Code, Reason, sentence
from annotator.exports.aggregate.votes import with_sides
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.read.spool import Spool
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.arrays import Ints
from scoring.dawid_skene import MIN_ITEMS_A_PERSON, Weighed, dawid_skene
from scoring.votes import judges_needed

WEIGHED = "weighed.json"
AT_ONCE = 100_000
# Of so many of the majorities overruled the reader is warned.
MUCH_OVERRULED = 0.05


class VoteFiles:
    """Votes on the questions with sides, on their way to a file of each question.

    Who was not sure has no vote: it would be weighed as if pairs were unsure by themselves.
    A vote is three int32: the item's number, the person's id, the choice's place in `choices`.
    """

    def __init__(self, folder: Path, questions: Sequence[QuestionSpec]) -> None:
        self._folder = folder
        self._questions = {question.key: question for question in with_sides(questions)}
        self._waiting = {key: array("q") for key in self._questions}
        self._choices: dict[str, dict[str, int]] = {key: {} for key in self._questions}

    def add(self, number: int, item: ExportedItem) -> None:
        """What was said of one item, the `number`-th of the export."""
        for annotation in item.counting:
            for key, question in self._questions.items():
                pieces = annotation.pieces.get(key)
                if not pieces or pieces[0].choice in KINDS[question.kind].abstentions:
                    continue
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
        weighed = {key: self._weigh(key, facts) for key in self._questions}
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
        against = _against_majority(found, item, label, facts)
        report = asdict(against) | _reliabilities(found, against, people, facts)
        return {"choices": choices, "report": report}

    def _flush(self, key: str) -> None:
        with (self._folder / f"{key}.votes").open("ab") as out:
            self._waiting[key].tofile(out)
        self._waiting[key] = array("q")


@dataclass(frozen=True, slots=True)
class AgainstMajority:
    """How often weighed votes say what more than half said, where more than half agreed."""

    items_with_a_majority: int
    agreement_with_majority: float | None
    overruled: int
    iterations: int
    converged: bool


def _against_majority(found: Weighed, item: Ints, label: Ints, facts: Facts) -> AgainstMajority:
    items, labels = found.posterior.shape
    counts = np.bincount(item * labels + label, minlength=items * labels).reshape(items, labels)
    votes = counts.sum(axis=1)
    # An item that one person alone was asked about has no majority to be held against.
    agreed = (2 * counts.max(axis=1) > votes) & (votes >= judges_needed(facts.overlap))
    same = found.posterior.argmax(axis=1) == counts.argmax(axis=1)
    n, together = int(agreed.sum()), int((agreed & same).sum())
    share = together / n if n else None
    return AgainstMajority(n, share, n - together, found.iterations, found.converged)


def _reliabilities(
    found: Weighed, against: AgainstMajority, people: Ints, facts: Facts
) -> dict[str, Any]:
    """Each person's votes and estimated accuracy; what to know before leaning on them."""
    each = [
        {"annotator": facts.annotator(int(pk)), "votes": int(votes), "accuracy": float(accuracy)}
        for pk, votes, accuracy in zip(people, found.votes_a_person, found.accuracy, strict=True)
    ]
    return {
        "people": sorted(each, key=lambda one: str(one["annotator"])),
        "warnings": [sentence(warning) for warning in _warnings(found, against)],
    }


def _warnings(found: Weighed, against: AgainstMajority) -> Iterator[Reason]:
    yield Reason(Code.RELIABILITY_FROM_VOTES_ALONE)
    votes = found.votes_a_person.tolist()
    if few := sum(n < MIN_ITEMS_A_PERSON for n in votes):
        least = MIN_ITEMS_A_PERSON
        yield Reason(Code.FEW_ITEMS_A_PERSON, few=few, people=len(votes), least=least)
    if against.overruled > MUCH_OVERRULED * against.items_with_a_majority:
        overruled, of = against.overruled, against.items_with_a_majority
        yield Reason(Code.MAJORITIES_OVERRULED, overruled=overruled, of=of)
    if not found.converged:
        yield Reason(Code.WEIGHING_NOT_CONVERGED, iterations=found.iterations)


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
