"""UniRL's reward service: ``POST /score``.

``{"requests": [{"history": [{"text", "image_b64"}], "required_rewards": [name], "metadata"}]}`` →
``{"results": [{name: {"value": number}}], "errors": [{name: text}]}``. The last turn is what is
scored; those before it are what an edit started from. Its client refuses what is no finite number
among a reward's values, so nothing else stands there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.reasons import Reason
from scoring.service.dialects.reading import (
    Asked,
    Listed,
    Reading,
    checked,
    chosen,
    from_base64,
    json_object,
    told_rewards,
    why,
)
from scoring.service.refusals import Code, Refused
from scoring.service.rewards import Values


def read(body: bytes, _name: str, listed: Listed) -> Reading:
    requests = checked(json_object(body).get("requests"), list, "requests")
    asked = [_asked(checked(one, dict, "requests"), listed) for one in requests]

    def answer(found: Sequence[Values]) -> object:
        names = dict.fromkeys(name for one in asked for name in one.rewards)
        return {
            "results": [
                {name: {"value": one.value} for name, one in row.items() if one.value is not None}
                for row in found
            ],
            "errors": [
                {name: why(one) for name, one in row.items() if one.value is None} for row in found
            ],
            "standard_errors": [
                {name: one.standard_error for name, one in row.items()} for row in found
            ],
            "rewards": told_rewards(names, listed),
        }

    return Reading(asked, answer)


def _asked(request: Mapping[str, Any], listed: Listed) -> Asked:
    given = checked(request.get("required_rewards"), list, "required_rewards")
    if not given:
        raise Refused(Code.REWARD_NOT_NAMED, known=tuple(listed))
    names = chosen((checked(name, str, "required_rewards") for name in given), listed)
    history = checked(request.get("history"), list, "history")
    turn = checked(history[-1] if history else None, dict, "history")
    image = turn.get("image_b64")
    data = Reason(Code.NO_IMAGE) if image is None else from_base64(image)
    return Asked(data, checked(turn.get("text"), str, "text"), names)
