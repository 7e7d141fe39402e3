"""Prompts to the tokens that RichHF-18K labels.

A prompt is split at each of exactly eight characters, ``, . ? ! " : ;`` and the space, and empty
pieces are dropped. Nothing else splits: hyphen, apostrophe, parentheses, newline, tab, curly quotes
and full-width punctuation stay inside tokens. Source: google-research/google-research,
richhf_18k/match_label_to_token.py.
"""

import re
from collections.abc import Collection

_TOKEN = re.compile(r'[^,.?!":; ]+')
_SPACING = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


def token_texts(prompt: str) -> list[str]:
    """The tokens' texts alone: what ``item.tokens`` holds and ``words`` answers index."""
    return _TOKEN.findall(prompt)


def normalise_spacing(prompt: str) -> str:
    """Line breaks and tabs to one space each run, ends stripped.

    Done once at ingest: a token with a line break inside would not survive the text form that
    training scripts split again on any whitespace.
    """
    return _SPACING.sub(" ", prompt).strip()


def label_string(count: int, misaligned: Collection[int]) -> str:
    """RichHF's ``prompt_misalignment_label``: 0 = misaligned, 1 = aligned, one space between.

    Raises ValueError for an index that is no token.
    """
    outside = sorted(index for index in misaligned if not 0 <= index < count)
    if outside:
        raise ValueError(f"there is no token {outside[0]}: the prompt has {count}")
    return " ".join("0" if index in misaligned else "1" for index in range(count))
