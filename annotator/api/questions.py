"""Questions of a custom project, as they are sent in."""

from typing import Any

from rest_framework import serializers

from annotator.api.schema import StrictSerializer
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions.kinds import KINDS


class KindField(serializers.ChoiceField):
    """The name of a question's kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(KINDS), **options)


class NewScaleSerializer(StrictSerializer):
    """Both ends of a rating; higher is better."""

    min = serializers.IntegerField()
    max = serializers.IntegerField()


class NewOptionSerializer(StrictSerializer):
    """A flag or a class; of a rating the words at the point that is its id."""

    id = serializers.CharField(max_length=50)
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    title_zh = serializers.CharField(max_length=200, allow_blank=True, default="")
    parent = serializers.CharField(  # type: ignore[assignment]
        max_length=50,
        allow_blank=True,
        default="",
        help_text="The id of an option above it in the list, of which it is a kind.",
    )


class NewQuestionSerializer(StrictSerializer):
    """A custom project's question; its place in the list is its position."""

    id = serializers.CharField(max_length=50)
    type = KindField()
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    help = serializers.CharField(max_length=5000, allow_blank=True, default="")
    title_zh = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="In Simplified Chinese."
    )
    help_zh = serializers.CharField(max_length=5000, allow_blank=True, default="")
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    position = serializers.IntegerField(required=False, help_text="Ignored: the list's order is.")
    since = serializers.IntegerField(required=False, help_text="Ignored: a version has a number.")
    until = serializers.IntegerField(required=False, allow_null=True, help_text="Ignored.")
    scale = NewScaleSerializer(allow_null=True, default=None)
    half_points = serializers.BooleanField(
        default=False, help_text="A rating may lie between two points."
    )
    na = serializers.BooleanField(
        default=False, help_text="A rating may be null: the question does not apply to the image."
    )
    unsure = serializers.BooleanField(
        default=False, help_text="Of a word it may be said that one is not sure."
    )
    spans = serializers.BooleanField(
        default=False, help_text="Words are told as spans of neighbours."
    )
    links = serializers.BooleanField(
        default=False, help_text="A word may be tied to marks that another question asks for."
    )
    options = NewOptionSerializer(many=True, default=list)
    about = serializers.CharField(max_length=50, allow_null=True, allow_blank=True, default=None)


def draft_of(sent: dict[str, Any]) -> QuestionDraft:
    """A validated NewQuestionSerializer's value as the room takes it."""
    scale = sent["scale"] or {"min": None, "max": None}
    return QuestionDraft(
        key=sent["id"],
        kind=KINDS[sent["type"]],
        title=sent["title"],
        help=sent["help"],
        title_zh=sent["title_zh"],
        help_zh=sent["help_zh"],
        required=sent["required"],
        scale_min=scale["min"],
        scale_max=scale["max"],
        half_points=sent["half_points"],
        na=sent["na"],
        unsure=sent["unsure"],
        spans=sent["spans"],
        links=sent["links"],
        about=sent["about"] or "",
        options=tuple(
            OptionDraft(option["id"], option["title"], option["title_zh"], option["parent"])
            for option in sent["options"]
        ),
    )
