"""Why something is refused, undefined, missing or warned of: a code with values, never a sentence.

The sentences stand once a language in ``annotator/i18n``, for the command line and the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | tuple[str, ...]


class Code(StrEnum):
    """The reasons that arithmetic gives."""

    # Of agreement and rankings.
    FEW_SHARED = "few_shared"
    NO_IMAGE_MARKED_TWICE = "no_image_marked_twice"
    NO_SECOND_ANSWER = "no_second_answer"
    NO_VARIATION = "no_variation"
    EVERY_COMPARISON_TIED = "every_comparison_tied"
    NEVER_COMPARED = "never_compared"
    NEVER_LOST = "never_lost"
    ONE_IMAGE_MARKED = "one_image_marked"
    ONE_SIDE_ALWAYS = "one_side_always"
    SIDES_NOT_VARIED = "sides_not_varied"
    TOO_FEW_PROMPTS = "too_few_prompts"

    # Of one annotator's numbers: why there is none.
    FEW_QUESTIONS = "few_questions"
    NO_CHOICES = "no_choices"
    NO_RATINGS = "no_ratings"
    NO_REPEATS = "no_repeats"
    NO_SIDES = "no_sides"
    NO_TIMES = "no_times"
    NO_TRIPLES = "no_triples"
    NO_VERDICTS = "no_verdicts"

    # What stands out of one annotator's answers.
    ALWAYS_LEFT = "always_left"
    ALWAYS_RIGHT = "always_right"
    ANSWERS_LIKE = "answers_like"
    COPIES_OF = "copies_of"
    DISAGREES_OFTEN = "disagrees_often"
    GOES_IN_CIRCLES = "goes_in_circles"
    LEANS_LEFT = "leans_left"
    LEANS_RIGHT = "leans_right"
    LOOKS_RANDOM = "looks_random"
    ONE_IMPRESSION = "one_impression"
    REJECTED_OFTEN = "rejected_often"
    SAME_ANSWER = "same_answer"
    STRAIGHT_LINES = "straight_lines"
    TIRES = "tires"
    TOO_FAST = "too_fast"

    # Of correlations, accuracies and people's own reliability.
    CONSTANT_SIDE = "constant_side"
    FEWER_THAN_TWO_POINTS = "fewer_than_two_points"
    NO_PAIRS = "no_pairs"
    NO_PROMPT_VARIES = "no_prompt_varies"
    NOBODY_TWICE = "nobody_twice"
    ONE_ANSWER_OF_ALL = "one_answer_of_all"
    ONE_MEAN_OF_ALL = "one_mean_of_all"
    ONLY_ROUNDING = "only_rounding"
    TOO_FEW_POINTS = "too_few_points"

    # Of whether a metric may stand in for a person.
    FEW_PEOPLE_TO_STAND_IN_FOR = "few_people_to_stand_in_for"
    METRIC_SAYS_ONE_THING = "metric_says_one_thing"

    # Of reward heads.
    HEAD_NEEDS_PROMPTS = "head_needs_prompts"

    # Of means.
    NO_VALUE = "no_value"
    ONE_PROMPT = "one_prompt"
    ONE_VALUE = "one_value"

    # Of one image's measurement.
    EDIT_SIZES_DIFFER = "edit_sizes_differ"
    IDENTICAL_IMAGES = "identical_images"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_UNREADABLE = "image_unreadable"
    METRIC_FAILED = "metric_failed"
    NO_MASK = "no_mask"
    NO_PROMPT = "no_prompt"
    NO_REFERENCE_IMAGE = "no_reference_image"
    NO_SOURCE_IMAGE = "no_source_image"
    NOT_FINITE = "not_finite"
    NOT_OF_ONE_IMAGE = "not_of_one_image"
    NOTHING_IN_MASK = "nothing_in_mask"
    NOTHING_OUTSIDE_MASK = "nothing_outside_mask"
    PROMPT_CUT = "prompt_cut"
    PROMPT_IRRELEVANT = "prompt_irrelevant"
    SIZES_DIFFER = "sizes_differ"
    THRESHOLD_UNUSUAL = "threshold_unusual"

    # Of the measurement of sets.
    DIMENSIONS_DIFFER = "dimensions_differ"
    FEW_IMAGES_A_SPLIT = "few_images_a_split"
    FEWER_IMAGES_THAN_SPLITS = "fewer_images_than_splits"
    FEW_IMAGES_FOR_SCORE = "few_images_for_score"
    IMAGES_NEEDED = "images_needed"
    NETWORKS_DIFFER = "networks_differ"
    NO_CLASS_LOGITS = "no_class_logits"
    NO_REFERENCE_SET = "no_reference_set"
    ONLY_FRECHET_DISTANCE = "only_frechet_distance"
    REFERENCE_WITHOUT_IMAGES = "reference_without_images"
    RESIZINGS_DIFFER = "resizings_differ"
    SINGULAR_COVARIANCE = "singular_covariance"
    SMALL_SUBSETS = "small_subsets"
    TWO_IMAGES_NEEDED = "two_images_needed"

    # Of a file of statistics (mu, sigma).
    STATISTICS_ENTRY_NO_ARRAY = "statistics_entry_no_array"
    STATISTICS_ENTRY_NO_TEXT = "statistics_entry_no_text"
    STATISTICS_ENTRY_NOT_FLOATING = "statistics_entry_not_floating"
    STATISTICS_ENTRY_TOO_LARGE = "statistics_entry_too_large"
    STATISTICS_ENTRY_UNREADABLE = "statistics_entry_unreadable"
    STATISTICS_INCOMPLETE = "statistics_incomplete"
    STATISTICS_MU_SHAPE = "statistics_mu_shape"
    STATISTICS_N_NO_COUNT = "statistics_n_no_count"
    STATISTICS_NEGATIVE_VARIANCE = "statistics_negative_variance"
    STATISTICS_NOT_FINITE = "statistics_not_finite"
    STATISTICS_NOT_NPZ = "statistics_not_npz"
    STATISTICS_NOT_SYMMETRIC = "statistics_not_symmetric"
    STATISTICS_SIGMA_SHAPE = "statistics_sigma_shape"
    STATISTICS_SINGLE_ARRAY = "statistics_single_array"

    # Of weights and of the machine that measures.
    TORCH_MISSING = "torch_missing"
    VOCABULARY_INCOMPLETE = "vocabulary_incomplete"
    VOCABULARY_UNREADABLE = "vocabulary_unreadable"
    WEIGHTS_CHANGED = "weights_changed"
    WEIGHTS_CONVERT = "weights_convert"
    WEIGHTS_FETCH = "weights_fetch"
    WEIGHTS_IN_PACKAGE = "weights_in_package"
    WEIGHTS_HASH_DIFFERS = "weights_hash_differs"
    WEIGHTS_HASH_PREFIX_DIFFERS = "weights_hash_prefix_differs"
    WEIGHTS_MISSING = "weights_missing"
    WEIGHTS_OF_ANOTHER_NETWORK = "weights_of_another_network"
    WEIGHTS_REPLACE = "weights_replace"
    WEIGHTS_SIZE_DIFFERS = "weights_size_differs"
    WEIGHTS_UNREADABLE = "weights_unreadable"


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """``Reason(Code.NO_PROMPT)``: a code, and the values by name that its sentence takes."""

    code: StrEnum
    params: Mapping[str, Value]

    def __init__(self, code: StrEnum, /, **params: Value) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.params.items()))))

    def __str__(self) -> str:
        """For logs of programs that have no catalog: ``image_too_small (least=11, size=8×8)``."""
        values = ", ".join(f"{name}={value}" for name, value in sorted(self.params.items()))
        return f"{self.code} ({values})" if values else str(self.code)


class Refusal(Exception):
    """Something can't be done; ``reasons`` say why, and what to do about it."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)
