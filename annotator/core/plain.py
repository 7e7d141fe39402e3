"""Dataclasses as what JSON holds: the same that the API's serializers make of them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import singledispatch
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotator.core.reasons import Reason, as_json


@singledispatch
def plain(value: Any) -> Any:
    """A dataclass, and all that is in it, as dicts, lists, texts and numbers.

    Reasons come with their English sentence, times in the site's time zone. TypeError for what
    JSON does not hold.
    """
    if value is not None and not is_dataclass(value):
        raise TypeError(f"JSON holds no {type(value).__name__}")
    return value and {field.name: plain(getattr(value, field.name)) for field in fields(value)}


@plain.register(str | bool | int | float)
def _itself(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


@plain.register
def _reason(value: Reason) -> Any:
    return as_json(value)


@plain.register(Mapping)
def _mapping(value: Mapping[Any, Any]) -> Any:
    return {str(key): plain(inner) for key, inner in value.items()}


@plain.register(list | tuple)
def _list(value: Any) -> Any:
    return [plain(inner) for inner in value]


@plain.register
def _time(value: datetime) -> Any:
    return timezone.localtime(value).isoformat().replace("+00:00", "Z")


@plain.register
def _date(value: date) -> Any:
    return value.isoformat()


@plain.register
def _uuid(value: UUID) -> Any:
    return str(value)
