"""Prompts to tokens, and tokens to RichHF's labels."""

import pytest

from scoring.tokens import (
    character_texts,
    in_richhf_tokens,
    is_unspaced,
    label_string,
    normalise_spacing,
    token_texts,
)
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


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("一只红色的猫，在 table 上。", ["一", "只", "红", "色", "的", "猫", "在", "table", "上"]),
        ("赤いか\u3099ラス", ["赤", "い", "か\u3099", "ラ", "ス"]),
        ("แมวสีแดงที่นี่", ["แ", "ม", "ว", "สี", "แ", "ด", "ง", "ที่", "นี่"]),
        ("3只猫cat's-eye：10", ["3", "只", "猫", "cat's-eye", "10"]),
        ("（红）《猫》“x”", ["红", "猫", "x"]),
    ],
)
def test_scripts_without_spaces_split_by_the_character(prompt: str, expected: list[str]) -> None:
    assert character_texts(prompt) == expected
    assert is_unspaced(prompt)


@pytest.mark.parametrize("prompt", ["a red cube, on wood", "고양이 한 마리", "кот — cat’s", ""])
def test_scripts_with_spaces_are_told_apart(prompt: str) -> None:
    assert not is_unspaced(prompt)


def test_richhfs_token_of_a_character_is_the_one_that_holds_it() -> None:
    prompt = "红色的猫, a cat 在桌上"

    assert token_texts(prompt) == ["红色的猫", "a", "cat", "在桌上"]
    assert in_richhf_tokens(prompt, {3, 4, 8}) == {0, 1, 3}
    assert in_richhf_tokens(prompt, ()) == set()
