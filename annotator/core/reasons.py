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
