"""What a board of generators tells, the same for every kind of question."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import numpy as np

from annotator.core.reasons import Code, Reason
from scoring.arrays import Floats
from scoring.ranking import NotComparable, Strengths, elo
from scoring.statistics.cluster_bootstrap import Place
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.power import more_to_tell


class Measure(StrEnum):
    """What `value` is."""

    WIN_RATE = "win_rate"
    MEAN_RANK = "mean_rank"
    BEST_LESS_WORST = "best_less_worst"
    PICK_SHARE = "pick_share"
    MEAN_RATING = "mean_rating"
    MARKED_SHARE = "marked_share"
    FLAGGED_SHARE = "flagged_share"
    LABELLED_SHARE = "labelled_share"
    YES_SHARE = "yes_share"


# Less than one win more in two hundred: no number of answers is worth it.
LEVEL = 0.02
LOWER_IS_BETTER = frozenset({Measure.MEAN_RANK, Measure.MARKED_SHARE, Measure.FLAGGED_SHARE})


@dataclass(frozen=True, slots=True)
class Standing:
    """One generator on a board; every interval is of 95 %, over prompts.

    `strength` is a natural logarithm, 0 on average, `elo` the same as points around 1000; None
    where generators can't be compared. `rank` is by strength where there are strengths, else by
    `value`; `first` is the share of resamples in which it is first.
    """

    generator: str
    n: int = field(metadata={"help": "Of win_rate settled items, else answers."})
    value: float | None
    interval: Interval | None
    wins: int | None
    ties: int | None
    losses: int | None
    strength: float | None
    strength_interval: Interval | None
    elo: float | None
    elo_interval: Interval | None
    rank: int | None
    rank_interval: tuple[int, int] | None
    first: float | None


@dataclass(frozen=True, slots=True)
class Encounter:
    """How often one generator was before the other, and level: of settled items, or of rankings."""

    generator: str
    against: str
    wins: int
    ties: int
    n: int


@dataclass(frozen=True, slots=True)
class SideEffect:
    """Of votes between equal images that decide: the share for the one shown left."""

    left_share: float | None
    interval: Interval | None
    n: int = field(metadata={"help": "Votes, ties included."})
    undefined: Reason | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """The first two of a board are not told apart: `more` answers like those so far may do it."""

    first: str
    second: str
    more: int = field(metadata={"help": "At 95 %, in four of five such projects; about."})


@dataclass(frozen=True, slots=True)
class DecisiveItem:
    """An item, and how many of the votes on it are among those that decide."""

    item: UUID
    votes: int


@dataclass(frozen=True, slots=True)
class Fragile:
    """How few votes decide who is first by strength.

    Without `votes` of them the model, fitted anew, has `next` first. Votes on the same two, on the
    same sides and with the same outcome count alike: `items`, at most 24, are where such are.
    """

    first: str
    next: str | None
    votes: int | None = field(metadata={"help": "null: no so few as `tried` were found to do."})
    tried: int
    items: list[DecisiveItem]


@dataclass(frozen=True, slots=True)
class Board:
    """One question, or one flag of it (`option`): generators by `value`, the best first.

    `not_comparable` says why there are no strengths, `groups` then who can be compared with whom;
    `no_interval` why there are no intervals.
    """

    question: str
    option: str
    kind: str
    measure: Measure
    higher_is_better: bool
    scale: Interval | None = field(metadata={"help": "Beyond which no value of a mean can lie."})
    answers: str = field(
        metadata={
            "help": "Which answers count: accepted ones, to settled items.",
            "choices": ("accepted",),
        }
    )
    items: int
    prompts: int
    votes: int
    generators: list[Standing]
    matrix: list[Encounter]
    side: SideEffect | None
    not_comparable: Reason | None
    groups: list[list[str]]
    no_interval: Reason | None
    weighed: int = field(
        default=0,
        metadata={
            "help": "Items that rounds have drawn. Where there are any, win rates weigh each item "
            "by how likely it was to be drawn."
        },
    )
    single: int = field(
        default=0,
        metadata={"help": "Items that were put to one person each, where the project asks more."},
    )
    undecided: Undecided | None = field(
        default=None, metadata={"help": "null: told apart, without strengths, or as good as level."}
    )
    fragile: Fragile | None = field(
        default=None, metadata={"help": "null: not of votes between two sides, or no strengths."}
    )
    part: str | None = field(
        default=None,
        metadata={
            "help": "Of items with this value of the key that was asked by; empty: without one; "
            "null: of all."
        },
    )


@dataclass(frozen=True, slots=True)
class LeaderboardReport:
    """Generators, question by question; with a key of items each question a board a value."""

    dimensions: list[Board]
    not_grouped: Reason | None = field(
        default=None, metadata={"help": "Why there are no boards by what was asked for."}
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Wins, ties and losses."""

    wins: int
    ties: int
    losses: int


def standings(
    names: Sequence[str],
    values: Sequence[Estimate],
    places: Sequence[Place],
    fitted: Strengths | NotComparable | None,
    counted: Sequence[Counted] | None = None,
    *,
    measure: Measure,
) -> list[Standing]:
    """Rows by value, the best first, equal ones by name; who has none comes last."""
    sign = 1 if measure in LOWER_IS_BETTER else -1
    order = sorted(
        range(len(names)),
        key=lambda i: (
            values[i].value is None,
            sign * (values[i].value or 0.0),
            names[i],
        ),
    )
    if isinstance(fitted, Strengths):
        places = fitted.places()
    return [
        _standing(names[i], values[i], places[i], fitted, i, counted[i] if counted else None)
        for i in order
    ]


def _standing(
    name: str,
    value: Estimate,
    place: Place,
    fitted: Strengths | NotComparable | None,
    i: int,
    counted: Counted | None,
) -> Standing:
    strength, between = None, None
    if isinstance(fitted, Strengths):
        strength, between = float(fitted.theta[i]), fitted.interval(i)
    ranked = strength is not None or (fitted is None and value.value is not None)
    return Standing(
        generator=name,
        n=value.n,
        value=value.value,
        interval=value.interval,
        wins=counted.wins if counted else None,
        ties=counted.ties if counted else None,
        losses=counted.losses if counted else None,
        strength=strength,
        strength_interval=between,
        elo=None if strength is None else elo(strength),
        elo_interval=None if between is None else (elo(between[0]), elo(between[1])),
        rank=place.rank if ranked else None,
        rank_interval=place.interval if ranked else None,
        first=place.first if ranked else None,
    )


def apart(
    fitted: Strengths | NotComparable | None, names: Sequence[str]
) -> tuple[Reason | None, list[list[str]]]:
    """Why there are no strengths, and the groups, by name."""
    if not names:
        return Reason(Code.NOTHING_SETTLED), []
    if not isinstance(fitted, NotComparable):
        return None, []
    return fitted.reason, [sorted(names[i] for i in group) for group in fitted.groups]


def undecided(
    rows: Sequence[Standing],
    names: Sequence[str],
    fitted: Strengths | NotComparable | None,
    *,
    votes: int,
) -> Undecided | None:
    """Of the first two rows, where strengths were resampled."""
    if len(rows) < 2 or not isinstance(fitted, Strengths) or not len(fitted.draws):
        return None
    first, second = (names.index(row.generator) for row in rows[:2])
    difference = float(fitted.theta[first] - fitted.theta[second])
    if abs(difference) < LEVEL:
        return None
    error = float(np.std(fitted.draws[:, first] - fitted.draws[:, second]))
    more = more_to_tell(difference, error, votes)
    return Undecided(names[first], names[second], more) if more else None


def encounters(names: Sequence[str], wins: Floats, ties: Floats) -> list[Encounter]:
    """All pairs that ever met, both ways round, of (n, n) tables."""
    met = wins + wins.T + ties
    return [
        Encounter(names[i], names[j], int(wins[i, j]), int(ties[i, j]), int(met[i, j]))
        for i in range(len(names))
        for j in range(len(names))
        if i != j and met[i, j]
    ]
