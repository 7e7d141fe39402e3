"""When prompts are the same, and when nobody sees any."""

import pytest

from scoring.prompts import is_invisible, normal_form


@pytest.mark.parametrize(
    "other",
    [
        "  A red\u00a0Cube\n", "a red cube.", "A RED CUBE .", "a  red\tcube",
        "a red cube\u3002",
    ],
)  # fmt: skip
def test_prompts_that_differ_by_spaces_capitals_and_a_final_dot_are_one(other: str) -> None:
    assert normal_form(other) == normal_form("a red cube") == "a red cube"


def test_canonically_equal_prompts_are_one_and_compatible_ones_are_not() -> None:
    assert normal_form("Cafe\u0301 STRASSE") == normal_form("caf\u00e9 straße")
    assert normal_form("\u0130") == normal_form("I\u0307")
    for other in ("ａ red cube", "a blue cube", "a red cube²", "a red cube!"):
        assert normal_form(other) != "a red cube"
    assert normal_form("a cube²") != normal_form("a cube2")


def test_the_normal_form_of_a_normal_form_is_itself() -> None:
    for prompt in ("A. B.", "ΑΣ", "ŉ", "ᾳ\u0345", "e\u0301.", ".", "a..", "a. .", "", "A\u2003B."):
        assert normal_form(normal_form(prompt)) == normal_form(prompt)


@pytest.mark.parametrize(
    "prompt",
    ["", " ", "\u200b", "\u200b\ufeff\u2060", "\u00ad", "\u3164", "\u2800\u200d", "\ufe0f",
     "\U000e0041", "\u034f"],
)  # fmt: skip
def test_a_prompt_of_which_nobody_sees_anything_is_none(prompt: str) -> None:
    assert is_invisible(prompt)


@pytest.mark.parametrize("prompt", ["a", ".", "猫", "👩\u200d🎨", "\u200bx", "é", "ｱ"])
def test_a_prompt_of_which_somebody_sees_something_is_one(prompt: str) -> None:
    assert not is_invisible(prompt)
