"""A question before it is a row: of a template, or as a lead has written it."""

from dataclasses import dataclass

from annotator.questions.types import Kind


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One answer on offer, before it is a row."""

    key: str
    title: str = ""
    title_zh: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question before it is a row; fields as in projects.models.Question."""

    key: str
    kind: Kind
    title: str = ""
    help: str = ""
    required: bool = True
    scale_min: int | None = None
    scale_max: int | None = None
    about: str = ""
    options: tuple[OptionDraft, ...] = ()
    title_zh: str = ""
    help_zh: str = ""
    half_points: bool = False
    na: bool = False
    unsure: bool = False
    spans: bool = False
    links: bool = False
