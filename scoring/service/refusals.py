"""Why a request, or one image of it, is not scored: codes with values, and HTTP's status."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

from scoring.reasons import Reason, Refusal, Value


class Code(StrEnum):
    """The service's own reasons; those of metrics are ``scoring.reasons.Code``."""

    # Of a whole request: nothing of it is scored.
    ADDRESS_UNKNOWN = "address_unknown"
    BODY_TOO_LARGE = "body_too_large"
    BODY_UNREADABLE = "body_unreadable"
    LENGTH_MISSING = "length_missing"
    PICKLE_REFUSED = "pickle_refused"
    REWARD_NOT_NAMED = "reward_not_named"
    REWARD_UNKNOWN = "reward_unknown"
    SHAPE_WRONG = "shape_wrong"
    TOKEN_WRONG = "token_wrong"  # noqa: S105 - a code about tokens is none
    TOO_MANY_IMAGES = "too_many_images"

    # Of one image: the others are scored.
    IMAGE_NOT_BASE64 = "image_not_base64"
    IMAGE_NOT_INLINE = "image_not_inline"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_MANY_PIXELS = "image_too_many_pixels"
    NO_IMAGE = "no_image"
    TOO_LATE = "too_late"


STATUS: Mapping[Code, HTTPStatus] = MappingProxyType({
    Code.ADDRESS_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Code.LENGTH_MISSING: HTTPStatus.LENGTH_REQUIRED,
    Code.REWARD_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.TOKEN_WRONG: HTTPStatus.UNAUTHORIZED,
    Code.TOO_LATE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TOO_MANY_IMAGES: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
})  # fmt: skip


class Refused(Refusal):
    """Nothing of a request is scored, or one image is not."""

    def __init__(self, code: Code, /, **params: Value) -> None:
        self.reason = Reason(code, **params)
        self.status = STATUS.get(code, HTTPStatus.BAD_REQUEST)
        super().__init__(self.reason)
