"""Which items are reviewed: a pure function of a secret and the items' ids."""

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction


def sample_size(count: int, rate: float) -> int:
    """⌈rate · count⌉, of the rate as it is written: 0.2 of 35 is 7, whatever its binary form."""
    return math.ceil(Fraction(str(rate)) * count)


def ranked(ids: Iterable[str], *, secret: str) -> list[str]:
    """The ids in the order in which they are drawn: by their HMAC-SHA-256 under the secret."""

    def rank(name: str) -> bytes:
        return hmac.digest(secret.encode(), f"review:{name}".encode(), hashlib.sha256)

    return sorted(ids, key=rank)


def draw(ids: Sequence[str], *, rate: float, secret: str) -> list[str]:
    """`sample_size` of the ids: those with the smallest HMAC-SHA-256 under the secret.

    Independent of the order of `ids`. Without the secret nobody can tell or foresee who is drawn.
    """
    return ranked(ids, secret=secret)[: sample_size(len(ids), rate)]


def draw_second(ids: Sequence[str], *, share: float, secret: str) -> tuple[list[str], int]:
    """Reviewed answers for a second look, and of how many of the `ids` they were drawn.

    `ids`: in the order in which they were reviewed. Of each run of 20 one is drawn where the share
    is 0.05 (of each 8 three where it is 0.375): the one with the smallest HMAC-SHA-256 under the
    secret. So the share is exact after each run, and while an answer is reviewed the first time
    nobody can foresee whether it will be drawn. An unfinished run waits.
    """
    exact = Fraction(str(share)).limit_denominator(100)
    if not exact:
        return [], 0
    run, of_run = exact.denominator, exact.numerator
    whole = len(ids) - len(ids) % run
    drawn = [
        name
        for start in range(0, whole, run)
        for name in ranked(ids[start : start + run], secret=f"{secret}:second")[:of_run]
    ]
    return drawn, whole


def draw_for_floor(
    answered: Mapping[int, Sequence[str]], *, drawn: Iterable[str], floor: int, secret: str
) -> dict[str, float]:
    """Items to be drawn besides, so that `floor` of each annotator's are, each with how likely that
    was; an annotator who answered fewer has all drawn.

    `answered`: annotator → the items that they answered; `drawn`: those that are drawn already.
    Each annotator's further ones are their next by the one order of all, so an item that several
    are short of serves them all, and is as likely to be drawn as for whoever is short of most.
    """
    have = set(drawn)
    likely: dict[str, float] = {}
    further: set[str] = set()
    for items in answered.values():
        left = ranked((name for name in items if name not in have), secret=secret)
        short = min(len(left), max(0, floor - (len(items) - len(left))))
        further.update(left[:short])
        for name in left if short else ():
            likely[name] = max(likely.get(name, 0.0), short / len(left))
    return {name: likely[name] for name in further}
