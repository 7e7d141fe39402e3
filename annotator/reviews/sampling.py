"""Which items are reviewed: a pure function of a secret and the items' ids."""

import hashlib
import hmac
import math
from collections.abc import Sequence
from fractions import Fraction


def sample_size(count: int, rate: float) -> int:
    """⌈rate · count⌉, of the rate as it is written: 0.2 of 35 is 7, whatever its binary form."""
    return math.ceil(Fraction(str(rate)) * count)


def draw(ids: Sequence[str], *, rate: float, secret: str) -> list[str]:
    """`sample_size` of the ids: those with the smallest HMAC-SHA-256 under the secret.

    Independent of the order of `ids`. Without the secret nobody can tell or foresee who is drawn.
    """

    def rank(name: str) -> bytes:
        return hmac.digest(secret.encode(), f"review:{name}".encode(), hashlib.sha256)

    return sorted(ids, key=rank)[: sample_size(len(ids), rate)]
