"""What a dialect makes of a body, and what all of them need for that."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from scoring.reasons import Reason
from scoring.service.refusals import Code, Refused
from scoring.service.rewards import Reward, Value, Values

Kind = TypeVar("Kind")
Listed = Mapping[str, Reward]


@dataclass(frozen=True, slots=True)
class Asked:
    """One image, as bytes or why there are none; an empty ``prompt`` is none."""

    image: bytes | Reason
    prompt: str
    rewards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """``answer`` makes what is sent back of the images' values, in their order."""

    asked: Sequence[Asked]
    answer: Callable[[Sequence[Values]], object]


def json_object(body: bytes) -> Mapping[str, Any]:
    """Raises Refused for what is no JSON object."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(Code.BODY_UNREADABLE, error=str(error)[:200]) from error
    return checked(told, dict, "body")


def checked(value: Any, kind: type[Kind], field: str) -> Kind:
    """The value, if it is of this kind. Raises Refused, which names the field."""
    if not isinstance(value, kind):
        raise Refused(Code.SHAPE_WRONG, field=field)
    return value


def texts(values: Any, count: int, field: str) -> list[str]:
    """So many texts, empty ones where none were sent. Raises Refused for another number."""
    if values is None:
        return [""] * count
    if len(checked(values, list, field)) != count:
        raise Refused(Code.SHAPE_WRONG, field=field)
    return [checked(value, str, field) for value in values]


def chosen(names: Iterable[str], listed: Listed) -> tuple[str, ...]:
    """These rewards; the only one where none is named. Raises Refused."""
    found = tuple(dict.fromkeys(names)) or tuple(listed)
    for name in found:
        if name not in listed:
            raise Refused(Code.REWARD_UNKNOWN, name=name[:200], known=tuple(listed))
    return found


def only(name: str, listed: Listed) -> str:
    """The one reward that a dialect of plain numbers can answer with. Raises Refused."""
    if not name and len(listed) != 1:
        raise Refused(Code.REWARD_NOT_NAMED, known=tuple(listed))
    (found,) = chosen([name] if name else [], listed)
    return found


def from_base64(text: Any) -> bytes | Reason:
    """The bytes of an image that is written so."""
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return Reason(Code.IMAGE_NOT_BASE64)


def told_reason(reason: Reason) -> dict[str, object]:
    return {"code": str(reason.code), "params": dict(reason.params)}


def told_value(value: Value) -> dict[str, object]:
    return {
        "value": value.value,
        "standard_error": value.standard_error,
        "reasons": [told_reason(reason) for reason in value.reasons],
    }


def told_rewards(names: Iterable[str], listed: Listed) -> dict[str, dict[str, object]]:
    """What the named rewards are made with."""
    return {
        name: {"version": listed[name].version, "weights_sha256": listed[name].weights_sha256}
        for name in names
    }


def why(value: Value) -> str:
    """For dialects that have room for one text."""
    return "; ".join(str(reason) for reason in value.reasons)
