"""Known answers from named sources: golden/*.json holds {desc, input, expected, source}."""

import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

_FOLDER = Path(__file__).parent / "golden"


def golden(name: str) -> list[ParameterSet]:
    """The entries of one file as parameters (input, expected), named by their desc."""
    entries: list[dict[str, Any]] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    assert all(entry["source"] for entry in entries)
    return [pytest.param(e["input"], e["expected"], id=e["desc"]) for e in entries]
