"""Formats, options and what is skipped have their texts, and no text is of nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from annotator.core import words
from annotator.exports.formats.format import Format, Group, options_of
from annotator.exports.formats.imagerewarddb import ZIPS
from annotator.exports.formats.options import ExportOption, OptionType
from annotator.exports.formats.registry import FORMATS
from annotator.exports.presets import PRESETS
from annotator.exports.store.rows import Skipped
from annotator.questions.types import QuestionSpec

# As many kinds as make every option appear.
QUESTIONS = (
    QuestionSpec("overall", "preference"),
    QuestionSpec("order", "ranking"),
    QuestionSpec("implausibility", "marks"),
    QuestionSpec("flaws", "regions", options=("hands",), parents=("",)),
)
RICH = (
    *(QuestionSpec(key, "marks") for key in ("implausibility", "misalignment")),
    *(
        QuestionSpec(key, "rating", scale_min=1, scale_max=5)
        for key in ("plausibility", "alignment", "aesthetics", "overall")
    ),
    QuestionSpec("words", "words"),
)
EDITED = tuple(QuestionSpec(key, "rating", scale_min=1, scale_max=4) for key in ("done", "quality"))


@pytest.fixture
def texts() -> Any:
    return words.catalog("exports")


def declared() -> Iterator[tuple[Format, ExportOption]]:
    for form in FORMATS.values():
        for questions in (QUESTIONS, RICH, EDITED):
            for option in options_of(form, questions):
                yield form, option


def test_every_format_and_ready_choice_has_its_texts(texts: Any) -> None:
    assert set(texts["formats"]) == set(FORMATS)
    assert set(texts["presets"]) == {preset.name for preset in PRESETS}
    assert set(texts["groups"]) == {group.value for group in Group}
    for one in (*texts["formats"].values(), *texts["presets"].values()):
        assert {"title", "use"} <= one.keys() <= {"title", "use", "options"}


def test_every_option_and_choice_has_its_texts(texts: Any) -> None:
    choices = {
        choice
        for _, option in declared()
        if option.type is OptionType.CHOICE
        for choice in option.choices
    }

    assert set(texts["options"]) == {option.name for _, option in declared()}
    assert all(set(one) == {"title", "help"} for one in texts["options"].values())
    # Of questions: all of them, none of them. ImageRewardDB's own names stand as they are.
    assert set(texts["choices"]) == (choices | {"all", "none"}) - set(ZIPS)


def test_a_formats_own_help_is_about_its_own_options(texts: Any) -> None:
    known = {(form.name, option.name) for form, option in declared()}

    for name, one in texts["formats"].items():
        assert {(name, option) for option in one.get("options", {})} <= known


def test_every_reason_to_skip_has_its_text(texts: Any) -> None:
    assert set(texts["skipped"]) == {skipped.value for skipped in Skipped}
