"""Prompts to the tokens that RichHF-18K labels, with their places in the prompt.

A prompt is split at each of exactly eight characters, ``, . ? ! " : ;`` and the space, and empty
pieces are dropped. Nothing else splits: hyphen, apostrophe, parentheses, newline, tab, curly quotes
and full-width punctuation stay inside tokens. Source: google-research/google-research,
richhf_18k/match_label_to_token.py.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r'[^,.?!":; ]+')
_SPACING = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One clickable word: ``prompt[start:end] == text``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the prompt as it is shown; ``token`` is its index, None for what lies between."""

    text: str
    token: int | None


def tokenise(prompt: str) -> tuple[Token, ...]:
    """The tokens of a prompt, in order, with offsets in characters."""
    return tuple(Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(prompt))


def token_texts(prompt: str) -> list[str]:
    """The tokens' texts alone: what ``item.tokens`` holds and ``words`` answers index."""
    return _TOKEN.findall(prompt)


def segments(prompt: str) -> tuple[Segment, ...]:
    """The whole prompt in pieces, tokens and what separates them; their texts join to it again."""
    pieces: list[Segment] = []
    at = 0
    for index, token in enumerate(tokenise(prompt)):
        if token.start > at:
            pieces.append(Segment(prompt[at : token.start], None))
        pieces.append(Segment(token.text, index))
        at = token.end
    if at < len(prompt):
        pieces.append(Segment(prompt[at:], None))
    return tuple(pieces)


def join(pieces: Sequence[Segment]) -> str:
    """The prompt that ``segments`` took apart."""
    return "".join(piece.text for piece in pieces)


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
    _check_indices(count, misaligned)
    return " ".join("0" if index in misaligned else "1" for index in range(count))


def labelled_prompt(prompt: str, misaligned: Collection[int]) -> str:
    """RichHF's training text: tokens joined by one space, each misaligned one with ``_0`` behind.

    Raises ValueError for an index that is no token, or a token that ends in ``_0`` already.
    """
    texts = token_texts(prompt)
    _check_indices(len(texts), misaligned)
    taken = [text for text in texts if text.endswith("_0")]
    if taken:
        raise ValueError(f"the word {taken[0]!r} already ends in _0, the mark of misalignment")
    return " ".join(f"{t}_0" if i in misaligned else t for i, t in enumerate(texts))


def _check_indices(count: int, indices: Collection[int]) -> None:
    outside = sorted(index for index in indices if not 0 <= index < count)
    if outside:
        raise ValueError(f"there is no token {outside[0]}: the prompt has {count}")
