"""Prompts to tokens, and tokens to RichHF's labels."""

import pytest

from scoring.tokens import label_string, normalise_spacing, token_texts
from tests.scoring.goldens import golden


@pytest.mark.parametrize(("prompt", "expected"), golden("tokens"))
def test_a_prompt_splits_as_richhf_splits_it(prompt: str, expected: list[str]) -> None:
    assert token_texts(prompt) == expected


def test_line_breaks_and_tabs_become_spaces() -> None:
    assert normalise_spacing(" a red\r\n\tcube\u2028on  wood ") == "a red cube on  wood"


def test_labels_are_zero_where_misaligned() -> None:
    assert label_string(4, {1, 3}) == "1 0 1 0"
    assert label_string(0, set()) == ""


def test_an_index_that_is_no_token_is_refused() -> None:
    with pytest.raises(ValueError, match="no token 4: the prompt has 4"):
        label_string(4, {4})
