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


# Chinese, Japanese, Thai and Lao put no spaces between words: a character with what stands over it,
# under it, or chooses its shape.
_CHARACTER = (
    "[\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
    "\u0e01-\u0e30\u0e32\u0e3f-\u0e46\u0e4f-\u0e5b\u0e81-\u0eb0\u0eb2\u0ebd-\u0ec6\u0ed0-\u0edf]"
    "[\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece]*"
)
_UNSPACED = re.compile(_CHARACTER)
_APART = re.compile(
    # Full-width and ideographic punctuation parts words there, as ASCII's does here.
    f"{_CHARACTER}|(?:(?!{_CHARACTER})"
    r'[^,.?!":; \u3000-\u3004\u3008-\u3020\u30fb\u2018-\u201f\u2026\uff01-\uff0f\uff1a-\uff20'
    r"\uff3b-\uff40\uff5b-\uff65])+"
)


def is_unspaced(prompt: str) -> bool:
    """Whether it has characters of a script that puts no spaces between its words."""
    return _UNSPACED.search(prompt) is not None


def character_texts(prompt: str) -> list[str]:
    """The tokens of an unspaced prompt: each such character is one, other words are as they are.

    Words of several characters are for dictionaries to find, which differ; places of characters
    stay what they are.
    """
    return _APART.findall(prompt)


def in_richhf_tokens(prompt: str, characters: Collection[int]) -> set[int]:
    """Which of RichHF's tokens hold one of these tokens of ``character_texts``."""
    found: set[int] = set()
    first = 0
    for index, token in enumerate(token_texts(prompt)):
        last = first + len(character_texts(token))
        if any(first <= one < last for one in characters):
            found.add(index)
        first = last
    return found


def token_texts(prompt: str) -> list[str]:
    """RichHF's tokens: of a prompt with spaces what ``item.tokens`` holds, ``words`` index."""
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
