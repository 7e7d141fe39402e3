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
    TOO_MANY_DOWNLOADS = "too_many_downloads"

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
    ACCOUNT_CLOSED = "account_closed"
    IDENTITY_OF_ANOTHER = "identity_of_another"
    CODE_REQUESTED = "code_requested"
    WRONG_CODE = "wrong_code"
    SECOND_FACTOR_DUE = "second_factor_due"
    SECOND_FACTOR_IS_YOURS = "second_factor_is_yours"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_UNREADABLE = "second_factor_unreadable"
    SECOND_FACTOR_WITHOUT_PASSWORD = "second_factor_without_password"
    SIGN_IN_NEEDED = "sign_in_needed"
    NO_ACCOUNT_HERE = "no_account_here"
    NO_GROUP = "no_group"
    NO_PROVIDER = "no_provider"
    PASSWORDS_OFF = "passwords_off"
    PROVIDER_AWAY = "provider_away"
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_UNTRUSTED = "provider_untrusted"
    SIGN_IN_EXPIRED = "sign_in_expired"
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

    # Whether the site can do its work.
    DATABASE_AWAY = "database_away"
    DATABASE_WORKS = "database_works"
    DATABASE_TAKES_NO_WRITES = "database_takes_no_writes"
    BROKER_WORKS = "broker_works"
    BROKER_SILENT = "broker_silent"
    BEAT_NEVER_RAN = "beat_never_ran"
    BEAT_SILENT = "beat_silent"
    BEAT_HEARD = "beat_heard"
    WORKER_UNKNOWN = "worker_unknown"
    WORKER_NEVER_RAN = "worker_never_ran"
    WORKER_SILENT = "worker_silent"
    WORKER_HEARD = "worker_heard"
    STORAGE_WORKS = "storage_works"
    STORAGE_TAKES_NO_FILES = "storage_takes_no_files"
    BUCKET_AWAY = "bucket_away"
    SHARED_BY_BUCKET = "shared_by_bucket"
    KEPT_IN_FOLDERS = "kept_in_folders"
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
    USERNAME_LOOKS_TAKEN = "username_looks_taken"
    USERNAME_MIXES_SCRIPTS = "username_mixes_scripts"
    NO_SUCH_ACCOUNT = "no_such_account"
    ACCOUNT_IS_YOURS = "account_is_yours"
    MAY_NOT_CLOSE_ACCOUNTS = "may_not_close_accounts"
    PASSWORD_TOO_SIMILAR = "password_too_similar"
    PASSWORD_TOO_SHORT = "password_too_short"
    PASSWORD_TOO_COMMON = "password_too_common"
    TOO_MANY_TOKENS = "too_many_tokens"
    TOKEN_NEEDS_SIGN_IN = "token_needs_sign_in"
    MAY_NOT_CREATE_PROJECTS = "may_not_create_projects"
    MEMBER_ALREADY = "member_already"
    LAST_MANAGER = "last_manager"
    INVITATION_USED = "invitation_used"
    NOT_AN_ANNOTATOR = "not_an_annotator"

    # Uploads: announcing and sending one.
    UPLOAD_KIND = "upload_kind"
    UPLOAD_TOO_LARGE = "upload_too_large"
    TOO_MANY_UPLOADS = "too_many_uploads"
    DISK_TOO_FULL = "disk_too_full"
    CHUNK_EMPTY = "chunk_empty"
    CHUNK_LOST = "chunk_lost"
    CHUNK_TOO_LARGE = "chunk_too_large"
    CHUNK_BEYOND_END = "chunk_beyond_end"
    CHUNK_NOT_STORED = "chunk_not_stored"
    UPLOAD_NOT_FINISHED = "upload_not_finished"
    UPLOAD_GONE = "upload_gone"
    UPLOAD_ELSEWHERE = "upload_elsewhere"
    WORKER_DISK_TOO_FULL = "worker_disk_too_full"
    INTERRUPTED = "interrupted"
    PAIRS_UNREADABLE = "pairs_unreadable"
    PAIRS_DO_NOT_FIT = "pairs_do_not_fit"

    # Uploads: what of one can't be taken, as a whole.
    PATH_MISSING = "path_missing"
    PATH_OF_NO_KIND = "path_of_no_kind"
    ZIP_UNREADABLE = "zip_unreadable"
    ZIP_TOO_LARGE = "zip_too_large"
    ZIP_GROWS = "zip_grows"
    ZIP_TOO_MANY_ENTRIES = "zip_too_many_entries"
    ZIP_OVERLAPS = "zip_overlaps"
    ZIP_OVERLAPS_DIRECTORY = "zip_overlaps_directory"
    SEVERAL_MANIFESTS = "several_manifests"
    UPLOAD_NO_IMAGES = "upload_no_images"
    UPLOAD_NEEDS_MANIFEST = "upload_needs_manifest"
    UPLOAD_SINGLE_IMAGES = "upload_single_images"
    UPLOAD_SINGLE_IMAGES_PAIRS = "upload_single_images_pairs"
    NOTHING_TAKEN = "nothing_taken"
    MANIFEST_NO_ROWS = "manifest_no_rows"
    MANIFEST_TOO_LARGE = "manifest_too_large"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    MANIFEST_COMPRESSED = "manifest_compressed"
    MANIFEST_UTF16 = "manifest_utf16"
    MANIFEST_TOO_MANY_ROWS = "manifest_too_many_rows"
    MANIFEST_LINE_TOO_LONG = "manifest_line_too_long"
    MANIFEST_HEADER_UNREADABLE = "manifest_header_unreadable"
    MANIFEST_TOO_MANY_COLUMNS = "manifest_too_many_columns"
    MANIFEST_COLUMN_TWICE = "manifest_column_twice"
    MANIFEST_NO_FILE_COLUMN = "manifest_no_file_column"
    MANIFEST_NO_IMAGES_COLUMN = "manifest_no_images_column"
    MANIFEST_NOT_PARQUET = "manifest_not_parquet"

    # Uploads: a row that can't be taken.
    LINE_TOO_LONG = "line_too_long"
    LINE_NOT_UTF8 = "line_not_utf8"
    LINE_NOT_JSON = "line_not_json"
    LINE_TOO_DEEP = "line_too_deep"
    LINE_UNREADABLE = "line_unreadable"
    LINE_KEY_TWICE = "line_key_twice"
    LINE_CONSTANT = "line_constant"
    LINE_NOT_AN_OBJECT = "line_not_an_object"
    LINE_NOT_CSV = "line_not_csv"
    LINE_COLUMNS = "line_columns"
    ROW_ITEM_AND_IMAGE = "row_item_and_image"
    ROW_WITHOUT_IMAGES = "row_without_images"
    ROW_WITHOUT_PROMPT = "row_without_prompt"
    ROW_IMAGE_COUNT = "row_image_count"
    ROW_IMAGE_TWICE = "row_image_twice"
    IMAGES_NOT_A_LIST = "images_not_a_list"
    IMAGE_NOT_AN_OBJECT = "image_not_an_object"
    IMAGE_WITHOUT_FILE = "image_without_file"
    VALUE_NOT_TEXT = "value_not_text"
    VALUE_NOT_UTF8 = "value_not_utf8"
    VALUE_TOO_LONG = "value_too_long"
    VALUE_CONTROL_CHARACTERS = "value_control_characters"
    ID_TAKEN = "id_taken"
    IMAGE_NAMED_BEFORE = "image_named_before"
    OTHER_GENERATOR_BEFORE = "other_generator_before"
    OTHER_REFERENCE_BEFORE = "other_reference_before"
    ITEM_AMONG_SINGLE_IMAGES = "item_among_single_images"
    ONLY_IMAGE_OF_PROMPT = "only_image_of_prompt"
    TOO_MANY_PAIRS = "too_many_pairs"
    FILES_NOT_NAMED = "files_not_named"
    FILES_NOT_NAMED_AND_MORE = "files_not_named_and_more"

    # Uploads: a file that can't be taken.
    NAME_CONTROL_CHARACTERS = "name_control_characters"
    NAME_TURNS = "name_turns"
    NAME_IS_ADDRESS = "name_is_address"
    NAME_IS_ABSOLUTE = "name_is_absolute"
    NAME_HAS_BACKSLASH = "name_has_backslash"
    NAME_LEADS_OUT = "name_leads_out"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    FILE_MISSING = "file_missing"
    FILE_MISSING_HERE = "file_missing_here"
    ONLY_MANIFEST_SENT = "only_manifest_sent"
    FILE_UNREADABLE = "file_unreadable"
    FILE_BROKEN = "file_broken"
    FILE_PACKING = "file_packing"
    FILE_TWICE = "file_twice"
    FILE_HAS_TWIN = "file_has_twin"
    FILE_IS_LINK = "file_is_link"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_IS_ARCHIVE = "file_is_archive"
    FILE_UNPACKS_TOO_FAR = "file_unpacks_too_far"
    FILE_TOO_LARGE = "file_too_large"
    IMAGE_EMPTY = "image_empty"
    IMAGE_TOO_WIDE = "image_too_wide"
    IMAGE_TOO_HIGH = "image_too_high"
    IMAGE_TOO_MANY_PIXELS = "image_too_many_pixels"
    IMAGE_MOVES = "image_moves"
    IMAGE_NEEDS_MEMORY = "image_needs_memory"
    IMAGE_OF_OTHER_TYPE = "image_of_other_type"
    IMAGE_NO_IMAGE = "image_no_image"
    IMAGE_HEAD_BROKEN = "image_head_broken"
    IMAGE_TRUNCATED = "image_truncated"
    IMAGE_BROKEN = "image_broken"
    IMAGE_TOO_SLOW = "image_too_slow"
    IMAGE_CRASHES = "image_crashes"

    # Projects.
    NO_SUCH_PROJECT = "no_such_project"
    SEVERAL_PROJECTS = "several_projects"
    PROJECT_SETTINGS_FIXED = "project_settings_fixed"
    FIXED = "fixed"
    NOT_A_SHARE = "not_a_share"
    TEMPLATE_QUESTIONS_FIXED = "template_questions_fixed"
    QUESTION_COUNT = "question_count"
    OPTION_COUNT = "option_count"
    KEY_UNFIT = "key_unfit"
    KEY_TWICE = "key_twice"
    KIND_WITHOUT_SCALE = "kind_without_scale"
    KIND_NEEDS_SCALE = "kind_needs_scale"
    SCALE_UNFIT = "scale_unfit"
    KIND_WITHOUT_OPTIONS = "kind_without_options"
    KIND_NOT_ABOUT_A_PICK = "kind_not_about_a_pick"
    NO_PICK_BEFORE = "no_pick_before"

    # What a format or an export needs and does not find.
    NO_COMPARISON = "no_comparison"
    NO_PREFERENCE = "no_preference"
    NO_MARKS = "no_marks"
    NO_NUMBERS = "no_numbers"
    NO_QUESTIONS = "no_questions"
    QUESTIONS_MISSING = "questions_missing"
    NONE_SETTLED = "none_settled"
    NOTHING_TO_EXPORT = "nothing_to_export"
    IMAGE_LOST = "image_lost"
    IMAGE_CHANGED = "image_changed"
    NO_FREE_SPACE = "no_free_space"
    DISK_REFUSED = "disk_refused"
    FOLDER_NOT_EMPTY = "folder_not_empty"

    # An export's options.
    NO_SUCH_FORMAT = "no_such_format"
    NO_SUCH_OPTION = "no_such_option"
    OPTIONS_INVALID = "options_invalid"
    OPTION_WITHOUT_VALUE = "option_without_value"
    WHOLE_NUMBER_RANGE = "whole_number_range"
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
    EXPORT_ELSEWHERE = "export_elsewhere"


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
