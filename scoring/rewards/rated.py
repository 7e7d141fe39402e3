"""From ratings of images and what a network sees in them to ordinal heads and their reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring.arrays import Floats
from scoring.rewards.cross_fitting import HeldOut
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.ordinal import OrdinalHead, learnt
from scoring.rewards.rating_report import RatingReport, rating_report
from scoring.rewards.ratings import RatingRow, Ratings, held_out, ratings_of

MOST_DISAGREEMENTS = 12


@dataclass(frozen=True, slots=True)
class RatingDisagreement:
    """An image that the head, without having seen its prompt, rates unlike people."""

    item: str
    prompt: str
    image: str
    rating: float = field(metadata={"help": "People's mean, on the question's own scale."})
    predicted: float = field(metadata={"help": "What the head expects, on the same scale."})


@dataclass(frozen=True, slots=True)
class RatedReport:
    """One rated dimension's head: what it learnt from, how good it is, where it errs most.

    ``not_better_than``: metrics than which it is not shown to be better. ``grades``: what people
    gave, ascending.
    """

    dimension: str
    images: int
    votes: int
    prompts: int
    grades: Sequence[float]
    report: RatingReport
    not_better_than: Sequence[str]
    disagreements: Sequence[RatingDisagreement]


@dataclass(frozen=True, slots=True)
class RatedHead:
    """A rated dimension's head, what its folds' heads say of ``images``, and its report."""

    head: OrdinalHead
    images: Sequence[str]
    held: HeldOut
    report: RatedReport


def train_rated(
    name: str,
    rows: Sequence[RatingRow],
    features: Mapping[str, Floats],
    values: Mapping[str, Mapping[str, float]],
    mapped: FeatureMap,
    *,
    seed: int,
    advance: Callable[[], None],
) -> RatedHead:
    """The head of a dimension over ``mapped`` features, and how good it is on prompts held out.

    ``features`` and each metric's ``values`` are by the images' names. ``advance`` is called after
    each fold. Raises ValueError where all ratings are equal.
    """
    ratings = ratings_of(rows, features)
    held = held_out(ratings, seed=seed, advance=advance)
    told = {
        metric: np.array([by_image[image] for image in ratings.names])
        for metric, by_image in values.items()
    }
    report = rating_report(held, ratings, told)
    counts = ratings.counts
    head = learnt(mapped(ratings.features), counts, seed=seed)
    found = RatedReport(
        dimension=name,
        images=len(ratings.names),
        votes=len(ratings.value),
        prompts=len(np.unique(counts.prompts)),
        grades=counts.grades.tolist(),
        report=report,
        not_better_than=report.not_better_than,
        disagreements=_disagreements(ratings, held),
    )
    return RatedHead(head, ratings.names, held, found)


def _disagreements(ratings: Ratings, held: HeldOut) -> list[RatingDisagreement]:
    """The images whose ratings are farthest from what the head expects."""
    means = ratings.means
    apart = np.nan_to_num(np.abs(means - held.whole))
    order = np.argsort(-apart, kind="stable")[:MOST_DISAGREEMENTS]
    return [
        RatingDisagreement(
            item=ratings.items[at],
            prompt=ratings.prompts[at],
            image=ratings.names[at],
            rating=float(means[at]),
            predicted=float(held.whole[at]),
        )
        for at in order
        if apart[at] > 0
    ]
