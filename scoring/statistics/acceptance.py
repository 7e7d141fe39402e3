"""Acceptance sampling: what a rule "so many reviewed, so many may be wrong" lets pass.

Of a batch that is large against its sample, so that the errors found are binomial (Montgomery,
Introduction to Statistical Quality Control, chapter 15). `reviewed` is how many are looked at,
`allowed` how many of them may be rejected, `errors` the share of the whole that is wrong.
"""

from collections.abc import Iterator, Sequence

from scipy.special import bdtr, betaincinv

TOLERATED = 0.025
PASSES_IF_TOLERATED = 0.98


def pass_probability(errors: float, *, reviewed: int, allowed: int) -> float:
    """How likely a batch passes of which the share `errors` is wrong, in [0, 1].

    Raises ValueError for a share outside [0, 1], or counts below none.
    """
    if not 0 <= errors <= 1:
        raise ValueError(f"{errors} is no share")
    if reviewed < 0 or allowed < 0:
        raise ValueError(f"{allowed} of {reviewed} is no rule")
    if allowed >= reviewed:
        return 1.0
    return float(bdtr(allowed, reviewed, errors))


def operating_curve(
    shares: Sequence[float], *, reviewed: int, allowed: int
) -> Iterator[tuple[float, float]]:
    """(errors, how likely such a batch passes) for each of the shares."""
    for errors in shares:
        yield errors, pass_probability(errors, reviewed=reviewed, allowed=allowed)


def errors_that_pass(probability: float, *, reviewed: int, allowed: int) -> float:
    """The share of errors with which a batch passes with this probability, in [0, 1].

    At 0.1 it is the worst quality that the rule all but keeps out. 1.0 where nothing is kept out.
    """
    if allowed >= reviewed:
        return 1.0
    # P(X <= c) of a binomial is the tail of a beta: 1 - I_p(c + 1, n - c).
    return float(betaincinv(allowed + 1, reviewed - allowed, 1 - probability))


def allowed_for(reviewed: int, *, tolerated: float = TOLERATED) -> int:
    """How many of the reviewed may be wrong: the fewest that let a batch with the tolerated share
    of errors pass at least 98 times in 100.
    """
    allowed = 0
    while pass_probability(tolerated, reviewed=reviewed, allowed=allowed) < PASSES_IF_TOLERATED:
        allowed += 1
    return allowed
