"""Which part of an export a prompt belongs to: by the prompt, never by the pair."""

import hashlib
import hmac
from dataclasses import dataclass

SPLITS = ("train", "valid", "test")
# As `datasets` calls them: a file that begins with "valid" is a split of that very name to it.
HUB_SPLITS = {"train": "train", "valid": "validation", "test": "test"}
_WHOLE = 1 << 64


def read_ratios(text: str) -> tuple[int, int, int]:
    """The text "90/5/5" → percents of train, valid, test. ValueError unless they make 100."""
    parts = text.split("/")
    if len(parts) != len(SPLITS) or not all(p.isdecimal() and p.isascii() for p in parts):
        raise ValueError("it has to be three whole percents, such as 90/5/5.")
    train, valid, test = (int(part) for part in parts)
    if train + valid + test != 100:
        raise ValueError(f"the three percents have to make 100, not {train + valid + test}.")
    return train, valid, test


@dataclass(frozen=True, slots=True)
class Splitter:
    """Draws a prompt's split by a keyed hash: as a project grows, a prompt stays where it was.

    `secret` is the project's own, `seed` the chosen one. The shares hold on average over prompts.
    """

    secret: str
    seed: int
    percents: tuple[int, int, int]

    def split_of(self, prompt: str) -> str:
        """One of SPLITS."""
        message = f"split:{self.seed}:{prompt}".encode()
        drawn = int.from_bytes(hmac.digest(self.secret.encode(), message, hashlib.sha256)[:8])
        train, valid, _ = self.percents
        if drawn * 100 < train * _WHOLE:
            return "train"
        return "valid" if drawn * 100 < (train + valid) * _WHOLE else "test"
