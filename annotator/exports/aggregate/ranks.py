"""An item's images in the order in which people put them together, as whole ranks.

From a ranking the mean ranks of all people, from a preference the side that was decided. Ranks are
dense whole numbers, 1 the best: equal ones are ties.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.exports.aggregate.pairs import Pair, PairRules, pairs_of
from annotator.exports.aggregate.votes import answered, choice_of, ranks_of_one
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.rows import Skip, Skipped
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import rank_consensus, share_of_a


@dataclass(frozen=True, slots=True)
class RankedImages:
    """`ranks` of the `letters`, and `people`: each one's id with their own ranks of them."""

    letters: tuple[str, ...]
    ranks: tuple[int, ...]
    people: tuple[tuple[int, tuple[int, ...]], ...]


def ranks_of(item: ExportedItem, question: QuestionSpec, rules: PairRules) -> RankedImages | Skip:
    """What people say together.

    A tie is something, ranks 1 and 1; that both are bad or that nobody could say is not.
    """
    if KINDS[question.kind].sides:
        return _of_sides(item, question, rules)
    annotations = answered(item, question)
    if not annotations:
        return Skip(Skipped.UNANSWERED, question.key)
    if len(annotations) < item.judges(rules.judges):
        return Skip(Skipped.TOO_FEW_JUDGES, question.key)
    each = [ranks_of_one(one, question, item) for one in annotations]
    letters = tuple(sorted(each[0]))
    people = tuple(
        (one.annotator_id, dense(own, letters)) for one, own in zip(annotations, each, strict=True)
    )
    return RankedImages(letters, dense(rank_consensus(each).mean_ranks, letters), people)


def strict_ranks_of(
    item: ExportedItem, question: QuestionSpec, rules: PairRules
) -> RankedImages | Skip:
    """The same; nothing but ties is skipped as well."""
    found = ranks_of(item, question, rules)
    if isinstance(found, RankedImages) and len(set(found.ranks)) == 1:
        return Skip(Skipped.TIE, question.key)
    return found


def _of_sides(item: ExportedItem, question: QuestionSpec, rules: PairRules) -> RankedImages | Skip:
    (pair,) = pairs_of(item, question, rules)
    if isinstance(pair, Skip):
        return pair
    ranks = _together(pair)
    if ranks is None:
        return Skip(pair.undecided or Skipped.TIE, question.key)
    shares = (
        (one.annotator_id, share_of_a(choice_of(one, question, item))) for one in pair.annotations
    )
    people = tuple((who, _of_share(share)) for who, share in shares if share is not None)
    return RankedImages((pair.first, pair.second), ranks, people)


def _together(pair: Pair) -> tuple[int, int] | None:
    if pair.preferred is not None:
        return (1, 2) if pair.preferred == pair.first else (2, 1)
    return (1, 1) if pair.undecided is Skipped.TIE else None


def _of_share(share: float) -> tuple[int, int]:
    """Ranks of a and b by what a person gives to a."""
    if share == 0.5:
        return (1, 1)
    return (1, 2) if share > 0.5 else (2, 1)


def dense(ranks: Mapping[str, float], letters: Sequence[str]) -> tuple[int, ...]:
    """The letters' ranks as whole numbers without gaps: 1, 2.5, 2.5 and 4 become 1, 2, 2 and 3."""
    levels = sorted(set(ranks.values()))
    return tuple(levels.index(ranks[letter]) + 1 for letter in letters)
