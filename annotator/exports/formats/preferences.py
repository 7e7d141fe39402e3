"""`preferences`: pairs of which one is strictly preferred, with the votes behind them.

From preference questions: the side that more than half of everybody asked chose. From rankings
(protocols 4.7), either of two honest ways, which the manifest names: pairs whose mean ranks differ
and that more than half rank the same way strictly; or each person's own strict pairs. A ranking of
k images is one observation, not k (k - 1) / 2: rows carry its id.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, cast

from annotator.exports.folder import Folder, picture_name
from annotator.exports.formats.types import (
    BoolOption,
    ChoiceOption,
    Format,
    NumberOption,
    Option,
    Options,
    Questions,
    Summary,
)
from annotator.exports.reading import Answer, ItemRow, Scope, Source
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import (
    Choice,
    PreferenceConsensus,
    preference_consensus,
    ranking_consensus,
    tiers_to_ranks,
)

FILE = "preferences.jsonl"
KINDS_WITH_PAIRS = ("preference", "ranking")
ALL = "all"
MEAN_RANK, EACH_PERSON = "mean_rank", "each_person"

SCHEMA = {
    FILE: {
        "prompt": "what the images were made from",
        "chosen, rejected": "the pictures' names in this folder, by content",
        "dimension": "the question",
        "votes": "a and b: for the first and the second letter of `pair`; tie, both_bad, unsure",
        "margin": "|a - b| / annotations, from 0 to 1",
        "chosen_share": "soft target: (votes for chosen + even ones / 2) / all that judged",
        "item, key": "the item's id and the uploader's name for it",
        "pair": "the letters that votes a and b stand for",
        "letters": "chosen, rejected",
        "generators": "chosen, rejected",
        "annotations": "how many answers the votes are of",
        "reviewed": "how many of them a reviewer accepted",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
        "source": "preference or ranking",
        "ranking": "id of the ranking this pair is a part of, so that it can be weighed as one",
        "annotator": "pseudonym, for pairs of one person's ranking alone",
    }
}


def why_not(questions: Questions) -> str | None:
    """It needs something that compares images."""
    if any(question.kind in KINDS_WITH_PAIRS for question in questions):
        return None
    return "This project asks no preference and no ranking, so nothing in it compares two images."


def options(questions: Questions) -> tuple[Option, ...]:
    """Dimension, margin, partial items, pictures; how rankings, if any, become pairs."""
    keys = [question.key for question in questions if question.kind in KINDS_WITH_PAIRS]
    declared: list[Option] = [
        ChoiceOption("dimension", ALL, (ALL, *keys), "Pairs of one question, or of all."),
        NumberOption("min_margin", 0.0, 0.0, 1.0, "Leave out pairs with a smaller |a - b| / n."),
        BoolOption("partial", default=False, help="Also items not settled yet, marked as such."),
        BoolOption("images", default=True, help="Copy the pictures into images/."),
    ]
    if any(question.kind == "ranking" for question in questions):
        declared.append(
            ChoiceOption(
                "rankings",
                MEAN_RANK,
                (MEAN_RANK, EACH_PERSON),
                "Pairs of the mean ranks that more than half agree with, or each person's own.",
            )
        )
    return tuple(declared)


@dataclass(frozen=True, slots=True)
class Pair:
    """A strictly decided pair: letters, and the votes for and against."""

    chosen: str
    rejected: str
    votes: PreferenceConsensus
    answers: Sequence[Answer]
    ranking: str | None = None
    person: int | None = None


def write(source: Source, folder: Folder, options: Options) -> Summary:
    """One line a pair; what gives no pair is counted by dimension and reason."""
    scope = Scope.STANDING if options.wants("partial") else Scope.SETTLED
    questions = [
        question
        for question in source.questions
        if question.kind in KINDS_WITH_PAIRS and options.choice("dimension") in (ALL, question.key)
    ]
    left_out: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    rows = items = 0
    with folder.open(FILE) as out:
        for item in source.items(scope):
            before = rows
            for question in questions:
                for pair in _pairs(item, question, options, left_out[question.key]):
                    out.write_row(_row(source, item, question, pair))
                    rows += 1
                    if options.wants("images"):
                        _copy(source, item, pair, folder)
            items += rows > before
    unsettled = source.count(Scope.STANDING) - source.count(Scope.SETTLED)
    return Summary(
        rows=rows,
        items=items,
        aggregation=_aggregation(options),
        schema=SCHEMA,
        left_out={
            "dimensions": {key: dict(sorted(found.items())) for key, found in left_out.items()},
            "items_not_settled": 0 if options.wants("partial") else unsettled,
        },
    )


def _aggregation(options: Options) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "preference": "the side that more than half of everybody asked chose",
        "ties": "left out and counted: tie, both_bad, unsure, no_majority",
    }
    if "rankings" in options.values:
        rule["rankings"] = {
            MEAN_RANK: "mean ranks differ, and more than half rank the pair strictly that way",
            EACH_PERSON: "every strict pair of each person's ranking, with the person's pseudonym",
        }[options.choice("rankings")]
    return rule


def _pairs(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Iterator[Pair]:
    answers = [answer for answer in item.standing if answer.pieces.get(question.key)]
    if not answers:
        left_out["unanswered"] += 1
        return
    if question.kind == "preference":
        found = _of_preference(answers, question, left_out)
    elif options.choice("rankings") == MEAN_RANK:
        found = _of_mean_ranks(item, answers, question, left_out)
    else:
        found = _of_each_person(item, answers, question, left_out)
    for pair in found:
        if pair.votes.margin < options.number("min_margin"):
            left_out["below_min_margin"] += 1
        else:
            yield pair


def _of_preference(
    answers: Sequence[Answer], question: QuestionSpec, left_out: Counter[str]
) -> Iterator[Pair]:
    votes = preference_consensus(
        [cast(Choice, answer.pieces[question.key][0].choice) for answer in answers]
    )
    if votes.winner is None:
        left_out[votes.majority or "no_majority"] += 1
        return
    yield Pair(votes.winner, "b" if votes.winner == "a" else "a", votes, answers)


def _ranks(item: ItemRow, answer: Answer, question: QuestionSpec) -> dict[str, float]:
    return tiers_to_ranks(_tiers(item, answer, question))


def _tiers(item: ItemRow, answer: Answer, question: QuestionSpec) -> list[list[str]]:
    dumped = KINDS["ranking"].dump(answer.pieces[question.key], question, item.spec)
    return cast(list[list[str]], dumped["tiers"])


def _vote(ranks: dict[str, float], first: str, second: str) -> Choice:
    if ranks[first] == ranks[second]:
        return "tie"
    return "a" if ranks[first] < ranks[second] else "b"


def _of_mean_ranks(
    item: ItemRow, answers: Sequence[Answer], question: QuestionSpec, left_out: Counter[str]
) -> Iterator[Pair]:
    together = ranking_consensus([_tiers(item, answer, question) for answer in answers])
    decided = {frozenset((pair.better, pair.worse)): pair for pair in together.pairs}
    people = [_ranks(item, answer, question) for answer in answers]
    for first, second in combinations(sorted(together.mean_ranks), 2):
        pair = decided.get(frozenset((first, second)))
        if pair is None:
            left_out["no_majority"] += 1
            continue
        votes = preference_consensus([_vote(ranks, first, second) for ranks in people])
        ranking = f"{item.id}/{question.key}"
        yield Pair(pair.better, pair.worse, votes, answers, ranking=ranking)


def _of_each_person(
    item: ItemRow, answers: Sequence[Answer], question: QuestionSpec, left_out: Counter[str]
) -> Iterator[Pair]:
    for answer in answers:
        ranks = _ranks(item, answer, question)
        for first, second in combinations(sorted(ranks), 2):
            votes = preference_consensus([_vote(ranks, first, second)])
            if votes.winner is None:
                left_out["tie"] += 1
                continue
            chosen, rejected = (first, second) if votes.winner == "a" else (second, first)
            yield Pair(
                chosen,
                rejected,
                votes,
                [answer],
                ranking=str(answer.said.id),
                person=answer.said.annotator_id,
            )


def _row(source: Source, item: ItemRow, question: QuestionSpec, pair: Pair) -> dict[str, Any]:
    pictures = {picture.letter: picture for picture in item.pictures}
    chosen, rejected = pictures[pair.chosen], pictures[pair.rejected]
    share_a, share_b = pair.votes.soft or (0.5, 0.5)
    return {
        "prompt": item.prompt,
        "chosen": picture_name(chosen.sha256),
        "rejected": picture_name(rejected.sha256),
        "dimension": question.key,
        "votes": dict(pair.votes.counts),
        "margin": pair.votes.margin,
        "chosen_share": share_a if pair.chosen < pair.rejected else share_b,
        "item": str(item.id),
        "key": item.key,
        "pair": sorted((pair.chosen, pair.rejected)),
        "letters": {"chosen": pair.chosen, "rejected": pair.rejected},
        "generators": {"chosen": chosen.generator, "rejected": rejected.generator},
        "annotations": len(pair.answers),
        "reviewed": sum(answer.judgement is not None for answer in pair.answers),
        "settled": item.settled,
        "source": question.kind,
        "ranking": pair.ranking,
        "annotator": None if pair.person is None else source.annotator(pair.person),
    }


def _copy(source: Source, item: ItemRow, pair: Pair, folder: Folder) -> None:
    for picture in item.pictures:
        if picture.letter in (pair.chosen, pair.rejected):
            folder.add_picture(source.path_of(picture), picture.sha256)


PREFERENCES = Format(
    name="preferences",
    version="1",
    title="Strictly decided pairs with their votes (JSONL)",
    why_not=why_not,
    options=options,
    write=write,
)
