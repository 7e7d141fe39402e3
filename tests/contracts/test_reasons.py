"""Codes, catalogs and the calls that give reasons agree with each other, in every language."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core import words
from annotator.core.reasons import CODES, Code, Reason, as_json, from_json, sentence
from scoring import reasons as arithmetic

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = ROOT / "annotator" / "i18n"
LANGUAGES = sorted(path.name for path in CATALOGS.iterdir())
FILES = sorted(path.name for path in (CATALOGS / "en").iterdir())
NAMES = {code.name: code.value for code in (*Code, *arithmetic.Code)}


def texts(language: str, file: str = "reasons.json") -> dict[str, str]:
    """Every text by its path in the file."""

    def flat(found: dict[str, object], path: str) -> Iterator[tuple[str, str]]:
        for key, value in found.items():
            if isinstance(value, dict):
                yield from flat(value, f"{path}{key}.")
            else:
                yield path + key, str(value)

    return dict(flat(json.loads((CATALOGS / language / file).read_text()), ""))


def reasons_given() -> Iterator[tuple[str, str, set[str]]]:
    """(place, code, names of the values) of each `Reason(Code.X, …)` in the source."""
    for folder in ("annotator", "scoring"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            # Programs read the service's codes: no sentence is made of them.
            if ROOT / "scoring" / "service" in path.parents:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) != "Reason":
                    continue
                named = re.fullmatch(r"(?:\w+\.)?Code\.(\w+)", ast.unparse(node.args[0]))
                if named and all(keyword.arg for keyword in node.keywords):
                    values = {str(keyword.arg) for keyword in node.keywords}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", NAMES[named[1]], values


def test_no_code_stands_for_two_reasons() -> None:
    every = [*Code, *arithmetic.Code]

    assert len(every) == len(CODES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence_and_every_sentence_its_code(language: str) -> None:
    assert {key.removesuffix("_one") for key in texts(language)} == set(CODES)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_values(language: str, file: str) -> None:
    english = {key: text for key, text in texts("en", file).items() if not key.endswith("_one")}
    found = {key: text for key, text in texts(language, file).items() if not key.endswith("_one")}

    assert found.keys() == english.keys()
    assert {key for key, text in found.items() if not text.strip()} == set()
    assert {key: words.placeholders(text) for key, text in found.items()} == {
        key: words.placeholders(text) for key, text in english.items()
    }


def test_every_reason_is_given_with_the_values_that_its_sentence_names() -> None:
    english = texts("en")

    wanting = {
        place: sorted(words.placeholders(english[code]) - values)
        for place, code, values in reasons_given()
        if words.placeholders(english[code]) - values
    }

    assert wanting == {}


def test_a_reason_is_stored_and_read_again() -> None:
    reason = Reason(Code.TOO_MANY_ATTEMPTS, count=3)

    assert from_json(json.loads(json.dumps(as_json(reason)))) == reason


def test_one_is_told_from_many() -> None:
    assert sentence(Reason(Code.TOO_MANY_ATTEMPTS, count=1)) == (
        "Too many attempts. Try again in 1 second."
    )
    assert sentence(Reason(Code.TOO_MANY_ATTEMPTS, count=2)) == (
        "Too many attempts. Try again in 2 seconds."
    )
