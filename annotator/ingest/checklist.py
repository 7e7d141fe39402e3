"""The checklist that comes with an item: rows that are answered yes or no, some after others.

A list of `{"id", "text", "kind"?, "depends_on"?}`, in a cell of a table as JSON; a row may depend
on one above it, or on several, so that nothing ever depends on itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import shown
from annotator.ingest.values import UnfitValue, check_utf8, text
from annotator.questions.types import ChecklistRow

NAME = "checklist"
MOST_ROWS = 40
LONGEST_TEXT = 500
LONGEST_KIND = 40
# A finding names the row and what is said of it in one key.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")

Checklist = tuple[ChecklistRow, ...]


def checklist_of(value: object) -> Checklist:
    """The rows that a line of a manifest has; none for none. Raises UnfitValue."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        check_utf8(value, NAME)
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UnfitValue(Reason(Code.CHECKLIST_NOT_A_LIST), NAME) from error
    if not isinstance(value, list):
        raise UnfitValue(Reason(Code.CHECKLIST_NOT_A_LIST), NAME)
    if len(value) > MOST_ROWS:
        raise _unfit(Code.CHECKLIST_TOO_LONG, count=len(value), max=MOST_ROWS)
    found: list[ChecklistRow] = []
    for place, raw in enumerate(value, 1):
        found.append(_row(raw, place, [row.id for row in found]))
    return tuple(found)


def as_columns(checklist: Checklist) -> list[dict[str, Any]]:
    """The rows as they are kept with an item."""
    return [asdict(row) for row in checklist]


def _unfit(code: Code, **params: Any) -> UnfitValue:
    return UnfitValue(Reason(code, **params), NAME)


def _row(raw: object, place: int, above: Sequence[str]) -> ChecklistRow:
    if not isinstance(raw, Mapping):
        raise _unfit(Code.CHECKLIST_ROW_NOT_AN_OBJECT, place=place)
    own = _id(raw.get("id"))
    if not ID.fullmatch(own):
        raise _unfit(Code.CHECKLIST_ROW_ID, place=place, id=shown(own))
    if own in above:
        raise _unfit(Code.CHECKLIST_ROW_TWICE, id=own)
    words = text(raw.get("text"), f"{NAME}.{own}.text", LONGEST_TEXT)
    if not words:
        raise _unfit(Code.CHECKLIST_ROW_WITHOUT_TEXT, id=own)
    kind = text(raw.get("kind"), f"{NAME}.{own}.kind", LONGEST_KIND)
    gates = _depends_on(raw.get("depends_on"))
    for gate in gates:
        if gate not in above:
            raise _unfit(Code.CHECKLIST_DEPENDS_ON, id=own, on=shown(gate))
    return ChecklistRow(own, words, kind, tuple(gates))


def _id(value: object) -> str:
    """Ids may be numbers, as tables have them."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return str(value).strip()


def _depends_on(value: object) -> list[str]:
    """One id, or a list of them, each once."""
    if value is None or value == "":
        return []
    listed = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(_id(one) for one in listed))
