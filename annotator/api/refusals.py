"""What DRF finds wrong with a request, field by field → reasons under the fields' paths."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings

from annotator.core.reasons import Code, Reason

# DRF's "invalid" says something else for each kind of field.
UNREADABLE: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], Code], ...] = (
    (serializers.BooleanField, Code.NOT_A_BOOLEAN),
    (serializers.IntegerField, Code.NOT_AN_INTEGER),
    (serializers.FloatField, Code.NOT_A_NUMBER),
    (serializers.CharField, Code.NOT_TEXT),
    (serializers.BaseSerializer, Code.NOT_AN_OBJECT),
    (serializers.DictField, Code.NOT_AN_OBJECT),
    (serializers.FileField, Code.NOT_A_FILE),
)
PLAIN = {
    "required": Code.MISSING,
    "null": Code.MISSING,
    "blank": Code.EMPTY,
    "empty": Code.EMPTY,
    "not_a_list": Code.NOT_A_LIST,
    "unknown": Code.NO_SUCH_FIELD,
    "max_string_length": Code.NUMBER_UNREADABLE,
    "null_characters_not_allowed": Code.CONTROL_CHARACTERS,
    "surrogate_characters_not_allowed": Code.CONTROL_CHARACTERS,
}
LIMITS = {
    "max_length": (Code.TEXT_TOO_LONG, "max"),
    "min_length": (Code.TEXT_TOO_SHORT, "min"),
    "max_value": (Code.NUMBER_TOO_LARGE, "max"),
    "min_value": (Code.NUMBER_TOO_SMALL, "min"),
}


def reasons_of(field: Any, detail: Any, path: str = "") -> Iterator[tuple[str, Reason]]:
    """(path, reason) of each part that can't be taken: `questions.0.scale`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from reasons_of(_child(field, str(name)), inner, _join(path, name))
    elif isinstance(detail, list) and any(isinstance(one, Mapping) for one in detail):
        for place, inner in enumerate(detail):
            yield from reasons_of(_child(field, ""), inner, _join(path, place))
    else:
        yield path, reason_of(field, next(iter(detail), "") if isinstance(detail, list) else detail)


def reason_of(field: Any, detail: ErrorDetail | str) -> Reason:
    """What DRF's one message says, as a reason; `field`: where it was found, as far as known."""
    code = getattr(detail, "code", "")
    if code in PLAIN:
        return Reason(PLAIN[code])
    if code in LIMITS:
        limited, name = LIMITS[code]
        if (limit := getattr(field, code, None)) is not None:
            return Reason(limited, **{name: limit})
    if code == "invalid_choice" and isinstance(field, serializers.ChoiceField):
        return Reason(Code.NOT_A_CHOICE, choices=tuple(field.choices))
    known = (reason for kind, reason in UNREADABLE if isinstance(field, kind))
    return Reason(next(known, Code.INVALID))


def _child(field: Any, name: str) -> Any:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return field.child
    return getattr(field, "fields", {}).get(name)


def _join(path: str, name: object) -> str:
    if str(name) == api_settings.NON_FIELD_ERRORS_KEY:
        return path
    return f"{path}.{name}" if path else str(name)
