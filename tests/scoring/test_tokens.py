"""Prompts to tokens and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.tokens import (
    join,
    label_string,
    labelled_prompt,
    normalise_spacing,
    segments,
    token_texts,
    tokenise,
)
from tests.scoring.goldens import golden

prompts = st.text(alphabet="ab\"猫,.?!:; \n-'", max_size=40)


@pytest.mark.parametrize(("prompt", "expected"), golden("tokens"))
def test_a_prompt_splits_as_richhf_splits_it(prompt: str, expected: list[str]) -> None:
    assert token_texts(prompt) == expected


@given(prompt=prompts)
def test_offsets_point_at_the_tokens_and_pieces_join_to_the_prompt(prompt: str) -> None:
    pieces = segments(prompt)

    assert [prompt[t.start : t.end] for t in tokenise(prompt)] == token_texts(prompt)
    assert join(pieces) == prompt
    assert [p.text for p in pieces if p.token is not None] == token_texts(prompt)
    assert [p.token for p in pieces if p.token is not None] == list(range(len(tokenise(prompt))))


def test_line_breaks_and_tabs_become_spaces() -> None:
    assert normalise_spacing(" a red\r\n\tcube\u2028on  wood ") == "a red cube on  wood"


def test_labels_are_zero_where_misaligned() -> None:
    assert label_string(4, {1, 3}) == "1 0 1 0"
    assert label_string(0, set()) == ""


def test_misaligned_words_carry_the_suffix() -> None:
    assert labelled_prompt("A red cube, on wood.", {1}) == "A red_0 cube on wood"


def test_an_index_that_is_no_token_is_refused() -> None:
    with pytest.raises(ValueError, match="no token 4: the prompt has 4"):
        label_string(4, {4})


def test_a_word_that_looks_labelled_is_refused() -> None:
    with pytest.raises(ValueError, match="ends in _0"):
        labelled_prompt("model_0 car", set())
