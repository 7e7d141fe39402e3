"""What the votes of several people say together: the same for every kind of question."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from annotator.questions.kinds import KINDS, unsure_of, votes_of
from annotator.questions.types import ItemSpec, Piece, PieceType, QuestionSpec, Unit, Vote
from scoring.votes import (
    GradedVote,
    graded_consensus,
    judges_needed,
    more_than_half,
    rank_consensus,
    rating_consensus,
)

NOTHING = "nothing"

Person = Sequence[Vote]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that people say together; its columns are those of consensus.models.Finding."""

    key: str
    votes: int
    of: int
    letter: str = ""
    value: float | None = None
    decided: bool = False


def findings(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """What the given answers to a question say together; their order does not matter.

    Decided is what more than half of **all** who answered say, two people at least where several
    were asked: where people picked different images, one vote about an image that only one picked
    decides nothing, nor does the only answer to a question that the others passed over.
    """
    fewest = judges_needed(len(answers))
    people = [votes_of(pieces, question, item) for pieces in answers if pieces]
    level, graded_vote = KINDS[question.kind].level, KINDS[question.kind].graded_vote
    if level is None or not people:
        return ()
    if graded_vote:
        graded = [graded_vote(pieces[0], question) for pieces in answers if pieces]
        return (*_names(people, fewest), _strength(graded))
    if level == "nominal":
        if not all(isinstance(vote.value, bool) for person in people for vote in person):
            return tuple(_names(people, fewest))
        unsure = [bool(unsure_of(pieces, question)) for pieces in answers if pieces]
        return tuple(_yes(people, unsure, fewest))
    if level == "ordinal":
        return tuple(_ranks(people, fewest))
    return tuple(_means([pieces for pieces in answers if pieces], question, item, fewest))


def _names(people: Sequence[Person], fewest: int) -> Iterator[Found]:
    """Votes of each name that has some; what is said of a row stands after its id."""
    for unit, values in _by_unit(people).items():
        counts = Counter(map(str, values))
        for name in sorted(counts):
            yield _counted(
                unit.letter,
                unit.finding_key(name),
                counts[name],
                of=len(values),
                people=len(people),
                fewest=fewest,
            )


def _strength(votes: Sequence[GradedVote]) -> Found:
    """How much better a is on the mean, -1 for "b, much better", 1 for "a, much better"."""
    share_of_a, share_of_b = graded_consensus(votes).soft or (0.5, 0.5)
    # It decides nothing: the sides do.
    return Found("strength", len(votes), len(votes), value=round(share_of_a - share_of_b, 9))


def _yes(people: Sequence[Person], unsure: Sequence[bool], fewest: int) -> Iterator[Found]:
    """Of yes-or-no units those who say yes, of each image (or the item) apart.

    An explicit "none of it" is a vote like any other; it is not said by who is `unsure` of a unit.
    """
    for letter in sorted({vote.unit.letter for person in people for vote in person}):
        own = [[vote for vote in person if vote.unit.letter == letter] for person in people]
        judges = [[vote.unit.key for vote in votes if vote.value] for votes in own if votes]
        sure = [not hesitates for votes, hesitates in zip(own, unsure, strict=True) if votes]
        counts = Counter(key for keys in judges for key in keys)
        counted = partial(_counted, letter, of=len(judges), people=len(people), fewest=fewest)
        for key in sorted(counts):
            yield counted(key, counts[key])
        nothing = sum(not keys and certain for keys, certain in zip(judges, sure, strict=True))
        yield counted(NOTHING, nothing)


def _counted(letter: str, key: str, votes: int, *, of: int, people: int, fewest: int) -> Found:
    decided = more_than_half(votes, people) and votes >= fewest
    return Found(key, votes, of, letter, decided=decided)


def _means(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec, fewest: int
) -> Iterator[Found]:
    """Of each image the "mean" and the "maxdiff" of all numbers, on the unit scale [0, 1].

    Who says that the question does not apply gives no number, and is counted as "nothing"; where
    that is decided the mean of the others is not.
    """
    low, high = question.scale_min or 0, question.scale_max or 1
    numbers = _by_unit([votes_of(pieces, question, item) for pieces in answers])
    passed = Counter(
        piece.letter for pieces in answers for piece in pieces if piece.type == PieceType.NOTHING
    )
    for letter in sorted({unit.letter for unit in numbers} | set(passed)):
        given = sorted(float(value) for value in numbers.get(Unit(letter), ()))
        of = len(given) + passed[letter]
        nothing = _counted(
            letter, NOTHING, passed[letter], of=of, people=len(answers), fewest=fewest
        )
        if given:
            together = rating_consensus(given, minimum=low, maximum=high)
            mean, apart, n = together.mean, together.maxdiff, together.n
            yield Found("mean", n, of, letter, value=mean, decided=not nothing.decided)
            yield Found("maxdiff", n, of, letter, value=apart)
        if nothing.votes:
            yield nothing


def _ranks(people: Sequence[Person], fewest: int) -> Iterator[Found]:
    """Each image's mean "rank" (1 is best), and "over_c": so many ranked it strictly above c.

    Only pairs that more than half rank the same way, with mean ranks that differ, are there.
    """
    together = rank_consensus(
        [{vote.unit.letter: float(vote.value) for vote in person} for person in people]
    )
    n = len(people)
    for letter, rank in sorted(together.mean_ranks.items()):
        yield Found("rank", n, n, letter, value=rank, decided=True)
    for pair in together.pairs:
        yield Found(
            f"over_{pair.worse}", pair.agree, pair.n, pair.better, decided=pair.agree >= fewest
        )


def _by_unit(people: Sequence[Person]) -> dict[Unit, list[str | bool | float]]:
    found: dict[Unit, list[str | bool | float]] = defaultdict(list)
    for person in people:
        for unit, value in person:
            found[unit].append(value)
    return dict(sorted(found.items()))
