"""JSON of our own, which says all there is.

``{"images": [base64], "prompts": [text], "rewards": [name]}`` → ``{"results": [{name: {"value",
"standard_error", "reasons"}}], "rewards": {name: {"version", "weights_sha256"}}}``. Without
``rewards`` all are given, without ``prompts`` those that need none.
"""

from collections.abc import Sequence

from scoring.service.dialects.reading import (
    Asked,
    Listed,
    Reading,
    checked,
    chosen,
    from_base64,
    json_object,
    texts,
    told_rewards,
    told_value,
)
from scoring.service.rewards import Values


def read(body: bytes, _name: str, listed: Listed) -> Reading:
    told = json_object(body)
    images = checked(told.get("images"), list, "images")
    prompts = texts(told.get("prompts"), len(images), "prompts")
    given = checked(told.get("rewards", []), list, "rewards")
    names = chosen((checked(name, str, "rewards") for name in given), listed)

    def answer(found: Sequence[Values]) -> object:
        results = [{name: told_value(value) for name, value in row.items()} for row in found]
        return {"results": results, "rewards": told_rewards(names, listed)}

    asked = [
        Asked(from_base64(image), prompt, names)
        for image, prompt in zip(images, prompts, strict=True)
    ]
    return Reading(asked, answer)
