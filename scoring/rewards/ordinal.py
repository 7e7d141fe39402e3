"""An ordinal head: what an image is worth, linear in its features, learnt from ratings of it.

Of grades g_1 < … < g_K and an image of worth z = w·x:

    P(rating ≤ g_k)  =  σ(θ_k - z),    θ_1 < … < θ_{K-1}

McCullagh's proportional odds (1980). Each image's ratings are counts over the grades, so people who
differ are soft targets. The likelihood, concave in (w, θ), is maximised less a ridge, λ/2 |w|²; λ
is what tells ratings on held-out prompts best.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from scoring.arrays import Flags, Floats, Ints
from scoring.newton import maximised
from scoring.rewards.head import RIDGE_FOLDS, RIDGES, folds_of, sandwich, standard_errors


@dataclass(frozen=True, slots=True)
class OrdinalHead:
    """``weights`` (p,) and ``thresholds`` (K - 1,) between ``grades`` (K,), all ascending.

    ``covariance`` (p, p) is of the weights, over prompts; None where it is not known.
    """

    weights: Floats
    thresholds: Floats
    grades: Floats
    ridge: float
    covariance: Floats | None = None

    def rewards(self, features: Floats) -> Floats:
        """(n,) of features (n, p): differences of two are log-odds of a higher rating."""
        found: Floats = features @ self.weights
        return found

    def standard_errors(self, features: Floats) -> Floats | None:
        """(n,) of these rewards, had other prompts been rated; None where it is not known."""
        return standard_errors(self.covariance, features)

    def shares(self, rewards: Floats) -> Floats:
        """(n, K) probabilities of each grade at rewards (n,)."""
        below = expit(self.thresholds[None] - rewards[:, None])
        found: Floats = np.diff(below, axis=1, prepend=0.0, append=1.0)
        return found

    def expected(self, rewards: Floats) -> Floats:
        """(n,) expected ratings at rewards (n,), between the lowest grade and the highest."""
        found: Floats = self.shares(rewards) @ self.grades
        return found


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """Of each image (n,) how many gave each of ``grades`` (K,), ascending: ``counts`` (n, K).

    ``prompts`` (n,) numbers each image's prompt: what is held out and resampled together.
    """

    counts: Floats
    grades: Floats
    prompts: Ints

    @property
    def total(self) -> Floats:
        """(n,) ratings of each image."""
        found: Floats = self.counts.sum(axis=1)
        return found

    def of(self, chosen: Flags) -> "GradeCounts":
        """Those of some images, by the grades that are given there."""
        counts = self.counts[chosen]
        given = counts.sum(axis=0) > 0
        return GradeCounts(counts[:, given], self.grades[given], self.prompts[chosen])


def fitted(
    features: Floats, ratings: GradeCounts, ridge: float, *, start: OrdinalHead | None = None
) -> OrdinalHead:
    """The head that tells ratings of images with ``features`` (n, p) best.

    Every grade is given to some image; ``start`` is one of the same grades that is near it. Raises
    ValueError where all ratings are equal, or under so small a ridge that the weights run away.
    """
    if len(ratings.grades) < 2:
        raise ValueError("all ratings are equal")
    p = features.shape[1]
    shares = np.cumsum(ratings.counts.sum(axis=0))[:-1] / ratings.counts.sum()
    at = np.concatenate([np.zeros(p), logit(shares)])
    if start is not None:
        at = np.concatenate([start.weights, start.thresholds])

    def derivatives(at: Floats) -> tuple[float, Floats, Floats]:
        return _derivatives(features, ratings.counts, at[:p], at[p:], ridge)

    found = maximised(at, derivatives, 0)
    if found is None:
        raise ValueError(f"the weights run away under a ridge of {ridge}")
    return OrdinalHead(found[:p], found[p:], ratings.grades, ridge)


def _derivatives(
    x: Floats, counts: Floats, weights: Floats, thresholds: Floats, ridge: float
) -> tuple[float, Floats, Floats]:
    """Value, gradient and curvature in (w, θ); -inf where the thresholds are in no order."""
    p, size = len(weights), len(weights) + len(thresholds)
    if bool(np.any(np.diff(thresholds) <= 0)):
        return -np.inf, np.zeros(size), np.eye(size)
    below, share = _below(x @ weights, thresholds)
    slope = below * (1 - below)
    bend = slope * (1 - 2 * below)
    # Of each image and grade, n (∂ log p / ∂ its threshold above), and the same below it.
    ratio = counts / share
    above, beneath = ratio * slope[:, 1:], ratio * slope[:, :-1]
    value = float((counts * np.log(share)).sum() - ridge / 2 * weights @ weights)
    # For logistic slopes: ∂ log p / ∂z = F_above + F_beneath - 1.
    pull = (counts * (below[:, 1:] + below[:, :-1] - 1)).sum(axis=1)
    of_thresholds = (above[:, :-1] - beneath[:, 1:]).sum(axis=0)
    gradient = np.concatenate([x.T @ pull - ridge * weights, of_thresholds])

    stiff = (counts * (slope[:, 1:] + slope[:, :-1])).sum(axis=1)
    beside = -(counts[:, :-1] + counts[:, 1:]) * slope[:, 1:-1]
    curvature = np.zeros((size, size))
    curvature[:p, :p] = (x.T * stiff) @ x + ridge * np.eye(p)
    curvature[:p, p:] = x.T @ beside
    curvature[p:, :p] = curvature[:p, p:].T
    own = (above / share * slope[:, 1:] - ratio * bend[:, 1:])[:, :-1]
    own = own + (beneath / share * slope[:, :-1] + ratio * bend[:, :-1])[:, 1:]
    place = np.arange(p, size)
    curvature[place, place] = own.sum(axis=0)
    # A grade between two thresholds ties them together.
    between = -(above / share * slope[:, :-1]).sum(axis=0)[1:-1]
    curvature[place[:-1], place[1:]] = curvature[place[1:], place[:-1]] = between
    return value, gradient, curvature


def _below(rewards: Floats, thresholds: Floats) -> tuple[Floats, Floats]:
    """(n, K + 1) of σ(θ - z), 0 and 1 at its ends, and (n, K) shares of each grade."""
    n = len(rewards)
    away = thresholds[None] - rewards[:, None]
    below = np.concatenate([np.zeros((n, 1)), expit(away), np.ones((n, 1))], axis=1)
    over = np.concatenate([np.ones((n, 1)), expit(-away), np.zeros((n, 1))], axis=1)
    # The smaller tails are subtracted: near 1 nothing of a difference would be left.
    share = np.where(below[:, 1:] < 0.5, np.diff(below, axis=1), -np.diff(over, axis=1))
    return below, np.maximum(share, np.finfo(np.float64).tiny)


def log_likelihood(head: OrdinalHead, features: Floats, ratings: GradeCounts) -> float:
    """Of ratings of images with ``features`` (n, p); the largest is best."""
    shares = np.zeros(ratings.counts.shape)
    shares[:, np.searchsorted(ratings.grades, head.grades)] = head.shares(head.rewards(features))
    # A grade that nobody gave where it was learnt is as unlikely as one rating more would make it.
    floor = 1 / (float(ratings.total.sum()) + 1)
    return float((ratings.counts * np.log(np.maximum(shares, floor))).sum())


def learnt(features: Floats, ratings: GradeCounts, *, seed: int = 0) -> OrdinalHead:
    """The head under the ridge by which held-out prompts are told best; of equals the largest.

    With the covariance of its weights. Raises ValueError where all ratings are equal.
    """
    fold = folds_of(ratings.prompts, folds=RIDGE_FOLDS, seed=seed)
    scores = np.zeros(len(RIDGES))
    for each in np.unique(fold):
        held = fold == each
        rest = ratings.of(~held)
        if len(rest.grades) > 1:
            kept = GradeCounts(ratings.counts[held], ratings.grades, ratings.prompts[held])
            scores += _told(features[~held], rest, features[held], kept)
    every = ratings.of(np.ones(len(features), bool))
    head = fitted(features, every, RIDGES[int(scores.argmax())])
    return replace(head, covariance=covariance(head, features, every))


def _told(x: Floats, rest: GradeCounts, held: Floats, of_held: GradeCounts) -> Floats:
    """How well those that were held out are told, a ridge each: the largest first."""
    scores, head = np.full(len(RIDGES), -np.inf), None
    for at, ridge in enumerate(RIDGES):
        try:
            head = fitted(x, rest, ridge, start=head)
        except ValueError:
            break
        scores[at] = log_likelihood(head, held, of_held)
    return scores


def covariance(head: OrdinalHead, features: Floats, ratings: GradeCounts) -> Floats | None:
    """(p, p) of the weights where prompts are what was sampled; None of one prompt alone."""
    below, share = _below(head.rewards(features), head.thresholds)
    slope = below * (1 - below)
    pull = (ratings.counts * (below[:, 1:] + below[:, :-1] - 1)).sum(axis=1)
    ratio = ratings.counts / share
    of_thresholds = (ratio * slope[:, 1:])[:, :-1] - (ratio * slope[:, :-1])[:, 1:]
    gradients = np.column_stack([features * pull[:, None], of_thresholds])
    _, _, curvature = _derivatives(
        features, ratings.counts, head.weights, head.thresholds, head.ridge
    )
    return sandwich(gradients, curvature, ratings.prompts, len(head.weights))
