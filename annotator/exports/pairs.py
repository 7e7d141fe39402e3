"""Pairs of images out of what people said of an item: the one way for all formats of pairs.

From preference questions: the two images, and the side that people prefer. From rankings
either of two honest ways, which the manifest names: pairs whose mean ranks differ
and that more than half rank the same way strictly; or each person's own strict pairs. A ranking of
k images is one observation, not k (k - 1) / 2: pairs carry its id.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

from annotator.exports.formats.common import ALL, DAWID_SKENE, MAJORITY, MEAN
from annotator.exports.formats.options import ChoiceOption, Option, Options
from annotator.exports.rows import Answer, ItemRow
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import (
    Choice,
    PreferenceConsensus,
    preference_consensus,
    ranking_consensus,
    tiers_to_ranks,
)

KINDS_WITH_PAIRS = ("preference", "ranking")
MEAN_RANK, EACH_PERSON = "mean_rank", "each_person"
NO_COMPARISON = (
    "This project asks no preference and no ranking, so nothing in it compares two images."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two images that were compared, `first` and `second` by letter.

    `winner`: the preferred letter, None where none is (`why`: tie, both_bad, unsure,
    no_majority). `votes.counts` a and b are for first and second. `majority`: what more than half
    said, kept where another aggregation decided otherwise. `belief`: the probability of the
    winner, where people were weighed. `ranking`: id of the ranking it is part of; `person`: whose.
    """

    first: str
    second: str
    winner: str | None
    why: str
    votes: PreferenceConsensus
    answers: Sequence[Answer]
    majority: str | None = None
    belief: float | None = None
    ranking: str | None = None
    person: int | None = None

    @property
    def chosen(self) -> str:
        """The preferred letter of a decided pair."""
        if self.winner is None:
            raise ValueError("nothing was decided about this pair")
        return self.winner

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
        return self.belief is not None and self.majority != self.winner


def why_no_pairs(questions: Sequence[QuestionSpec]) -> str | None:
    """For formats of pairs: why a project's questions don't fit, None if they do."""
    if any(question.kind in KINDS_WITH_PAIRS for question in questions):
        return None
    return NO_COMPARISON


def rankings_option(questions: Sequence[QuestionSpec]) -> tuple[Option, ...]:
    """How rankings become pairs, for projects that have any."""
    if not any(question.kind == "ranking" for question in questions):
        return ()
    return (
        ChoiceOption(
            "rankings",
            MEAN_RANK,
            (MEAN_RANK, EACH_PERSON),
            "Pairs of the mean ranks that more than half agree with, or each person's own.",
        ),
    )


def asked_about(
    questions: Sequence[QuestionSpec],
    options: Options,
    kinds: Sequence[str] = KINDS_WITH_PAIRS,
) -> tuple[QuestionSpec, ...]:
    """The questions that the option `dimension` chooses, of these kinds."""
    wanted = options.values.get("dimension", ALL)
    return tuple(q for q in questions if q.kind in kinds and wanted in (ALL, q.key))


def pairs_of(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Iterator[Pair]:
    """All pairs that this question compares, decided or not; nothing for what nobody answered.

    `left_out` counts what is no pair at all: "unanswered".
    """
    answers = [answer for answer in item.standing if answer.pieces.get(question.key)]
    if not answers:
        left_out["unanswered"] += 1
    elif question.kind == "preference":
        yield _of_preference(item, answers, question, options)
    elif options.values.get("rankings", MEAN_RANK) == MEAN_RANK:
        yield from _of_mean_ranks(item, answers, question)
    else:
        yield from _of_each_person(item, answers, question)


def decided_pairs(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Iterator[Pair]:
    """The strictly decided ones of at least `min_margin`; the rest is counted by its reason."""
    least = float(options.values.get("min_margin", 0.0))
    for pair in pairs_of(item, question, options, left_out):
        if pair.winner is None:
            left_out[pair.why] += 1
        elif pair.votes.margin < least:
            left_out["below_min_margin"] += 1
        else:
            yield pair


def tiers_of(item: ItemRow, answer: Answer, question: QuestionSpec) -> list[list[str]]:
    """One person's ranking, the best first; letters of one tier are tied."""
    dumped = KINDS["ranking"].dump(answer.pieces[question.key], question, item.spec)
    return cast(list[list[str]], dumped["tiers"])


def aggregation_of(options: Options) -> dict[str, str]:
    """The rules of the pairs, for the manifest."""
    rule = {
        "preference": {
            MAJORITY: "the side that more than half of everybody asked chose",
            MEAN: "the side with more votes; tie and both_bad count half for each",
            DAWID_SKENE: "the choice with a probability above one half, votes weighed by each "
            "person's confusion matrix (Dawid and Skene 1979)",
        }[str(options.values.get("aggregation", MAJORITY))],
    }
    if "rankings" in options.values:
        rule["rankings"] = {
            MEAN_RANK: "mean ranks differ, and more than half rank the pair strictly that way",
            EACH_PERSON: "every strict pair of each person's ranking, with the person's pseudonym",
        }[options.choice("rankings")]
    return rule


def _of_preference(
    item: ItemRow, answers: Sequence[Answer], question: QuestionSpec, options: Options
) -> Pair:
    votes = preference_consensus(
        [cast(Choice, answer.pieces[question.key][0].choice) for answer in answers]
    )
    verdict, belief = votes.majority, None
    rule = options.values.get("aggregation", MAJORITY)
    if rule == MEAN:
        verdict = _more_votes(votes)
    elif rule == DAWID_SKENE and question.key in item.beliefs:
        beliefs = item.beliefs[question.key]
        best = max(beliefs, key=lambda choice: beliefs[choice])
        belief = beliefs[best]
        verdict = cast(Choice, best) if belief > 0.5 else None
    winner = verdict if verdict in ("a", "b") else None
    why = "" if winner else verdict or "no_majority"
    return Pair("a", "b", winner, why, votes, answers, majority=votes.majority, belief=belief)


def _more_votes(votes: PreferenceConsensus) -> Choice | None:
    a, b = votes.soft or (0.5, 0.5)
    if a != b:
        return "a" if a > b else "b"
    return votes.majority or "tie"


def _vote(ranks: dict[str, float], first: str, second: str) -> Choice:
    if ranks[first] == ranks[second]:
        return "tie"
    return "a" if ranks[first] < ranks[second] else "b"


def _of_mean_ranks(
    item: ItemRow, answers: Sequence[Answer], question: QuestionSpec
) -> Iterator[Pair]:
    together = ranking_consensus([tiers_of(item, answer, question) for answer in answers])
    decided = {frozenset((pair.better, pair.worse)): pair for pair in together.pairs}
    people = [tiers_to_ranks(tiers_of(item, answer, question)) for answer in answers]
    ranking = f"{item.id}/{question.key}"
    for first, second in combinations(sorted(together.mean_ranks), 2):
        pair = decided.get(frozenset((first, second)))
        votes = preference_consensus([_vote(ranks, first, second) for ranks in people])
        winner = pair.better if pair else None
        why = "" if pair else "no_majority"
        yield Pair(first, second, winner, why, votes, answers, ranking=ranking)


def _of_each_person(
    item: ItemRow, answers: Sequence[Answer], question: QuestionSpec
) -> Iterator[Pair]:
    for answer in answers:
        ranks = tiers_to_ranks(tiers_of(item, answer, question))
        for first, second in combinations(sorted(ranks), 2):
            votes = preference_consensus([_vote(ranks, first, second)])
            winner = {"a": first, "b": second}.get(votes.winner or "")
            yield Pair(
                first,
                second,
                winner,
                "" if winner else "tie",
                votes,
                [answer],
                ranking=str(answer.said.id),
                person=answer.said.annotator_id,
            )
