"""flow_grpo's reward server and verl-omni's HTTP scorer: ``POST`` with a pickle as its body.

``{"images": [bytes], "prompts": [text]}`` → ``{"outputs": [number]}`` as the one reads it,
``{"scores": [number]}`` as the other, ``{"error": text}`` where nothing could be scored. What else
the body says (``metadata``, ``meta_datas``) is read past.
"""

from collections.abc import Sequence

from scoring.service.dialects.reading import (
    Asked,
    Listed,
    Reading,
    checked,
    only,
    texts,
    told_rewards,
    why,
)
from scoring.service.pickles import plain
from scoring.service.rewards import Values


def read(body: bytes, name: str, listed: Listed) -> Reading:
    reward = only(name, listed)
    told = checked(plain(body), dict, "body")
    images = checked(told.get("images"), list, "images")
    prompts = texts(told.get("prompts"), len(images), "prompts")

    def answer(found: Sequence[Values]) -> object:
        values = [row[reward] for row in found]
        if values and all(value.value is None for value in values):
            return {"error": why(values[0])}
        numbers = [value.value for value in values]
        return {
            "outputs": numbers,
            "scores": numbers,
            "standard_errors": [value.standard_error for value in values],
            "errors": {at: why(one) for at, one in enumerate(values) if one.value is None},
            "reward": told_rewards([reward], listed),
        }

    asked = [
        Asked(checked(image, bytes, "images"), prompt, (reward,))
        for image, prompt in zip(images, prompts, strict=True)
    ]
    return Reading(asked, answer)
