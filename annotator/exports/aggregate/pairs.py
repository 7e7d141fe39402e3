"""Pairs of images out of what people said of an item: the one way for all formats of pairs.

From questions with sides: the two images, and the side that people prefer. From orders, either
of two honest ways, which the manifest names: pairs whose mean ranks differ and that more than half
rank the same way strictly; or each person's own strict pairs. A ranking of k images is one
observation, not k (k - 1) / 2: pairs carry its id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import cast

import msgspec

from annotator.exports.aggregate.votes import answered, choices_of, consensus_of, ranks_of_one
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.exports.store.rows import Skip, Skipped
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.dawid_skene import USUAL
from scoring.votes import (
    JUDGES,
    Choice,
    PreferenceConsensus,
    preference_consensus,
    rank_consensus,
)


class Aggregation(StrEnum):
    """What several people say together about two images."""

    MAJORITY = "majority"
    MEAN = "mean"
    DAWID_SKENE = "dawid_skene"


class RankingPairs(StrEnum):
    """How rankings become pairs."""

    MEAN_RANK = "mean_rank"
    EACH_PERSON = "each_person"


@dataclass(frozen=True, slots=True)
class PairRules:
    """How pairs come out of answers; `min_margin`: pairs of a smaller |a - b| / n are skipped.

    `judges`: of how many people, at least, a decision has to be, but of an item that was put to one
    alone. Each person's own pairs are told as such and need no second one.
    """

    aggregation: str = Aggregation.MAJORITY
    rankings: str = RankingPairs.MEAN_RANK
    min_margin: float = 0.0
    judges: int = JUDGES

    def describe(self, *, rankings: bool, ends: bool = False) -> dict[str, str]:
        """For the manifest; `rankings`: whether any became pairs; `ends`: of best and worst."""
        rule = {"preference": PREFERENCE_RULES[Aggregation(self.aggregation)]}
        if self.judges > 1:
            rule["judges"] = JUDGES_RULE.format(judges=self.judges)
        if ends:
            rule["best_worst"] = ENDS_RULE
        return rule | ({"rankings": RANKING_RULES[RankingPairs(self.rankings)]} if rankings else {})


PREFERENCE_RULES = {
    Aggregation.MAJORITY: "the side that more than half of everybody asked chose",
    Aggregation.MEAN: "the side with more votes, graded ones by their strength; tie and both_bad "
    "count half for each",
    Aggregation.DAWID_SKENE: "the choice with a probability above one half, votes weighed by each "
    "person's confusion matrix (Dawid and Skene 1979; largest posterior, everybody given "
    f"{USUAL.each:g} vote of each choice and {USUAL.right:g} more of the right one beforehand); "
    "unsure is no vote",
}
JUDGES_RULE = (
    "decided by {judges} people at least; unsure judges nothing, each person's own pairs are theirs"
)
# Of the best and the worst of several; those between were not compared.
ENDS_RULE = "the best is before all others and the worst behind them; of two others a person says "
ENDS_RULE += "nothing: unsure in their pair's votes"
RANKING_RULES = {
    RankingPairs.MEAN_RANK: "mean ranks differ, and more than half rank the pair strictly that way",
    RankingPairs.EACH_PERSON: "every strict pair of each person's ranking, with the person's "
    "pseudonym",
}


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Two images that were compared, `first` and `second` by letter.

    `preferred`: the letter of the better one, None where none is (`undecided`: why). `votes.counts`
    a and b are for first and second. `majority`: what more than half said, kept where another
    aggregation decided otherwise. `belief`: the probability of the preferred, where people were
    weighed. `ranking`: id of the ranking it is part of; `person`: whose.
    """

    first: str
    second: str
    preferred: str | None
    undecided: Skipped | None
    votes: PreferenceConsensus
    annotations: Sequence[ExportedAnnotation]
    majority: str | None = None
    belief: float | None = None
    ranking: str | None = None
    person: int | None = None

    @property
    def chosen(self) -> str:
        """The preferred letter of a decided pair."""
        if self.preferred is None:
            raise ValueError("nothing was decided about this pair")
        return self.preferred

    @property
    def rejected(self) -> str:
        """The other letter of a decided pair."""
        return self.second if self.chosen == self.first else self.first

    @property
    def shares(self) -> tuple[float, float]:
        """Soft targets of first and second: (votes + even ones / 2) / all that judged."""
        return self.votes.soft or (0.5, 0.5)

    @property
    def overruled(self) -> bool:
        """The aggregation decided otherwise than more than half did."""
        return self.belief is not None and self.majority != self.preferred


def pairs_of(item: ExportedItem, question: QuestionSpec, rules: PairRules) -> Iterator[Pair | Skip]:
    """All pairs that this question compares, decided or not."""
    annotations = answered(item, question)
    if not annotations:
        yield Skip(Skipped.UNANSWERED, question.key)
    elif KINDS[question.kind].sides:
        yield _of_sides(item, annotations, question, rules)
    elif rules.rankings == RankingPairs.MEAN_RANK:
        yield from _of_mean_ranks(item, annotations, question, rules)
    else:
        yield from _of_each_person(item, annotations, question)


def decided_pairs(
    item: ExportedItem, question: QuestionSpec, rules: PairRules
) -> Iterator[Pair | Skip]:
    """The strictly decided ones of at least `min_margin`."""
    for pair in pairs_of(item, question, rules):
        if isinstance(pair, Skip):
            yield pair
        elif pair.undecided:
            yield Skip(pair.undecided, question.key)
        elif pair.votes.margin < rules.min_margin:
            yield Skip(Skipped.BELOW_MIN_MARGIN, question.key)
        else:
            yield pair


def _of_sides(
    item: ExportedItem,
    annotations: Sequence[ExportedAnnotation],
    question: QuestionSpec,
    rules: PairRules,
) -> Pair:
    votes = consensus_of(annotations, question, item)
    verdict, belief = votes.majority, None
    if rules.aggregation == Aggregation.MEAN:
        verdict = _more_votes(votes)
    elif rules.aggregation == Aggregation.DAWID_SKENE and question.key in item.beliefs:
        beliefs = item.beliefs[question.key]
        best = max(beliefs, key=lambda choice: beliefs[choice])
        belief = beliefs[best]
        verdict = cast(Choice, best) if belief > 0.5 else None
    undecided = None if verdict in ("a", "b") else Skipped(verdict or "no_majority")
    if votes.judges < item.judges(rules.judges) and verdict != "unsure":
        undecided = Skipped.TOO_FEW_JUDGES
    preferred = None if undecided else verdict
    return Pair(
        "a", "b", preferred, undecided, votes, annotations, majority=votes.majority, belief=belief
    )


def votes_of_people(
    item: ExportedItem, question: QuestionSpec, first: str, second: str
) -> list[tuple[int, Choice]]:
    """Who said what of two of the item's images; a and b are for first and second."""
    annotations = answered(item, question)
    people = [one.annotator_id for one in annotations]
    if KINDS[question.kind].sides:
        return list(zip(people, choices_of(annotations, question, item), strict=True))
    ranks = [ranks_of_one(one, question, item) for one in annotations]
    return [
        (person, _vote(each, first, second, question))
        for person, each in zip(people, ranks, strict=True)
    ]


def _more_votes(votes: PreferenceConsensus) -> Choice | None:
    a, b = votes.soft or (0.5, 0.5)
    if a != b:
        return "a" if a > b else "b"
    return votes.majority or "tie"


def _vote(ranks: dict[str, float], first: str, second: str, question: QuestionSpec) -> Choice:
    if ranks[first] == ranks[second]:
        return "unsure" if KINDS[question.kind].ends_alone else "tie"
    return "a" if ranks[first] < ranks[second] else "b"


def _of_mean_ranks(
    item: ExportedItem,
    annotations: Sequence[ExportedAnnotation],
    question: QuestionSpec,
    rules: PairRules,
) -> Iterator[Pair]:
    people = [ranks_of_one(one, question, item) for one in annotations]
    consensus = rank_consensus(people)
    enough = len(people) >= item.judges(rules.judges)
    together = consensus.pairs if enough else ()
    decided = {frozenset((pair.better, pair.worse)): pair.better for pair in together}
    undecided = Skipped.NO_MAJORITY if enough else Skipped.TOO_FEW_JUDGES
    for first, second in combinations(sorted(consensus.mean_ranks), 2):
        better = decided.get(frozenset((first, second)))
        yield Pair(
            first,
            second,
            better,
            None if better else undecided,
            preference_consensus([_vote(ranks, first, second, question) for ranks in people]),
            annotations,
            ranking=f"{item.id}/{question.key}",
        )


def _of_each_person(
    item: ExportedItem, annotations: Sequence[ExportedAnnotation], question: QuestionSpec
) -> Iterator[Pair]:
    for one in annotations:
        ranks = ranks_of_one(one, question, item)
        for first, second in combinations(sorted(ranks), 2):
            votes = preference_consensus([_vote(ranks, first, second, question)])
            better = {"a": first, "b": second}.get(votes.winner or "")
            yield Pair(
                first,
                second,
                better,
                None if better else Skipped(votes.majority or "tie"),
                votes,
                [one],
                ranking=one.id,
                person=one.annotator_id,
            )
