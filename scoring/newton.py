"""Strengths by the largest likelihood, and how far they may be off: Newton's method, vectorised.

A likelihood is told by its derivatives within each cluster. It is concave, and the first
parameters are strengths, known up to a constant: they are kept at a sum of 0.
"""

from collections.abc import Callable

import numpy as np

from scoring.arrays import Floats

STEPS = 100
# A step of no size any more; strengths beyond FARTHEST are on their way to infinity.
SETTLED = 1e-10
FARTHEST = 15.0

Derivatives = Callable[[Floats], tuple[float, Floats, Floats]]
"""Parameters (p,) → log-likelihood, gradient (p,), curvature (p, p), minus the Hessian."""


def maximised(start: Floats, derivatives: Derivatives, strengths: int) -> Floats | None:
    """Where the likelihood is largest; None where that is at infinity."""
    at: Floats = start.copy()
    value, gradient, curvature = derivatives(at)
    for _ in range(STEPS):
        step = _steps(gradient[None], curvature[None], strengths)[0]
        scale = 1.0
        while True:
            trial = at + scale * step
            new = derivatives(trial)
            if new[0] >= value - 1e-9 * abs(value) or scale < 1e-6:
                break
            scale /= 2
        at, (value, gradient, curvature) = trial, new
        if float(np.abs(step).max(initial=0.0)) < SETTLED:
            return at
        if float(np.abs(at).max(initial=0.0)) > FARTHEST:
            return None
    return None


def resampled_maxima(
    at: Floats, gradients: Floats, curvatures: Floats, weights: Floats, strengths: int
) -> Floats:
    """(resamples, p): the maximum of each resample, one Newton step from that of all.

    ``gradients`` (clusters, p) and ``curvatures`` (clusters, p, p) are those at ``at``;
    ``weights`` (resamples, clusters) says how often each cluster was drawn. One step from the
    maximum is as exact as the bootstrap itself (Davidson and MacKinnon 1999), and finite also
    where a resample's own maximum is not.
    """
    p = len(at)
    gradient = weights @ gradients
    curvature = (weights @ curvatures.reshape(len(curvatures), -1)).reshape(-1, p, p)
    # What a resample does not show at all stays where it is.
    curvature += 1e-6 * curvatures.sum(axis=0)
    return at + _steps(gradient, curvature, strengths)


def _steps(gradient: Floats, curvature: Floats, strengths: int) -> Floats:
    """Newton's steps (rows, p). Adding 1 1ᵀ makes of a step along the strengths the centred one."""
    held = curvature.copy()
    held[:, :strengths, :strengths] += 1
    return np.asarray(np.linalg.solve(held, gradient[:, :, None])[:, :, 0], np.float64)
