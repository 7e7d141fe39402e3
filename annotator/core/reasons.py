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
    KEY_LENGTH = "key_length"

    # Reviews and reports.
    REJECT_REASON_LENGTH = "reject_reason_length"
    VERDICT_GIVEN = "verdict_given"
    NO_VERDICT = "no_verdict"
    NOT_OF_THIS_REVIEW = "not_of_this_review"
    NOT_COMPARED = "not_compared"

    # Answers, question by question.
    ANSWERS_NOT_AN_OBJECT = "answers_not_an_object"
    NO_SUCH_QUESTION = "no_such_question"
    NOT_ANSWERED = "not_answered"
    ANSWER_NOT_AN_OBJECT = "answer_not_an_object"
    ANSWER_UNKNOWN_KEY = "answer_unknown_key"
    ANSWER_KEY_MISSING = "answer_key_missing"
    ANSWER_NOT_BY_LETTER = "answer_not_by_letter"
    ANSWER_NO_SUCH_IMAGE = "answer_no_such_image"
    ANSWER_IMAGE_MISSING = "answer_image_missing"
    ANSWER_NOT_A_LIST = "answer_not_a_list"
    ANSWER_TWICE = "answer_twice"
    ANSWER_NOT_WHOLE = "answer_not_whole"
    ANSWER_OUT_OF_RANGE = "answer_out_of_range"
    ANSWER_NOT_A_NUMBER = "answer_not_a_number"
    ANSWER_NOT_A_FRACTION = "answer_not_a_fraction"
    ANSWER_NOT_OFFERED = "answer_not_offered"
    ANSWER_NOT_TWO_IMAGES = "answer_not_two_images"
    ANSWER_EMPTY_TIER = "answer_empty_tier"
    ANSWER_RANKED_TWICE = "answer_ranked_twice"
    ANSWER_NOT_RANKED = "answer_not_ranked"
    ANSWER_TOO_MANY_MARKS = "answer_too_many_marks"
    ANSWER_NOT_A_POINT = "answer_not_a_point"
    ANSWER_NO_WORDS = "answer_no_words"
    ANSWER_ABOUT_ONE_IMAGE = "answer_about_one_image"
    ANSWER_OF_ANOTHER_IMAGE = "answer_of_another_image"
    ANSWER_NOT_TEXT = "answer_not_text"
    ANSWER_TOO_LONG = "answer_too_long"
    ANSWER_NO_CHARACTER = "answer_no_character"
    ANSWER_EMPTY = "answer_empty"

    # Numbers of people and metrics.
    FEW_GENERATORS = "few_generators"
    FEW_SETTLED_ITEMS = "few_settled_items"
    METRIC_RANKS_HIGHER = "metric_ranks_higher"
    METRIC_RANKS_LOWER = "metric_ranks_lower"
    NO_ANSWERS_TO_QUESTION = "no_answers_to_question"
    NO_CURSOR = "no_cursor"
    NO_JUDGED_VALUES = "no_judged_values"
    NO_NUMBERS_ASKED = "no_numbers_asked"
    NO_VALUES_YET = "no_values_yet"
    NO_VALUES_OF_METRIC = "no_values_of_metric"
    NO_VALUES_OF_METRIC_YET = "no_values_of_metric_yet"
    NOTHING_SETTLED = "nothing_settled"
    PAIRS_ACROSS_PROMPTS = "pairs_across_prompts"
    PAIRS_DRAWN = "pairs_drawn"
    PEOPLE_PREFER_ANOTHER = "people_prefer_another"
    UNKNOWN_DIMENSION = "unknown_dimension"
    UNKNOWN_METRIC = "unknown_metric"
    VALUES_NEGATED = "values_negated"


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
