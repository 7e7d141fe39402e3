"""What all layouts of samples share: their names in the files, their images, their interface."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats.dsdl.language import Domain, Struct, identifiers
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.exports.store.rows import Figure
from annotator.questions.types import QuestionSpec

CHOICES = {"a": "image_a", "b": "image_b", "tie": "tie", "both_bad": "both_bad", "unsure": "unsure"}
FIXED_FIELDS = ("media", "prompt", "sample_uid", "people", "picks", "rank", "issues")

Fields = Mapping[str, Any]

GENERATED = Struct(
    "GeneratedImage",
    ("gdom",),
    {"image": "Image", "generator": "Label[dom=$gdom]", "shape": 'ImageShape[mode="wh"]'},
)
MEDIUM = "GeneratedImage[gdom=$gdom]"
UID = {"sample_uid": 'UniqueID[id_type="item"]', "prompt": "Str"}


@dataclass(frozen=True, slots=True)
class Names:
    """Our names → those in the files: classes of each domain, and fields."""

    generators: Mapping[str, str]
    questions: Mapping[str, str]
    marks: Mapping[str, str]
    flags: Mapping[str, str]
    rating_fields: Mapping[str, str]
    flag_fields: Mapping[str, str]

    @property
    def domains(self) -> dict[str, Domain]:
        """By the parameter that stands for them."""
        generators = Domain("GeneratorDom", self.generators)
        return {
            "gdom": generators,
            "cdom": generators,
            "ddom": Domain("DimensionDom", self.questions),
            "vdom": Domain("ChoiceDom", CHOICES),
            "kdom": Domain("MarkKindDom", self.marks),
            "fdom": Domain("IssueDom", self.flags),
        }


def names_of(facts: Facts) -> Names:
    """The names of a project, the same in all its shards."""
    keys = {
        kind: [question.key for question in facts.questions if question.kind == kind]
        for kind in ("marks", "rating")
    }
    flags = [
        flag_name(question, option)
        for question in facts.questions
        if question.kind == "flags"
        for option in question.options
    ]
    ratings = identifiers([f"{key}_rating" for key in keys["rating"]], FIXED_FIELDS)
    return Names(
        generators=identifiers(facts.generators),
        questions=identifiers(question.key for question in facts.questions),
        marks=identifiers(keys["marks"]),
        flags=identifiers(flags),
        rating_fields={key: ratings[f"{key}_rating"] for key in keys["rating"]},
        flag_fields=identifiers(flags, FIXED_FIELDS),
    )


def flag_name(question: QuestionSpec, option: str) -> str:
    """What a flag is called among all questions' flags; a question's only one as the question."""
    return question.key if len(question.options) == 1 else f"{question.key}.{option}"


@dataclass(frozen=True, slots=True)
class Sampling:
    """A shard and its names in the files: what turns its images and people into samples."""

    shard: Shard
    names: Names

    def medium(self, image: ExportedImage) -> Fields:
        """A GeneratedImage."""
        return {
            "image": self.shard.name_of(image),
            "generator": self.names.generators[image.generator],
            "shape": [image.width, image.height],
        }

    def head(self, item: ExportedItem) -> Fields:
        """Which item, of which prompt."""
        return {"sample_uid": item.id, "prompt": item.prompt}

    def person(self, annotation: ExportedAnnotation) -> str:
        """Whose answer."""
        return self.shard.facts.annotator(annotation.annotator_id)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: its fields, the images that it shows, and files that go with it."""

    fields: Fields
    figures: Sequence[Figure]
    files: Mapping[str, bytes] = field(default_factory=dict)


def figures_of(images: Sequence[ExportedImage]) -> list[Figure]:
    """Images by their letters."""
    return [Figure(image.letter, image) for image in images]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay out samples: when it fits, its structs (the sample's own last), its samples.

    `rule`: how several people are told apart or put together; `fields`: others worth a word.
    """

    sample: str
    fits: Callable[[Questions], bool]
    structs: Callable[[Names], Sequence[Struct]]
    samples: Callable[[Sampling, ExportedItem], Iterator[Sample]]
    rule: str
    fields: Mapping[str, str] = field(default_factory=dict)


def kinds_of(questions: Questions) -> Counter[str]:
    """How many questions there are of each kind, comments aside."""
    return Counter(question.kind for question in questions if question.kind != "comment")
