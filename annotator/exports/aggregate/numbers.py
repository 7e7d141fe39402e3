"""What people say of one image, as numbers: each kind of question becomes columns."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.exports.aggregate.votes import Questions, answered, share_of_a
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import tiers_to_ranks

Numbers = Mapping[str, float]
"""What one person's answer to one question says of an image: column → value."""


def _rating(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    ratings = answer["ratings"]
    return {f"{question.key}.mean": ratings[letter]} if letter in ratings else {}


def _preference(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    share = share_of_a(answer["choice"], both_bad_is_even=True)
    if share is None:
        return {}
    return {f"{question.key}.win_share": share if letter == "a" else 1 - share}


def _ranking(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    ranks = tiers_to_ranks(answer["tiers"])
    others = len(ranks) - 1
    return {f"{question.key}.place_share": (len(ranks) - ranks[letter]) / others} if others else {}


def _marks(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    if letter not in answer["marks"]:
        return {}
    count = len(answer["marks"][letter])
    return {f"{question.key}.marks": count, f"{question.key}.marked_share": float(count > 0)}


def _flags(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    if letter not in answer["flags"]:
        return {}
    named = answer["flags"][letter]
    return {f"{question.key}.{option}": float(option in named) for option in question.options}


def _pick(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    return {f"{question.key}.picked_share": float(answer["choice"] == letter)}


def _words(answer: Any, question: QuestionSpec, letter: str, item: ExportedItem) -> Numbers:
    if not item.tokens:
        return {}
    return {f"{question.key}.misaligned_share": len(answer["tokens"]) / len(item.tokens)}


@dataclass(frozen=True, slots=True)
class NumberColumns:
    """How one kind of question becomes columns, and each of them in words."""

    numbers: Callable[[Any, QuestionSpec, str, ExportedItem], Numbers]
    columns: Callable[[QuestionSpec], Mapping[str, str]]


def _one(suffix: str, words: str) -> Callable[[QuestionSpec], Mapping[str, str]]:
    return lambda question: {f"{question.key}{suffix}": words}


OF_KIND: Mapping[str, NumberColumns] = {
    "rating": NumberColumns(_rating, _one(".mean", "mean rating, on the question's own scale")),
    "preference": NumberColumns(
        _preference, _one(".win_share", "1 chosen, 0.5 tie or both bad, 0 not")
    ),
    "ranking": NumberColumns(
        _ranking, _one(".place_share", "1 first, 0 last of its item, ties shared")
    ),
    "marks": NumberColumns(
        _marks,
        lambda question: {
            f"{question.key}.marks": "mean number of marks a person",
            f"{question.key}.marked_share": "share of people who marked anything",
        },
    ),
    "flags": NumberColumns(
        _flags,
        lambda question: {
            f"{question.key}.{option}": "share of people who said so" for option in question.options
        },
    ),
    "pick": NumberColumns(_pick, _one(".picked_share", "share of people who picked it")),
    "words": NumberColumns(_words, _one(".misaligned_share", "mean share of the prompt's words")),
}


def number_columns(questions: Questions) -> dict[str, str]:
    """The columns in words; a question's `.n` counts the answers behind its others."""
    found: dict[str, str] = {}
    for question in questions:
        if question.kind in OF_KIND:
            found |= OF_KIND[question.kind].columns(question)
            if question.kind == "rating":
                found[f"{question.key}.spread"] = "highest less lowest rating of an item, the mean"
            found[f"{question.key}.n"] = "answers behind it"
    return found


def numbers_of(
    item: ExportedItem, letter: str, questions: Questions
) -> Iterator[tuple[QuestionSpec, ExportedAnnotation, Numbers]]:
    """Everything that the answers which count say of this image."""
    for question in questions:
        columns = OF_KIND.get(question.kind)
        for annotation in answered(item, question) if columns else ():
            pieces = annotation.pieces[question.key]
            answer = KINDS[question.kind].dump(pieces, question, item.spec)
            numbers = columns.numbers(answer, question, letter, item) if columns else {}
            if numbers:
                yield question, annotation, numbers


def spreads_of(
    item: ExportedItem, letter: str, questions: Questions
) -> Iterator[tuple[str, float]]:
    """The highest less the lowest rating of this image in this item: column → value."""
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    rated = [question for question in questions if question.kind == "rating"]
    for question, _, numbers in numbers_of(item, letter, rated):
        ratings[question.key].append(numbers[f"{question.key}.mean"])
    for key, given in ratings.items():
        yield f"{key}.spread", max(given) - min(given)


def rating_of(annotation: ExportedAnnotation, question: QuestionSpec, letter: str) -> int | None:
    """One person's rating of an image."""
    pieces = annotation.pieces.get(question.key, ())
    return next((p.number for p in pieces if p.letter == letter or not question.per_image), None)


def unit_ratings(item: ExportedItem, question: QuestionSpec, letter: str) -> list[float]:
    """Each person's rating of the image on a scale from 0 to 1."""
    low, high = question.scale_min or 0, question.scale_max or 1
    given = (rating_of(annotation, question, letter) for annotation in item.counting)
    return [(rating - low) / (high - low) for rating in given if rating is not None]
