"""An item's images in the order in which people put them together, as whole ranks.

From a ranking the mean ranks of all people, from a preference the side that was decided. Ranks are
dense whole numbers, 1 the best: equal ones are ties.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.exports.formats.options import Options
from annotator.exports.pairs import pairs_of, tiers_of
from annotator.exports.rows import Answer, ItemRow
from annotator.questions.types import QuestionSpec
from scoring.votes import ranking_consensus

OF_CHOICE = {"a": (1, 2), "b": (2, 1), "tie": (1, 1), "both_bad": (1, 1)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """`ranks` of the `letters`, and `people`: each one's id with their own ranks of them."""

    letters: tuple[str, ...]
    ranks: tuple[int, ...]
    people: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def strict(self) -> bool:
        """Whether any image is before another."""
        return len(set(self.ranks)) > 1


def ranked(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Ranked | None:
    """What people say together; None, counted by its reason, where they say nothing.

    A tie is something, ranks 1 and 1; that both are bad or that nobody could say is not.
    """
    if question.kind == "preference":
        return _of_preference(item, question, options, left_out)
    answers = _answers(item, question)
    if not answers:
        left_out["unanswered"] += 1
        return None
    tiers = [tiers_of(item, answer, question) for answer in answers]
    letters = tuple(sorted(letter for tier in tiers[0] for letter in tier))
    people = tuple(
        (answer.said.annotator_id, _places(one, letters))
        for answer, one in zip(answers, tiers, strict=True)
    )
    return Ranked(letters, _places(ranking_consensus(tiers).tiers, letters), people)


def _of_preference(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Ranked | None:
    for pair in pairs_of(item, question, options, left_out):
        ranks = OF_CHOICE["tie"] if pair.why == "tie" else None
        if pair.winner is not None:
            ranks = OF_CHOICE["a" if pair.winner == pair.first else "b"]
        if ranks is None:
            left_out[pair.why] += 1
            continue
        said = [(a.said.annotator_id, a.pieces[question.key][0].choice) for a in pair.answers]
        people = tuple((who, OF_CHOICE[choice]) for who, choice in said if choice in OF_CHOICE)
        return Ranked((pair.first, pair.second), ranks, people)
    return None


def _answers(item: ItemRow, question: QuestionSpec) -> list[Answer]:
    return [answer for answer in item.standing if answer.pieces.get(question.key)]


def _places(tiers: Sequence[Sequence[str]], letters: Sequence[str]) -> tuple[int, ...]:
    of_letter = {letter: place for place, tier in enumerate(tiers, 1) for letter in tier}
    return tuple(of_letter[letter] for letter in letters)
