"""The reasons that the site gives, and how a reason is stored, sent and put into words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypedDict

from annotator.core import words
from scoring import reasons as arithmetic
from scoring.reasons import Reason

__all__ = ["Code", "Reason", "ReasonJson", "as_json", "from_json", "sentence"]


class Code(StrEnum):
    """What people and programs are told about why; arithmetic has codes of its own."""

    # Families of refusals; core/errors.py has a class for each.
    ERROR = "error"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    ROLE_REQUIRED = "role_required"
    STALE_STATE = "stale_state"
    CONFLICT = "conflict"
    OFFSET_MISMATCH = "offset_mismatch"
    KEY_REUSED = "key_reused"
    TOO_LARGE = "too_large"
    TOO_MANY_ATTEMPTS = "too_many_attempts"

    # Background jobs.
    WORKER_DIED = "worker_died"
    ATTEMPTS_FAILED = "attempts_failed"

    # Asking for measurements, and what sets are compared with.
    CURSOR_UNKNOWN = "cursor_unknown"
    IMAGES_WITHOUT_FEATURES = "images_without_features"
    METRIC_NEEDS_GENERATOR = "metric_needs_generator"
    METRIC_NEEDS_REFERENCE_SET = "metric_needs_reference_set"
    METRIC_NOT_OF_SETS = "metric_not_of_sets"
    METRIC_UNKNOWN = "metric_unknown"
    NAME_TAKEN = "name_taken"
    NETWORK_UNKNOWN = "network_unknown"
    NO_STATISTICS_YET = "no_statistics_yet"
    REFERENCE_IS_THE_PROJECTS = "reference_is_the_projects"
    REFERENCE_OF_ANOTHER_NETWORK = "reference_of_another_network"
    REFERENCE_UNKNOWN = "reference_unknown"
    REFERENCE_WITHOUT_FEATURES = "reference_without_features"
    SET_WITHOUT_FEATURES = "set_without_features"
    STATISTICS_OF_ANOTHER_NETWORK = "statistics_of_another_network"
    STATISTICS_TOO_LARGE = "statistics_too_large"
    STATISTICS_UNPACKED_TOO_LARGE = "statistics_unpacked_too_large"

    # What the door itself refuses, or can't do.
    CSRF = "csrf"
    FORBIDDEN = "forbidden"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    NOT_SIGNED_IN = "not_signed_in"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"

    # Signing in, and answers.
    WRONG_CREDENTIALS = "wrong_credentials"
    ANSWER_INVALID = "answer_invalid"
    REVISION_CLOSED = "revision_closed"


class ReasonJson(TypedDict):
    """A reason in a JSON column, a file or an answer; `message` is for whoever reads no codes."""

    code: str
    params: dict[str, Any]
    message: str


CODES: Mapping[str, StrEnum] = {code.value: code for code in (*Code, *arithmetic.Code)}


def sentence(reason: Reason, language: str = words.ENGLISH) -> str:
    """The reason as a person reads it."""
    return words.fill("reasons", reason.code, reason.params, language)


def as_json(reason: Reason) -> ReasonJson:
    """The reason as it is stored and sent."""
    params = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in reason.params.items()
    }
    return {"code": str(reason.code), "params": params, "message": sentence(reason)}


def from_json(stored: Mapping[str, Any]) -> Reason:
    """The reason again; KeyError for a code that there is not."""
    params = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in stored["params"].items()
    }
    return Reason(CODES[stored["code"]], **params)
