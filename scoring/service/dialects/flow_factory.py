"""Flow-Factory's reward server: ``POST /compute``.

``{"prompt": [text], "image": [base64], "video", "condition_images", "condition_videos"}`` →
``{"rewards": [number]}``. Its client takes a reply with ``error`` for a failure, and would make a
tensor of ``rewards``, where null fails loudly. Groupwise, the images are one prompt's, and an
image's reward is the share of the others that it is better than.
"""

from collections.abc import Callable, Sequence
from functools import partial

from scoring.service.dialects.reading import (
    Asked,
    Listed,
    Reading,
    checked,
    from_base64,
    json_object,
    only,
    texts,
    told_rewards,
    why,
)
from scoring.service.groups import shares_beaten
from scoring.service.refusals import Code, Refused
from scoring.service.rewards import Value, Values

Regard = Callable[[Sequence[Value]], Sequence[Value]]


def read(body: bytes, name: str, listed: Listed) -> Reading:
    """Each image by itself."""
    return _read(body, only(name, listed), listed, list)


def read_group(body: bytes, name: str, listed: Listed) -> Reading:
    """Each image among the others of the body."""
    reward = only(name, listed)
    regard = partial(shares_beaten, log_odds=listed[reward].log_odds)
    return _read(body, reward, listed, regard)


def _read(body: bytes, reward: str, listed: Listed, regard: Regard) -> Reading:
    told = json_object(body)
    if told.get("video") or told.get("condition_videos"):
        raise Refused(Code.SHAPE_WRONG, field="video")
    images = checked(told.get("image"), list, "image")
    prompts = texts(told.get("prompt"), len(images), "prompt")

    def answer(found: Sequence[Values]) -> object:
        values = regard([row[reward] for row in found])
        if values and all(value.value is None for value in values):
            return {"error": why(values[0])}
        return {
            "rewards": [value.value for value in values],
            "standard_errors": [value.standard_error for value in values],
            "errors": {str(at): why(one) for at, one in enumerate(values) if one.value is None},
            "reward": told_rewards([reward], listed),
        }

    asked = [
        Asked(from_base64(image), prompt, (reward,))
        for image, prompt in zip(images, prompts, strict=True)
    ]
    return Reading(asked, answer)
