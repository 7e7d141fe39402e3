"""What people say of one image, as numbers: each type of question becomes columns."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.exports.formats.types import Questions
from annotator.exports.rows import Answer, ItemRow
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import tiers_to_ranks

SUMS = {"a": 1.0, "b": 0.0, "tie": 0.5, "both_bad": 0.5}
Voices = Mapping[str, float]
"""What one person's answer to one question says of an image: column → value."""


def _rating(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    ratings = said["ratings"]
    return {f"{question.key}.mean": ratings[letter]} if letter in ratings else {}


def _preference(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    share = SUMS.get(said["choice"])
    if share is None:  # not sure: says nothing of either
        return {}
    return {f"{question.key}.win_share": share if letter == "a" else 1 - share}


def _ranking(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    ranks = tiers_to_ranks(said["tiers"])
    others = len(ranks) - 1
    return {f"{question.key}.place_share": (len(ranks) - ranks[letter]) / others} if others else {}


def _marks(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if letter not in said["marks"]:
        return {}
    count = len(said["marks"][letter])
    return {f"{question.key}.marks": count, f"{question.key}.marked_share": float(count > 0)}


def _flags(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if letter not in said["flags"]:
        return {}
    named = said["flags"][letter]
    return {f"{question.key}.{option}": float(option in named) for option in question.options}


def _pick(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    return {f"{question.key}.picked_share": float(said["choice"] == letter)}


def _words(said: Any, question: QuestionSpec, letter: str, item: ItemRow) -> Voices:
    if not item.tokens:
        return {}
    return {f"{question.key}.misaligned_share": len(said["tokens"]) / len(item.tokens)}


@dataclass(frozen=True, slots=True)
class Kind:
    """How one type of question becomes columns, and each of them in words."""

    voices: Callable[[Any, QuestionSpec, str, ItemRow], Voices]
    columns: Callable[[QuestionSpec], Mapping[str, str]]


def _one(suffix: str, words: str) -> Callable[[QuestionSpec], Mapping[str, str]]:
    return lambda question: {f"{question.key}{suffix}": words}


VOICES: Mapping[str, Kind] = {
    "rating": Kind(_rating, _one(".mean", "mean rating, on the question's own scale")),
    "preference": Kind(_preference, _one(".win_share", "1 chosen, 0.5 tie or both bad, 0 not")),
    "ranking": Kind(_ranking, _one(".place_share", "1 first, 0 last of its item, ties shared")),
    "marks": Kind(
        _marks,
        lambda question: {
            f"{question.key}.marks": "mean number of marks a person",
            f"{question.key}.marked_share": "share of people who marked anything",
        },
    ),
    "flags": Kind(
        _flags,
        lambda question: {
            f"{question.key}.{option}": "share of people who said so" for option in question.options
        },
    ),
    "pick": Kind(_pick, _one(".picked_share", "share of people who picked it")),
    "words": Kind(_words, _one(".misaligned_share", "mean share of the prompt's words")),
}


def people_columns(questions: Questions) -> dict[str, str]:
    """The people's columns in words; a question's `.n` counts the answers behind its others."""
    found: dict[str, str] = {}
    for question in questions:
        if question.kind in VOICES:
            found |= VOICES[question.kind].columns(question)
            if question.kind == "rating":
                found[f"{question.key}.spread"] = "highest less lowest rating of an item, the mean"
            found[f"{question.key}.n"] = "answers behind it"
    return found


def said_of(
    item: ItemRow, letter: str, questions: Questions
) -> Iterator[tuple[QuestionSpec, Answer, Voices]]:
    """Everything that the answers which count say of this image."""
    for question in questions:
        kind = VOICES.get(question.kind)
        for answer in item.standing:
            pieces = answer.pieces.get(question.key)
            if kind is None or not pieces:
                continue
            said = KINDS[question.kind].dump(pieces, question, item.spec)
            voices = kind.voices(said, question, letter, item)
            if voices:
                yield question, answer, voices


def spreads_of(item: ItemRow, letter: str, questions: Questions) -> Iterator[tuple[str, float]]:
    """The highest less the lowest rating of this image in this item: column → value."""
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    rated = [question for question in questions if question.kind == "rating"]
    for question, _, voices in said_of(item, letter, rated):
        ratings[question.key].append(voices[f"{question.key}.mean"])
    for key, given in ratings.items():
        yield f"{key}.spread", max(given) - min(given)
