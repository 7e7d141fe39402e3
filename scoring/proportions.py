"""Whether a share is more than chance."""

import numpy as np


def fair_coin_p(successes: int, trials: int) -> float | None:
    """Exact two-sided binomial test of one half: the chance of a split at least this uneven.

    In (0, 1]; None for no trials. Raises ValueError for more successes than trials. Summed in
    logarithms, so that a million trials neither overflow nor vanish.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no proportion")
    if trials == 0:
        return None
    fewer = min(successes, trials - successes)
    # ln C(n, k) for k = 0 … fewer, by C(n, k + 1) = C(n, k) (n - k) / (k + 1).
    k = np.arange(fewer, dtype=np.float64)
    steps = np.log(trials - k) - np.log(k + 1)
    chances = np.concatenate([[0.0], np.cumsum(steps)]) - trials * np.log(2)
    top = chances.max()
    tail = float(np.exp(top) * np.exp(chances - top).sum())
    return min(1.0, 2 * tail)
