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

    # What a format or an export needs and does not find.
    NO_COMPARISON = "no_comparison"
    NO_PREFERENCE = "no_preference"
    NO_MARKS = "no_marks"
    NO_NUMBERS = "no_numbers"
    NO_QUESTIONS = "no_questions"
    QUESTIONS_LACKING = "questions_lacking"
    NONE_SETTLED = "none_settled"
    NOTHING_TO_EXPORT = "nothing_to_export"
    IMAGE_LOST = "image_lost"
    IMAGE_CHANGED = "image_changed"
    NO_FREE_SPACE = "no_free_space"
    FOLDER_NOT_EMPTY = "folder_not_empty"

    # An export's options.
    NO_SUCH_FORMAT = "no_such_format"
    NO_SUCH_OPTION = "no_such_option"
    OPTIONS_INVALID = "options_invalid"
    OPTION_WITHOUT_VALUE = "option_without_value"
    NOT_A_NUMBER_BETWEEN = "not_a_number_between"
    NOT_A_WHOLE_NUMBER_BETWEEN = "not_a_whole_number_between"
    NOT_A_CHOICE = "not_a_choice"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_A_SPLIT = "not_a_split"
    NOT_A_LIST_OF_BATCHES = "not_a_list_of_batches"

    # What is to be known of an export.
    RELIABILITY_FROM_VOTES_ALONE = "reliability_from_votes_alone"
    FEW_ITEMS_A_PERSON = "few_items_a_person"
    PEOPLE_WEIGHED_LATER = "people_weighed_later"
    EXPORT_UNDER_WAY = "export_under_way"
    EXPORT_NOT_DONE = "export_not_done"
    EXPORT_FAILED = "export_failed"
    EXPORT_CANCELLED = "export_cancelled"
    EXPORT_EXPIRED = "export_expired"


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
