"""Groups of candidates as a training loop and a lead's pages read them: what people said so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from annotator.annotations.selectors import current_of_batch, late_in_batch, pieces_of
from annotator.core.reasons import Reason
from annotator.groups.models import CandidateGroup, GroupState
from annotator.groups.packing import candidate_of
from annotator.groups.selectors import groups_of
from annotator.ingest.selectors import problems_of
from annotator.items.models import Image, ItemImage
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_asked
from annotator.questions.kinds import KINDS
from annotator.questions.types import Kind, Piece
from scoring import few_votes
from scoring.arrays import Floats
from scoring.few_votes import FewStrengths
from scoring.plackett_luce import above_table
from scoring.statistics.estimate import Interval
from scoring.votes import as_choice, share_of_a

SHOWN = 50
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class CandidateStanding:
    """A candidate among the others of its group."""

    candidate: int = field(metadata={"help": "From 0, as the images came."})
    strength: float = field(metadata={"help": "A natural logarithm; all of them sum to 0."})
    interval: Interval = field(metadata={"help": "Of 95 %: wide after few answers."})
    first: float = field(metadata={"help": "How likely it is the best of all."})


@dataclass(frozen=True, slots=True)
class CandidateRanking:
    """What people's answers to one question come to."""

    question: str
    answers: int = field(metadata={"help": "Those that say something."})
    ranking: list[int] = field(
        metadata={"help": "Candidates, the best first; empty without answers."}
    )
    standings: list[CandidateStanding] = field(metadata={"help": "In the candidates' order."})
    wins: list[list[int]] = field(
        metadata={"help": "wins[i][j]: how often candidate i was put before j."}
    )
    ties: list[list[int]] = field(metadata={"help": "The same of level ones; symmetric."})


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A group in a list."""

    id: int
    project: int
    batch: int
    state: GroupState = field(
        metadata={
            "help": "waiting; whole: `most` answers to each item; partial: time is up with `least` "
            "at least; expired: with fewer; failed: an image can't be shown."
        }
    )
    step: int | None = field(metadata={"help": "The training loop's."})
    prompt: str
    names: list[str] = field(metadata={"help": "Of each candidate; may be empty texts."})
    images: list[UUID | None] = field(metadata={"help": "Of each candidate; null: not stored yet."})
    items: int = field(metadata={"help": "Made of it: one, or one a pair."})
    votes: int = field(metadata={"help": "Answers so far, one a person and item."})
    least: int
    most: int
    deadline: datetime = field(metadata={"help": "By the database's clock."})
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupOutcome(GroupSummary):
    """A group with what people said. `partial`: not everybody who was to answer has."""

    partial: bool
    late: int = field(metadata={"help": "Answers after the end: kept, and not counted."})
    error: Reason | None = field(metadata={"help": "Why it has failed."})
    rankings: list[CandidateRanking] = field(
        metadata={"help": "Of each question that compares images, in the questions' order."}
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """One person's pieces to one question about an item, with the candidate of each letter."""

    pieces: Sequence[Piece]
    candidates: dict[str, int]


def group_summaries(project: Project) -> list[GroupSummary]:
    """The newest groups of a project (3 queries, and 1 a group)."""
    return [_summary(group) for group in groups_of(project)[:SHOWN]]


def _summary(group: CandidateGroup) -> GroupSummary:
    return GroupSummary(
        id=group.pk,
        project=group.project_id,
        batch=group.batch_id,
        state=GroupState(group.state),
        step=group.batch.step,
        prompt=group.prompt,
        names=group.names,
        images=_images(group),
        items=group.items,
        votes=current_of_batch(group.batch_id).count(),
        least=group.least,
        most=group.most,
        deadline=group.deadline,
        created_at=group.created_at,
        ended_at=group.ended_at,
    )


def _images(group: CandidateGroup) -> list[UUID | None]:
    rows = Image.objects.filter(batch=group.batch_id).values_list("source_name", "pk")
    found = {candidate_of(name): pk for name, pk in rows}
    return [found.get(candidate) for candidate in range(len(group.names))]


def group_outcome(group: CandidateGroup) -> GroupOutcome:
    """A group with its rankings as they are now (some 8 queries)."""
    summary = _summary(group)
    return GroupOutcome(
        **{name: getattr(summary, name) for name in GroupSummary.__dataclass_fields__},
        partial=summary.state != GroupState.WHOLE,
        late=late_in_batch(group.batch_id),
        error=_error(group) if summary.state == GroupState.FAILED else None,
        rankings=_rankings(group),
    )


def _error(group: CandidateGroup) -> Reason | None:
    problem = problems_of(group.batch).order_by("pk").first()
    return group.batch.reason if problem is None else problem.reason


def _rankings(group: CandidateGroup) -> list[CandidateRanking]:
    questions = [row for row in questions_asked(group.project_id) if KINDS[row.kind].ranks]
    places: dict[UUID, dict[str, int]] = {}
    for place in ItemImage.objects.filter(item__batch=group.batch_id).select_related("image"):
        of_item = places.setdefault(place.item_id, {})
        of_item[place.letter] = candidate_of(place.image.source_name)
    items = dict(current_of_batch(group.batch_id).values_list("pk", "item_id"))
    pieces = pieces_of(items)
    return [
        _ranking(
            question,
            [
                _Answer(pieces[answer][question.pk], places[item])
                for answer, item in items.items()
                if pieces[answer].get(question.pk)
            ],
            len(group.names),
        )
        for question in questions
    ]


def _ranking(question: Question, answers: Sequence[_Answer], n: int) -> CandidateRanking:
    kind = KINDS[question.kind]
    if kind.sides:
        wins, ties, told = _sided(answers, n)
        found = few_votes.from_pairs(wins, np.triu(ties))
    else:
        wins, ties, found = _ordered(kind, answers, n)
        told = len(answers)
    return CandidateRanking(
        question=question.key,
        answers=told,
        ranking=list(found.order) if told else [],
        standings=_standings(found),
        wins=wins.astype(int).tolist(),
        ties=ties.astype(int).tolist(),
    )


def _standings(found: FewStrengths) -> list[CandidateStanding]:
    rows = zip(found.theta, found.intervals, found.first, strict=True)
    return [
        CandidateStanding(number, float(theta), interval, float(first))
        for number, (theta, interval, first) in enumerate(rows)
    ]


def _sided(answers: Sequence[_Answer], n: int) -> tuple[Floats, Floats, int]:
    """(n, n) of wins, and of ties both ways round; how many answers say something."""
    wins, ties, told = np.zeros((n, n)), np.zeros((n, n)), 0
    for answer in answers:
        share = share_of_a(as_choice(answer.pieces[0].choice))
        if share is None:
            continue
        told += 1
        a, b = answer.candidates["a"], answer.candidates["b"]
        if share == EVEN:
            ties[a, b] += 1
            ties[b, a] += 1
        else:
            best, other = (a, b) if share > EVEN else (b, a)
            wins[best, other] += 1
    return wins, ties, told


def _ordered(kind: Kind, answers: Sequence[_Answer], n: int) -> tuple[Floats, Floats, FewStrengths]:
    """The same of rankings and picks, with the strengths."""
    members, tiers = np.full((len(answers), n), -1, np.int64), np.zeros((len(answers), n))
    for row, answer in enumerate(answers):
        for letter, candidate in answer.candidates.items():
            members[row, candidate] = candidate
            tiers[row, candidate] = _tier(kind, answer.pieces, letter)
    above, level = above_table(members, tiers, n)
    told = tiers == 0 if kind.picks else None
    # Of those that were not picked, and of those between two ends, nobody told the order.
    ties = np.zeros((n, n)) if kind.picks or kind.ends_alone else level
    return above, ties, few_votes.from_rankings(members, tiers, n, told=told)


def _tier(kind: Kind, pieces: Sequence[Piece], letter: str) -> int:
    if kind.picks:
        return int(pieces[0].choice != letter)
    return next(piece.number or 0 for piece in pieces if piece.letter == letter)
