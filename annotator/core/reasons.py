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

    # Whether the site can do its work.
    DATABASE_WORKS = "database_works"
    DATABASE_TAKES_NO_WRITES = "database_takes_no_writes"
    BROKER_WORKS = "broker_works"
    BROKER_SILENT = "broker_silent"
    WORKER_UNKNOWN = "worker_unknown"
    WORKER_NEVER_RAN = "worker_never_ran"
    WORKER_SILENT = "worker_silent"
    WORKER_HEARD = "worker_heard"
    STORAGE_WORKS = "storage_works"
    STORAGE_TAKES_NO_FILES = "storage_takes_no_files"
    SPACE_FREE = "space_free"
    SPACE_SHORT = "space_short"

    # What was sent, field by field.
    MISSING = "missing"
    EMPTY = "empty"
    NO_SUCH_FIELD = "no_such_field"
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_NUMBER = "not_a_number"
    NOT_TEXT = "not_text"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_FILE = "not_a_file"
    NOT_A_CHOICE = "not_a_choice"
    NUMBER_UNREADABLE = "number_unreadable"
    CONTROL_CHARACTERS = "control_characters"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_TOO_SHORT = "text_too_short"
    TEXT_LENGTH = "text_length"
    NUMBER_TOO_LARGE = "number_too_large"
    NUMBER_TOO_SMALL = "number_too_small"
    NUMBER_RANGE = "number_range"

    # People, keys and memberships.
    USERNAME_UNFIT = "username_unfit"
    USERNAME_TAKEN = "username_taken"
    PASSWORD_TOO_SIMILAR = "password_too_similar"
    PASSWORD_TOO_SHORT = "password_too_short"
    PASSWORD_TOO_COMMON = "password_too_common"
    TOO_MANY_TOKENS = "too_many_tokens"
    TOKEN_NEEDS_SIGN_IN = "token_needs_sign_in"
    MAY_NOT_CREATE_PROJECTS = "may_not_create_projects"
    MEMBER_ALREADY = "member_already"
    LAST_MANAGER = "last_manager"
    INVITATION_USED = "invitation_used"


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
