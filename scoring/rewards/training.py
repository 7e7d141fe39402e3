"""From votes on pairs, ratings, and what a network sees in images to heads and their reports.

The one way for the command, which reads rows from an exported folder, and for a site, which reads
them from its own votes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import expit

from scoring.arrays import Floats
from scoring.catalog import CATALOG, Direction, Grain, metric
from scoring.reasons import Code, Reason, Refusal
from scoring.rewards.cross_fitting import FOLDS, HeldOut, Pairs, held_out
from scoring.rewards.feature_maps import feature_map
from scoring.rewards.groups import labels_of
from scoring.rewards.head import Head, learnt
from scoring.rewards.linear import Linear, mean_of
from scoring.rewards.model import RewardModel
from scoring.rewards.ordinal import OrdinalHead
from scoring.rewards.rated import RatedReport, train_rated
from scoring.rewards.ratings import RatingRow
from scoring.rewards.reliability import Choices, Reliability, reliability_of, weighed
from scoring.rewards.report import HeadReport, report_of
from scoring.rewards.votes import PairVotes, pair_votes

NETWORKS = tuple(dict.fromkeys(one.network for one in CATALOG.values() if one.network is not None))
DEFAULT = "efficientnet-lite0/clean"
# What a head is held against: metrics of single images by which one is better than another.
METRICS = tuple(
    name
    for name, one in CATALOG.items()
    if one.grain in (Grain.IMAGE, Grain.PAIR) and one.direction is not None
)
OF_IMAGES = tuple(name for name in METRICS if metric(name).grain is Grain.IMAGE)
FEWEST_PROMPTS = 20
MOST_DISAGREEMENTS = 12
# Of each dimension: a fold each, and the head of all votes.
STEPS = FOLDS + 1

Row = Mapping[str, Any]
"""A line of preferences.jsonl; `chosen` and `rejected` name two of the images.

Where it is known, `people` says who said what: pairs of a person and what they said of the pair."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Rows by dimension where a head can be learnt; ``few``: of the others, how many prompts.

    ``rated``: rows of ratings by dimension, likewise.
    """

    rows: Mapping[str, Sequence[Row]]
    few: Mapping[str, int]
    rated: Mapping[str, Sequence[RatingRow]] = field(default_factory=dict)

    @property
    def images(self) -> list[str]:
        """The names of their images, sorted."""
        return sorted(self.prompts)

    @property
    def prompts(self) -> dict[str, str]:
        """Image → its prompt."""
        rows = [row for some in self.rows.values() for row in some]
        rated = [row for some in self.rated.values() for row in some]
        found = {row[end]: row["prompt"] for row in rows for end in ("chosen", "rejected")}
        return found | {row["image"]: row["prompt"] for row in rated}

    @property
    def steps(self) -> int:
        """How often ``advance`` is called in training: STEPS a dimension."""
        return STEPS * (len(self.rows) + len(self.rated))


@dataclass(frozen=True, slots=True)
class SeenImages:
    """Images by ``names`` (n,) with a network's ``features`` (n, d).

    ``values``: of metrics, (n,) each, larger for better images, NaN where it was not measured.
    """

    names: Sequence[str]
    features: Floats
    values: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class HeadDisagreement:
    """A pair of which the head, without having seen its prompt, says the opposite of people."""

    item: str
    prompt: str
    chosen: str
    rejected: str
    chosen_share: float = field(
        metadata={"help": "Of the votes that prefer either image, those for the chosen one."}
    )
    predicted: float = field(metadata={"help": "What the head gives the chosen one, below 0.5."})


@dataclass(frozen=True, slots=True)
class VoteWeights:
    """How differently people's votes count in what a head learns; 1 and 1 where all are alike."""

    people: int = field(metadata={"help": "Whose votes are weighed; 0 where nobody is known."})
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class DimensionReport:
    """One dimension's head: what it learnt from, how good it is, where it errs most.

    ``not_better_than``: metrics than which it is not shown to be better.
    """

    dimension: str
    pairs: int
    votes: int
    prompts: int
    report: HeadReport
    not_better_than: Sequence[str]
    disagreements: Sequence[HeadDisagreement]
    weights: VoteWeights


@dataclass(frozen=True, slots=True)
class Trained:
    """A reward model and the reports of its dimensions; ``few`` as of Dimensions.

    ``held_out``: by dimension, what the head of another fold gives each image, by its name; and
    ``folds``, their heads.
    ``rated``: reports of those that are rated.
    """

    model: RewardModel
    reports: Sequence[DimensionReport]
    few: Mapping[str, int]
    held_out: Mapping[str, Mapping[str, float]]
    folds: Mapping[str, Sequence[Linear]]
    rated: Sequence[RatedReport] = ()

    @property
    def mean(self) -> dict[str, Linear]:
        """By dimension the mean of the folds' heads, for images on whose prompts none saw a vote.

        None where no fold had a head.
        """
        return {name: mean_of(heads) for name, heads in self.folds.items() if heads}


def dimensions_of(rows: Iterable[Row], rated: Iterable[RatingRow] = ()) -> Dimensions:
    """Raises Refusal where no dimension has votes or ratings on FEWEST_PROMPTS prompts.

    A dimension where all ratings are equal has none.
    """
    compared, ratings = _by_dimension(rows), _by_dimension(rated)
    alike = [name for name, some in ratings.items() if len(_grades(some)) < 2]
    prompts = {
        name: 0 if name in alike else len({row["prompt"] for row in some})
        for name, some in (compared | ratings).items()
    }
    few = {name: n for name, n in prompts.items() if n < FEWEST_PROMPTS}
    if len(few) == len(prompts):
        most = max(few.values(), default=0)
        raise Refusal(Reason(Code.HEAD_NEEDS_PROMPTS, n=most, least=FEWEST_PROMPTS))
    enough, enough_rated = (
        {name: some for name, some in found.items() if name not in few}
        for found in (compared, ratings)
    )
    return Dimensions(enough, few, enough_rated)


def _by_dimension(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["dimension"]].append(row)
    return found


def _grades(rows: Iterable[RatingRow]) -> set[float]:
    return {value for row in rows for _, value in row["ratings"]}


def metric_of(network: str) -> str:
    """A metric that looks at images through one of NETWORKS; KeyError for another."""
    return {one.network: name for name, one in CATALOG.items() if one.network}[network]


def better(name: str, value: float | None) -> float:
    """A metric's value, larger for a better image; NaN for none."""
    sign = 1 if metric(name).direction is Direction.HIGHER else -1
    return np.nan if value is None else sign * value


def train(
    dimensions: Dimensions,
    images: SeenImages,
    *,
    network: str,
    seed: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> Trained:
    """A head a dimension, and how good each is on prompts held out.

    ``advance`` is called STEPS times a dimension; what it raises ends the training.
    """
    place = {name: at for at, name in enumerate(images.names)}
    mapped = feature_map(images.features)
    heads: dict[str, Head | OrdinalHead] = {}
    told: dict[str, HeldOut] = {}
    by_image: dict[str, dict[str, float]] = {}
    reports = []
    for name, rows in dimensions.rows.items():
        people = [row.get("people", ()) for row in rows]
        reliability = reliability_of(people)
        pairs = _pairs(rows, images.features, place, people, reliability)
        held = held_out(pairs, seed=seed, advance=advance)
        values = _differences(images.values, pairs)
        report = report_of(held, pairs.votes, values, labels_of(rows))
        reports.append(_reported(name, rows, pairs, held, report, reliability))
        heads[name] = learnt(pairs.differences(mapped), pairs.weighed, seed=seed)
        told[name] = held
        by_image[name] = _by_image(images.names, held.rewards)
        advance()
    rated = []
    features = dict(zip(images.names, images.features, strict=True))
    measured = {
        name: dict(zip(images.names, column.tolist(), strict=True))
        for name, column in images.values.items()
    }
    for name, some in dimensions.rated.items():
        found = train_rated(name, some, features, measured, mapped, seed=seed, advance=advance)
        heads[name], told[name] = found.head, found.held
        by_image[name] = _by_image(found.images, found.held.rewards)
        rated.append(found.report)
        advance()
    return Trained(
        RewardModel(network, mapped, heads),
        reports,
        dimensions.few,
        by_image,
        {name: held.heads for name, held in told.items()},
        rated,
    )


def _by_image(names: Sequence[str], rewards: Floats) -> dict[str, float]:
    found = zip(names, rewards.tolist(), strict=True)
    return {name: reward for name, reward in found if np.isfinite(reward)}


def _differences(values: Mapping[str, Floats], pairs: Pairs) -> dict[str, Floats]:
    """Of each metric, the first image's value less the second's; NaN also of two infinite ones."""
    with np.errstate(invalid="ignore"):
        return {name: told[pairs.first] - told[pairs.second] for name, told in values.items()}


def _pairs(
    rows: Sequence[Row],
    features: Floats,
    place: Mapping[str, int],
    people: Sequence[Choices],
    reliability: Reliability,
) -> Pairs:
    """The chosen image is the first of its pair; which one is says nothing to a head."""
    ends = [("a", "b") if _first_won(row) else ("b", "a") for row in rows]
    votes = [row["votes"] for row in rows]
    told = pair_votes(
        [one[first] for one, (first, _) in zip(votes, ends, strict=True)],
        [one["tie"] + one["both_bad"] for one in votes],
        [one[second] for one, (_, second) in zip(votes, ends, strict=True)],
        [row["prompt"] for row in rows],
    )
    first, second = (
        np.array([place[row[end]] for row in rows], np.int64) for end in ("chosen", "rejected")
    )
    sides = [won for won, _ in ends]
    return Pairs(features, first, second, told, weighed(told, people, sides, reliability))


def _first_won(row: Row) -> bool:
    """Whether the chosen image is the one that votes call a."""
    return bool(row["letters"]["chosen"] == row["pair"][0])


def _reported(
    name: str,
    rows: Sequence[Row],
    pairs: Pairs,
    held: HeldOut,
    report: HeadReport,
    reliability: Reliability,
) -> DimensionReport:
    votes = pairs.votes
    return DimensionReport(
        dimension=name,
        pairs=len(rows),
        votes=round(float(votes.total.sum())),
        prompts=len(np.unique(votes.prompts)),
        report=report,
        not_better_than=report.not_better_than,
        disagreements=_disagreements(rows, held, votes),
        weights=VoteWeights(
            len(reliability.weights) - reliability.unknown, reliability.least, reliability.most
        ),
    )


def _disagreements(rows: Sequence[Row], held: HeldOut, votes: PairVotes) -> list[HeadDisagreement]:
    """The pairs that it gets wrong by most, people's own doubt taken off."""
    predicted = expit(held.whole)
    decided = votes.won + votes.lost
    share = np.divide(votes.won, decided, out=np.full(len(decided), 0.5), where=decided > 0)
    beyond = np.where(np.isfinite(predicted), share - predicted, 0.0)
    against = np.flatnonzero((predicted < 0.5) & (share > 0.5))
    order = against[np.argsort(-beyond[against], kind="stable")][:MOST_DISAGREEMENTS]
    return [
        HeadDisagreement(
            item=rows[at]["item"],
            prompt=rows[at]["prompt"],
            chosen=rows[at]["chosen"],
            rejected=rows[at]["rejected"],
            chosen_share=float(share[at]),
            predicted=float(predicted[at]),
        )
        for at in order
    ]
