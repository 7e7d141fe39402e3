"""OpenAI's chat: ``POST /v1/chat/completions`` with the images as data URLs.

``model`` names the reward, the texts of the last message of a user are the prompt. The content of
the answer is the value, a line an image. With ``logprobs``, one image and a head, the first token's
``top_logprobs`` are those of Yes and No: how probably the image is preferred to one of the mean.
``rewards`` beside ``choices`` says the rest.
"""

import math
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoring.reasons import Reason
from scoring.service.dialects.reading import (
    Asked,
    Listed,
    Reading,
    checked,
    from_base64,
    json_object,
    only,
    told_rewards,
    told_value,
)
from scoring.service.refusals import Code, Refused
from scoring.service.rewards import Value, Values

INLINE = ";base64,"


def read(body: bytes, name: str, listed: Listed) -> Reading:
    told = json_object(body)
    if told.get("stream"):
        raise Refused(Code.SHAPE_WRONG, field="stream")
    reward = only(name or checked(told.get("model"), str, "model"), listed)
    parts = _parts(checked(told.get("messages"), list, "messages"))
    prompt = "\n".join(part["text"] for part in parts if isinstance(part.get("text"), str))
    images = [_image(part) for part in parts if part.get("type") == "image_url"]
    if not images:
        raise Refused(Code.NO_IMAGE)
    as_tokens = bool(told.get("logprobs")) and listed[reward].log_odds

    def answer(found: Sequence[Values]) -> object:
        values = [row[reward] for row in found]
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": "\n".join(map(_content, values))},
            "finish_reason": "stop",
            "logprobs": _logprobs(values) if as_tokens else None,
        }
        return {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": reward,
            "choices": [choice],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
            "rewards": [told_value(value) for value in values],
            "reward": told_rewards([reward], listed),
        }

    return Reading([Asked(image, prompt, (reward,)) for image in images], answer)


def _parts(messages: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Of the last message of a user."""
    for message in reversed(messages):
        if checked(message, dict, "messages").get("role") == "user":
            content = message.get("content")
            parts: Iterable[Any] = (
                [{"type": "text", "text": content}]
                if isinstance(content, str)
                else checked(content, list, "content")
            )
            return [checked(part, dict, "content") for part in parts]
    raise Refused(Code.SHAPE_WRONG, field="messages")


def _image(part: Mapping[str, Any]) -> bytes | Reason:
    url = checked(checked(part.get("image_url"), dict, "image_url").get("url"), str, "url")
    head, found, data = url.partition(INLINE)
    # Other addresses would have to be fetched, which this service does for nobody.
    if not found or not head.startswith("data:"):
        return Reason(Code.IMAGE_NOT_INLINE)
    return from_base64(data)


def _content(value: Value) -> str:
    """ "N/A" where there is none, as the field's parsers know it."""
    return "N/A" if value.value is None else repr(value.value)


def _logprobs(values: Sequence[Value]) -> dict[str, object] | None:
    if len(values) != 1 or values[0].value is None:
        return None
    value = values[0].value
    yes, no = -_softplus(-value), -_softplus(value)
    tokens = sorted((("Yes", yes), ("No", no)), key=lambda one: -one[1])
    top = [{"token": token, "logprob": log, "bytes": None} for token, log in tokens]
    return {"content": [{**top[0], "top_logprobs": top}]}


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
