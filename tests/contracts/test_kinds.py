"""Kinds of question are known by their own files, and where a published layout has them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from annotator.questions.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
ANNOTATOR = ROOT / "annotator"
# Published layouts hold a ranking apart from a rating; metrics are held against each in columns.
MAY_NAME_KINDS = ("questions/", "exports/", "ingest/datasets/", "reports/metrics")
# A template may be called as the kind of its one question.
TEMPLATES = ("projects/templates.py", "projects/models.py")
# These are everyday words too: a Word, a comment, the marks of a JSON answer, what an item has,
# why something was refused.
KIND_NAMES = set(KINDS) - {"words", "comment", "marks", "checklist", "reasons"}


def named_kinds() -> Iterator[str]:
    """Every place outside of those where a kind's name is written out."""
    for path in sorted(ANNOTATOR.rglob("*.py")):
        place = str(path.relative_to(ANNOTATOR))
        if place.startswith(MAY_NAME_KINDS) or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and node.value in KIND_NAMES:
                yield f"{place}:{node.lineno} {node.value}"


def test_a_kind_is_one_file() -> None:
    files = {path.stem for path in (ANNOTATOR / "questions").glob("*.py")}

    assert set(KINDS) <= files
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_no_room_knows_a_kind_by_its_name() -> None:
    found = [place for place in named_kinds() if not place.startswith(TEMPLATES)]

    assert found == []
