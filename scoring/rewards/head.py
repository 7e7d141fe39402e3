"""A reward head: what an image is worth, linear in its features, learnt from votes on pairs.

Of images a and b whose features differ by x, with z = w·x:

    P(a) : P(tie) : P(b)  =  e^(z/2)  :  ν  :  e^(-z/2)

Bradley and Terry's model (1952) of strengths w·features, with ties as Davidson (1970) has them. The
likelihood is maximised less a ridge, λ/2 |w|²; λ is what tells votes on held-out prompts best.
"""

from dataclasses import dataclass, replace

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.newton import maximised
from scoring.rewards.votes import PairVotes

# From one under which nothing is learnt to next to none.
RIDGES = tuple(float(ridge) for ridge in np.geomspace(1e4, 0.1, 11))
RIDGE_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Head:
    """``weights`` (p,), ``tie`` = ln ν (-inf: nobody tied), learnt under this ``ridge``.

    ``covariance`` (p, p) is of the weights, over prompts; None where it is not known.
    """

    weights: Floats
    tie: float
    ridge: float
    covariance: Floats | None = None

    def rewards(self, features: Floats) -> Floats:
        """(n,) of features (n, p): differences of two are log-odds of which is preferred."""
        found: Floats = features @ self.weights
        return found

    def standard_errors(self, features: Floats) -> Floats | None:
        """(n,) of these rewards, had other prompts been voted on; None where it is not known.

        Given differences of features, that of differences of rewards. What a ridge holds back is
        not in it.
        """
        return standard_errors(self.covariance, features)

    def outcomes(self, difference: Floats) -> Floats:
        """(n, 3) probabilities of won, tied, lost where rewards differ by ``difference`` (n,)."""
        return outcomes(difference, self.tie)


def standard_errors(covariance: Floats | None, features: Floats) -> Floats | None:
    """(n,) of what weights of this covariance (p, p) give features (n, p); None where it's None."""
    if covariance is None:
        return None
    found: Floats = np.sqrt(((features @ covariance) * features).sum(axis=1))
    return found


def outcomes(difference: Floats, tie: float) -> Floats:
    """(n, 3) probabilities of won, tied, lost."""
    half = difference / 2
    logits = np.stack([half, np.full_like(half, tie), -half], axis=1)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares


def log_likelihood(head: Head, differences: Floats, votes: PairVotes) -> float:
    """Of votes on pairs whose features differ by ``differences`` (n, p); the largest is best."""
    shares = head.outcomes(differences @ head.weights)
    told = np.stack([votes.won, votes.tied, votes.lost], axis=1)
    # Nobody tied where it was learnt: a tie here is as unlikely as one vote more would make it.
    return float((told * np.log(np.maximum(shares, 1 / (votes.total.sum() + 1)))).sum())


def fitted(
    differences: Floats, votes: PairVotes, ridge: float, *, start: Head | None = None
) -> Head:
    """The head that tells votes on pairs whose features differ by ``differences`` (n, p) best.

    Swapping the images of every pair, and their votes, gives the same head. ``start`` is one that
    is near it. Raises ValueError where nobody preferred anything, or under so small a ridge that
    the weights run away.
    """
    if not _decided(votes):
        raise ValueError("no votes for either image of any pair")
    p, ties = differences.shape[1], bool(votes.tied.any())
    at = np.zeros(p + ties)
    if start is not None:
        at[:p] = start.weights
        at[p:] = start.tie

    def derivatives(at: Floats) -> tuple[float, Floats, Floats]:
        return _derivatives(differences, votes, at[:p], float(at[p]) if ties else -np.inf, ridge)

    found = maximised(at, derivatives, 0)
    if found is None:
        raise ValueError(f"the weights run away under a ridge of {ridge}")
    return Head(found[:p], float(found[p]) if ties else -np.inf, ridge)


def _decided(votes: PairVotes) -> bool:
    return float(votes.won.sum() + votes.lost.sum()) > 0


def _derivatives(
    x: Floats, votes: PairVotes, weights: Floats, tie: float, ridge: float
) -> tuple[float, Floats, Floats]:
    """Value, gradient and curvature in (w, ln ν), or in w alone where nobody tied."""
    n = votes.total
    half = x @ weights / 2
    top = np.maximum(np.abs(half), tie)
    won, tied, lost = np.exp(half - top), np.exp(tie - top), np.exp(-half - top)
    whole = won + tied + lost
    won, tied, lost = won / whole, tied / whole, lost / whole
    decided, mean = (votes.won - votes.lost) / 2, (won - lost) / 2
    value = float(2 * decided @ half - n @ (top + np.log(whole)) - ridge / 2 * weights @ weights)
    gradient = x.T @ (decided - n * mean) - ridge * weights
    curvature = (x.T * (n * ((won + lost) / 4 - mean**2))) @ x
    curvature[np.diag_indices(len(weights))] += ridge
    if not np.isfinite(tie):
        return value, gradient, curvature
    value += float(votes.tied.sum()) * tie
    beside = x.T @ (-n * tied * mean)
    gradient = np.append(gradient, (votes.tied - n * tied).sum())
    corner = np.array([[(n * tied * (1 - tied)).sum()]])
    return value, gradient, np.block([[curvature, beside[:, None]], [beside[None], corner]])


def folds_of(prompts: Ints, *, folds: int, seed: int = 0) -> Ints:
    """(n,) of prompts (n,): in which fold each is held out. All pairs of a prompt are in one."""
    order = np.random.default_rng(seed).permutation(int(prompts.max(initial=-1)) + 1)
    found: Ints = (order % folds)[prompts]
    return found


def learnt(differences: Floats, votes: PairVotes, *, seed: int = 0) -> Head:
    """The head under the ridge by which held-out prompts are told best; of equals the largest.

    With the covariance of its weights. Raises ValueError where nobody preferred anything.
    """
    fold = folds_of(votes.prompts, folds=RIDGE_FOLDS, seed=seed)
    scores = np.zeros(len(RIDGES))
    for each in np.unique(fold):
        held = fold == each
        if _decided(rest := votes.of(~held)):
            scores += _told(differences[~held], rest, differences[held], votes.of(held))
    head = fitted(differences, votes, RIDGES[int(scores.argmax())])
    return replace(head, covariance=covariance(head, differences, votes))


def covariance(head: Head, differences: Floats, votes: PairVotes) -> Floats | None:
    """(p, p) of the weights where prompts are what was sampled; None of one prompt alone."""
    shares = head.outcomes(differences @ head.weights) * votes.total[:, None]
    beyond = np.stack([votes.won, votes.tied, votes.lost], axis=1) - shares
    gradients = differences * ((beyond[:, 0] - beyond[:, 2]) / 2)[:, None]
    if np.isfinite(head.tie):
        gradients = np.column_stack([gradients, beyond[:, 1]])
    _, _, curvature = _derivatives(differences, votes, head.weights, head.tie, head.ridge)
    return sandwich(gradients, curvature, votes.prompts, len(head.weights))


def sandwich(gradients: Floats, curvature: Floats, prompts: Ints, weights: int) -> Floats | None:
    """The covariance of the first ``weights`` parameters, over prompts; None of one prompt alone.

    Huber (1967) and White (1982), votes on a prompt together (Liang and Zeger 1986): the inverse
    curvature (p, p) around the prompts' own gradients, summed from rows (n, p).
    """
    names, at = np.unique(prompts, return_inverse=True)
    if len(names) < 2:
        return None
    sums = np.zeros((len(names), gradients.shape[1]))
    np.add.at(sums, at, gradients)
    each = np.linalg.solve(curvature, (sums - sums.mean(axis=0)).T)[:weights]
    found: Floats = each @ each.T * len(names) / (len(names) - 1)
    return found


def _told(x: Floats, votes: PairVotes, held: Floats, of_held: PairVotes) -> Floats:
    """How well those that were held out are told, a ridge each: the largest first."""
    scores, head = np.full(len(RIDGES), -np.inf), None
    for at, ridge in enumerate(RIDGES):
        try:
            head = fitted(x, votes, ridge, start=head)
        except ValueError:
            break
        scores[at] = log_likelihood(head, held, of_held)
    return scores
