"""What people say together of a prompt's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.exports.aggregate.votes import answered
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.types import QuestionSpec
from annotator.questions.words import links, misaligned, spans, unsure


@dataclass(frozen=True, slots=True)
class WordVotes:
    """Indices of the tokens that more than half call misaligned, and of those that just half do."""

    misaligned: frozenset[int]
    tied: frozenset[int]


def word_votes(item: ExportedItem, question: QuestionSpec) -> WordVotes:
    """The votes of everybody whose answer counts."""
    people = [tokens_of(one, question) for one in answered(item, question)]
    marked = Counter(token for tokens in people for token in set(tokens))
    return WordVotes(
        misaligned=frozenset(token for token, n in marked.items() if 2 * n > len(people)),
        tied=frozenset(token for token, n in marked.items() if 2 * n == len(people)),
    )


def tokens_of(annotation: ExportedAnnotation, question: QuestionSpec) -> Sequence[int]:
    """The indices of the tokens that one person marked, ascending."""
    return sorted(misaligned(annotation.pieces.get(question.key, ())))


def further_of(
    annotation: ExportedAnnotation, question: QuestionSpec, letter: str
) -> Mapping[str, Any]:
    """What else one person said of words, as far as it is asked: spans, links to this image."""
    pieces = annotation.pieces.get(question.key, ())
    found: dict[str, Any] = {}
    if question.spans:
        found["misaligned_spans"] = spans(pieces)
    if question.unsure:
        found["unsure_tokens"] = sorted(unsure(pieces))
    if question.links:
        found["links"] = [
            {"token": one["token"], "question": one["question"], "mark": one["mark"]}
            for one in links(pieces)
            if one["image"] == letter
        ]
    return found
