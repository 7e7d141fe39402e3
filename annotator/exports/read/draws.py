"""What is drawn by a hash under the project's secret: splits, orders, pseudonyms.

The same things are drawn alike in every export, however the project grows, and tell nothing of
what they were drawn from.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from scoring.prompts import normal_form

SPLITS = ("train", "valid", "test")
_WHOLE = 1 << 64


def percents_of(text: str) -> tuple[int, int, int] | None:
    """The text "90/5/5" → percents of train, valid, test; None unless they make 100."""
    parts = text.split("/")
    if len(parts) != len(SPLITS) or not all(p.isdecimal() and p.isascii() for p in parts):
        return None
    train, valid, test = (int(part) for part in parts)
    return (train, valid, test) if train + valid + test == 100 else None


@dataclass(frozen=True, slots=True)
class Splitter:
    """Draws a prompt's split: by its normal form, never by the pair. Shares hold on average.

    `secret` is the project's own, `seed` the chosen one.
    """

    secret: str
    seed: int
    percents: tuple[int, int, int]

    def split_of(self, prompt: str) -> str:
        """One of SPLITS."""
        drawn = _place(prompt, secret=self.secret, seed=self.seed)
        train, valid, _ = self.percents
        if drawn * 100 < train * _WHOLE:
            return "train"
        return "valid" if drawn * 100 < (train + valid) * _WHOLE else "test"


def turned(secret: str, seed: int, *names: str) -> bool:
    """Whether a pair is written the other way round, so that no reader learns from the place.

    Half of all pairs are, always the same ones. `names`: what tells this pair from all others.
    """
    return bool(_hash(secret, f"order:{seed}:{'/'.join(names)}")[0] & 1)


@lru_cache(maxsize=10_000)
def pseudonym(user_id: int, *, seed: str, role: str) -> str:
    """E.g. "A-3f9c21d04b": HMAC-SHA-256 under the project's secret seed, 40 bits of it.

    The same person has the same one in every export of a project and another in every other
    project; an annotator's ("A") and a reviewer's ("R") don't show that they are one person.
    """
    return f"{role}-{_hash(seed, f'pseudonym:{role}:{user_id}').hex()[:10]}"


@lru_cache(maxsize=1_000)
def _place(prompt: str, *, secret: str, seed: int) -> int:
    """Where among _WHOLE a prompt is drawn to lie; its rows mostly come one after the other."""
    return int.from_bytes(_hash(secret, f"split:{seed}:{normal_form(prompt)}")[:8])


def _hash(secret: str, message: str) -> bytes:
    return hmac.digest(secret.encode(), message.encode(), hashlib.sha256)
